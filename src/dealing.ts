// A study dealt out to several labs: each takes what belongs together, piece by piece, and the findings come as they are made.
import { LabError } from "./lab/error.ts";
import type { Lab } from "./lab/lab.ts";
import type { StudyEvent, StudyPlugin, StudySpec } from "./lab/study.ts";
import type { Signal } from "./lab/command.ts";

export interface Deal {
  readonly labs: readonly Pick<Lab, "study">[];
  readonly plugin: Pick<StudyPlugin, "keys" | "together">;
  readonly known: ReadonlySet<string>;
  readonly signal: Signal;
}

/**
 * The findings of a study that are not known yet, the same as one lab would yield, in the order in which they are made.
 * @throws what the first lab that fails throws; the others are told to stop
 */
export async function* dealtStudy(
  spec: StudySpec,
  { labs, plugin, known, signal }: Deal,
): AsyncGenerator<StudyEvent, void> {
  const keys = plugin.keys(spec.params);
  const pieces = (plugin.together?.(spec.params) ?? keys.map((key) => [key]))
    .map((piece) => piece.filter((key) => !known.has(key)))
    .filter((piece) => piece.length > 0);
  const stop = new AbortController();
  const halt = (): void => stop.abort(new LabError("cancelled", "Stopped as asked."));
  signal.addEventListener("abort", halt);
  if (signal.aborted) halt();
  const events: StudyEvent[] = [];
  let wake = (): void => undefined;
  async function work(lab: Pick<Lab, "study">): Promise<void> {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      const own = new Set(piece);
      const others = new Set(keys.filter((key) => !own.has(key)));
      for await (const event of lab.study(spec, { signal: stop.signal, known: others })) {
        events.push(event);
        wake();
      }
    }
  }
  let isOver = false;
  const over = Promise.all(labs.map(work)).finally(() => {
    isOver = true;
    wake();
  });
  // Whoever reads on below is told; a reader who leaves early is not.
  over.catch(() => undefined);
  try {
    while (!isOver || events.length > 0) {
      const event = events.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await over;
  } finally {
    signal.removeEventListener("abort", halt);
    halt();
  }
}
