// A tar archive read as a stream: one wanted file at a time is in memory, and nothing is written to disk.
import { PackError } from "./pack-error.ts";

interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;
const checksumFrom = 148;
const checksumTo = 156;

/** Counted reading from chunks of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async read(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    await this.#take(count, (part, at) => bytes.set(part, at));
    return bytes;
  }

  async skip(count: number): Promise<void> {
    await this.#take(count, () => undefined);
  }

  async #take(count: number, use: (part: Uint8Array, at: number) => void): Promise<void> {
    let at = 0;
    while (at < count) {
      if (this.#chunk.length === 0) await this.#refill();
      const part = this.#chunk.subarray(0, count - at);
      use(part, at);
      at += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
  }

  async #refill(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) throw new PackError("The archive ends in the middle; fetch it again.");
    this.#chunk = next.value;
  }
}

function text(block: Uint8Array, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

const octal = (block: Uint8Array, from: number, length: number): number =>
  Number.parseInt(text(block, from, length).trim() || "0", 8);

/** The sum of a header's bytes, its checksum field counted as spaces. */
function headerSum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= checksumFrom && at < checksumTo ? 0x20 : byte), 0);
}

function readHeader(block: Uint8Array): { path: string; size: number; isFile: boolean } {
  if (headerSum(block) !== octal(block, checksumFrom, checksumTo - checksumFrom))
    throw new PackError("The archive is damaged: the checksum of a tar header is wrong.");
  const prefix = text(block, 257, 5) === "ustar" ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  const type = text(block, 156, 1);
  return {
    path: prefix ? `${prefix}/${name}` : name,
    size: octal(block, 124, 12),
    isFile: type === "" || type === "0",
  };
}

/**
 * The wanted files in archive order. Links, folders and extended headers are passed over; names longer than the
 * 255 characters of ustar do not occur in the packages read here.
 */
export async function* tarFiles(
  chunks: AsyncIterable<Uint8Array>,
  wanted: (path: string) => boolean,
): AsyncGenerator<TarFile> {
  const reader = new ByteReader(chunks);
  for (;;) {
    const block = await reader.read(blockSize);
    if (block.every((byte) => byte === 0)) return;
    const { path, size, isFile } = readHeader(block);
    const padding = (blockSize - (size % blockSize)) % blockSize;
    if (isFile && wanted(path)) {
      yield { path, bytes: await reader.read(size) };
      await reader.skip(padding);
    } else await reader.skip(size + padding);
  }
}
