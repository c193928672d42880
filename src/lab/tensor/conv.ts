// The convolution; its gradients are column matrices times signals, on every backend.
import { columns, dilated, exampleProducts, isOnGraphics, patches, sparseGradient, sparsePull } from "./kernels.ts";
import { sizeOf, uniformInit, type LayerPlan } from "./layer.ts";
import { beside, tf, type Tensor, type Tensor4D } from "./tf.ts";
import { marginsOf, windowsOn, type WindowOptions, type Windows } from "./window.ts";

/** Weights [kernel row, kernel column, input channel, output channel] and bias [output channel]. */
export function conv(
  channels: number,
  kernel: number,
  options: Partial<Omit<WindowOptions, "kernel">> = {},
): LayerPlan {
  return (inputShape) => {
    const [rows, width, depth] = inputShape as [number, number, number];
    const windows = windowsOn(inputShape, { kernel, stride: 1, padding: "same", ...options });
    const filterShape = [kernel, kernel, depth, channels] as const;
    const taps = kernel * kernel * depth;
    const outputShape = [windows.rows, windows.columns, channels] as const;
    // Margins in numbers: wasm takes "same" for other margins where the stride is longer than the kernel.
    const margins: Margins = [[0, 0], ...marginsOf(windows, inputShape), [0, 0]];
    const convolve = (x: Tensor, filter: Tensor, bias?: Tensor): Tensor =>
      tf.fused.conv2d({
        x: x as Tensor4D,
        filter: filter as Tensor4D,
        strides: windows.stride,
        pad: margins,
        ...(bias ? { bias } : {}),
      });

    /** [example, taps and one more for the bias, channel] */
    const exampleGradients = (x: Tensor, signal: Tensor): Tensor =>
      exampleProducts(columns(x as Tensor4D, windows, true), flatImages(signal));

    /**
     * The images under each anchor's own filter.
     * @param x [1 or anchor, probe, number] @param filters [anchor, taps, channel] @returns [anchor, probe position, channel]
     */
    function convolveEach(x: Tensor, filters: Tensor): Tensor {
      const [sharers, probeCount] = x.shape as [number, number, number];
      const anchorCount = filters.shape[0]!;
      const images = tf.reshape(x, [sharers * probeCount, rows, width, depth]) as Tensor4D;
      const positions = probeCount * windows.rows * windows.columns;
      const whole = [anchorCount, positions, channels];
      if (anchorCount === 1) return tf.reshape(convolve(images, tf.reshape(filters, [...filterShape])), whole);
      if (sharers === 1) {
        // One convolution with all anchors' filters side by side.
        const beside = tf.reshape(tf.transpose(filters, [1, 0, 2]), [kernel, kernel, depth, anchorCount * channels]);
        const all = tf.reshape(convolve(images, beside), [positions, anchorCount, channels]);
        return tf.transpose(all, [1, 0, 2]);
      }
      if (isOnGraphics()) {
        const seen = patches(images, windows);
        return tf.reshape(tf.matMul(tf.reshape(seen, [anchorCount, -1, taps]), filters), whole);
      }
      const each = tf.split(images, anchorCount);
      const own = tf.split(filters, anchorCount);
      return tf.reshape(
        tf.concat(each.map((part, at) => convolve(part, tf.reshape(own[at]!, [...filterShape])))),
        whole,
      );
    }

    return {
      kind: "conv",
      windows,
      inputShape,
      outputShape,
      weightShapes: [filterShape, [channels]],
      init: (rng) => uniformInit(rng, [sizeOf(filterShape), channels], taps),
      apply: ([filter, bias], x) => convolve(x, filter!, bias),
      pull: ([filter], _x, signal) =>
        sparsePull(signal as Tensor4D, filter as Tensor4D, windows) ?? pulled(signal, filter!, windows, inputShape),
      gradient(x, signal) {
        const slopes =
          sparseGradient(x as Tensor4D, signal as Tensor4D, windows) ??
          tf.matMul(
            columns(x as Tensor4D, windows, false) as tf.Tensor2D,
            tf.reshape(signal, [-1, channels]) as tf.Tensor2D,
          );
        return [
          tf.reshape(tf.slice(slopes, [0, 0], [taps, channels]), [...filterShape]),
          tf.reshape(tf.slice(slopes, [taps, 0], [1, channels]), [channels]),
        ];
      },
      gradientSquares(x, signals) {
        const seen = columns(x as Tensor4D, windows, true);
        return signals.map((signal) => tf.sum(tf.square(exampleProducts(seen, flatImages(signal))), [1, 2]));
      },
      slopes: (x, signal) => [exampleGradients(x, signal)],
      // More signals are more channels of one.
      gramFactors: (x, signals) => [
        { rows: tf.reshape(exampleGradients(x, beside(signals)), [x.shape[0]!, -1]), plus: 0 },
      ],
      prepare: (x) => [x],
      // dz = dh * (W + dW) + h * dW, the second alone in the first layer.
      push([filter], [h], dh, { slopes: [slope], multiples }) {
        const [anchorCount, probeCount] = [multiples.shape[0]!, h!.shape[1]!];
        const moved = tf.mul(slope!, tf.reshape(multiples, [anchorCount, 1, 1]));
        const filters = tf.slice(moved, [0, 0, 0], [anchorCount, taps, channels]);
        const bias = tf.slice(moved, [0, taps, 0], [anchorCount, 1, channels]);
        const direct = tf.add(convolveEach(h!, filters), bias);
        const through = (): Tensor => convolveEach(dh!, tf.add(filters, tf.reshape(filter!, [1, taps, channels])));
        return tf.reshape(dh ? tf.add(direct, through()) : direct, [anchorCount, probeCount, sizeOf(outputShape)]);
      },
    };
  };
}

type Margins = [[number, number], [number, number], [number, number], [number, number]];

/** [example, row, column, channel] as [example, position, channel]. */
const flatImages = (signal: Tensor): Tensor => tf.reshape(signal, [signal.shape[0]!, -1, signal.shape[3]!]);

/**
 * The chain rule of a convolution is one of the signals, spread apart by the stride, with the filter turned by half a turn
 * and its channels swapped.
 */
function pulled(signal: Tensor, filter: Tensor, windows: Windows, [rows, columns]: readonly number[]): Tensor {
  const { kernel, stride, top, left } = windows;
  const spread = dilated(signal as Tensor4D, stride);
  const [before, first] = [kernel - 1 - top, kernel - 1 - left];
  return tf.fused.conv2d({
    x: spread,
    filter: tf.transpose(tf.reverse(filter as Tensor4D, [0, 1]), [0, 1, 3, 2]),
    strides: 1,
    pad: [
      [0, 0],
      [before, rows! + kernel - 1 - before - spread.shape[1]],
      [first, columns! + kernel - 1 - first - spread.shape[2]],
      [0, 0],
    ],
  });
}
