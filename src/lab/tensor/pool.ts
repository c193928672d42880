// Max-pooling over 2 x 2 windows without overlap; a last odd row or column is dropped. Of equal maxima the first one, in
// reading order, carries the signal.
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
      pull: (_weights, x, signal) => spread(x as Tensor4D, signal),
      // How far each pixel lies below its window's maximum (0 at the winner).
      prepare: (x) => [tf.sub(even(x as Tensor4D), stretched(pool(x)))],
      // max(z + dz) - max(z) = max((z - max z) + dz): exact for the winner, whose difference is 0.
      push: (_weights, [below], dh) => pool(tf.add(below!, even(dh as Tensor4D))),
    };
  };
}

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

/** The four pixels of every window: upper left, upper right, lower left, lower right. [example, row / 2, column / 2, channel] */
function corners(x: Tensor4D): Tensor4D[] {
  const [examples, rows, columns, depth] = x.shape;
  // Rows and columns of a window become axes of their own, which slices then take apart.
  const split = tf.reshape(x, [examples * (rows / 2), 2, columns / 2, 2 * depth]) as Tensor4D;
  return [0, 1].flatMap((row) =>
    [0, 1].map(
      (column) =>
        tf.reshape(tf.slice(split, [0, row, 0, column * depth], [examples * (rows / 2), 1, columns / 2, depth]), [
          examples,
          rows / 2,
          columns / 2,
          depth,
        ]) as Tensor4D,
    ),
  );
}

/** dL/d(input): each window's signal goes to its first maximum. */
function spread(x: Tensor4D, signal: Tensor): Tensor {
  const [examples, rows, columns, depth] = x.shape;
  const trimmed = even(x);
  const [, evenRows, evenColumns] = trimmed.shape;
  const best = pool(trimmed);
  let left = signal;
  const shares = corners(trimmed).map((corner, at) => {
    if (at === 3) return left;
    const share = tf.mul(left, tf.cast(tf.equal(corner, best), "float32"));
    left = tf.sub(left, share);
    return share;
  }) as Tensor4D[];
  const half = [examples * (evenRows / 2), 1, evenColumns / 2, depth] as [number, number, number, number];
  const lines = [0, 1].map((row) =>
    tf.concat([tf.reshape(shares[2 * row]!, half), tf.reshape(shares[2 * row + 1]!, half)], 3),
  );
  const whole = tf.reshape(tf.concat(lines, 1), [examples, evenRows, evenColumns, depth]) as Tensor4D;
  if (evenRows === rows && evenColumns === columns) return whole;
  return tf.pad(whole, [
    [0, 0],
    [0, rows - evenRows],
    [0, columns - evenColumns],
    [0, 0],
  ]);
}
