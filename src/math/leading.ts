// The few greatest eigenvalues of a symmetric matrix and their eigenvectors, by Lanczos' method: n^2 steps for each of some dozen
// products, where the complete decomposition takes n^3.
import { eigenpairs, type Eigenpairs } from "./eigenpairs.ts";
import { checkSymmetric, doubles, zeros, type Matrix } from "./matrix.ts";
import { rng } from "./rng.ts";

/** How far from an eigenvector the result may be: |A v - lambda v| over the greatest |lambda|. */
const tolerance = 1e-9;
/** Below this size the complete decomposition is as fast. */
const small = 64;

/**
 * The greatest eigenvalues and their eigenvectors (Lanczos 1950, every new vector orthogonalised against all before it). Of equal
 * eigenvalues it may find one vector only.
 * @param matrix [n, n], symmetric @param count 1 to n
 * @returns `count` values and vectors, each vector of length 1 with its largest component positive
 * @throws RangeError where the matrix is empty, not square, not symmetric or not finite, or the count is not in 1 .. n
 */
export function leadingPairs(matrix: Matrix, count: number): Eigenpairs {
  const { rows: n } = matrix;
  if (n <= small) {
    const { values, vectors } = eigenpairs(matrix, count);
    return { values: values.slice(0, count), vectors };
  }
  checkSymmetric(matrix, "The matrix to decompose");
  if (!Number.isInteger(count) || count < 1 || count > n)
    throw new RangeError(`${count} eigenvectors are asked for of a matrix of ${n} rows.`);
  const numbers = doubles(matrix);
  const stream = rng(0).fork("Lanczos");
  const basis = [unit(Float64Array.from({ length: n }, () => stream.normal()))!];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  for (;;) {
    const last = basis.at(-1)!;
    const next = product(numbers, last);
    diagonal.push(dot(next, last));
    // Twice, for once leaves what rounding has brought back (Kahan's "twice is enough").
    for (const _ of [1, 2]) for (const vector of basis) subtract(next, vector, dot(next, vector));
    const length = Math.sqrt(dot(next, next));
    const steps = diagonal.length;
    const isEnd = steps === n || !(length > 1e-14 * Math.max(...diagonal.map(Math.abs)));
    if (isEnd || (steps >= count + 8 && steps % 8 === 0)) {
      const { values, vectors } = eigenpairs(tridiagonal(diagonal, beside), Math.min(count, steps));
      const most = Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!));
      const off = (row: number): number => length * Math.abs(vectors.data[(row + 1) * steps - 1]!);
      const isDone = Array.from({ length: vectors.rows }, (_, row) => off(row) <= tolerance * most).every(Boolean);
      if (isEnd || isDone) return inSpace(basis, values, vectors, count);
    }
    beside.push(length);
    basis.push(unit(next)!);
  }
}

/** The eigenvectors of the whole, from those in the basis; vectors of 0 where the matrix has fewer directions. */
function inSpace(basis: readonly Float64Array[], values: Float64Array, small: Matrix, count: number): Eigenpairs {
  const n = basis[0]!.length;
  const vectors = zeros(count, n);
  for (let row = 0; row < small.rows; row++) {
    const own = vectors.data.subarray(row * n, (row + 1) * n);
    basis
      .slice(0, small.columns)
      .forEach((vector, at) => subtract(own, vector, -small.data[row * small.columns + at]!));
    const peak = own.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (peak < 0) own.forEach((value, at) => (own[at] = -value));
  }
  return { values: Float64Array.from({ length: count }, (_, at) => values[at] ?? 0), vectors };
}

function tridiagonal(diagonal: readonly number[], beside: readonly number[]): Matrix {
  const n = diagonal.length;
  const made = zeros(n, n);
  diagonal.forEach((value, at) => (made.data[at * n + at] = value));
  for (let at = 0; at + 1 < n; at++) made.data[at * n + at + 1] = made.data[(at + 1) * n + at] = beside[at]!;
  return made;
}

function product(numbers: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const to = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0, at = i * n; j < n; j++, at++) sum += numbers[at]! * vector[j]!;
    to[i] = sum;
  }
  return to;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function subtract(from: Float64Array, vector: Float64Array, share: number): void {
  for (let at = 0; at < from.length; at++) from[at]! -= share * vector[at]!;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
