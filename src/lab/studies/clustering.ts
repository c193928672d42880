// Clustering by local elasticity (He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7): do the similarities of a
// network that tells two classes from others, tell these two apart?
import { gram } from "../../math/matrix.ts";
import { principalComponents } from "../../math/spectrum.ts";
import { deviation, mean } from "../../math/stats.ts";
import type { Matrix, Response } from "../contracts.ts";
import { LabError } from "../error.ts";
import { manifests } from "../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../params.ts";
import { canonical, type DatasetChoice } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { groupedKernel, groupedRows, type Grouping } from "./clustering/grouping.ts";
import {
  methodNamed,
  methods,
  networkTitle,
  type Architecture,
  type Method,
  type NetworkMethod,
} from "./clustering/method.ts";
import { trainedNetwork, type NetworkPlan, type TrainedNetwork, type TrainingSet } from "./clustering/network.ts";
import { finiteEffects, limitEffects, similarityOf, type Effects } from "./clustering/similarity.ts";
import {
  auxiliaryCounts,
  choiceOfTask,
  examplesOfTask,
  primaryTitle,
  taskOf,
  titleOfTask,
  wordOf,
  type Task,
} from "./clustering/task.ts";
import { published } from "./published.ts";

export type { Method } from "./clustering/method.ts";
export type { Task } from "./clustering/task.ts";

const stepSize = (title: string, byDefault: number, help?: string) =>
  real({ title, byDefault, min: 1e-9, max: 10, scale: "log", ...(help ? { help } : {}) });

