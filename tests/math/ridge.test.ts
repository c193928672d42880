// Kernel ridge regression: the system it solves, and what it refuses.
import { describe, expect, it } from "vitest";
import { ridgeOf } from "../../src/math/ridge.ts";
import { rng } from "../../src/math/rng.ts";

const [n, features] = [12, 5];
const draws = rng(3);
const points = Array.from({ length: n }, () => Array.from({ length: features }, () => draws.normal()));
const kernel = {
  rows: n,
  columns: n,
  data: Float64Array.from({ length: n * n }, (_, at) =>
    points[Math.floor(at / n)]!.reduce((sum, value, part) => sum + value * points[at % n]![part]!, 0),
  ),
};
const targets = { rows: n, columns: 2, data: Float64Array.from({ length: n * 2 }, () => draws.normal()) };

describe("kernel ridge regression", () => {
  it.each([1e-3, 0.7, 40])("solves (K + %s I) alpha = Y, and knows the inverse", (ridge) => {
    const made = ridgeOf(kernel, ridge);
    const alpha = made.solve(targets);
    const inverse = made.inverse();
    for (let row = 0; row < n; row++) {
      for (let output = 0; output < 2; output++) {
        let left = ridge * alpha.data[row * 2 + output]!;
        for (let k = 0; k < n; k++) left += kernel.data[row * n + k]! * alpha.data[k * 2 + output]!;
        expect(left).toBeCloseTo(targets.data[row * 2 + output]!, 9);
      }
      for (let column = 0; column < n; column++) {
        let cell = ridge * inverse.data[row * n + column]!;
        for (let k = 0; k < n; k++) cell += kernel.data[row * n + k]! * inverse.data[k * n + column]!;
        expect(cell).toBeCloseTo(row === column ? 1 : 0, 9);
      }
    }
  });

  it("refuses what is not positive definite, not symmetric or not finite", () => {
    expect(() => ridgeOf({ rows: 2, columns: 2, data: Float64Array.of(1, 2, 2, 1) }, 0.5)).toThrow(
      "The kernel of 2 examples plus a ridge of 0.5 is not positive definite; choose a larger ridge.",
    );
    expect(() => ridgeOf({ rows: 2, columns: 2, data: Float64Array.of(1, 2, 0, 1) }, 1)).toThrow("not symmetric");
    expect(() => ridgeOf({ rows: 1, columns: 1, data: Float64Array.of(NaN) }, 1)).toThrow("NaN");
  });
});
