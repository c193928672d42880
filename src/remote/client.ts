// The page's side of the port: a lab like any other, whose calls are carried out beyond it.
import type { Signal } from "../lab/command.ts";
import { LabError } from "../lab/error.ts";
import type { Lab } from "../lab/lab.ts";
import type { StudyEvent } from "../lab/study.ts";
import type { Chunk } from "../lab/table.ts";
import type { Answer, Call, Port, Reply, Request } from "./protocol.ts";

/** What comes back from one call, in order, until its end. */
class Stream {
  readonly #items: unknown[] = [];
  #outcome: { value?: unknown; error?: LabError } | undefined;
  #wake: (() => void) | undefined;

  push(value: unknown): void {
    this.#items.push(value);
    this.#wake?.();
  }

  finish(outcome: { value?: unknown; error?: LabError }): void {
    this.#outcome ??= outcome;
    this.#wake?.();
  }

  /** The next item, or the end with its value. @throws LabError when the call failed */
  async next(): Promise<{ item: unknown } | { end: unknown }> {
    for (;;) {
      if (this.#items.length > 0) return { item: this.#items.shift() };
      if (this.#outcome?.error) throw this.#outcome.error;
      if (this.#outcome) return { end: this.#outcome.value };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export interface Remote extends Lab {
  /** Ends every call, open or to come, with an error, because nobody will answer any more. */
  fail(error: LabError): void;
}

/** How long the far side may be silent while a run that was told to stop has not ended. */
export const patienceMs = 5000;

/** @param whenStuck called when nothing at all has come for `patienceMs` and a cancelled run is still to end */
export function connect(port: Port, whenStuck: () => void = () => undefined): Remote {
  const streams = new Map<number, Stream>();
  /** Runs that were told to stop and have not ended. */
  const stopping = new Set<number>();
  let patience: ReturnType<typeof setTimeout> | undefined;
  let nextId = 1;
  let lost: LabError | undefined;
  const post = (request: Request): void => port.postMessage(request);

  port.addEventListener("message", ({ data }) => {
    take(data as Reply);
    // Whoever says anything is not stuck, only busy.
    startPatience();
  });

  function take(reply: Reply): void {
    if (reply.kind === "ready") return;
    const stream = streams.get(reply.id);
    if (reply.kind === "item") return stream?.push(reply.value);
    streams.delete(reply.id);
    stopping.delete(reply.id);
    stream?.finish(reply.kind === "end" ? { value: reply.value } : { error: new LabError(reply.code, reply.message) });
  }

  function startPatience(): void {
    clearTimeout(patience);
    patience = stopping.size > 0 ? setTimeout(whenStuck, patienceMs) : undefined;
  }

  function open(call: Call): { id: number; stream: Stream } {
    const id = nextId++;
    const stream = new Stream();
    if (lost) {
      stream.finish({ error: lost });
    } else {
      streams.set(id, stream);
      post({ kind: "open", id, call });
    }
    return { id, stream };
  }

  function cancel(id: number): void {
    if (!streams.has(id) || stopping.has(id)) return;
    post({ kind: "cancel", id });
    stopping.add(id);
    if (stopping.size === 1) startPatience();
  }

  async function ask<T>(call: Call): Promise<T> {
    const outcome = await open(call).stream.next();
    return ("end" in outcome ? outcome.end : undefined) as T;
  }

  function cancelOn(signal: Signal, id: number): () => void {
    const stop = (): void => cancel(id);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    return () => signal.removeEventListener("abort", stop);
  }

  /** A call whose items come one by one; it is told to stop when nobody reads on, or the signal is raised. */
  function follow<T>(call: Call, signal: Signal): { id: number; items: AsyncGenerator<T, void> } {
    const { id, stream } = open(call);
    const forget = cancelOn(signal, id);
    async function* read(): AsyncGenerator<T, void> {
      try {
        for (;;) {
          const outcome = await stream.next();
          if ("end" in outcome) return;
          yield outcome.item as T;
          post({ kind: "credit", id });
        }
      } finally {
        cancel(id);
        forget();
      }
    }
    return { id, items: read() };
  }

  return {
    describe: () => ask<Answer<"describe">>({ method: "describe" }),
    chooseBackend: (wanted) => ask<Answer<"chooseBackend">>({ method: "chooseBackend", wanted }),
    images: (dataset, examples) => ask<Answer<"images">>({ method: "images", dataset, examples }),
    async *run(spec, inbox, { signal, ...options }) {
      const { id, items } = follow<Chunk>({ method: "run", spec, ...options }, signal);
      // At once: whoever asked may have a page to draw next.
      const stop = inbox.forward((command) => post({ kind: "send", id, ...(command ? { command } : {}) }));
      try {
        yield* items;
      } finally {
        stop();
      }
    },
    async *study(spec, { signal, ...options }) {
      yield* follow<StudyEvent>({ method: "study", spec, ...options }, signal).items;
    },
    fail(error) {
      lost = error;
      for (const stream of streams.values()) stream.finish({ error });
      streams.clear();
      stopping.clear();
      clearTimeout(patience);
    },
  };
}
