// What the locally elastic SDE beside a network is asked: images, corrupted labels, network and training; and the keys of its findings.
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, real, words, type Values, type ValuesOf } from "../../params.ts";
import { canonical, type DatasetChoice } from "../../spec.ts";
import { checkDataChoice } from "../dataChoice.ts";

export const params = {
  dataset: choice({ title: "Images", byDefault: "geomnist", options: manifests.map(({ id }) => id) }),
  classes: words({
    title: "Classes",
    byDefault: [],
    maxCount: 10,
    help: "Two or more by id, for instance cat, dog, ship; all where none is given.",
  }),
  corruption: words({
    title: "Corrupted labels, p",
    byDefault: ["0"],
    minCount: 1,
    maxCount: 12,
    help: "Shares of the training labels, such as 0.4 or 2/3, that are changed to another class, evenly to all others. With K classes, labels are pure noise at (K − 1)/K.",
  }),
  trainPerClass: int({ title: "Training images a class", byDefault: 1000, min: 2, max: 5000 }),
  testPerClass: int({ title: "Held-out images a class", byDefault: 100, min: 1, max: 1000 }),
  network: choice({
    title: "Network",
    byDefault: "small CNN",
    options: ["small CNN", "LeNet-like CNN", "MLP"],
    help: "Small: convolutions of 4 and 8 channels and a dense layer of 32. LeNet-like, as in the paper: 6 and 16, and 120, 84. Kernels 5 x 5. MLP: a hidden layer of 64.",
  }),
  iterations: int({
    title: "Iterations",
    byDefault: 5000,
    min: 20,
    max: 100_000,
    help: "One step of SGD each, on one image drawn at random.",
  }),
  stepSize: real({ title: "Step size", byDefault: 0.005, min: 1e-6, max: 1, scale: "log" }),
  trials: int({
    title: "Trials",
    byDefault: 8,
    min: 1,
    max: 200,
    help: "Other weights and another order of the images each; the images and their labels are the same.",
  }),
  seed: int({ title: "Seed of the first trial", byDefault: 1, min: 0, max: 2 ** 30 }),
  logits: choice({
    title: "Mean logits of",
    byDefault: "fixed images",
    options: ["fixed images", "drawn image"],
    help: "Fixed: the same images of each label at every moment. Drawn: the image of each iteration before its step, as in the paper, mean over the iterations between two moments; a single image is noisy, so it takes some hundred trials.",
  }),
  imagesPerClass: int({
    title: "Fixed images a label",
    byDefault: 30,
    min: 1,
    max: 500,
    help: "Training images, evenly from each label as it is given.",
  }),
  moments: int({
    title: "Moments",
    byDefault: 100,
    min: 10,
    max: 1000,
    help: "At which logits are looked at, evenly.",
  }),
  window: int({
    title: "Window of the derivative",
    byDefault: 11,
    min: 3,
    max: 501,
    help: "Savitzky and Golay, order 2: an odd number of moments. It changes estimates only, not what is trained.",
  }),
  burnIn: int({
    title: "Burn-in, %",
    byDefault: 10,
    min: 0,
    max: 50,
    help: "Share of the iterations after which the LE-ODE begins and power laws are fitted. At the start a network does not tell classes apart, so an equation that only lets differences grow has nothing to begin with.",
  }),
};
export type LeSdeNetworkParams = ValuesOf<typeof params>;

export const view = {
  corruption: int({ title: "Corruption shown, by its place", byDefault: 0, min: 0, max: 11 }),
  shown: int({ title: "Class shown", byDefault: 0, min: 0, max: 9 }),
  model: choice({ title: "Model", byDefault: "L", options: ["L", "I"] }),
};

/** A share of corrupted labels: as it was written, and as a number. */
export interface Corruption {
  readonly text: string;
  readonly share: number;
}

