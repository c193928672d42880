// How far the response is from double precision, by network and step size, on one backend of a real browser.
import type { BackendId } from "../../src/lab/lab.ts";
import { activate, adapterOf } from "../../src/lab/tensor/tf.ts";
import type { LayerSpec } from "../helpers/reference.ts";
import { responseError } from "../helpers/subject.ts";
import { toyDataset } from "../helpers/toy.ts";
import { host } from "./host.ts";

const etas = [1e-8, 1e-6, 1e-4, 1e-2, 1] as const;
const classCount = 10;
const dataset = toyDataset({ shape: [12, 12, 3], classCount, trainPerClass: 1, testPerClass: 2 });
const anchors = [0, 3, 6, 9];
const probes = Array.from({ length: dataset.testCount }, (_, at) => dataset.trainCount + at);
const loss = "cross-entropy";

const networks: Readonly<Record<string, readonly LayerSpec[]>> = {
  linear: [{ kind: "flatten" }, { kind: "dense", width: classCount }],
  mlp: [
    { kind: "flatten" },
    { kind: "dense", width: 64 },
    { kind: "relu" },
    { kind: "dense", width: 32 },
    { kind: "relu" },
    { kind: "dense", width: classCount },
  ],
  cnn: [
    { kind: "conv", channels: 6, kernel: 3 },
    { kind: "max-pool" },
    { kind: "relu" },
    { kind: "conv", channels: 8, kernel: 3 },
    { kind: "max-pool" },
    { kind: "relu" },
    { kind: "flatten" },
    { kind: "dense", width: classCount },
  ],
};

export interface Accuracy {
  /** The graphics adapter; empty where the platform does not say. */
  readonly adapter: string;
  readonly etas: readonly number[];
  /** By network, one an eta. */
  readonly errors: Readonly<Record<string, readonly number[]>>;
}

async function accuracy(backend: BackendId): Promise<Accuracy | { readonly absent: string }> {
  try {
    await activate(backend, host);
  } catch (error) {
    return { absent: (error as Error).message };
  }
  const errors: Record<string, number[]> = {};
  for (const [name, specs] of Object.entries(networks)) {
    errors[name] = [];
    for (const eta of etas) errors[name].push(await responseError({ specs, dataset, loss }, { anchors, probes, eta }));
  }
  return { adapter: (await adapterOf(backend)).name, etas, errors };
}

declare global {
  interface Window {
    accuracy: typeof accuracy;
  }
}
window.accuracy = accuracy;
