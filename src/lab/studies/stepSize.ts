// Step size: what one anchor's step does to a few probes, against eta over twelve decades, computed in three ways.
import cifar10 from "../../../datasets/cifar10.json" with { type: "json" };
import drawn from "../../../datasets/drawn.json" with { type: "json" };
import mnist from "../../../datasets/mnist.json" with { type: "json" };
import { plateau, type Plateau } from "../../math/plateau.ts";
import { rng } from "../../math/rng.ts";
import { movedAt, unitInLastPlace, untilMoved, type Try } from "../../math/untilMoved.ts";
import type { DatasetManifest, ExampleId, Learner, Watch } from "../contracts.ts";
import type { Dataset } from "../dataset.ts";
import { lossSlope } from "../double/loss.ts";
import { dealt, doubleNetwork, scoresOf, type DoubleNetwork, type NetworkWeights } from "../double/network.ts";
import { firstOrderChanges, lossGradient, moved } from "../double/step.ts";
import { wordsOf } from "../double/words.ts";
import { LabError } from "../error.ts";
import { choice, defaults, int, ints, real, type ValuesOf } from "../params.ts";
import { canonical, numbering, type DatasetChoice } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { epochs } from "../training.ts";

const manifests = [drawn, cifar10, mnist] as unknown as readonly DatasetManifest[];

const classWords = manifests
  .map(({ id, classes }) => `${id}: ${classes.map(({ title }, at) => `${at} ${title}`).join(", ")}`)
  .join("; ");

