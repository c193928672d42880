// A run and its twin in step: the twin carries out the leader's log as it comes, so that one log tells both.
import { Inbox, type Command } from "../../lab/command.ts";
import type { Lab, Snapshot } from "../../lab/lab.ts";
import type { ExperimentSpec } from "../../lab/spec.ts";
import type { Chunk } from "../../lab/table.ts";

export interface Pair {
  /** Hands a command to the leader; the twin follows by itself. */
  issue(command: Command): void;
  /** Lets a twin stay where it is: it hears of nothing any more. */
  drop(index: number): void;
  close(): void;
}

export interface PairOptions {
  readonly run: Lab["run"];
  /** The leader's spec and, if there is one, the twin's. */
  readonly specs: readonly ExperimentSpec[];
  readonly starts: readonly (Snapshot | undefined)[];
  readonly onChunk: (index: number, chunk: Chunk) => void;
  readonly onEnd: (index: number, error: unknown) => void;
}

export function openPair({ run, specs, starts, onChunk, onEnd }: PairOptions): Pair {
  const abort = new AbortController();
  const inboxes = specs.map(() => new Inbox());
  let followers = inboxes.slice(1);
  let open = true;

  let stepsPerEpoch = 1;

  /** Epoch by epoch, and in the leader's order: never `now`, or a probe would overtake the twin's own training. */
  function lead(chunk: Chunk): void {
    if (chunk.kind === "opened") stepsPerEpoch = chunk.stepsPerEpoch;
    if (chunk.kind === "training") follow({ do: "train", until: Math.round(chunk.row.epoch * stepsPerEpoch) });
    if (chunk.kind === "log") follow(chunk.entry.command);
  }

  function follow(command: Command): void {
    for (const inbox of followers) inbox.push(command);
  }

  async function consume(index: number): Promise<void> {
    const start = starts[index];
    try {
      const options = { signal: abort.signal, ...(start ? { start } : {}) };
      for await (const chunk of run(specs[index]!, inboxes[index]!, options)) {
        if (!open) return;
        if (index === 0) lead(chunk);
        onChunk(index, chunk);
      }
      if (open) onEnd(index, undefined);
    } catch (error) {
      if (open) onEnd(index, error);
    }
  }

  specs.forEach((_spec, index) => void consume(index));
  return {
    issue: (command) => inboxes[0]!.push(command),
    drop(index) {
      followers = followers.filter((inbox) => inbox !== inboxes[index]);
    },
    close() {
      open = false;
      abort.abort();
      for (const inbox of inboxes) inbox.close();
    },
  };
}
