// How the lab is built, served and tested.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { projects } from "./tests/projects.ts";

/** Cross-origin isolation, without which wasm has no threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  // Relative, so that a build works below any path.
  base: "./",
  // One page: a missing file is a 404, not the page again.
  appType: "mpa",
  plugins: [react()],
  server: { headers },
  preview: { headers },
  worker: { format: "es" },
  build: { target: "es2023" },
  optimizeDeps: {
    include: [
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js",
      "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js",
      "@tensorflow/tfjs-backend-webgpu",
      "plotly.js-cartesian-dist-min",
    ],
  },
  test: { projects },
});
