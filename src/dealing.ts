// A study dealt out to several labs: each takes what belongs together, piece by piece, and the findings come as they are made.
import { LabError } from "./lab/error.ts";
import type { Lab } from "./lab/lab.ts";
import type { StudyEvent, StudyPlugin, StudySpec } from "./lab/study.ts";
import type { Signal } from "./lab/command.ts";

/** A lab that takes part. */
export interface Partner extends Pick<Lab, "study"> {
  /** Whether it may take another piece now; always unless given. */
  mayTake?(): boolean;
}

export interface Deal {
  /** Who comes later takes part from then on. */
  readonly labs: Iterable<Partner> | AsyncIterable<Partner>;
  readonly plugin: Pick<StudyPlugin, "keys" | "together">;
  readonly known: ReadonlySet<string>;
  readonly signal: Signal;
}

/** The keys that are not known yet, those together whose findings share their work. */
export const piecesOf = ({ keys, together }: Deal["plugin"], { params }: StudySpec, known: ReadonlySet<string>) =>
  (together?.(params) ?? keys(params).map((key) => [key]))
    .map((piece) => piece.filter((key) => !known.has(key)))
    .filter((piece) => piece.length > 0);

/**
 * The findings of a study that are not known yet, the same as one lab would yield, in the order in which they are made. The
 * share of a progress is that of all pieces under way. What a lab leaves that is lost (`worker-lost`), others take up.
 * @throws what the first lab that fails throws, or the last one that was lost; the others are told to stop
 */
export async function* dealtStudy(
  spec: StudySpec,
  { labs, plugin, known, signal }: Deal,
): AsyncGenerator<StudyEvent, void> {
  const keys = plugin.keys(spec.params);
  const pieces = piecesOf(plugin, spec, known);
  const found = new Set(known);
  const shares = new Map<Partner, number>();
  const events: StudyEvent[] = [];
  let open = pieces.length;
  let failure: unknown;
  let loss: unknown;

  let waiting: (() => void)[] = [];
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  function tell(): void {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  }

  const stop = new AbortController();
  function halt(): void {
    stop.abort(new LabError("cancelled", "Stopped as asked."));
    tell();
  }
  signal.addEventListener("abort", halt);
  if (signal.aborted) halt();

  async function carryOut(lab: Partner, piece: readonly string[]): Promise<void> {
    const own = new Set(piece);
    const others = new Set(keys.filter((key) => !own.has(key)));
    for await (const event of lab.study(spec, { signal: stop.signal, known: others })) {
      if (event.kind === "finding") {
        found.add(event.key);
        shares.delete(lab);
        events.push(event);
      } else {
        const { stage, share } = event.progress;
        shares.set(lab, share);
        const all = [...shares.values()].reduce((sum, each) => sum + each, 0);
        events.push({ kind: "progress", progress: { stage, share: all } });
      }
      tell();
    }
  }

  async function work(lab: Partner): Promise<void> {
    while (open > 0 && !stop.signal.aborted) {
      const piece = (lab.mayTake?.() ?? true) ? pieces.shift() : undefined;
      if (!piece) {
        await change();
        continue;
      }
      try {
        await carryOut(lab, piece);
        open -= 1;
      } catch (error) {
        if (LabError.from(error).code !== "worker-lost") throw error;
        loss = error;
        pieces.unshift(piece.filter((key) => !found.has(key)));
        return;
      } finally {
        shares.delete(lab);
        tell();
      }
    }
  }

  /** Whoever may still do something: the labs at work, and the list of those to come. */
  let hands = 1;
  const fail = (error: unknown): void => void (failure ??= error);
  function leave(): void {
    hands -= 1;
    tell();
  }
  async function welcome(): Promise<void> {
    for await (const lab of labs) {
      hands += 1;
      work(lab).catch(fail).finally(leave);
    }
  }
  welcome().catch(fail).finally(leave);

  try {
    for (;;) {
      const event = events.shift();
      if (event) yield event;
      else if (failure !== undefined) throw failure;
      else if (open === 0) return;
      else if (hands === 0) throw loss;
      else {
        stop.signal.throwIfAborted();
        await change();
      }
    }
  } finally {
    signal.removeEventListener("abort", halt);
    halt();
  }
}
