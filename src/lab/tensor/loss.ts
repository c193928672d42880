// The losses of one example as functions of its scores f: value and slope dL/df. The target of an output is 1 where it is the
// example's label, else 0; where the label belongs to no output, all of them are 0 (cross-entropy asks for one that does).
import { exp, log } from "../../math/elementary.ts";
import type { LossId, Matrix } from "../contracts.ts";
import { tf, type Tensor } from "./tf.ts";

/**
 * dL/df of one example in double precision: f - t for the squared error, softmax(f) - t for cross-entropy, sigmoid(f) - t for
 * the binary one. Nothing is subtracted from a chance: the own entry of softmax is minus the sum of the others, and
 * sigmoid(f) - 1 is -sigmoid(-f).
 */
export function slopeOf(loss: LossId, scores: ArrayLike<number>, label: number): Float64Array {
  const slope = Float64Array.from(scores);
  if (loss === "squared-error") {
    if (label < slope.length) slope[label]! -= 1;
    return slope;
  }
  if (loss === "binary cross-entropy")
    return slope.map((score, at) => (at === label ? -sigmoid(-score) : sigmoid(score)));
  const highest = Math.max(...slope);
  const weights = slope.map((score) => exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chances = weights.map((weight) => weight / total);
  chances[label] = -chances.reduce((sum, chance, at) => (at === label ? sum : sum + chance), 0);
  return chances;
}

/**
 * L of one example: half the squared distance of f to the targets t, -log softmax(f)_y, or the sum of -t log p - (1 - t) log(1 - p) over the outputs, with p = sigmoid(f).
 */
export function valueOf(loss: LossId, scores: ArrayLike<number>, label: number): number {
  const list = Array.from(scores);
  if (loss === "squared-error")
    return list.reduce((sum, score, at) => sum + (score - (at === label ? 1 : 0)) ** 2, 0) / 2;
  if (loss === "binary cross-entropy")
    return list.reduce((sum, score, at) => sum + softplus(at === label ? -score : score), 0);
  const highest = Math.max(...list);
  return highest + log(list.reduce((sum, score) => sum + exp(score - highest), 0)) - list[label]!;
}

/** 1 / (1 + e^-z), with its digits on both sides. */
function sigmoid(z: number): number {
  const small = exp(-Math.abs(z));
  return (z < 0 ? small : 1) / (1 + small);
}

/** log(1 + e^z) = -log sigmoid(-z), with its digits on both sides (the logarithm of 1 + x as Kahan makes it). */
function softplus(z: number): number {
  const small = exp(-Math.abs(z));
  const sum = 1 + small;
  return Math.max(z, 0) + (sum === 1 ? small : (log(sum) * small) / (sum - 1));
}

/** dL/df of each example of a batch, and its mean loss as a scalar. scores [example, output], target of 0 and 1 alike */
export function batchSlope(loss: LossId, scores: Tensor, target: Tensor): { slope: Tensor; mean: Tensor } {
  if (loss === "squared-error") {
    const slope = tf.sub(scores, target);
    return { slope, mean: tf.mul(tf.mean(tf.sum(tf.square(slope), 1)), 0.5) };
  }
  if (loss === "binary cross-entropy") {
    // With z = -f where the target is 1 and f where it is 0: L = log(1 + e^z), and dL/dz = sigmoid(z).
    const side = tf.sub(1, tf.mul(target, 2));
    const z = tf.mul(side, scores);
    const each = tf.add(tf.relu(z), tf.log(tf.add(tf.exp(tf.neg(tf.abs(z))), 1)));
    return { slope: tf.mul(side, tf.sigmoid(z)), mean: tf.mean(tf.sum(each, 1)) };
  }
  const shifted = tf.sub(scores, tf.max(scores, 1, true));
  const weights = tf.exp(shifted);
  const total = tf.sum(weights, 1, true);
  const own = tf.sum(tf.mul(shifted, target), 1, true);
  return { slope: tf.sub(tf.div(weights, total), target), mean: tf.mean(tf.sub(tf.log(total), own)) };
}

/**
 * Mean loss and share of right answers of scores [example, output]. The answer is the highest score; of a single one, whether
 * the target is 1 or 0, told at 0 for binary cross-entropy and at 1/2 else.
 */
export function evaluate(loss: LossId, scores: Matrix, labels: ArrayLike<number>): { loss: number; accuracy: number } {
  const limit = loss === "binary cross-entropy" ? 0 : 0.5;
  let sum = 0;
  let right = 0;
  for (let row = 0; row < scores.rows; row++) {
    const own = scores.data.subarray(row * scores.columns, (row + 1) * scores.columns);
    const label = labels[row]!;
    sum += valueOf(loss, own, label);
    const isRight = scores.columns === 1 ? own[0]! > limit === (label === 0) : own.indexOf(Math.max(...own)) === label;
    if (isRight) right += 1;
  }
  return { loss: sum / scores.rows, accuracy: right / scores.rows };
}
