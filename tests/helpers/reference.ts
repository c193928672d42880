// A second implementation of the networks, as plain as can be: float64, one example at a time, the chain rule written by hand.
// It shares no code with the lab; finite differences (tests/helpers/reference.test.ts) vouch for it.

import { dot } from "./compare.ts";

export type ActivationName = "relu" | "tanh" | "sigmoid" | "gelu";
export type LossName = "cross-entropy" | "squared-error" | "binary cross-entropy";

export type PaddingName = "same" | "valid";

/** How the windows of a layer lie, where it is not as usual: "same" and stride 1 for a convolution, 2 x 2 side by side for a pool. */
interface WindowWords {
  readonly stride?: number;
  readonly padding?: PaddingName;
}

/** One layer of a network, in words. Images are [row, column, channel]. */
export type LayerSpec =
  | { readonly kind: "dense"; readonly width: number }
  | ({ readonly kind: "conv"; readonly channels: number; readonly kernel: number } & WindowWords)
  | ({ readonly kind: "max-pool"; readonly size?: number } & WindowWords)
  | ({ readonly kind: "average-pool"; readonly size?: number } & WindowWords)
  | { readonly kind: "residual"; readonly inner: readonly LayerSpec[] }
  | { readonly kind: "flatten" }
  | { readonly kind: ActivationName };

type Numbers = ArrayLike<number>;
/** The weights of one layer: [weight, bias], or nothing. */
export type LayerWeights = readonly Numbers[];

export interface ReferenceLayer {
  readonly outputShape: readonly number[];
  readonly weightSizes: readonly number[];
  apply(weights: LayerWeights, x: Numbers): Float64Array;
  /** dL/d(input) from dL/d(output). */
  pull(weights: LayerWeights, x: Numbers, signal: Numbers): Float64Array;
  /** dL/d(weights). */
  gradient(weights: LayerWeights, x: Numbers, signal: Numbers): Float64Array[];
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function denseLayer(inputSize: number, width: number): ReferenceLayer {
  return {
    outputShape: [width],
    weightSizes: [inputSize * width, width],
    apply([weight, bias], x) {
      const out = Float64Array.from(bias!);
      for (let i = 0; i < inputSize; i++) for (let o = 0; o < width; o++) out[o]! += x[i]! * weight![i * width + o]!;
      return out;
    },
    pull([weight], _x, signal) {
      const out = new Float64Array(inputSize);
      for (let i = 0; i < inputSize; i++)
        for (let o = 0; o < width; o++) out[i]! += weight![i * width + o]! * signal[o]!;
      return out;
    },
    gradient(_weights, x, signal) {
      const slope = new Float64Array(inputSize * width);
      for (let i = 0; i < inputSize; i++) for (let o = 0; o < width; o++) slope[i * width + o] = x[i]! * signal[o]!;
      return [slope, Float64Array.from(signal)];
    },
  };
}

interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: PaddingName;
}

/** Along one side: how many windows, and how far before the image the first one begins, as TensorFlow pads. */
function along(length: number, { kernel, stride, padding }: Windows): { count: number; before: number } {
  if (padding === "valid") return { count: Math.floor((length - kernel) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + kernel - length) / 2) };
}

/** Calls `visit` with every place that a window sees inside the image: which window, which place of it, which pixel. */
function eachSeen(
  [rows, columns]: readonly number[],
  windows: Windows,
  visit: (window: number, place: number, pixel: number) => void,
): void {
  const [down, across] = [along(rows!, windows), along(columns!, windows)];
  const { kernel, stride } = windows;
  for (let r = 0; r < down.count; r++)
    for (let c = 0; c < across.count; c++)
      for (let i = 0; i < kernel; i++)
        for (let j = 0; j < kernel; j++) {
          const [row, column] = [r * stride + i - down.before, c * stride + j - across.before];
          if (row < 0 || row >= rows! || column < 0 || column >= columns!) continue;
          visit(r * across.count + c, i * kernel + j, row * columns! + column);
        }
}

/** Calls `visit` with the input place, the filter place and the output place of every product of a convolution. */
function eachTap(
  shape: readonly number[],
  { channels, ...windows }: { channels: number } & Windows,
  visit: (input: number, filter: number, output: number) => void,
): void {
  const depth = shape[2]!;
  eachSeen(shape, windows, (window, place, pixel) => {
    for (let d = 0; d < depth; d++)
      for (let o = 0; o < channels; o++)
        visit(pixel * depth + d, (place * depth + d) * channels + o, window * channels + o);
  });
}

