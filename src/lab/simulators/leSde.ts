// The locally elastic SDE (Zhang, Wang and Su, NeurIPS 2021): features of K classes, each sample driven by the means of all
// classes, by its own class's with the intra-class effect alpha(t) and by the others' with the inter-class effect beta(t).
import { exp, expm1, log } from "../../math/elementary.ts";
import type { Rng } from "../../math/rng.ts";

/** I: an effect moves along the class mean itself. L: along d_k = e_k - 1/K, the direction of the class's own logit. */
export type EffectModel = "I" | "L";

/** How strong an effect is at a time t >= 1. */
export interface Effect {
  at(t: number): number;
  /** Its integral from 1 to t. */
  integral(t: number): number;
}

/** strength t^-tail */
export function powerLaw(strength: number, tail: number): Effect {
  const power = (t: number, exponent: number): number => exp(exponent * log(t));
  return {
    at: (t) => strength * power(t, -tail),
    integral: (t) => strength * (Math.abs(1 - tail) < 1e-9 ? log(t) : (power(t, 1 - tail) - 1) / (1 - tail)),
  };
}

/**
 * Through given points, straight in log t between them and constant beyond the ends.
 * @param knots [time, strength], times from 1 up
 */
export function drawn(knots: readonly (readonly [time: number, strength: number])[]): Effect {
  const sorted = knots.toSorted(([a], [b]) => a - b);
  const first = sorted[0]!;
  const last = sorted.at(-1)!;
  /** Pieces strength = c + d log t from one time to the next. */
  const pieces = [[1, first[1]] as const, ...sorted, [Infinity, last[1]] as const].reduce<
    { from: number; to: number; c: number; d: number }[]
  >((all, [to, strength], at, points) => {
    if (at === 0) return all;
    const [from, before] = points[at - 1]!;
    if (to <= from) return all;
    const d = to === Infinity ? 0 : (strength - before) / (log(to) - log(from));
    return [...all, { from, to, c: before - d * log(from), d }];
  }, []);
  const primitive = (t: number, { c, d }: { c: number; d: number }): number => c * t + d * (t * log(t) - t);
  return {
    at(t) {
      const piece = pieces.find(({ to }) => t <= to)!;
      return piece.c + piece.d * log(t);
    },
    integral: (t) =>
      pieces
        .filter(({ from }) => from < t)
        .reduce((sum, piece) => sum + primitive(Math.min(t, piece.to), piece) - primitive(piece.from, piece), 0),
  };
}

export interface Effects {
  readonly model: EffectModel;
  readonly classCount: number;
  readonly alpha: Effect;
  readonly beta: Effect;
}

/** Rates of the two modes: `own` of differences between classes (I) or of the symmetric mode (L), `cross` of L's other modes. */
export interface Rates {
  readonly own: number;
  readonly cross: number;
}

const ratesOf = (classCount: number, alpha: number, beta: number): Rates => ({
  own: (alpha - beta) / classCount,
  cross: (alpha + beta / (classCount - 1)) / classCount,
});

/**
 * dX_k/dt of the class means: (alpha H_k X_k + beta sum of H_l X_l over the other classes) / K.
 * @param means [class, coordinate], as many coordinates as classes
 * @param change where it is written, of the same shape
 */
export function drift({ model, classCount: K, alpha, beta }: Effects, t: number, means: Means, change: Means): void {
  const [a, b] = [alpha.at(t), beta.at(t)];
  if (model === "I") change.set(means);
  else project(means, K, change);
  for (let i = 0; i < K; i++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += change[k * K + i]!;
    for (let k = 0; k < K; k++) change[k * K + i] = ((a - b) * change[k * K + i]! + b * sum) / K;
  }
}

/** Class means. [class, coordinate] */
export type Means = Float64Array<ArrayBuffer>;

