// Labs on the far side of a real port, and labs that do nothing but what a test asks of them.
import { fakeCatalogue } from "../helpers/fakeLab.ts";
import type { Inbox } from "../../src/lab/command.ts";
import type { BackendId, BackendReport, Lab, RunOptions } from "../../src/lab/lab.ts";
import { parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import type { Chunk } from "../../src/lab/table.ts";
import { connect, type Remote } from "../../src/remote/client.ts";
import { serve } from "../../src/remote/host.ts";
import type { SupervisedWorker } from "../../src/remote/supervisor.ts";

const opened: MessageChannel[] = [];

/** Ports keep Node awake. */
export function closePorts(): void {
  for (const { port1 } of opened.splice(0)) port1.close();
}

/** The near port of a channel whose far port serves a lab. */
function served(lab: Lab): MessagePort {
  const channel = new MessageChannel();
  opened.push(channel);
  serve(channel.port2, lab);
  channel.port2.start();
  return channel.port1;
}

export function across(lab: Lab): Remote {
  const port = served(lab);
  const remote = connect(port);
  port.start();
  return remote;
}

export const spec: ExperimentSpec = parseSpec({}, fakeCatalogue);

export const reportOf = (id: BackendId): BackendReport => ({ id, title: id, considered: [] });

/** A lab whose runs end at once, but for what a test puts in its place. */
export function stubLab(parts: Partial<Lab> = {}): Lab {
  return {
    describe: async () => fakeCatalogue,
    chooseBackend: async (wanted) => reportOf(wanted === "auto" ? "cpu" : wanted),
    images: async () => new Uint8Array(),
    async *run() {},
    async *study() {},
    ...parts,
  };
}

/** A run that says that it has begun and then waits to be stopped. */
export async function* waiting(_spec: ExperimentSpec, inbox: Inbox, { signal }: RunOptions): AsyncGenerator<Chunk> {
  yield rewound(0);
  await inbox.next(signal);
}

/** The smallest chunk there is, told from others by its tick. */
export const rewound = (tick: number): Chunk => ({ kind: "rewound", tick });

/** A lab, and the end of what it was asked to run. */
export interface Watched {
  readonly lab: Lab;
  /** Settles when the first run's generator has come to its end, however it came there. */
  readonly over: Promise<void>;
}

export function watched(lab: Lab): Watched {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  async function* run(...args: Parameters<Lab["run"]>): AsyncGenerator<Chunk, void> {
    try {
      yield* lab.run(...args);
    } finally {
      end();
    }
  }
  return { lab: { ...lab, run }, over };
}

export interface FakeWorker extends SupervisedWorker {
  readonly terminated: boolean;
  /** What a browser emits when a worker's script fails or a message cannot be read. */
  emit(type: "error" | "messageerror"): void;
}

/** @param lab undefined for a worker that never answers */
export function fakeWorker(lab?: Lab): FakeWorker {
  const port = lab ? served(lab) : new MessageChannel().port1;
  const events = new EventTarget();
  let terminated = false;
  port.start();
  return {
    get terminated() {
      return terminated;
    },
    postMessage: (message: unknown, transfer: Transferable[] = []) => port.postMessage(message, transfer),
    addEventListener(type: string, listener: (event: never) => void) {
      (type === "message" ? port : events).addEventListener(type, listener as EventListener);
    },
    terminate() {
      terminated = true;
      port.close();
    },
    emit: (type) => void events.dispatchEvent(new Event(type)),
  };
}