const windowCounts = ([rows, columns]: readonly number[], windows: Windows): [number, number] => [
  along(rows!, windows).count,
  along(columns!, windows).count,
];

function convLayer(shape: readonly number[], filter: { channels: number } & Windows): ReferenceLayer {
  const depth = shape[2]!;
  const [rows, columns] = windowCounts(shape, filter);
  const { channels, kernel } = filter;
  const filterSize = kernel * kernel * depth * channels;
  return {
    outputShape: [rows, columns, channels],
    weightSizes: [filterSize, channels],
    apply([weight, bias], x) {
      const out = Float64Array.from({ length: rows * columns * channels }, (_, at) => bias![at % channels]!);
      eachTap(shape, filter, (i, f, o) => (out[o]! += x[i]! * weight![f]!));
      return out;
    },
    pull([weight], _x, signal) {
      const out = new Float64Array(size(shape));
      eachTap(shape, filter, (i, f, o) => (out[i]! += weight![f]! * signal[o]!));
      return out;
    },
    gradient(_weights, x, signal) {
      const slope = new Float64Array(filterSize);
      eachTap(shape, filter, (i, f, o) => (slope[f]! += x[i]! * signal[o]!));
      const bias = new Float64Array(channels);
      Array.from(signal).forEach((value, at) => (bias[at % channels]! += value));
      return [slope, bias];
    },
  };
}

/** Of equal maxima the first in reading order wins. */
function poolLayer(shape: readonly number[], windows: Windows): ReferenceLayer {
  const depth = shape[2]!;
  const counts = windowCounts(shape, windows);
  const winners = (x: Numbers): number[] => {
    const best: number[] = [];
    eachSeen(shape, windows, (window, _place, pixel) => {
      for (let channel = 0; channel < depth; channel++) {
        const [to, from] = [window * depth + channel, pixel * depth + channel];
        if (best[to] === undefined || x[from]! > x[best[to]]!) best[to] = from;
      }
    });
    return best;
  };
  return {
    outputShape: [...counts, depth],
    weightSizes: [],
    apply: (_weights, x) => Float64Array.from(winners(x), (place) => x[place]!),
    pull(_weights, x, signal) {
      const out = new Float64Array(size(shape));
      winners(x).forEach((place, at) => (out[place]! += signal[at]!));
      return out;
    },
    gradient: () => [],
  };
}

/** The mean of the pixels that a window sees inside the image. */
function averageLayer(shape: readonly number[], windows: Windows): ReferenceLayer {
  const depth = shape[2]!;
  const counts = windowCounts(shape, windows);
  const seen = new Float64Array(counts[0] * counts[1]);
  eachSeen(shape, windows, (window) => (seen[window]! += 1));
  /** Calls back with the places of every pixel and of its window, and the pixel's share. */
  const pairs = (each: (from: number, to: number, share: number) => void): void =>
    eachSeen(shape, windows, (window, _place, pixel) => {
      for (let channel = 0; channel < depth; channel++)
        each(pixel * depth + channel, window * depth + channel, 1 / seen[window]!);
    });
  return {
    outputShape: [...counts, depth],
    weightSizes: [],
    apply(_weights, x) {
      const out = new Float64Array(size(counts) * depth);
      pairs((from, to, share) => (out[to]! += share * x[from]!));
      return out;
    },
    pull(_weights, _x, signal) {
      const out = new Float64Array(size(shape));
      pairs((from, to, share) => (out[from]! += share * signal[to]!));
      return out;
    },
    gradient: () => [],
  };
}

/** x + inner(x). */
function residualLayer(shape: readonly number[], specs: readonly LayerSpec[]): ReferenceLayer {
  const inner = referenceNetwork(specs, shape);
  return {
    outputShape: shape,
    weightSizes: inner.layers.flatMap(({ weightSizes }) => weightSizes),
    apply(weights, x) {
      const out = scoresOf(inner, dealt(inner, weights), x);
      return Float64Array.from(x, (value, at) => value + out[at]!);
    },
    pull(weights, x, signal) {
      const { input } = gradientOf(inner, dealt(inner, weights), x, signal);
      return Float64Array.from(signal, (value, at) => value + input[at]!);
    },
    gradient: (weights, x, signal) => gradientOf(inner, dealt(inner, weights), x, signal).weights.flat(),
  };
}

const geluInner = (z: number): number => Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3);
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

