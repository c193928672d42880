// A file of TensorFlow.js that has no types of its own.
declare module "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js" {
  /** The script of a thread. */
  export const wasmWorkerContents: string;
}
