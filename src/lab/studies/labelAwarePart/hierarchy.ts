// The label-aware part of LANTK-NTH (Chen, He and Su, NeurIPS 2020, section 3.2) for f(x) = a . s(W x) / sqrt(m) with rectified units:
// what the first step of the tangent hierarchy adds to the expected tangent kernel once the labels are learned.
import { eigenpairs } from "../../../math/eigenpairs.ts";
import { zeros, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import type { Rng } from "../../../math/rng.ts";

/** One hidden unit at all inputs. */
export interface Unit {
  /** w . x at each input. [input] */
  readonly inner: Float64Array;
  /** a², the square of its output weight. */
  readonly square: number;
}

/**
 * G with y' H^-1 K H^-1 y - y' P Q P' y = sum over i, j of G_ij K_ij for every matrix K: both terms of the paper's equation are
 * linear in K. With c = P' y and eigenvalues d of H they add up to G = P [c_i c_j / (d_i (d_i + d_j))] P'.
 * @param kernel H, the expected tangent kernel of the inputs. [input, input]
 * @param labels y, -1 or 1. [input]
 * @throws RangeError where H is not positive definite
 */
export function learnedWeights(kernel: Matrix, labels: ArrayLike<number>): DoubleMatrix {
  const { rows: n } = kernel;
  const { values, vectors } = eigenpairs(kernel, n);
  if (!(values[n - 1]! > 1e-12 * values[0]!))
    throw new RangeError(`The kernel of ${n} inputs is singular: two of them are the same, or nearly.`);
  const sums = Float64Array.from({ length: n }, (_, row) => {
    let sum = 0;
    for (let at = 0; at < n; at++) sum += vectors.data[row * n + at]! * labels[at]!;
    return sum;
  });
  const weights = zeros(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const share = (sums[i]! * sums[j]!) / (values[i]! * (values[i]! + values[j]!));
      for (let row = 0; row < n; row++) {
        const left = share * vectors.data[i * n + row]!;
        for (let column = 0; column < n; column++)
          weights.data[row * n + column]! += left * vectors.data[j * n + column]!;
      }
    }
  return weights;
}

/**
 * What one unit gives to m² times the sum over z, u of G_zu K4(x, x', z, u). With s the unit's outputs, 1 where it is on:
 *
 *     K2(x, x')       = 1/m   sum of  s_x s_x' + a² 1_x 1_x' x.x'
 *     K3(x, x', z)    = <grad K2(x, x'), grad f(z)>
 *     K4(x, x', z, u) = <grad K3(x, x', z), grad f(u)>
 *       = 1/m² sum of  2 1_x 1_x' x.x' s_z s_u + 1_z s_u (1_x s_x' x.z + s_x 1_x' x'.z)
 *                      + a² 1_x 1_x' 1_z 1_u (2 x.x' z.u + x.z x'.u + x.u x'.z)
 *
 * since s'' is 0 but on a set of measure 0. The sums over z and u are taken first, so that it costs n³ and not n⁴.
 * @param grid inner products of the inputs. [input, input]
 * @param to the result. [input, input]
 */
export function fourthOrder({ inner, square }: Unit, grid: Matrix, weights: Matrix, to: Float64Array): void {
  const n = inner.length;
  const x = grid.data;
  const g = weights.data;
  const on = Float64Array.from(inner, (value) => (value > 0 ? 1 : 0));
  const out = inner.map((value) => Math.max(0, value));
  // (G s)_z and, of the inputs at which the unit is on, X 1 G 1 X.
  const weighted = new Float64Array(n);
  let both = 0;
  let turned = 0;
  const half = new Float64Array(n * n);
  for (let z = 0; z < n; z++) {
    for (let u = 0; u < n; u++) {
      const weight = g[z * n + u]!;
      weighted[z]! += weight * out[u]!;
      const active = weight * on[z]! * on[u]!;
      if (active === 0) continue;
      turned += active * x[z * n + u]!;
      for (let column = 0; column < n; column++) half[z * n + column]! += active * x[u * n + column]!;
    }
    both += out[z]! * weighted[z]!;
  }
  const through = Float64Array.from({ length: n }, (_, row) => {
    let sum = 0;
    for (let z = 0; z < n; z++) sum += x[row * n + z]! * on[z]! * weighted[z]!;
    return sum;
  });
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let value = on[row]! * out[column]! * through[row]! + out[row]! * on[column]! * through[column]!;
      if (on[row]! * on[column]! === 1) {
        const product = x[row * n + column]!;
        let crossed = 0;
        for (let z = 0; z < n; z++)
          crossed += x[row * n + z]! * half[z * n + column]! + x[column * n + z]! * half[z * n + row]!;
        value += 2 * product * both + square * (2 * product * turned + crossed);
      }
      to[row * n + column] = to[column * n + row] = value;
    }
}

