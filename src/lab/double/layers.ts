// The layers of a network once more, as plain as can be: float64, one example at a time, the chain rule written by hand.
// Nothing is shared with lab/tensor; central differences vouch for it.

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

export type Numbers = ArrayLike<number>;
/** The weights of one layer: [weight, bias], or nothing. */
export type LayerWeights = readonly Numbers[];

export interface DoubleLayer {
  readonly outputShape: readonly number[];
  readonly weightSizes: readonly number[];
  apply(weights: LayerWeights, x: Numbers): Float64Array;
  /** dL/d(input) from dL/d(output). */
  pull(weights: LayerWeights, x: Numbers, signal: Numbers): Float64Array;
  /** dL/d(weights). */
  gradient(weights: LayerWeights, x: Numbers, signal: Numbers): Float64Array[];
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function denseLayer(inputSize: number, width: number): DoubleLayer {
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

const windowCounts = ([rows, columns]: readonly number[], windows: Windows): [number, number] => [
  along(rows!, windows).count,
  along(columns!, windows).count,
];

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

function convLayer(shape: readonly number[], filter: { channels: number } & Windows): DoubleLayer {
  const depth = shape[2]!;
  const [rows, columns] = windowCounts(shape, filter);
  const { channels, kernel } = filter;
  const filterSize = kernel * kernel * depth * channels;
  return {
    outputShape: [rows, columns, channels],
    weightSizes: [filterSize, channels],
    apply([weight, bias], x) {
      const out = new Float64Array(rows * columns * channels);
      for (let at = 0; at < out.length; at++) out[at] = bias![at % channels]!;
      eachSeen(shape, filter, (window, place, pixel) => {
        for (let d = 0; d < depth; d++)
          for (let o = 0; o < channels; o++)
            out[window * channels + o]! += x[pixel * depth + d]! * weight![(place * depth + d) * channels + o]!;
      });
      return out;
    },
    pull([weight], _x, signal) {
      const out = new Float64Array(size(shape));
      eachSeen(shape, filter, (window, place, pixel) => {
        for (let d = 0; d < depth; d++)
          for (let o = 0; o < channels; o++)
            out[pixel * depth + d]! += weight![(place * depth + d) * channels + o]! * signal[window * channels + o]!;
      });
      return out;
    },
    gradient(_weights, x, signal) {
      const slope = new Float64Array(filterSize);
      eachSeen(shape, filter, (window, place, pixel) => {
        for (let d = 0; d < depth; d++)
          for (let o = 0; o < channels; o++)
            slope[(place * depth + d) * channels + o]! += x[pixel * depth + d]! * signal[window * channels + o]!;
      });
      const bias = new Float64Array(channels);
      for (let at = 0; at < signal.length; at++) bias[at % channels]! += signal[at]!;
      return [slope, bias];
    },
  };
}

/** Of equal maxima the first in reading order wins. */
function poolLayer(shape: readonly number[], windows: Windows): DoubleLayer {
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
function averageLayer(shape: readonly number[], windows: Windows): DoubleLayer {
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

function activationLayer(shape: readonly number[], name: ActivationName): DoubleLayer {
  const { value, slope } = activations[name];
  return {
    outputShape: shape,
    weightSizes: [],
    apply: (_weights, x) => Float64Array.from(x, value),
    pull: (_weights, x, signal) => Float64Array.from(signal, (own, at) => own * slope(x[at]!)),
    gradient: () => [],
  };
}

function flattenLayer(shape: readonly number[]): DoubleLayer {
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

/** A layer that holds no others. */
export type SimpleSpec = Exclude<LayerSpec, { readonly kind: "residual" }>;

export function simpleLayer(spec: SimpleSpec, shape: readonly number[]): DoubleLayer {
  switch (spec.kind) {
    case "dense":
      return denseLayer(size(shape), spec.width);
    case "conv":
      return convLayer(shape, { stride: 1, padding: "same", ...spec });
    case "max-pool":
      return poolLayer(shape, poolWindows(spec));
    case "average-pool":
      return averageLayer(shape, poolWindows(spec));
    case "flatten":
      return flattenLayer(shape);
    default:
      return activationLayer(shape, spec.kind);
  }
}
