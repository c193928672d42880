// The arc-cosine kernels of Cho and Saul (NeurIPS 2009): what rectified units of Gaussian weights do at two inputs, on average;
// and with them the tangent kernel of a two-layer network of infinite width (Chen, He and Su, NeurIPS 2020).
import { doubles, zeros, type DoubleMatrix, type Matrix } from "./matrix.ts";

/** Cosine of the angle between vectors of inner products xx, xy and yy, within -1 and 1; 0 where either is the zero vector. */
export function cosine(xx: number, xy: number, yy: number): number {
  if (!(xx > 0 && yy > 0)) return 0;
  // The root of a product: where a vector meets itself, its square is rounded back to xx, and the cosine is exactly 1.
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * E[s(u) s(u')] with s(u) = max(0, u), for normal u, u' of mean 0, variances xx, yy and covariance xy:
 * sqrt(xx yy) (sin D + (pi - D) cos D) / (2 pi), D the angle of that cosine.
 */
export function rectified(xx: number, xy: number, yy: number): number {
  if (!(xx > 0 && yy > 0)) return 0;
  const cos = cosine(xx, xy, yy);
  return (Math.sqrt(xx * yy) * (Math.sqrt((1 - cos) * (1 + cos)) + (Math.PI - Math.acos(cos)) * cos)) / (2 * Math.PI);
}

/** P(u > 0 and u' > 0) for the same: (pi - D) / (2 pi). 0 where a variance is 0: such a unit never is above 0. */
export function bothOn(xx: number, xy: number, yy: number): number {
  return xx > 0 && yy > 0 ? (Math.PI - Math.acos(cosine(xx, xy, yy))) / (2 * Math.PI) : 0;
}

/** Squared 2-norm of each row. */
export function squaredNorms(matrix: Matrix): Float64Array {
  const data = doubles(matrix);
  return Float64Array.from({ length: matrix.rows }, (_, row) => {
    let sum = 0;
    for (let at = row * matrix.columns; at < (row + 1) * matrix.columns; at++) sum += data[at]! ** 2;
    return sum;
  });
}

/**
 * X Y', [rows of X, rows of Y], each cell added up in the same order as the squared norms.
 * @throws RangeError where their rows differ in length
 */
export function innerProducts(xs: Matrix, ys: Matrix): DoubleMatrix {
  if (xs.columns !== ys.columns)
    throw new RangeError(`Inputs of ${xs.columns} numbers have no inner product with inputs of ${ys.columns}.`);
  const [left, right] = [doubles(xs), doubles(ys)];
  const to = zeros(xs.rows, ys.rows);
  for (let row = 0; row < xs.rows; row++)
    for (let column = 0; column < ys.rows; column++) {
      let sum = 0;
      for (let at = 0; at < xs.columns; at++) sum += left[row * xs.columns + at]! * right[column * xs.columns + at]!;
      to.data[row * ys.rows + column] = sum;
    }
  return to;
}

/**
 * The expected tangent kernel of f(x) = a . s(W x) / sqrt(m), all of W and a standard normal and learned
 * (Chen, He and Su, NeurIPS 2020, appendix): x.x' (pi - D) / (2 pi) + |x| |x'| (sin D + (pi - D) cos D) / (2 pi). It holds at
 * every width m, and is the limit of wide networks.
 * @param xs [rows, inputs] @param ys [columns, inputs]; the same as xs where nothing is said
 * @param bias whether each input has one more coordinate, which is 1
 * @returns [rows, columns]
 * @throws RangeError where the inputs differ in length
 */
export function twoLayerKernel(xs: Matrix, ys = xs, { bias = false } = {}): DoubleMatrix {
  const extra = bias ? 1 : 0;
  const [xx, xy, yy] = [squaredNorms(xs), innerProducts(xs, ys), squaredNorms(ys)];
  return {
    ...xy,
    data: xy.data.map((inner, at) => {
      const cell = [xx[Math.floor(at / ys.rows)]! + extra, inner + extra, yy[at % ys.rows]! + extra] as const;
      return cell[1] * bothOn(...cell) + rectified(...cell);
    }),
  };
}
