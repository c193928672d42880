// Eigenvalues of a symmetric matrix, and the eigenvectors of the largest few: Householder's reduction to three diagonals,
// bisection, inverse iteration (Golub and Van Loan, Matrix Computations, 8.3 to 8.4). The complete decomposition of ml-matrix
// takes seven times as long at n = 1000.
import { checkSymmetric, doubles, largest, type DoubleMatrix, type Matrix } from "./matrix.ts";
import { rng } from "./rng.ts";

export interface Eigenpairs {
  /** All n eigenvalues, the largest first. */
  readonly values: Float64Array;
  /** [count, n]: row r is the eigenvector of `values[r]`, of length 1, its largest component positive. */
  readonly vectors: DoubleMatrix;
}

/**
 * @param matrix [n, n], symmetric; only its lower triangle is read
 * @param count eigenvectors wanted, those of the largest eigenvalues; at most n
 * @throws RangeError where the matrix is empty, not square, not symmetric or not finite, or the count is not in 0 .. n
 */
export function eigenpairs(matrix: Matrix, count = 0): Eigenpairs {
  checkSymmetric(matrix, "The matrix to decompose");
  const { rows: n } = matrix;
  if (!Number.isInteger(count) || count < 0 || count > n)
    throw new RangeError(`${count} eigenvectors are asked for of a matrix of ${n} rows.`);
  const from = doubles(matrix);
  const scale = largest(from) || 1;
  const reduced = reduce(
    from.map((value) => value / scale),
    n,
  );
  const values = bisect(reduced).reverse();
  const vectors = new Float64Array(count * n);
  const starts = rng(0).fork("inverse iteration");
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * n, (row + 1) * n);
    for (let at = 0; at < n; at++) vector[at] = starts.uniform(-1, 1);
    const solve = solver(reduced, values[row]!);
    for (let round = 0; round < 4; round++) {
      // Before and after: an eigenvalue that comes twice has its second vector only across from the first.
      acrossFrom(vectors, row, vector);
      solve(vector);
      acrossFrom(vectors, row, vector);
    }
  }
  for (let row = 0; row < count; row++) restore(reduced, vectors.subarray(row * n, (row + 1) * n));
  return { values: values.map((value) => value * scale), vectors: { rows: count, columns: n, data: vectors } };
}

/** H_1 .. H_(n-1) A H_(n-1) .. H_1 with three diagonals, H_i = I - u u' / h. */
interface Reduced {
  readonly n: number;
  readonly diagonal: Float64Array;
  /** `beside[i]` is between rows i - 1 and i; `beside[0]` is 0. */
  readonly beside: Float64Array;
  /** [n, n]: u of H_i is the first i numbers of row i. */
  readonly reflectors: Float64Array;
  /** h of H_i; 0 where H_i is the identity. */
  readonly halves: Float64Array;
}

/** @param a [n, n], overwritten from its lower triangle */
function reduce(a: Float64Array, n: number): Reduced {
  const beside = new Float64Array(n);
  const halves = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const u = a.subarray(i * n, i * n + i);
    const head = u[i - 1]!;
    let tail = 0;
    for (let j = 0; j < i - 1; j++) tail += u[j]! * u[j]!;
    if (tail === 0) {
      beside[i] = head;
      continue;
    }
    const length = Math.sqrt(tail + head * head) * (head > 0 ? -1 : 1);
    const half = length * (length - head);
    beside[i] = length;
    halves[i] = half;
    u[i - 1] = head - length;
    // p = A u / h, each number of the lower triangle read once.
    p.fill(0);
    for (let j = 0; j < i; j++) {
      const row = j * n;
      const own = u[j]!;
      let sum = 0;
      for (let m = 0; m < j; m++) {
        const value = a[row + m]!;
        sum += value * u[m]!;
        p[m]! += value * own;
      }
      p[j]! += sum + a[row + j]! * own;
    }
    let overlap = 0;
    for (let j = 0; j < i; j++) {
      p[j]! /= half;
      overlap += u[j]! * p[j]!;
    }
    for (let j = 0; j < i; j++) p[j]! -= (overlap / (2 * half)) * u[j]!;
    for (let j = 0; j < i; j++) {
      const row = j * n;
      const [left, right] = [u[j]!, p[j]!];
      for (let m = 0; m <= j; m++) a[row + m]! -= left * p[m]! + right * u[m]!;
    }
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  return { n, diagonal, beside, reflectors: a, halves };
}

