// The live side of the page: what has been asked of the runs, what waits, and what their answers mean for the screen.
import type { Command } from "../../lab/command.ts";
import { LabError } from "../../lab/error.ts";
import type { Lab, Snapshot } from "../../lab/lab.ts";
import { canonical } from "../../lab/spec.ts";
import type { Block, Chunk } from "../../lab/table.ts";
import type { Book } from "./book.ts";
import type { View } from "./experiment.ts";
import { openPair, type Pair } from "./pair.ts";
import { isScheduled, responseOf } from "./response.ts";
import { batchesOf } from "./stance.ts";
import type { LabStore, RunState } from "./store.ts";

export interface Session {
  /** Starts the runs of the book, from the seed or from the given weights. */
  open(starts: readonly (Snapshot | undefined)[]): void;
  /** Ends them; what is on the screen stays. */
  close(): void;
  issue(command: Command): void;
  /** Carries out a list, a command as soon as the one before is done and the runs are open. */
  begin(list: readonly Command[]): void;
  /** Ends a training at the next step, and a replay after the command under way. */
  halt(): void;
  /** Measures the picked anchor where the page looks, or will look at once, unless that is known or cannot be. */
  showAnchor(view?: View): void;
  /** Measures it there in any case. */
  ask(anchor: number, at: number | undefined): void;
}

export interface SessionOptions {
  readonly store: LabStore;
  readonly book: Book;
  readonly lab: Lab;
  readonly report: (error: unknown) => void;
  /** The leader ended with an error before it had opened: there is nothing on the screen. */
  readonly unopened: (error: unknown) => void;
}

export function createSession({ store, book, lab, report, unopened }: SessionOptions): Session {
  let pair: Pair | undefined;
  /** Commands of a list that wait for the ones before them, and the one under way until it is in the log. */
  let queue: Command[] = [];
  let current: Command | undefined;
  /** Anchors asked for and not yet answered, so that nothing is asked twice. */
  const asked = new Set<string>();

  function onChunk(index: number, chunk: Chunk): void {
    const { table, phase } = book.runs[index]!;
    if (phase === "ended") return;
    table.append(chunk);
    switch (chunk.kind) {
      case "opened": {
        const { kind: _kind, ...facts } = chunk;
        book.change(index, { ...facts, phase: "working" });
        break;
      }
      case "progress":
        book.change(index, { progress: chunk.progress, phase: "working", epoch: chunk.progress.epoch });
        break;
      case "idle":
        book.change(index, { phase: "idle", progress: undefined, ...withoutKind(chunk) });
        if (index === 0) leaderIdle();
        break;
      case "diverged":
        onDivergence(index, chunk);
        break;
      case "refused":
        report(new LabError("spec-invalid", chunk.message));
        break;
      case "training":
        book.grew("training");
        book.change(index, { tick: chunk.row.tick, epoch: chunk.row.epoch });
        break;
      case "log":
        book.grew("log");
        if (index === 0 && chunk.entry.command.do === "probe") asked.clear();
        if (index === 0 && isDeepEqual(chunk.entry.command, current)) settle();
        book.change(index, { tick: chunk.entry.tick });
        break;
      case "response":
        if (chunk.block.source === "probe") book.grew("responses");
        else if (isWorthDrawing(book.runs[index]!, chunk.block)) book.grew("scheduled", "responses");
        book.change(index, {});
        break;
      default:
        book.grew();
        book.change(index, {});
    }
  }

  function onDivergence(index: number, { tick, message }: Extract<Chunk, { kind: "diverged" }>): void {
    book.grew();
    book.change(index, { tick });
    if (index === 0) {
      drop();
      store.setState({ pausedUntil: undefined, intent: undefined });
    } else {
      pair?.drop(index);
      book.change(index, { phase: "ended", progress: undefined });
    }
    report(new LabError("diverged", book.runs.length > 1 ? `${book.runs[index]!.title}: ${message}` : message));
  }

  function onEnd(index: number, error: unknown): void {
    const hadOpened = book.runs[index]!.phase !== "opening";
    book.change(index, { phase: "ended", progress: undefined });
    if (index === 0) {
      drop();
      asked.clear();
      store.setState({ intent: undefined });
    }
    if (error === undefined) return;
    if (index === 0 && !hadOpened) unopened(error);
    else report(error);
  }

  function drop(): void {
    queue = [];
    current = undefined;
  }

  /** The command under way is done. */
  function settle(): void {
    if (current === undefined) return;
    current = undefined;
    const { intent } = store.getState();
    if (intent?.do === "replay") store.setState({ intent: { ...intent, rest: intent.rest.slice(1) } });
  }

  function leaderIdle(): void {
    asked.clear();
    settle();
    current = queue.shift();
    if (current) {
      pair?.issue(current);
      return;
    }
    const { intent } = store.getState();
    book.flush();
    // An idle that was on its way when a training began says nothing about that training.
    const { pausedUntil } = store.getState();
    const stale = intent?.do === "train" && pausedUntil === undefined && batchesOf(book.runs[0]!) < intent.until;
    if (intent && !stale) store.setState({ intent: undefined });
    showAnchor();
  }

  function showAnchor(view = store.getState().view): void {
    const { intent } = store.getState();
    const [leader] = book.runs;
    if (!view || !leader || !pair || queue.length > 0 || intent?.do === "replay") return;
    if (leader.phase !== "idle" && leader.phase !== "working") return;
    const at = view.moment === "latest" ? leader.tick : view.moment;
    const shown = responseOf([leader], 0, view.anchor, view.moment);
    if (shown?.tick === at) return;
    // While it trains, what was measured last will do, and the scheduled anchors come by themselves.
    if (leader.phase === "working" && (shown || isScheduled(leader.spec, view.anchor))) return;
    if (view.moment !== "latest" && at !== leader.tick && !leader.keptTicks.includes(at)) return;
    ask(view.anchor, view.moment === "latest" || at === leader.tick ? undefined : at);
  }

  function ask(anchor: number, at: number | undefined): void {
    const key = `${anchor}@${at}`;
    if (asked.has(key)) return;
    asked.add(key);
    pair?.issue({ do: "probe", anchors: [anchor], ...(at === undefined ? {} : { at }), now: true });
  }

  return {
    open(starts) {
      pair?.close();
      const specs = book.runs.map(({ spec }) => spec);
      pair = openPair({ run: lab.run.bind(lab), specs, starts, onChunk, onEnd });
    },
    close() {
      pair?.close();
      pair = undefined;
      drop();
      asked.clear();
      store.setState({ intent: undefined, pausedUntil: undefined });
    },
    issue: (command) => pair?.issue(command),
    begin(list) {
      drop();
      queue = [...list];
    },
    halt() {
      drop();
      pair?.issue({ do: "pause", now: true });
    },
    showAnchor,
    ask,
  };
}

const isDeepEqual = (a: Command, b: Command | undefined): boolean =>
  b !== undefined && canonical(a) === canonical({ ...b, now: undefined });

/** A measurement is drawn once it is complete; only the first, before which there is nothing, class by class. */
function isWorthDrawing({ table, spec }: RunState, { tick }: Block): boolean {
  const { anchorsPerClass } = spec.probing;
  const isFirst = table.scheduled.length === 1;
  const step = isFirst ? anchorsPerClass : anchorsPerClass * spec.dataset.classes.length;
  return (table.at(tick)?.anchors.length ?? 0) % step === 0;
}

function withoutKind({ tick, epoch, keptTicks }: Extract<Chunk, { kind: "idle" }>): Partial<RunState> {
  return { tick, epoch, keptTicks };
}
