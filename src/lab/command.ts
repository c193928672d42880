// What a person or a script can ask of a live experiment, and the inbox in which the asking waits.

/** What the lab needs of an AbortSignal; the platform's own satisfies it. */
export interface Signal {
  readonly aborted: boolean;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * `until` counts training batches since the start, `learn` steps left out; `at` and `to` name a kept moment by its tick.
 * `now` lets a live command through while a training is under way; it is never in a log.
 */
export type Command = { readonly now?: boolean } & (
  | { readonly do: "train"; readonly until: number }
  | { readonly do: "pause" }
  | { readonly do: "learn"; readonly anchor: number }
  | { readonly do: "probe"; readonly anchors: readonly number[]; readonly at?: number }
  | { readonly do: "rewind"; readonly to: number }
  /** Hands out the current weights; changes nothing and is not logged. */
  | { readonly do: "save" }
);

/** Commands in the order they came; closing it ends the experiment once it is idle. */
export class Inbox {
  readonly #waiting: Command[] = [];
  #closed = false;
  #wake: (() => void) | undefined;
  #taker: ((command: Command | undefined) => void) | undefined;

  push(command: Command): void {
    if (this.#taker) return this.#taker(command);
    this.#waiting.push(command);
    this.#wake?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#taker?.(undefined);
    this.#wake?.();
  }

  /** Whatever waits and comes is handed over at once, and undefined when it is closed; returns how to end that. */
  forward(take: (command: Command | undefined) => void): () => void {
    for (const command of this.#waiting.splice(0)) take(command);
    if (this.#closed) take(undefined);
    this.#taker = take;
    return () => {
      this.#taker = undefined;
    };
  }

  /** The next command if it may interrupt a training; only of the given kind where one is given. */
  urgent(kind?: Command["do"]): Command | undefined {
    const [first] = this.#waiting;
    return first?.now && first.do === (kind ?? first.do) ? this.#waiting.shift() : undefined;
  }

  /** The next command, or undefined once closed and empty. @throws the signal's reason when it is raised. */
  async next(signal: Signal): Promise<Command | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const command = this.#waiting.shift();
      if (command !== undefined || this.#closed) return command;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener("abort", wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener("abort", wake);
      });
    }
  }
}

/** An inbox that holds a whole script and then ends. */
export function script(commands: readonly Command[]): Inbox {
  const inbox = new Inbox();
  for (const command of commands) inbox.push(command);
  inbox.close();
  return inbox;
}