/** Units of Gaussian weights at the inputs: all that matters of w is w . x, normal with the inputs' inner products as covariance. */
export function gaussianUnits(grid: Matrix, random: Rng): () => Unit {
  const { rows: n } = grid;
  const { values, vectors } = eigenpairs(grid, n);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value)));
  return () => {
    const inner = new Float64Array(n);
    for (let direction = 0; direction < n; direction++) {
      const draw = roots[direction]! * random.normal();
      for (let at = 0; at < n; at++) inner[at]! += draw * vectors.data[direction * n + at]!;
    }
    // K4 is linear in a², so that its mean, 1, is all that matters of a.
    return { inner, square: 1 };
  };
}

/** A mean over draws and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
}

export interface LabelAwarePart {
  /** [input, input] */
  readonly part: DoubleMatrix;
  /** Standard error of each cell. [input, input] */
  readonly errors: DoubleMatrix;
  /** Means over pairs of different inputs of one label, of two labels, and their difference. */
  readonly intra: Estimate;
  readonly inter: Estimate;
  readonly difference: Estimate;
}

export interface Asked {
  /** Inner products of the inputs. [input, input] */
  readonly grid: Matrix;
  /** The expected tangent kernel. [input, input] */
  readonly kernel: Matrix;
  /** Labelings of -1 and 1, all of them given the same draws. */
  readonly labelings: readonly ArrayLike<number>[];
  /** m. */
  readonly width: number;
  readonly draws: number;
  readonly random: Rng;
  /** Called after every thousandth draw, with the share that is done. */
  readonly breathe: (share: number) => Promise<void>;
}

/** Sums of a draw's numbers and of their squares. */
class Tally {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;
  constructor(length: number) {
    this.#sums = new Float64Array(length);
    this.#squares = new Float64Array(length);
  }
  add(values: ArrayLike<number>): void {
    this.#count += 1;
    for (let at = 0; at < values.length; at++) {
      this.#sums[at]! += values[at]!;
      this.#squares[at]! += values[at]! * values[at]!;
    }
  }
  estimate(at: number, scale: number): Estimate {
    const mean = this.#sums[at]! / this.#count;
    const variance = Math.max(0, this.#squares[at]! / this.#count - mean * mean) / (this.#count - 1);
    return { mean: scale * mean, error: scale * Math.sqrt(variance) };
  }
}

/** The label-aware part of each labelling, its expectation over Gaussian weights by drawing units. */
export async function labelAwareParts(asked: Asked): Promise<LabelAwarePart[]> {
  const { grid, kernel, labelings, width, draws } = asked;
  const n = grid.rows;
  const weights = labelings.map((labels) => learnedWeights(kernel, labels));
  const cells = labelings.map(() => new Tally(n * n));
  const means = labelings.map(() => new Tally(3));
  const unit = gaussianUnits(grid, asked.random);
  const value = new Float64Array(n * n);
  for (let draw = 0; draw < draws; draw++) {
    const drawn = unit();
    labelings.forEach((labels, at) => {
      fourthOrder(drawn, grid, weights[at]!, value);
      cells[at]!.add(value);
      const [intra, inter] = pairMeans(value, labels);
      means[at]!.add([intra, inter, intra - inter]);
    });
    if (draw % 1000 === 999) await asked.breathe((draw + 1) / draws);
  }
  return labelings.map((_, at) => {
    const all = Array.from({ length: n * n }, (_, cell) => cells[at]!.estimate(cell, 1 / width));
    const matrix = (of: keyof Estimate): DoubleMatrix => ({
      rows: n,
      columns: n,
      data: Float64Array.from(all, (estimate) => estimate[of]),
    });
    const [intra, inter, difference] = [0, 1, 2].map((which) => means[at]!.estimate(which, 1 / width)) as [
      Estimate,
      Estimate,
      Estimate,
    ];
    return { part: matrix("mean"), errors: matrix("error"), intra, inter, difference };
  });
}

/** Means of a symmetric matrix over pairs of different inputs: of one label, and of two. */
export function pairMeans(values: ArrayLike<number>, labels: ArrayLike<number>): [intra: number, inter: number] {
  const n = labels.length;
  const sums = [0, 0];
  const counts = [0, 0];
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++) {
      const kind = labels[row] === labels[column] ? 0 : 1;
      sums[kind]! += values[row * n + column]!;
      counts[kind]! += 1;
    }
  return [sums[0]! / counts[0]!, sums[1]! / counts[1]!];
}
