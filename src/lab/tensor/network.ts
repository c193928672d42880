// A network: layers in a row, some of them adding what went in further back; their weights as values, and the two passes.
import type { Rng } from "../../math/rng.ts";
import { LabError } from "../error.ts";
import { sizeOf, type Layer, type LayerPlan } from "./layer.ts";
import { tf, type Tensor } from "./tf.ts";

/** The tensors of each layer, in forward order. */
export type Weights = readonly (readonly Tensor[])[];

export interface Network {
  readonly layers: readonly Layer[];
  readonly parameterCount: number;
}

/** @throws LabError `too-large` when an image is too small for a layer or one tensor exceeds the limit that is named */
export function network(
  plans: readonly LayerPlan[],
  inputShape: readonly number[],
  largest?: { bytes: number; limit: string },
): Network {
  let shape = inputShape;
  const layers: Layer[] = [];
  for (const plan of plans) {
    const layer = plan(shape);
    shape = layer.outputShape;
    if (layer.outputShape.some((length) => length < 1))
      throw new LabError(
        "too-large",
        `The ${layer.kind} layer gets an image of ${layer.inputShape.join(" x ")}, which is too small; use fewer pooling stages.`,
      );
    layers.push(layer);
    const from = layer.skip && layers.at(-1 - layer.skip)!.inputShape;
    if (from && from.join(" x ") !== shape.join(" x "))
      throw new LabError(
        "spec-invalid",
        `A skip connection adds ${from.join(" x ")} numbers to ${shape.join(" x ")}; make the layers between keep the shape.`,
      );
  }
  const sizes = layers.flatMap((layer) => layer.weightShapes.map(sizeOf));
  const biggest = Math.max(0, ...sizes) * 4;
  if (largest && biggest > largest.bytes)
    throw new LabError(
      "too-large",
      `One weight tensor of this model needs ${mebi(biggest)} MiB, but the limit here is ${mebi(largest.bytes)} MiB (${largest.limit}); make the layers narrower or choose another backend.`,
    );
  return { layers, parameterCount: sizes.reduce((sum, size) => sum + size, 0) };
}

const mebi = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

/** Initial weights from the seed: layer by layer, each from a stream of its own. */
export function initialWeights({ layers }: Network, seed: Rng): Float32Array[] {
  return layers.flatMap((layer, at) => [...layer.init(seed.fork(at))]);
}

/** @throws LabError `spec-invalid` when the arrays do not fit the layers. */
export function uploaded({ layers }: Network, arrays: readonly Float32Array[]): Weights {
  const wanted = layers.flatMap((layer) => layer.weightShapes.map(sizeOf));
  if (wanted.length !== arrays.length || wanted.some((size, at) => size !== arrays[at]!.length))
    throw new LabError(
      "spec-invalid",
      `The saved weights have sizes ${arrays.map((array) => array.length).join(", ")}, but this model needs ${wanted.join(", ")}; choose the model they were saved from.`,
    );
  let next = 0;
  return layers.map((layer) => layer.weightShapes.map((shape) => tf.tensor(arrays[next++]!, [...shape])));
}

/** The input of every layer and, last, the scores. @param known outputs of layers that need not be made again */
export function forward(
  { layers }: Network,
  weights: Weights,
  x: Tensor,
  known: ReadonlyMap<number, Tensor> = new Map(),
): Tensor[] {
  const inputs = [x];
  layers.forEach((layer, at) => {
    const own = known.get(at) ?? layer.apply(weights[at]!, inputs[at]!);
    inputs.push(layer.skip ? tf.add(own, inputs[at - layer.skip]!) : own);
  });
  return inputs;
}

/**
 * dL/d(output) of every layer from the first one with weights on, from dL/d(scores); nobody asks for those before it, whose
 * places stay empty.
 */
export function backward({ layers }: Network, weights: Weights, inputs: readonly Tensor[], slope: Tensor): Tensor[] {
  const first = layers.findIndex(({ weightShapes }) => weightShapes.length > 0);
  const signals: Tensor[] = [];
  signals[layers.length - 1] = slope;
  for (let at = layers.length - 1; at > first; at--) {
    const through = layers[at]!.pull(weights[at]!, inputs[at]!, signals[at]!);
    // Sums further on that took this layer's input as well send their signals here, too.
    signals[at - 1] = layers.reduce(
      (all, { skip }, sum) => (skip && sum - skip === at ? tf.add(all, signals[sum]!) : all),
      through,
    );
  }
  return signals;
}
