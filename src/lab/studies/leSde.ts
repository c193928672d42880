// The locally elastic SDE: sample paths, class means beside their closed form, how separable classes are, and whether they collapse.
import { rng } from "../../math/rng.ts";
import type { ClassFeatures } from "../../math/collapse.ts";
import { int, ints, type ValuesOf } from "../params.ts";
import { centred, simulated, type Means, type Snapshot } from "../simulators/leSde.ts";
import { canonical } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { curve, dynamics, effectsOf, sampling, withoutNoise } from "./leSde/setting.ts";

const params = {
  ...dynamics,
  ...curve,
  ...sampling,
  seeds: ints({ title: "Seeds", byDefault: [1, 2, 3, 4, 5], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 30 }),
};
export type LeSdeParams = ValuesOf<typeof params>;

/** Samples a class whose paths are kept. */
const pathCount = 8;

export const collapseNames = ["within", "norms", "angleGap", "duality", "disagreement"] as const;
export type CollapseName = (typeof collapseNames)[number];

/** One run; lists go over the times. Accuracies and measures of collapse are NaN where features are beyond all numbers. */
export interface LeSdeFinding {
  readonly times: Float64Array;
  /** Norm of the centred class means, as a logarithm to base 10. */
  readonly size: Float64Array;
  /** The same without noise from the same start: in closed form, or integrated where there is none. */
  readonly known: Float64Array;
  /** Shown paths less the mean of all samples, over the root mean square of these. [time, class, sample, coordinate] */
  readonly paths: Float64Array;
  /** Accuracy on the second half of the samples, of classifiers from the first. */
  readonly nearest: Float64Array;
  readonly probe: Float64Array;
  readonly collapse: Readonly<Record<CollapseName, Float64Array>>;
  /** Size of the mean cosine of each centred class mean and the direction e_k - 1/K of its class. */
  readonly alignment: Float64Array;
}

export const seedsOf = ({ seeds }: LeSdeParams): number[] => [...new Set(seeds)];

export function leSdeKey({ seeds: _seeds, ...chosen }: LeSdeParams, seed: number): string {
  return canonical({ ...chosen, seed });
}

/** About 60 times, evenly in their logarithm, whole numbers from 1 to the last. */
export function timesOf({ steps }: { readonly steps: number }): number[] {
  const all = Array.from({ length: 60 }, (_, at) => Math.round(steps ** (at / 59)));
  return [...new Set(all)];
}

