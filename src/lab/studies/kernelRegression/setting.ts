// What kernel regression beside a network is asked: images, network, training, ridge; and the keys of its findings.
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import { canonical, type DatasetChoice } from "../../spec.ts";
import { checkDataChoice } from "../dataChoice.ts";

export const params = {
  dataset: choice({ title: "Images", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  classes: words({
    title: "Classes",
    byDefault: [],
    maxCount: 10,
    help: "Two or more by id, for instance tiger, cat; all where none is given.",
  }),
  trainPerClass: int({
    title: "Training images a class",
    byDefault: 40,
    min: 2,
    max: 500,
    help: "The kernel is a matrix of all of them, and the regression is solved on it.",
  }),
  testPerClass: int({ title: "Held-out images a class", byDefault: 30, min: 1, max: 500 }),
  anchorsPerClass: int({
    title: "Anchors a class",
    byDefault: 5,
    min: 1,
    max: 500,
    help: "The first training images of each class; the network takes a step on each alone.",
  }),
  model: choice({
    title: "Network",
    byDefault: "cnn",
    options: ["cnn", "mlp", "skip", "linear"],
    help: "With the parameters that it usually has in this lab.",
  }),
  loss: choice({ title: "Loss", byDefault: "cross-entropy", options: ["cross-entropy", "squared-error"] }),
  epochs: ints({
    title: "Measured after epochs",
    byDefault: [0, 1, 2, 4, 8, 16, 32],
    min: 0,
    max: 1000,
    minCount: 1,
    maxCount: 30,
  }),
  batchSize: int({ title: "Batch size", byDefault: 32, min: 1, max: 10000 }),
  stepSize: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 10, scale: "log" }),
  ridge: real({
    title: "Ridge",
    byDefault: 1e-3,
    min: 1e-6,
    max: 100,
    scale: "log",
    help: "Added to the diagonal of each kernel, as a share of its mean.",
  }),
  delta: real({
    title: "Rise of the own score, delta",
    byDefault: 0.1,
    min: 0.001,
    max: 3,
    scale: "log",
    help: "Of the network's step on an anchor; a kernel's response does not depend on the step.",
  }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the weights and the order of training; the images stay the same.",
  }),
};
export type RegressionParams = ValuesOf<typeof params>;

export const view = {
  epoch: int({ title: "Epoch shown", byDefault: 32, min: 0, max: 1000 }),
};

export const epochsOf = ({ epochs }: RegressionParams): readonly number[] => [...new Set(epochs)].sort((a, b) => a - b);
export const seedsOf = ({ seeds }: RegressionParams): readonly number[] => [...new Set(seeds)];

const manifestOf = ({ dataset }: RegressionParams) => manifests.find(({ id }) => id === dataset)!;

/** In the order of the data set. */
export const classesOf = (chosen: RegressionParams) =>
  manifestOf(chosen).classes.filter(({ id }) => chosen.classes.length === 0 || chosen.classes.includes(id));

export const choiceOf = (chosen: RegressionParams): DatasetChoice => ({
  id: chosen.dataset,
  classes: classesOf(chosen).map(({ id }) => id),
  trainPerClass: chosen.trainPerClass,
  testPerClass: chosen.testPerClass,
  params: {},
});

export function regressionKey(chosen: RegressionParams, seed: number, epoch: number): string {
  const { dataset, trainPerClass, testPerClass, anchorsPerClass, model, loss, batchSize, stepSize, ridge, delta } =
    chosen;
  const classes = classesOf(chosen).map(({ id }) => id);
  return canonical({
    dataset,
    classes,
    trainPerClass,
    testPerClass,
    anchorsPerClass,
    model,
    loss,
    ridge,
    delta,
    seed,
    epoch,
    ...(epoch > 0 ? { batchSize, stepSize } : {}),
  });
}

/** The keys of one seed. */
export const keysOf = (chosen: RegressionParams, seed: number): string[] =>
  epochsOf(chosen).map((epoch) => regressionKey(chosen, seed, epoch));

/** @throws LabError `spec-invalid` */
export function check(chosen: RegressionParams): void {
  checkDataChoice(chosen, manifestOf(chosen));
  if (chosen.anchorsPerClass > chosen.trainPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${chosen.anchorsPerClass} anchors a class, but ${chosen.trainPerClass} training images; ask for at most as many.`,
    );
}
