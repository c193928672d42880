// Labs in processes of their own, one for each core that a study is given.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LabError } from "./lab/error.ts";
import type { BackendId, Lab } from "./lab/lab.ts";
import { connect } from "./remote/client.ts";

export interface Crew {
  readonly labs: readonly Lab[];
  /** Ends the processes. */
  dismiss(): void;
}

export interface Means {
  readonly backend: BackendId | "auto";
  readonly memoryBytes: number | undefined;
}

const entry = fileURLToPath(new URL("./studyWorker.ts", import.meta.url));

export async function hire(count: number, { backend, memoryBytes }: Means): Promise<Crew> {
  const words = memoryBytes === undefined ? [] : [String(memoryBytes)];
  // Advanced: typed arrays and sets cross as they are.
  const workers = Array.from({ length: count }, () => fork(entry, words, { serialization: "advanced" }));
  const labs = workers.map((worker) => {
    const lab = connect({
      postMessage: (message) => void worker.send(message as object),
      addEventListener: (_type, listener) => void worker.on("message", (data) => listener({ data } as MessageEvent)),
    });
    worker.on("exit", () => lab.fail(new LabError("worker-lost", "A worker process ended before its work was done.")));
    return lab;
  });
  const dismiss = (): void => workers.forEach((worker) => worker.kill());
  try {
    await Promise.all(labs.map((lab) => lab.chooseBackend(backend)));
  } catch (error) {
    dismiss();
    throw error;
  }
  return { labs, dismiss };
}
