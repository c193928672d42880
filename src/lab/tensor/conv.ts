// The convolution with stride 1 and "same" padding; all its products are column matrices times matrices, on every backend.
import { columns, productSquares } from "./kernels.ts";
import { sizeOf, uniformInit, type LayerPlan } from "./layer.ts";
import { tf, type Tensor, type Tensor4D } from "./tf.ts";

/** Weights [kernel row, kernel column, input channel, output channel] and bias [output channel]. @param kernel odd */
export function conv(channels: number, kernel: number): LayerPlan {
  return (inputShape) => {
    const [rows, width, depth] = inputShape as [number, number, number];
    const filterShape = [kernel, kernel, depth, channels] as const;
    const fanIn = kernel * kernel * depth;
    return {
      kind: "conv",
      inputShape,
      outputShape: [rows, width, channels],
      weightShapes: [filterShape, [channels]],
      init: (rng) => uniformInit(rng, [sizeOf(filterShape), channels], fanIn),
      apply: ([filter, bias], x) => convolve(x, filter!, bias),
      // The chain rule of a "same" convolution is one with the filter turned by half a turn and its channels swapped.
      pull: ([filter], _x, signal) =>
        convolve(signal, tf.transpose(tf.reverse(filter as Tensor4D, [0, 1]), [0, 1, 3, 2])),
      gradient: (x, signal) => filterGradient(x, signal, kernel),
      gradientSquares: (x, signals) => exampleSquares(x, signals, kernel),
      prepare: (x) => [x],
      // dz = dh * (W + dW) + h * dW, the second alone in the first layer.
      push([filter], [h], dh, { x, signal, rate }) {
        const [slope, biasSlope] = filterGradient(x, signal, kernel) as [Tensor, Tensor];
        const down = tf.neg(rate);
        const moved = tf.mul(slope, down);
        const direct = convolve(h!, moved, tf.mul(biasSlope, down));
        return dh === null ? direct : tf.add(direct, convolve(dh, tf.add(filter!, moved)));
      },
    };
  };
}

function convolve(x: Tensor, filter: Tensor, bias?: Tensor): Tensor {
  return tf.fused.conv2d({
    x: x as Tensor4D,
    filter: filter as Tensor4D,
    strides: 1,
    pad: "same",
    ...(bias ? { bias } : {}),
  });
}

/** [dL/d(filter), dL/d(bias)], summed over examples: one column matrix times the signals. */
function filterGradient(x: Tensor, signal: Tensor, kernel: number): Tensor[] {
  const [examples, rows, width, channels] = signal.shape as [number, number, number, number];
  const flat = tf.reshape(signal, [examples * rows * width, channels]) as tf.Tensor2D;
  const slopes = tf.matMul(columns(x as Tensor4D, kernel, false) as tf.Tensor2D, flat);
  const taps = slopes.shape[0] - 1;
  return [
    tf.reshape(tf.slice(slopes, [0, 0], [taps, channels]), [kernel, kernel, x.shape[3]!, channels]),
    tf.reshape(tf.slice(slopes, [taps, 0], [1, channels]), [channels]),
  ];
}

/** Squared norm of each example's filter and bias gradient, for each of several signals. [example] */
function exampleSquares(x: Tensor, signals: readonly Tensor[], kernel: number): Tensor[] {
  const seen = columns(x as Tensor4D, kernel, true);
  return signals.map((signal) => {
    const [examples, rows, width, channels] = signal.shape as [number, number, number, number];
    return productSquares(seen, tf.reshape(signal, [examples, rows * width, channels]));
  });
}
