// What a page of the benchmarks lends the engine.
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import type { Host } from "../../src/lab/contracts.ts";
import { threadsOn } from "../../src/threads.ts";

export const host: Host = {
  breathe: () => Promise.resolve(),
  wait: () => Promise.resolve(),
  now: () => performance.now(),
  backends: ["webgpu", "webgl", "wasm"],
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  threads: threadsOn(navigator.hardwareConcurrency),
  readBytes: () => Promise.reject(new Error("no files here")),
};
