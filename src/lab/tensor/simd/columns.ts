// The outputs of a wide dense layer, its units dealt out among shares: each multiplies the inputs by the columns of its own
// units. An output is one sum in one order, whoever makes it and with whom, so any dealing gives the same bits.
import type { Arena } from "./module.ts";
import type { Share } from "./share.ts";

/** What the kernel takes together. */
const [examplesTogether, unitsTogether] = [4, 8] as const;
const whole = (count: number, together: number): number => Math.ceil(count / together) * together;

/** Some units of a dense layer. */
export interface Block {
  /** [input, column], of which theirs are as many as there are biases, one after the other. */
  readonly weights: Float32Array;
  readonly columnCount: number;
  readonly firstColumn: number;
  /** [unit] */
  readonly bias: Float32Array;
}

/** Of a tile, as the kernel has it: its units, and numbers from row to row. */
const [tileUnits, tileRow] = [256, 272] as const;

/** The units that a share holds. */
export class Columns {
  readonly #arena: Arena;
  #held = { size: 0, units: 0, weights: 0, bias: 0, end: 0 };

  /** @param arena its own */
  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** In the place of those before. From [input, unit] to [tile, input, unit]. */
  hold({ weights, columnCount, firstColumn, bias }: Block): void {
    const [size, units] = [weights.length / columnCount, bias.length];
    this.#arena.cut(0);
    const roomCount = Math.ceil(units / tileUnits) * size * tileRow;
    const tiles = this.#arena.room(roomCount);
    const biases = this.#arena.room(whole(units, unitsTogether));
    this.#arena.view(biases, units).set(bias);
    const to = this.#arena.view(tiles, roomCount);
    for (let row = 0; row < size; row++)
      for (let unit = 0; unit < units; unit += tileUnits) {
        const from = row * columnCount + firstColumn + unit;
        to.set(
          weights.subarray(from, from + Math.min(tileUnits, units - unit)),
          (unit / tileUnits) * size * tileRow + row * tileRow,
        );
      }
    this.#held = { size, units, weights: tiles, bias: biases, end: this.#arena.mark };
  }

  /** @param x [example, input] @returns [example, unit] */
  project(x: Float32Array, count: number): Float32Array {
    const { size, units, weights, bias, end } = this.#held;
    const [many, wide] = [whole(count, examplesTogether), whole(units, unitsTogether)];
    const [packed, out] = [this.#arena.blank(many * size), this.#arena.room(many * wide)];
    const to = this.#arena.view(packed, many * size);
    for (let example = 0; example < count; example++) {
      const place = example % examplesTogether;
      const goal = (example - place) * size + place;
      for (let i = 0; i < size; i++) to[goal + i * examplesTogether] = x[example * size + i]!;
    }
    this.#arena.kernels.project(packed, weights, bias, size, many, wide, out);
    const made = new Float32Array(count * units);
    const from = this.#arena.view(out, many * wide);
    for (let example = 0; example < count; example++)
      made.set(from.subarray(example * wide, example * wide + units), example * units);
    this.#arena.cut(end);
    return made;
  }

  release(): void {
    this.#arena.giveBack();
  }
}

/** Numbers that may have moved when other work was done meanwhile. */
type View = () => Float32Array;

export interface DenseLayer {
  readonly inputSize: number;
  readonly width: number;
  /** [input, unit] */
  readonly weights: View;
  readonly bias: View;
}

export interface Product {
  /** Whether the weights pass by anew at every call. */
  readonly isInRounds: boolean;
  /** Writes `z` [example, unit] for `x` [example, input]. */
  fill(x: View, count: number, z: View): Promise<void>;
}

/**
 * The layer's outputs, made by shares, the first of which is this thread's own. Where the room does not hold all weights, they
 * pass by in rounds, once for all examples of a call.
 * @param roomBytes what the weights that are held may take, in all shares together
 */
export function dealt(
  shares: readonly Share[],
  { inputSize, width, weights, bias }: DenseLayer,
  roomBytes: number,
): Product {
  const [here, ...far] = shares;
  const least = unitsTogether * shares.length;
  const perRound = Math.max(least, Math.floor(roomBytes / 4 / inputSize));
  const ownCount = whole(Math.ceil(Math.min(width, perRound) / shares.length), unitsTogether);
  /** From which unit to which, of a share in a round. */
  const unitsOf = (which: number, first: number): readonly [number, number] => {
    const end = Math.min(width, first + perRound);
    return [Math.min(end, first + which * ownCount), Math.min(end, first + (which + 1) * ownCount)];
  };
  const isInRounds = perRound < width;
  let isHeld = false;
  const fill = async (x: View, count: number, z: View): Promise<void> => {
    for (let first = 0; first < width; first += perRound) {
      const blockAt = (which: number): Block => {
        const [from, to] = unitsOf(which, first);
        return { weights: weights(), columnCount: width, firstColumn: from, bias: bias().subarray(from, to) };
      };
      // The helpers first: they work while this one does.
      const afar = far.map(async (share, at) => {
        const held = isHeld ? undefined : share.hold(portable(blockAt(at + 1)));
        return (await Promise.all([share.project(x().slice(), count), held]))[0];
      });
      if (!isHeld) await here!.hold(blockAt(0));
      const parts = [await here!.project(x(), count), ...(await Promise.all(afar))];
      const to = z();
      for (const [which, part] of parts.entries()) {
        const [from, end] = unitsOf(which, first);
        const units = end - from;
        for (let example = 0; example < count; example++)
          to.set(part.subarray(example * units, (example + 1) * units), example * width + from);
      }
    }
    isHeld = !isInRounds;
  };
  return { isInRounds, fill };
}

/** The same units, to be given to another worker: as they are where the memory is shared, else copied without the others. */
function portable(block: Block): Block {
  const { weights, columnCount, firstColumn } = block;
  const bias = block.bias.slice();
  if (!(weights.buffer instanceof ArrayBuffer)) return { ...block, bias };
  const [size, units] = [weights.length / columnCount, bias.length];
  const own = new Float32Array(size * units);
  for (let row = 0; row < size; row++) {
    const from = row * columnCount + firstColumn;
    own.set(weights.subarray(from, from + units), row * units);
  }
  return { weights: own, columnCount: units, firstColumn: 0, bias };
}
