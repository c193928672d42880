// The decoders of the original files: from PNG sheets, JSON lists and idx files to plain bytes.
import { PNG } from "pngjs";
import { PackError } from "./pack-error.ts";

/** [rows, columns, channels] */
export type Shape = readonly [number, number, number];

/** RGB bytes of a PNG sheet in which each row of pixels is one image, row-major. [image, row, column, channel] */
export function decodeSheet(bytes: Uint8Array, [rows, columns, channels]: Shape): Uint8Array {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (width !== rows * columns || channels !== 3)
    throw new PackError(`A sheet is ${width} pixels wide; images of ${rows} x ${columns} need ${rows * columns}.`);
  const pixels = width * height;
  const out = new Uint8Array(pixels * 3);
  // pngjs always gives four channels; alpha carries nothing here.
  for (let pixel = 0, to = 0, from = 0; pixel < pixels; pixel += 1, from += 4) {
    out[to++] = data[from]!;
    out[to++] = data[from + 1]!;
    out[to++] = data[from + 2]!;
  }
  return out;
}

const isLabel = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Class numbers from a JSON list. */
export function decodeLabelList(bytes: Uint8Array): Uint8Array {
  const list = parseJson(bytes);
  if (!Array.isArray(list) || !list.every(isLabel))
    throw new PackError("A label file is not a JSON list of class numbers.");
  return Uint8Array.from(list);
}

const unsignedByteType = 0x08;

/** The payload of an idx file of unsigned bytes, its dimensions after the first (the count) checked against `item`. */
export function decodeIdx(bytes: Uint8Array, item: readonly number[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensionCount = item.length + 1;
  const headerSize = 4 + 4 * dimensionCount;
  if (bytes.length < headerSize || view.getUint32(0) !== ((unsignedByteType << 8) | dimensionCount))
    throw new PackError(`A file is not an idx file of bytes in ${dimensionCount} dimensions.`);
  const sizes = Array.from({ length: dimensionCount }, (_, at) => view.getUint32(4 + 4 * at));
  if (item.some((size, at) => sizes[at + 1] !== size))
    throw new PackError(`An idx file holds items of ${sizes.slice(1).join(" x ")}; ${item.join(" x ")} is expected.`);
  const size = sizes.reduce((product, each) => product * each, 1);
  if (bytes.length !== headerSize + size)
    throw new PackError(`An idx file has ${bytes.length} bytes; its header promises ${headerSize + size}.`);
  return bytes.subarray(headerSize);
}
