// Kernels that TensorFlow.js lacks, gets wrong or does slowly on wasm, as plain loops over its heap. Each has its twin in
// TensorFlow.js's own operations beside it: graphics backends run that, and a test holds the two together. Other tests fail
// when a later release makes one of them unnecessary.
//   columns    wasm has no filter gradient (tfjs issue 8474); a column matrix and one product supply it.
//   poolSpread the max-pool gradient of wasm drops windows whose maximum is not positive.
//   overlaps   inner products that nearly cancel keep their digits when they are summed in double precision.
//   sparseGradient, sparsePull  a training step behind max-pooling and relu multiplies by zeros, seven times out of eight.
//   exampleProducts  a batched product on wasm is a scalar loop; one product an example is ten times faster.
import { nonzeroShare, sparseShare, trainingKernels, type TrainingKernels } from "./simd/training.ts";
import { alias, tf, total, type Tensor, type Tensor4D } from "./tf.ts";
import { marginsOf, type Windows } from "./window.ts";

interface HeapBackend {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

const onHeap = (): boolean => tf.getBackend() === "wasm";
const inMemory = (): boolean => onHeap() || tf.getBackend() === "cpu";

/** Where one large operation beats many small ones. */
export const isOnGraphics = (): boolean => !inMemory();

const heap = (): HeapBackend => tf.backend() as unknown as HeapBackend;

/** On wasm: a tensor's numbers where they lie, good until another tensor is made. */
export const heapOf = (tensor: tf.TensorInfo): Float32Array => heap().typedArrayFromHeap(tensor);

/** On wasm: a tensor whose numbers are still to be written. */
export const unfilled = (shape: readonly number[]): Tensor =>
  tf.engine().makeTensorFromTensorInfo(heap().makeOutput([...shape], "float32"));

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
    // The output comes first: making it may grow the heap, which would cut views loose.
    const out = unfilled(shape);
    fill(heapOf(out), inputs.map(heapOf));
    return out;
  }
  const out = new Float32Array(shape.reduce((size, length) => size * length, 1));
  fill(
    out,
    inputs.map((input) => input.dataSync() as Float32Array),
  );
  return tf.tensor(out, shape);
}

// ---- windows of convolutions

/**
 * The column matrix of a convolution: what each filter entry sees at every position, and a last row of ones for the bias. Its
 * product with dL/d(output) is the gradient of filter and bias. Positions are those of the output, taps = kernel kernel channel.
 * @param x [example, row, column, channel]
 * @returns perExample ? [example, taps + 1, position] : [taps + 1, example * position]
 */
export function columns(x: Tensor4D, windows: Windows, perExample: boolean): Tensor {
  return inMemory() ? columnsByLoop(x, windows, perExample) : columnsByTensor(x, windows, perExample);
}

/** 1 read and 1 write an item. */
export function columnsByLoop(x: Tensor4D, windows: Windows, perExample: boolean): Tensor {
  const [exampleCount, rows, width, depth] = x.shape;
  const { kernel, stride, top, left } = windows;
  const taps = kernel * kernel * depth;
  const [groupCount, perGroup] = perExample ? [exampleCount, 1] : [1, exampleCount];
  const span = perGroup * windows.rows * windows.columns;
  const shape = perExample ? [exampleCount, taps + 1, span] : [taps + 1, span];
  // A transposed nothing divides by zero on wasm.
  if (exampleCount === 0) return tf.zeros(shape);
  return made(shape, [tf.transpose(x, perExample ? [0, 3, 1, 2] : [3, 0, 1, 2])], (out, [planes]) => {
    for (let group = 0; group < groupCount; group++) {
      for (let tap = 0; tap < taps; tap++) {
        const right = (Math.floor(tap / depth) % kernel) - left;
        const down = Math.floor(tap / depth / kernel) - top;
        // Columns of the output whose tap lies inside the image: from first to last.
        const first = Math.min(windows.columns, Math.max(0, Math.ceil(-right / stride)));
        const last = Math.max(first, Math.min(windows.columns, Math.floor((width - 1 - right) / stride) + 1));
        let to = (group * (taps + 1) + tap) * span;
        for (let image = 0; image < perGroup; image++) {
          const plane = ((group * depth + (tap % depth)) * perGroup + image) * rows * width;
          for (let row = 0; row < windows.rows; row++, to += windows.columns) {
            const from = row * stride + down;
            if (from < 0 || from >= rows) {
              out.fill(0, to, to + windows.columns);
              continue;
            }
            let at = plane + from * width + first * stride + right;
            for (let column = 0; column < first; column++) out[to + column] = 0;
            for (let column = first; column < last; column++, at += stride) out[to + column] = planes![at]!;
            for (let column = last; column < windows.columns; column++) out[to + column] = 0;
          }
        }
      }
      const ones = (group * (taps + 1) + taps) * span;
      out.fill(1, ones, ones + span);
    }
  });
}

