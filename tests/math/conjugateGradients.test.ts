// Conjugate gradients: against Cholesky, on systems of few and of many sizes of eigenvalues, and what they refuse.
import { describe, expect, it } from "vitest";
import { conjugateGradients } from "../../src/math/conjugateGradients.ts";
import type { DoubleMatrix } from "../../src/math/matrix.ts";
import { ridgeOf } from "../../src/math/ridge.ts";
import { indefiniteKernel, noise, positiveKernel } from "../helpers/matrices.ts";

const times =
  ({ rows: n, data }: DoubleMatrix, ridge: number) =>
  (v: Float64Array): Float64Array =>
    v.map((own, i) => v.reduce((sum, value, j) => sum + data[i * n + j]! * value, ridge * own));

describe("conjugate gradients", () => {
  it.each([
    { n: 12, features: 20, ridge: 1e-3 },
    { n: 40, features: 40, ridge: 0.1 },
    { n: 60, features: 5, ridge: 1 },
  ])("solve what Cholesky solves: $n rows, ridge $ridge", ({ n, features, ridge }) => {
    const kernel = positiveKernel(n, 4, features);
    const right = noise(n, 1, 8);
    const truth = ridgeOf(kernel, ridge).solve(right).data;
    const { x, residual } = conjugateGradients(times(kernel, ridge), right.data, { tolerance: 1e-13 });
    const size = Math.sqrt(truth.reduce((sum, value) => sum + value * value, 0));
    const error = Math.sqrt(truth.reduce((sum, value, at) => sum + (value - x[at]!) ** 2, 0));
    expect(error / size).toBeLessThan(1e-9);
    expect(residual).toBeLessThan(1e-12);
  });

  it("take as many products as there are different eigenvalues", () => {
    // Rank 5 and the identity: six eigenvalues.
    const { steps } = conjugateGradients(times(positiveKernel(60, 2, 5), 1), noise(60, 1, 3).data);
    expect(steps).toBeLessThanOrEqual(7);
  });

  it("end at 0 for 0, after the products allowed, and tell how far they came", () => {
    expect(conjugateGradients((v) => v, new Float64Array(3))).toEqual({
      x: new Float64Array(3),
      steps: 0,
      residual: 0,
    });
    const cut = conjugateGradients(times(positiveKernel(40, 1, 40), 1e-3), noise(40, 1, 3).data, { most: 3 });
    expect(cut.steps).toBe(3);
    expect(cut.residual).toBeGreaterThan(1e-6);
  });

  it("refuse what is not positive definite, and numbers that are not finite", () => {
    expect(() => conjugateGradients(times(indefiniteKernel(8, 1), 0), noise(8, 1, 1).data)).toThrow(
      "must be positive definite",
    );
    expect(() => conjugateGradients((v) => v.map(() => NaN), Float64Array.of(1, 2))).toThrow("NaN");
  });
});
