// Curves in fewer corners: what is kept, how far the rest may lie off, and how many are allowed.
import { describe, expect, it } from "vitest";
import { simplified, simplifiedTo, type Corner } from "../../src/math/polyline.ts";
import { fc, forAll } from "../helpers/property.ts";

const curves = fc
  .array(fc.tuple(fc.double({ min: 0.01, max: 3, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })), {
    minLength: 2,
    maxLength: 40,
  })
  .map((steps) => {
    let x = 0;
    return steps.map(([step, y]): Corner => [(x += step), y]);
  });

/** The curve through some corners at x, by looking for the piece. */
function at(corners: readonly Corner[], x: number): number {
  const end = Math.max(
    1,
    corners.findIndex((corner) => corner[0] >= x),
  );
  const [[x0, y0], [x1, y1]] = [corners[end - 1]!, corners[end]!];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

describe("a simplified curve", () => {
  it("has corners of the curve, its ends among them, and is within the tolerance of all others", () => {
    forAll(fc.tuple(curves, fc.double({ min: 0, max: 2, noNaN: true })), ([corners, tolerance]) => {
      const fewer = simplified(corners, tolerance);
      expect(corners).toEqual(expect.arrayContaining(fewer));
      expect([fewer[0], fewer.at(-1)]).toEqual([corners[0], corners.at(-1)]);
      for (const [x, y] of corners) expect(Math.abs(at(fewer, x) - y)).toBeLessThanOrEqual(tolerance + 1e-9);
    });
  });

  it("is two corners where it is straight, and keeps the tip of a tent", () => {
    const line = Array.from({ length: 20 }, (_, x): Corner => [x, 3 - 2 * x]);
    expect(simplified(line, 1e-9)).toEqual([
      [0, 3],
      [19, -35],
    ]);
    const tent = Array.from({ length: 21 }, (_, x): Corner => [x, 10 - Math.abs(x - 7)]);
    expect(simplified(tent, 0.01)).toEqual([
      [0, 3],
      [7, 10],
      [20, -3],
    ]);
  });

  it("has no more corners than are allowed, and the same as without a limit where that is enough", () => {
    forAll(fc.tuple(curves, fc.integer({ min: 2, max: 12 })), ([corners, most]) => {
      const all = simplified(corners, 0.1);
      const fewer = simplifiedTo(most, corners, 0.1);
      expect(fewer.length).toBeLessThanOrEqual(most);
      if (all.length <= most) expect(fewer).toEqual(all);
    });
  });
});
