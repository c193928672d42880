// Statistics of small samples: means with Student-t intervals, quantiles, correlations, and the chance that one sample exceeds another.

/** Sample mean; NaN for an empty sample. Values that are NaN (not measurable) are left out here and everywhere below. */
export function mean(sample: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of sample) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? NaN : sum / count;
}

export function median(sample: Iterable<number>): number {
  const sorted = [...sample].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The value below which a share from 0 to 1 of the sample lies, linear between its members; NaN for an empty sample. */
export function quantile(sample: Iterable<number>, share: number): number {
  const sorted = Float64Array.from([...sample].filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low === high || Number.isInteger(place) ? low : low + (place - Math.floor(place)) * (high - low);
}

/** Sample standard deviation (n - 1); NaN below two values. */
export function deviation(sample: Iterable<number>): number {
  const values = [...sample].filter((value) => !Number.isNaN(value));
  if (values.length < 2) return NaN;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

export interface Interval {
  readonly mean: number;
  /** Bounds of the 95 % confidence interval of the mean; equal to the mean below two values. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Mean with its two-sided 95 % Student-t interval, for independent values. */
export function interval(sample: Iterable<number>): Interval {
  const values = [...sample].filter((value) => !Number.isNaN(value));
  const centre = mean(values);
  const half =
    values.length < 2 ? 0 : (studentT(0.975, values.length - 1) * deviation(values)) / Math.sqrt(values.length);
  return { mean: centre, low: centre - half, high: centre + half, count: values.length };
}

/** P(x > y) + P(x = y) / 2 for x, y drawn from the two samples (Mann and Whitney); NaN when one is empty. */
export function exceedance(xs: Iterable<number>, ys: Iterable<number>): number {
  const below = Float64Array.from([...ys].filter((value) => !Number.isNaN(value))).sort();
  const above = [...xs].filter((value) => !Number.isNaN(value));
  if (below.length === 0 || above.length === 0) return NaN;
  const sum = above.reduce(
    (total, x) => total + lowerBound(below, x) + (upperBound(below, x) - lowerBound(below, x)) / 2,
    0,
  );
  return sum / (above.length * below.length);
}

/**
 * Pearson's correlation of pairs, -1 to 1. Pairs in which either is NaN are left out; NaN below two pairs and where either sample
 * has zero variance.
 * @throws RangeError where the samples differ in length
 */
export function pearson(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  return correlation(...measured(xs, ys));
}

/**
 * Spearman's rank correlation of pairs: Pearson's of the ranks, tied values sharing the mean of theirs. Pairs in which either is NaN
 * are left out; NaN below two pairs and where all values of either sample are equal.
 * @throws RangeError where the samples differ in length
 */
export function spearman(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const [left, right] = measured(xs, ys);
  return correlation(ranks(left), ranks(right));
}

/** The pairs without NaN. */
function measured(xs: ArrayLike<number>, ys: ArrayLike<number>): [Float64Array, Float64Array] {
  if (xs.length !== ys.length) throw new RangeError(`${xs.length} values cannot be correlated with ${ys.length}.`);
  const both = (_: unknown, at: number): boolean => !Number.isNaN(xs[at]!) && !Number.isNaN(ys[at]!);
  return [Float64Array.from(xs).filter(both), Float64Array.from(ys).filter(both)];
}

function correlation(xs: Float64Array, ys: Float64Array): number {
  if (xs.every((x) => x === xs[0]) || ys.every((y) => y === ys[0])) return NaN;
  const [left, right] = [mean(xs), mean(ys)];
  let [ofBoth, ofLeft, ofRight] = [0, 0, 0];
  for (let at = 0; at < xs.length; at++) {
    const [x, y] = [xs[at]! - left, ys[at]! - right];
    ofBoth += x * y;
    ofLeft += x * x;
    ofRight += y * y;
  }
  return Math.max(-1, Math.min(1, ofBoth / ofLeft / Math.sqrt(ofRight / ofLeft)));
}

/** Ranks from 1, tied values sharing the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  return values.map((value) => (lowerBound(sorted, value) + upperBound(sorted, value) + 1) / 2);
}

const lowerBound = (sorted: Float64Array, value: number): number => firstIndex(sorted, (item) => item >= value);
const upperBound = (sorted: Float64Array, value: number): number => firstIndex(sorted, (item) => item > value);

function firstIndex(sorted: Float64Array, holds: (item: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Quantile of Student's t distribution, by bisection on its distribution function.
 * @param probability in (0, 1) @param freedom degrees of freedom, at least 1
 */
export function studentT(probability: number, freedom: number): number {
  const key = `${probability} ${freedom}`;
  const before = quantiles.get(key);
  if (before !== undefined) return before;
  const quantile = studentTOf(probability, freedom);
  quantiles.set(key, quantile);
  return quantile;
}

/** A figure asks for the same few quantiles thousands of times. */
const quantiles = new Map<string, number>();

function studentTOf(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1) || !(freedom >= 1))
    throw new RangeError(`studentT: probability ${probability}, ${freedom} degrees of freedom`);
  if (probability < 0.5) return -studentT(1 - probability, freedom);
  let low = 0;
  let high = 1;
  while (studentTBelow(high, freedom) < probability) high *= 2;
  for (let round = 0; round < 100 && high - low > 1e-13 * high; round++) {
    const middle = (low + high) / 2;
    if (studentTBelow(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function of Student's t for t >= 0: 1 - I_x(v/2, 1/2) / 2 with x = v / (v + t^2). */
function studentTBelow(t: number, freedom: number): number {
  return 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}

/** Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front / betaFraction(x, a, b);
}

/** The continued fraction 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 0;
  let value = 1;
  for (let term = 1; term < 500; term++) {
    const m = Math.floor(term / 2);
    const d =
      term % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / (1 + d * denominator);
    numerator = 1 + d / numerator;
    const factor = numerator * denominator;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** ln Gamma(x) for x > 0 by Stirling's series (DLMF 5.11.1) after raising x above 12. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 12; at += 1) shift -= Math.log(at);
  const inverse = 1 / (at * at);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / at;
  return shift + (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series;
}
