// What a step on one image moves at the others, as the three similarities of the paper (He and Su, ICLR 2020, eq. 2 and 3 and
// appendix A), for a score and for the probability that is made of it.
import { exp, expm1 } from "../../../math/elementary.ts";
import { normalised, symmetrised, zeros, type DoubleMatrix } from "../../../math/matrix.ts";
import type { Matrix, Response } from "../../contracts.ts";
import type { Loss, Option } from "./method.ts";

/** Steps on n images, watched at the same ones. */
export interface Effects {
  /** Change of the output, up to a factor of the row. [anchor, probe] */
  readonly moved: Matrix;
  /** The same at the anchor itself. [anchor] */
  readonly own: Float64Array;
  /** What makes the row that of the kernel: minus one over the step size times the slope of the loss. [anchor] */
  readonly factor: Float64Array;
  /** False where the anchor's own change cannot be told from rounding. [anchor] */
  readonly measurable: readonly boolean[];
}

/** Where p (1 - p) is below, single precision cannot tell the probability from 0 or 1 on both of its sides. */
const saturation = 2 ** -24;
/** Relative rounding of the kernel's numbers. */
const rounding = 2 ** -23;

/**
 * To first order in the step: the tangent kernel K of the score z, times p (1 - p) at both images where the output is the
 * probability p = 1 / (1 + e^-z).
 * @param kernel K, [n, n] @param scores z, [n]
 */
export function limitEffects(kernel: Matrix, scores: ArrayLike<number>, loss: Loss): Effects {
  const { rows: n } = kernel;
  const gains = gainsOf(scores, n, loss);
  const moved = zeros(n, n);
  for (let a = 0; a < n; a++) for (let p = 0; p < n; p++) moved.data[a * n + p] = kernel.data[a * n + p]! * gains[p]!;
  const diagonal = Float64Array.from({ length: n }, (_, a) => kernel.data[a * n + a]!);
  const most = diagonal.reduce((top, value) => Math.max(top, value), 0);
  return {
    moved,
    own: diagonal.map((value, a) => value * gains[a]!),
    factor: gains,
    measurable: Array.from(diagonal, (value, a) => value > rounding * most && gains[a]! >= saturation),
  };
}

/** Exactly what one step changes, from the responses to steps on each image in turn. */
export function finiteEffects(responses: readonly Response[], loss: Loss): Effects {
  const n = responses.reduce((sum, { stepSize }) => sum + stepSize.length, 0);
  const made = { moved: zeros(n, n), own: new Float64Array(n), factor: new Float64Array(n) };
  const measurable: boolean[] = [];
  for (const response of responses)
    for (let row = 0; row < response.stepSize.length; row++) {
      const a = measurable.length;
      const score = response.anchorBefore.data[row]!;
      const [gain] = gainsOf([score], 1, loss);
      const change = response.anchorChange.data[row]!;
      const slope = response.stepSize[row]! * response.lossSlope.data[row]!;
      const changeOf = loss === "l2" ? (_z: number, d: number) => d : probabilityChange;
      for (let p = 0; p < n; p++)
        made.moved.data[a * n + p] = changeOf(response.before.data[p]!, response.change.data[row * n + p]!);
      made.own[a] = changeOf(score, change);
      made.factor[a] = slope === 0 ? 0 : -gain! / slope;
      measurable.push(
        Math.abs(change) > response.anchorRounding[row]! && gain! >= saturation && made.own[a]! * made.factor[a]! > 0,
      );
    }
  return { ...made, measurable };
}

/** dp/dz = p (1 - p), without subtracting from 1; 1 where the output is the score itself. [n] */
const gainsOf = (scores: ArrayLike<number>, n: number, loss: Loss): Float64Array =>
  Float64Array.from({ length: n }, (_, at) => (loss === "l2" ? 1 : sigmoid(scores[at]!) * sigmoid(-scores[at]!)));

function sigmoid(z: number): number {
  const small = exp(-Math.abs(z));
  return (z < 0 ? small : 1) / (1 + small);
}

/** p(z + d) - p(z) = p(z) p(-z - d) (e^d - 1), which cancels nothing; from the other side where e^d is large. */
export function probabilityChange(z: number, d: number): number {
  return d <= 0 ? sigmoid(z) * sigmoid(-z - d) * expm1(d) : -sigmoid(-z) * sigmoid(z + d) * expm1(-d);
}

/**
 * Symmetrised, as Algorithm 1 has it: |change at p| / |change at a|, the change over -(step size) (slope of the loss), or the
 * latter over the root of both diagonals.
 * @param kept the images wanted, all of them measurable
 */
export function similarityOf({ moved, own, factor }: Effects, kept: readonly number[], option: Option): DoubleMatrix {
  const n = own.length;
  const whole = zeros(kept.length, kept.length);
  kept.forEach((a, row) =>
    kept.forEach((p, column) => {
      const change = moved.data[a * n + p]!;
      whole.data[row * kept.length + column] = option === "relative" ? Math.abs(change / own[a]!) : change * factor[a]!;
    }),
  );
  const both = symmetrised(whole);
  return option === "normalised" ? normalised(both) : both;
}
