// What a page lends the lab in tests: one thread, no files.
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import type { Host } from "../../src/lab/contracts.ts";

export const browserHost: Host = {
  breathe: () => new Promise((resolve) => void setTimeout(resolve)),
  wait: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  now: () => performance.now(),
  backends: ["webgpu", "webgl", "wasm", "cpu"],
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  readBytes: () => Promise.reject(new Error("no files here")),
};