/** All eigenvalues in rising order, by halving intervals in which Sturm's count finds any. */
function bisect({ n, diagonal, beside }: Reduced): Float64Array {
  const squares = beside.map((value) => value * value);
  let reach = 0;
  for (let i = 0; i < n; i++)
    reach = Math.max(reach, Math.abs(diagonal[i]!) + Math.abs(beside[i]!) + Math.abs(beside[i + 1] ?? 0));
  const finest = 2 * Number.EPSILON * reach;
  const tiny = Number.EPSILON * finest || Number.MIN_VALUE;
  const below = (x: number): number => {
    let found = 0;
    let pivot = 1;
    for (let i = 0; i < n; i++) {
      pivot = diagonal[i]! - x - squares[i]! / pivot;
      if (pivot < 0) found += 1;
      else if (pivot === 0) pivot = tiny;
    }
    return found;
  };
  const values = new Float64Array(n);
  const fill = (low: number, high: number, first: number, end: number): void => {
    if (first === end) return;
    const middle = (low + high) / 2;
    if (high - low <= finest || middle <= low || middle >= high) {
      values.fill(middle, first, end);
      return;
    }
    const split = Math.min(end, Math.max(first, below(middle)));
    fill(low, middle, first, split);
    fill(middle, high, split, end);
  };
  fill(-reach - finest, reach + finest, 0, n);
  return values;
}

/** Overwrites a vector with the solution of (T - value I) x = vector: elimination with row exchanges, done once. */
function solver({ n, diagonal, beside }: Reduced, value: number): (vector: Float64Array) => void {
  // Upper factor: its diagonal and the two diagonals above.
  const own = diagonal.map((entry) => entry - value);
  const next = Float64Array.from({ length: n }, (_, i) => beside[i + 1] ?? 0);
  const second = new Float64Array(n);
  const factors = new Float64Array(n);
  const swapped = new Uint8Array(n);
  const tiny = Number.EPSILON * (largest(diagonal) + 2 * largest(beside) || 1);
  for (let i = 0; i < n - 1; i++) {
    const lower = beside[i + 1]!;
    if (Math.abs(lower) > Math.abs(own[i]!)) {
      swapped[i] = 1;
      const [pivot, above] = [own[i]!, next[i]!];
      [own[i], next[i], second[i]] = [lower, own[i + 1]!, next[i + 1]!];
      factors[i] = pivot / lower;
      own[i + 1] = above - factors[i]! * next[i]!;
      next[i + 1] = -factors[i]! * second[i]!;
    } else {
      if (Math.abs(own[i]!) < tiny) own[i] = tiny;
      factors[i] = lower / own[i]!;
      own[i + 1]! -= factors[i]! * next[i]!;
    }
  }
  if (Math.abs(own[n - 1]!) < tiny) own[n - 1] = tiny;
  return (x) => {
    for (let i = 0; i < n - 1; i++) {
      if (swapped[i] === 1) [x[i], x[i + 1]] = [x[i + 1]!, x[i]!];
      x[i + 1]! -= factors[i]! * x[i]!;
    }
    for (let i = n - 1; i >= 0; i--)
      x[i] = (x[i]! - next[i]! * (x[i + 1] ?? 0) - second[i]! * (x[i + 2] ?? 0)) / own[i]!;
  };
}

/** Takes from a vector what lies along the first `count` rows, and makes its length 1. */
function acrossFrom(rows: Float64Array, count: number, vector: Float64Array): void {
  const n = vector.length;
  scaled(vector, 1 / largest(vector));
  for (let row = 0; row < count; row++) {
    const start = row * n;
    let along = 0;
    for (let at = 0; at < n; at++) along += rows[start + at]! * vector[at]!;
    for (let at = 0; at < n; at++) vector[at]! -= along * rows[start + at]!;
  }
  let square = 0;
  for (let at = 0; at < n; at++) square += vector[at]! * vector[at]!;
  scaled(vector, 1 / Math.sqrt(square));
}

function scaled(vector: Float64Array, by: number): void {
  for (let at = 0; at < vector.length; at++) vector[at]! *= by;
}

/** From the basis of the three diagonals back to that of the matrix, with the sign that makes the largest component positive. */
function restore({ n, reflectors, halves }: Reduced, vector: Float64Array): void {
  for (let i = 1; i < n; i++) {
    if (halves[i] === 0) continue;
    let along = 0;
    for (let at = 0; at < i; at++) along += reflectors[i * n + at]! * vector[at]!;
    along /= halves[i]!;
    for (let at = 0; at < i; at++) vector[at]! -= along * reflectors[i * n + at]!;
  }
  const peak = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  if (peak < 0) scaled(vector, -1);
}