const params = {
  dataset: choice({ title: "Images", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  trainPerClass: int({ title: "Training images of each class", byDefault: 300, min: 1, max: 5421 }),
  model: choice({
    title: "Model",
    byDefault: "cnn",
    options: ["cnn", "mlp", "skip", "linear"],
    help: "With the parameters that it usually has in this lab.",
  }),
  epochs: int({ title: "Epochs", byDefault: 3, min: 0, max: 1000, help: "0 leaves the weights random." }),
  trainingStep: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 100, scale: "log" }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 100000 }),
  seed: int({ title: "Seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }),
  anchor: choice({
    title: "Anchor",
    byDefault: "picked",
    options: ["picked", "most confident"],
    help: "Most confident: the training image of the class whose loss has the smallest slope.",
  }),
  anchorClass: int({ title: "Class of the anchor", byDefault: 0, min: 0, max: 9, help: classWords }),
  anchorIndex: int({
    title: "Number of the picked anchor",
    byDefault: 0,
    min: 0,
    max: 5420,
    help: "Among the training images of its class, from 0.",
  }),
  probeClasses: ints({
    title: "Classes of the probes",
    byDefault: [0, 2, 4],
    min: 0,
    max: 9,
    minCount: 1,
    maxCount: 6,
  }),
  probeIndex: int({
    title: "Number of each probe",
    byDefault: 0,
    min: 0,
    max: 999,
    help: "Among the held-out images of its class, from 0.",
  }),
  from: real({ title: "Smallest step size", byDefault: 1e-12, min: 1e-16, max: 1e3, scale: "log" }),
  to: real({ title: "Largest step size", byDefault: 1, min: 1e-15, max: 1e4, scale: "log" }),
  perDecade: int({ title: "Step sizes in each decade", byDefault: 5, min: 1, max: 20 }),
};
export type StepSizeParams = ValuesOf<typeof params>;

const view = {
  scale: choice({ title: "Ratio", byDefault: "linear", options: ["linear", "log"] }),
  eta: real({ title: "Step size looked at", byDefault: 1e-9, min: 1e-16, max: 1e4, scale: "log" }),
};

/** Single and double: weights moved, two passes, subtracted. Exact: the lab's own change, in single precision. */
export const ways = ["single", "double", "exact"] as const;
export type Way = (typeof ways)[number];

/** Within so much of its first-order value a ratio counts as on the plateau. */
export const plateauTolerance = 0.01;

export const anchorKinds = ["picked", "most confident"] as const;
type AnchorKind = (typeof anchorKinds)[number];

export interface SeenImage {
  readonly classIndex: number;
  /** Class, number and split, for instance "tiger 3, held out". */
  readonly title: string;
  /** [rows, columns, channels] */
  readonly shape: readonly [number, number, number];
  /** [row, column, channel]; empty in a file. */
  readonly pixels: Uint8Array;
}

/** An anchor with the probes at the trained weights; images are the anchor and then the probes. */
export interface SubjectFinding {
  readonly kind: "subject";
  readonly images: readonly SeenImage[];
  /** Score of the anchor's class, in double precision. [image] */
  readonly scores: Float64Array;
  /** Slope dL/df of the loss by that score: p - 1, with p the softmax of the anchor at its own class. */
  readonly slope: number;
  /** Change of the score for each unit of eta as eta goes to 0, in double precision. [image] */
  readonly firstOrder: Float64Array;
  /** The same by the lab's own response, in single precision. [image] */
  readonly engineFirstOrder: Float64Array;
  /** Mean loss over the last epoch; NaN without training. */
  readonly trainingLoss: number;
}

/** What one step size changes. */
export interface StepFinding {
  readonly kind: "step";
  readonly eta: number;
  /** Change of the score of the anchor's class. [image] */
  readonly changes: Readonly<Record<Way, Float64Array>>;
  /** Bound on the rounding error of the exact change at the anchor. */
  readonly rounding: number;
}

/** The authors' rule at an anchor. */
export interface RuleFinding {
  readonly kind: "rule";
  readonly tries: readonly Try[];
  /** What the step size changes at which the rule stopped; null where the anchor never moved. */
  readonly stopped: StepFinding | null;
}

export type StepSizeFinding = SubjectFinding | StepFinding | RuleFinding;

const manifestOf = (chosen: StepSizeParams): DatasetManifest => manifests.find(({ id }) => id === chosen.dataset)!;

/** @throws LabError `spec-invalid` */
function check(chosen: StepSizeParams): void {
  const { id, classes, maxPerClass } = manifestOf(chosen);
  const names = classes.map(({ title }, at) => `${at} (${title})`).join(", ");
  const wrong = (sentence: string): never => {
    throw new LabError("spec-invalid", sentence);
  };
  if (chosen.anchorClass >= classes.length)
    wrong(`anchorClass is ${chosen.anchorClass}, but ${id} has no such class; give one of: ${names}.`);
  const foreign = chosen.probeClasses.find((at) => at >= classes.length);
  if (foreign !== undefined) wrong(`probeClasses has ${foreign}, but ${id} has no such class; give some of: ${names}.`);
  if (new Set(chosen.probeClasses).size < chosen.probeClasses.length)
    wrong(`probeClasses is ${chosen.probeClasses.join(", ")}; name each class once.`);
  if (chosen.trainPerClass > maxPerClass.train)
    wrong(
      `trainPerClass is ${chosen.trainPerClass}, but ${id} has ${maxPerClass.train} a class; give at most as many.`,
    );
  if (chosen.anchorIndex >= chosen.trainPerClass)
    wrong(
      `anchorIndex is ${chosen.anchorIndex}, but each class has ${chosen.trainPerClass} training images; give a number below that, or raise trainPerClass.`,
    );
  if (chosen.probeIndex >= maxPerClass.test)
    wrong(
      `probeIndex is ${chosen.probeIndex}, but ${id} has ${maxPerClass.test} held-out images a class; give a number below that.`,
    );
  if (etasOf(chosen).length < 2)
    wrong(
      `Step sizes from ${chosen.from} to ${chosen.to} with ${chosen.perDecade} in each decade are fewer than two; widen the range.`,
    );
}

/** Powers of 10 to multiples of 1 / perDecade, so that wider ranges hold the step sizes of narrower ones. */
export function etasOf({ from, to, perDecade }: StepSizeParams): number[] {
  const first = Math.ceil(Math.log10(from) * perDecade - 1e-9);
  const last = Math.floor(Math.log10(to) * perDecade + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number((10 ** ((first + at) / perDecade)).toPrecision(12)),
  );
}

const choiceOf = (chosen: StepSizeParams): DatasetChoice => ({
  id: chosen.dataset,
  classes: manifestOf(chosen).classes.map(({ id }) => id),
  trainPerClass: chosen.trainPerClass,
  testPerClass: chosen.probeIndex + 1,
  params: {},
});

/** All that decides what an anchor is, what watches it and at which weights. */
function settingOf(chosen: StepSizeParams, anchor: AnchorKind): Readonly<Record<string, unknown>> {
  const { dataset, trainPerClass, model, seed, anchorClass, anchorIndex, probeClasses, probeIndex } = chosen;
  const { epochs: last, trainingStep, batchSize } = chosen;
  return {
    ...{ dataset, trainPerClass, model, seed, epochs: last, anchor, anchorClass, probeClasses, probeIndex },
    ...(last > 0 ? { trainingStep, batchSize } : {}),
    ...(anchor === "picked" ? { anchorIndex } : {}),
  };
}

export const subjectKey = (chosen: StepSizeParams, anchor: AnchorKind): string =>
  canonical({ ...settingOf(chosen, anchor), what: "subject" });
export const ruleKey = (chosen: StepSizeParams, anchor: AnchorKind): string =>
  canonical({ ...settingOf(chosen, anchor), what: "rule" });
export const stepKey = (chosen: StepSizeParams, eta: number): string =>
  canonical({ ...settingOf(chosen, chosen.anchor), what: "step", eta });

const keys = (chosen: StepSizeParams): string[] => [
  ...anchorKinds.flatMap((anchor) => [subjectKey(chosen, anchor), ruleKey(chosen, anchor)]),
  ...etasOf(chosen).map((eta) => stepKey(chosen, eta)),
];

async function* run(
  chosen: StepSizeParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<StepSizeFinding>> {
  if (keys(chosen).every((key) => known.has(key))) return;
  yield { kind: "progress", progress: { stage: "preparing the images", share: 0 } };
  const dataset = await desk.dataset(choiceOf(chosen));
  const learner = desk.network({
    model: { id: chosen.model, params: defaults(desk.model(chosen.model).params) },
    examples: dataset,
    loss: "cross-entropy",
    seed: chosen.seed,
  });
  const start = learner.start();
  let state = start;
  let trainingLoss = NaN;
  try {
    const plan = {
      epochs: chosen.epochs,
      batchSize: chosen.batchSize,
      stepSize: chosen.trainingStep,
      order: rng(chosen.seed).fork("training order"),
    };
    const all = Array.from({ length: dataset.trainCount }, (_, example) => example);
    if (chosen.epochs > 0)
      yield { kind: "progress", progress: { stage: `training: epoch 1 of ${chosen.epochs}`, share: 0 } };
    for await (const end of epochs(learner, start, all, { plan, breathe: desk.breathe })) {
      ({ state, loss: trainingLoss } = end);
      const stage = `training: epoch ${Math.min(end.epoch + 1, chosen.epochs)} of ${chosen.epochs}`;
      yield { kind: "progress", progress: { stage, share: end.epoch / chosen.epochs } };
    }
    if (chosen.epochs > 0 && !Number.isFinite(trainingLoss))
      throw new LabError(
        "diverged",
        `The training diverged with a step size of ${chosen.trainingStep}; make trainingStep smaller.`,
      );
    yield* measured(chosen, { desk, dataset, learner, state, trainingLoss }, known);
  } finally {
    if (state !== start) learner.release(state);
    learner.release(start);
  }
}

interface Trained {
  readonly desk: Desk;
  readonly dataset: Dataset;
  readonly learner: Learner<unknown>;
  readonly state: unknown;
  readonly trainingLoss: number;
}

async function* measured(
  chosen: StepSizeParams,
  trained: Trained,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<StepSizeFinding>> {
  const { idOf } = numbering(choiceOf(chosen));
  const probes = chosen.probeClasses.map((classIndex) => idOf(classIndex, "test", chosen.probeIndex));
  const watch = await trained.learner.watch(trained.state, probes);
  try {
    for (const anchor of anchorKinds) {
      const wanted = anchor === chosen.anchor ? etasOf(chosen) : [];
      const etas = wanted.filter((eta) => !known.has(stepKey(chosen, eta)));
      const [wantsSubject, wantsRule] = [!known.has(subjectKey(chosen, anchor)), !known.has(ruleKey(chosen, anchor))];
      if (!wantsSubject && !wantsRule && etas.length === 0) continue;
      const example = anchor === "picked" ? idOf(chosen.anchorClass, "train", chosen.anchorIndex) : undefined;
      const id = example ?? (await mostConfident(chosen, trained));
      const bench = await benchOf({ ...trained, watch, anchor: id, probes });
      if (wantsSubject) yield { kind: "finding", key: subjectKey(chosen, anchor), value: await bench.subject() };
      if (wantsRule) yield { kind: "finding", key: ruleKey(chosen, anchor), value: await bench.rule() };
      for (const [done, eta] of etas.entries()) {
        yield {
          kind: "progress",
          progress: { stage: `${anchor} anchor: step size ${eta.toExponential(1)}`, share: done / etas.length },
        };
        yield { kind: "finding", key: stepKey(chosen, eta), value: await bench.step(eta) };
      }
    }
  } finally {
    watch.release();
  }
}

/** The training image of the anchor's class whose own score the loss has the smallest slope by; the first of several. */
async function mostConfident(chosen: StepSizeParams, { learner, state }: Trained): Promise<ExampleId> {
  const { idOf } = numbering(choiceOf(chosen));
  const examples = Array.from({ length: chosen.trainPerClass }, (_, at) => idOf(chosen.anchorClass, "train", at));
  const { columns, data } = await learner.predict(state, examples);
  const slopes = examples.map((_, row) =>
    Math.abs(
      lossSlope("cross-entropy", data.subarray(row * columns, (row + 1) * columns), chosen.anchorClass)[
        chosen.anchorClass
      ]!,
    ),
  );
  return examples[slopes.indexOf(Math.min(...slopes))]!;
}

interface Place extends Trained {
  readonly watch: Watch;
  readonly anchor: ExampleId;
  readonly probes: readonly ExampleId[];
}

/** One anchor and its probes, ready for steps of any size. */
async function benchOf({ desk, dataset, learner, state, trainingLoss, watch, anchor, probes }: Place) {
  const examples = [anchor, ...probes];
  const output = dataset.labels[anchor]!;
  const inputs = examples.map((example) => dataset.read([example]));
  const net = doubleNetwork(wordsOf(learner.layers), dataset.shape);
  const weights = dealt(net, await learner.weights(state));
  const before = inputs.map((x) => Array.from(scoresOf(net, weights, x)));
  const gradient = lossGradient(net, weights, { x: inputs[0]!, label: output }, "cross-entropy");
  const singleBefore = await ownScores(learner, state, examples, output);

  async function single(eta: number, watched = examples): Promise<Float64Array> {
    const { state: next, loss } = learner.nudge(state, [anchor], { stepSize: eta, momentum: 0 });
    try {
      await loss();
      const after = await ownScores(learner, next, watched, output);
      return after.map((score, at) => score - singleBefore[at]!);
    } finally {
      learner.release(next);
    }
  }

  async function exact(eta: number, order: "finite" | "first") {
    for await (const response of watch.respond([anchor], { rule: "fixed", eta, order })) {
      const own = response.anchorChange.data[output]!;
      const others = probes.map((_, at) => response.change.data[at * dataset.outputCount + output]!);
      return { changes: Float64Array.of(own, ...others), rounding: response.anchorRounding[0]! };
    }
    throw new RangeError("step size: an anchor without a response");
  }

  async function step(eta: number): Promise<StepFinding> {
    const { changes, rounding } = await exact(eta, "finite");
    const double = await doubleChanges({ net, weights, before, inputs, output, breathe: desk.breathe }, gradient, eta);
    return { kind: "step", eta, changes: { single: await single(eta), double, exact: changes }, rounding };
  }

  return {
    step,
    async subject(): Promise<SubjectFinding> {
      const engine = await exact(1, "first");
      return {
        kind: "subject",
        images: examples.map((example) => seen(dataset, example)),
        scores: Float64Array.from(before, (scores) => scores[output]!),
        slope: lossSlope("cross-entropy", before[0]!, output)[output]!,
        firstOrder: Float64Array.from(firstOrderChanges(net, weights, gradient, { inputs, output })),
        engineFirstOrder: engine.changes,
        trainingLoss,
      };
    },
    async rule(): Promise<RuleFinding> {
      const tries = await untilMoved(async (eta) => (await single(eta))[0]!);
      const last = movedAt(tries);
      return { kind: "rule", tries, stopped: last ? await step(last.eta) : null };
    },
  };
}

/** Scores of one output in single precision. [example] */
async function ownScores(
  learner: Learner<unknown>,
  state: unknown,
  examples: readonly ExampleId[],
  output: number,
): Promise<Float64Array> {
  const { columns, data } = await learner.predict(state, examples);
  return Float64Array.from(examples, (_, row) => data[row * columns + output]!);
}

interface Double {
  readonly net: DoubleNetwork;
  readonly weights: NetworkWeights;
  /** [input][output] */
  readonly before: readonly (readonly number[])[];
  readonly inputs: readonly Float32Array[];
  readonly output: number;
  readonly breathe: () => Promise<void>;
}

async function doubleChanges(
  { net, weights, before, inputs, output, breathe }: Double,
  gradient: NetworkWeights,
  eta: number,
): Promise<Float64Array> {
  const after = moved(weights, gradient, eta);
  const changes = new Float64Array(inputs.length);
  for (const [at, x] of inputs.entries()) {
    changes[at] = scoresOf(net, after, x)[output]! - before[at]![output]!;
    await breathe();
  }
  return changes;
}

function seen(dataset: Dataset, example: ExampleId): SeenImage {
  const classIndex = dataset.labels[example]!;
  const isTraining = example < dataset.trainCount;
  const perClass = (isTraining ? dataset.trainCount : dataset.testCount) / dataset.classes.length;
  const number = (isTraining ? example : example - dataset.trainCount) % perClass;
  return {
    classIndex,
    title: `${dataset.classes[classIndex]!.title} ${number}, ${isTraining ? "training" : "held out"}`,
    shape: dataset.shape,
    pixels: Uint8Array.from(dataset.pixels(example)),
  };
}

/** |change at an image| / |change at the anchor|; NaN where the anchor's change is 0 or within its rounding error. */
export function ratioOf({ changes, rounding }: StepFinding, way: Way, image: number): number {
  const own = Math.abs(changes[way][0]!);
  const isMeasurable = own > (way === "exact" ? rounding : 0);
  return isMeasurable ? Math.abs(changes[way][image]!) / own : NaN;
}

/** |change| / |change at the anchor| as eta goes to 0, in double precision. */
export const firstOrderRatio = ({ firstOrder }: SubjectFinding, image: number): number =>
  Math.abs(firstOrder[image]! / firstOrder[0]!);

/** What there is of the sweep, in the order of its step sizes. */
export interface Sweep {
  readonly subject: SubjectFinding;
  readonly steps: readonly StepFinding[];
  readonly etas: readonly number[];
  /** First-order ratios. [probe] */
  readonly truths: readonly number[];
  /** [probe][eta] */
  readonly ratios: Readonly<Record<Way, readonly (readonly number[])[]>>;
  /** Where all probes are close to their first-order ratios. */
  readonly plateaus: Readonly<Record<Way, Plateau | undefined>>;
}

/** Undefined while nothing is known of the anchor. */
export function sweepOf(chosen: StepSizeParams, findings: Findings<StepSizeFinding>): Sweep | undefined {
  const subject = findings.get(subjectKey(chosen, chosen.anchor)) as SubjectFinding | undefined;
  if (!subject) return undefined;
  const steps = etasOf(chosen).flatMap((eta) => {
    const found = findings.get(stepKey(chosen, eta)) as StepFinding | undefined;
    return found ? [found] : [];
  });
  const etas = steps.map(({ eta }) => eta);
  const probes = subject.images.slice(1).map((_, at) => at + 1);
  const truths = probes.map((image) => firstOrderRatio(subject, image));
  const each = <T>(of: (way: Way) => T): Record<Way, T> => ({
    single: of("single"),
    double: of("double"),
    exact: of("exact"),
  });
  const ratios = each((way) => probes.map((image) => steps.map((step) => ratioOf(step, way, image))));
  const plateaus = each((way) => plateau(etas, ratios[way], truths, plateauTolerance));
  return { subject, steps, etas, truths, ratios, plateaus };
}

const blank = (value: number | undefined): number | string => (value === undefined || Number.isNaN(value) ? "" : value);

function sweepTable({ subject, steps, truths, ratios }: Sweep): StudyTable {
  return {
    name: "step-size",
    title: `Ratio of changes against step size, anchor ${subject.images[0]!.title}`,
    columns: ["eta", "way", "probe", "own_change", "probe_change", "ratio", "first_order", "relative_error"],
    rows: steps.flatMap(({ eta, changes }, at) =>
      ways.flatMap((way) =>
        truths.map((truth, probe) => {
          const ratio = ratios[way][probe]![at]!;
          const title = subject.images[probe + 1]!.title;
          const error = Math.abs(ratio / truth - 1);
          return [eta, way, title, changes[way][0]!, changes[way][probe + 1]!, blank(ratio), truth, blank(error)];
        }),
      ),
    ),
    dictionary: {
      eta: "step size",
      way: "single, double: weights moved, two passes, subtracted, in that precision; exact: the lab's own change, in single precision",
      probe: "image that is watched",
      own_change: "change of the score of the anchor's class at the anchor",
      probe_change: "change of the same score at the probe",
      ratio:
        "size of the probe's change over that of the own; blank where the own change is 0 or within its rounding error",
      first_order: "what the ratio goes to as eta goes to 0, from gradients in double precision",
      relative_error: "|ratio / first_order - 1|",
    },
  };
}

function plateauTable({ plateaus, steps }: Sweep): StudyTable {
  return {
    name: "step-size-plateaus",
    title: "Step sizes at which all ratios are within 1 % of first order",
    columns: ["way", "from", "to", "points", "all_points"],
    rows: ways.map((way) => {
      const found = plateaus[way];
      return [way, blank(found?.from), blank(found?.to), found?.count ?? 0, steps.length];
    }),
    dictionary: {
      way: "as in step-size",
      from: "smallest step size of the longest stretch; blank where there is none",
      to: "largest step size of it",
      points: "step sizes in it",
      all_points: "step sizes in all",
    },
  };
}

/** One row of the table of the authors' rule: an anchor and a probe. */
export interface RuleRow {
  readonly anchor: AnchorKind;
  readonly title: string;
  /** 1 - p: what softmax leaves to the other classes, the size of the loss's slope by the anchor's score. */
  readonly doubt: number;
  /** Where the rule stopped; undefined where the anchor never moved. */
  readonly eta: number | undefined;
  readonly tries: number;
  readonly ownChange: number;
  /** The same in units in the last place of the score. */
  readonly ulps: number;
  readonly probe: string;
  readonly probeUlps: number;
  readonly ratio: number;
  readonly exact: number;
  readonly firstOrder: number;
}

export const ruleRows = (chosen: StepSizeParams, findings: Findings<StepSizeFinding>): RuleRow[] =>
  anchorKinds.flatMap((anchor) => {
    const subject = findings.get(subjectKey(chosen, anchor)) as SubjectFinding | undefined;
    const rule = findings.get(ruleKey(chosen, anchor)) as RuleFinding | undefined;
    if (!subject || !rule) return [];
    const { stopped, tries } = rule;
    return subject.images.slice(1).map(({ title: probe }, at): RuleRow => {
      const ulpsAt = (image: number): number =>
        stopped ? stopped.changes.single[image]! / unitInLastPlace(subject.scores[image]!) : 0;
      return {
        anchor,
        title: subject.images[0]!.title,
        doubt: -subject.slope,
        eta: stopped?.eta,
        tries: tries.length,
        ownChange: stopped?.changes.single[0] ?? 0,
        ulps: ulpsAt(0),
        probe,
        probeUlps: ulpsAt(at + 1),
        ratio: stopped ? ratioOf(stopped, "single", at + 1) : NaN,
        exact: stopped ? ratioOf(stopped, "exact", at + 1) : NaN,
        firstOrder: firstOrderRatio(subject, at + 1),
      };
    });
  });

const ruleTable = (rows: readonly RuleRow[]): StudyTable => ({
  name: "step-size-rule",
  title: "The authors' rule: eta = 1e-6, times three until the anchor moves",
  columns: [
    ...["anchor", "image", "doubt", "eta", "tries", "own_change", "own_ulps", "probe", "probe_ulps"],
    ...["ratio", "exact", "first_order"],
  ],
  rows: rows.map((row) => [
    ...[row.anchor, row.title, row.doubt, blank(row.eta), row.tries, row.ownChange, row.ulps, row.probe],
    ...[row.probeUlps, blank(row.ratio), blank(row.exact), row.firstOrder],
  ]),
  dictionary: {
    anchor: "picked, or the most confident training image of its class",
    image: "which image that is",
    doubt: "what softmax leaves to the other classes at the anchor, 1 - p: the slope of its loss",
    eta: "step size at which the rule stopped; blank where the anchor never moved (not update)",
    tries: "step sizes tried",
    own_change: "change of the anchor's score in single precision",
    own_ulps: "the same in units in the last place of the score",
    probe: "image that is watched",
    probe_ulps: "change of the probe's score in units in the last place of that score",
    ratio: "what the rule takes for the ratio: single precision, subtracted",
    exact: "ratio of the exact changes at the same step size; blank where the own one is within its rounding error",
    first_order: "what the ratio goes to as eta goes to 0, from gradients in double precision",
  },
});

export const stepSize: StudyPlugin<StepSizeParams, StepSizeFinding> = {
  id: "step-size",
  title: "Step size",
  question: "How large must a step be to be measured, how small to be a derivative, and what lies between?",
  source: "He and Su, ICLR 2020, eq. 1 and 2; step-size rule of the authors' code",
  params,
  view,
  presets: [
    {
      id: "step-size-tiger",
      title: "Step size: tiger, cat, plane",
      question:
        "Learn one tiger: at which step sizes is the ratio at another tiger, a cat and a plane a number at all?",
      caption: "Not a figure of the paper, whose code begins at η = 10⁻⁶; images and network are the lab's own.",
      small: { params: {}, size: "61 step sizes, 3 epochs", minutes: 0.3 },
    },
    {
      id: "step-size-saturated",
      title: "A saturated anchor",
      question: "What is left of the ratio once the network is sure of the anchor?",
      caption:
        "The most confident tiger after 15 epochs: its loss is all but flat, so that usual steps change less than single precision can hold.",
      small: {
        params: { epochs: 15, anchor: "most confident", from: 1e-10, to: 1e4 },
        size: "71 step sizes, 15 epochs",
        minutes: 0.8,
      },
    },
    {
      id: "step-size-linear",
      title: "Linear network",
      question: "The ratio is |x′·x + 1| / (|x|² + 1) at every step size: who finds it?",
      caption: "No curvature, so all that bends the curves here is rounding.",
      small: { params: { model: "linear" }, size: "61 step sizes, 3 epochs", minutes: 0.2 },
    },
  ],
  check,
  keys,
  run,
  tables(chosen, findings) {
    const sweep = sweepOf(chosen, findings);
    const rows = ruleRows(chosen, findings);
    return [...(sweep ? [plateauTable(sweep)] : []), ruleTable(rows), ...(sweep ? [sweepTable(sweep)] : [])];
  },
  lasting: (value) =>
    value.kind === "subject"
      ? { ...value, images: value.images.map((image) => ({ ...image, pixels: new Uint8Array() })) }
      : value,
};
