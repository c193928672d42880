// What Node lends the lab, for the entries that run without a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "./lab/contracts.ts";
import { LabError } from "./lab/error.ts";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const wasmFolder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"));

export const host: Host = {
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  // A wait that nobody needs any more does not keep the program alive.
  wait: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
  now: () => performance.now(),
  backends: ["wasm", "cpu"],
  wasmPaths: `${join(wasmFolder, "dist")}/`,
  readBytes(path) {
    try {
      return Promise.resolve(new Uint8Array(readFileSync(join(root, "public", path))));
    } catch {
      return Promise.reject(new LabError("data-unavailable", `${path} could not be read.`));
    }
  },
};