const params = {
  dataset: choice({ title: "Data set", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  tasks: words({
    title: "Tasks",
    byDefault: ["tiger-lion/cat-dog"],
    minCount: 1,
    maxCount: 100,
    help: "Two primary classes, a stroke, auxiliary classes, as in 5-8/3-9; several with commas between them.",
  }),
  methods: words({
    title: "Methods",
    byDefault: ["kmeans", "pixels", "l2-kernelized-linear", "l2-relative-relu", "l2-kernelized-relu"],
    options: methods.map(({ id }) => id),
    minCount: 1,
    maxCount: methods.length,
  }),
  perClass: int({
    title: "Images of each primary class",
    byDefault: 100,
    min: 2,
    max: 2500,
    help: "The first ones in file order; there are as many auxiliary images as primary ones.",
  }),
  seeds: ints({ title: "Seeds", byDefault: [1], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 100 }),
  width: int({ title: "Width of the two-layer networks", byDefault: 1024, min: 1, max: 40960 }),
  skipWidth: int({ title: "Width of the skip MLP", byDefault: 256, min: 1, max: 8192 }),
  batchSize: int({ title: "Batch size", byDefault: 50, min: 1, max: 10000 }),
  epochs: int({ title: "Epochs, ℓ2", byDefault: 60, min: 1, max: 10000 }),
  linearEpochs: int({ title: "Epochs, ℓ2, linear", byDefault: 5, min: 1, max: 10000 }),
  bceEpochs: int({ title: "Epochs, BCE", byDefault: 30, min: 1, max: 10000 }),
  stepSize: stepSize("Step size, ℓ2, ReLU", 0.07, "For the loss (f - y)², as the authors' code has it."),
  linearStepSize: stepSize("Step size, ℓ2, linear", 7e-4, "For the loss (f - y)²."),
  cnnStepSize: stepSize("Step size, ℓ2, CNN", 0.05, "For the loss (f - y)²."),
  skipStepSize: stepSize("Step size, ℓ2, skip MLP", 0.01, "For the loss (f - y)²."),
  bceStepSize: stepSize("Step size, BCE", 0.07),
  bceLinearStepSize: stepSize("Step size, BCE, linear", 0.07),
  order: choice({
    title: "Change of the scores",
    byDefault: "limit",
    options: ["limit", "finite"],
    help: "Limit: to first order in the step, the tangent kernel. Finite: exactly what a step of 1e-6 changes, as the authors measure it.",
  }),
  starts: int({ title: "Starts of K-means", byDefault: 10, min: 1, max: 1000 }),
  retries: int({
    title: "Retries",
    byDefault: 2,
    min: 0,
    max: 20,
    help: "New initial weights, where a training diverges or its network collapses.",
  }),
};
export type ClusteringParams = ValuesOf<typeof params>;

export type Status = "measured" | "collapsed" | "diverged" | "not measurable";

/** One cell of the grid for one seed. */
export interface ClusteringFinding {
  /** As written, "5-8/3-9". */
  readonly task: string;
  readonly method: string;
  readonly seed: number;
  readonly status: Status;
  /** One sentence for people; empty when there is nothing to say. */
  readonly remark: string;
  /** Share of images on the right side under the better of the two labelings, 0.5 to 1; NaN unless measured. */
  readonly accuracy: number;
  /** Mean of (f - y)², or of the binary cross-entropy, over all training images; NaN where there is no network. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Share of hidden units that are on at no training image; NaN where there are none. */
  readonly deadShare: number;
  /** Eigenvalues of the kernel that are below 0, and the size of the least one over that of the greatest; absent where none is. */
  readonly negative?: { readonly count: number; readonly ratio: number };
  /** Starts that ended at the same objective as the kept one, of all. */
  readonly agreeing?: number;
  readonly starts?: number;
  /** The side of each clustered image under the better labelling. [image] */
  readonly labels: Uint8Array;
  /** 0 for the first primary class, 1 for the second. [image] */
  readonly truth: Uint8Array;
  /** Numbers of the clustered images in `choiceOf(params, task)`. [image] */
  readonly images: Int32Array;
  /** What was clustered, symmetrised; inner products where rows were. [image, image] */
  readonly similarity?: Float32Array;
  /** Leaf order of the similarity. [image] */
  readonly order?: Uint32Array;
  /** The first two (kernel) principal components. [image, 2] */
  readonly picture?: Float32Array;
}

const manifestOf = ({ dataset }: Pick<ClusteringParams, "dataset">) => manifests.find(({ id }) => id === dataset)!;

export const tasksOf = (chosen: Pick<ClusteringParams, "dataset" | "tasks">): Task[] =>
  chosen.tasks.map((word) => taskOf(word, manifestOf(chosen)));

/** The images that the findings of a task number. */
export const choiceOf = (chosen: ClusteringParams, task: Task): DatasetChoice =>
  choiceOfTask(task, chosen.perClass, manifestOf(chosen));

/** @throws LabError `spec-invalid` */
function check(chosen: ClusteringParams): void {
  const { title, maxPerClass } = manifestOf(chosen);
  for (const task of tasksOf(chosen)) {
    const most = Math.max(chosen.perClass, ...auxiliaryCounts(task, chosen.perClass));
    if (most > maxPerClass.train)
      throw new LabError(
        "spec-invalid",
        `The task ${wordOf(task)} asks for ${most} images of a class, but ${title} has ${maxPerClass.train}; lower perClass or name more auxiliary classes.`,
      );
  }
}

/** How the networks of a row are made, all but their seed. */
function planOf(chosen: ClusteringParams, { loss, architecture, weights }: NetworkMethod) {
  const isLinear = architecture === "linear";
  const stepSizes: Readonly<Record<Architecture, number>> = {
    relu: chosen.stepSize,
    linear: chosen.linearStepSize,
    cnn: chosen.cnnStepSize,
    skip: chosen.skipStepSize,
  };
  return {
    loss,
    architecture,
    weights,
    model: modelOf(chosen, architecture),
    ...(weights === "random"
      ? { epochs: 0, batchSize: 0, stepSize: 0, retries: 0 }
      : {
          epochs: loss === "bce" ? chosen.bceEpochs : isLinear ? chosen.linearEpochs : chosen.epochs,
          batchSize: chosen.batchSize,
          stepSize: loss === "l2" ? stepSizes[architecture] : isLinear ? chosen.bceLinearStepSize : chosen.bceStepSize,
          retries: chosen.retries,
        }),
  };
}

function modelOf({ width, skipWidth }: ClusteringParams, architecture: Architecture): NetworkPlan["model"] {
  switch (architecture) {
    case "relu":
      return { id: "mlp", params: { widths: [width], activation: "relu" } };
    case "linear":
      return { id: "mlp", params: { widths: [width], activation: "none" } };
    case "cnn":
      return {
        id: "cnn",
        params: { channels: [20, 50], kernel: "5", pooling: "max", widths: [500], activation: "relu" },
      };
    case "skip":
      return { id: "skip", params: { width: skipWidth, blocks: 1, activation: "relu" } };
  }
}

/** All that decides a finding. */
function keyOf(chosen: ClusteringParams, method: Method, task: Task, seed: number): string {
  const { dataset, perClass, starts, order } = chosen;
  const common = { dataset, perClass, starts, seed, task: wordOf(task), method: method.id };
  return canonical(method.network ? { ...common, order, ...planOf(chosen, method.network) } : common);
}

export interface Cells {
  readonly rows: readonly Method[];
  readonly columns: readonly Task[];
  key(method: Method, task: Task, seed: number): string;
}

/** The grid: methods down, tasks across. */
export const cellsOf = (chosen: ClusteringParams): Cells => ({
  rows: chosen.methods.map(methodNamed),
  columns: tasksOf(chosen),
  key: (method, task, seed) => keyOf(chosen, method, task, seed),
});

/** A cell over its seeds. */
export interface Summary {
  /** Of the accuracies of the measured seeds; NaN where there is none. */
  readonly mean: number;
  /** Lowest and highest of them. */
  readonly low: number;
  readonly high: number;
  /** Sample standard deviation over seeds; NaN below two. */
  readonly sd: number;
  /** Images clustered, of the first measured seed; 0 where there is none. */
  readonly n: number;
  /** Seeds that were measured. */
  readonly seeds: number;
  /** Seeds that are there, by what became of them. */
  readonly statuses: Readonly<Record<Status, number>>;
  readonly remarks: readonly string[];
}

export function summaryOf(
  chosen: ClusteringParams,
  findings: Findings<ClusteringFinding>,
  method: Method,
  task: Task,
): Summary {
  const there = chosen.seeds.flatMap((seed) => findings.get(keyOf(chosen, method, task, seed)) ?? []);
  const measured = there.filter(({ status }) => status === "measured");
  const accuracies = measured.map(({ accuracy }) => accuracy);
  const count = (wanted: Status): number => there.filter(({ status }) => status === wanted).length;
  return {
    mean: mean(accuracies),
    low: measured.length > 0 ? Math.min(...accuracies) : NaN,
    high: measured.length > 0 ? Math.max(...accuracies) : NaN,
    sd: deviation(accuracies),
    n: measured[0]?.images.length ?? 0,
    seeds: measured.length,
    statuses: {
      measured: measured.length,
      collapsed: count("collapsed"),
      diverged: count("diverged"),
      "not measurable": count("not measurable"),
    },
    remarks: [...new Set(there.map(({ remark }) => remark).filter(Boolean))],
  };
}

/** Pixels of a task's images as networks see them, from -1 to 1: mean 1/2 and deviation 1/2 taken out. */
interface Images extends TrainingSet {
  readonly truth: Uint8Array;
  /** Of the primary images. [image, pixel] */
  readonly pixels: Matrix;
}

async function imagesOf(chosen: ClusteringParams, task: Task, desk: Desk): Promise<Images> {
  const { shape } = manifestOf(chosen);
  const { choice: used, primary, auxiliary, truth } = examplesOfTask(task, chosen.perClass, manifestOf(chosen));
  const read = await desk.pictures(used);
  const inputs = new Map<number, Float32Array>();
  for (const example of [...primary, ...auxiliary]) {
    inputs.set(
      example,
      Float32Array.from(read(example), (byte) => byte / 127.5 - 1),
    );
    if (inputs.size % 16 === 0) await desk.breathe();
  }
  const pixelCount = shape[0] * shape[1] * shape[2];
  const rows = (examples: readonly number[]): Float32Array => {
    const data = new Float32Array(examples.length * pixelCount);
    examples.forEach((example, row) => data.set(inputs.get(example)!, row * pixelCount));
    return data;
  };
  const labels = new Uint8Array(used.classes.length * (used.trainPerClass + used.testPerClass)).fill(1);
  for (const example of primary) labels[example] = 0;
  return {
    primary,
    auxiliary,
    truth,
    examples: { shape, outputCount: 1, labels, read: rows },
    pixels: { rows: primary.length, columns: pixelCount, data: rows(primary) },
  };
}

type Event = StudyEvent<ClusteringFinding>;

/** One task and one seed, with the rows of its column that are not known yet. */
interface Column {
  readonly chosen: ClusteringParams;
  readonly task: Task;
  readonly seed: number;
  readonly rows: readonly Method[];
}

async function* run(chosen: ClusteringParams, desk: Desk, known: ReadonlySet<string>): AsyncGenerator<Event, void> {
  for (const seed of chosen.seeds)
    for (const task of tasksOf(chosen)) {
      const rows = chosen.methods.map(methodNamed).filter((row) => !known.has(keyOf(chosen, row, task, seed)));
      if (rows.length > 0) yield* column({ chosen, task, seed, rows }, desk);
    }
}

async function* column(place: Column, desk: Desk): AsyncGenerator<Event, void> {
  const images = await imagesOf(place.chosen, place.task, desk);
  const progress = (stage: string): Event => ({
    kind: "progress",
    progress: { stage: `${primaryTitle(place.task, manifestOf(place.chosen))}: ${stage}`, share: 0 },
  });
  for (const row of place.rows.filter(({ network }) => !network)) {
    yield progress(row.title);
    yield finding(place, row, { ...blank, ...(await baseline(place, row, images, desk)), ...copies(images) });
  }
  for (const rows of groupsOf(place.rows)) yield* network(place, rows, images, desk);
}

const finding = (
  { chosen, task, seed }: Column,
  row: Method,
  value: Omit<ClusteringFinding, "task" | "method" | "seed">,
): Event => ({
  kind: "finding",
  key: keyOf(chosen, row, task, seed),
  value: { task: wordOf(task), method: row.id, seed, ...value },
});

const blank = { status: "measured", remark: "", trainLoss: NaN, trainAccuracy: NaN, deadShare: NaN } as const;

/** Images, with arrays of its own for each finding, which hands them over. */
const copies = ({ primary, truth }: Pick<Images, "primary" | "truth">) => ({
  images: Int32Array.from(primary),
  truth: truth.slice(),
});

function baseline(
  { chosen, seed }: Column,
  { kind }: Method,
  { pixels, truth }: Images,
  desk: Desk,
): Promise<Grouping> {
  const options = { truth, seed, starts: chosen.starts, breathe: desk.breathe };
  if (kind === "pixels") return groupedKernel(gram(pixels), { ...options, isGram: true });
  return groupedRows(kind === "pca" ? principalComponents(pixels, componentCount).scores : pixels, options);
}

/** Of the paper's PCA. */
const componentCount = 100;

/** Rows of one and the same network. */
function groupsOf(rows: readonly Method[]): Method[][] {
  const groups = new Map<string, Method[]>();
  for (const row of rows) {
    if (!row.network) continue;
    const { loss, architecture, weights } = row.network;
    const name = [loss, architecture, weights].join();
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}

async function* network(
  place: Column,
  rows: readonly Method[],
  images: Images,
  desk: Desk,
): AsyncGenerator<Event, void> {
  const { chosen, task, seed } = place;
  const own = rows[0]!.network!;
  const title = `${primaryTitle(task, manifestOf(chosen))}: ${networkTitle(own)}`;
  const trained = yield* trainedNetwork({ ...planOf(chosen, own), seed, title }, images, desk);
  const facts = {
    status: trained.status,
    remark: trained.remark,
    trainLoss: trained.trainLoss,
    trainAccuracy: trained.trainAccuracy,
    deadShare: trained.deadShare,
  };
  const without = { accuracy: NaN, labels: new Uint8Array(0), truth: new Uint8Array(0), images: new Int32Array(0) };
  let effects: Effects | undefined;
  try {
    if (trained.status === "measured") {
      yield { kind: "progress", progress: { stage: `${title}: similarities`, share: 1 } };
      effects = await effectsOf(place, own, images, trained);
    }
  } finally {
    trained.learner.release(trained.state);
  }
  for (const row of rows) {
    if (!effects) {
      yield finding(place, row, { ...facts, ...without });
      continue;
    }
    yield { kind: "progress", progress: { stage: `${title}: ${row.title}`, share: 1 } };
    const kept = images.primary.map((_, at) => at).filter((at) => effects.measurable[at]);
    const left = images.primary.length - kept.length;
    const remark = [trained.remark, left > 0 ? lostRemark(left, images.primary.length) : ""].filter(Boolean).join(" ");
    if (kept.length < leastShare * images.primary.length) {
      yield finding(place, row, { ...facts, ...without, status: "not measurable", remark });
      continue;
    }
    const of = {
      primary: kept.map((at) => images.primary[at]!),
      truth: Uint8Array.from(kept, (at) => images.truth[at]!),
    };
    const similarity = similarityOf(effects, kept, row.network!.option);
    const options = { truth: of.truth, seed, starts: chosen.starts, breathe: desk.breathe };
    const grouping = await (row.network!.option === "relative"
      ? groupedRows(similarity, options, similarity)
      : groupedKernel(similarity, { ...options, isGram: chosen.order === "limit" }));
    yield finding(place, row, { ...facts, remark, ...grouping, ...copies(of) });
  }
}

/** Of the images: where fewer have a change that can be measured, nothing is clustered; else the others are left out. */
const leastShare = 0.9;

const lostRemark = (lost: number, total: number): string =>
  `${lost} of ${total} images are left out, for what a step changes at themselves cannot be told from rounding.`;

/** Step size at which finite changes are taken, for the losses (f - y)² and binary cross-entropy. */
const finiteStep = 1e-6;
async function effectsOf(
  { chosen }: Column,
  { loss }: NetworkMethod,
  { primary }: Images,
  { learner, state, scores }: TrainedNetwork,
): Promise<Effects> {
  if (chosen.order === "limit") return limitEffects(await learner.kernel(state, primary, primary), scores, loss);
  const watch = await learner.watch(state, primary);
  try {
    const responses: Response[] = [];
    // The loss of the engine is half of (f - y)².
    const eta = loss === "l2" ? 2 * finiteStep : finiteStep;
    for await (const response of watch.respond(primary, { rule: "fixed", eta })) responses.push(response);
    return finiteEffects(responses, loss);
  } finally {
    watch.release();
  }
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** Mean over seeds, its spread, the paper's number, and seeds that came to nothing. */
function cellText({ mean: share, sd, seeds, statuses }: Summary, paper: number | undefined): string {
  const failed = failures.flatMap((status) => (statuses[status] > 0 ? [`${statuses[status]} ${status}`] : []));
  const value = seeds > 0 ? percent(share) + (seeds > 1 ? ` ± ${percent(sd)}` : "") : "";
  const printed = paper === undefined ? "" : `(${percent(paper)})`;
  return [[value, printed].filter(Boolean).join(" "), ...failed].filter(Boolean).join("; ");
}

const failures = ["collapsed", "diverged", "not measurable"] as const;

function gridTable(chosen: ClusteringParams, findings: Findings<ClusteringFinding>): StudyTable {
  const { rows, columns } = cellsOf(chosen);
  const manifest = manifestOf(chosen);
  return {
    name: "clustering",
    title: `Clustering accuracy in percent, ${manifest.title}: mean ± s.d. over ${chosen.seeds.length} ${chosen.seeds.length === 1 ? "seed" : "seeds"}, in brackets that of the paper`,
    columns: ["method", ...columns.map((task) => titleOfTask(task, manifest))],
    rows: rows.map((method) => [
      method.title,
      ...columns.map((task) =>
        cellText(summaryOf(chosen, findings, method, task), published(chosen.dataset, method.id, wordOf(task))?.value),
      ),
    ]),
    dictionary: {
      method: "similarity and network, or baseline",
      ...Object.fromEntries(
        columns.map((task) => [
          titleOfTask(task, manifest),
          "accuracy in percent under the better of the two labelings (50 at least), for the auxiliary classes in brackets",
        ]),
      ),
    },
  };
}

function tidyTable(chosen: ClusteringParams, findings: Findings<ClusteringFinding>): StudyTable {
  const { rows, columns, key } = cellsOf(chosen);
  const known = (value: number | undefined): number | string =>
    value === undefined || Number.isNaN(value) ? "" : value;
  return {
    name: "clustering-cells",
    title: "Clustering, a row for each cell and seed",
    columns: Object.keys(tidyColumns),
    rows: columns.flatMap((task) =>
      rows.flatMap((method) =>
        chosen.seeds.flatMap((seed) => {
          const found = findings.get(key(method, task, seed));
          if (!found) return [];
          const paper = published(chosen.dataset, method.id, wordOf(task));
          return [
            [
              chosen.dataset,
              wordOf(task),
              method.id,
              seed,
              found.status,
              known(found.accuracy),
              found.images.length,
              known(found.trainLoss),
              known(found.trainAccuracy),
              known(found.deadShare),
              found.negative?.count ?? "",
              found.negative?.ratio ?? "",
              found.agreeing ?? "",
              found.starts ?? "",
              paper?.value ?? "",
              paper?.source ?? "",
              found.remark,
            ],
          ];
        }),
      ),
    ),
    dictionary: tidyColumns,
  };
}

const tidyColumns = {
  dataset: "where the images are from",
  task: "two primary classes, a stroke, the auxiliary classes",
  method: "baseline, or loss, similarity, network, and whether its weights are random",
  seed: "of the initial weights, the order of the training images and the starts of K-means",
  status: "measured, collapsed, diverged or not measurable",
  accuracy: "share of images on the right side under the better of the two labelings, 0.5 to 1",
  images: "primary images that were clustered",
  train_loss: "mean over all training images of (f - y)², or of the binary cross-entropy",
  train_accuracy: "share of training images on the right side of 1/2, or of probability 1/2",
  dead_share: "share of hidden units that are on at no training image",
  negative_count: "eigenvalues of the kernel below 0; empty where there is none",
  negative_ratio: "size of the least of them over the greatest",
  agreeing: "starts of kernel K-means that ended at the same objective as the best one",
  starts: "starts of K-means",
  paper: "accuracy as printed in the paper",
  paper_source: "where it is printed",
  remark: "what else is to be known",
};

export const clustering: StudyPlugin<ClusteringParams, ClusteringFinding> = {
  id: "clustering",
  title: "Clustering by local elasticity",
  question: "Do a network's similarities tell apart two classes that it was never told apart?",
  source: "He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7",
  params,
  view: {
    method: int({ title: "Picked row", byDefault: 0, min: 0, max: methods.length - 1 }),
    task: int({ title: "Picked column", byDefault: 0, min: 0, max: 99 }),
    seed: int({ title: "Picked seed", byDefault: 0, min: 0, max: 99 }),
  },
  presets: [
    {
      id: "drawn",
      title: "Drawn: tiger v lion",
      question: "A network tells tigers and lions from cats and dogs: does it know tigers from lions?",
      caption: "The drawn set, which the paper does not have.",
      small: { params: {}, size: "width 1024, 100 images a class, 1 seed", minutes: 1 },
    },
  ],
  check,
  keys: (chosen) => {
    const { rows, columns, key } = cellsOf(chosen);
    return chosen.seeds.flatMap((seed) => columns.flatMap((task) => rows.map((method) => key(method, task, seed))));
  },
  together: (chosen) => {
    const { rows, columns, key } = cellsOf(chosen);
    const pieces = [...groupsOf(rows), ...rows.filter(({ network: own }) => !own).map((row) => [row])];
    return chosen.seeds.flatMap((seed) =>
      columns.flatMap((task) => pieces.map((piece) => piece.map((row) => key(row, task, seed)))),
    );
  },
  run,
  tables: (chosen, findings) => [gridTable(chosen, findings), tidyTable(chosen, findings)],
  lasting: ({ similarity: _similarity, ...value }) => value,
};
