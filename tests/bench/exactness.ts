// How far the response is from double precision, by network and step size, on the backend that computes.
import type { LayerSpec } from "../helpers/reference.ts";
import { responseError } from "../helpers/subject.ts";
import { toyDataset } from "../helpers/toy.ts";

export const etas = [1e-8, 1e-6, 1e-4, 1e-2, 1] as const;
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

/** By network, one an eta: relative error of the whole response. */
export async function exactness(): Promise<Record<string, number[]>> {
  const errors: Record<string, number[]> = {};
  for (const [name, specs] of Object.entries(networks)) {
    errors[name] = [];
    for (const eta of etas) errors[name].push(await responseError({ specs, dataset, loss }, { anchors, probes, eta }));
  }
  return errors;
}
