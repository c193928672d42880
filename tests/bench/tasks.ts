// The engine's tasks, on whichever backend computes: each a function that does it once and says how long it took.
import { responseBytes } from "../../src/lab/lab.ts";
import { activation } from "../../src/lab/tensor/activation.ts";
import { conv } from "../../src/lab/tensor/conv.ts";
import { dense } from "../../src/lab/tensor/dense.ts";
import { discard } from "../../src/lab/tensor/factors.ts";
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
import { chunkOf, reachBySimd, reachByTensors } from "../../src/lab/tensor/reach.ts";
import { anchorsAt, forget } from "../../src/lab/tensor/response.ts";
import type { Helper } from "../../src/lab/tensor/simd/share.ts";
import { tf, tidy } from "../../src/lab/tensor/tf.ts";
import { rng } from "../../src/math/rng.ts";
import { normals, toyDataset } from "../helpers/toy.ts";

const [classCount, eta] = [10, 0.001];

const relu = (): LayerPlan[] => activation("relu");
export const mlp = (width: number, outputCount = classCount): LayerPlan[] => [
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
export const shape = [32, 32, 3] as const;
export const pixelCount = 3072;

/** Workers beside this one that carry steps. */
export type Helpers = readonly Helper[];

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

export async function matrix(
  { network: which, anchorCount, probeCount }: MatrixTask,
  helpers: Helpers,
): Promise<MatrixTimes> {
  const net = network(which === "cnn2" ? cnn2 : mlp(which), shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const probePixels = normals(rng(2), probeCount * pixelCount);
  const anchorPixels = normals(rng(3), anchorCount * pixelCount);
  const start = performance.now();
  const reach =
    (await reachBySimd(net, weights, { probeCount, helpers: () => helpers, roomBytes: responseBytes / 8 })) ??
    reachByTensors(net, weights, responseBytes / 4);
  for (const [from, to] of runs(probeCount, chunkOf(net, responseBytes))) {
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
  for (const [from, to] of runs(pixels.length / pixelCount, chunkOf(net, responseBytes))) {
    const scores = tidy(() => forward(net, weights, images(pixels, from, to)).at(-1)!);
    await scores.data();
    scores.dispose();
  }
  return performance.now() - start;
}

/** One anchor at probes that are ready, and two forward passes over these. */
export async function oneAnchor(probeCount: number, helpers: Helpers): Promise<Record<"matrix" | "passes", number>> {
  const net = network(cnn2, shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const pixels = normals(rng(2), probeCount * pixelCount);
  const passes = (await forwardPass(net, weights, pixels)) + (await forwardPass(net, weights, pixels));
  tf.dispose(weights as unknown as tf.Tensor[]);
  return { matrix: (await matrix({ network: "cnn2", anchorCount: 1, probeCount }, helpers)).matrix, passes };
}

/** Milliseconds of a training step of the CNN, with a batch of 64. */
export async function trainStep(): Promise<number> {
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

export const usual = { anchorCount: 100, probeCount: 1000 } as const;
