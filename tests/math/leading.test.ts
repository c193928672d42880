// The greatest eigenvalues by Lanczos' method against the complete decomposition.
import { describe, expect, it } from "vitest";
import { eigenpairs } from "../../src/math/eigenpairs.ts";
import { leadingPairs } from "../../src/math/leading.ts";
import { gram, type DoubleMatrix } from "../../src/math/matrix.ts";
import { rng } from "../../src/math/rng.ts";
import { kernelComponents, leadingScores } from "../../src/math/spectrum.ts";

const normal = (rows: number, columns: number, seed: number): DoubleMatrix => {
  const random = rng(seed);
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => random.normal()) };
};

/** Symmetric, with eigenvalues of both signs. */
function indefinite(n: number): DoubleMatrix {
  const { data } = normal(n, n, 8);
  return { rows: n, columns: n, data: data.map((value, at) => value + data[(at % n) * n + Math.floor(at / n)]!) };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe("leadingPairs", () => {
  it.each([
    ["a Gram matrix", gram(normal(150, 300, 1)), 3],
    ["one of low rank", gram(normal(150, 4, 2)), 3],
    ["an indefinite one", indefinite(130), 2],
    ["a small one", gram(normal(20, 30, 3)), 2],
  ])("are those of the complete decomposition: %s", (_name, matrix, count) => {
    const whole = eigenpairs(matrix, count);
    const { values, vectors } = leadingPairs(matrix, count);
    expect(farthest(values, whole.values.slice(0, count)) / whole.values[0]!).toBeLessThan(1e-10);
    expect(farthest(vectors.data, whole.vectors.data)).toBeLessThan(1e-6);
  });

  it("has vectors of 0 where the matrix has fewer directions", () => {
    const { data } = normal(100, 1, 5);
    const { values, vectors } = leadingPairs(gram({ rows: 100, columns: 1, data }), 2);
    const length = data.reduce((sum, value) => sum + value ** 2, 0);
    expect(values[0]! / length).toBeCloseTo(1, 12);
    expect(Math.abs(values[1]!) / length).toBeLessThan(1e-12);
    expect(vectors.data.every(Number.isFinite)).toBe(true);
  });

  it("refuses a count that is not there", () => {
    expect(() => leadingPairs(gram(normal(80, 80, 1)), 81)).toThrow(/81 eigenvectors .+ 80 rows/);
  });
});

describe("leadingScores", () => {
  it("are those of kernel principal components", () => {
    const kernel = gram(normal(120, 200, 6));
    expect(farthest(leadingScores(kernel).data, kernelComponents(kernel).scores.data)).toBeLessThan(1e-5);
  });

  it("are 0 where all rows are equal", () => {
    const kernel = { rows: 90, columns: 90, data: new Float64Array(90 * 90).fill(3) };
    expect(leadingScores(kernel).data.every((value) => value === 0)).toBe(true);
  });
});