async function* run(
  chosen: LeSdeParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<LeSdeFinding>> {
  const collapsing = await import("../../math/collapse.ts");
  for (const seed of seedsOf(chosen)) {
    const key = leSdeKey(chosen, seed);
    if (known.has(key)) continue;
    yield { kind: "progress", progress: { stage: `seed ${seed}`, share: 0 } };
    await desk.breathe();
    yield { kind: "finding", key, value: measured(chosen, seed, collapsing) };
  }
}

type Collapsing = typeof import("../../math/collapse.ts");

function measured(chosen: LeSdeParams, seed: number, collapsing: Collapsing): LeSdeFinding {
  const { classCount: K, perClass, noise, spread, steps } = chosen;
  const effects = effectsOf(chosen);
  const times = timesOf(chosen);
  const shots = simulated({ effects, perClass, noise, spread, steps: steps - 1, times, random: rng(seed).fork("SDE") });
  const start = shots[0]!.means;
  const quiet = withoutNoise(chosen, start, times, Math.max(10_000, steps));
  const list = (value: (shot: Snapshot, at: number) => number): Float64Array => Float64Array.from(shots, value);
  const whole = shots.map((shot) => featuresOf(shot, K, perClass, 0, perClass));
  const collapsed = whole.map((features) => (isMeasurable(features) ? collapsing.collapse(features) : undefined));
  const half = Math.floor(perClass / 2);
  const accuracyOf = (made: Collapsing["nearestMean"]) => (shot: Snapshot, at: number) =>
    isMeasurable(whole[at]!)
      ? collapsing.accuracy(made(featuresOf(shot, K, perClass, 0, half)), featuresOf(shot, K, perClass, half, perClass))
      : NaN;
  return {
    times: Float64Array.from(times),
    size: list((shot) => (Math.log(norm(centred(shot.means, K))) + shot.logScale) / Math.LN10),
    known: Float64Array.from(quiet, (means) => sizeOf(means, K)),
    paths: Float64Array.from(shots.flatMap((shot) => pathsOf(shot, K, perClass))),
    nearest: list(accuracyOf(collapsing.nearestMean)),
    probe: list(accuracyOf(collapsing.linearProbe)),
    collapse: Object.fromEntries(
      collapseNames.map((name) => [name, Float64Array.from(collapsed, (each) => each?.[name] ?? NaN)]),
    ) as Record<CollapseName, Float64Array>,
    alignment: list((shot) => alignmentOf(centred(shot.means, K), K, collapsing.cosine)),
  };
}

/** Whether squares of the features have a place among numbers. */
const isMeasurable = ({ classes }: ClassFeatures): boolean =>
  classes.every((own) => own.every((value) => Math.abs(value) < 1e150));

/** Norm of the centred class means, as a logarithm to base 10; Infinity where they are beyond all numbers. */
const sizeOf = (means: Means, K: number): number =>
  means.every(Number.isFinite) ? Math.log10(norm(centred(means, K))) : Infinity;

/** Coarse enough to be found while a curve is drawn. */
const previewSteps = 2000;

/** How the class means of one run would grow without noise, by time, as the finding's `known`. */
export function growth(chosen: LeSdeParams, seed: number): number[] {
  const { classCount: K, perClass, noise, spread } = chosen;
  const random = rng(seed).fork("SDE");
  const [start] = simulated({ effects: effectsOf(chosen), perClass, noise, spread, steps: 0, times: [1], random });
  return withoutNoise(chosen, start!.means, timesOf(chosen), previewSteps).map((means) => sizeOf(means, K));
}

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function featuresOf({ means, deviations }: Snapshot, K: number, perClass: number, from: number, to: number) {
  return {
    dimensions: K,
    classes: Array.from({ length: K }, (_, k) =>
      Float64Array.from({ length: (to - from) * K }, (_unused, at) => {
        return means[k * K + (at % K)]! + deviations[(k * perClass + from) * K + at]!;
      }),
    ),
  } satisfies ClassFeatures;
}

function pathsOf(shot: Snapshot, K: number, perClass: number): number[] {
  const { classes } = featuresOf(shot, K, perClass, 0, perClass);
  const centre = Array.from({ length: K }, (_, i) => {
    const all = classes.flatMap((own) => Array.from(own.filter((_value, at) => at % K === i)));
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  });
  const apart = classes.map((own) => own.map((value, at) => value - centre[at % K]!));
  const square = apart.reduce((sum, own) => sum + own.reduce((inner, value) => inner + value * value, 0), 0);
  const unit = Math.sqrt(square / (K * K * perClass)) || 1;
  return apart.flatMap((own) => Array.from(own.subarray(0, shownCount(perClass) * K), (value) => value / unit));
}

export const shownCount = (perClass: number): number => Math.min(pathCount, perClass);

function alignmentOf(apart: Float64Array, K: number, cosine: Collapsing["cosine"]): number {
  const all = Array.from({ length: K }, (_, k) =>
    cosine(
      apart.subarray(k * K, (k + 1) * K),
      Array.from({ length: K }, (_unused, i) => (i === k ? 1 : 0) - 1 / K),
    ),
  );
  // A start on the other side of 0 grows into the mirror image, which is as much the classes' own.
  return Math.abs(all.reduce((sum, value) => sum + value, 0) / K);
}

function table(chosen: LeSdeParams, findings: Findings<LeSdeFinding>): StudyTable {
  return {
    name: "le-sde",
    title: "The locally elastic SDE, each run at each time",
    columns: [
      "seed",
      "time",
      "log10_size",
      "log10_size_known",
      "nearest_mean",
      "linear_probe",
      ...collapseNames,
      "alignment",
    ],
    rows: seedsOf(chosen).flatMap((seed) => {
      const found = findings.get(leSdeKey(chosen, seed));
      if (!found) return [];
      return Array.from(found.times, (time, at) => [
        seed,
        time,
        ...[
          found.size[at]!,
          found.known[at]!,
          found.nearest[at]!,
          found.probe[at]!,
          ...collapseNames.map((name) => found.collapse[name][at]!),
          found.alignment[at]!,
        ].map((value) => (Number.isFinite(value) ? value : "")),
      ]);
    }),
    dictionary: {
      seed: "of the start and of the noise",
      time: "from 1, in steps of Euler and Maruyama of length 1",
      log10_size:
        "logarithm of the norm of the class means less their common mean; blank, as all that follows, where it is beyond all numbers",
      log10_size_known:
        "the same without noise from the same start: closed form, or Runge and Kutta where there is none",
      nearest_mean: "accuracy of the nearest class mean on the second half of the samples, means from the first half",
      linear_probe: "the same of least squares to one number a class",
      within: "NC1: tr(S_W S_B^+) / K",
      norms: "NC2: standard deviation over mean of the norms of the centred class means",
      angleGap: "NC2: largest distance of a cosine of two centred class means from -1 / (K - 1)",
      duality: "NC3: Frobenius distance of the probe's weights and the centred class means, each of norm 1",
      disagreement: "NC4: share of samples that probe and nearest class mean put in different classes",
      alignment: "size of the mean cosine of centred class mean and e_k - 1/K",
    },
  };
}

const noNumbers =
  "A model of the paper, simulated; there is no network in it. Noise and strengths are this lab's choice, and the paper's numbers for such runs could not be read.";

export const leSde: StudyPlugin<LeSdeParams, LeSdeFinding> = {
  id: "le-sde",
  title: "Locally elastic SDE",
  question: "If features move more by their own class than by others, do the classes come apart?",
  source: "Zhang, Wang and Su, NeurIPS 2021; mean equation as in the authors' code, noise added here",
  explanation: {
    words:
      "Each class's mean feature is driven by its own class with effect α(t) and by the others with β(t), and every sample diffuses. Classes come apart when α − β falls more slowly than 1/t.",
    tex: String.raw`\mathrm{d}X_i^k=\frac1K\Big[\alpha(t)H_k\overline{X}^k+\beta(t)\sum_{l\neq k}H_l\overline{X}^l\Big]\mathrm{d}t+\sigma\,\mathrm{d}W_i^k`,
    spoken:
      "the change of sample i of class k is one over K times alpha times H k of the mean of class k plus beta times the sum over the other classes of H l of their means, times d t, plus sigma d W",
    source:
      "Mean equation as simulated in the code of Zhang, Wang and Su. I-model: H = 1; L-model: H_k projects on d_k, the direction of the class's own logit.",
  },
  params,
  view: {
    seed: int({ title: "Seed shown, by its place", byDefault: 0, min: 0, max: 29 }),
    coordinate: int({ title: "Coordinate shown", byDefault: 0, min: 0, max: 7 }),
  },
  presets: [
    {
      id: "le-sde-separates",
      title: "Elastic: classes come apart",
      question: "Own class only, tail index 0.7: the classes separate in spite of the noise.",
      caption: noNumbers,
      small: { params: {}, size: "3 classes, 50 samples each, 5,000 steps, 5 seeds", minutes: 0.1 },
    },
    {
      id: "le-sde-not",
      title: "Too short-lived: they do not",
      question: "The same effect falling faster than 1/t: it ends before the noise does.",
      caption: noNumbers,
      small: { params: { tail: 1.3 }, size: "3 classes, 50 samples each, 5,000 steps, 5 seeds", minutes: 0.1 },
    },
    {
      id: "le-sde-collapse",
      title: "Neural collapse, aligned",
      question: "L-model with classes that repel each other: a simplex, each corner its own class's.",
      caption: noNumbers,
      small: {
        params: { model: "L", ratio: -0.5, steps: 10_000 },
        size: "3 classes, 50 samples each, 10,000 steps, 5 seeds",
        minutes: 0.1,
      },
    },
    {
      id: "le-sde-misaligned",
      title: "Equal angles, wrong corners",
      question: "L-model with classes that pull each other: equal angles again, but not the classes' own.",
      caption: noNumbers,
      small: {
        params: { model: "L", ratio: 0.3 },
        size: "3 classes, 50 samples each, 5,000 steps, 5 seeds",
        minutes: 0.1,
      },
    },
  ],
  check: (chosen) => void effectsOf(chosen),
  keys: (chosen) => seedsOf(chosen).map((seed) => leSdeKey(chosen, seed)),
  run,
  tables: (chosen, findings) => [table(chosen, findings)],
};
