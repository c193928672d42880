// A study on the page: the page's own worker begins it, and where it takes longer, workers hired for it share the cores.
import { dealtStudy, piecesOf, type Partner } from "./dealing.ts";
import { LabError } from "./lab/error.ts";
import type { BackendId, Lab, StudyOptions } from "./lab/lab.ts";
import type { StudyEvent, StudyPlugin, StudySpec } from "./lab/study.ts";
import { connect, type Remote } from "./remote/client.ts";
import type { SupervisedWorker } from "./remote/supervisor.ts";

export interface Means {
  /** Starts a worker that has one of so many shares of the machine. */
  readonly hire: (shareCount: number) => SupervisedWorker;
  /** So many share the work at most. */
  readonly most: number;
  /** A study that is over by then has needed nobody. */
  readonly patienceMs?: number;
}

/** A graphics device computes for one at a time. */
const shareable: readonly BackendId[] = ["wasm", "cpu"];

/** The own lab; its studies are dealt out where they have several pieces and the backend leaves cores to others. */
export function withTeam(own: Lab, { hire, most, patienceMs = 1000 }: Means): Lab {
  let backend: BackendId | undefined;
  const team = new Set<Hired>();

  async function* shared(spec: StudySpec, { plugin, signal, known }: Order): AsyncGenerator<StudyEvent, void> {
    const found = new Set(known);
    const hired: Hired[] = [];
    const isAlone = (): boolean => !hired.some(({ isReady }) => isReady);
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function* partners(): AsyncGenerator<Partner> {
      // With its threads it would be in the way of the others; it takes over where all of them are lost.
      yield { study: own.study, mayTake: isAlone };
      await new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
      // The own worker is at one of them.
      const left = piecesOf(plugin, spec, found).length;
      for (let at = 0; at < Math.min(most, left - 1); at++) {
        const one = new Hired(hire(Math.min(most, left)), backend!);
        hired.push(one);
        team.add(one);
      }
      const coming = new Map(hired.map((one) => [one, one.settled.then(() => one)]));
      while (coming.size > 0) {
        const one = await Promise.race(coming.values());
        coming.delete(one);
        if (one.isReady) yield one.lab;
      }
    }

    try {
      for await (const event of dealtStudy(spec, { labs: partners(), plugin, known, signal })) {
        if (event.kind === "finding") found.add(event.key);
        yield event;
      }
    } finally {
      clearTimeout(timer);
      for (const one of hired) {
        one.dismiss(new LabError("cancelled", "Stopped as asked."));
        team.delete(one);
      }
    }
  }

  return {
    ...own,
    async chooseBackend(wanted) {
      const report = await own.chooseBackend(wanted);
      backend = report.id;
      for (const one of team) if (one.backend !== backend) one.dismiss(changed());
      return report;
    },
    async *study(spec, { signal, known = new Set() }) {
      const { studies } = await import("./lab/studies.ts");
      const plugin = studies.find(({ id }) => id === spec.study)!;
      const isShared = most > 1 && backend && shareable.includes(backend) && piecesOf(plugin, spec, known).length > 1;
      yield* isShared ? shared(spec, { plugin, signal, known }) : own.study(spec, { signal, known });
    },
  };
}

interface Order extends Required<StudyOptions> {
  readonly plugin: StudyPlugin;
}

/** A worker for one study. */
class Hired {
  readonly lab: Remote;
  readonly backend: BackendId;
  /** Once it computes, or never will. */
  readonly settled: Promise<void>;
  readonly #worker: SupervisedWorker;
  #state: "coming" | "ready" | "gone" = "coming";

  constructor(worker: SupervisedWorker, backend: BackendId) {
    const lose = (): void => this.dismiss(lost());
    this.#worker = worker;
    this.backend = backend;
    this.lab = connect(worker, lose);
    worker.addEventListener("error", lose);
    worker.addEventListener("messageerror", lose);
    this.settled = this.lab.chooseBackend(backend).then(() => {
      if (this.#state === "coming") this.#state = "ready";
    }, lose);
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Ends it, and what it was at with this error. */
  dismiss(error: LabError): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#worker.terminate();
    this.lab.fail(error);
  }
}

const lost = (): LabError =>
  new LabError("worker-lost", "The workers of this study stopped; what was found is kept, press Resume to go on.");

const changed = (): LabError =>
  new LabError("backend-unsupported", "The backend has changed and the study has stopped; press Resume to go on.");
