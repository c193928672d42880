// Arrays in numpy's own format (NEP 1), one .npy each, zipped into an .npz.
import { zipSync } from "fflate";

export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** @throws RangeError when an array does not have the length that its shape says. */
export function npz(arrays: Readonly<Record<string, NamedArray>>): Uint8Array {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npy(name, array)]));
  // A fixed date (the earliest that zip knows): the same arrays give the same bytes.
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}

function npy(name: string, { shape, data }: NamedArray): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length)
    throw new RangeError(`npz: ${name} has ${data.length} values for shape ${shape.join(" x ")}`);
  const kind =
    data instanceof Float32Array
      ? "<f4"
      : data instanceof Float64Array
        ? "<f8"
        : data instanceof Int32Array
          ? "<i4"
          : "|u1";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const headerLength = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(headerLength + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (headerLength - 10) & 255, (headerLength - 10) >> 8]);
  bytes.fill(32, 10, headerLength);
  for (let at = 0; at < text.length; at++) bytes[10 + at] = text.charCodeAt(at);
  bytes[headerLength - 1] = 10;
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerLength);
  return bytes;
}
