// The factors of per-example gradients: the inputs of all layers and the backward signals of a batch. Whatever is made of
// gradients of single examples is made of these: steps, norms, kernels.
import { backward, forward, type Network, type Weights } from "./network.ts";
import { alias, tf, tidy, total, type Tensor } from "./tf.ts";

/** Some inputs at some weights: their scores, and the inputs of all layers. */
export interface Prepared {
  readonly count: number;
  /** f. [input, output] */
  readonly scores: Float32Array;
  /** By layer: its input. */
  readonly inputs: readonly Tensor[];
  /** 2-norm of df_k/dw at each input, by output k, for those that were asked for (`sense`). [input] */
  readonly sensitivity: Map<number, Float32Array>;
}

/** @param x [input, ...shape]; disposed by nobody here @param known outputs of layers, neither */
export async function prepare(
  net: Network,
  weights: Weights,
  x: Tensor,
  known?: ReadonlyMap<number, Tensor>,
): Promise<Prepared> {
  const made = tidy(() => {
    const inputs = forward(net, weights, x, known);
    const scores = inputs.pop()!;
    // Clones outlive the tidy even where a layer hands its input through.
    return { scores, inputs: inputs.map((input) => alias(input)) };
  });
  const scores = (await made.scores.data()) as Float32Array;
  made.scores.dispose();
  return { count: x.shape[0]!, scores, inputs: made.inputs, sensitivity: new Map() };
}

/** Some of them, as copies. */
export function portion({ count, scores, inputs }: Prepared, from: number, to: number): Prepared {
  const outputCount = scores.length / count;
  return {
    count: to - from,
    scores: scores.subarray(from * outputCount, to * outputCount),
    inputs: tidy(() => inputs.map((input) => tf.slice(input, [from], [to - from]))),
    sensitivity: new Map(),
  };
}

export function discard({ inputs }: Pick<Prepared, "inputs">): void {
  tf.dispose(inputs as Tensor[]);
}

/** Makes known how easily the given scores move at the inputs: a backward pass for each output that is not known yet. */
export async function sense(
  net: Network,
  weights: Weights,
  { count, inputs, scores, sensitivity }: Prepared,
  outputs: Iterable<number>,
): Promise<void> {
  const unknown = [...new Set(outputs)].filter((output) => !sensitivity.has(output));
  if (unknown.length === 0) return;
  const found = tidy(() => {
    const outputCount = scores.length / count;
    const slopes = unknown.map((output) =>
      units(
        Array.from({ length: count }, () => output),
        outputCount,
      ),
    );
    return norms(
      net,
      inputs,
      slopes.map((slope) => backward(net, weights, inputs, slope)),
    );
  });
  for (const [which, output] of unknown.entries())
    sensitivity.set(output, (await found[which]!.data()) as Float32Array);
  tf.dispose(found);
}

/** One row each with a single 1, at the given output; none of them where there is no such output. [example, output] */
export function units(outputs: readonly number[], outputCount: number): Tensor {
  const rows = new Float32Array(outputs.length * outputCount);
  outputs.forEach((output, row) => {
    if (output < outputCount) rows[row * outputCount + output] = 1;
  });
  return tf.tensor(rows, [outputs.length, outputCount]);
}

/** 2-norm over all weights of each example's own gradient, for each of several passes of backward signals. */
export function norms(net: Network, inputs: readonly Tensor[], passes: readonly (readonly Tensor[])[]): Tensor[] {
  const squares = net.layers
    .map((layer, at) =>
      layer.gradientSquares(
        inputs[at]!,
        passes.map((signals) => signals[at]!),
      ),
    )
    .filter((own) => own.length > 0);
  return passes.map((_, which) => tf.sqrt(total(squares.map((own) => own[which]!))));
}

/**
 * The factors of the per-example gradients of a batch: with its layer's input, a signal makes the gradient of the layer's
 * weights at that example (`slopes`). They are scaled to a largest slope of one, so that a tiny loss loses no digits.
 */
export interface Factors {
  /** By layer: its input. [example, ...input] */
  readonly inputs: readonly Tensor[];
  /** By layer: dL/d(output) / scale. [example, ...output] */
  readonly signals: readonly Tensor[];
  /** By example: the largest |dL/df|; 0 where the loss asks for nothing. */
  readonly scales: readonly number[];
}

/** @param slopes dL/df of each example, in double precision. [output] */
export function factors(
  net: Network,
  weights: Weights,
  inputs: readonly Tensor[],
  slopes: readonly Float64Array[],
): Factors {
  const scales = slopes.map((slope) => Math.max(...slope.map(Math.abs)));
  const outputCount = slopes[0]!.length;
  const unit = Float32Array.from({ length: slopes.length * outputCount }, (_, at) => {
    const example = Math.floor(at / outputCount);
    return scales[example] === 0 ? 0 : slopes[example]![at % outputCount]! / scales[example]!;
  });
  const signals = tidy(() =>
    backward(net, weights, inputs, tf.tensor(unit, [slopes.length, outputCount])).map((signal) => alias(signal)),
  );
  return { inputs, signals, scales };
}

/** The gradient of the loss of one example of a batch, by layer and weight, shaped as the weights. The caller disposes it. */
export const exampleGradient = (net: Network, { inputs, signals, scales }: Factors, example: number): Tensor[][] =>
  tidy(() => {
    const own = (batch: Tensor): Tensor => tf.slice(batch, [example], [1]);
    return net.layers.map((layer, at) =>
      layer.weightShapes.length === 0
        ? []
        : layer.gradient(own(inputs[at]!), own(signals[at]!)).map((slope) => tf.mul(slope, scales[example]!)),
    );
  });
