// The losses of one example as functions of its scores, in double precision.
import type { Numbers } from "./layers.ts";

export type LossName = "cross-entropy" | "squared-error" | "binary cross-entropy";

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export function softmax(scores: Numbers): number[] {
  const highest = Math.max(...Array.from(scores));
  const weights = Array.from(scores, (score) => Math.exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export function lossOf(loss: LossName, scores: Numbers, label: number): number {
  if (loss === "squared-error")
    return Array.from(scores).reduce((sum, score, at) => sum + (score - (at === label ? 1 : 0)) ** 2, 0) / 2;
  if (loss === "binary cross-entropy")
    return Array.from(scores).reduce((sum, score, at) => sum + Math.log1p(Math.exp(at === label ? -score : score)), 0);
  return -Math.log(softmax(scores)[label]!);
}

/** dL/df. What is close to a target keeps its digits: p - 1 is minus all the other chances. */
export function lossSlope(loss: LossName, scores: Numbers, label: number): number[] {
  if (loss === "squared-error") return Array.from(scores, (score, at) => score - (at === label ? 1 : 0));
  if (loss === "binary cross-entropy")
    return Array.from(scores, (score, at) => (at === label ? -sigmoid(-score) : sigmoid(score)));
  const chances = softmax(scores);
  const others = chances.reduce((sum, chance, at) => (at === label ? sum : sum + chance), 0);
  return chances.map((chance, at) => (at === label ? -others : chance));
}
