// The worker's side of the port: carries out calls on a lab and streams what they yield, as far as there is credit.
import { Inbox } from "../lab/command.ts";
import { LabError } from "../lab/error.ts";
import type { BackendId, BackendReport, Lab } from "../lab/lab.ts";
import { buffersOf, initialCredit, type Call, type Port, type Reply, type Request } from "./protocol.ts";

/** One open call. */
class Job {
  readonly abort = new AbortController();
  readonly inbox = new Inbox();
  #credit = initialCredit;
  #wake: (() => void) | undefined;

  addCredit(): void {
    this.#credit += 1;
    this.#wake?.();
  }

  cancel(): void {
    this.abort.abort(new LabError("cancelled", "Stopped as asked."));
    this.#wake?.();
  }

  /** Settles once an item may be sent. @throws LabError `cancelled` */
  async spend(): Promise<void> {
    while (this.#credit === 0 && !this.abort.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.abort.signal.throwIfAborted();
    this.#credit -= 1;
  }
}

export function serve(port: Port, lab: Lab): void {
  const jobs = new Map<number, Job>();
  /** A run that is asked for while the backend is being chosen begins on what was chosen. */
  let choosing: Promise<unknown> = Promise.resolve();
  const post = (reply: Reply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);

  async function carryOut(id: number, call: Call, job: Job): Promise<void> {
    try {
      if (call.method === "run" || call.method === "study") {
        await choosing;
        for await (const value of streamOf(call, job)) {
          await job.spend();
          post({ kind: "item", id, value }, buffersOf(value));
        }
        post({ kind: "end", id });
      } else {
        const value = await answer(call);
        post({ kind: "end", id, value }, value instanceof Uint8Array ? buffersOf(value) : []);
      }
    } catch (error) {
      const { code, message } = LabError.from(error);
      post({ kind: "fail", id, code, message });
    } finally {
      jobs.delete(id);
    }
  }

  function chooseBackend(wanted: BackendId | "auto"): Promise<BackendReport> {
    const chosen = choosing.then(() => lab.chooseBackend(wanted));
    choosing = chosen.catch(() => undefined);
    return chosen;
  }

  function streamOf(call: Extract<Call, { method: "run" | "study" }>, job: Job): AsyncGenerator<unknown, void> {
    const { signal } = job.abort;
    if (call.method === "run") {
      const { method: _method, spec, ...options } = call;
      return lab.run(spec, job.inbox, { signal, ...options });
    }
    const { method: _method, spec, ...options } = call;
    return lab.study(spec, { signal, ...options });
  }

  function answer(call: Exclude<Call, { method: "run" | "study" }>): Promise<unknown> {
    switch (call.method) {
      case "describe":
        return lab.describe();
      case "chooseBackend":
        return chooseBackend(call.wanted);
      case "images":
        return lab.images(call.dataset, call.examples);
    }
  }

  port.addEventListener("message", ({ data }) => {
    const request = data as Request;
    const job = jobs.get(request.id);
    switch (request.kind) {
      case "open": {
        const opened = new Job();
        jobs.set(request.id, opened);
        void carryOut(request.id, request.call, opened);
        break;
      }
      case "send":
        if (request.command) job?.inbox.push(request.command);
        else job?.inbox.close();
        break;
      case "credit":
        job?.addCredit();
        break;
      case "cancel":
        job?.cancel();
        break;
    }
  });
  post({ kind: "ready" });
}
