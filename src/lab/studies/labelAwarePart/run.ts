// The run of the study: seed by seed, the kernel in closed form, then both label-aware parts from the same draws.
import { twoLayerKernel } from "../../../math/arcCosine.ts";
import { gram, zeros } from "../../../math/matrix.ts";
import { diagonal } from "../../../math/relativeRatio.ts";
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import { LabError } from "../../error.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import type { Labelled, LabelAwarePartFinding } from "./finding.ts";
import { labelAwareParts, type LabelAwarePart } from "./hierarchy.ts";
import {
  choiceOf,
  givenLabels,
  manifestOf,
  partKey,
  pickedImages,
  shuffledLabels,
  type LabelAwarePartParams,
} from "./setting.ts";

type Event = StudyEvent<LabelAwarePartFinding>;

export async function* run(
  chosen: LabelAwarePartParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<Event, void> {
  for (const seed of chosen.seeds) {
    const key = partKey(chosen, seed);
    if (known.has(key)) continue;
    yield { kind: "progress", progress: { stage: `seed ${seed}: drawing ${chosen.draws} units`, share: 0 } };
    yield { kind: "finding", key, value: await found(chosen, seed, desk) };
  }
}

async function found(chosen: LabelAwarePartParams, seed: number, desk: Desk): Promise<LabelAwarePartFinding> {
  const { shape } = manifestOf(chosen);
  const pixels = shape[0] * shape[1] * shape[2];
  const images = pickedImages(chosen, seed);
  const read = await desk.pictures(choiceOf(chosen));
  // Pixels from -1 to 1, and a coordinate that is 1 for the bias, as the authors have it.
  const inputs = zeros(images.length, pixels + 1);
  images.forEach((image, row) => {
    const bytes = read(image);
    for (let at = 0; at < pixels; at++) inputs.data[row * (pixels + 1) + at] = bytes[at]! / 127.5 - 1;
    inputs.data[row * (pixels + 1) + pixels] = 1;
  });
  const grid = gram(inputs);
  const kernel = twoLayerKernel(inputs);
  const labelings = [givenLabels(chosen), shuffledLabels(chosen, seed)] as const;
  const parts = await partsOrError({
    grid,
    kernel,
    labelings,
    width: 1,
    draws: chosen.draws,
    random: rng(seed).fork("units"),
    breathe: () => desk.breathe(),
  });
  return {
    images: Int32Array.from(images),
    kernel: kernel.data,
    size: mean(diagonal(grid)),
    labelings: { given: labelled(labelings[0], parts[0]!), shuffled: labelled(labelings[1], parts[1]!) },
  };
}

async function partsOrError(asked: Parameters<typeof labelAwareParts>[0]): Promise<LabelAwarePart[]> {
  try {
    return await labelAwareParts(asked);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LabError("spec-invalid", `${error.message} Choose another seed or fewer images.`);
  }
}

const labelled = (labels: readonly number[], { part, errors, intra, inter, difference }: LabelAwarePart): Labelled => ({
  labels: Int8Array.from(labels),
  part: part.data,
  errors: errors.data,
  intra,
  inter,
  difference,
});
