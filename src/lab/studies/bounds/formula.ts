// The two bounds on the generalization gap, as functions of the sample size and the confidence.

export interface Confidence {
  /** Sample size. */
  readonly m: number;
  /** The bound holds with probability 1 - delta over samples. */
  readonly delta: number;
}

/** What both bounds are made of: 2 s / m + scale (inner s + slack + M_l) sqrt(log(odds / delta) / m). */
export interface Shape {
  readonly scale: number;
  readonly inner: number;
  readonly slack: number;
  /** M_l: the loss lies between 0 and it. */
  readonly lossBound: number;
  readonly odds: number;
}

/** @param sensitivity s: m times how much a loss changes when one example is left out */
export const boundOf = (
  sensitivity: number,
  { scale, inner, slack, lossBound, odds }: Shape,
  { m, delta }: Confidence,
): number =>
  (2 * sensitivity) / m + scale * (inner * sensitivity + slack + lossBound) * Math.sqrt(Math.log(odds / delta) / m);

/** 2 M_beta / m + (4 M_beta + M_l) sqrt(log(1 / delta) / (2 m)) (Bousquet and Elisseeff, JMLR 2002, with beta = M_beta / m). */
export const uniformShape = (lossBound: number): Shape => ({
  scale: Math.SQRT1_2,
  inner: 4,
  slack: 0,
  lossBound,
  odds: 1,
});

/** What of the locally elastic bound is chosen by whoever asks. */
export interface ElasticChoice {
  /** c, before the bracket. */
  readonly scale: number;
  /** The factor of sup E beta in it. */
  readonly inner: number;
  /** eta > 0. */
  readonly eta: number;
  readonly lossBound: number;
}

/**
 * 2 E / m + c (inner E + eta + M_l) sqrt(log(2 / delta) / m) with E = sup over z' of the mean over z of beta(z', z), for m large
 * enough: after Deng, He and Su, ICML 2021. The wording and the constants of their theorem could not be read.
 */
export const elasticShape = ({ scale, inner, eta, lossBound }: ElasticChoice): Shape => ({
  scale,
  inner,
  slack: eta,
  lossBound,
  odds: 2,
});

/** The least sample size from which a bound is below a level, its sensitivity staying as it is; infinite where it never is. */
export function belowFrom(level: number, bound: (m: number) => number): number {
  let high = 1;
  while (bound(high) >= level) {
    high *= 2;
    if (high > 2 ** 50) return Infinity;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (bound(middle) < level) high = middle;
    else low = middle;
  }
  return high;
}
