// The smoothed derivative: exact for parabolas, the printed coefficients inside, and what it does to noise.
import { describe, expect, it } from "vitest";
import { rng } from "../../src/math/rng.ts";
import { derivative } from "../../src/math/savitzkyGolay.ts";

const curve = (count: number, value: (at: number) => number): number[] =>
  Array.from({ length: count }, (_, at) => value(at));

describe("the derivative", () => {
  it.each([3, 5, 9])("of a parabola is exact everywhere, window %s", (window) => {
    const slopes = derivative(
      curve(12, (at) => 3 - 2 * (at / 4) + 5 * (at / 4) ** 2),
      window,
      1 / 4,
    );
    slopes.forEach((slope, at) => expect(slope).toBeCloseTo(-2 + 10 * (at / 4), 9));
  });

  it("has the coefficients that Savitzky and Golay print: (-2, -1, 0, 1, 2) / 10 for five points", () => {
    const random = rng(5);
    const values = curve(9, () => random.normal());
    const slopes = derivative(values, 5, 1);
    for (let at = 2; at < 7; at++) {
      const wanted = (-2 * values[at - 2]! - values[at - 1]! + values[at + 1]! + 2 * values[at + 2]!) / 10;
      expect(slopes[at]).toBeCloseTo(wanted, 12);
    }
  });

  it("keeps less noise the wider the window, as 1 / sqrt(sum of x²)", () => {
    const random = rng(6);
    const values = curve(20_000, () => random.normal());
    for (const [window, squares] of [
      [5, 10],
      [21, 770],
    ] as const) {
      const slopes = derivative(values, window, 1);
      const variance = slopes.reduce((sum, slope) => sum + slope * slope, 0) / slopes.length;
      expect(variance * squares).toBeGreaterThan(0.9);
      expect(variance * squares).toBeLessThan(1.1);
    }
  });

  it("is unknown where the curve is, and only there", () => {
    const slopes = derivative(
      curve(20, (at) => (at === 10 ? NaN : at)),
      5,
      1,
    );
    expect([...slopes.keys()].filter((at) => Number.isNaN(slopes[at]!))).toEqual([8, 9, 10, 11, 12]);
  });

  it.each([2, 1, 4, 13, 2.5])("refuses a window of %s points on a curve of 12", (window) => {
    expect(() => derivative(curve(12, Number), window, 1)).toThrow(`A window of ${window} points does not fit`);
  });
});
