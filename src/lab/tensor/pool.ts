// Pooling over 2 x 2 windows without overlap, by their maximum or their mean; a last odd row or column is dropped. Of equal
// maxima the first one, in reading order, carries the signal.
import { poolSpread } from "./kernels.ts";
import { weightless, type LayerPlan } from "./layer.ts";
import { tf, type Tensor, type Tensor4D } from "./tf.ts";

export function maxPool(): LayerPlan {
  return (inputShape) => {
    const [rows, columns, depth] = inputShape as [number, number, number];
    return {
      ...weightless,
      kind: "max-pool",
      inputShape,
      outputShape: [Math.floor(rows / 2), Math.floor(columns / 2), depth],
      apply: (_weights, x) => pool(x),
      pull: (_weights, x, signal) => poolSpread(x as Tensor4D, signal as Tensor4D),
      // How far each pixel lies below its window's maximum (0 at the winner).
      prepare: (x) => [tf.sub(even(x as Tensor4D), stretched(pool(x)))],
      // max(z + dz) - max(z) = max((z - max z) + dz): exact for the winner, whose difference is 0.
      push: (_weights, [below], dh) => pool(tf.add(below!, even(dh as Tensor4D))),
    };
  };
}

export function averagePool(): LayerPlan {
  return (inputShape) => {
    const [rows, columns, depth] = inputShape as [number, number, number];
    return {
      ...weightless,
      kind: "average-pool",
      inputShape,
      outputShape: [Math.floor(rows / 2), Math.floor(columns / 2), depth],
      apply: (_weights, x) => average(x),
      pull: (_weights, _x, signal) =>
        tf.pad(stretched(tf.mul(signal, 0.25) as Tensor4D), [
          [0, 0],
          [0, rows % 2],
          [0, columns % 2],
          [0, 0],
        ]),
      prepare: () => [],
      // A mean is linear: that of the changes is the change.
      push: (_weights, _probes, dh) => average(dh!),
    };
  };
}

const average = (x: Tensor): Tensor => tf.avgPool(x as Tensor4D, 2, 2, "valid");

const pool = (x: Tensor): Tensor4D => tf.maxPool(x as Tensor4D, 2, 2, "valid");

function even(x: Tensor4D): Tensor4D {
  const [examples, rows, columns, depth] = x.shape;
  if (rows % 2 === 0 && columns % 2 === 0) return x;
  return tf.slice(x, [0, 0, 0, 0], [examples, rows - (rows % 2), columns - (columns % 2), depth]);
}

/** Every value four times, over its window. */
function stretched(pooled: Tensor4D): Tensor4D {
  const [, rows, columns] = pooled.shape;
  return tf.image.resizeNearestNeighbor(pooled, [rows * 2, columns * 2]);
}
