// A tangent kernel of drawn images under the clock: of all outputs summed, of each output alone, and how soon it stops.
import { drawn } from "../../src/lab/datasets/drawn.ts";
import { openDataset } from "../../src/lab/dataset.ts";
import { cnn } from "../../src/lab/models/cnn.ts";
import { defaults } from "../../src/lab/params.ts";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import { host } from "./host.ts";

const { classes, shape } = drawn.manifest;
const imageCount = 500;

/** Shares of a whole kernel's time after which it is asked to stop. */
const stops = [0.1, 0.3, 0.5, 0.7, 0.9];

/** A message to oneself is a macrotask without the 4 ms that a nested timer costs. */
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();
const macrotask = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });

/** The lab's CNN as it is by default, at its start, with the first 500 training images, whose bytes are drawn before. */
async function subject() {
  const dataset = await openDataset(
    drawn,
    {
      id: drawn.manifest.id,
      classes: classes.map(({ id }) => id),
      trainPerClass: Math.ceil(imageCount / classes.length),
      testPerClass: 0,
      params: defaults(drawn.params),
    },
    host,
  );
  let isStopped = false;
  const learner = networkLearner({
    plans: cnn.build(defaults(cnn.params), shape, classes.length),
    examples: dataset,
    loss: "cross-entropy",
    seed: 1,
    async breathe() {
      await macrotask();
      if (isStopped) throw new Error("stopped");
    },
  });
  const state = learner.start();
  const images = Array.from({ length: imageCount }, (_, at) => at);
  /** Milliseconds, and how often it told how far it is. */
  async function timed(output: number | "sum"): Promise<{ ms: number; told: number }> {
    let told = 0;
    const start = performance.now();
    const { data } = await learner.kernel(state, images, images, { output, progress: () => (told += 1) });
    const ms = performance.now() - start;
    if (!data.every(Number.isFinite)) throw new Error("The kernel is not finite.");
    return { ms, told };
  }
  /**
   * Milliseconds from the wish to stop, after so many, to the end; none where it was done before. The wish counts from when it
   * was due: it may wait for a part of the work as a message from the page does.
   */
  async function stopped(after: number): Promise<number[]> {
    const due = performance.now() + after;
    const timer = setTimeout(() => (isStopped = true), after);
    try {
      await learner.kernel(state, images, images, { output: "sum" });
      clearTimeout(timer);
      return [];
    } catch (error) {
      if (!isStopped) throw error;
      return [performance.now() - due];
    } finally {
      isStopped = false;
    }
  }
  return { timed, stopped, release: () => learner.release(state) };
}

/** All outputs summed, once, in a fresh browser: whose memory is nobody else's. */
export async function kernelSum(): Promise<Record<"sum" | "told" | "images", number>> {
  const { timed, release } = await subject();
  const { ms, told } = await timed("sum");
  release();
  return { sum: ms, told, images: imageCount };
}

/** The same beside the kernels of each output alone, one after the other, and the longest of some stops. */
export async function kernelBeside(): Promise<Record<"sum" | "singles" | "stop" | "stops", number>> {
  const { timed, stopped, release } = await subject();
  const { ms: sum } = await timed("sum");
  let singles = 0;
  for (const output of classes.keys()) singles += (await timed(output)).ms;
  const waits: number[] = [];
  for (const share of stops) waits.push(...(await stopped(share * sum)));
  release();
  return { sum, singles, stop: Math.max(...waits), stops: waits.length };
}
