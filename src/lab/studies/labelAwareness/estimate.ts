// LANTK-HR (Chen, He and Su, NeurIPS 2020, section 3.1): estimates Z(x, x') of the product of two labels, by regression on pairs of
// training images, which are added to the tangent kernel.
import { doubles, largest, zeros, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import { solveSymmetric } from "../../../math/symmetricSystem.ts";

/** An estimate for pairs of images whose kernel is known. [rows, columns] to [rows, columns] */
export type Estimator = (kernel: Matrix) => DoubleMatrix;

/**
 * KR: the sum over training pairs i, j of v_i v_j psi(phi, phi_ij), phi the kernel of the pair asked about, with
 * psi = (B - (phi - phi_ij)²) / (n² B - sum over s, t of (phi - phi_st)²) and B = (largest phi - least phi)² among training pairs.
 * The square expands into moments of phi, so that a pair costs no more than these.
 * @param kernel of the training images. [n, n] @param weights v: the labels y in V1, K^-1 y in V2
 */
export function kernelEstimate(kernel: Matrix, weights: ArrayLike<number>): Estimator {
  const phi = doubles(kernel);
  const { rows: n } = kernel;
  let [low, high] = [Infinity, -Infinity];
  const plain = [n * n, 0, 0];
  const weighted = [0, 0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const value = phi[i * n + j]!;
      const weight = weights[i]! * weights[j]!;
      low = Math.min(low, value);
      high = Math.max(high, value);
      plain[1]! += value;
      plain[2]! += value * value;
      weighted[0]! += weight;
      weighted[1]! += weight * value;
      weighted[2]! += weight * value * value;
    }
  const bound = (high - low) ** 2;
  /** The sum of share (B - (value - phi)²). */
  const sum = ([zeroth, first, second]: readonly number[], value: number): number =>
    bound * zeroth! - (value * value * zeroth! - 2 * value * first! + second!);
  return (asked) => ({ ...asked, data: doubles(asked).map((value) => sum(weighted, value) / sum(plain, value)) });
}

export const pairFeatures = [
  "kernel",
  "cosine",
  "inner product",
  "product of norms",
  "squared distance",
  "L1 distance",
  "angle",
  "sine of the angle",
  "radial basis function",
  "correlation",
] as const;

/** The paper's ten features of every pair. [pair, feature], pairs row by row */
export interface PairTable {
  readonly rows: number;
  readonly columns: number;
  readonly features: Float64Array;
}

interface Summary {
  readonly norm: number;
  readonly mean: number;
  /** Norm of what is left without the mean. */
  readonly spread: number;
}

function summaries({ rows, columns, data }: Matrix): Summary[] {
  return Array.from({ length: rows }, (_, row) => {
    let [sum, squares] = [0, 0];
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      sum += data[at]!;
      squares += data[at]! ** 2;
    }
    const mean = sum / columns;
    return { norm: Math.sqrt(squares), mean, spread: Math.sqrt(Math.max(0, squares - columns * mean * mean)) };
  });
}

interface Described {
  readonly data: Float64Array;
  readonly columns: number;
  readonly summaries: readonly Summary[];
}

const described = (matrix: Matrix): Described => ({
  data: doubles(matrix),
  columns: matrix.columns,
  summaries: summaries(matrix),
});

/** @param kernel K(x, x') @param scale the squared distance at which the radial basis function is 1/e */
function featuresOf(
  xs: Described,
  row: number,
  ys: Described,
  column: number,
  kernel: number,
  scale: number,
): number[] {
  const d = xs.columns;
  let [inner, apart] = [0, 0];
  for (let at = row * d, other = column * d, end = at + d; at < end; at++, other++) {
    inner += xs.data[at]! * ys.data[other]!;
    apart += Math.abs(xs.data[at]! - ys.data[other]!);
  }
  const [one, two] = [xs.summaries[row]!, ys.summaries[column]!];
  const norms = one.norm * two.norm;
  const cosine = norms > 0 ? Math.max(-1, Math.min(1, inner / norms)) : 0;
  const spreads = one.spread * two.spread;
  const squared = Math.max(0, one.norm ** 2 + two.norm ** 2 - 2 * inner);
  return [
    kernel,
    cosine,
    inner,
    norms,
    squared,
    apart,
    Math.acos(cosine),
    Math.sqrt((1 - cosine) * (1 + cosine)),
    Math.exp(-squared / scale),
    spreads > 0 ? (inner - d * one.mean * two.mean) / spreads : 0,
  ];
}

/**
 * @param xs [row, number] @param ys [column, number] @param kernel of the same. [row, column]
 * @param scale the squared distance at which the radial basis function is 1/e
 */
