// The SIMD kernels as functions, and the memory that they work in.
import { binary } from "./binary.ts";

/** Addresses are bytes from the start of the memory. */
export interface Kernels {
  overlaps(
    a: number,
    anchors: number,
    x: number,
    probes: number,
    size: number,
    isRectified: boolean,
    scratch: number,
    out: number,
  ): void;
  project(
    x: number,
    weights: number,
    bias: number,
    size: number,
    probes: number,
    units: number,
    scratch: number,
    out: number,
  ): void;
  largestOf(row: number, size: number): number;
  rectifiedRows(z: number, size: number, out: number): void;
  intoLane(row: number, size: number, anchors: number, anchor: number, out: number): void;
  marks(z: number, size: number, probes: number, out: number, sizes: number): void;
  layStep(
    overlap: number,
    shared: number,
    rate: number,
    widest: number,
    sizes: number,
    probes: number,
    anchors: number,
    anchor: number,
    c: number,
    common: number,
    isLarge: number,
  ): number;
  addSubsets(
    mark: number,
    probes: number,
    delta: number,
    a: number,
    size: number,
    anchors: number,
    weights: number,
    width: number,
    outputs: number,
    columns: number,
    table: number,
    sums: number,
  ): void;
  finish(
    z: number,
    mark: number,
    sizes: number,
    size: number,
    probes: number,
    delta: number,
    a: number,
    widest: number,
    rates: number,
    top: number,
    anchors: number,
    weights: number,
    width: number,
    outputs: number,
    sums: number,
    columns: number,
    c: number,
    common: number,
    crossed: number,
    out: number,
  ): void;
  groupsOf(row: number, size: number, groups: number): number;
  rectifyStep(
    c: number,
    delta: number,
    groups: number,
    groupCount: number,
    z: number,
    size: number,
    probes: number,
    places: number,
    values: number,
    lengths: number,
  ): void;
  rectify(dz: number, z: number, size: number, probes: number, places: number, values: number, lengths: number): void;
  listAll(d: number, size: number, places: number, values: number, lengths: number): void;
  outer(c: number, delta: number, width: number, probes: number, out: number): void;
  scaled(overlap: number, rate: number, probes: number, out: number): void;
  spread(
    places: number,
    values: number,
    lengths: number,
    size: number,
    probes: number,
    weights: number,
    width: number,
    a: number,
    overlap: number,
    rate: number,
    delta: number,
    out: number,
  ): void;
  patchNorms(h: number, rows: number, width: number, depth: number, kernel: number, squares: number, out: number): void;
  convStage(
    h: number,
    dh: number,
    z: number,
    norms: number,
    step: number,
    rows: number,
    width: number,
    depth: number,
    channels: number,
    kernel: number,
    scratch: number,
    out: number,
    margin: number,
  ): void;
  filterGradient(
    h: number,
    signal: number,
    rows: number,
    width: number,
    depth: number,
    channels: number,
    kernel: number,
    out: number,
  ): void;
  packStep(gradient: number, weights: number, channels: number, filterSize: number, rate: number, step: number): void;
  layOrders(out: number): void;
  addFilterGradient(
    h: number,
    signal: number,
    rows: number,
    width: number,
    depth: number,
    channels: number,
    kernel: number,
    list: number,
    out: number,
  ): void;
  addFilterPull(
    filters: number,
    signal: number,
    rows: number,
    width: number,
    depth: number,
    channels: number,
    kernel: number,
    list: number,
    out: number,
  ): void;
  copyLines(from: number, fromSkip: number, to: number, toSkip: number, size: number, lines: number): void;
  settle(part: number, total: number, size: number): void;
  poolSpread(x: number, signal: number, rows: number, width: number, depth: number, out: number): void;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Of the platform; the lab's own types know neither browser nor Node. */
declare const atob: (text: string) => string;
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

const pageBytes = 65_536;
const mostPages = 65_536;
const keptBytes = 2 ** 28;

/** A memory that is filled from the bottom up; what was laid out after a mark goes when it is cut back to the mark. */
export class Arena {
  readonly kernels: Kernels;
  readonly #memory: WasmMemory;
  #end = 0;

  /** Memories that nobody uses: making one anew costs address space that only the garbage collector gives back. */
  static readonly #free: Arena[] = [];

  private constructor(kernels: Kernels, memory: WasmMemory) {
    this.kernels = kernels;
    this.#memory = memory;
  }

  /** An empty one; undefined where the platform has no wasm with SIMD. */
  static borrow(): Arena | undefined {
    return Arena.#free.pop() ?? Arena.make();
  }

  /** A new one, to keep. It compiles at once: the kernels are small, and a worker may wait for them. */
  static make(): Arena | undefined {
    try {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages });
      const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
      return new Arena(exports as Kernels, memory);
    } catch {
      return undefined;
    }
  }

  /** For whoever borrows next; a large one is let go. */
  giveBack(): void {
    this.cut(0);
    if (this.#memory.buffer.byteLength <= keptBytes) Arena.#free.push(this);
  }

  get mark(): number {
    return this.#end;
  }

  cut(mark: number): void {
    this.#end = mark;
  }

  /** Room for so many numbers, whatever they are; its address. Views made before are good no more. @throws RangeError beyond 4 GB */
  room(count: number): number {
    const address = this.#end;
    this.#end = address + ((count * 4 + 15) & ~15);
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.max(Math.ceil(missing / pageBytes), 16));
    return address;
  }

  /** The same, all 0. */
  blank(count: number): number {
    const address = this.room(count);
    this.clear(address, count);
    return address;
  }

  clear(address: number, count: number): void {
    this.view(address, count).fill(0);
  }

  view(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer, address, count);
  }
}
