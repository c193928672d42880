// The engine's tasks in a real browser, each a function that does it once and says how long it took.
import { getThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { responseBytes } from "../../src/lab/lab.ts";
import { activation } from "../../src/lab/tensor/activation.ts";
import { conv } from "../../src/lab/tensor/conv.ts";
import { dense } from "../../src/lab/tensor/dense.ts";
import { flatten } from "../../src/lab/tensor/flatten.ts";
import type { LayerPlan } from "../../src/lab/tensor/layer.ts";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import {
  forward,
  initialWeights,
  network,
  uploaded,
  type Network,
  type Weights,
} from "../../src/lab/tensor/network.ts";
import { maxPool } from "../../src/lab/tensor/pool.ts";
import { reachBySimd } from "../../src/lab/tensor/reach.ts";
import { discard } from "../../src/lab/tensor/factors.ts";
import { anchorsAt, forget } from "../../src/lab/tensor/response.ts";
import { Helper, type HelperPort } from "../../src/lab/tensor/simd/share.ts";
import { activate, tf, tidy } from "../../src/lab/tensor/tf.ts";
import { rng } from "../../src/math/rng.ts";
import { normals, toyDataset } from "../helpers/toy.ts";
import { host } from "./host.ts";

const [classCount, eta] = [10, 0.001];
/** Probes of one forward pass. */
const chunkCount = 250;

/** One for each core but the one that runs this. */
const helpers = Array.from(
  { length: navigator.hardwareConcurrency - 1 },
  () => new Helper(new Worker(new URL("../../src/helper.ts", import.meta.url), { type: "module" }) as HelperPort),
);

const relu = (): LayerPlan[] => activation("relu");
const mlp = (width: number, outputCount = classCount): LayerPlan[] => [
  flatten(),
  dense(width),
  ...relu(),
  dense(outputCount),
];
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

/** A matrix to compute: the change of every score at every probe for a step on each anchor. */
export interface MatrixTask {
  /** The hidden layer's width of the MLP, or the CNN with two convolutions. */
  readonly network: number | "cnn2";
  readonly anchorCount: number;
  readonly probeCount: number;
}

/** In milliseconds. */
export interface MatrixTimes {
  /** From pixels to the last number. */
  readonly whole: number;
  /** From the probes' own forward pass on, which one state needs once for all anchors. */
  readonly matrix: number;
}

const images = (pixels: Float32Array, from: number, to: number): tf.Tensor =>
  tf.tensor(pixels.subarray(from * pixelCount, to * pixelCount), [to - from, ...shape]);

/** Runs of at most `size` from 0 to `count`: where each begins and where it ends. */
const runs = (count: number, size: number): (readonly [from: number, to: number])[] =>
  Array.from({ length: Math.ceil(count / size) }, (_, at) => [at * size, Math.min(count, (at + 1) * size)] as const);

async function matrix({ network: which, anchorCount, probeCount }: MatrixTask): Promise<MatrixTimes> {
  const net = network(which === "cnn2" ? cnn2 : mlp(which), shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const probePixels = normals(rng(2), probeCount * pixelCount);
  const anchorPixels = normals(rng(3), anchorCount * pixelCount);
  const start = performance.now();
  const reach = (await reachBySimd(net, weights, {
    probeCount,
    helpers: () => helpers,
    roomBytes: responseBytes / 8,
  }))!;
  for (const [from, to] of runs(probeCount, chunkCount)) {
    const x = images(probePixels, from, to);
    const prepared = await reach.prepare(x);
    await reach.lay(prepared);
    discard(prepared);
    x.dispose();
  }
  const middle = performance.now();
  for (const [from, to] of runs(anchorCount, reach.most)) {
    const x = images(anchorPixels, from, to);
    const labels = Array.from({ length: to - from }, (_, at) => (from + at) % classCount);
    const prepared = await reach.prepare(x);
    const anchors = await anchorsAt(net, weights, { prepared, labels, loss: "cross-entropy" });
    const carrier = await reach.carrier(anchors);
    const steps = labels.map((_, anchor) => ({ anchor, eta }));
    for (const [first, end] of runs(steps.length, carrier.most)) await carrier.all(steps.slice(first, end));
    carrier.release();
    forget(anchors);
    x.dispose();
  }
  const end = performance.now();
  reach.release();
  tf.dispose(weights as unknown as tf.Tensor[]);
  return { whole: end - start, matrix: end - middle };
}

/** Milliseconds that the scores of the probes take, from their pixels on. */
async function forwardPass(net: Network, weights: Weights, pixels: Float32Array): Promise<number> {
  const start = performance.now();
  for (const [from, to] of runs(pixels.length / pixelCount, chunkCount)) {
    const scores = tidy(() => forward(net, weights, images(pixels, from, to)).at(-1)!);
    await scores.data();
    scores.dispose();
  }
  return performance.now() - start;
}

/** One anchor at probes that are ready, and two forward passes over these. */
async function oneAnchor(probeCount: number): Promise<Record<"matrix" | "passes", number>> {
  const net = network(cnn2, shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const pixels = normals(rng(2), probeCount * pixelCount);
  const passes = (await forwardPass(net, weights, pixels)) + (await forwardPass(net, weights, pixels));
  tf.dispose(weights as unknown as tf.Tensor[]);
  return { matrix: (await matrix({ network: "cnn2", anchorCount: 1, probeCount })).matrix, passes };
}

async function trainStep(): Promise<number> {
  const dataset = toyDataset({ shape, classCount, trainPerClass: 7, testPerClass: 1 });
  const batch = Array.from({ length: 64 }, (_, at) => at);
  const pixels = dataset.read(batch);
  const held = { ...dataset, read: () => pixels };
  const learner = networkLearner({ plans: cnn2, examples: held, loss: "cross-entropy", seed: 1 });
  let state = learner.start();
  const steps = 10;
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    const next = learner.nudge(state, batch, { stepSize: 0.01, momentum: 0 });
    await next.loss();
    learner.release(state);
    state = next.state;
  }
  const ms = (performance.now() - start) / steps;
  learner.release(state);
  return ms;
}

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

const usual = { anchorCount: 100, probeCount: 1000 } as const;

const tasks: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = {
  "mlp-512": async () => ({ ...(await matrix({ network: 512, ...usual })) }),
  "mlp-4096": async () => ({ ...(await matrix({ network: 4096, ...usual })) }),
  cnn2: async () => ({ ...(await matrix({ network: "cnn2", ...usual })) }),
  "cnn2 one anchor": () => oneAnchor(usual.probeCount),
  "cnn2 train step": async () => ({ step: await trainStep() }),
  "two-layer-40960": twoLayer,
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
window.clockMatrix = matrix;
window.clock = (task) => tasks[task]!();
