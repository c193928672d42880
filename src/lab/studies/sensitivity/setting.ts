// What is asked of a sensitivity study: its parameters, its methods, and the keys of its findings.
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, flag, int, ints, real, type ValuesOf } from "../../params.ts";
import { canonical } from "../../spec.ts";
import { estimates } from "./influence.ts";

export const params = {
  data: choice({
    title: "Examples",
    byDefault: "drawn",
    options: ["four clusters", ...manifests.map(({ id }) => id)] as const,
    help: "Four clusters: points of the plane around (±2, ±2), opposite corners of one class.",
  }),
  trainPerClass: int({
    title: "Training examples a class",
    byDefault: 20,
    min: 2,
    max: 500,
    help: "Every seed draws its own out of four times as many images. Of the four clusters: on average.",
  }),
  testPerClass: int({ title: "Test examples a class", byDefault: 20, min: 1, max: 500 }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the choice of training examples and of the initial weights; test images stay the same.",
  }),
  rbf: flag({ title: "RBF kernel", byDefault: true }),
  linear: flag({ title: "Linear kernel", byDefault: true }),
  features: flag({ title: "Random features", byDefault: true }),
  network: flag({ title: "Network", byDefault: true }),
  ridge: real({
    title: "Ridge",
    byDefault: 1,
    min: 1e-6,
    max: 1e6,
    scale: "log",
    help: "Added to the diagonal of kernels whose mean diagonal is 1.",
  }),
  bandwidth: real({
    title: "Bandwidth of the RBF kernel",
    byDefault: 0.5,
    min: 0.01,
    max: 100,
    scale: "log",
    help: "σ of exp(−d² / 2σ²), in roots of the median of d² over pairs of training examples.",
  }),
  most: real({
    title: "Largest square loss, M_l",
    byDefault: 4,
    min: 0.01,
    max: 1000,
    scale: "log",
    help: "The square loss of kernels and features is cut off here; predicting 0 costs 1.",
  }),
  featureWidths: ints({
    title: "Hidden widths of the random features",
    byDefault: [512],
    min: 1,
    max: 8192,
    minCount: 1,
    maxCount: 4,
    help: "Of an untrained network; the features are its last hidden layer.",
  }),
  model: choice({ title: "Kind of network", byDefault: "mlp", options: ["mlp", "cnn"] }),
  widths: ints({ title: "Hidden widths", byDefault: [16], min: 1, max: 4096, minCount: 1, maxCount: 4 }),
  activation: choice({ title: "Activation", byDefault: "tanh", options: ["tanh", "relu", "gelu", "sigmoid"] }),
  loss: choice({
    title: "Loss of the network",
    byDefault: "cross-entropy",
    options: ["cross-entropy", "squared-error"],
  }),
  decay: real({
    title: "Weight decay",
    byDefault: 0.01,
    min: 1e-5,
    max: 10,
    scale: "log",
    help: "λ of mean loss + λ/2 |w|², on weights and biases.",
  }),
  damping: real({
    title: "Further damping",
    byDefault: 0,
    min: 0,
    max: 100,
    help: "Added to the weight decay in the prediction alone.",
  }),
  estimate: choice({
    title: "Predicted by",
    byDefault: "influence functions",
    options: estimates,
    help: "Influence functions: to first order. One Newton step: on the loss without the example, in the linearised network.",
  }),
  curvature: choice({
    title: "Curvature",
    byDefault: "Gauss-Newton",
    options: ["Gauss-Newton", "Hessian"],
    help: "Hessian: with what the network itself curves, about as much as the weight decay. In double precision, for an MLP.",
  }),
  solver: choice({
    title: "Solved by",
    byDefault: "Cholesky",
    options: ["Cholesky", "conjugate gradients"],
    help: "A Newton step with the Hessian: always by conjugate gradients.",
  }),
  stepSize: real({ title: "Step size", byDefault: 0.02, min: 1e-8, max: 10, scale: "log" }),
  momentum: real({ title: "Momentum of full batches", byDefault: 0.9, min: 0, max: 0.999 }),
  epochs: int({ title: "Epochs of mini-batches", byDefault: 20, min: 0, max: 1000 }),
  batchSize: int({ title: "Batch size", byDefault: 16, min: 1, max: 10000 }),
  steps: int({ title: "Full-batch steps at most", byDefault: 3000, min: 0, max: 200000 }),
  tolerance: real({
    title: "Gradient norm to end at",
    byDefault: 1e-5,
    min: 1e-8,
    max: 1,
    scale: "log",
    help: "Of mean loss and decay together. What single precision reaches is about 1e-6.",
  }),
  retrained: int({
    title: "Examples left out by retraining",
    byDefault: 0,
    min: 0,
    max: 200,
    help: "Of the first seed: half of them with the largest predicted effect, the others at random.",
  }),
  from: choice({
    title: "Retrained from",
    byDefault: "the found weights",
    options: ["the found weights", "the same start"],
  }),
};
export type SensitivityParams = ValuesOf<typeof params>;

