// One value with typed arrays in it, as bytes and back: the form of recorded runs and saved weights.
import { LabError } from "./error.ts";

const arrayTypes = { u8: Uint8Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;
type ArrayTag = keyof typeof arrayTypes;
type TypedArray = Uint8Array | Int32Array | Float32Array | Float64Array;

interface Slot {
  readonly $array: ArrayTag;
  readonly at: number;
  readonly length: number;
}

const magic = "LELAB1\n\0";
const headerBytes = 16;

function tagOf(value: unknown): ArrayTag | undefined {
  return (Object.keys(arrayTypes) as ArrayTag[]).find((tag) => value instanceof arrayTypes[tag]);
}

/**
 * Layout, little-endian: 8 bytes "LELAB1\n\0", uint32 length of the JSON, uint32 zero, the JSON padded to 8 bytes, then the
 * arrays, each padded to 8 bytes; in the JSON an array is {"$array": type, "at": byte offset, "length": items}.
 */
export function pack(value: unknown): Uint8Array {
  const arrays: TypedArray[] = [];
  let offset = 0;
  const json = JSON.stringify(value, (_key, item: unknown) => {
    const tag = tagOf(item);
    if (!tag) return item;
    const array = item as TypedArray;
    arrays.push(array);
    const slot: Slot = { $array: tag, at: offset, length: array.length };
    offset += padded(array.byteLength);
    return slot;
  });
  const text = utf8(json);
  const start = headerBytes + padded(text.length);
  const bytes = new Uint8Array(start + offset);
  bytes.set(utf8(magic));
  new DataView(bytes.buffer).setUint32(8, text.length, true);
  bytes.fill(32, headerBytes, start);
  bytes.set(text, headerBytes);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += padded(array.byteLength);
  }
  return bytes;
}

/** @throws LabError `data-unavailable` for a foreign, truncated or garbled file. */
export function unpack(bytes: Uint8Array): unknown {
  if (bytes.length < headerBytes || utf8(magic).some((byte, at) => bytes[at] !== byte))
    throw new LabError("data-unavailable", "This is not a recording of the lab; export it again.");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const start = headerBytes + padded(length);
  if (bytes.length < start) throw truncated(bytes.length);
  try {
    return JSON.parse(text(bytes.subarray(headerBytes, headerBytes + length)), (_key, item: unknown) =>
      isSlot(item) ? arrayOf(item, bytes, start) : item,
    );
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw garbled();
  }
}

const isSlot = (item: unknown): item is Slot => item !== null && typeof item === "object" && "$array" in item;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

function arrayOf({ $array, at, length }: Slot, bytes: Uint8Array, start: number): TypedArray {
  if (!Object.hasOwn(arrayTypes, $array) || !isCount(at) || !isCount(length)) throw garbled();
  const Type = arrayTypes[$array];
  const end = start + at + length * Type.BYTES_PER_ELEMENT;
  if (bytes.length < end) throw truncated(bytes.length);
  // Not `bytes.slice`: that of a Node Buffer is a view of the whole.
  return new Type(new Uint8Array(bytes.subarray(start + at, end)).buffer);
}

const garbled = (): LabError =>
  new LabError("data-unavailable", "This recording is garbled, it was changed on its way; fetch or export it again.");

const truncated = (length: number): LabError =>
  new LabError(
    "data-unavailable",
    `This recording ends after ${length} bytes, before its last array; fetch or export it again.`,
  );

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** UTF-8 without the platform's TextEncoder, which the lab's own compiler settings do not know. */
function utf8(value: string): Uint8Array {
  return Uint8Array.from(unescape(encodeURIComponent(value)), (char) => char.charCodeAt(0));
}

function text(bytes: Uint8Array): string {
  let raw = "";
  for (let at = 0; at < bytes.length; at += 8192) raw += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return decodeURIComponent(escape(raw));
}
