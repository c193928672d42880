// The examples of one seed: what its samples are drawn from, in order, and what is held out; labels +1 and -1.
import { rng } from "../../../math/rng.ts";
import type { ExampleId, Examples } from "../../contracts.ts";
import { numbering, type DatasetChoice } from "../../spec.ts";
import type { Desk } from "../../study.ts";
import { clusterPoints } from "../fourClusters.ts";
import { fourClusters, manifestOf, msOf, type BoundsParams } from "./setting.ts";

export interface Subject {
  /** One output; label 0 is y = +1, label 1 is y = -1. */
  readonly examples: Examples;
  /** The sample of size m is the first m. */
  readonly train: readonly ExampleId[];
  readonly heldOut: readonly ExampleId[];
}

export const signOf = ({ examples: { labels } }: Subject, example: ExampleId): number => 1 - 2 * labels[example]!;

export const subjectOf = async (chosen: BoundsParams, seed: number, desk: Desk): Promise<Subject> =>
  chosen.data === fourClusters ? pointsOf(chosen, seed) : imagesOf(chosen, seed, desk);

function pointsOf(chosen: BoundsParams, seed: number): Subject {
  const most = msOf(chosen).at(-1)!;
  const points = [
    ...clusterPoints(most, rng(seed).fork("sample")),
    ...clusterPoints(chosen.heldOut, rng(seed).fork("held out")),
  ];
  return {
    examples: {
      shape: [1, 1, 2],
      outputCount: 1,
      labels: points.map(({ label }) => label),
      read: (examples) => Float32Array.from(examples.flatMap((example) => points[example]!.place)),
    },
    train: Array.from({ length: most }, (_, at) => at),
    heldOut: Array.from({ length: chosen.heldOut }, (_, at) => most + at),
  };
}

async function imagesOf(chosen: BoundsParams, seed: number, desk: Desk): Promise<Subject> {
  const { data, first, other, heldOut, poolPerClass } = chosen;
  const classes = manifestOf(data)
    .classes.map(({ id }) => id)
    .filter((id) => first.includes(id) || other.includes(id));
  const choice: DatasetChoice = {
    id: data,
    classes,
    trainPerClass: poolPerClass,
    testPerClass: Math.ceil(heldOut / classes.length),
    params: {},
  };
  const dataset = await desk.dataset(choice);
  const pool = Array.from({ length: dataset.trainCount }, (_, example) => example);
  // Among the held-out images the classes take turns, so that their counts differ by one at most.
  const { idOf } = numbering(choice);
  return {
    examples: {
      shape: dataset.shape,
      outputCount: 1,
      labels: Uint8Array.from(dataset.labels, (label) => (first.includes(classes[label]!) ? 0 : 1)),
      read: (examples) => dataset.read(examples),
    },
    train: rng(seed).fork("sample").shuffled(pool),
    heldOut: Array.from({ length: heldOut }, (_, at) =>
      idOf(at % classes.length, "test", Math.floor(at / classes.length)),
    ),
  };
}
