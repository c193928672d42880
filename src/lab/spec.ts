// The experiment as a value: everything that decides its numbers, checked, with defaults, and written one way only.
import type { ClassInfo, DatasetManifest, LossId, Split } from "./contracts.ts";
import { LabError } from "./error.ts";
import { checkValues, choice, int, ints, real, shown, type Params, type Values, type ValuesOf } from "./params.ts";

export const specVersion = 1;

export const trainingParams = {
  epochs: int({ title: "Epochs", byDefault: 15, min: 1, max: 1000 }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 100000 }),
  stepSize: real({ title: "Step size", byDefault: 0.08, min: 1e-8, max: 100, scale: "log" }),
  momentum: real({
    title: "Momentum",
    byDefault: 0,
    min: 0,
    max: 0.999,
    help: "For training only; a probed step never has any.",
  }),
  loss: choice({ title: "Loss", byDefault: "cross-entropy", options: ["cross-entropy", "squared-error"] }),
} satisfies Params;

export const probingParams = {
  anchorsPerClass: int({ title: "Anchors per class", byDefault: 10, min: 1, max: 1000 }),
  anchorSplit: choice({ title: "Anchors from", byDefault: "train", options: ["train", "test"] }),
  probesPerClass: int({ title: "Probes per class", byDefault: 20, min: 1, max: 1000 }),
  probeSplit: choice({ title: "Probes from", byDefault: "test", options: ["train", "test"] }),
  epochs: ints({
    title: "Measured at epochs",
    byDefault: [0, 1, 2, 4, 8, 15],
    min: 0,
    max: 1000,
    minCount: 1,
    maxCount: 64,
  }),
  rule: choice({
    title: "Step of the probe",
    byDefault: "own rise",
    options: ["own rise", "fixed"],
    help: "Own rise: eta is chosen so that the anchor's own score rises by delta. Fixed: the same eta for every anchor.",
  }),
  delta: real({ title: "Rise of the own score, delta", byDefault: 0.1, min: 0.001, max: 3, scale: "log" }),
  eta: real({ title: "Fixed step size, eta", byDefault: 0.01, min: 1e-8, max: 10, scale: "log" }),
  order: choice({
    title: "Change of the scores",
    byDefault: "finite",
    options: ["finite", "first"],
    help: "Finite: exactly what the step changes. First: eta times the derivative along the step, as the neural tangent kernel predicts it.",
  }),
} satisfies Params;

export interface DatasetChoice {
  readonly id: string;
  readonly classes: readonly string[];
  readonly trainPerClass: number;
  readonly testPerClass: number;
  readonly params: Values;
}

export interface ExperimentSpec {
  readonly version: typeof specVersion;
  /** Seeds the initial weights and the order of the examples; the data set has a seed of its own. */
  readonly seed: number;
  readonly dataset: DatasetChoice;
  readonly model: { readonly id: string; readonly params: Values };
  readonly training: ValuesOf<typeof trainingParams> & { readonly loss: LossId };
  readonly probing: ValuesOf<typeof probingParams> & { readonly anchorSplit: Split; readonly probeSplit: Split };
}

export interface Described {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly params: Params;
  readonly step?: string;
  readonly training?: Values;
}
export interface DescribedDataset {
  readonly manifest: DatasetManifest;
  readonly params: Params;
}
export interface DescribedMeasure {
  readonly id: string;
  readonly title: string;
  readonly symbol: string;
  readonly formula: string;
  readonly unit: string;
  readonly signed: boolean;
  readonly caution?: string;
}
/** What the lab offers, as plain data: forms, the command line and links are drawn from it. */
export interface Catalogue {
  readonly datasets: readonly DescribedDataset[];
  readonly models: readonly Described[];
  readonly measures: readonly DescribedMeasure[];
}

/** The parameters of training with what is usual for a model. */
export const trainingOf = ({ training = {} }: Pick<Described, "training">): typeof trainingParams =>
  Object.fromEntries(
    Object.entries(trainingParams).map(([name, param]) => [
      name,
      { ...param, byDefault: training[name] ?? param.byDefault },
    ]),
  ) as unknown as typeof trainingParams;