/** s_k = d_k . X_k / |d_k|^2, the share of each class mean along its own direction. [class] */
export function shares(means: Float64Array, K: number): Float64Array {
  return Float64Array.from({ length: K }, (_, k) => {
    let all = 0;
    for (let i = 0; i < K; i++) all += means[k * K + i]!;
    return (means[k * K + k]! - all / K) / (1 - 1 / K);
  });
}

/** H_k X_k = s_k d_k. */
function project(means: Means, K: number, out: Means): void {
  for (let k = 0; k < K; k++) {
    let all = 0;
    for (let i = 0; i < K; i++) all += means[k * K + i]!;
    const share = (means[k * K + k]! - all / K) / (1 - 1 / K);
    for (let i = 0; i < K; i++) out[k * K + i] = share * ((i === k ? 1 : 0) - 1 / K);
  }
}

/**
 * The class means less their common mean in the I-model, unless `whole`, as they are in the L-model, without noise, by the
 * classical Runge-Kutta method.
 * @param times rising, from 1 on @param steps steps between the first and the last time, at least one an interval
 * @returns [time][class, coordinate]
 */
export function integrated(
  effects: Effects,
  start: Means,
  times: readonly number[],
  steps: number,
  { whole = false } = {},
): Means[] {
  const { classCount: K, model } = effects;
  const settled = (means: Means): Means => (model === "I" && !whole ? centred(means, K) : means);
  let state = settled(start.slice());
  const span = times.at(-1)! - times[0]!;
  const slope = (t: number, along?: Means, share = 0): Means => {
    const change = new Float64Array(K * K);
    drift(effects, t, along ? state.map((value, at) => value + share * along[at]!) : state, change);
    return change;
  };
  const path = [state];
  for (let at = 1; at < times.length; at++) {
    const [from, to] = [times[at - 1]!, times[at]!];
    const count = Math.max(1, Math.ceil((steps * (to - from)) / span));
    const h = (to - from) / count;
    for (let step = 0; step < count; step++) {
      const t = from + step * h;
      const k1 = slope(t);
      const k2 = slope(t + h / 2, k1, h / 2);
      const k3 = slope(t + h / 2, k2, h / 2);
      const k4 = slope(t + h, k3, h);
      state = settled(state.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!)));
    }
    path.push(state);
  }
  return path;
}

/** Each coordinate less its mean over classes. */
export const centred = (means: Means, K: number): Means => centre(means.slice(), K);

/** In place, since a simulation does it at every step. */
function centre(means: Means, K: number): Means {
  for (let i = 0; i < K; i++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += means[k * K + i]!;
    for (let k = 0; k < K; k++) means[k * K + i]! -= sum / K;
  }
  return means;
}

/**
 * The same in closed form. I: differences between classes grow by exp((A - B) / K). L: s_k has a symmetric mode of
 * exp((A - B) / K) and others of exp((A + B / (K - 1)) / K), and the means follow by what these have driven; beta must be a
 * multiple of alpha there.
 */
export function closedForm(effects: Effects, start: Means, t: number): Means {
  const { model, classCount: K, alpha, beta } = effects;
  const [A, B] = [alpha.integral(t), beta.integral(t)];
  if (model === "I") return centred(start, K).map((value) => value * exp((A - B) / K));
  const own = shares(start, K);
  const symmetric = own.reduce((sum, value) => sum + value, 0) / K;
  const rates = ratesOf(K, A, B);
  // What s_k has driven, integral of alpha s_k dt: alpha is proportional to each rate, so exp(rate) integrates to itself.
  const share = A === 0 ? 0 : B / A;
  const driven = (rate: number): number => (rate === 0 ? A : (A * expm1(rate)) / rate);
  const byAlpha = own.map((value) => symmetric * driven(rates.own) + (value - symmetric) * driven(rates.cross));
  const total = byAlpha.reduce((sum, value) => sum + value, 0);
  return start.map((value, at) => {
    const [k, i] = [Math.floor(at / K), at % K];
    // sum over l of w_l d_l at coordinate i, w_k = alpha's part, the others beta's.
    const weight = (l: number): number => (l === k ? byAlpha[l]! : share * byAlpha[l]!);
    const all = byAlpha[k]! + share * (total - byAlpha[k]!);
    return value + (weight(i) - all / K) / K;
  });
}

