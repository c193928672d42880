// Everything that a backend computes for a few networks, as digests: equal where every bit is.
import type { Host } from "../../src/lab/contracts.ts";
import type { BackendReport } from "../../src/lab/lab.ts";
import { chooseBackend } from "../../src/lab/tensor/backend.ts";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import type { LayerSpec } from "../helpers/reference.ts";
import { plansOf, toyDataset } from "../helpers/toy.ts";

const classCount = 7;
const dataset = toyDataset({ shape: [32, 32, 3], classCount, trainPerClass: 12, testPerClass: 8 });
const examples = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
const [training, heldOut] = [examples(0, dataset.trainCount), examples(dataset.trainCount, dataset.labels.length)];
const pixels = dataset.read(examples(0, dataset.labels.length));
const size = pixels.length / dataset.labels.length;
const held = {
  ...dataset,
  read: (wanted: readonly number[]): Float32Array => {
    const all = new Float32Array(wanted.length * size);
    wanted.forEach((example, row) => all.set(pixels.subarray(example * size, (example + 1) * size), row * size));
    return all;
  },
};

const cnn = (kind: "relu" | "tanh", pool: "max-pool" | "average-pool"): LayerSpec[] => [
  { kind: "conv", channels: 16, kernel: 3 },
  { kind: pool },
  { kind },
  { kind: "conv", channels: 32, kernel: 3 },
  { kind: pool },
  { kind },
  { kind: "flatten" },
  { kind: "dense", width: 64 },
  { kind },
  { kind: "dense", width: classCount },
];
const mlp = (kind: "relu" | "gelu" | "sigmoid", width: number): LayerSpec[] => [
  { kind: "flatten" },
  { kind: "dense", width },
  { kind },
  { kind: "dense", width: classCount },
];
/** Rectified ones go through the kernels of our own, the others through tensors alone. */
const networks: Readonly<Record<string, readonly LayerSpec[]>> = {
  "cnn relu": cnn("relu", "max-pool"),
  "cnn tanh": cnn("tanh", "average-pool"),
  "mlp relu": mlp("relu", 512),
  "mlp gelu": mlp("gelu", 512),
  "mlp sigmoid": mlp("sigmoid", 500),
};

async function digest(arrays: readonly (Float32Array | Float64Array)[]): Promise<string> {
  const bytes = await new Blob(arrays as (Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>)[]).arrayBuffer();
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

async function digestsOf(specs: readonly LayerSpec[]): Promise<Record<string, string>> {
  const learner = networkLearner({ plans: plansOf(specs), examples: held, loss: "cross-entropy", seed: 3 });
  const digests: Record<string, string> = {};
  let state = learner.start();
  digests.forward = await digest([(await learner.predict(state, heldOut)).data]);
  for (let step = 0; step < 5; step++) {
    const batch = training.filter((example) => example % 5 !== step);
    const next = learner.nudge(state, batch, { stepSize: 0.02, momentum: 0.9 });
    digests[`loss ${step}`] = String(await next.loss());
    learner.release(state);
    ({ state } = next);
  }
  digests.training = await digest(await learner.weights(state));
  digests["forward after"] = await digest([(await learner.predict(state, heldOut)).data]);
  const watch = await learner.watch(state, heldOut);
  const numbers = [];
  for await (const response of watch.respond([0, 13, 40], { rule: "own rise", delta: 0.1 }))
    numbers.push(
      response.stepSize,
      response.anchorSensitivity,
      response.before.data,
      response.sensitivity.data,
      response.change.data,
    );
  watch.release();
  learner.release(state);
  digests.response = await digest(numbers);
  return digests;
}

export interface Bits {
  readonly report: BackendReport;
  /** By network and what was computed. */
  readonly digests: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export async function bitsOn(host: Host): Promise<Bits> {
  const report = await chooseBackend("wasm", host);
  const digests: Record<string, Record<string, string>> = {};
  for (const [name, specs] of Object.entries(networks)) digests[name] = await digestsOf(specs);
  return { report, digests };
}
