// The convolution with stride 1 and "same" padding; all its products are column matrices times matrices, on every backend.
import { sizeOf, uniformInit, type LayerPlan } from "./layer.ts";
import { tf, type Tensor, type Tensor4D } from "./tf.ts";

/** Weights [kernel row, kernel column, input channel, output channel] and bias [output channel]. @param kernel odd */
export function conv(channels: number, kernel: number): LayerPlan {
  return (inputShape) => {
    const [rows, columns, depth] = inputShape as [number, number, number];
    const filterShape = [kernel, kernel, depth, channels] as const;
    const fanIn = kernel * kernel * depth;
    return {
      kind: "conv",
      inputShape,
      outputShape: [rows, columns, channels],
      weightShapes: [filterShape, [channels]],
      init: (rng) => uniformInit(rng, [sizeOf(filterShape), channels], fanIn),
      apply: ([filter, bias], x) => convolve(x, filter!, bias),
      // The chain rule of a "same" convolution is one with the filter turned by half a turn and its channels swapped.
      pull: ([filter], _x, signal) =>
        convolve(signal, tf.transpose(tf.reverse(filter as Tensor4D, [0, 1]), [0, 1, 3, 2])),
      gradient: (x, signal) => filterGradient(x, signal, kernel),
      gradientSquares: (x, signal) => exampleSquares(x, signal, kernel),
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

/** The kernel * kernel shifted views of x that a "same" convolution sees, in the order of the filter's rows. */
function shifts(x: Tensor4D, kernel: number): Tensor4D[] {
  const [examples, rows, columns, depth] = x.shape;
  const margin = (kernel - 1) / 2;
  const padded = tf.pad(x, [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ]);
  return Array.from({ length: kernel * kernel }, (_, at) =>
    tf.slice(padded, [0, Math.floor(at / kernel), at % kernel, 0], [examples, rows, columns, depth]),
  );
}

/** [dL/d(filter), dL/d(bias)], summed over examples: one column matrix times the signals. */
function filterGradient(x: Tensor, signal: Tensor, kernel: number): Tensor[] {
  const [examples, rows, columns, depth] = x.shape as [number, number, number, number];
  const channels = signal.shape[3]!;
  const positions = examples * rows * columns;
  // Channels first, so that the shifted views stack into rows without a second transposition.
  const byChannel = tf.transpose(x as Tensor4D, [3, 0, 1, 2]);
  const stack = shifts4(byChannel, kernel);
  const columnsMatrix = tf.reshape(stack, [kernel * kernel * depth, positions]) as tf.Tensor2D;
  const flat = tf.reshape(signal, [positions, channels]) as tf.Tensor2D;
  return [tf.reshape(tf.matMul(columnsMatrix, flat), [kernel, kernel, depth, channels]), tf.sum(flat, 0)];
}

/** The shifted views of x given as [channel, example, row, column], one below the other. */
function shifts4(x: Tensor4D, kernel: number): Tensor {
  const [depth, examples, rows, columns] = x.shape;
  const margin = (kernel - 1) / 2;
  const padded = tf.pad(x, [
    [0, 0],
    [0, 0],
    [margin, margin],
    [margin, margin],
  ]);
  const views = Array.from({ length: kernel * kernel }, (_, at) =>
    tf.slice(padded, [0, 0, Math.floor(at / kernel), at % kernel], [depth, examples, rows, columns]),
  );
  return tf.concat(views, 0);
}

/** Squared norm of each example's filter and bias gradient. [example] */
function exampleSquares(x: Tensor, signal: Tensor, kernel: number): Tensor {
  const [examples, rows, columns, depth] = x.shape as [number, number, number, number];
  const channels = signal.shape[3]!;
  const patches = tf.concat(shifts(x as Tensor4D, kernel), 3); // [example, row, column, kernel * kernel * depth]
  const turned = tf.transpose(
    tf.reshape(patches, [examples, rows * columns, kernel * kernel * depth]) as tf.Tensor3D,
    [0, 2, 1],
  );
  const flat = tf.reshape(signal, [examples, rows * columns, channels]) as tf.Tensor3D;
  const slopes = tf.matMul(turned, flat); // [example, kernel * kernel * depth, channel]
  return tf.add(tf.sum(tf.square(slopes), [1, 2]), tf.sum(tf.square(tf.sum(flat, 1)), 1));
}
