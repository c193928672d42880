// Lets a worker compute, and hands on what it says.
import type { Bits } from "./bits.ts";

declare global {
  interface Window {
    bits: Promise<Bits>;
  }
}
window.bits = new Promise((resolve, reject) => {
  const worker = new Worker(new URL("./threadsWorker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => resolve(data as Bits));
  worker.addEventListener("error", ({ message }) => reject(new Error(message)));
});
