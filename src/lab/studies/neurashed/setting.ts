// What the study of the neurashed-style model asks for, and under which keys its findings are kept.
import type { ClassInfo } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import type { Graph } from "../../simulators/neurashed.ts";
import { chosenGraph, modelParams } from "../../simulators/neurashed/setting.ts";
import { canonical } from "../../spec.ts";

export const params = {
  dataset: choice({
    title: "Classes from",
    byDefault: "drawn",
    options: manifests.map(({ id }) => id),
    help: "Only the classes and their super-classes; no images are needed.",
  }),
  classes: words({ title: "Classes", byDefault: ["tiger", "cat", "plane", "ship"], minCount: 2, maxCount: 10 }),
  ...modelParams,
  rate: real({
    title: "Growth rate, g",
    byDefault: 0.05,
    min: 1e-6,
    max: 1,
    scale: "log",
    help: "A factor that fires is multiplied by 1 + g (1 − factor / largest) in each step.",
  }),
  examplesPerClass: int({ title: "Training examples a class", byDefault: 25, min: 1, max: 1000 }),
  anchorsPerClass: int({
    title: "Anchors a class",
    byDefault: 10,
    min: 1,
    max: 1000,
    help: "The first training examples of each class; a step is taken on each alone.",
  }),
  probesPerClass: int({
    title: "Probes a class",
    byDefault: 50,
    min: 1,
    max: 500,
    help: "Held-out examples, which information is counted over, too.",
  }),
  bins: int({
    title: "Bins of a score",
    byDefault: 20,
    min: 2,
    max: 1000,
    help: "For mutual information: of equal width, from 0 to the largest score of a level at that moment.",
  }),
  steps: int({ title: "Steps", byDefault: 600, min: 1, max: 100_000 }),
  batchSizes: ints({ title: "Batch sizes", byDefault: [1], min: 1, max: 10_000, minCount: 1, maxCount: 12 }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 50,
    help: "Of the factors at the start, of what fires and of the order of training.",
  }),
};
export type NeurashedParams = ValuesOf<typeof params>;

/** Moments of a run that are measured, the start among them, evenly over its steps. */
const momentCount = 41;

export const shownNames = ["elasticity", "paths", "information"] as const;
export type Shown = (typeof shownNames)[number];

export const view = {
  show: choice({ title: "Shown", byDefault: "elasticity", options: shownNames }),
  moment: int({ title: "Moment shown, by its place", byDefault: momentCount - 1, min: 0, max: momentCount - 1 }),
  batch: int({ title: "Batch size shown, by its place", byDefault: 0, min: 0, max: 11 }),
  seed: int({ title: "Seed shown in the graph, by its place", byDefault: 0, min: 0, max: 49 }),
};

export const seedsOf = ({ seeds }: NeurashedParams): number[] => [...new Set(seeds)];
export const batchSizesOf = ({ batchSizes }: NeurashedParams): number[] =>
  [...new Set(batchSizes)].sort((a, b) => a - b);

/** Steps done at each moment, rising from 0. */
export const momentsOf = ({ steps }: NeurashedParams): number[] => [
  ...new Set(Array.from({ length: momentCount }, (_, at) => Math.round((steps * at) / (momentCount - 1)))),
];

export interface NeurashedLook {
  readonly show: Shown;
  readonly moment: number;
  readonly batch: number;
  readonly seed: number;
}

/** In the order of the data set. */
export const classesOf = ({ dataset, classes }: Pick<NeurashedParams, "dataset" | "classes">): readonly ClassInfo[] =>
  manifests.find(({ id }) => id === dataset)!.classes.filter(({ id }) => classes.includes(id));

/** What the graph, and how it fires and grows, follows from. */
export type Played = Pick<
  NeurashedParams,
  "dataset" | "classes" | "graph" | "nodes" | "fireChance" | "patience" | "most" | "rate"
>;

export const playedOf = ({
  dataset,
  classes,
  graph,
  nodes,
  fireChance,
  patience,
  most,
  rate,
}: NeurashedParams): Played => ({ dataset, classes, graph, nodes, fireChance, patience, most, rate });

/** @throws LabError `spec-invalid` */
export const graphOfStudy = (chosen: Played): Graph => chosenGraph(chosen, classesOf(chosen));

export function neurashedKey(
  { seeds: _seeds, batchSizes: _batchSizes, ...chosen }: NeurashedParams,
  batchSize: number,
  seed: number,
): string {
  return canonical({ ...chosen, batchSize, seed });
}

/** @throws LabError `spec-invalid` */
export function check(chosen: NeurashedParams): void {
  const known = manifests.find(({ id }) => id === chosen.dataset)!.classes.map(({ id }) => id);
  const foreign = chosen.classes.find((id) => !known.includes(id));
  if (foreign !== undefined)
    throw new LabError(
      "spec-invalid",
      `${foreign} is not a class of ${chosen.dataset}; give some of: ${known.join(", ")}.`,
    );
  if (chosen.anchorsPerClass > chosen.examplesPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${chosen.anchorsPerClass} anchors a class, but ${chosen.examplesPerClass} training examples; ask for at most as many.`,
    );
  graphOfStudy(chosen);
}