export function columnsByTensor(x: Tensor4D, windows: Windows, perExample: boolean): Tensor {
  const [exampleCount, , , depth] = x.shape;
  const taps = windows.kernel ** 2 * depth;
  const positions = windows.rows * windows.columns;
  const views = tapsOf(x, windows, 0).map((view) => tf.transpose(view, perExample ? [0, 3, 1, 2] : [3, 0, 1, 2]));
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

/** What each window sees at one place after the other, in reading order; `outside` beyond the image. [example, row, column, channel] each */
export function tapsOf(x: Tensor4D, windows: Windows, outside: number): Tensor4D[] {
  const [exampleCount, rows, width, depth] = x.shape;
  const { kernel, stride } = windows;
  const padded = tf.pad(x, [[0, 0], ...marginsOf(windows, [rows, width]), [0, 0]], outside);
  return Array.from({ length: kernel * kernel }, (_, at) => {
    const [down, right] = [Math.floor(at / kernel), at % kernel];
    if (stride === 1)
      return tf.slice(padded, [0, down, right, 0], [exampleCount, windows.rows, windows.columns, depth]);
    return tf.stridedSlice(
      padded,
      [0, down, right, 0],
      [exampleCount, down + (windows.rows - 1) * stride + 1, right + (windows.columns - 1) * stride + 1, depth],
      [1, stride, stride, 1],
    ) as Tensor4D;
  });
}

/** The same as one tensor, [example, row, column, taps], in two operations. */
export function patches(x: Tensor4D, { kernel, stride, padding, rows, columns: width }: Windows): Tensor {
  const depth = x.shape[3];
  const size = kernel * kernel;
  if (size === 1 && stride === 1) return x;
  // Filter [kernel, kernel, channel, place] with a single 1 at its own place.
  const picks = tf.tile(tf.reshape(tf.eye(size), [kernel, kernel, 1, size]), [1, 1, depth, 1]) as Tensor4D;
  const seen = tf.depthwiseConv2d(x, picks, stride, padding);
  return tf.reshape(tf.transpose(tf.reshape(seen, [-1, depth, size]), [0, 2, 1]), [
    x.shape[0],
    rows,
    width,
    size * depth,
  ]);
}

/** Zeros between the pixels, stride - 1 of them. [example, (row - 1) stride + 1, (column - 1) stride + 1, channel] */
export function dilated(x: Tensor4D, stride: number): Tensor4D {
  if (stride === 1) return x;
  const [exampleCount, rows, width, depth] = x.shape;
  const after = [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ] as [number, number][];
  const wide = tf.pad(tf.reshape(x, [exampleCount * rows * width, 1, depth]), after);
  const high = tf.pad(tf.reshape(wide, [exampleCount * rows, 1, width * stride * depth]), after);
  return tf.slice(
    tf.reshape(high, [exampleCount, rows * stride, width * stride, depth]) as Tensor4D,
    [0, 0, 0, 0],
    [exampleCount, (rows - 1) * stride + 1, (width - 1) * stride + 1, depth],
  );
}

/**
 * The gradient of filter and bias, [taps + 1, channel], and the chain rule, shaped as the input, from signals of which most
 * are 0, as behind max-pooling and relu: only the others are multiplied. Undefined where there are none such, or no kernel.
 */
export function sparseGradient(x: Tensor4D, signal: Tensor4D, windows: Windows): Tensor | undefined {
  const kernels = sparseKernels(signal, windows);
  const [depth, channels] = [x.shape[3], signal.shape[3]];
  const filterSize = windows.kernel ** 2 * depth * channels;
  return (
    kernels &&
    made([filterSize / channels + 1, channels], [x, signal], (out, [seen, signals]) =>
      kernels.filterGradient(
        seen!,
        signals!,
        { ...imagesOf(x), channels, kernel: windows.kernel },
        out.subarray(0, filterSize),
        out.subarray(filterSize),
      ),
    )
  );
}

export function sparsePull(signal: Tensor4D, filter: Tensor4D, windows: Windows): Tensor | undefined {
  const kernels = sparseKernels(signal, windows);
  const [kernel, , depth, channels] = filter.shape;
  const [count, rows, width] = signal.shape;
  return (
    kernels &&
    made([count, rows, width, depth], [signal, filter], (out, [signals, weights]) =>
      kernels.filterPull(signals!, weights!, { count, rows, width, depth, channels, kernel }, out),
    )
  );
}

function sparseKernels(signal: Tensor4D, { kernel, stride, padding }: Windows): TrainingKernels | undefined {
  if (!onHeap() || stride !== 1 || padding !== "same" || kernel % 2 === 0) return undefined;
  const numbers = heapOf(signal);
  return nonzeroShare(numbers) <= sparseShare ? trainingKernels() : undefined;
}

const imagesOf = ({ shape: [count, rows, width, depth] }: Tensor4D) => ({ count, rows, width, depth });

/** The adjoint of `tapsOf`: shares of each window by place, added up on the image. [example, row, column, channel] */
function gathered(shares: readonly Tensor4D[], windows: Windows, [rows, width]: readonly number[]): Tensor4D {
  const [[top, bottom], [left, right]] = marginsOf(windows, [rows!, width!]);
  const [high, wide] = [rows! + top + bottom, width! + left + right];
  const placed = shares.map((share, at) => {
    const spread = dilated(share, windows.stride);
    const [down, across] = [Math.floor(at / windows.kernel), at % windows.kernel];
    return tf.pad(spread, [
      [0, 0],
      [down, high - down - spread.shape[1]],
      [across, wide - across - spread.shape[2]],
      [0, 0],
    ]);
  });
  const [exampleCount, , , depth] = shares[0]!.shape;
  return tf.slice(total(placed) as Tensor4D, [0, top, left, 0], [exampleCount, rows!, width!, depth]);
}

// ---- pooling

/**
 * The chain rule of max-pooling: each window's signal goes to its first maximum in reading order.
 * @param x [example, row, column, channel] @param signal the same of the output @returns shaped as x
 */
export function poolSpread(x: Tensor4D, signal: Tensor4D, windows: Windows): Tensor {
  const { kernel, stride, padding } = windows;
  const kernels = onHeap() && kernel === 2 && stride === 2 && padding === "valid" ? trainingKernels() : undefined;
  if (kernels)
    return made(x.shape, [x, signal], (out, [source, shares]) =>
      kernels.poolSpread(source!, shares!, imagesOf(x), out),
    );
  return inMemory() ? poolSpreadByLoop(x, signal, windows) : poolSpreadByTensor(x, signal, windows);
}

/** kernel kernel reads and comparisons and 1 addition for each window, and one clearing of the output. */
export function poolSpreadByLoop(x: Tensor4D, signal: Tensor4D, windows: Windows): Tensor {
  const depth = x.shape[3];
  return made(x.shape, [x, signal], (out, [source, shares]) => {
    out.fill(0);
    eachWindow(x.shape, windows, (places, to) => {
      for (let channel = 0; channel < depth; channel++) {
        let best = places[0]! + channel;
        for (let at = 1; at < places.length; at++)
          if (source![places[at]! + channel]! > source![best]!) best = places[at]! + channel;
        out[best]! += shares![to + channel]!;
      }
    });
  });
}

/** Calls back with where the pixels of each window lie, in reading order and inside the image, and where its output does. */
function eachWindow(
  [exampleCount, rows, width, depth]: readonly [number, number, number, number],
  { kernel, stride, rows: down, columns: across, top, left }: Windows,
  visit: (places: readonly number[], to: number) => void,
): void {
  let to = 0;
  for (let example = 0; example < exampleCount; example++)
    for (let row = 0; row < down; row++)
      for (let column = 0; column < across; column++, to += depth) {
        const places = [];
        const [firstRow, firstColumn] = [row * stride - top, column * stride - left];
        for (let y = Math.max(0, firstRow); y < Math.min(rows, firstRow + kernel); y++)
          for (let x = Math.max(0, firstColumn); x < Math.min(width, firstColumn + kernel); x++)
            places.push(((example * rows + y) * width + x) * depth);
        visit(places, to);
      }
}

export function poolSpreadByTensor(x: Tensor4D, signal: Tensor4D, windows: Windows): Tensor {
  const best = tf.maxPool(x, windows.kernel, windows.stride, windows.padding);
  let left = signal as Tensor;
  const shares = tapsOf(x, windows, -Infinity).map((tap) => {
    const share = tf.mul(left, tf.cast(tf.equal(tap, best), "float32"));
    left = tf.sub(left, share);
    return share as Tensor4D;
  });
  return gathered(shares, windows, [x.shape[1], x.shape[2]]);
}

// ---- products

/**
 * h . a + add for every anchor and probe, in double precision where the numbers lie in memory. 2 n operations each.
 * @param h [1 or anchor, probe, n] @param a [anchor, n] @returns [anchor, probe, 1]
 */
export function overlaps(h: Tensor, a: Tensor, add: number): Tensor {
  return inMemory() ? overlapsByLoop(h, a, add) : overlapsByTensor(h, a, add);
}

export function overlapsByLoop(h: Tensor, a: Tensor, add: number): Tensor {
  const [sharers, probeCount, size] = h.shape as [number, number, number];
  const anchorCount = a.shape[0]!;
  return made([anchorCount, probeCount, 1], [h, a], (out, [rows, others]) => {
    for (let anchor = 0; anchor < anchorCount; anchor++)
      for (let probe = 0; probe < probeCount; probe++) {
        const base = ((sharers === 1 ? 0 : anchor) * probeCount + probe) * size;
        let sum = add;
        for (let at = 0; at < size; at++) sum += rows![base + at]! * others![anchor * size + at]!;
        out[anchor * probeCount + probe] = sum;
      }
  });
}

export function overlapsByTensor(h: Tensor, a: Tensor, add: number): Tensor {
  const [sharers, probeCount, size] = h.shape as [number, number, number];
  const anchorCount = a.shape[0]!;
  const plus = (products: Tensor): Tensor => (add === 0 ? products : tf.add(products, add));
  if (sharers > 1) return plus(tf.matMul(h, tf.reshape(a, [anchorCount, size, 1])));
  // The small factor is transposed before, not in the product: WebGPU's long products ignore that wish.
  const products = tf.matMul(tf.reshape(h, [probeCount, size]) as tf.Tensor2D, tf.transpose(a as tf.Tensor2D));
  return plus(tf.reshape(tf.transpose(products), [anchorCount, probeCount, 1]));
}

/** Some rows of a tensor, [row, ...]; TensorFlow.js copies them number by number on wasm. All in order are the tensor itself. */
export function rowsAt(x: Tensor, rows: readonly number[]): Tensor {
  if (rows.length === x.shape[0] && rows.every((row, at) => row === at)) return alias(x);
  if (!inMemory()) return tf.gather(x, tf.tensor1d([...rows], "int32"));
  const size = x.size / x.shape[0]!;
  return made([rows.length, ...x.shape.slice(1)], [x], (out, [source]) =>
    rows.forEach((row, at) => out.set(source!.subarray(row * size, (row + 1) * size), at * size)),
  );
}

/** a[e] b[e] for every example e. a [example, m, n], b [example, n, k]. [example, m, k]. 2 m n k operations an example. */
export function exampleProducts(a: Tensor, b: Tensor): Tensor {
  const [exampleCount, m, n] = a.shape as [number, number, number];
  const k = b.shape[2]!;
  if (!onHeap()) return tf.matMul(a, b);
  const products = Array.from({ length: exampleCount }, (_, example) =>
    tf.matMul(block(a, example, [m, n]), block(b, example, [n, k])),
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
