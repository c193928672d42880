// What the study of two label systems asks for, and under which keys its findings are kept.
import type { DatasetManifest } from "../../contracts.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import { canonical } from "../../spec.ts";
import { checkLabelling, secondLabellings, titlesOf, type Sides } from "./groups.ts";

export const params = {
  dataset: choice({ title: "Images", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  first: words({
    title: "First labelling: one side",
    byDefault: ["cat", "dog"],
    minCount: 1,
    maxCount: 10,
    help: "Classes, or super-classes such as animal.",
  }),
  other: words({ title: "First labelling: other side", byDefault: ["ship", "car"], minCount: 1, maxCount: 10 }),
  second: choice({
    title: "Second labelling",
    byDefault: "background",
    options: secondLabellings,
    help: "Background (plain v grass), coat (own colours v grey) and stripes (plain coat v striped, animals only) are set in the drawing, for half of each class. Classes: each side of the first labelling is parted by the list below.",
  }),
  secondFirst: words({
    title: "Second labelling by classes: one side",
    byDefault: [],
    maxCount: 10,
    help: "Of the classes named above; the others are on the other side. A data set with two labels an image has a class for each pair of them.",
  }),
  perGroup: int({
    title: "Images a group",
    byDefault: 50,
    min: 4,
    max: 250,
    help: "There are four groups, one for each pair of sides, all of this size.",
  }),
  model: choice({ title: "Network", byDefault: "mlp", options: ["mlp", "cnn"] }),
  width: int({ title: "Hidden units (MLP)", byDefault: 256, min: 1, max: 40960 }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3, 4, 5],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the weights and the order of training, the same for both labellings; the images stay the same.",
  }),
  epochs: ints({
    title: "Measured after epochs",
    byDefault: [0, 2, 5, 10, 20, 40, 60, 80, 100],
    min: 0,
    max: 2000,
    minCount: 1,
    maxCount: 40,
    help: "Epoch 0 is always measured.",
  }),
  batchSize: int({ title: "Batch size", byDefault: 50, min: 1, max: 1000 }),
  stepSize: real({
    title: "Step size of the training",
    byDefault: 0.02,
    min: 1e-8,
    max: 10,
    scale: "log",
    help: "Of the loss (f − y)² / 2.",
  }),
};
export type LabelSystemsParams = ValuesOf<typeof params>;

/** Which labelling: the first or the second. */
export const systems = ["first", "second"] as const;
export type System = (typeof systems)[number];

export const manifestOf = ({ dataset }: Pick<LabelSystemsParams, "dataset">): DatasetManifest =>
  manifests.find(({ id }) => id === dataset)!;

export const labellingTitles = (chosen: LabelSystemsParams): readonly [Sides, Sides] =>
  titlesOf(chosen, manifestOf(chosen));

export const epochsOf = ({ epochs }: LabelSystemsParams): number[] =>
  [...new Set([0, ...epochs])].sort((a, b) => a - b);
export const seedsOf = ({ seeds }: LabelSystemsParams): number[] => [...new Set(seeds)];

export interface Moment {
  /** The labelling that the network is trained on. */
  readonly trained: System;
  readonly seed: number;
  readonly epoch: number;
}

/** Before training it does not matter on what the network will be trained. */
export function momentKey(chosen: LabelSystemsParams, { trained, seed, epoch }: Moment): string {
  const { dataset, first, other, second, secondFirst, perGroup, model, width, batchSize, stepSize } = chosen;
  return canonical({
    dataset,
    first,
    other,
    second,
    ...(second === "classes" ? { secondFirst } : {}),
    perGroup,
    model,
    ...(model === "mlp" ? { width } : {}),
    seed,
    epoch,
    ...(epoch > 0 ? { trained, batchSize, stepSize } : {}),
  });
}

/** All moments, each once. */
export const momentsOf = (chosen: LabelSystemsParams): Moment[] =>
  seedsOf(chosen).flatMap((seed) =>
    systems.flatMap((trained) =>
      epochsOf(chosen)
        .filter((epoch) => epoch > 0 || trained === "first")
        .map((epoch) => ({ trained, seed, epoch })),
    ),
  );

/** @throws LabError `spec-invalid` */
export const check = (chosen: LabelSystemsParams): void => checkLabelling(chosen, manifestOf(chosen));
