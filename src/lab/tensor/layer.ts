// What one layer of a network must know: its value, its chain rule, and how a step on one anchor travels through it.
import type { Rng } from "../../math/rng.ts";
import type { Tensor } from "./tf.ts";

/** An anchor's SGD step as one layer sees it. The gradient of the layer's weights is made of just these two factors. */
export interface AnchorStep {
  /** The layer's input at the anchor. [1, ...input] */
  readonly x: Tensor;
  /** dL/d(output) at the anchor, divided by `scale`. [1, ...output] */
  readonly signal: Tensor;
  /** eta times `scale`: the weights change by -rate * d(signal . output)/dw. A scalar tensor. */
  readonly rate: Tensor;
}

/**
 * One layer. Tensors are [example, ...shape]; images are [example, row, column, channel].
 * Every method but `init` runs inside a tidy of its caller and disposes nothing.
 */
export interface Layer {
  readonly kind: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Shapes of the weights in order (weight, bias), empty where there are none. */
  readonly weightShapes: readonly (readonly number[])[];
  /** Fresh weights, the same bits on every backend. */
  init(rng: Rng): readonly Float32Array[];
  apply(weights: readonly Tensor[], x: Tensor): Tensor;
  /** dL/d(input) from dL/d(output). */
  pull(weights: readonly Tensor[], x: Tensor, signal: Tensor): Tensor;
  /** dL/d(weights), summed over the examples. */
  gradient(x: Tensor, signal: Tensor): readonly Tensor[];
  /** Squared 2-norm of each example's own dL/d(weights), for each of several signals; none without weights. [example] */
  gradientSquares(x: Tensor, signals: readonly Tensor[]): readonly Tensor[];
  /** Whatever `push` needs of the probes' inputs, made once for all anchors. */
  prepare(x: Tensor): readonly Tensor[];
  /**
   * The exact finite change of the output, output(h + dh; w + dw) - output(h; w), carried without subtracting two
   * nearly equal numbers. `dh` is null where the input does not change (the first layer).
   */
  push(weights: readonly Tensor[], probes: readonly Tensor[], dh: Tensor | null, step: AnchorStep): Tensor;
}

/** A layer that waits for the shape of its input. */
export type LayerPlan = (inputShape: readonly number[]) => Layer;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** PyTorch's default: uniform within +-1/sqrt(fan-in), for weights and biases alike. */
export function uniformInit(rng: Rng, sizes: readonly number[], fanIn: number): Float32Array[] {
  const bound = 1 / Math.sqrt(fanIn);
  return sizes.map((size) => Float32Array.from({ length: size }, () => rng.uniform(-bound, bound)));
}

/** The parts of a layer without weights. */
export const weightless = {
  weightShapes: [],
  init: () => [],
  gradient: () => [],
  gradientSquares: () => [],
} as const satisfies Partial<Layer>;
