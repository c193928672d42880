// The engine's tasks in a real browser, each a function that does it once and says how long it took.
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import { activation } from "../../src/lab/tensor/activation.ts";
import { conv } from "../../src/lab/tensor/conv.ts";
import { dense } from "../../src/lab/tensor/dense.ts";
import { flatten } from "../../src/lab/tensor/flatten.ts";
import type { LayerPlan } from "../../src/lab/tensor/layer.ts";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import { initialWeights, network, uploaded } from "../../src/lab/tensor/network.ts";
import { maxPool } from "../../src/lab/tensor/pool.ts";
import { reachBySimd } from "../../src/lab/tensor/reach.ts";
import { discard, prepare } from "../../src/lab/tensor/factors.ts";
import { anchorsAt, forget } from "../../src/lab/tensor/response.ts";
import { Helper, type HelperPort } from "../../src/lab/tensor/simd/share.ts";
import { activate, tf } from "../../src/lab/tensor/tf.ts";
import { rng } from "../../src/math/rng.ts";
import { normals, toyDataset } from "../helpers/toy.ts";

const [anchorCount, probeCount, classCount, eta] = [100, 1000, 10, 0.001];
/** Probes of one forward pass. */
const chunkCount = 250;

/** One for each core but the one that runs this. */
const helpers = Array.from(
  { length: navigator.hardwareConcurrency - 1 },
  () => new Helper(new Worker(new URL("../../src/helper.ts", import.meta.url), { type: "module" }) as HelperPort),
);

const relu = (): LayerPlan[] => activation("relu");
const mlp = (width: number): LayerPlan[] => [flatten(), dense(width), ...relu(), dense(classCount)];
const cnn2: LayerPlan[] = [
  conv(16, 3),
  maxPool(),
  ...relu(),
  conv(32, 3),
  maxPool(),
  ...relu(),
  flatten(),
  dense(classCount),
];
const shape = [32, 32, 3] as const;
const pixelCount = 3072;

const labels = Array.from({ length: anchorCount }, (_, at) => at % classCount);
const tensorOf = (pixels: Float32Array) => tf.tensor(pixels, [pixels.length / pixelCount, ...shape]);

interface Times {
  /** From pixels to the last number. */
  readonly whole: number;
  /** From the probes' own forward pass on, which one state needs once for all anchors. */
  readonly matrix: number;
}

/** The change of every score at every probe for a step on each anchor. */
async function matrix(plans: readonly LayerPlan[], anchorsTaken = anchorCount): Promise<Times> {
  const net = network(plans, shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const pixels = normals(rng(2), probeCount * pixelCount);
  const x = tensorOf(normals(rng(3), anchorsTaken * pixelCount));
  const start = performance.now();
  const reach = (await reachBySimd(net, weights, { probeCount, helpers: () => helpers }))!;
  for (let at = 0; at < probeCount; at += chunkCount) {
    const own = tensorOf(pixels.subarray(at * pixelCount, (at + chunkCount) * pixelCount));
    const prepared = await prepare(net, weights, own);
    await reach.lay(prepared);
    discard(prepared);
    own.dispose();
  }
  const middle = performance.now();
  const anchors = await anchorsAt(net, weights, { x, labels: labels.slice(0, anchorsTaken), loss: "cross-entropy" });
  const carrier = await reach.carrier(anchors);
  const steps = Array.from({ length: anchorsTaken }, (_, anchor) => ({ anchor, eta }));
  for (let at = 0; at < anchorsTaken; at += carrier.most) await carrier.all(steps.slice(at, at + carrier.most));
  const end = performance.now();
  carrier.release();
  reach.release();
  forget(anchors);
  tf.dispose([x, weights as unknown as tf.Tensor[]]);
  return { whole: end - start, matrix: end - middle };
}

async function trainStep(): Promise<number> {
  const dataset = toyDataset({ shape, classCount, trainPerClass: 7, testPerClass: 1 });
  const learner = networkLearner({ plans: cnn2, dataset, loss: "cross-entropy", seed: 1 });
  const batch = Array.from({ length: 64 }, (_, at) => at);
  const pixels = dataset.read(batch);
  const held = { ...dataset, read: () => pixels };
  const quick = networkLearner({ plans: cnn2, dataset: held, loss: "cross-entropy", seed: 1 });
  let state = learner.start();
  const steps = 10;
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    const next = quick.nudge(state, batch, { stepSize: 0.01, momentum: 0 });
    await next.loss();
    quick.release(state);
    state = next.state;
  }
  const ms = (performance.now() - start) / steps;
  quick.release(state);
  return ms;
}

const tasks: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = {
  "mlp-512": async () => ({ ...(await matrix(mlp(512))) }),
  "mlp-4096": async () => ({ ...(await matrix(mlp(4096))) }),
  cnn2: async () => ({ ...(await matrix(cnn2)) }),
  "cnn2 one anchor": async () => ({ ...(await matrix(cnn2, 1)) }),
  "cnn2 train step": async () => ({ step: await trainStep() }),
};

declare global {
  interface Window {
    /** Does a task once; milliseconds by what was timed. */
    clock(task: string): Promise<Readonly<Record<string, number>>>;
  }
}

await activate("wasm", {
  breathe: () => Promise.resolve(),
  wait: () => Promise.resolve(),
  now: () => performance.now(),
  backends: ["wasm"],
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  readBytes: () => Promise.reject(new Error("no files here")),
});
window.clock = (task) => tasks[task]!();
