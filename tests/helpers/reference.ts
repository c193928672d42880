// A second implementation of the networks, as plain as can be: float64, one example at a time, the chain rule written by hand.
// It shares no code with the lab; finite differences (tests/helpers/reference.test.ts) vouch for it.

export type ActivationName = "relu" | "tanh" | "sigmoid" | "gelu";
export type LossName = "cross-entropy" | "squared-error";

/** One layer of a network, in words. Images are [row, column, channel]; a convolution is "same" with stride 1. */
export type LayerSpec =
  | { readonly kind: "dense"; readonly width: number }
  | { readonly kind: "conv"; readonly channels: number; readonly kernel: number }
  | { readonly kind: "max-pool" }
  | { readonly kind: "average-pool" }
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
  gradient(x: Numbers, signal: Numbers): Float64Array[];
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
    gradient(x, signal) {
      const slope = new Float64Array(inputSize * width);
      for (let i = 0; i < inputSize; i++) for (let o = 0; o < width; o++) slope[i * width + o] = x[i]! * signal[o]!;
      return [slope, Float64Array.from(signal)];
    },
  };
}

/** Calls `visit` with the input place, the filter place and the output place of every product of a convolution. */
function eachTap(
  [rows, columns, depth]: readonly number[],
  { channels, kernel }: { channels: number; kernel: number },
  visit: (input: number, filter: number, output: number) => void,
): void {
  const margin = (kernel - 1) / 2;
  for (let r = 0; r < rows!; r++)
    for (let c = 0; c < columns!; c++)
      for (let i = 0; i < kernel; i++)
        for (let j = 0; j < kernel; j++) {
          const [fromRow, fromColumn] = [r + i - margin, c + j - margin];
          if (fromRow < 0 || fromRow >= rows! || fromColumn < 0 || fromColumn >= columns!) continue;
          for (let d = 0; d < depth!; d++)
            for (let o = 0; o < channels; o++)
              visit(
                (fromRow * columns! + fromColumn) * depth! + d,
                ((i * kernel + j) * depth! + d) * channels + o,
                (r * columns! + c) * channels + o,
              );
        }
}

function convLayer(shape: readonly number[], filter: { channels: number; kernel: number }): ReferenceLayer {
  const [rows, columns, depth] = shape as [number, number, number];
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
    gradient(x, signal) {
      const slope = new Float64Array(filterSize);
      eachTap(shape, filter, (i, f, o) => (slope[f]! += x[i]! * signal[o]!));
      const bias = new Float64Array(channels);
      Array.from(signal).forEach((value, at) => (bias[at % channels]! += value));
      return [slope, bias];
    },
  };
}

/** 2 x 2 windows; of equal maxima the first in reading order wins; a last odd row or column is dropped. */
function poolLayer(shape: readonly number[]): ReferenceLayer {
  const [rows, columns, depth] = shape as [number, number, number];
  const [halfRows, halfColumns] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const winners = (x: Numbers): number[] =>
    Array.from({ length: halfRows * halfColumns * depth }, (_, at) => {
      const [channel, column, row] = [
        at % depth,
        Math.floor(at / depth) % halfColumns,
        Math.floor(at / depth / halfColumns),
      ];
      const window = [0, 1, 2, 3].map(
        (corner) => ((2 * row + (corner >> 1)) * columns + 2 * column + (corner & 1)) * depth + channel,
      );
      return window.reduce((best, place) => (x[place]! > x[best]! ? place : best));
    });
  return {
    outputShape: [halfRows, halfColumns, depth],
    weightSizes: [],
    apply: (_weights, x) => Float64Array.from(winners(x), (place) => x[place]!),
    pull(_weights, x, signal) {
      const out = new Float64Array(size(shape));
      winners(x).forEach((place, at) => (out[place] = signal[at]!));
      return out;
    },
    gradient: () => [],
  };
}

/** 2 x 2 windows; a last odd row or column is dropped. */
function averageLayer(shape: readonly number[]): ReferenceLayer {
  const [rows, columns, depth] = shape as [number, number, number];
  const [halfRows, halfColumns] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  /** Calls back with the places of every pixel and of its window. */
  function pairs(each: (from: number, to: number) => void): void {
    for (let row = 0; row < 2 * halfRows; row++)
      for (let column = 0; column < 2 * halfColumns; column++)
        for (let channel = 0; channel < depth; channel++)
          each(
            (row * columns + column) * depth + channel,
            (Math.floor(row / 2) * halfColumns + Math.floor(column / 2)) * depth + channel,
          );
  }
  return {
    outputShape: [halfRows, halfColumns, depth],
    weightSizes: [],
    apply(_weights, x) {
      const out = new Float64Array(halfRows * halfColumns * depth);
      pairs((from, to) => (out[to]! += x[from]! / 4));
      return out;
    },
    pull(_weights, _x, signal) {
      const out = new Float64Array(size(shape));
      pairs((from, to) => (out[from] = signal[to]! / 4));
      return out;
    },
    gradient: () => [],
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

export function referenceLayer(spec: LayerSpec, shape: readonly number[]): ReferenceLayer {
  switch (spec.kind) {
    case "dense":
      return denseLayer(size(shape), spec.width);
    case "conv":
      return convLayer(shape, spec);
    case "max-pool":
      return poolLayer(shape);
    case "average-pool":
      return averageLayer(shape);
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
    gradients[at] = net.layers[at]!.gradient(inputs[at]!, signal);
    signal = net.layers[at]!.pull(weights[at]!, inputs[at]!, signal);
  }
  return { weights: gradients, input: signal };
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
  return -Math.log(softmax(scores)[label]!);
}

/** dL/df. */
export function lossSlope(loss: LossName, scores: Numbers, label: number): number[] {
  const values = loss === "squared-error" ? Array.from(scores) : softmax(scores);
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
