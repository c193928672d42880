// What a study of paths is asked for: its images, its networks, and how far the paths go.
import { LabError } from "../../error.ts";
import { howPacked } from "../../manifests.ts";
import { choice, int, ints, real, type ValuesOf } from "../../params.ts";
import type { DatasetChoice } from "../../spec.ts";

const drawnClasses = ["tiger", "lion", "cat", "dog", "plane", "ship", "car"] as const;
const photographClasses = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;
const classIds = [...new Set([...drawnClasses, ...photographClasses])];
export const classesOf: Readonly<Record<string, readonly string[]>> = {
  drawn: drawnClasses,
  cifar10: photographClasses,
};

export const params = {
  dataset: choice({
    title: "Images",
    byDefault: "drawn",
    options: ["drawn", "cifar10"],
    help: howPacked(["cifar10"]),
  }),
  anchorClass: choice({ title: "Learned images: class", byDefault: "tiger", options: classIds }),
  anchors: int({
    title: "Learned images: number",
    byDefault: 10,
    min: 1,
    max: 100,
    help: "The first training images of the class; a step is taken on each alone.",
  }),
  nearClass: choice({ title: "Blend with one of", byDefault: "cat", options: classIds }),
  farClass: choice({ title: "And with one of", byDefault: "plane", options: classIds }),
  model: choice({
    title: "Network",
    byDefault: "cnn",
    options: ["cnn", "mlp", "skip"],
    help: "As in the live lab by default; the linear model stands beside it.",
  }),
  epochs: ints({
    title: "Measured after epochs",
    byDefault: [0, 6],
    min: 0,
    max: 200,
    minCount: 1,
    maxCount: 4,
    help: "0 is untrained. The linear model is measured after the last one.",
  }),
  trainPerClass: int({ title: "Training images a class", byDefault: 300, min: 2, max: 5000 }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 10000 }),
  stepSize: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 10, scale: "log" }),
  rule: choice({ title: "Step of the probe", byDefault: "own rise", options: ["own rise", "fixed"] }),
  delta: real({ title: "Rise of the own score, delta", byDefault: 0.1, min: 0.001, max: 3, scale: "log" }),
  eta: real({ title: "Fixed step size, eta", byDefault: 0.01, min: 1e-8, max: 10, scale: "log" }),
  positions: int({
    title: "Images on a path",
    byDefault: 21,
    min: 3,
    max: 101,
    help: "An odd number, so that the learned image itself is in the middle.",
  }),
  degrees: real({
    title: "Rotation up to (degrees)",
    byDefault: 90,
    min: 1,
    max: 180,
    help: "To both sides, bilinear. Beyond its edge an image goes on with the colours of its edge.",
  }),
  pixels: real({
    title: "Shift up to (pixels)",
    byDefault: 10,
    min: 0.5,
    max: 32,
    help: "To both sides, likewise. Steps of whole pixels need no interpolation, which blurs.",
  }),
  brightness: real({
    title: "Brightness up to (share of white)",
    byDefault: 0.5,
    min: 0.01,
    max: 1,
    help: "To both sides; what leaves black to white is clipped.",
  }),
  noise: real({ title: "Noise up to (sigma, share of white)", byDefault: 0.3, min: 0.001, max: 2 }),
  draws: int({ title: "Draws of the noise, averaged", byDefault: 3, min: 1, max: 50 }),
  seed: int({
    title: "Seed",
    byDefault: 1,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Of the weights, the order of training, and the noise.",
  }),
};
export type ImagePathParams = ValuesOf<typeof params>;

export function check(chosen: ImagePathParams): void {
  if (chosen.positions % 2 === 0)
    throw new LabError(
      "spec-invalid",
      `Images on a path is ${chosen.positions}; give an odd number, so that the learned image is one of them.`,
    );
  for (const name of ["anchorClass", "nearClass", "farClass"] as const)
    if (!classesOf[chosen.dataset]!.includes(chosen[name]))
      throw new LabError(
        "spec-invalid",
        `${params[name].title} is ${chosen[name]}, but ${chosen.dataset} has no such class; choose one of: ${classesOf[chosen.dataset]!.join(", ")}.`,
      );
  if (chosen.anchors > chosen.trainPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${chosen.anchors} learned images, but ${chosen.trainPerClass} training images a class; ask for at most as many.`,
    );
}

export const choiceOf = ({ dataset, trainPerClass, anchors }: ImagePathParams): DatasetChoice => ({
  id: dataset,
  classes: classesOf[dataset]!,
  trainPerClass,
  // Blends go to held-out images, so that none was ever trained on.
  testPerClass: anchors,
  params: {},
});
