// Random matrices from seeds, and the plainest way to each truth about them.
import { gram, symmetrised, type DoubleMatrix, type Matrix } from "../../src/math/matrix.ts";
import { rng } from "../../src/math/rng.ts";

export const matrixOf = (rows: readonly (readonly number[])[]): DoubleMatrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

export const at = ({ columns, data }: Matrix, i: number, j: number): number => data[i * columns + j]!;

/** Standard normal numbers. */
export function noise(rows: number, columns: number, seed: number): DoubleMatrix {
  const stream = rng(seed).fork("noise");
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => stream.normal()) };
}

/** Inner products of n random points. */
export const positiveKernel = (n: number, seed: number, d = 3): DoubleMatrix => gram(noise(n, d, seed));

/** Symmetric noise, about as many eigenvalues below 0 as above. */
export const indefiniteKernel = (n: number, seed: number): DoubleMatrix => symmetrised(noise(n, n, seed));

/** The same matrix with rows and columns in another order. */
export function reordered(matrix: Matrix, order: readonly number[]): DoubleMatrix {
  const n = matrix.rows;
  return {
    rows: n,
    columns: n,
    data: Float64Array.from({ length: n * n }, (_, cell) => at(matrix, order[Math.floor(cell / n)]!, order[cell % n]!)),
  };
}

/** Points about k centres far apart, row i about centre i mod k. */
export function clumps(n: number, d: number, k: number, seed: number, apart = 10): DoubleMatrix {
  const points = noise(n, d, seed);
  for (let i = 0; i < n; i++) points.data[i * d + ((i % k) % d)]! += apart * (1 + Math.floor((i % k) / d));
  return points;
}
