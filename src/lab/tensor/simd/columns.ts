// The outputs of a wide dense layer, its units dealt out among shares: each multiplies the inputs by the columns of its own
// units. An output is one sum in one order, whoever makes it and with whom, so any dealing gives the same bits.
import type { Arena } from "./module.ts";
import type { Share } from "./share.ts";

/** What the kernel takes together. */
const [examplesTogether, unitsTogether, inputsTogether] = [4, 8, 4] as const;
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

/** Numbers that the kernel wants beside. */
const scratchSize = 256 * 256;

/** The units that a share holds. */
export class Columns {
  readonly #arena: Arena;
  #held = { size: 0, units: 0, weights: 0, bias: 0, scratch: 0, end: 0 };

  /** @param arena its own */
  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** In the place of those before. From [input, unit] to [unit / 8, input, 8], missing inputs and units being 0. */
  hold({ weights, columnCount, firstColumn, bias }: Block): void {
    const [inputs, units] = [weights.length / columnCount, bias.length];
    const [size, wide] = [whole(inputs, inputsTogether), whole(units, unitsTogether)];
    this.#arena.cut(0);
    const isFull = size === inputs && wide === units;
    const panels = isFull ? this.#arena.room(size * wide) : this.#arena.blank(size * wide);
    const biases = this.#arena.room(wide);
    const scratch = this.#arena.room(scratchSize);
    this.#arena.view(biases, units).set(bias);
    const to = this.#arena.view(panels, size * wide);
    for (let first = 0; first < units; first += unitsTogether) {
      const count = Math.min(unitsTogether, units - first);
      let goal = first * size;
      let from = firstColumn + first;
      for (let row = 0; row < inputs; row++, goal += unitsTogether, from += columnCount)
        for (let unit = 0; unit < count; unit++) to[goal + unit] = weights[from + unit]!;
    }
    this.#held = { size, units, weights: panels, bias: biases, scratch, end: this.#arena.mark };
  }

  /** @param x [example, input] @returns [example, unit] */
  project(x: Float32Array, count: number): Float32Array {
    const { size, units, weights, bias, scratch, end } = this.#held;
    if (units === 0) return new Float32Array(0);
    const [many, wide] = [whole(count, examplesTogether), whole(units, unitsTogether)];
    const [rows, out] = [this.#arena.room(many * size), this.#arena.room(many * wide)];
    const inputs = x.length / count;
    const to = this.#arena.view(rows, many * size);
    if (inputs === size) to.set(x);
    else
      for (let example = 0; example < count; example++) {
        to.set(x.subarray(example * inputs, (example + 1) * inputs), example * size);
        to.fill(0, example * size + inputs, (example + 1) * size);
      }
    to.fill(0, count * size);
    this.#arena.kernels.project(rows, weights, bias, size, many, wide, scratch, out);
    const from = this.#arena.view(out, many * wide);
    const made = new Float32Array(count * units);
    if (wide === units) made.set(from.subarray(0, count * units));
    else
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
        return (await Promise.all([share.project(lendable(x()), count), held]))[0];
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

/** Numbers to be given to another worker: as they are where the memory is shared, else a copy. They stay until it has done. */
export const lendable = (numbers: Float32Array): Float32Array =>
  numbers.buffer instanceof ArrayBuffer ? numbers.slice() : numbers;

/** The same units, to be given to another worker, without the others where they are copied. */
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
