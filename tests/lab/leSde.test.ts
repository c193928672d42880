// The locally elastic SDE: closed forms against the integrated equation, the phases, and the law of its paths.
import { describe, expect, it } from "vitest";
import {
  centred,
  closedForm,
  drawn,
  integrated,
  powerLaw,
  simulated,
  type Effects,
  type EffectModel,
} from "../../src/lab/simulators/leSde.ts";
import { accuracy, classMeans, collapse, cosine, nearestMean, type ClassFeatures } from "../../src/math/collapse.ts";
import { rng } from "../../src/math/rng.ts";
import { relativeError } from "../helpers/compare.ts";

const K = 3;
const start = Float64Array.from({ length: K * K }, () => 0.1 * rng(4).fork("start").normal());
for (let at = 0; at < start.length; at++) start[at] = 0.1 * rng(4).fork(at).normal();
const effects = (model: EffectModel, ratio: number, tail = 0.7, strength = 1): Effects => ({
  model,
  classCount: K,
  alpha: powerLaw(strength, tail),
  beta: powerLaw(ratio * strength, tail),
});

describe("effects", () => {
  it.each([0, 0.3, 1, 1.7])("of tail %s integrate to what a sum of thin slices gives", (tail) => {
    const { at, integral } = powerLaw(2, tail);
    let sum = 0;
    const h = 1e-3;
    for (let step = 0; step < 20_000; step++) sum += h * at(1 + (step + 0.5) * h);
    expect(integral(21)).toBeCloseTo(sum, 5);
  });

  it("drawn by hand go through their points, straight in log t, and integrate to the sum of slices", () => {
    const { at, integral } = drawn([
      [10, 1],
      [2, 4],
      [40, -2],
    ]);
    expect([1, 2, 10, 40, 90].map((t) => at(t))).toEqual([4, 4, 1, -2, -2].map((value) => expect.closeTo(value, 12)));
    expect(at(20)).toBeCloseTo(-0.5, 12);
    let sum = 0;
    const h = 1e-3;
    for (let step = 0; step < 99_000; step++) sum += h * at(1 + (step + 0.5) * h);
    expect(integral(100)).toBeCloseTo(sum, 4);
  });
});

describe.each(["I", "L"] as const)("the %s-model", (model) => {
  it.each([-0.5, 0, 0.3, 1, 1.4])("integrated is its closed form, beta / alpha = %s", (ratio) => {
    const times = [1, 2, 10, 100, 1000];
    const path = integrated(effects(model, ratio), start, times, 10_000);
    times.forEach((t, at) =>
      expect(relativeError(path[at]!, closedForm(effects(model, ratio), start, t)), `t = ${t}`).toBeLessThan(1e-6),
    );
  });

  it("follows its own closed form where there is no noise but that of the start", () => {
    const run = { effects: effects(model, -0.5), perClass: 4, noise: 0, spread: 0.1, steps: 2000, times: [1, 2001] };
    const [first, last] = simulated({ ...run, random: rng(1) });
    const known = closedForm(run.effects, first!.means, 2001);
    // Euler's steps of length 1 are late, mostly at the start; the shape is the same.
    expect(cosine(last!.means, known)).toBeGreaterThan(0.99);
    expect([...last!.deviations]).toEqual([...first!.deviations]);
  });
});

/** Nearest-mean accuracy on the second half of the samples at the end, of means from the first. */
function accuracyAt(model: EffectModel, tail: number, ratio: number, seed: number): number {
  const perClass = 50;
  const [last] = simulated({
    effects: effects(model, ratio, tail),
    perClass,
    noise: 0.05,
    spread: 0.1,
    steps: 4999,
    times: [5000],
    random: rng(seed),
  });
  const half = (from: number): ClassFeatures => ({
    dimensions: K,
    classes: Array.from({ length: K }, (_, k) =>
      Float64Array.from({ length: 25 * K }, (_unused, at) => {
        const place = (k * perClass + from) * K + at;
        return last!.means[k * K + (at % K)]! + last!.deviations[place]!;
      }),
    ),
  });
  return accuracy(nearestMean(half(0)), half(25));
}