export const methodIds = ["rbf", "linear", "features", "network"] as const;
export type MethodId = (typeof methodIds)[number];

export const methodTitles: Readonly<Record<MethodId, string>> = {
  rbf: "RBF kernel",
  linear: "Linear kernel",
  features: "Random features",
  network: "Network",
};

export const methodsOf = (chosen: SensitivityParams): MethodId[] => methodIds.filter((id) => chosen[id]);
export const seedsOf = ({ seeds }: SensitivityParams): number[] => [...new Set(seeds)];

const dataOf = ({ data, trainPerClass, testPerClass }: SensitivityParams) => ({ data, trainPerClass, testPerClass });

function networkOf(chosen: SensitivityParams) {
  const { model, widths, activation, loss, decay, stepSize, momentum, epochs, batchSize, steps, tolerance } = chosen;
  return {
    model,
    widths,
    activation,
    loss,
    decay,
    stepSize,
    momentum,
    steps,
    tolerance,
    epochs,
    ...(epochs > 0 ? { batchSize } : {}),
    damping: chosen.damping,
    estimate: chosen.estimate,
    curvature: chosen.curvature,
    solver: chosen.solver,
  };
}

function methodSetting(chosen: SensitivityParams, method: MethodId): object {
  const { ridge, most, bandwidth, featureWidths, model, activation } = chosen;
  if (method === "network") return networkOf(chosen);
  if (method === "rbf") return { ridge, most, bandwidth };
  return method === "linear" ? { ridge, most } : { ridge, most, featureWidths, model, activation };
}

export const sensitivityKey = (chosen: SensitivityParams, method: MethodId, seed: number): string =>
  canonical({ ...dataOf(chosen), method, seed, ...methodSetting(chosen, method) });

/** Of one retraining; `place` says which of the chosen examples is left out, and -1 that none is. */
export function retrainingKey(chosen: SensitivityParams, place: number): string {
  const { retrained, from } = chosen;
  const which = place < 0 ? { left: "none" } : { retrained, place };
  return canonical({ ...dataOf(chosen), ...networkOf(chosen), seed: seedsOf(chosen)[0]!, from, ...which });
}

/** Of all retrainings: first the one that leaves nothing out, which tells what is noise. */
export const placesOf = ({ retrained, network }: SensitivityParams): number[] =>
  network && retrained > 0 ? Array.from({ length: retrained + 1 }, (_, at) => at - 1) : [];

/** Rows of the network's linear system that a page has the memory and the patience for. */
const largestSystem = 4000;

export function check(chosen: SensitivityParams): void {
  const { data, trainPerClass, testPerClass, network, retrained } = chosen;
  if (methodsOf(chosen).length === 0)
    throw new LabError("spec-invalid", "No method is chosen; choose one or more of: RBF, linear, features, network.");
  const classCount = data === "four clusters" ? 2 : manifests.find(({ id }) => id === data)!.classes.length;
  const m = classCount * trainPerClass;
  if (network && classCount * Math.max(m, classCount * testPerClass) > largestSystem)
    throw new LabError(
      "spec-invalid",
      `The network's system has a row for every output of ${m} training and ${classCount * testPerClass} test examples, ${classCount * Math.max(m, classCount * testPerClass)} of them; choose so few that there are no more than ${largestSystem}.`,
    );
  if (data === "four clusters" && chosen.model === "cnn" && (network || chosen.features))
    throw new LabError("spec-invalid", "A CNN looks at images, and four clusters are points; choose an MLP.");
  if (network && chosen.model === "cnn" && chosen.curvature === "Hessian")
    throw new LabError(
      "spec-invalid",
      "The Hessian is computed of networks that begin with a dense layer; choose an MLP, or Gauss-Newton.",
    );
  if (retrained > 0 && !network)
    throw new LabError(
      "spec-invalid",
      `${retrained} examples are to be left out by retraining, but no network is chosen; choose it, or give 0.`,
    );
  if (retrained > m)
    throw new LabError(
      "spec-invalid",
      `${retrained} examples are to be left out by retraining, but there are ${m}; give at most as many.`,
    );
}
