// The one table of results: rows of training and blocks of responses, appended as they come, read by figures, printed as CSV.
import type { Command } from "./command.ts";
import type { Snapshot } from "./lab.ts";

/** One row an epoch (and one for epoch 0). */
export interface TrainingRow {
  /** Weight updates since the start, `learn` steps included. */
  readonly tick: number;
  /** Epochs of training done; a whole number but after a `learn` or a pause. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

/** A measure as a ratio: value[a, p] = numerator[a, p] / denominator[a]. */
export interface Ratio {
  /** [anchor, probe] */
  readonly numerator: Float32Array;
  /** [anchor]; NaN where the anchor's own change is too small to divide by: the row is not measurable. */
  readonly denominator: Float64Array;
}

/** The responses of some anchors at some probes at one moment; a dense block of tidy rows. */
export interface Block {
  readonly tick: number;
  readonly epoch: number;
  /** `schedule`: the fixed anchors at a chosen epoch. `probe`: asked for by a person. */
  readonly source: "schedule" | "probe";
  /** Example numbers. [anchor], [probe] */
  readonly anchors: Int32Array;
  readonly probes: Int32Array;
  /** Class numbers. [anchor], [probe] */
  readonly anchorLabels: Uint8Array;
  readonly probeLabels: Uint8Array;
  /** The eta of each anchor's step. [anchor] */
  readonly stepSize: Float64Array;
  /** Signed change of the score of the anchor's class, at the anchor itself and at each probe. [anchor], [anchor, probe] */
  readonly ownChange: Float64Array;
  readonly change: Float32Array;
  /** Scores before the step. [probe, output] */
  readonly before: Float32Array;
  readonly outputCount: number;
  /** The change of every score, where it was asked for. [anchor, probe, output] */
  readonly wholeChange?: Float32Array;
  readonly measures: Readonly<Record<string, Ratio>>;
}

export interface LogEntry {
  readonly command: Command;
  /** The tick after it. */
  readonly tick: number;
}

/** A stage of work that a progress bar can show. */
export interface Progress {
  readonly stage: "loading" | "training" | "evaluating" | "measuring";
  readonly epoch: number;
  readonly done: number;
  readonly total: number;
  readonly unit: "images" | "anchors" | "steps";
  /** Images or anchors a second over the last moments; 0 while unknown. */
  readonly perSecond: number;
}

/** What an experiment yields. */
export type Chunk =
  | {
      readonly kind: "opened";
      readonly tick: number;
      readonly stepsPerEpoch: number;
      readonly parameterCount: number;
      readonly dataHash: string;
    }
  | { readonly kind: "training"; readonly row: TrainingRow }
  | { readonly kind: "response"; readonly block: Block }
  | { readonly kind: "log"; readonly entry: LogEntry }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "rewound"; readonly tick: number }
  | { readonly kind: "refused"; readonly command: Command; readonly message: string }
  /** The loss stopped being finite at a training step; the weights are back at `tick`. */
  | { readonly kind: "diverged"; readonly step: number; readonly tick: number; readonly message: string }
  | { readonly kind: "idle"; readonly tick: number; readonly epoch: number; readonly keptTicks: readonly number[] };

/** value[a, p] of a measure; NaN where it is not measurable. @throws RangeError for a measure that the block lacks. */
export function values(block: Block, measure: string): Float64Array {
  const ratio = block.measures[measure];
  if (!ratio)
    throw new RangeError(`table: no measure "${measure}" in a block with ${Object.keys(block.measures).join(", ")}`);
  const probeCount = block.probes.length;
  const cells = new Float64Array(ratio.numerator.length);
  for (let at = 0; at < cells.length; at++)
    cells[at] = ratio.numerator[at]! / ratio.denominator[Math.floor(at / probeCount)]!;
  return cells;
}

