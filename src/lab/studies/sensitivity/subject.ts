// The examples of one seed: which are learned, which are watched, and the groups that class-to-class means are taken over.
import { rng } from "../../../math/rng.ts";
import type { ExampleId, Examples } from "../../contracts.ts";
import { manifests } from "../../manifests.ts";
import type { DatasetChoice } from "../../spec.ts";
import { numbering } from "../../spec.ts";
import type { Desk } from "../../study.ts";
import { clusterPoints, clusters } from "../fourClusters.ts";
import type { SensitivityParams } from "./setting.ts";

export interface Subject {
  readonly examples: Examples;
  readonly train: readonly ExampleId[];
  readonly test: readonly ExampleId[];
  /** Group of each example: its class, or its cluster. */
  readonly groupOf: (example: ExampleId) => number;
}

export const groupTitlesOf = ({ data }: SensitivityParams): readonly string[] =>
  data === "four clusters" ? clusters.map(({ title }) => title) : manifestOf(data).classes.map(({ title }) => title);

const manifestOf = (data: string) => manifests.find(({ id }) => id === data)!;

function pointsOf({ trainPerClass, testPerClass }: SensitivityParams, seed: number): Subject {
  const [trainCount, testCount] = [2 * trainPerClass, 2 * testPerClass];
  const points = clusterPoints(trainCount + testCount, rng(seed).fork("points"));
  return {
    examples: {
      shape: [1, 1, 2],
      outputCount: 2,
      labels: points.map(({ label }) => label),
      read: (examples) => Float32Array.from(examples.flatMap((example) => points[example]!.place)),
    },
    train: Array.from({ length: trainCount }, (_, at) => at),
    test: Array.from({ length: testCount }, (_, at) => trainCount + at),
    groupOf: (example) => points[example]!.cluster,
  };
}

/** Seeds draw their training images out of so many times as many. */
const pool = 4;

async function imagesOf(chosen: SensitivityParams, seed: number, desk: Desk): Promise<Subject> {
  const { data, trainPerClass, testPerClass } = chosen;
  const { classes, maxPerClass } = desk.manifest(data);
  const choice: DatasetChoice = {
    id: data,
    classes: classes.map(({ id }) => id),
    trainPerClass: Math.min(maxPerClass.train, pool * trainPerClass),
    testPerClass,
    params: {},
  };
  const dataset = await desk.dataset(choice);
  const { idOf, firstOfEach } = numbering(choice);
  const draws = rng(seed).fork("training images");
  const all = Array.from({ length: choice.trainPerClass }, (_, index) => index);
  return {
    examples: dataset,
    train: classes.flatMap((_, label) =>
      draws
        .fork(label)
        .shuffled(all)
        .slice(0, trainPerClass)
        .map((index) => idOf(label, "train", index)),
    ),
    test: firstOfEach("test", testPerClass),
    groupOf: (example) => dataset.labels[example]!,
  };
}

export const subjectOf = async (chosen: SensitivityParams, seed: number, desk: Desk): Promise<Subject> =>
  chosen.data === "four clusters" ? pointsOf(chosen, seed) : imagesOf(chosen, seed, desk);
