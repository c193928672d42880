// The fully connected layer; its gradient at one anchor has rank one, so a step never needs a copy of the weights.
import { overlaps } from "./kernels.ts";
import { sizeOf, uniformInit, type LayerPlan } from "./layer.ts";
import { beside, tf, type Tensor } from "./tf.ts";

/** Weights [input, output] and bias [output]; the input must be flat. */
export function dense(width: number): LayerPlan {
  return (inputShape) => {
    const inputSize = sizeOf(inputShape);
    return {
      kind: "dense",
      inputShape,
      outputShape: [width],
      weightShapes: [[inputSize, width], [width]],
      init: (rng) => uniformInit(rng, [inputSize * width, width], inputSize),
      apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
      // Written so that only the small factors are transposed, never the weights; wasm multiplies transposed matrices slowly.
      pull: ([weight], _x, signal) =>
        tf.transpose(tf.matMul(weight as tf.Tensor2D, tf.transpose(signal as tf.Tensor2D))),
      gradient: (x, signal) => [tf.matMul(tf.transpose(x as tf.Tensor2D), signal as tf.Tensor2D), tf.sum(signal, 0)],
      gradientSquares: (x, signals) => signals.map((signal) => tf.mul(tf.add(squares(x), 1), squares(signal))),
      slopes: (x, signal) => [x, signal],
      // The gradient is (x, 1) times the signal, hence (x . x' + 1) (signal . signal').
      gramFactors: (x, signals) => [
        { rows: x, plus: 1 },
        { rows: beside(signals), plus: 0 },
      ],
      prepare: (x) => [x],
      // dz = dh W + multiple ((h + dh) . a + 1) delta: the gradient has rank one, and the 1 is the bias.
      push([weight], [h], dh, { slopes: [a, delta], multiples }) {
        const anchorCount = multiples.shape[0]!;
        const down = tf.reshape(tf.mul(delta!, tf.reshape(multiples, [anchorCount, 1])), [anchorCount, 1, width]);
        const overlap = overlaps(h!, a!, 1);
        if (dh === null) return tf.mul(overlap, down);
        const probeCount = dh.shape[1]!;
        const rows = tf.reshape(dh, [anchorCount * probeCount, inputSize]) as tf.Tensor2D;
        const carried = tf.reshape(tf.matMul(rows, weight as tf.Tensor2D), [anchorCount, probeCount, width]);
        return tf.add(carried, tf.mul(tf.add(overlap, overlaps(dh, a!, 0)), down));
      },
    };
  };
}

/** Squared 2-norm of each row. */
const squares = (x: Tensor): Tensor => tf.sum(tf.square(x), 1);