/** In rising order. @throws LabError `spec-invalid` for a share that is none, or one that is there twice */
export function corruptionsOf({ corruption }: Pick<LeSdeNetworkParams, "corruption">): Corruption[] {
  const all = corruption.map((text): Corruption => {
    const [top, bottom = "1", ...rest] = text.split("/").map((part) => part.trim());
    const share = Number(top) / Number(bottom);
    if (top === "" || rest.length > 0 || !(share >= 0 && share < 1))
      throw new LabError(
        "spec-invalid",
        `corruption has "${text}"; give a share from 0 to below 1, such as 0.4 or 2/3.`,
      );
    return { text, share };
  });
  const twice = all.find(({ share }, at) => all.findIndex((other) => other.share === share) !== at);
  if (twice) throw new LabError("spec-invalid", `corruption has ${twice.text} twice; give each share once.`);
  return all.toSorted((a, b) => a.share - b.share);
}

/** Seeds of the trials. */
export const seedsOf = ({ seed, trials }: LeSdeNetworkParams): number[] =>
  Array.from({ length: trials }, (_, trial) => seed + trial);

const manifestOf = ({ dataset }: LeSdeNetworkParams) => manifests.find(({ id }) => id === dataset)!;

/** In the order of the data set. */
export const classesOf = (chosen: LeSdeNetworkParams) =>
  manifestOf(chosen).classes.filter(({ id }) => chosen.classes.length === 0 || chosen.classes.includes(id));

export const choiceOf = (chosen: LeSdeNetworkParams): DatasetChoice => ({
  id: chosen.dataset,
  classes: classesOf(chosen).map(({ id }) => id),
  trainPerClass: chosen.trainPerClass,
  testPerClass: chosen.testPerClass,
  params: {},
});

export const networks: Readonly<Record<LeSdeNetworkParams["network"], { id: string; params: Values }>> = {
  "small CNN": { id: "cnn", params: { channels: [4, 8], kernel: "5", widths: [32] } },
  "LeNet-like CNN": { id: "cnn", params: { channels: [6, 16], kernel: "5", widths: [120, 84] } },
  MLP: { id: "mlp", params: { widths: [64] } },
};

/** Iterations from one moment to the next. */
export const strideOf = ({ iterations, moments }: LeSdeNetworkParams): number =>
  Math.max(1, Math.round(iterations / moments));

/** Iterations done at each moment, where the mean over iterations is taken in their middle. */
export function iterationsOf(chosen: LeSdeNetworkParams): number[] {
  const stride = strideOf(chosen);
  const count = Math.floor(chosen.iterations / stride);
  return chosen.logits === "fixed images"
    ? Array.from({ length: count + 1 }, (_, moment) => moment * stride)
    : Array.from({ length: count }, (_, moment) => moment * stride + (stride - 1) / 2);
}

/** Names all that decides a trial. */
export function trialKey(chosen: LeSdeNetworkParams, share: number, seed: number): string {
  const { dataset, trainPerClass, testPerClass, network, iterations, stepSize, logits, imagesPerClass } = chosen;
  return canonical({
    dataset,
    classes: classesOf(chosen).map(({ id }) => id),
    trainPerClass,
    testPerClass,
    network,
    iterations,
    stepSize,
    logits,
    ...(logits === "fixed images" ? { imagesPerClass } : {}),
    stride: strideOf(chosen),
    share,
    seed,
  });
}

/** @throws LabError `spec-invalid` */
export function check(chosen: LeSdeNetworkParams): void {
  checkDataChoice(chosen, manifestOf(chosen));
  if (chosen.logits === "fixed images" && chosen.imagesPerClass > chosen.trainPerClass)
    throw new LabError(
      "spec-invalid",
      `imagesPerClass is ${chosen.imagesPerClass}, but there are ${chosen.trainPerClass} training images a class; give at most as many.`,
    );
  corruptionsOf(chosen);
  const count = iterationsOf(chosen).length;
  // The LE-ODE is estimated anew on what the burn-in leaves.
  const left = count - burnInMoments(chosen);
  if (chosen.window % 2 === 0 || chosen.window > left)
    throw new LabError("spec-invalid", `window is ${chosen.window}; give an odd number of at most ${left} moments.`);
}

/** Moments that the burn-in takes. */
export const burnInMoments = (chosen: LeSdeNetworkParams): number =>
  Math.round((chosen.burnIn / 100) * (iterationsOf(chosen).length - 1));
