// What a clustering is asked for: its parameters, the tasks and images and networks that they stand for, and the keys of its cells.
import { LabError } from "../../error.ts";
import { howPacked, manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import { canonical, type DatasetChoice } from "../../spec.ts";
import { methodNamed, methods, type Architecture, type Method, type NetworkMethod } from "./method.ts";
import type { NetworkPlan } from "./network.ts";
import { auxiliaryCounts, choiceOfTask, taskOf, wordOf, type Task } from "./task.ts";

const stepSize = (title: string, byDefault: number, help?: string) =>
  real({ title, byDefault, min: 1e-9, max: 10, scale: "log", ...(help ? { help } : {}) });

export const params = {
  dataset: choice({
    title: "Data set",
    byDefault: "drawn",
    options: manifests.map(({ id }) => id),
    help: howPacked(),
  }),
  tasks: words({
    title: "Tasks",
    byDefault: ["tiger-lion/cat-dog", "tiger-plane/cat-car"],
    minCount: 1,
    maxCount: 100,
    help: "Two primary classes, a stroke, auxiliary classes, as in 5-8/3-9; several with commas between them.",
  }),
  methods: words({
    title: "Methods",
    byDefault: ["kmeans", "l2-relative-relu", "l2-kernelized-relu", "l2-relative-cnn", "l2-kernelized-cnn"],
    options: methods.map(({ id }) => id),
    minCount: 1,
    maxCount: methods.length,
  }),
  perClass: int({
    title: "Images of each primary class",
    byDefault: 100,
    min: 2,
    max: 1000,
    help: "The first ones in file order; there are as many auxiliary images as primary ones.",
  }),
  seeds: ints({ title: "Seeds", byDefault: [1], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 100 }),
  width: int({ title: "Width of the two-layer networks", byDefault: 1024, min: 1, max: 40960 }),
  skipWidth: int({ title: "Width of the skip MLP", byDefault: 512, min: 1, max: 8192 }),
  batchSize: int({ title: "Batch size", byDefault: 50, min: 1, max: 10000 }),
  epochs: int({ title: "Epochs, ℓ2", byDefault: 40, min: 1, max: 10000 }),
  linearEpochs: int({ title: "Epochs, ℓ2, linear", byDefault: 5, min: 1, max: 10000 }),
  cnnEpochs: int({ title: "Epochs, ℓ2, CNN", byDefault: 20, min: 1, max: 10000 }),
  bceEpochs: int({ title: "Epochs, BCE", byDefault: 30, min: 1, max: 10000 }),
  stepSize: stepSize(
    "Step size, ℓ2, ReLU",
    0.02,
    "For the loss (f - y)², as the authors' code has it. The kernel grows with the width, about 0.15 width + 117 on MNIST: keep their product.",
  ),
  linearStepSize: stepSize("Step size, ℓ2, linear", 7e-4, "For the loss (f - y)²."),
  cnnStepSize: stepSize("Step size, ℓ2, CNN", 0.01, "For the loss (f - y)²."),
  skipStepSize: stepSize("Step size, ℓ2, skip MLP", 0.015, "For the loss (f - y)²."),
  bceStepSize: stepSize("Step size, BCE", 0.02),
  bceLinearStepSize: stepSize("Step size, BCE, linear", 0.02),
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

export const manifestOf = ({ dataset }: Pick<ClusteringParams, "dataset">) =>
  manifests.find(({ id }) => id === dataset)!;

export const tasksOf = (chosen: Pick<ClusteringParams, "dataset" | "tasks">): Task[] =>
  chosen.tasks.map((word) => taskOf(word, manifestOf(chosen)));

/** The images that the findings of a task number. */
export const choiceOf = (chosen: ClusteringParams, task: Task): DatasetChoice =>
  choiceOfTask(task, chosen.perClass, manifestOf(chosen));

/** @throws LabError `spec-invalid` */
export function check(chosen: ClusteringParams): void {
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
export function planOf(chosen: ClusteringParams, { loss, architecture, weights }: NetworkMethod) {
  const isLinear = architecture === "linear";
  const epochs: Readonly<Record<Architecture, number>> = {
    relu: chosen.epochs,
    linear: chosen.linearEpochs,
    cnn: chosen.cnnEpochs,
    skip: chosen.epochs,
  };
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
          epochs: loss === "bce" ? chosen.bceEpochs : epochs[architecture],
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
export function keyOf(chosen: ClusteringParams, method: Method, task: Task, seed: number): string {
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

/** Rows of one and the same network. */
export function groupsOf(rows: readonly Method[]): Method[][] {
  const groups = new Map<string, Method[]>();
  for (const row of rows) {
    if (!row.network) continue;
    const { loss, architecture, weights } = row.network;
    const name = [loss, architecture, weights].join();
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}