export interface Run {
  readonly effects: Effects;
  readonly perClass: number;
  /** Standard deviation of each sample's Brownian motion after one unit of time, in each coordinate. */
  readonly noise: number;
  /** Standard deviation of each coordinate of each sample at the start. */
  readonly spread: number;
  /** Steps of Euler and Maruyama, of length 1, from time 1 on. */
  readonly steps: number;
  /** Times at which it is looked at, rising whole numbers from 1 to 1 + steps. */
  readonly times: readonly number[];
  readonly random: Rng;
}

/** All samples at one time, up to a common factor: large growth is divided out, which no measure of shape can tell. */
export interface Snapshot {
  readonly time: number;
  /** Class means of the samples. [class, coordinate] */
  readonly means: Means;
  /** The samples less the mean of their class. [class, sample, coordinate] */
  readonly deviations: Float64Array;
  /** log of what all numbers here must be multiplied by. */
  readonly logScale: number;
}

/** Beyond this the numbers are divided by it. */
const most = 1e100;

/**
 * A path of all samples. All samples of a class have the same drift, so the class means make a path of their own, whose noise is
 * smaller by the root of the class's size, and what is left of each sample is Brownian motion: the same in law as to move
 * every sample step by step. The I-model's common mean, which no sample's class depends on, is removed.
 */
export function simulated({ effects, perClass, noise, spread, steps, times, random }: Run): Snapshot[] {
  const { classCount: K, model } = effects;
  const ofMeans = random.fork("class means");
  const ofSamples = random.fork("samples");
  const meanNoise = noise / Math.sqrt(perClass);
  const state = Float64Array.from({ length: K * K }, () => (spread / Math.sqrt(perClass)) * ofMeans.normal());
  if (model === "I") centre(state, K);
  const deviations = new Float64Array(K * perClass * K);
  diffuse(deviations, perClass, K, spread, ofSamples);
  const change = new Float64Array(K * K);
  let logScale = 0;
  let scale = 1;
  let last = 1;
  const wanted = new Set(times);
  const seen: Snapshot[] = [];
  for (let step = 0; step <= steps; step++) {
    const t = 1 + step;
    if (wanted.has(t)) {
      if (t > last) diffuse(deviations, perClass, K, noise * Math.sqrt(t - last), ofSamples);
      last = t;
      seen.push({ time: t, means: state.slice(), deviations: deviations.map((value) => value / scale), logScale });
    }
    if (step === steps) break;
    drift(effects, t, state, change);
    for (let at = 0; at < state.length; at++) state[at]! += change[at]! + (meanNoise / scale) * ofMeans.normal();
    if (model === "I") centre(state, K);
    if (state.some((value) => Math.abs(value) > most)) {
      for (let at = 0; at < state.length; at++) state[at]! /= most;
      logScale += log(most);
      scale *= most;
    }
  }
  return seen;
}

/** Adds independent normal numbers to all samples, less their mean over each class. */
function diffuse(deviations: Float64Array, perClass: number, K: number, size: number, random: Rng): void {
  for (let k = 0; k < deviations.length / (perClass * K); k++) {
    const draws = Float64Array.from({ length: perClass * K }, () => size * random.normal());
    for (let i = 0; i < K; i++) {
      let sum = 0;
      for (let sample = 0; sample < perClass; sample++) sum += draws[sample * K + i]!;
      for (let sample = 0; sample < perClass; sample++)
        deviations[(k * perClass + sample) * K + i]! += draws[sample * K + i]! - sum / perClass;
    }
  }
}
