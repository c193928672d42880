// What is found of a path: its images and what a step does to them, under keys that name all that decides them.
import { interval, mean, type Interval } from "../../../math/stats.ts";
import type { PictureShape } from "../../../math/picture.ts";
import { canonical } from "../../spec.ts";
import type { Findings } from "../../study.ts";
import type { Path } from "./path.ts";
import type { ImagePathParams } from "./setting.ts";

/** The images of one path, the same for every network. */
export interface PathImages {
  readonly kind: "images";
  readonly shape: PictureShape;
  /** Bytes for the eye, of the first draw of noise; empty when read back from a file. [anchor, position, ...shape] */
  readonly pixels: Uint8Array;
  /** Euclidean, between inputs as the networks see them; mean over draws of noise. [anchor, position] */
  readonly distance: Float64Array;
}

export interface PathSimilarity {
  readonly kind: "similarity";
  /** Relative similarity, mean over draws of noise; NaN where not measurable. [anchor, position] */
  readonly similarity: Float64Array;
}

export type ImagePathFinding = PathImages | PathSimilarity;

export interface Network {
  readonly model: string;
  readonly epoch: number;
}

/** Which networks are measured: the chosen one after each of the epochs, and the linear one after the last. */
export const networksOf = ({ model, epochs }: ImagePathParams): Network[] => [
  ...epochsOf(epochs).map((epoch) => ({ model, epoch })),
  { model: "linear", epoch: Math.max(...epochs) },
];

const epochsOf = (epochs: readonly number[]): number[] => [...new Set(epochs)].sort((a, b) => a - b);

/** All that decides the images of a path. */
function sceneKey(chosen: ImagePathParams, { id, at }: Path) {
  const { dataset, anchorClass, anchors, trainPerClass, seed, draws } = chosen;
  const other = { near: chosen.nearClass, far: chosen.farClass }[id as "near" | "far"];
  return {
    dataset,
    anchorClass,
    anchors,
    trainPerClass,
    path: id,
    at,
    ...(other === undefined ? {} : { other }),
    ...(id === "noise" ? { draws, seed } : {}),
  };
}

export const imagesKey = (chosen: ImagePathParams, path: Path): string => canonical({ images: sceneKey(chosen, path) });

/** The key of one path's similarities in one network. */
export function similarityKey(chosen: ImagePathParams, path: Path, { model, epoch }: Network): string {
  const { rule, delta, eta, batchSize, stepSize, seed } = chosen;
  return canonical({
    ...sceneKey(chosen, path),
    model,
    epoch,
    seed,
    ...(epoch > 0 ? { batchSize, stepSize } : {}),
    step: rule === "fixed" ? { eta } : { delta },
  });
}

export interface PathCurve {
  /** Over anchors. [position] */
  readonly similarity: readonly Interval[];
  /** Mean over anchors. [position] */
  readonly distance: readonly number[];
  /** [anchor][position] */
  readonly anchors: readonly (readonly number[])[];
}

/** What was found of one path in one network; undefined before. */
export function curveOf(
  chosen: ImagePathParams,
  findings: Findings<ImagePathFinding>,
  path: Path,
  network: Network,
): PathCurve | undefined {
  const found = findings.get(similarityKey(chosen, path, network));
  const images = findings.get(imagesKey(chosen, path));
  if (found?.kind !== "similarity" || images?.kind !== "images") return undefined;
  const count = path.at.length;
  const anchors = Array.from({ length: chosen.anchors }, (_, anchor) =>
    Array.from(found.similarity.slice(anchor * count, (anchor + 1) * count)),
  );
  return {
    similarity: path.at.map((_, k) => interval(anchors.map((row) => row[k]!))),
    distance: path.at.map((_, k) => mean(anchors.map((_row, anchor) => images.distance[anchor * count + k]!))),
    anchors,
  };
}
