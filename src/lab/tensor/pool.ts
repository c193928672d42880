// Pooling over square windows, by their maximum or their mean; what lies beyond the image does not count. Of equal maxima the
// first one, in reading order, carries the signal.
import { poolSpread, tapsOf } from "./kernels.ts";
import { sizeOf, weightless, type LayerPlan } from "./layer.ts";
import { tf, type Tensor, type Tensor4D } from "./tf.ts";
import { pixelCounts, windowsOn, type Padding } from "./window.ts";

export interface PoolOptions {
  /** Rows and columns of a window. */
  readonly size?: number;
  /** Without one the windows lie side by side. */
  readonly stride?: number;
  readonly padding?: Padding;
}

type ImageShape = [number, number, number];

export function maxPool({ size = 2, stride = size, padding = "valid" }: PoolOptions = {}): LayerPlan {
  return (inputShape) => {
    const [rows, width, depth] = inputShape as ImageShape;
    const windows = windowsOn(inputShape, { kernel: size, stride, padding });
    const outputShape = [windows.rows, windows.columns, depth] as const;
    const pool = (x: Tensor): Tensor4D => tf.maxPool(x as Tensor4D, size, stride, padding);
    const isApart = stride === size && padding === "valid";
    const covered: ImageShape = [windows.rows * size, windows.columns * size, depth];
    const isWhole = covered[0] === rows && covered[1] === width;
    /** What the windows cover, where they lie side by side. */
    const within = (x: Tensor4D): Tensor4D =>
      isWhole ? x : tf.slice(x, [0, 0, 0, 0], [x.shape[0], covered[0], covered[1], depth]);
    const images = (x: Tensor, [high, wide]: readonly number[]): Tensor4D => tf.reshape(x, [-1, high!, wide!, depth]);
    const numbers = (x: Tensor, [anchorCount, probeCount]: readonly number[]): Tensor =>
      tf.reshape(x, [anchorCount!, probeCount!, -1]);
    return {
      ...weightless,
      kind: "max-pool",
      windows,
      inputShape,
      outputShape,
      apply: (_weights, x) => pool(x),
      pull: (_weights, x, signal) => poolSpread(x as Tensor4D, signal as Tensor4D, windows),
      // How far each pixel lies below its window's maximum (0 at the winner): as one image where every pixel has one window,
      // else place by place of the windows.
      prepare(x) {
        const best = pool(x);
        if (isApart)
          return [tf.sub(within(x as Tensor4D), tf.image.resizeNearestNeighbor(best, [covered[0], covered[1]]))];
        return tapsOf(x as Tensor4D, windows, lowest).map((tap) => tf.sub(tap, best));
      },
      // max(z + dz) - max(z) = max((z - max z) + dz): exact for the winner, whose difference is 0.
      push(_weights, below, dh) {
        const moved = images(dh!, inputShape);
        if (isApart)
          return numbers(pool(images(tf.add(numbers(within(moved), dh!.shape), below[0]!), covered)), dh!.shape);
        return tapsOf(moved, windows, 0)
          .map((tap, at) => tf.add(numbers(tap, dh!.shape), below[at]!))
          .reduce((best, next) => tf.maximum(best, next));
      },
    };
  };
}

/** What lies beyond the image; finite, since differences of infinities are no numbers. */
const lowest = -1e30;

export function averagePool({ size = 2, stride = size, padding = "valid" }: PoolOptions = {}): LayerPlan {
  return (inputShape) => {
    const windows = windowsOn(inputShape, { kernel: size, stride, padding });
    const outputShape = [windows.rows, windows.columns, inputShape[2]!] as const;
    const average = (x: Tensor): Tensor4D => tf.avgPool(x as Tensor4D, size, stride, padding);
    const share = pixelCounts(windows, inputShape).map((count) => size ** 2 / count);
    return {
      ...weightless,
      kind: "average-pool",
      windows,
      inputShape,
      outputShape,
      apply: (_weights, x) => average(x),
      // TensorFlow.js shares a signal out among all places of its window, also among those beyond the image.
      pull(_weights, x, signal) {
        const whole = tf.mul(signal, tf.tensor(share, [1, windows.rows, windows.columns, 1]));
        const named = { filterSize: size, strides: stride, pad: padding };
        return tf.engine().runKernel("AvgPoolGrad", { dy: whole, input: x }, named) as Tensor;
      },
      prepare: () => [],
      // A mean is linear: that of the changes is the change.
      push(_weights, _probes, dh) {
        const [anchorCount, probeCount] = dh!.shape as [number, number, number];
        return tf.reshape(average(tf.reshape(dh!, [-1, ...inputShape])), [
          anchorCount,
          probeCount,
          sizeOf(outputShape),
        ]);
      },
    };
  };
}