const activations: Record<ActivationName, { value(z: number): number; slope(z: number): number }> = {
  relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (z) => 1 / Math.cosh(z) ** 2 },
  sigmoid: { value: sigmoid, slope: (z) => sigmoid(z) * sigmoid(-z) },
  gelu: {
    value: (z) => (z / 2) * (1 + Math.tanh(geluInner(z))),
    slope: (z) =>
      (1 + Math.tanh(geluInner(z))) / 2 +
      ((z / 2) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z)) / Math.cosh(geluInner(z)) ** 2,
  },
};

function activationLayer(shape: readonly number[], name: ActivationName): ReferenceLayer {
  const { value, slope } = activations[name];
  return {
    outputShape: shape,
    weightSizes: [],
    apply: (_weights, x) => Float64Array.from(x, value),
    pull: (_weights, x, signal) => Float64Array.from(signal, (own, at) => own * slope(x[at]!)),
    gradient: () => [],
  };
}

function flattenLayer(shape: readonly number[]): ReferenceLayer {
  return {
    outputShape: [size(shape)],
    weightSizes: [],
    apply: (_weights, x) => Float64Array.from(x),
    pull: (_weights, _x, signal) => Float64Array.from(signal),
    gradient: () => [],
  };
}

const poolWindows = ({
  size: kernel = 2,
  stride = kernel,
  padding = "valid",
}: WindowWords & { size?: number }): Windows => ({
  kernel,
  stride,
  padding,
});

export function referenceLayer(spec: LayerSpec, shape: readonly number[]): ReferenceLayer {
  switch (spec.kind) {
    case "dense":
      return denseLayer(size(shape), spec.width);
    case "conv":
      return convLayer(shape, { stride: 1, padding: "same", ...spec });
    case "max-pool":
      return poolLayer(shape, poolWindows(spec));
    case "average-pool":
      return averageLayer(shape, poolWindows(spec));
    case "residual":
      return residualLayer(shape, spec.inner);
    case "flatten":
      return flattenLayer(shape);
    default:
      return activationLayer(shape, spec.kind);
  }
}

export interface ReferenceNetwork {
  readonly layers: readonly ReferenceLayer[];
}
export type NetworkWeights = readonly LayerWeights[];

export function referenceNetwork(specs: readonly LayerSpec[], inputShape: readonly number[]): ReferenceNetwork {
  let shape = inputShape;
  const layers = specs.map((spec) => {
    const layer = referenceLayer(spec, shape);
    shape = layer.outputShape;
    return layer;
  });
  return { layers };
}

/** A flat list weight, bias, weight, bias, ... dealt out to the layers. */
export function dealt({ layers }: ReferenceNetwork, flat: readonly Numbers[]): NetworkWeights {
  let next = 0;
  return layers.map(({ weightSizes }) => weightSizes.map(() => flat[next++]!));
}

/** The input of every layer and, last, the scores. */
function inputsOf({ layers }: ReferenceNetwork, weights: NetworkWeights, x: Numbers): Numbers[] {
  const inputs = [x];
  layers.forEach((layer, at) => inputs.push(layer.apply(weights[at]!, inputs[at]!)));
  return inputs;
}

export const scoresOf = (net: ReferenceNetwork, weights: NetworkWeights, x: Numbers): Numbers =>
  inputsOf(net, weights, x).at(-1)!;

/** 1 where the input of an activation is above 0, else 0; over all activations in forward order. [unit] */
export function activationSigns(
  specs: readonly LayerSpec[],
  shape: readonly number[],
  weights: NetworkWeights,
  x: Numbers,
): number[] {
  const net = referenceNetwork(specs, shape);
  const inputs = inputsOf(net, weights, x);
  return specs.flatMap((spec, at) => {
    if (spec.kind in activations) return Array.from(inputs[at]!, (z) => (z > 0 ? 1 : 0));
    if (spec.kind !== "residual") return [];
    const own = net.layers[at]!.outputShape;
    return activationSigns(spec.inner, own, dealt(referenceNetwork(spec.inner, own), weights[at]!), inputs[at]!);
  });
}

/** Gradient by all weights of (slope . scores), and by the input. */
export function gradientOf(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  x: Numbers,
  slope: Numbers,
): { weights: Float64Array[][]; input: Numbers } {
  const inputs = inputsOf(net, weights, x);
  const gradients: Float64Array[][] = [];
  let signal = slope;
  for (let at = net.layers.length - 1; at >= 0; at--) {
    gradients[at] = net.layers[at]!.gradient(weights[at]!, inputs[at]!, signal);
    signal = net.layers[at]!.pull(weights[at]!, inputs[at]!, signal);
  }
  return { weights: gradients, input: signal };
}

