// Where the square windows of a convolution or a pooling lie on an image.

export type Padding = "same" | "valid";

export interface WindowOptions {
  /** Rows and columns of a window. */
  readonly kernel: number;
  readonly stride: number;
  /** "same": as many windows as every stride-th pixel, with zeros (or nothing) around; "valid": whole windows only. */
  readonly padding: Padding;
}

/** Windows in reading order; the first one begins at [-top, -left]. */
export interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
  /** How many of them, down and across; 0 where the image is too small for one. */
  readonly rows: number;
  readonly columns: number;
  readonly top: number;
  readonly left: number;
}

/** The windows on an image, as TensorFlow counts them. */
export function windowsOn([rows, columns]: readonly number[], { kernel, stride, padding }: WindowOptions): Windows {
  const along = (length: number): { count: number; before: number } => {
    if (padding === "valid") return { count: Math.max(0, Math.floor((length - kernel) / stride) + 1), before: 0 };
    const count = Math.ceil(length / stride);
    return { count, before: Math.floor(Math.max(0, (count - 1) * stride + kernel - length) / 2) };
  };
  const [down, across] = [along(rows!), along(columns!)];
  return { kernel, stride, padding, rows: down.count, columns: across.count, top: down.before, left: across.before };
}

/** Zeros around the image that the windows reach into: [[top, bottom], [left, right]]; none of them negative. */
export function marginsOf(
  { kernel, stride, rows, columns, top, left }: Windows,
  [imageRows, imageColumns]: readonly number[],
): [[number, number], [number, number]] {
  return [
    [top, Math.max(0, (rows - 1) * stride + kernel - top - imageRows!)],
    [left, Math.max(0, (columns - 1) * stride + kernel - left - imageColumns!)],
  ];
}

/** How many pixels of the image each window sees, in reading order. */
export function pixelCounts(
  { kernel, stride, rows, columns, top, left }: Windows,
  [imageRows, imageColumns]: readonly number[],
): Float32Array {
  const seen = (at: number, before: number, length: number): number =>
    Math.min(length, at * stride - before + kernel) - Math.max(0, at * stride - before);
  return Float32Array.from(
    { length: rows * columns },
    (_, at) => seen(Math.floor(at / columns), top, imageRows!) * seen(at % columns, left, imageColumns!),
  );
}
