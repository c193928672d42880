// A worker thread of Node, or its port to the one that started it, as a page's worker has it.
import type { MessagePort, Worker } from "node:worker_threads";
import type { HelperPort } from "../../src/lab/tensor/simd/share.ts";

export const portOf = (end: Worker | MessagePort): HelperPort => ({
  postMessage: (message, transfer) => end.postMessage(message, transfer),
  addEventListener: (type: string, listener: (event: { readonly data: unknown }) => void) =>
    void end.on(type, (data: unknown) => listener({ data })),
});