type Loose = Record<string, unknown>;

function record(path: string, value: unknown): Loose {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new LabError("spec-invalid", `${path} is ${shown(value)}; give an object.`);
  return value as Loose;
}

function refuseForeign(path: string, value: Loose, known: readonly string[]): void {
  const foreign = Object.keys(value).find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw new LabError(
      "spec-invalid",
      `${path ? `${path}.` : ""}${foreign} is not known here; known are: ${known.join(", ")}.`,
    );
}

function byId<T>(path: string, id: unknown, shelf: readonly T[], idOf: (item: T) => string): T {
  const found = shelf.find((item) => idOf(item) === id);
  if (found !== undefined) return found;
  throw new LabError("spec-invalid", `${path} is ${shown(id)}; give one of: ${shelf.map(idOf).join(", ")}.`);
}

function checkClasses(value: unknown, manifest: DatasetManifest): readonly string[] {
  const known = manifest.classes.map(({ id }) => id);
  if (value === undefined) return known;
  const path = "dataset.classes";
  if (!Array.isArray(value) || value.length < 2)
    throw new LabError(
      "spec-invalid",
      `${path} is ${shown(value)}; give a list of at least two of: ${known.join(", ")}.`,
    );
  for (const id of value) byId(path, id, known, (item) => item);
  if (new Set(value).size !== value.length)
    throw new LabError(
      "spec-invalid",
      `${path} names a class twice; name each of ${[...new Set(value)].join(", ")} once.`,
    );
  return known.filter((id) => value.includes(id));
}

function checkDataset(value: unknown, catalogue: Catalogue): DatasetChoice {
  const given = record("dataset", value);
  refuseForeign("dataset", given, ["id", "classes", "trainPerClass", "testPerClass", "params"]);
  const { id = "drawn" } = given;
  const { manifest, params } = byId("dataset.id", id, catalogue.datasets, (item) => item.manifest.id);
  const counts = checkValues(
    "dataset",
    {
      trainPerClass: int({
        title: "",
        byDefault: manifest.defaultPerClass.train,
        min: 1,
        max: manifest.maxPerClass.train,
      }),
      testPerClass: int({
        title: "",
        byDefault: manifest.defaultPerClass.test,
        min: 1,
        max: manifest.maxPerClass.test,
      }),
    },
    Object.fromEntries(
      ["trainPerClass", "testPerClass"].filter((n) => given[n] !== undefined).map((n) => [n, given[n]]),
    ),
  );
  return {
    id: manifest.id,
    classes: checkClasses(given.classes, manifest),
    ...counts,
    params: checkValues("dataset.params", params, given.params),
  };
}

function checkCounts(spec: ExperimentSpec): void {
  for (const [name, split] of [
    ["anchorsPerClass", "anchorSplit"],
    ["probesPerClass", "probeSplit"],
  ] as const) {
    const wanted = spec.probing[name];
    const from = spec.probing[split];
    const there = from === "train" ? spec.dataset.trainPerClass : spec.dataset.testPerClass;
    if (wanted > there)
      throw new LabError(
        "spec-invalid",
        `probing.${name} is ${wanted}, but the ${from === "train" ? "training" : "held-out"} split has ${there} images a class; ask for at most ${there}, or raise dataset.${from}PerClass.`,
      );
  }
}

/** A schedule that no training reaches would measure nothing, without a word. */
function checkSchedule({ training, probing }: ExperimentSpec): void {
  if (probing.epochs.some((epoch) => epoch <= training.epochs)) return;
  throw new LabError(
    "spec-invalid",
    `probing.epochs is ${probing.epochs.join(", ")}, all beyond the last epoch of training, ${training.epochs}; measure at ${training.epochs} or before.`,
  );
}

/**
 * A complete, checked spec from outside data; what is missing gets its default.
 * @throws LabError `spec-invalid` with a sentence that names the value and the remedy.
 */
