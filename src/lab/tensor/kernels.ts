// Kernels that TensorFlow.js lacks, gets wrong or does slowly on wasm, as plain loops over its heap. Each has its twin in
// TensorFlow.js's own operations beside it: GPU backends run that, and a test holds the two together.
//   columns    wasm has no filter gradient (tfjs issue 8474); a column matrix and one product supply it.
//   poolSpread the max-pool gradient of wasm drops windows whose maximum is not positive.
//   overlaps   inner products that nearly cancel keep their digits when they are summed in double precision.
//   productSquares  a batched product on wasm is a scalar loop; one product an example is ten times faster.
import { tf, type Tensor, type Tensor4D } from "./tf.ts";

interface HeapBackend {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

const onHeap = (): boolean => tf.getBackend() === "wasm";
const inMemory = (): boolean => onHeap() || tf.getBackend() === "cpu";

/**
 * A tensor made by a loop over plain arrays. On wasm the arrays are views of the heap, good only inside `fill`, which must
 * write every item of `out`.
 */
function made(
  shape: number[],
  inputs: readonly Tensor[],
  fill: (out: Float32Array, views: Float32Array[]) => void,
): Tensor {
  if (onHeap()) {
    const heap = tf.backend() as unknown as HeapBackend;
    // The output comes first: making it may grow the heap, which would cut views loose.
    const info = heap.makeOutput(shape, "float32");
    fill(
      heap.typedArrayFromHeap(info),
      inputs.map((input) => heap.typedArrayFromHeap(input)),
    );
    return tf.engine().makeTensorFromTensorInfo(info);
  }
  const out = new Float32Array(shape.reduce((size, length) => size * length, 1));
  fill(
    out,
    inputs.map((input) => input.dataSync() as Float32Array),
  );
  return tf.tensor(out, shape);
}

/**
 * The column matrix of a "same" convolution with stride 1: what each filter entry sees at every position, and a last row of
 * ones for the bias. Its product with dL/d(output) is the gradient of filter and bias.
 * @param x [example, row, column, channel] @param kernel odd
 * @returns perExample ? [example, taps + 1, row * column] : [taps + 1, example * row * column], taps = kernel * kernel * channel
 */
export function columns(x: Tensor4D, kernel: number, perExample: boolean): Tensor {
  return inMemory() ? columnsByLoop(x, kernel, perExample) : columnsByTensor(x, kernel, perExample);
}

/** Every tap is one block copy of its channel's planes, shifted, with the margin cleared after: 1 read and 1 write an item. */
export function columnsByLoop(x: Tensor4D, kernel: number, perExample: boolean): Tensor {
  const [exampleCount, rows, width, depth] = x.shape;
  const taps = kernel * kernel * depth;
  const margin = (kernel - 1) / 2;
  const [groupCount, imagesPerGroup] = perExample ? [exampleCount, 1] : [1, exampleCount];
  const span = imagesPerGroup * rows * width;
  const shape = perExample ? [exampleCount, taps + 1, span] : [taps + 1, span];
  return made(shape, [tf.transpose(x, perExample ? [0, 3, 1, 2] : [3, 0, 1, 2])], (out, [planes]) => {
    for (let group = 0; group < groupCount; group++) {
      for (let tap = 0; tap < taps; tap++) {
        const right = (Math.floor(tap / depth) % kernel) - margin;
        const down = Math.floor(tap / depth / kernel) - margin;
        const from = (group * depth + (tap % depth)) * span;
        const to = (group * (taps + 1) + tap) * span;
        const shift = down * width + right;
        const [first, last] = [Math.max(0, -shift), Math.min(span, span - shift)];
        out.set(planes!.subarray(from + first + shift, from + Math.max(first, last) + shift), to + first);
        clearMargin(out, { to, imageCount: imagesPerGroup, rows, width, down, right });
      }
      const ones = (group * (taps + 1) + taps) * span;
      out.fill(1, ones, ones + span);
    }
  });
}

interface Margin {
  readonly to: number;
  readonly imageCount: number;
  readonly rows: number;
  readonly width: number;
  readonly down: number;
  readonly right: number;
}

/** Zeros where a shift by (down, right) looks outside its own image. */
function clearMargin(out: Float32Array, { to, imageCount, rows, width, down, right }: Margin): void {
  const [top, bottom] = [Math.min(rows, Math.max(0, -down)), Math.max(0, Math.min(rows, rows - down))];
  const [left, end] = [Math.min(width, Math.max(0, -right)), Math.max(0, Math.min(width, width - right))];
  for (let image = 0; image < imageCount; image++) {
    const start = to + image * rows * width;
    out.fill(0, start, start + top * width);
    out.fill(0, start + Math.max(top, bottom) * width, start + rows * width);
    if (left === 0 && end === width) continue;
    for (let row = 0; row < rows; row++) {
      const line = start + row * width;
      for (let column = 0; column < left; column++) out[line + column] = 0;
      for (let column = Math.max(left, end); column < width; column++) out[line + column] = 0;
    }
  }
}

export function columnsByTensor(x: Tensor4D, kernel: number, perExample: boolean): Tensor {
  const [exampleCount, rows, width, depth] = x.shape;
  const margin = (kernel - 1) / 2;
  const turned = tf.transpose(x, perExample ? [0, 3, 1, 2] : [3, 0, 1, 2]);
  const [first, second] = turned.shape;
  const padded = tf.pad(turned, [
    [0, 0],
    [0, 0],
    [margin, margin],
    [margin, margin],
  ]);
  const views = Array.from({ length: kernel * kernel }, (_, at) =>
    tf.slice(padded, [0, 0, Math.floor(at / kernel), at % kernel], [first, second, rows, width]),
  );
  const taps = kernel * kernel * depth;
  const positions = rows * width;
  return perExample
    ? tf.concat(
        [tf.reshape(tf.concat(views, 1), [exampleCount, taps, positions]), tf.ones([exampleCount, 1, positions])],
        1,
      )
    : tf.concat(
        [tf.reshape(tf.concat(views, 0), [taps, exampleCount * positions]), tf.ones([1, exampleCount * positions])],
        0,
      );
}

/**
 * The chain rule of 2 x 2 max-pooling: each window's signal goes to its first maximum in reading order.
 * @param x [example, row, column, channel] @param signal [example, row / 2, column / 2, channel] @returns shaped as x
 */
export function poolSpread(x: Tensor4D, signal: Tensor4D): Tensor {
  return inMemory() ? poolSpreadByLoop(x, signal) : poolSpreadByTensor(x, signal);
}

/** 5 reads, 4 comparisons and 1 write for each window, and one clearing of the output. */
export function poolSpreadByLoop(x: Tensor4D, signal: Tensor4D): Tensor {
  const [exampleCount, rows, width, depth] = x.shape;
  const [, halfRows, halfWidth] = signal.shape;
  return made(x.shape, [x, signal], (out, [source, shares]) => {
    out.fill(0);
    let at = 0;
    for (let example = 0; example < exampleCount; example++)
      for (let row = 0; row < halfRows; row++)
        for (let column = 0; column < halfWidth; column++) {
          const corner = ((example * rows + 2 * row) * width + 2 * column) * depth;
          for (let channel = 0; channel < depth; channel++, at++) {
            let best = corner + channel;
            const right = best + depth;
            const below = best + width * depth;
            if (source![right]! > source![best]!) best = right;
            if (source![below]! > source![best]!) best = below;
            if (source![below + depth]! > source![best]!) best = below + depth;
            out[best] = shares![at]!;
          }
        }
  });
}

export function poolSpreadByTensor(x: Tensor4D, signal: Tensor4D): Tensor {
  const [exampleCount, rows, width, depth] = x.shape;
  const [, halfRows, halfWidth] = signal.shape;
  const trimmed = tf.slice(x, [0, 0, 0, 0], [exampleCount, 2 * halfRows, 2 * halfWidth, depth]);
  const best = tf.maxPool(trimmed, 2, 2, "valid");
  let left = signal as Tensor;
  const half = [exampleCount * halfRows, 1, halfWidth, depth] as [number, number, number, number];
  const shares = corners(trimmed).map((corner, at) => {
    const share = at === 3 ? left : tf.mul(left, tf.cast(tf.equal(corner, best), "float32"));
    left = tf.sub(left, share);
    return tf.reshape(share, half);
  });
  const lines = [0, 1].map((row) => tf.concat([shares[2 * row]!, shares[2 * row + 1]!], 3));
  const whole = tf.reshape(tf.concat(lines, 1), trimmed.shape);
  return tf.pad(whole, [
    [0, 0],
    [0, rows - 2 * halfRows],
    [0, width - 2 * halfWidth],
    [0, 0],
  ]);
}

/** The four pixels of every window: upper left, upper right, lower left, lower right. [example, row / 2, column / 2, channel] */
function corners(x: Tensor4D): Tensor4D[] {
  const [exampleCount, rows, width, depth] = x.shape;
  const lines = exampleCount * (rows / 2);
  // The two rows and the two columns of a window become axes of their own, which slices then take apart.
  const split = tf.reshape(x, [lines, 2, width / 2, 2 * depth]) as Tensor4D;
  return [0, 1, 2, 3].map(
    (at) =>
      tf.reshape(tf.slice(split, [0, at >> 1, 0, (at & 1) * depth], [lines, 1, width / 2, depth]), [
        exampleCount,
        rows / 2,
        width / 2,
        depth,
      ]) as Tensor4D,
  );
}

/**
 * h[e] . a + add for every example e. h [example, n], a [1, n]. [example, 1]
 * 2 n operations an example, in double precision where the numbers lie in memory.
 */
export function overlaps(h: Tensor, a: Tensor, add: number): Tensor {
  return inMemory() ? overlapsByLoop(h, a, add) : overlapsByTensor(h, a, add);
}

export function overlapsByLoop(h: Tensor, a: Tensor, add: number): Tensor {
  const [exampleCount, size] = h.shape as [number, number];
  return made([exampleCount, 1], [h, a], (out, [rows, other]) => {
    for (let example = 0; example < exampleCount; example++) {
      const base = example * size;
      let sum = add;
      for (let at = 0; at < size; at++) sum += rows![base + at]! * other![at]!;
      out[example] = sum;
    }
  });
}

export function overlapsByTensor(h: Tensor, a: Tensor, add: number): Tensor {
  return tf.add(tf.matMul(h as tf.Tensor2D, tf.reshape(a, [a.shape[1]!, 1]) as tf.Tensor2D), add);
}

/**
 * Squared Frobenius norm of a[e] b[e] for every example e. a [example, m, n], b [example, n, k]. [example]
 * 2 m n k operations an example.
 */
export function productSquares(a: Tensor, b: Tensor): Tensor {
  const [exampleCount, m, n] = a.shape as [number, number, number];
  const k = b.shape[2]!;
  if (!onHeap()) return tf.sum(tf.square(tf.matMul(a, b)), [1, 2]);
  const products = Array.from({ length: exampleCount }, (_, example) =>
    tf.sum(tf.square(tf.matMul(block(a, example, [m, n]), block(b, example, [n, k])))),
  );
  return tf.stack(products);
}

/** One example of a tensor; TensorFlow.js's slice on wasm copies the whole tensor out of the heap first. */
function block(x: Tensor, example: number, shape: [number, number]): tf.Tensor2D {
  const size = shape[0] * shape[1];
  return made(shape, [x], (out, [source]) =>
    out.set(source!.subarray(example * size, (example + 1) * size)),
  ) as tf.Tensor2D;
}
