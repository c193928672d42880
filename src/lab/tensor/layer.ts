// What one layer of a network must know: its value, its chain rule, and how a step on an anchor travels through it.
import type { Rng } from "../../math/rng.ts";
import type { Tensor } from "./tf.ts";
import type { Windows } from "./window.ts";

/** The SGD steps of some anchors, each taken alone, as one layer sees them. */
export interface AnchorSteps {
  /** The layer's gradient at each anchor, as `slopes` gives it. [anchor, ...] */
  readonly slopes: readonly Tensor[];
  /** By which multiple of their gradient the weights change: -eta times the scale of the slopes. [anchor] */
  readonly multiples: Tensor;
}

/** Rows of numbers, one an example, and what is added to their inner products. */
export interface GramFactor {
  /** [example, number] */
  readonly rows: Tensor;
  /** 1 where a bias stands for one more number that is 1 for every example, else 0. */
  readonly plus: 0 | 1;
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
  /** Set where the layer looks through windows at an image. */
  readonly windows?: Windows;
  /** Set where the layer adds the input of the layer so many places before it to its own: the network does that. */
  readonly skip?: number;
  /** Fresh weights, the same bits on every backend. */
  init(rng: Rng): readonly Float32Array[];
  apply(weights: readonly Tensor[], x: Tensor): Tensor;
  /** dL/d(input) from dL/d(output). */
  pull(weights: readonly Tensor[], x: Tensor, signal: Tensor): Tensor;
  /** dL/d(weights), summed over the examples. */
  gradient(x: Tensor, signal: Tensor): readonly Tensor[];
  /** Squared 2-norm of each example's own dL/d(weights), for each of several signals; none without weights. [example] */
  gradientSquares(x: Tensor, signals: readonly Tensor[]): readonly Tensor[];
  /** Each example's own dL/d(weights) in the form that `push` works with: whole, or as its factors. [example, ...] */
  slopes(x: Tensor, signal: Tensor): readonly Tensor[];
  /**
   * What the inner products of two examples' own dL/d(weights) are made of, summed over several signals: the product, over these
   * factors, of rows . rows' + plus. One factor holds whole gradients; more than one, gradients that are outer products. All but
   * the last depend on the input alone, and the last holds what comes of each signal, side by side.
   */
  gramFactors(x: Tensor, signals: readonly Tensor[]): readonly GramFactor[];
  /** Whatever `push` needs of the probes' inputs, made once for all anchors. [example, ...] */
  prepare(x: Tensor): readonly Tensor[];
  /**
   * The exact finite change of the output, output(h + dh; w + dw) - output(h; w), carried without subtracting two nearly
   * equal numbers, for every anchor's step at every probe. As the step goes to 0 it goes to the first-order change.
   * @param probes as `prepare` makes them, [1, probe, number] for the same probes under every anchor, or [anchor, 1, number]
   * for each anchor's own one
   * @param dh [anchor, probe, number]; null where the input does not change (the first layer)
   * @returns [anchor, probe, number]
   */
  push(weights: readonly Tensor[], probes: readonly Tensor[], dh: Tensor | null, steps: AnchorSteps): Tensor;
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
  slopes: () => [],
  gramFactors: () => [],
} as const satisfies Partial<Layer>;