describe("phases of the I-model with three classes", () => {
  it.each([0.3, 0.5, 0.7])("of tail index %s are separable", (tail) => {
    for (const seed of [1, 2, 3]) expect(accuracyAt("I", tail, 0, seed)).toBeGreaterThan(0.99);
  });

  it.each([1.2, 1.5])("of tail index %s are not", (tail) => {
    const seeds = Array.from({ length: 25 }, (_, seed) => seed);
    const mean = seeds.reduce((sum, seed) => sum + accuracyAt("I", tail, 0, seed), 0) / seeds.length;
    expect(mean).toBeGreaterThan(0.28);
    expect(mean).toBeLessThan(0.45);
  });

  it("are at chance where the effects are equal, whatever the tail index", () => {
    const seeds = Array.from({ length: 25 }, (_, seed) => seed);
    const mean = seeds.reduce((sum, seed) => sum + accuracyAt("I", 0.3, 1, seed), 0) / seeds.length;
    expect(mean).toBeLessThan(0.45);
  });
});

describe("the L-model with three classes", () => {
  const ends = (ratio: number): { features: ClassFeatures; means: Float64Array[] } => {
    const perClass = 50;
    const [last] = simulated({
      effects: effects("L", ratio),
      perClass,
      noise: 0.05,
      spread: 0.1,
      steps: 4999,
      times: [5000],
      random: rng(2),
    });
    const classes = Array.from({ length: K }, (_, k) =>
      Float64Array.from({ length: perClass * K }, (_unused, at) => {
        return last!.means[k * K + (at % K)]! + last!.deviations[k * perClass * K + at]!;
      }),
    );
    const features = { classes, dimensions: K };
    const flat = Float64Array.from(classMeans(features).flatMap((mean) => [...mean]));
    const apart = centred(flat, K);
    return { features, means: Array.from({ length: K }, (_, k) => apart.subarray(k * K, (k + 1) * K)) };
  };
  const direction = (k: number): number[] => Array.from({ length: K }, (_, i) => (i === k ? 1 : 0) - 1 / K);

  it("collapses to a simplex whose corners are the classes' own, beta / alpha = -0.5", () => {
    const { features, means } = ends(-0.5);
    expect(collapse(features).angleGap).toBeLessThan(0.02);
    means.forEach((mean, k) => expect(Math.abs(cosine(mean, direction(k)))).toBeGreaterThan(0.99));
  });

  it("makes equal angles that are not the classes' own, 0 < beta < alpha", () => {
    const { means } = ends(0.3);
    const aligned = means.map((mean, k) => cosine(mean, direction(k)));
    expect(Math.min(...aligned)).toBeLessThan(0.9);
  });
});

describe("paths", () => {
  it("have the law of samples that move one by one", () => {
    // Variance of a sample about the mean of all: without effects, spread^2 + noise^2 (t - 1), less a share 1 / n of the mean.
    const perClass = 10;
    let sum = 0;
    const count = 200;
    for (let seed = 0; seed < count; seed++) {
      const [last] = simulated({
        effects: effects("L", 0, 0, 0),
        perClass,
        noise: 0.3,
        spread: 0.5,
        steps: 7,
        times: [8],
        random: rng(seed),
      });
      last!.deviations.forEach((value, at) => {
        const k = Math.floor(at / (perClass * K));
        sum += (last!.means[k * K + (at % K)]! + value) ** 2;
      });
    }
    const variance = sum / (count * K * perClass * K);
    expect(variance / (0.25 + 0.09 * 7)).toBeCloseTo(1, 1);
  });

  it("do not overflow, however strong the effects, and are the same for the same seed", () => {
    const run = { effects: effects("I", 0, 0, 2), perClass: 5, noise: 0.1, spread: 0.1, steps: 3000, times: [3001] };
    const [last] = simulated({ ...run, random: rng(7) });
    expect(last!.means.every(Number.isFinite)).toBe(true);
    expect(last!.logScale).toBeGreaterThan(500);
    expect(simulated({ ...run, random: rng(7) })).toEqual([last]);
  });
});
