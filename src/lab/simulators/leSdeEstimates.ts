// The locally elastic SDE read backwards: the effects alpha and beta, their integrals A and B, and how fast alpha falls, from the
// class means of features against time; after the code of Zhang, Wang and Su (NeurIPS 2021), data_analyzer.
import { expm1, log } from "../../math/elementary.ts";
import { derivative } from "../../math/savitzkyGolay.ts";
import { mean } from "../../math/stats.ts";
import { drawn, integrated, shares, type EffectModel } from "./leSde.ts";

/** Class means against time. */
export interface Course {
  readonly classCount: number;
  /** Evenly spaced, from 1 on. */
  readonly times: readonly number[];
  /** [time][class, coordinate], as many coordinates as classes */
  readonly means: readonly Float64Array<ArrayBuffer>[];
}

/** By time, from the course's first on, where A and B are 0; NaN where they are not measurable. */
export interface Estimates {
  readonly model: EffectModel;
  readonly A: Float64Array;
  readonly B: Float64Array;
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
}

/**
 * The effects under which the class means would have grown as they did. Each model has two modes that grow by exponentials of A and B
 * (see `closedForm`), so the logarithms of two growths give both. I: the mean of all classes by (A + (K - 1) B) / K, differences from it
 * by (A - B) / K, element by element as in the authors' code. L: with s_k the share of class k along its own direction, the mean of the s_k
 * by (A - B) / K and the norm of what is left of them by (A + B / (K - 1)) / K; the authors have this for K = 3.
 * A growth from 0 or to 0 has no logarithm, and means that are NaN none either: A and B are NaN there, alpha and beta around.
 * @param window of the derivative, in points of the course
 */
export function estimated(model: EffectModel, course: Course, window: number): Estimates {
  const { classCount: K, times } = course;
  const grown = (model === "I" ? elementGrowth : modeGrowth)(course);
  const pairs = grown.map(([own, cross]): [A: number, B: number] =>
    model === "I"
      ? [(cross + (K - 1) * own) / K, (cross - own) / K]
      : [(own + (K - 1) * cross) / K, ((K - 1) * (cross - own)) / K],
  );
  const A = Float64Array.from(pairs, ([value]) => value);
  const B = Float64Array.from(pairs, ([, value]) => value);
  const step = times[1]! - times[0]!;
  return { model, A, B, alpha: derivative(A, window, step), beta: derivative(B, window, step) };
}

/** NaN for what has no place among numbers: it is not measurable. */
const measurable = (value: number): number => (Number.isFinite(value) ? value : NaN);

/** K times the log growth of differences between classes and of the mean of all, means over what can be measured. [time] */
function elementGrowth({ classCount: K, means }: Course): [own: number, cross: number][] {
  const common = means.map((now) => commonMean(now, K));
  const apart = means.map((now, at) => now.map((value, place) => value - common[at]![place % K]!));
  const growth = (now: Float64Array, start: Float64Array): number =>
    K * mean(Array.from(now, (value, place) => log(Math.abs(value / start[place]!))).filter(Number.isFinite));
  return means.map((_, at) => [growth(apart[at]!, apart[0]!), growth(common[at]!, common[0]!)]);
}

const commonMean = (means: Float64Array, K: number): Float64Array =>
  Float64Array.from({ length: K }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += means[k * K + i]!;
    return sum / K;
  });

/** K times the log growth of the L-model's symmetric mode and of the norm of the others. [time] */
function modeGrowth({ classCount: K, means }: Course): [own: number, cross: number][] {
  const modes = means.map((now) => {
    const own = shares(now, K);
    const symmetric = mean(own);
    return [Math.abs(symmetric), Math.sqrt(own.reduce((sum, value) => sum + (value - symmetric) ** 2, 0))] as const;
  });
  const [symmetric, others] = modes[0]!;
  return modes.map(([own, rest]) => [measurable(K * log(own / symmetric)), measurable(K * log(rest / others))]);
}

/** The share of the course, its end, that tail indices are read from: the authors take 1,000 of 10,000 iterations. */
const lastPart = 0.1;

/**
 * The authors' tail index, 1 - mean of log |A| / log t over the last tenth of the course. It is r for alpha = (1 - r) t^-r alone: another strength
 * c adds log((1 - r) / c) / log t, and an A that has come to rest has a tail index of its own height. NaN where A is 0.
 */
export function heightTail(integral: Float64Array, times: readonly number[]): number {
  const from = Math.floor((1 - lastPart) * times.length);
  return measurable(1 - mean(times.slice(from).map((t, at) => log(Math.abs(integral[from + at]!)) / log(t))));
}

/** Tail indices that are looked through, in these steps at first. */
const tails = { low: -1, high: 4, step: 0.25 };

/**
 * The tail index r of an effect c t^-r, by least squares of its integral: a + c (t^(1-r) - 1) / (1 - r), whatever a and c. NaN where no r
 * between -1 and 4 fits best.
 * @param times after those that are to be left out
 */
export function fittedTail(integral: ArrayLike<number>, times: readonly number[]): number {
  const logs = times.map(log);
  const ys = Array.from(integral);
  const y = mean(ys);
  /** What the best a and c leave, less the sum of squares of the integral. */
  const left = (r: number): number => {
    const s = 1 - r;
    const xs = logs.map((value) => (Math.abs(s) < 1e-9 ? value : expm1(s * value) / s));
    const x = mean(xs);
    let [both, own] = [0, 0];
    xs.forEach((value, at) => {
      both += (value - x) * (ys[at]! - y);
      own += (value - x) ** 2;
    });
    return -(both * both) / own;
  };
  const { low, high, step } = tails;
  const coarse = Array.from({ length: (high - low) / step + 1 }, (_, at) => low + at * step);
  const best = coarse.reduce((least, r) => (left(r) < left(least) ? r : least));
  return best === low || best === high ? NaN : least(left, best - step, best + step);
}

/** Where a function with one valley is least, to a thousandth, by the golden section. */
function least(of: (x: number) => number, low: number, high: number): number {
  const share = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  while (to - from > 1e-3) {
    const [left, right] = [to - share * (to - from), from + share * (to - from)];
    if (of(left) < of(right)) to = right;
    else from = left;
  }
  return (from + to) / 2;
}

/** Runge-Kutta steps between two times of a course. */
const stepsBetween = 4;

/**
 * Class means by the equation without noise, under the estimated effects, from where the course begins. NaN where they are not
 * measurable or the means leave all numbers. [time][class, coordinate]
 */
export function resimulated({ model, alpha, beta }: Estimates, { classCount, times, means }: Course) {
  const effect = (values: Float64Array) => drawn(times.map((t, at) => [t, values[at]!] as const));
  const effects = { model, classCount, alpha: effect(alpha), beta: effect(beta) };
  const path = integrated(effects, means[0]!, times, stepsBetween * (times.length - 1), { whole: true });
  return path.map((now) => now.map(measurable));
}
