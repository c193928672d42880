// Clustering by local elasticity (He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7): do the similarities of a
// network that tells two classes from others, tell these two apart?
import { deviation, mean } from "../../math/stats.ts";
import { LabError } from "../error.ts";
import { manifests } from "../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../params.ts";
import { canonical, type DatasetChoice } from "../spec.ts";
import type { Findings, StudyPlugin } from "../study.ts";
import { methodNamed, methods, type Method } from "./clustering/method.ts";
import { auxiliaryCounts, choiceOfTask, taskOf, wordOf, type Task } from "./clustering/task.ts";

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
  epochs: int({ title: "Epochs, ℓ2", byDefault: 200, min: 1, max: 10000 }),
  linearEpochs: int({ title: "Epochs, ℓ2, linear", byDefault: 20, min: 1, max: 10000 }),
  bceEpochs: int({ title: "Epochs, BCE", byDefault: 50, min: 1, max: 10000 }),
  stepSize: stepSize("Step size, ℓ2, ReLU", 0.07, "For the loss (f - y)², as the authors' code has it."),
  linearStepSize: stepSize("Step size, ℓ2, linear", 1e-3, "For the loss (f - y)²."),
  cnnStepSize: stepSize("Step size, ℓ2, CNN", 0.05, "For the loss (f - y)²."),
  skipStepSize: stepSize("Step size, ℓ2, skip MLP", 0.01, "For the loss (f - y)²."),
  bceStepSize: stepSize("Step size, BCE", 0.07),
  bceLinearStepSize: stepSize("Step size, BCE, linear", 0.01),
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
  /** Eigenvalues of the centred kernel that are below 0, and the size of the least one over that of the greatest. */
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

/** All that decides a finding. */
function keyOf(chosen: ClusteringParams, method: Method, task: Task, seed: number): string {
  return canonical({ ...chosen, methods: method.id, tasks: wordOf(task), seeds: seed });
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

export const clustering: StudyPlugin<ClusteringParams, ClusteringFinding> = {
  id: "clustering",
  title: "Clustering by local elasticity",
  question: "Do a network's similarities tell apart two classes that it was never told apart?",
  source: "He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7",
  params,
  view: {
    method: int({ title: "Picked row", byDefault: -1, min: -1, max: methods.length - 1, help: "-1: none." }),
    task: int({ title: "Picked column", byDefault: -1, min: -1, max: 99, help: "-1: none." }),
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
  async *run() {},
  tables: () => [],
};