function concat<T extends Float32Array | Float64Array | Int32Array | Uint8Array>(a: T, b: T): T {
  const joined = new (a.constructor as new (length: number) => T)(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Two blocks of the same moment and probes as one, the anchors of `b` below those of `a`. */
function joined(a: Block, b: Block): Block {
  const measures = Object.fromEntries(
    Object.entries(a.measures).map(([id, ratio]) => [
      id,
      {
        numerator: concat(ratio.numerator, b.measures[id]!.numerator),
        denominator: concat(ratio.denominator, b.measures[id]!.denominator),
      },
    ]),
  );
  return {
    ...a,
    anchors: concat(a.anchors, b.anchors),
    anchorLabels: concat(a.anchorLabels, b.anchorLabels),
    stepSize: concat(a.stepSize, b.stepSize),
    ownChange: concat(a.ownChange, b.ownChange),
    change: concat(a.change, b.change),
    ...(a.wholeChange && b.wholeChange ? { wholeChange: concat(a.wholeChange, b.wholeChange) } : {}),
    measures,
  };
}

/** One anchor's row of a block, as a block. */
function rowOf(block: Block, row: number): Block {
  const probeCount = block.probes.length;
  const cells = [row * probeCount, (row + 1) * probeCount] as const;
  return {
    ...block,
    anchors: block.anchors.slice(row, row + 1),
    anchorLabels: block.anchorLabels.slice(row, row + 1),
    stepSize: block.stepSize.slice(row, row + 1),
    ownChange: block.ownChange.slice(row, row + 1),
    change: block.change.slice(...cells),
    ...(block.wholeChange
      ? { wholeChange: block.wholeChange.slice(...(cells.map((cell) => cell * block.outputCount) as [number, number])) }
      : {}),
    measures: Object.fromEntries(
      Object.entries(block.measures).map(([id, ratio]) => [
        id,
        { numerator: ratio.numerator.slice(...cells), denominator: ratio.denominator.slice(row, row + 1) },
      ]),
    ),
  };
}

export class Table {
  readonly training: TrainingRow[] = [];
  readonly log: LogEntry[] = [];
  /** The fixed anchors' blocks, one a measured moment, by tick. */
  readonly #scheduled = new Map<number, Block>();
  /** Anchors that a person asked for, by tick and example number. */
  readonly #asked = new Map<string, Block>();

  append(chunk: Chunk): void {
    switch (chunk.kind) {
      case "training":
        this.training.push(chunk.row);
        break;
      case "log":
        this.log.push(chunk.entry);
        break;
      case "response":
        this.#appendBlock(chunk.block);
        break;
      case "rewound":
      case "diverged":
        this.#truncate(chunk.tick);
        break;
      default:
    }
  }

  #appendBlock(block: Block): void {
    if (block.source === "schedule") {
      const there = this.#scheduled.get(block.tick);
      this.#scheduled.set(block.tick, there ? joined(there, block) : block);
    } else {
      block.anchors.forEach((anchor, row) => this.#asked.set(`${block.tick}:${anchor}`, rowOf(block, row)));
    }
  }

  /** Forgets what came after a tick; the log stays, for it says that the rewind happened. */
  #truncate(tick: number): void {
    this.training.splice(0, Infinity, ...this.training.filter((row) => row.tick <= tick));
    for (const key of this.#scheduled.keys()) if (key > tick) this.#scheduled.delete(key);
    for (const [key, block] of this.#asked) if (block.tick > tick) this.#asked.delete(key);
  }

  /** The measured moments, in order of time. */
  get scheduled(): readonly Block[] {
    return [...this.#scheduled.values()].sort((a, b) => a.tick - b.tick);
  }

  /** What a person asked for, oldest first. */
  get asked(): readonly Block[] {
    return [...this.#asked.values()];
  }

  at(tick: number): Block | undefined {
    return this.#scheduled.get(tick);
  }

  /** The response of one anchor at a moment, asked for or scheduled; a block of one row. */
  anchorAt(tick: number, anchor: number): Block | undefined {
    const asked = this.#asked.get(`${tick}:${anchor}`);
    if (asked) return asked;
    const block = this.#scheduled.get(tick);
    const row = block ? block.anchors.indexOf(anchor) : -1;
    return block && row >= 0 ? rowOf(block, row) : undefined;
  }
}
