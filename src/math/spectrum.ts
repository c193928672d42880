// What the spectrum of a matrix tells: principal components of rows and of kernels, and how far a kernel is from positive.
import { eigenpairs } from "./eigenpairs.ts";
import { leadingPairs } from "./leading.ts";
import {
  checkFinite,
  checkSymmetric,
  doubles,
  gram,
  largest,
  transposed,
  zeros,
  type DoubleMatrix,
  type Matrix,
} from "./matrix.ts";

export interface Components {
  /** [n, r]: the rows in their principal coordinates, the widest first; each column's sign is arbitrary but always the same. */
  readonly scores: DoubleMatrix;
  /** Share of the total variance (of the positive part of it, for a kernel) along each of the r coordinates. */
  readonly shares: Float64Array;
}

export interface KernelComponents extends Components {
  /** All n eigenvalues of the centred kernel, the largest first. */
  readonly values: Float64Array;
}

/**
 * Principal components of rows, from the smaller of the Gram matrix and the covariance.
 * @param matrix [n, d], a point a row @param dimensions r, cut to the smaller of n and d
 * @throws RangeError where a number is NaN or infinite, all rows are equal, or the dimensions are not 1 or more
 */
export function principalComponents(matrix: Matrix, dimensions: number): Components {
  checkFinite(matrix, "The matrix of rows");
  const { rows: n, columns: d } = matrix;
  const count = Math.min(checkDimensions(dimensions), n, d);
  const centred = { rows: n, columns: d, data: centredColumns(doubles(matrix), n, d) };
  if (largest(centred.data) <= n * Number.EPSILON * largest(doubles(matrix)))
    throw new RangeError(`The ${n} rows have zero variance: they are all equal.`);
  const wide = n <= d;
  const { values, vectors } = eigenpairs(gram(wide ? centred : transposed(centred)), count);
  const variances = aboveRounding(values, values[0]!);
  const scores = zeros(n, count);
  for (let r = 0; r < count; r++) {
    const vector = vectors.data.subarray(r * vectors.columns, (r + 1) * vectors.columns);
    const length = Math.sqrt(variances[r]!);
    for (let i = 0; i < n; i++)
      scores.data[i * count + r] = wide ? length * vector[i]! : product(centred.data, i * d, vector);
  }
  return { scores, shares: sharesOf(variances, count) };
}

/**
 * Kernel principal components (Schoelkopf, Smola and Mueller 1998): eigenvectors of the kernel centred in feature space,
 * K - row means - column means + mean, times the root of their eigenvalue; 0 along what is not positive.
 * @param kernel [n, n], symmetric @param dimensions r, cut to n
 * @throws RangeError where the kernel is not square, symmetric and finite, has no positive variance, or the dimensions are not 1
 * or more
 */
export function kernelComponents(kernel: Matrix, dimensions = 2): KernelComponents {
  checkSymmetric(kernel, "The kernel");
  const { rows: n } = kernel;
  const count = Math.min(checkDimensions(dimensions), n);
  const numbers = doubles(kernel);
  const { values, vectors } = eigenpairs(centredKernel(numbers, n), count);
  const variances = aboveRounding(values, largest(numbers));
  if (!(variances[0]! > 0))
    throw new RangeError(`The kernel of ${n} rows has zero variance: no eigenvalue is positive once it is centred.`);
  const scores = zeros(n, count);
  for (let r = 0; r < count; r++)
    for (let i = 0; i < n; i++) scores.data[i * count + r] = Math.sqrt(variances[r]!) * vectors.data[r * n + i]!;
  return { scores, shares: sharesOf(variances, count), values };
}

/**
 * The scores of `kernelComponents` alone, in n^2 steps instead of n^3; 0 along what is not positive.
 * @param kernel [n, n], symmetric @param dimensions r, cut to n @returns [n, r]
 * @throws RangeError where the kernel is not square, symmetric and finite, or the dimensions are not 1 or more
 */
export function leadingScores(kernel: Matrix, dimensions = 2): DoubleMatrix {
  checkSymmetric(kernel, "The kernel");
  const { rows: n } = kernel;
  const count = Math.min(checkDimensions(dimensions), n);
  const numbers = doubles(kernel);
  const { values, vectors } = leadingPairs(centredKernel(numbers, n), count);
  const least = n * Number.EPSILON * largest(numbers);
  const scores = zeros(n, count);
  for (let r = 0; r < count; r++)
    for (let i = 0; i < n && values[r]! > least; i++)
      scores.data[i * count + r] = Math.sqrt(values[r]!) * vectors.data[r * n + i]!;
  return scores;
}

export interface Inertia {
  /** Eigenvalues above, within and below the tolerance. */
  readonly positive: number;
  readonly zero: number;
  readonly negative: number;
  /** What an eigenvalue must exceed in size to be told from 0: n times the precision times the largest size. */
  readonly tolerance: number;
  /** Size of the most negative eigenvalue over the most positive one; 0 where none is negative. */
  readonly ratio: number;
  /** All eigenvalues, the largest first. */
  readonly values: Float64Array;
}

/**
 * Signs of the eigenvalues of a kernel: how far it is from an inner product.
 * @param kernel [n, n], symmetric
 * @param precision relative rounding of the kernel's numbers; 2^-52, or 2^-23 where they come from single precision
 * @throws RangeError where the kernel is not square, symmetric and finite
 */
export function inertia(kernel: Matrix, precision = Number.EPSILON): Inertia {
  checkSymmetric(kernel, "The kernel");
  const { rows: n } = kernel;
  const { values } = eigenpairs(kernel);
  const [most, least] = [values[0]!, values[n - 1]!];
  const tolerance = n * precision * Math.max(Math.abs(most), Math.abs(least));
  const positive = values.filter((value) => value > tolerance).length;
  const negative = values.filter((value) => value < -tolerance).length;
  return {
    positive,
    zero: n - positive - negative,
    negative,
    tolerance,
    ratio: negative === 0 ? 0 : -least / Math.max(0, most),
    values,
  };
}

/** Eigenvalues, 0 where they are not above the rounding of numbers of that size. */
function aboveRounding(values: Float64Array, size: number): Float64Array {
  const least = values.length * Number.EPSILON * size;
  return values.map((value) => (value > least ? value : 0));
}

/** What the first few have of the sum of all. */
function sharesOf(variances: Float64Array, count: number): Float64Array {
  const total = variances.reduce((sum, value) => sum + value, 0);
  return variances.slice(0, count).map((value) => value / total);
}

/** K - row means - column means + mean. */
function centredKernel(numbers: Float64Array, n: number): DoubleMatrix {
  const byColumn = { rows: n, columns: n, data: centredColumns(numbers, n, n) };
  return { rows: n, columns: n, data: centredColumns(transposed(byColumn).data, n, n) };
}

/** Numbers less the mean of their column. */
function centredColumns(from: Float64Array, n: number, d: number): Float64Array {
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) means[j]! += from[i * d + j]! / n;
  const to = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) to[i * d + j] = from[i * d + j]! - means[j]!;
  return to;
}

function product(rows: Float64Array, start: number, vector: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at++) sum += rows[start + at]! * vector[at]!;
  return sum;
}

function checkDimensions(dimensions: number): number {
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new RangeError(`${dimensions} dimensions are asked for, not 1 or more.`);
  return dimensions;
}
