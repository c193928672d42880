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

/** Rows that are packed together: what is read of them stays in a core's own cache. */
const rowsTogether = 32;

/** The units that a share holds. */
export class Columns {
  readonly #arena: Arena;
  #held = { size: 0, units: 0, weights: 0, bias: 0, end: 0 };

  /** @param arena its own */
  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** In the place of those before. From [input, unit] to [unit / 8, input, 8]. */
  hold({ weights, columnCount, firstColumn, bias }: Block): void {
    const [size, units] = [weights.length / columnCount, bias.length];
    const wide = whole(units, unitsTogether);
    this.#arena.cut(0);
    const [panels, biases] = [this.#arena.room(size * wide), this.#arena.blank(wide)];
    this.#arena.view(biases, units).set(bias);
    const to = this.#arena.view(panels, size * wide);
    for (let first = 0; first < size; first += rowsTogether)
      for (let unit = 0; unit < wide; unit += unitsTogether)
        for (let row = first; row < Math.min(size, first + rowsTogether); row++) {
          const [from, goal] = [row * columnCount + firstColumn + unit, unit * size + row * unitsTogether];
          for (let i = 0; i < unitsTogether; i++) to[goal + i] = unit + i < units ? weights[from + i]! : 0;
        }
    this.#held = { size, units, weights: panels, bias: biases, end: this.#arena.mark };
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

/**
 * The layer's outputs, made by shares, the first of which is this thread's own. Where the room does not hold all weights, they
 * pass by in rounds, once for all examples of a call.
 * @param roomBytes what the weights that are held may take, in all shares together
 * @returns fills `z` [example, unit] for `x` [example, input]
 */
export function dealt(
  shares: readonly Share[],
  { inputSize, width, weights, bias }: DenseLayer,
  roomBytes: number,
): (x: View, count: number, z: View) => Promise<void> {
  const [here, ...far] = shares;
  const least = unitsTogether * shares.length;
  const perRound = Math.max(least, Math.floor(roomBytes / 4 / inputSize / least) * least);
  const ownCount = whole(Math.ceil(Math.min(width, perRound) / shares.length), unitsTogether);
  /** From which unit to which, of a share in a round. */
  const unitsOf = (which: number, first: number): readonly [number, number] => {
    const end = Math.min(width, first + perRound);
    return [Math.min(end, first + which * ownCount), Math.min(end, first + (which + 1) * ownCount)];
  };
  let isHeld = false;
  return async (x, count, z) => {
    for (let first = 0; first < width; first += perRound) {
      const blockAt = (which: number): Block => {
        const [from, to] = unitsOf(which, first);
        return { weights: weights(), columnCount: width, firstColumn: from, bias: bias().subarray(from, to) };
      };
      // The helpers first: they work while this one does.
      const afar = far.map(async (share, at) => {
        const held = isHeld ? undefined : share.hold(copied(blockAt(at + 1)));
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
    isHeld = perRound >= width;
  };
}

/** The same units alone, to be given away. */
function copied({ weights, columnCount, firstColumn, bias }: Block): Block {
  const [size, units] = [weights.length / columnCount, bias.length];
  const own = new Float32Array(size * units);
  for (let row = 0; row < size; row++) {
    const from = row * columnCount + firstColumn;
    own.set(weights.subarray(from, from + units), row * units);
  }
  return { weights: own, columnCount: units, firstColumn: 0, bias: bias.slice() };
}
