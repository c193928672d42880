// How far classes of features are apart, and how far they have collapsed (Papyan, Han and Donoho, PNAS 2020): within-class
// spread, angles and norms of the class means, and the linear classifier beside them.
import { eigenpairs } from "./eigenpairs.ts";
import { ridgeOf } from "./ridge.ts";

/** Features by class. [class][sample, coordinate] */
export interface ClassFeatures {
  readonly classes: readonly Float64Array[];
  readonly dimensions: number;
}

/** The features of one sample. [coordinate] */
const sampleOf = (features: Float64Array, sample: number, p: number): Float64Array =>
  features.subarray(sample * p, (sample + 1) * p);

/** Class means. [class][coordinate] */
export function classMeans({ classes, dimensions: p }: ClassFeatures): Float64Array[] {
  return classes.map((features) => {
    const count = features.length / p;
    return Float64Array.from({ length: p }, (_, i) => {
      let sum = 0;
      for (let sample = 0; sample < count; sample++) sum += features[sample * p + i]!;
      return sum / count;
    });
  });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** The cosine of two vectors; NaN where either has no length. */
export const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / (norm(a) * norm(b));

/** Rows w_k and offsets b_k; a sample x belongs to the class of the largest w_k . x + b_k. */
export interface LinearClassifier {
  readonly weights: readonly Float64Array[];
  readonly offsets: Float64Array;
}

/** Nearest class mean: w_k = m_k, b_k = -|m_k|^2 / 2. */
export function nearestMean(features: ClassFeatures): LinearClassifier {
  const means = classMeans(features);
  return { weights: means, offsets: Float64Array.from(means, (mean) => -dot(mean, mean) / 2) };
}

/** Share of the mean square of the features that is added to the probe's normal equations, so that they have a solution. */
const probeRidge = 1e-6;

/** The linear probe: least squares from features and a constant to one number a class, 1 for the own one, else 0. */
export function linearProbe({ classes, dimensions: p }: ClassFeatures): LinearClassifier {
  const K = classes.length;
  // With features divided by their size, the ridge means the same whatever the unit.
  const all = classes.flatMap((features) => Array.from(features));
  const unit = Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length) || 1;
  const gram = new Float64Array((p + 1) ** 2);
  const moments = new Float64Array((p + 1) * K);
  let count = 0;
  classes.forEach((features, k) => {
    for (let sample = 0; sample < features.length / p; sample++) {
      count += 1;
      const x = [...sampleOf(features, sample, p)].map((value) => value / unit).concat(1);
      for (let i = 0; i <= p; i++) {
        moments[i * K + k]! += x[i]!;
        for (let j = 0; j <= p; j++) gram[i * (p + 1) + j]! += x[i]! * x[j]!;
      }
    }
  });
  const { data } = ridgeOf({ rows: p + 1, columns: p + 1, data: gram }, probeRidge * count).solve({
    rows: p + 1,
    columns: K,
    data: moments,
  });
  return {
    weights: classes.map((_, k) => Float64Array.from({ length: p }, (_unused, i) => data[i * K + k]! / unit)),
    offsets: Float64Array.from({ length: K }, (_, k) => data[p * K + k]!),
  };
}

/** The class of one sample; the first of the best. */
function classified({ weights, offsets }: LinearClassifier, x: ArrayLike<number>): number {
  let best = 0;
  let most = -Infinity;
  weights.forEach((weight, k) => {
    const score = dot(weight, x) + offsets[k]!;
    if (score > most) [best, most] = [k, score];
  });
  return best;
}