export function pairTable(xs: Matrix, ys: Matrix, kernel: Matrix, scale: number): PairTable {
  const [left, right] = [described(xs), described(ys)];
  const features = new Float64Array(xs.rows * ys.rows * pairFeatures.length);
  for (let row = 0; row < xs.rows; row++)
    for (let column = 0; column < ys.rows; column++) {
      const pair = row * ys.rows + column;
      features.set(featuresOf(left, row, right, column, kernel.data[pair]!, scale), pair * pairFeatures.length);
    }
  return { rows: xs.rows, columns: ys.rows, features };
}

/** The same of every image with itself, in one row. @param own K(x, x) of each */
export function ownTable(xs: Matrix, own: ArrayLike<number>, scale: number): PairTable {
  const all = described(xs);
  const features = Float64Array.from(
    Array.from({ length: xs.rows }, (_, row) => featuresOf(all, row, all, row, own[row]!, scale)).flat(),
  );
  return { rows: 1, columns: xs.rows, features };
}

/** Mean squared distance of two images, an image and itself among them. */
export function meanSquaredDistance(xs: Matrix): number {
  const { rows, columns } = xs;
  const middle = new Float64Array(columns);
  let squares = 0;
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < columns; at++) {
      const value = xs.data[row * columns + at]!;
      middle[at]! += value / rows;
      squares += (value * value) / rows;
    }
  return 2 * (squares - middle.reduce((sum, value) => sum + value * value, 0));
}

/** Of the number of pairs, on standardised features: only against features that are nearly the same. */
const ridge = 1e-8;

/**
 * Least squares of y_i y_j on the features of all training pairs and a constant, solved exactly where the paper sketches it by a
 * fast Johnson-Lindenstrauss transform. Features are standardised, and have a ridge of 1e-8 of the number of pairs.
 * @param table of the training images. [n, n] @param labels -1 or 1. [n]
 */
export function pairRegression(table: PairTable, labels: ArrayLike<number>): (asked: PairTable) => DoubleMatrix {
  const count = pairFeatures.length;
  const { rows: n, features } = table;
  const pairs = n * n;
  const means = new Float64Array(count);
  const squares = new Float64Array(count);
  for (let at = 0; at < features.length; at++) means[at % count]! += features[at]! / pairs;
  for (let at = 0; at < features.length; at++)
    squares[at % count]! += (features[at]! - means[at % count]!) ** 2 / pairs;
  const spreads = squares.map((square) => Math.sqrt(square) || 1);
  const normal = zeros(count, count);
  const sides = zeros(count, 1);
  let middle = 0;
  const own = new Float64Array(count);
  for (let pair = 0; pair < pairs; pair++) {
    const target = labels[Math.floor(pair / n)]! * labels[pair % n]!;
    middle += target / pairs;
    for (let k = 0; k < count; k++) own[k] = (features[pair * count + k]! - means[k]!) / spreads[k]!;
    for (let k = 0; k < count; k++) {
      sides.data[k]! += own[k]! * target;
      for (let l = 0; l <= k; l++) normal.data[k * count + l]! += own[k]! * own[l]!;
    }
  }
  for (let k = 0; k < count; k++) {
    normal.data[k * count + k]! += ridge * pairs;
    for (let l = 0; l < k; l++) normal.data[l * count + k] = normal.data[k * count + l]!;
  }
  const { data: slopes } = solveSymmetric(normal, sides).solution;
  return (asked) => {
    const made = zeros(asked.rows, asked.columns);
    made.data.fill(middle);
    for (let at = 0; at < asked.features.length; at++) {
      const k = at % count;
      made.data[Math.floor(at / count)]! += (slopes[k]! * (asked.features[at]! - means[k]!)) / spreads[k]!;
    }
    return made;
  };
}

/**
 * By how much an estimate is scaled before lambda, as the authors' code does: mean |K| over mean |Z|, both of training pairs.
 * @returns 0 where the estimate is 0 throughout
 */
export function scaleOf(kernel: Matrix, estimate: Matrix): number {
  const size = ({ data }: Matrix): number =>
    doubles({ ...kernel, data }).reduce((sum, value) => sum + Math.abs(value), 0);
  return largest(doubles(estimate)) > 0 ? size(kernel) / size(estimate) : 0;
}

/** K + share Z. */
export const withEstimate = (kernel: Matrix, estimate: Matrix, share: number): DoubleMatrix => ({
  rows: kernel.rows,
  columns: kernel.columns,
  data: Float64Array.from(kernel.data, (value, at) => value + share * estimate.data[at]!),
});
