// Relative similarity on the probability of the anchor's class, computed from the change of the scores without cancelling.
import { exp, expm1 } from "../../math/elementary.ts";
import type { Measure } from "../contracts.ts";
import { anchorChange, perAnchor, perCell, probeChange } from "./ratio.ts";

export const probability: Measure = {
  id: "probability",
  title: "Relative similarity, probabilities",
  symbol: "|Δp_y(p)| / |Δp_y(a)|",
  formula: String.raw`\frac{|p_y(p;w^+)-p_y(p;w)|}{|p_y(a;w^+)-p_y(a;w)|}`,
  unit: "ratio",
  signed: false,
  caution:
    "Probabilities divide by p(1 − p) of a confident anchor: late in training the ratio explodes and even a linear model looks elastic. Trust medians and the chance of order, not means.",
  numerator: (r) =>
    perCell(r, (row, probe, label) => {
      const start = probe * r.before.columns;
      const scores = r.before.data.subarray(start, start + r.before.columns);
      return Math.abs(probabilityChange(scores, probeChange(r, row, probe), label));
    }),
  denominator: (r) =>
    perAnchor(r, (row, label) => {
      const start = row * r.before.columns;
      const scores = r.anchorBefore.data.subarray(start, start + r.before.columns);
      return Math.abs(probabilityChange(scores, anchorChange(r, row), label));
    }),
};

/**
 * softmax(f + d)_y - softmax(f)_y = p_y sum_l p_l (expm1(d_y) - expm1(d_l)) / (1 + sum_l p_l expm1(d_l)), with d taken
 * relative to d_y; a change too large for that is no small difference of the two and is subtracted.
 */
export function probabilityChange(scores: ArrayLike<number>, change: ArrayLike<number>, label: number): number {
  const before = softmax(Array.from(scores));
  const drift = before.reduce((sum, chance, at) => sum + chance * expm1(change[at]! - change[label]!), 0);
  const carried = (-before[label]! * drift) / (1 + drift);
  if (Number.isFinite(carried)) return carried;
  return softmax(Array.from(scores, (score, at) => score + change[at]!))[label]! - before[label]!;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const weights = scores.map((score) => exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