/** Inner products of df_k/dw at pairs of inputs, for output k: summed over all weights, and by layer. [row, column] each */
export function tangentGram(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  { rows, columns, output }: { rows: readonly Numbers[]; columns: readonly Numbers[]; output: number },
): { whole: Float64Array; parts: Float64Array[] } {
  const gradients = (inputs: readonly Numbers[]): Float64Array[][][] =>
    inputs.map((x) => {
      const unit = Array.from(scoresOf(net, weights, x), (_, at) => (at === output ? 1 : 0));
      return gradientOf(net, weights, x, unit).weights;
    });
  const [down, across] = [gradients(rows), gradients(columns)];
  const parts = net.layers.flatMap(({ weightSizes }, layer) =>
    weightSizes.length === 0
      ? []
      : [
          Float64Array.from(
            down.flatMap((a) =>
              across.map((b) => a[layer]!.reduce((sum, part, at) => sum + dot(part, b[layer]![at]!), 0)),
            ),
          ),
        ],
  );
  return { whole: parts[0]!.map((_, cell) => parts.reduce((sum, part) => sum + part[cell]!, 0)), parts };
}

export function softmax(scores: Numbers): number[] {
  const highest = Math.max(...Array.from(scores));
  const weights = Array.from(scores, (score) => Math.exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export function lossOf(loss: LossName, scores: Numbers, label: number): number {
  if (loss === "squared-error")
    return Array.from(scores).reduce((sum, score, at) => sum + (score - (at === label ? 1 : 0)) ** 2, 0) / 2;
  if (loss === "binary cross-entropy")
    return Array.from(scores).reduce((sum, score, at) => sum + Math.log1p(Math.exp(at === label ? -score : score)), 0);
  return -Math.log(softmax(scores)[label]!);
}

/** dL/df. */
export function lossSlope(loss: LossName, scores: Numbers, label: number): number[] {
  const values =
    loss === "squared-error"
      ? Array.from(scores)
      : loss === "cross-entropy"
        ? softmax(scores)
        : Array.from(scores, sigmoid);
  return values.map((value, at) => value - (at === label ? 1 : 0));
}

export interface Example {
  readonly x: Numbers;
  readonly label: number;
}

/** Gradient of the mean loss of a batch, by layer and weight. */
export function batchGradient(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  batch: readonly Example[],
  loss: LossName,
): Float64Array[][] {
  const each = batch.map(
    ({ x, label }) => gradientOf(net, weights, x, lossSlope(loss, scoresOf(net, weights, x), label)).weights,
  );
  return each[0]!.map((layer, at) =>
    layer.map((part, which) =>
      part.map((_, place) => each.reduce((sum, own) => sum + own[at]![which]![place]!, 0) / batch.length),
    ),
  );
}

/** w - eta v, as new arrays. */
export const moved = (weights: NetworkWeights, direction: NetworkWeights, eta: number): Float64Array[][] =>
  weights.map((layer, at) =>
    layer.map((part, which) => Float64Array.from(part, (value, place) => value - eta * direction[at]![which]![place]!)),
  );

export interface Step {
  readonly anchor: Example;
  readonly loss: LossName;
  readonly eta: number;
}

/** The weights after one literal SGD step on the anchor. */
export function steppedWeights(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  { anchor, loss, eta }: Step,
): NetworkWeights {
  return moved(weights, batchGradient(net, weights, [anchor], loss), eta);
}

/** f(probe; w+) - f(probe; w) for every probe, by two literal passes. [probe][output] */
export function literalChange(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  step: Step,
  probes: readonly Numbers[],
): number[][] {
  const after = steppedWeights(net, weights, step);
  return probes.map((probe) => {
    const before = scoresOf(net, weights, probe);
    return Array.from(scoresOf(net, after, probe), (score, at) => score - before[at]!);
  });
}

/** Some epochs of SGD: w+ = w - eta v, v+ = momentum v + gradient, v = 0 at the start. */
export function trainedWeights(
  net: ReferenceNetwork,
  weights: NetworkWeights,
  batches: readonly (readonly Example[])[],
  { loss, eta, momentum }: { loss: LossName; eta: number; momentum: number },
): NetworkWeights {
  let velocity: NetworkWeights | undefined;
  for (const batch of batches) {
    const gradient = batchGradient(net, weights, batch, loss);
    velocity = velocity ? moved(gradient, velocity, -momentum) : gradient;
    weights = moved(weights, velocity, eta);
  }
  return weights;
}
