// The run of a study of label awareness: seed by seed and pair by pair, the kernels first, then the network.
import type { Matrix } from "../../../math/matrix.ts";
import type { Examples } from "../../contracts.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import type { LabelAwarenessFinding } from "./finding.ts";
import { kernelsOf, type Labelled } from "./kernels.ts";
import { networkOf } from "./network.ts";
import {
  choiceOf,
  kernelsKey,
  manifestOf,
  networkKey,
  pairTitle,
  pairsOf,
  pickedImages,
  type LabelAwarenessParams,
  type Pair,
  type Picked,
} from "./setting.ts";

type Event = StudyEvent<LabelAwarenessFinding>;

/** How many images of each class a finding keeps the matrices of. */
const shownPerClass = 40;

/** Images from -1 to 1, as the authors have them: mean 1/2 and deviation 1/2 taken out. */
interface Images extends Picked {
  readonly examples: Examples;
  /** [image, number] */
  readonly rows: (images: readonly number[]) => Matrix;
}

async function imagesOf(chosen: LabelAwarenessParams, pair: Pair, seed: number, desk: Desk): Promise<Images> {
  const { shape } = manifestOf(chosen);
  const images = choiceOf(chosen, pair);
  const picked = pickedImages(chosen, pair, seed);
  const read = await desk.pictures(images);
  const inputs = new Map<number, Float32Array>();
  for (const example of [...picked.train, ...picked.test]) {
    inputs.set(
      example,
      Float32Array.from(read(example), (byte) => byte / 127.5 - 1),
    );
    if (inputs.size % 16 === 0) await desk.breathe();
  }
  const size = shape[0] * shape[1] * shape[2];
  const data = (examples: readonly number[]): Float32Array => {
    const all = new Float32Array(examples.length * size);
    examples.forEach((example, row) => all.set(inputs.get(example)!, row * size));
    return all;
  };
  const labels = new Uint8Array(2 * (images.trainPerClass + images.testPerClass)).fill(1);
  for (const half of [picked.train, picked.test])
    for (const example of half.slice(0, half.length / 2)) labels[example] = 0;
  return {
    ...picked,
    examples: { shape, outputCount: 1, labels, read: data },
    rows: (examples) => ({ rows: examples.length, columns: size, data: data(examples) }),
  };
}

export async function* run(
  chosen: LabelAwarenessParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<Event, void> {
  for (const seed of chosen.seeds)
    for (const pair of pairsOf(chosen)) {
      const [kernels, network] = [kernelsKey(chosen, pair, seed), networkKey(chosen, pair, seed)];
      if (known.has(kernels) && known.has(network)) continue;
      const title = `${pairTitle(pair, manifestOf(chosen))}, seed ${seed}`;
      yield progress(`${title}: getting the images`, 0);
      const images = await imagesOf(chosen, pair, seed, desk);
      if (!known.has(kernels)) {
        yield progress(`${title}: kernels and regressions`, 0);
        yield { kind: "finding", key: kernels, value: await kernelsFinding(images, desk) };
      }
      if (known.has(network)) continue;
      const { kernels: matrices, ...value } = yield* networkOf({ chosen, seed, title, ...images }, desk);
      const shown = {
        ...shownImages(images),
        start: shownPart(matrices.start),
        trained: shownPart(matrices.trained),
      };
      yield { kind: "finding", key: network, value: { kind: "network", ...value, shown } };
    }
}

const progress = (stage: string, share: number): Event => ({ kind: "progress", progress: { stage, share } });

async function kernelsFinding({ train, test, rows }: Images, desk: Desk): Promise<LabelAwarenessFinding> {
  const labelled = (images: readonly number[]): Labelled => ({
    inputs: rows(images),
    labels: Float64Array.from(images, (_, at) => (at < images.length / 2 ? 1 : -1)),
  });
  const set = { train: labelled(train), test: labelled(test) };
  const { kernel, estimates, ...value } = await kernelsOf(set, desk.breathe);
  return {
    kind: "kernels",
    ...value,
    shown: {
      ...shownImages({ train }),
      ntk: shownPart(kernel),
      estimates: {
        "kr-v1": shownPart(estimates["kr-v1"]),
        "kr-v2": shownPart(estimates["kr-v2"]),
        pairs: shownPart(estimates.pairs),
      },
    },
  };
}

/** Places of the first images of each class among the training images. */
function shownPlaces(count: number): number[] {
  const half = count / 2;
  const shown = Math.min(shownPerClass, half);
  return [0, half].flatMap((from) => Array.from({ length: shown }, (_, at) => from + at));
}

function shownImages({ train }: Pick<Picked, "train">): { readonly images: Int32Array; readonly sides: Uint8Array } {
  const places = shownPlaces(train.length);
  return {
    images: Int32Array.from(places, (at) => train[at]!),
    sides: Uint8Array.from(places, (at) => (at < train.length / 2 ? 0 : 1)),
  };
}

function shownPart({ rows, data }: Matrix): Float32Array {
  const places = shownPlaces(rows);
  return Float32Array.from(places.flatMap((row) => places.map((column) => data[row * rows + column]!)));
}
