// What training does most on the processor, in SIMD: gradients of convolutions whose signals are mostly 0, and max-pooling's.
// Inputs and outputs may be views of another memory; they are copied in and out an example at a time. The plain references
// are the loops of the test.
import { Arena } from "./module.ts";

/** A convolution with stride 1 and "same" padding. */
export interface ConvShape {
  readonly count: number;
  readonly rows: number;
  readonly width: number;
  readonly depth: number;
  readonly channels: number;
  /** Odd. */
  readonly kernel: number;
}

/** 2 x 2 windows without overlap; a last odd row or column has none. */
export interface PoolShape {
  readonly count: number;
  readonly rows: number;
  readonly width: number;
  readonly depth: number;
}

let made: TrainingKernels | undefined | null = null;

/** Undefined where the platform has no wasm with SIMD. */
export function trainingKernels(): TrainingKernels | undefined {
  if (made === null) {
    const arena = Arena.make();
    made = arena && new TrainingKernels(arena);
  }
  return made;
}

/** Where a larger share of the signals is not 0, products of whole matrices are faster than those of single signals. */
export const sparseShare = 1 / 3;

/** The share of numbers that are not 0, of at most a few thousand that are looked at. */
export function nonzeroShare(numbers: Float32Array): number {
  // Odd, so that it does not keep to a channel.
  const step = Math.floor(numbers.length / looks) | 1;
  let [seen, found] = [0, 0];
  for (let at = 0; at < numbers.length; at += step) {
    seen += 1;
    if (numbers[at] !== 0) found += 1;
  }
  return seen > 0 ? found / seen : 0;
}

const looks = 4096;

export class TrainingKernels {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * The gradient of filters and biases, summed over examples: 2 kernel^2 depth operations for each signal that is not 0.
   * @param x [example, row, column, depth] @param signal [example, row, column, channel]
   * @param filter [kernel, kernel, depth, channel], written @param bias [channel], written
   */
  filterGradient(
    x: Float32Array,
    signal: Float32Array,
    shape: ConvShape,
    filter: Float32Array,
    bias: Float32Array,
  ): void {
    const arena = this.#arena;
    const { count, rows, width, depth, channels, kernel } = shape;
    const { frame, pixels, signals, line } = sizesOf(shape);
    arena.cut(0);
    const size = kernel * line + 4;
    const [part, total] = [arena.blank(channels * size), arena.blank(channels * size)];
    const [image, raw, own] = [arena.blank(frame), arena.room(pixels), arena.room(signals + 4)];
    const list = this.#layList(shape);
    for (let example = 0; example < count; example++) {
      arena.view(raw, pixels).set(x.subarray(example * pixels, (example + 1) * pixels));
      this.#frame(raw, image, shape, true);
      arena.view(own, signals).set(signal.subarray(example * signals, (example + 1) * signals));
      arena.kernels.addFilterGradient(image, own, rows, width, depth, channels, kernel, list, part);
      // Rounding errors of one example do not see those of another.
      arena.kernels.settle(part, total, channels * size);
    }
    const sums = arena.view(total, channels * size);
    for (let channel = 0; channel < channels; channel++) {
      const start = channel * size;
      bias[channel] = sums[start + kernel * line]!;
      for (let tap = 0; tap < kernel * kernel * depth; tap++)
        filter[tap * channels + channel] = sums[start + placeOf(tap, kernel * depth, line)]!;
    }
  }

  /**
   * dL/dx from dL/d(output): 2 kernel^2 depth operations for each signal that is not 0.
   * @param signal [example, row, column, channel] @param filter [kernel, kernel, depth, channel]
   * @param out [example, row, column, depth], written
   */
  filterPull(signal: Float32Array, filter: Float32Array, shape: ConvShape, out: Float32Array): void {
    const arena = this.#arena;
    const { count, rows, width, depth, channels, kernel } = shape;
    const { frame, pixels, signals, line } = sizesOf(shape);
    arena.cut(0);
    const filters = arena.blank(channels * kernel * line);
    const [image, raw, own] = [arena.room(frame), arena.room(pixels), arena.room(signals + 4)];
    const list = this.#layList(shape);
    const laid = arena.view(filters, channels * kernel * line);
    for (let tap = 0; tap < kernel * kernel * depth; tap++)
      for (let channel = 0; channel < channels; channel++)
        laid[channel * kernel * line + placeOf(tap, kernel * depth, line)] = filter[tap * channels + channel]!;
    for (let example = 0; example < count; example++) {
      arena.view(own, signals).set(signal.subarray(example * signals, (example + 1) * signals));
      arena.clear(image, frame);
      arena.kernels.addFilterPull(filters, own, rows, width, depth, channels, kernel, list, image);
      this.#frame(raw, image, shape, false);
      out.set(arena.view(raw, pixels), example * pixels);
    }
  }

  /**
   * The chain rule of max-pooling: each window's signal goes to its first maximum in reading order.
   * @param x [example, row, column, depth] @param signal [example, row / 2, column / 2, depth] @param out shaped as x, written
   */
  poolSpread(x: Float32Array, signal: Float32Array, { count, rows, width, depth }: PoolShape, out: Float32Array): void {
    const arena = this.#arena;
    const pixels = rows * width * depth;
    const signals = (rows >> 1) * (width >> 1) * depth;
    arena.cut(0);
    const [image, own, moved] = [arena.room(pixels), arena.room(signals), arena.room(pixels)];
    for (let example = 0; example < count; example++) {
      arena.view(image, pixels).set(x.subarray(example * pixels, (example + 1) * pixels));
      arena.view(own, signals).set(signal.subarray(example * signals, (example + 1) * signals));
      arena.kernels.poolSpread(image, own, rows, width, depth, moved);
      out.set(arena.view(moved, pixels), example * pixels);
    }
  }

  /** Room for the signals of a row. */
  #layList({ width, channels }: ConvShape): number {
    const list = this.#arena.room(64 + 2 * (width * channels + 4));
    this.#arena.kernels.layOrders(list);
    return list;
  }

  /** An image into its margin, or out of it. */
  #frame(raw: number, image: number, { rows, width, depth, kernel }: ConvShape, isInto: boolean): void {
    const margin = (kernel - 1) / 2;
    const [line, skip] = [width * depth * 4, (width + kernel - 1) * depth * 4];
    const inside = image + margin * (skip + depth * 4);
    if (isInto) this.#arena.kernels.copyLines(raw, line, inside, skip, line, rows);
    else this.#arena.kernels.copyLines(inside, skip, raw, line, line, rows);
  }
}

/** Numbers of an image with its margin, of one without, of its signals, and of a filter's line. */
const sizesOf = ({ rows, width, depth, channels, kernel }: ConvShape) => ({
  frame: (rows + kernel - 1) * (width + kernel - 1) * depth + 4,
  pixels: rows * width * depth,
  signals: rows * width * channels,
  line: (kernel * depth + 3) & ~3,
});

/** Where a tap lies among lines that are padded. */
const placeOf = (tap: number, size: number, line: number): number => Math.floor(tap / size) * line + (tap % size);
