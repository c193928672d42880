// One moment: how alike images of two classes are to the weights of each layer, and by what: features, signals or both.
import type { ExampleId, LayerFacts, TangentKernel } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { accuracyOf } from "../../training.ts";
import type { Moment } from "../tangent/moments.ts";

/**
 * Share: the layer's part of the whole kernel's cosine, K_l(a, b) / sqrt(K(a, a) K(b, b)), which adds up over layers.
 * Kernel, features and signals: cosines of the layer's own kernel, of its inputs and of what is sent back to its outputs.
 */
export const quantities = ["share", "kernel", "features", "signals"] as const;
export type Quantity = (typeof quantities)[number];

/** What a cell says of an image a and a class c is the mean over the other images b of c; NaN where there is none. */
export interface SharingFinding {
  /** Layers with weights, in forward order. */
  readonly layers: readonly { readonly title: string; readonly kind: string }[];
  /** By quantity. [layer, image, class] */
  readonly byLayer: Readonly<Record<Quantity, Float64Array>>;
  /** Cosine of the whole kernel. [image, class] */
  readonly whole: Float64Array;
  /** Class of each image. [image] */
  readonly labels: Uint8Array;
  /** The largest |sum of the layers' kernels - whole| over sqrt(K(a, a) K(b, b)). */
  readonly gap: number;
  /** Share of the images that are classified rightly. */
  readonly accuracy: number;
}

interface Asked {
  readonly dataset: Dataset;
  readonly images: readonly ExampleId[];
  readonly output: number | "sum";
}

export async function measured(moment: Moment, { dataset, images, output }: Asked): Promise<SharingFinding> {
  const { network, state } = moment;
  const kernel = await network.kernelParts(state, images, images, { output });
  const labels = Uint8Array.from(images, (id) => dataset.labels[id]!);
  return {
    ...sharingOf(kernel, network.layers, labels),
    accuracy: await accuracyOf(moment.network, moment.state, dataset, images),
  };
}

/** @param labels of the images that are rows and columns alike */
export function sharingOf(
  { whole, parts }: TangentKernel,
  layers: readonly LayerFacts[],
  labels: Uint8Array,
): Omit<SharingFinding, "accuracy"> {
  const classCount = Math.max(...labels) + 1;
  const of = (name: "kernel" | "forward" | "backward"): Float64Array =>
    joined(parts.map((part) => classMeans(normalised(part[name].data, diagonal(part[name].data)), labels, classCount)));
  const own = diagonal(whole.data);
  const sums = Float64Array.from(whole.data, (value, cell) =>
    parts.reduce((sum, { kernel }) => sum + kernel.data[cell]!, -value),
  );
  return {
    layers: parts.map(({ layer }) => ({ title: titleOf(layers, layer), kind: layers[layer]!.kind })),
    byLayer: {
      share: joined(parts.map(({ kernel }) => classMeans(normalised(kernel.data, own), labels, classCount))),
      kernel: of("kernel"),
      features: of("forward"),
      signals: of("backward"),
    },
    whole: classMeans(normalised(whole.data, own), labels, classCount),
    labels,
    gap: normalised(sums, own).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

/** "Convolution 1", "Dense 2", "Output": numbered among those of its kind. */
function titleOf(layers: readonly LayerFacts[], at: number): string {
  const { kind } = layers[at]!;
  if (layers.slice(at + 1).every((layer) => layer.kind !== "dense" && layer.kind !== "conv")) return "Output";
  const number = layers.slice(0, at + 1).filter((layer) => layer.kind === kind).length;
  return `${kind === "conv" ? "Convolution" : "Dense"} ${number}`;
}

const diagonal = (data: ArrayLike<number>): number[] => {
  const count = Math.round(Math.sqrt(data.length));
  return Array.from({ length: count }, (_, at) => data[at * count + at]!);
};

/** Each cell over the square root of both images' diagonals; NaN where one of these is 0. [image, image] */
const normalised = (data: ArrayLike<number>, own: readonly number[]): Float64Array =>
  Float64Array.from(data, (value, cell) => {
    const size = Math.sqrt(own[Math.floor(cell / own.length)]! * own[cell % own.length]!);
    return size > 0 ? value / size : NaN;
  });

/** Means over the other images of each class, without what is NaN. [image, class] */
function classMeans(cells: Float64Array, labels: Uint8Array, classCount: number): Float64Array {
  const count = labels.length;
  const [sums, counts] = [new Float64Array(count * classCount), new Float64Array(count * classCount)];
  cells.forEach((value, cell) => {
    const [a, b] = [Math.floor(cell / count), cell % count];
    if (a === b || Number.isNaN(value)) return;
    sums[a * classCount + labels[b]!]! += value;
    counts[a * classCount + labels[b]!]! += 1;
  });
  return sums.map((sum, at) => sum / counts[at]!);
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  arrays.reduce((at, own) => (all.set(own, at), at + own.length), 0);
  return all;
}
