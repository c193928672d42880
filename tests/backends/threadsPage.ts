// Lets a worker compute, and hands on what it says.
import type { Bits } from "./bits.ts";

declare global {
  interface Window {
    bits(cores: number): Promise<Bits>;
  }
}
window.bits = (cores) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./threadsWorker.ts", import.meta.url), { type: "module", name: String(cores) });
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(data as Bits);
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
  });
