// Keeps a worker alive: starts it, starts it again when it is lost, and at a second loss steps down to a safer backend.
import { LabError } from "../lab/error.ts";
import { backendIds, type BackendId, type Lab } from "../lab/lab.ts";
import { connect, type Remote } from "./client.ts";
import type { Port } from "./protocol.ts";

export interface SupervisedWorker extends Port {
  terminate(): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(type: "error" | "messageerror", listener: (event: Event) => void): void;
}

/** What the page is told when a worker went. */
export interface Loss {
  /** Losses since the page was opened. */
  readonly count: number;
  /** What the next worker will be asked for: as before, or a safer backend. */
  readonly next: BackendId | "auto";
}

/** After this many losses the lab stops starting workers; what is on the page stays. */
const mostLosses = 3;

/** A lab in a worker. Calls open at a loss fail with `worker-lost`; later ones reach a fresh worker. */
export function supervise(makeWorker: () => SupervisedWorker, onLoss: (loss: Loss) => void = () => undefined): Lab {
  let lossCount = 0;
  let wanted: BackendId | "auto" = "auto";
  let running: BackendId | undefined;
  let current: { worker: SupervisedWorker; remote: Remote } | undefined;

  function start(): Remote {
    const worker = makeWorker();
    const remote = connect(worker, () => lose(worker));
    worker.addEventListener("error", () => lose(worker));
    worker.addEventListener("messageerror", () => lose(worker));
    current = { worker, remote };
    // A fresh worker is asked for the backend that the page had chosen, or the next safer one.
    if (lossCount > 0)
      void remote
        .chooseBackend(wanted)
        .then(({ id }) => (running = id))
        .catch(() => undefined);
    return remote;
  }

  function lose(worker: SupervisedWorker): void {
    if (current?.worker !== worker) return;
    const { remote } = current;
    current = undefined;
    lossCount += 1;
    worker.terminate();
    const lower = lossCount === mostLosses - 1 && running ? backendIds[backendIds.indexOf(running) + 1] : undefined;
    if (lower) wanted = lower;
    remote.fail(lossCount < mostLosses ? stopped(lower) : stoppedForGood());
    onLoss({ count: lossCount, next: wanted });
  }

  function lab(): Remote {
    if (current) return current.remote;
    if (lossCount >= mostLosses) throw stoppedForGood();
    return start();
  }

  return {
    describe: async () => lab().describe(),
    async chooseBackend(id) {
      const report = await lab().chooseBackend(id);
      wanted = id;
      running = report.id;
      return report;
    },
    images: async (dataset, examples) => lab().images(dataset, examples),
    async *run(spec, inbox, options) {
      yield* lab().run(spec, inbox, options);
    },
    async *study(spec, options) {
      yield* lab().study(spec, options);
    },
  };
}

function stopped(lower: BackendId | undefined): LabError {
  const way = lower ? `start again on ${lower}, a safer backend` : "start again";
  return new LabError(
    "worker-lost",
    `The computing worker stopped; what is on the page is kept, press Train to ${way}.`,
  );
}

const stoppedForGood = (): LabError =>
  new LabError(
    "worker-lost",
    `The computing worker stopped ${mostLosses} times; export what you have and reload the page.`,
  );
