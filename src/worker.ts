// The worker's entry: the lab, with what a browser lends it.
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import type { Host } from "./lab/contracts.ts";
import { LabError } from "./lab/error.ts";
import { backendIds, responseBytes } from "./lab/lab.ts";
import { localLab } from "./lab/local.ts";
import { Helper, type HelperPort } from "./lab/tensor/simd/share.ts";
import { serve } from "./remote/host.ts";
import type { Port } from "./remote/protocol.ts";
import { threadsOn } from "./threads.ts";

// A message to oneself is a macrotask without the 4 ms that a nested timer costs.
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

// The worker lies one folder below the page, in the sources (src/) and in a build (assets/) alike.
const base = new URL("../", self.location.href);

/** How many workers share the machine: the page names a worker that it hires for a study by it. */
const shareCount = Number(self.name) || 1;
const cores = Math.max(1, Math.floor(navigator.hardwareConcurrency / shareCount));

const mostHelpers = 7;
let helpers: readonly Helper[] | undefined;

const host: Host = {
  helpers: () =>
    (helpers ??= Array.from(
      // One core is this worker's own.
      { length: Math.min(mostHelpers, cores - 1) },
      () => new Helper(new Worker(new URL("./helper.ts", import.meta.url), { type: "module" }) as HelperPort),
    )),
  breathe: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    }),
  wait: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  now: () => performance.now(),
  threads: threadsOn(cores),
  memoryBytes: responseBytes / shareCount,
  // An error that nobody catches ends the worker; its supervisor starts another one.
  lost: (error) => {
    setTimeout(() => {
      throw error;
    });
  },
  backends: backendIds,
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  async readBytes(path) {
    const response = await fetch(new URL(path, base)).catch(() => undefined);
    if (!response?.ok) throw new LabError("data-unavailable", `${path} could not be loaded.`);
    return new Uint8Array(await response.arrayBuffer());
  },
};

serve(self as unknown as Port, localLab(host));
