// The losses of one example as functions of its scores f: value and slope dL/df.
import { exp, log } from "../../math/elementary.ts";
import type { LossId, Matrix } from "../contracts.ts";
import { tf, type Tensor } from "./tf.ts";

/** dL/df of one example in double precision; for cross-entropy the own entry is minus the sum of the others, never p - 1. */
export function slopeOf(loss: LossId, scores: ArrayLike<number>, label: number): Float64Array {
  const slope = Float64Array.from(scores);
  if (loss === "squared-error") {
    slope[label]! -= 1;
    return slope;
  }
  const highest = Math.max(...slope);
  const weights = slope.map((score) => exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chances = weights.map((weight) => weight / total);
  chances[label] = -chances.reduce((sum, chance, at) => (at === label ? sum : sum + chance), 0);
  return chances;
}

/** L of one example: -log softmax(f)_y, or half the squared distance of f to the one-hot label. */
export function valueOf(loss: LossId, scores: ArrayLike<number>, label: number): number {
  const list = Array.from(scores);
  if (loss === "squared-error")
    return list.reduce((sum, score, at) => sum + (score - (at === label ? 1 : 0)) ** 2, 0) / 2;
  const highest = Math.max(...list);
  return highest + log(list.reduce((sum, score) => sum + exp(score - highest), 0)) - list[label]!;
}

/** dL/df of each example of a batch, and its mean loss as a scalar. scores [example, output], target one-hot alike */
export function batchSlope(loss: LossId, scores: Tensor, target: Tensor): { slope: Tensor; mean: Tensor } {
  if (loss === "squared-error") {
    const slope = tf.sub(scores, target);
    return { slope, mean: tf.mul(tf.mean(tf.sum(tf.square(slope), 1)), 0.5) };
  }
  const shifted = tf.sub(scores, tf.max(scores, 1, true));
  const weights = tf.exp(shifted);
  const total = tf.sum(weights, 1, true);
  const own = tf.sum(tf.mul(shifted, target), 1, true);
  return { slope: tf.sub(tf.div(weights, total), target), mean: tf.mean(tf.sub(tf.log(total), own)) };
}

/** Mean loss and share of right answers of scores [example, output]. */
export function evaluate(loss: LossId, scores: Matrix, labels: ArrayLike<number>): { loss: number; accuracy: number } {
  let sum = 0;
  let right = 0;
  for (let row = 0; row < scores.rows; row++) {
    const own = scores.data.subarray(row * scores.columns, (row + 1) * scores.columns);
    sum += valueOf(loss, own, labels[row]!);
    if (own.indexOf(Math.max(...own)) === labels[row]) right += 1;
  }
  return { loss: sum / scores.rows, accuracy: right / scores.rows };
}
