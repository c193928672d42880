// Which model is more elastic: relative similarity within the class, to siblings and to the unrelated, on the same images.
import { rng } from "../../math/rng.ts";
import { exceedance, interval, mean, type Interval } from "../../math/stats.ts";
import type { ClassInfo, Learner, StepRule } from "../contracts.ts";
import { datasetOf, type Dataset } from "../dataset.ts";
import { LabError } from "../error.ts";
import { howPacked } from "../manifests.ts";
import { choice, defaults, flag, int, ints, real, type ValuesOf } from "../params.ts";
import { relation, relations } from "../relation.ts";
import { relativeSimilarity } from "../similarity.ts";
import { canonical, numbering, type DatasetChoice } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { accuracyOf, course } from "../training.ts";

const params = {
  cnn: flag({ title: "CNN", byDefault: true }),
  mlp: flag({ title: "MLP", byDefault: true }),
  skip: flag({ title: "Skip MLP", byDefault: false }),
  linear: flag({ title: "Linear", byDefault: true }),
  dataset: choice({
    title: "Images",
    byDefault: "drawn",
    options: ["drawn", "cifar10"],
    help: howPacked(["cifar10"]),
  }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the weights and the order of training. Models are paired by them; the images stay the same.",
  }),
  epochs: ints({
    title: "Measured after epochs",
    byDefault: [0, 1, 2, 4, 8, 15],
    min: 0,
    max: 1000,
    minCount: 1,
    maxCount: 30,
  }),
  anchorsPerClass: int({
    title: "Anchors a class",
    byDefault: 10,
    min: 1,
    max: 300,
    help: "The first training images of each class; a step is taken on each alone.",
  }),
  probesPerClass: int({ title: "Probes a class", byDefault: 20, min: 1, max: 1000, help: "Held-out images." }),
  trainPerClass: int({ title: "Training images a class", byDefault: 300, min: 2, max: 5000 }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 10000 }),
  stepSize: real({
    title: "Step size of the training",
    byDefault: 0.08,
    min: 1e-8,
    max: 10,
    scale: "log",
    help: "The same for all models.",
  }),
  rule: choice({ title: "Step of the probe", byDefault: "own rise", options: ["own rise", "fixed"] }),
  delta: real({ title: "Rise of the own score, delta", byDefault: 0.1, min: 0.001, max: 3, scale: "log" }),
  eta: real({ title: "Fixed step size, eta", byDefault: 0.01, min: 1e-8, max: 10, scale: "log" }),
};
export type ComparisonParams = ValuesOf<typeof params>;

export const modelIds = ["cnn", "mlp", "skip", "linear"] as const;
export type ModelId = (typeof modelIds)[number];

const view = {
  reference: choice({ title: "Compared with", byDefault: "linear", options: modelIds }),
};

/** One network at one moment; NaN where an anchor is not measurable. */
export interface ComparisonFinding {
  /** Mean relative similarity of the anchor's probes by relation: same, sibling, unrelated. [anchor, relation] */
  readonly means: Float64Array;
  /** Chance that a probe of the same class moves more than an unrelated one. [anchor] */
  readonly order: Float64Array;
  /** Share of the probes that are classified rightly. */
  readonly accuracy: number;
}

export const modelsOf = (chosen: ComparisonParams): ModelId[] => modelIds.filter((id) => chosen[id]);
export const epochsOf = ({ epochs }: ComparisonParams): number[] => [...new Set(epochs)].sort((a, b) => a - b);
export const seedsOf = ({ seeds }: ComparisonParams): number[] => [...new Set(seeds)];

export function comparisonKey(chosen: ComparisonParams, model: ModelId, seed: number, epoch: number): string {
  const { dataset, anchorsPerClass, probesPerClass, trainPerClass, batchSize, stepSize, rule, delta, eta } = chosen;
  return canonical({
    dataset,
    anchorsPerClass,
    probesPerClass,
    // It decides the mean image, too, by which inputs are centred.
    trainPerClass,
    model,
    seed,
    epoch,
    ...(epoch > 0 ? { batchSize, stepSize } : {}),
    step: rule === "fixed" ? { eta } : { delta },
  });
}