export function parseSpec(value: unknown, catalogue: Catalogue): ExperimentSpec {
  const given = record("spec", value);
  const { version = specVersion } = given;
  if (typeof version === "number" && version > specVersion)
    throw new LabError(
      "spec-invalid",
      `version is ${version}, but this lab reads version ${specVersion}; open it with a newer lab.`,
    );
  if (version !== specVersion) throw new LabError("spec-invalid", `version is ${shown(version)}; give ${specVersion}.`);
  refuseForeign("", given, ["version", "seed", "dataset", "model", "training", "probing"]);
  const chosen = record("model", given.model);
  refuseForeign("model", chosen, ["id", "params"]);
  const { id: modelId = "cnn" } = chosen;
  const model = byId("model.id", modelId, catalogue.models, ({ id }) => id);
  const seedParam = { seed: int({ title: "Seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }) };
  const probing = checkValues("probing", probingParams, given.probing);
  const spec: ExperimentSpec = {
    version: specVersion,
    seed: checkValues("spec", seedParam, given.seed === undefined ? {} : { seed: given.seed }).seed,
    dataset: checkDataset(given.dataset, catalogue),
    model: { id: model.id, params: checkValues("model.params", model.params, chosen.params) },
    training: checkValues("training", trainingOf(model), given.training),
    probing: { ...probing, epochs: [...new Set(probing.epochs)].sort((a, b) => a - b) },
  };
  checkCounts(spec);
  checkSchedule(spec);
  return spec;
}

/** A spec from a file's text. @throws LabError `spec-invalid` when it is not JSON, or not a spec. */
export function parseSpecText(text: string, catalogue: Catalogue): ExperimentSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message may quote the text, line ends and all.
    const cause = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new LabError("spec-invalid", `This is not a whole JSON file (${cause}); export it again from the lab.`);
  }
  return parseSpec(value, catalogue);
}

/** JSON with sorted keys: the same spec is always the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The chosen classes of a spec, in the manifest's order; class numbers everywhere are indices into this list. */
export function classesOf(spec: ExperimentSpec, catalogue: Catalogue): readonly ClassInfo[] {
  const { manifest } = byId("dataset.id", spec.dataset.id, catalogue.datasets, (item) => item.manifest.id);
  return manifest.classes.filter(({ id }) => spec.dataset.classes.includes(id));
}

/** Training steps of one epoch; the last batch may be smaller. */
export const stepsPerEpoch = ({ dataset, training }: Pick<ExperimentSpec, "dataset" | "training">): number =>
  Math.ceil((dataset.classes.length * dataset.trainPerClass) / training.batchSize);

/** How the examples of a spec are numbered: training images first, class by class, then the held-out ones. */
export interface Numbering {
  readonly trainCount: number;
  readonly testCount: number;
  idOf(classIndex: number, split: Split, index: number): number;
  of(example: number): { readonly classIndex: number; readonly split: Split; readonly index: number };
  /** The first `countPerClass` examples of each class of a split, class by class. */
  firstOfEach(split: Split, countPerClass: number): number[];
}

export function numbering({ classes, trainPerClass, testPerClass }: DatasetChoice): Numbering {
  const trainCount = classes.length * trainPerClass;
  const testCount = classes.length * testPerClass;
  const idOf = (classIndex: number, split: Split, index: number): number =>
    split === "train" ? classIndex * trainPerClass + index : trainCount + classIndex * testPerClass + index;
  return {
    trainCount,
    testCount,
    idOf,
    of(example) {
      if (!Number.isInteger(example) || example < 0 || example >= trainCount + testCount)
        throw new LabError(
          "spec-invalid",
          `Example ${example} does not exist; give a whole number from 0 to ${trainCount + testCount - 1}.`,
        );
      const split: Split = example < trainCount ? "train" : "test";
      const perClass = split === "train" ? trainPerClass : testPerClass;
      const at = split === "train" ? example : example - trainCount;
      return { classIndex: Math.floor(at / perClass), split, index: at % perClass };
    },
    firstOfEach: (split, countPerClass) =>
      classes.flatMap((_, classIndex) =>
        Array.from({ length: countPerClass }, (_, index) => idOf(classIndex, split, index)),
      ),
  };
}
