// A data set made ready for one experiment: chosen classes, numbered examples, labels, and inputs normalised on the training images.
import type { ClassInfo, DatasetManifest, DatasetPlugin, ExampleId, Examples, Host } from "./contracts.ts";
import { numbering, type DatasetChoice } from "./spec.ts";

export interface Dataset extends Examples {
  /** [rows, columns, channels] */
  readonly shape: readonly [number, number, number];
  /** Outputs are classes. */
  readonly classes: readonly ClassInfo[];
  /** Class number of every example. [example] */
  readonly labels: Uint8Array;
  readonly trainCount: number;
  readonly testCount: number;
  /** Per-pixel mean of the training images, and the one standard deviation that all pixels are divided by, of 0..1. */
  readonly mean: Float64Array;
  readonly deviation: number;
  /** FNV-1a over all bytes in use, as hexadecimal: the same images give the same text. */
  readonly hash: string;
  readonly pixels: Pictures;
  /** (pixel / 255 - mean) / deviation. [example, row, column, channel] */
  read(examples: readonly ExampleId[]): Float32Array;
}

/** Raw bytes by number. [row, column, channel] */
export type Pictures = (example: ExampleId) => Uint8Array;

/** Raw images, without the pass over the training images that normalising needs. @throws LabError `data-unavailable` */
export async function openImages(plugin: DatasetPlugin, choice: DatasetChoice, host: Host): Promise<Pictures> {
  const source = await plugin.open(choice.params as never, host);
  const numbers = numbering(choice);
  const drawn = new Map<ExampleId, Uint8Array>();
  return (example) => {
    const there = drawn.get(example);
    if (there) return there;
    const { classIndex, split, index } = numbers.of(example);
    const image = source.image(choice.classes[classIndex]!, split, index);
    drawn.set(example, image);
    return image;
  };
}

/** @param images of the same choice, where they are open already @throws LabError `data-unavailable` */
export const openDataset = async (
  plugin: DatasetPlugin,
  choice: DatasetChoice,
  host: Host,
  images?: Pictures,
): Promise<Dataset> =>
  datasetOf(plugin.manifest, choice, { pixels: images ?? (await openImages(plugin, choice, host)), host });

interface Open {
  /** Of the same choice. */
  readonly pixels: Pictures;
  readonly host: Pick<Host, "breathe">;
}

/** The data set of images that are open already. */
export async function datasetOf(
  manifest: DatasetManifest,
  choice: DatasetChoice,
  { pixels, host }: Open,
): Promise<Dataset> {
  const classes = manifest.classes.filter(({ id }) => choice.classes.includes(id));
  const { trainCount, testCount, of } = numbering(choice);
  const shape = manifest.shape;
  const size = shape[0] * shape[1] * shape[2];
  const { mean, deviation, hash } = await statistics({ trainCount, testCount, size, pixels, host });
  return {
    shape,
    classes,
    outputCount: classes.length,
    labels: Uint8Array.from({ length: trainCount + testCount }, (_, example) => of(example).classIndex),
    trainCount,
    testCount,
    mean,
    deviation,
    hash,
    pixels,
    read(examples) {
      const inputs = new Float32Array(examples.length * size);
      examples.forEach((example, row) => {
        const bytes = pixels(example);
        for (let at = 0; at < size; at++) inputs[row * size + at] = (bytes[at]! / 255 - mean[at]!) / deviation;
      });
      return inputs;
    },
  };
}

interface Pass {
  readonly trainCount: number;
  readonly testCount: number;
  readonly size: number;
  readonly pixels: Pictures;
  readonly host: Pick<Host, "breathe">;
}

/** One pass over all images. The sums are of whole numbers, hence exact; images alike in every pixel get deviation 1. */
async function statistics({ trainCount, testCount, size, pixels, host }: Pass) {
  const sums = new Float64Array(size);
  let squares = 0;
  let hash = 2166136261;
  for (let example = 0; example < trainCount + testCount; example++) {
    const bytes = pixels(example);
    for (let at = 0; at < size; at++) hash = Math.imul(hash ^ bytes[at]!, 16777619);
    for (let at = 0; example < trainCount && at < size; at++) {
      sums[at]! += bytes[at]!;
      squares += bytes[at]! * bytes[at]!;
    }
    if (example % 64 === 0) await host.breathe();
  }
  const mean = sums.map((sum) => sum / trainCount / 255);
  const spread = squares / 255 / 255 / trainCount / size - mean.reduce((sum, value) => sum + value * value, 0) / size;
  return { mean, deviation: spread > 0 ? Math.sqrt(spread) : 1, hash: (hash >>> 0).toString(16).padStart(8, "0") };
}
