// A reader of .npz files of its own: zip by its central directory (APPNOTE 6.3), arrays by the definition of the NPY format
// (numpy.lib.format, version 1.0). It shares no code with the lab's writer.
import { crc32, inflateRawSync } from "node:zlib";

export interface NumpyArray {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** @throws when anything is not as the formats say */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NumpyArray> {
  return new Map(
    [...unzipped(bytes)].map(([name, file]) => {
      if (!name.endsWith(".npy")) throw new Error(`${name} in an .npz is no .npy`);
      return [name.slice(0, -4), readNpy(file)];
    }),
  );
}

function unzipped(bytes: Uint8Array): Map<string, Buffer> {
  const zip = Buffer.from(bytes);
  const end = zip.length - 22;
  if (zip.readUInt32LE(end) !== 0x06054b50) throw new Error("no end of central directory");
  const count = zip.readUInt16LE(end + 10);
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`no entry ${entry} of the central directory`);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength!);
    const method = zip.readUInt16LE(at + 10);
    const [checksum, packedSize, size, local] = [16, 20, 24, 42].map((field) => zip.readUInt32LE(at + field));
    if (zip.readUInt32LE(local!) !== 0x04034b50) throw new Error(`no local header of ${name}`);
    const start = local! + 30 + zip.readUInt16LE(local! + 26) + zip.readUInt16LE(local! + 28);
    const packed = zip.subarray(start, start + packedSize!);
    const file = method === 8 ? inflateRawSync(packed) : packed;
    if (![0, 8].includes(method) || file.length !== size || crc32(file) !== checksum)
      throw new Error(`${name} is not what the central directory says`);
    if (files.has(name)) throw new Error(`${name} is there twice`);
    files.set(name, file);
    at += 46 + nameLength! + extraLength! + noteLength!;
  }
  return files;
}

const readers: Readonly<Record<string, { size: number; read: (file: Buffer, at: number) => number }>> = {
  "<f4": { size: 4, read: (file, at) => file.readFloatLE(at) },
  "<f8": { size: 8, read: (file, at) => file.readDoubleLE(at) },
  "<i4": { size: 4, read: (file, at) => file.readInt32LE(at) },
  "|u1": { size: 1, read: (file, at) => file.readUInt8(at) },
};

/** The header is a Python dictionary of exactly these keys, in alphabetical order, as numpy itself writes it. */
const header = /^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \((|\d+,|\d+(?:, \d+)+)\), \} *\n$/;

function readNpy(file: Buffer): NumpyArray {
  if (file.toString("latin1", 0, 8) !== "\x93NUMPY\x01\x00") throw new Error("no .npy of version 1.0");
  const start = 10 + file.readUInt16LE(8);
  if (start % 64 !== 0) throw new Error(`data at ${start}, which is no multiple of 64`);
  const text = file.toString("latin1", 10, start);
  const [, descr, tuple] = header.exec(text) ?? [];
  const reader = readers[descr ?? ""];
  if (descr === undefined || tuple === undefined || !reader) throw new Error(`a header of ${JSON.stringify(text)}`);
  const shape = tuple.split(",").filter(Boolean).map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  if (file.length !== start + count * reader.size)
    throw new Error(`${file.length} bytes for shape ${shape.join(" x ")}`);
  return {
    descr,
    shape,
    values: Array.from({ length: count }, (_, at) => reader.read(file, start + at * reader.size)),
  };
}
