// The page's entry: the lab in a worker, others that help it with studies, and the files that lie beside the page.
import { start } from "./app/start.tsx";
import { supervise } from "./remote/supervisor.ts";
import { withTeam } from "./team.ts";

const startWorker = (name: string): Worker =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name });

/** Each has data and an engine of its own, for which a gigabyte must be there. */
const mostAtStudies = Math.min(8, navigator.hardwareConcurrency, navigator.deviceMemory ?? 8);

const lab = withTeam(
  supervise(
    () => startWorker(""),
    ({ next }) => void actions.restartEngine(next),
  ),
  { hire: (shareCount) => startWorker(String(shareCount)), most: mostAtStudies },
);

declare global {
  interface Navigator {
    /** Gigabytes, roughly; not in every browser. */
    readonly deviceMemory?: number;
  }
}

async function fetchBytes(path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => undefined);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

// Where a server does not send the headers that isolate a page (that of development does), a service worker adds them from
// the next visit on.
if (import.meta.env.MODE === "production" && !crossOriginIsolated && isSecureContext)
  void navigator.serviceWorker?.register(new URL("isolation.js", document.baseURI)).catch(() => undefined);

const { actions } = start(document.getElementById("root")!, { lab, fetchBytes });
