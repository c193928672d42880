// Chunks of a PNG file: made, read, and put in before the pixels.

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest >>> 0;
});

/** CRC-32 as PNG and zip use it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Big-endian. */
const fourBytes = (value: number): Uint8Array =>
  Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** @param type four letters */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([latin(type), data]);
  return joined([fourBytes(data.length), body, fourBytes(crc32(body))]);
}

export const pngOfChunks = (chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => joined([signature, ...chunks]);

/** Size and kind of the pixels. @param colourType 3 for a palette */
export const headerChunk = (width: number, height: number, colourType: number): Uint8Array =>
  chunk("IHDR", joined([fourBytes(width), fourBytes(height), Uint8Array.of(8, colourType, 0, 0, 0)]));

/** Dots an inch as whole dots a metre: 300 dpi are 11811. */
export function densityChunk(dpi: number): Uint8Array {
  const perMetre = fourBytes(Math.round(dpi / 0.0254));
  return chunk("pHYs", joined([perMetre, perMetre, Uint8Array.of(1)]));
}

/** International text, not compressed. @param keyword Latin letters, at most 79 */
export const textChunk = (keyword: string, content: string): Uint8Array =>
  chunk("iTXt", joined([latin(keyword), Uint8Array.of(0, 0, 0, 0, 0), new TextEncoder().encode(content)]));

export interface ReadChunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly isIntact: boolean;
}

/** @throws RangeError when the bytes are not a PNG file. */
export function chunksOf(png: Uint8Array): ReadChunk[] {
  if (!signature.every((byte, at) => png[at] === byte)) throw new RangeError("chunk: these bytes are no PNG file");
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: ReadChunk[] = [];
  for (let at = signature.length; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    const type = String.fromCharCode(...body.subarray(0, 4));
    chunks.push({ type, data: body.subarray(4), isIntact: view.getUint32(at + 8 + length) === crc32(body) });
    at += 12 + length;
  }
  return chunks;
}

/** A PNG file with more chunks right after its header, where `pHYs` and `iTXt` may stand; old ones of these types go. */
export function withChunks(png: Uint8Array, added: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const [header, ...rest] = chunksOf(png);
  const kept = rest.filter(({ type }) => type !== "pHYs" && type !== "iTXt");
  return pngOfChunks(
    [header!, ...kept].flatMap(({ type, data }, at) =>
      at === 0 ? [chunk(type, data), ...added] : [chunk(type, data)],
    ),
  );
}