/** Share of samples that are classified rightly, each class counting alike. */
export function accuracy(classifier: LinearClassifier, { classes, dimensions: p }: ClassFeatures): number {
  const rates = classes.map((features, k) => {
    const count = features.length / p;
    let right = 0;
    for (let sample = 0; sample < count; sample++)
      if (classified(classifier, sampleOf(features, sample, p)) === k) right += 1;
    return right / count;
  });
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

export interface Collapse {
  /** NC1: tr(S_W S_B^+) / K, within-class over between-class scatter; goes to 0. */
  readonly within: number;
  /** NC2: standard deviation of the norms of the centred class means over their mean; goes to 0. */
  readonly norms: number;
  /** NC2: mean cosine of two centred class means; goes to -1 / (K - 1). */
  readonly angle: number;
  /** NC2: their largest distance from -1 / (K - 1). */
  readonly angleGap: number;
  /** NC3: |W / |W| - M / |M|| of the probe's weights and the centred class means, in Frobenius norm; goes to 0. */
  readonly duality: number;
  /** NC4: share of samples to which the probe and the nearest class mean give another class; goes to 0. */
  readonly disagreement: number;
}

/** @param features at least two classes, each with as many coordinates or more as there are classes less one */
export function collapse(features: ClassFeatures): Collapse {
  const { classes, dimensions: p } = features;
  const K = classes.length;
  const means = classMeans(features);
  const centre = Float64Array.from({ length: p }, (_, i) => means.reduce((sum, mean) => sum + mean[i]!, 0) / K);
  const apart = means.map((mean) => mean.map((value, i) => value - centre[i]!));
  const norms = apart.map(norm);
  const average = norms.reduce((sum, value) => sum + value, 0) / K;
  const cosines = apart.flatMap((a, k) => apart.slice(k + 1).map((b) => cosine(a, b)));
  const probe = linearProbe(features);
  const nearest = nearestMean(features);
  const judged = classes.flatMap((own) =>
    Array.from({ length: own.length / p }, (_, sample) => sampleOf(own, sample, p)),
  );
  return {
    within: scatterRatio(features, means, apart),
    norms: Math.sqrt(norms.reduce((sum, value) => sum + (value - average) ** 2, 0) / K) / average,
    angle: cosines.reduce((sum, value) => sum + value, 0) / cosines.length,
    angleGap: Math.max(...cosines.map((value) => Math.abs(value + 1 / (K - 1)))),
    duality: frobeniusGap(probe.weights, apart),
    disagreement: judged.filter((x) => classified(probe, x) !== classified(nearest, x)).length / judged.length,
  };
}

/** tr(S_W S_B^+) / K: over the directions in which the class means differ. */
function scatterRatio(
  { classes, dimensions: p }: ClassFeatures,
  means: readonly Float64Array[],
  apart: readonly Float64Array[],
): number {
  const K = classes.length;
  const between = new Float64Array(p * p);
  for (const mean of apart)
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) between[i * p + j]! += (mean[i]! * mean[j]!) / K;
  const { values, vectors } = eigenpairs({ rows: p, columns: p, data: between }, Math.min(p, K - 1));
  let trace = 0;
  for (let which = 0; which < vectors.rows; which++) {
    const direction = sampleOf(vectors.data, which, p);
    let spread = 0;
    let count = 0;
    classes.forEach((features, k) => {
      for (let sample = 0; sample < features.length / p; sample++) {
        const along = dot(direction, sampleOf(features, sample, p)) - dot(direction, means[k]!);
        spread += along * along;
        count += 1;
      }
    });
    trace += spread / count / values[which]!;
  }
  return trace / K;
}

/** The distance of two families of vectors, each scaled to length 1 as a whole; the weights less their own mean. */
function frobeniusGap(weights: readonly Float64Array[], means: readonly Float64Array[]): number {
  const p = means[0]!.length;
  const centre = Float64Array.from(
    { length: p },
    (_, i) => weights.reduce((sum, w) => sum + w[i]!, 0) / weights.length,
  );
  const flat = (rows: readonly Float64Array[]): number[] => rows.flatMap((row) => Array.from(row));
  const [w, m] = [flat(weights.map((row) => row.map((value, i) => value - centre[i]!))), flat(means)];
  const [ofW, ofM] = [norm(w), norm(m)];
  return norm(w.map((value, at) => value / ofW - m[at]! / ofM));
}
