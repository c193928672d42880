// The engine's tasks in a real browser, on WebAssembly.
import { getThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import { Helper, type HelperPort } from "../../src/lab/tensor/simd/share.ts";
import { activate, tf } from "../../src/lab/tensor/tf.ts";
import { toyDataset } from "../helpers/toy.ts";
import { host } from "./host.ts";
import { kernelBeside, kernelSum } from "./kernelTask.ts";
import {
  matrix,
  mlp,
  oneAnchor,
  pixelCount,
  shape,
  trainStep,
  usual,
  type MatrixTask,
  type MatrixTimes,
} from "./tasks.ts";

/** One for each core but the one that runs this. */
const helpers = Array.from(
  { length: navigator.hardwareConcurrency - 1 },
  () => new Helper(new Worker(new URL("../../src/helper.ts", import.meta.url), { type: "module" }) as HelperPort),
);

/** The step of the wide network: about what takes an anchor's own score to its target. */
const wideEta = 1e-5;

/**
 * The network of the paper, 3072-40960-1, with the same 1000 images as anchors and as probes, as the lab's learner does it:
 * within its memory budget, with helpers, some anchors at a time. Milliseconds from the weights and the pixels on.
 */
async function twoLayer(): Promise<Record<"ready" | "whole", number>> {
  const dataset = toyDataset({ shape, classCount: 1, trainPerClass: 1000, testPerClass: 0 });
  const examples = Array.from({ length: dataset.trainCount }, (_, at) => at);
  const pixels = dataset.read(examples);
  const read = (some: readonly number[]): Float32Array => {
    const own = new Float32Array(some.length * pixelCount);
    some.forEach((id, row) => own.set(pixels.subarray(id * pixelCount, (id + 1) * pixelCount), row * pixelCount));
    return own;
  };
  const learner = networkLearner({
    plans: mlp(40960, 1),
    examples: { ...dataset, read },
    loss: "squared-error",
    seed: 1,
    helpers: () => helpers,
  });
  const state = learner.start();
  const start = performance.now();
  const watch = await learner.watch(state, examples);
  const ready = performance.now() - start;
  await window.tell(`two-layer-40960: probes ready after ${(ready / 1000).toFixed(1)} s`);
  let count = 0;
  for await (const { change } of watch.respond(examples, { rule: "fixed", eta: wideEta })) {
    if (!change.data.every(Number.isFinite)) throw new Error(`The response of anchor ${count} is not finite.`);
    count += 1;
    if (count % 100 === 0) await window.tell(`two-layer-40960: ${count} of ${examples.length} anchors done`);
  }
  const whole = performance.now() - start;
  watch.release();
  learner.release(state);
  return { ready, whole };
}

const tasks: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = {
  "mlp-512": async () => ({ ...(await matrix({ network: 512, ...usual }, helpers)) }),
  "mlp-4096": async () => ({ ...(await matrix({ network: 4096, ...usual }, helpers)) }),
  cnn2: async () => ({ ...(await matrix({ network: "cnn2", ...usual }, helpers)) }),
  "cnn2 one anchor": () => oneAnchor(usual.probeCount, helpers),
  "cnn2 train step": async () => ({ step: await trainStep() }),
  "two-layer-40960": twoLayer,
  "kernel sum": kernelSum,
  kernel: kernelBeside,
};

/** How the engine runs in this browser. */
export interface EngineFacts {
  readonly tensorflow: string;
  readonly isCrossOriginIsolated: boolean;
  /** Threads of TensorFlow.js's own wasm. */
  readonly wasmThreads: number;
  /** Workers of ours that carry steps, beside the one that asks them. */
  readonly helpers: number;
}

declare global {
  interface Window {
    /** Does a task once; milliseconds by what was timed. */
    clock(task: string): Promise<Readonly<Record<string, number>>>;
    clockMatrix(task: MatrixTask): Promise<MatrixTimes>;
    readonly facts: EngineFacts;
    /** A line for whoever waits. */
    tell(line: string): Promise<void>;
  }
}

await activate("wasm", host);
Object.assign(window, {
  facts: {
    tensorflow: tf.version_core,
    isCrossOriginIsolated: crossOriginIsolated,
    wasmThreads: getThreadsCount(),
    helpers: helpers.length,
  } satisfies EngineFacts,
});
window.clockMatrix = (task) => matrix(task, helpers);
window.clock = (task) => tasks[task]!();