/** By training, seed by seed, so that models can be compared as soon as the first seed is through. */
const together = (chosen: ComparisonParams): string[][] =>
  seedsOf(chosen).flatMap((seed) =>
    modelsOf(chosen).map((model) => epochsOf(chosen).map((epoch) => comparisonKey(chosen, model, seed, epoch))),
  );

/** All classes, and every switch of the drawn set where it is by default. */
const choiceOf = (
  { dataset, trainPerClass, probesPerClass }: ComparisonParams,
  { manifest }: Pick<Desk, "manifest">,
): DatasetChoice => ({
  id: dataset,
  classes: manifest(dataset).classes.map(({ id }) => id),
  trainPerClass,
  testPerClass: probesPerClass,
  params: {},
});

interface Table {
  readonly dataset: Dataset;
  readonly anchors: readonly number[];
  readonly probes: readonly number[];
}

async function* run(
  chosen: ComparisonParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<ComparisonFinding>> {
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataChoice = choiceOf(chosen, desk);
  const dataset = await datasetOf(desk.manifest(chosen.dataset), dataChoice, {
    pixels: await desk.pictures(dataChoice),
    host: desk,
  });
  const numbers = numbering(dataChoice);
  const images = {
    dataset,
    anchors: numbers.firstOfEach("train", chosen.anchorsPerClass),
    probes: numbers.firstOfEach("test", chosen.probesPerClass),
  };
  for (const seed of seedsOf(chosen))
    for (const model of modelsOf(chosen)) {
      const missing = epochsOf(chosen).filter((epoch) => !known.has(comparisonKey(chosen, model, seed, epoch)));
      if (missing.length > 0) yield* measured(chosen, desk, { ...images, model, seed, missing });
    }
}

interface Measuring extends Table {
  readonly model: ModelId;
  readonly seed: number;
  readonly missing: readonly number[];
}

/** Trains one model from one seed and measures it at the epochs that are missing. */
async function* measured(
  chosen: ComparisonParams,
  desk: Desk,
  { model, seed, missing, ...images }: Measuring,
): AsyncGenerator<StudyEvent<ComparisonFinding>> {
  const { dataset } = images;
  const plugin = desk.model(model);
  const network = desk.network({
    model: { id: model, params: defaults(plugin.params) },
    examples: dataset,
    loss: "cross-entropy",
    seed,
  });
  const { batchSize, stepSize } = chosen;
  const last = Math.max(...missing);
  const plan = { epochs: last, batchSize, stepSize, order: rng(seed).fork("training order") };
  const training = Array.from({ length: dataset.trainCount }, (_, id) => id);
  const name = `${plugin.title}, seed ${seed}`;
  for await (const { epoch, state } of course(network, training, { plan, breathe: desk.breathe })) {
    const share = epoch / Math.max(1, last);
    if (!missing.includes(epoch)) {
      yield { kind: "progress", progress: { stage: `${name}: epoch ${epoch} of ${last}`, share } };
      continue;
    }
    yield { kind: "progress", progress: { stage: `${name}, epoch ${epoch}: learning each anchor`, share } };
    const value = await measure(network, state, images, {
      rule: chosen.rule === "fixed" ? { rule: "fixed", eta: chosen.eta } : { rule: "own rise", delta: chosen.delta },
      breathe: desk.breathe,
    });
    yield { kind: "finding", key: comparisonKey(chosen, model, seed, epoch), value };
  }
}

interface Measure {
  readonly rule: StepRule;
  readonly breathe: () => Promise<void>;
}

async function measure(
  network: Learner<unknown>,
  state: unknown,
  { dataset, anchors, probes }: Table,
  { rule, breathe }: Measure,
): Promise<ComparisonFinding> {
  const means = new Float64Array(anchors.length * relations.length);
  const order = new Float64Array(anchors.length);
  const classOf = (example: number): ClassInfo => dataset.classes[dataset.labels[example]!]!;
  const watch = await network.watch(state, probes);
  try {
    let row = 0;
    for await (const response of watch.respond(anchors, rule)) {
      const own = classOf(anchors[row]!);
      const similarity = relativeSimilarity(response);
      const [same, sibling, unrelated] = relations.map((name) =>
        similarity.filter((_, probe) => relation(own, classOf(probes[probe]!)) === name),
      );
      means.set([mean(same!), mean(sibling!), mean(unrelated!)], row * relations.length);
      order[row] = exceedance(same!, unrelated!);
      row++;
      await breathe();
    }
  } finally {
    watch.release();
  }
  return { means, order, accuracy: await accuracyOf(network, state, dataset, probes) };
}

export const quantities = ["same", "sibling", "unrelated", "contrast", "order"] as const;
/** Contrast: log2 of the mean similarity within the class over that to the unrelated, anchor by anchor. */
export type Quantity = (typeof quantities)[number];

/** One number an anchor. [anchor] */
function anchorValues({ means, order }: ComparisonFinding, quantity: Quantity): number[] {
  const of = (place: number): number[] => Array.from(order, (_, anchor) => means[anchor * relations.length + place]!);
  if (quantity === "order") return [...order];
  if (quantity !== "contrast") return of(relations.indexOf(quantity));
  const [same, unrelated] = [of(0), of(2)];
  return same.map((value, anchor) => Math.log2(value / unrelated[anchor]!));
}

/** What an interval is taken over: seeds, each the mean over its anchors; or, with a single seed, the anchors. */
export const unitOf = (chosen: ComparisonParams): "seed" | "anchor" => (seedsOf(chosen).length > 1 ? "seed" : "anchor");

/** One number a unit, NaN where it is not known; in the same order for every model, so that models can be paired. */
export function sampleOf(
  chosen: ComparisonParams,
  findings: Findings<ComparisonFinding>,
  { model, epoch, quantity }: { readonly model: ModelId; readonly epoch: number; readonly quantity: Quantity },
): number[] {
  const bySeed = seedsOf(chosen).map((seed) => {
    const found = findings.get(comparisonKey(chosen, model, seed, epoch));
    return found ? anchorValues(found, quantity) : [];
  });
  return unitOf(chosen) === "seed" ? bySeed.map(mean) : bySeed[0]!;
}

/** The paired difference of two models: model less reference, unit by unit. */
export function differenceOf(
  chosen: ComparisonParams,
  findings: Findings<ComparisonFinding>,
  { reference, ...of }: { model: ModelId; reference: ModelId; epoch: number; quantity: Quantity },
): { readonly interval: Interval; readonly units: readonly number[] } {
  const theirs = sampleOf(chosen, findings, { ...of, model: reference });
  const units = sampleOf(chosen, findings, of).map((value, at) => value - (theirs[at] ?? NaN));
  return { interval: interval(units), units };
}

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

function runsTable(chosen: ComparisonParams, findings: Findings<ComparisonFinding>): StudyTable {
  return {
    name: "comparison",
    title: "Relative similarity by relation, each network at each moment",
    columns: ["model", "seed", "epoch", ...quantities, "anchors", "accuracy"],
    rows: modelsOf(chosen).flatMap((model) =>
      seedsOf(chosen).flatMap((seed) =>
        epochsOf(chosen).flatMap((epoch) => {
          const found = findings.get(comparisonKey(chosen, model, seed, epoch));
          if (!found) return [];
          const values = quantities.map((quantity) => blank(mean(anchorValues(found, quantity))));
          const count = [...found.order].filter((value) => !Number.isNaN(value)).length;
          return [[model, seed, epoch, ...values, count, found.accuracy]];
        }),
      ),
    ),
    dictionary: {
      model: "cnn, mlp, skip, linear: as in the live lab by default",
      seed: "of the initial weights and the order of training; the images are the same for all",
      epoch: "epochs of training done; 0 is before training",
      same: "mean over anchors of the mean relative similarity to held-out images of the anchor's class",
      sibling: "the same of other classes of the widest super-class, such as animal",
      unrelated: "the same of all other classes",
      contrast: "mean over anchors of log2(same / unrelated)",
      order: "mean over anchors of the chance that an image of the same class moves more than an unrelated one",
      anchors: "anchors that were measurable",
      accuracy: "share of the held-out probes that are classified rightly",
    },
  };
}

function differencesTable(chosen: ComparisonParams, findings: Findings<ComparisonFinding>): StudyTable {
  const models = modelsOf(chosen);
  const pairs = models.flatMap((model, at) => models.slice(at + 1).map((reference) => ({ model, reference })));
  return {
    name: "comparison-differences",
    title: `Paired differences between models (95 % Student-t intervals over ${unitOf(chosen)}s)`,
    columns: ["model", "reference", "epoch", "quantity", "difference", "low", "high", "n", "unit"],
    rows: pairs.flatMap((pair) =>
      epochsOf(chosen).flatMap((epoch) =>
        quantities.flatMap((quantity) => {
          const {
            mean: centre,
            low,
            high,
            count,
          } = differenceOf(chosen, findings, { ...pair, epoch, quantity }).interval;
          const numbers = [centre, low, high].map(blank);
          return count === 0 ? [] : [[pair.model, pair.reference, epoch, quantity, ...numbers, count, unitOf(chosen)]];
        }),
      ),
    ),
    dictionary: {
      model: "the model that the difference is of",
      reference: "the model that is taken away, with the same seed and images",
      epoch: "epochs of training done; 0 is before training",
      quantity: "same, sibling, unrelated: mean relative similarity; contrast: log2(same / unrelated); order: chance",
      difference: "mean over units of model less reference",
      low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of units",
      unit: "seed: means over anchors, seed by seed; anchor: of a single seed, whose images are not independent",
    },
  };
}

function check(chosen: ComparisonParams): void {
  if (modelsOf(chosen).length < 2)
    throw new LabError(
      "spec-invalid",
      `Models are ${modelsOf(chosen).join(", ") || "none"}; choose two or more of: ${modelIds.join(", ")}.`,
    );
  if (chosen.anchorsPerClass > chosen.trainPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${chosen.anchorsPerClass} anchors a class, but ${chosen.trainPerClass} training images; ask for at most as many.`,
    );
}

export const comparison: StudyPlugin<ComparisonParams, ComparisonFinding> = {
  id: "comparison",
  title: "Which model is more elastic?",
  question: "One image is learned: how much more does its own class move than the others, in which model, and when?",
  source: "A study of this lab, with relative similarity after He and Su, ICLR 2020, eq. 2",
  explanation: {
    words:
      "One step on an image x moves the score of its class at every other image x'. Elastic is a model in which x' of the same class moves much, and x' of an unrelated one little, beside x itself.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}`,
    spoken: "relative similarity: the change of the score at x prime over the change at x, after one step on x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: [
    {
      id: "comparison",
      title: "Which model is more elastic?",
      question: "CNN, MLP and linear model on the same images: whose response tells the own class from the others?",
      caption:
        "The images are drawings, not photographs, and untrained networks are not flat on them. All models train with the CNN's step size; three seeds make wide intervals. Contrast and chance of order need not agree: where similarities are near 0, their size says little.",
      small: { params: {}, size: "CNN, MLP, linear; 3 seeds, 6 epochs, 70 anchors, 140 probes", minutes: 4 },
    },
  ],
  check,
  keys: (chosen) => together(chosen).flat(),
  together,
  run,
  tables: (chosen, findings) => [runsTable(chosen, findings), differencesTable(chosen, findings)],
};
