// Small data sets and networks out of a seed, for the tests of the engine.
import type { ActivationId } from "../../src/lab/tensor/activation.ts";
import { activation } from "../../src/lab/tensor/activation.ts";
import { conv } from "../../src/lab/tensor/conv.ts";
import { dense } from "../../src/lab/tensor/dense.ts";
import { flatten } from "../../src/lab/tensor/flatten.ts";
import type { LayerPlan } from "../../src/lab/tensor/layer.ts";
import { averagePool, maxPool } from "../../src/lab/tensor/pool.ts";
import { residual } from "../../src/lab/tensor/residual.ts";
import type { Dataset } from "../../src/lab/dataset.ts";
import { rng, type Rng } from "../../src/math/rng.ts";
import type { LayerSpec } from "./reference.ts";

/** Normal numbers that float32 holds exactly. */
export const normals = (random: Rng, length: number, spread = 1): Float32Array =>
  Float32Array.from({ length }, () => spread * random.normal());

interface ToyOptions {
  readonly shape: readonly [number, number, number];
  readonly classCount: number;
  readonly trainPerClass: number;
  readonly testPerClass: number;
  readonly seed?: number;
  /** As many as there are classes where nothing is said; one makes class 0 the primary one, and every other none. */
  readonly outputCount?: number;
}

/** Each class has a centre; an image is its centre and noise. Numbered as the lab numbers examples. */
export function toyDataset({
  shape,
  classCount,
  trainPerClass,
  testPerClass,
  seed = 1,
  outputCount = classCount,
}: ToyOptions): Dataset {
  const size = shape[0] * shape[1] * shape[2];
  const centres = Array.from({ length: classCount }, (_, at) => normals(rng(seed).fork(`centre ${at}`), size));
  const trainCount = classCount * trainPerClass;
  const testCount = classCount * testPerClass;
  const labels = Uint8Array.from({ length: trainCount + testCount }, (_, at) =>
    at < trainCount ? Math.floor(at / trainPerClass) : Math.floor((at - trainCount) / testPerClass),
  );
  const input = (example: number): Float32Array => {
    const noise = normals(rng(seed).fork(`image ${example}`), size, 0.7);
    return noise.map((value, at) => value + centres[labels[example]!]![at]!);
  };
  return {
    shape,
    outputCount,
    classes: Array.from({ length: classCount }, (_, at) => ({ id: `class ${at}`, title: `class ${at}`, path: [] })),
    labels,
    trainCount,
    testCount,
    mean: new Float64Array(size),
    deviation: 1,
    hash: "toy",
    pixels: () => new Uint8Array(size),
    read(examples) {
      const all = new Float32Array(examples.length * size);
      examples.forEach((example, row) => all.set(input(example), row * size));
      return all;
    },
  };
}

function planOf(spec: LayerSpec): LayerPlan[] {
  switch (spec.kind) {
    case "dense":
      return [dense(spec.width)];
    case "conv":
      return [conv(spec.channels, spec.kernel, spec)];
    case "max-pool":
      return [maxPool(spec)];
    case "average-pool":
      return [averagePool(spec)];
    case "residual":
      return residual(plansOf(spec.inner));
    case "flatten":
      return [flatten()];
    default:
      return activation(spec.kind satisfies ActivationId);
  }
}

/** The lab's layers for layers in words. */
export const plansOf = (specs: readonly LayerSpec[]): LayerPlan[] => specs.flatMap(planOf);

const hidden = (kind: "relu" | "tanh" | "sigmoid" | "gelu", width: number): LayerSpec[] => [
  { kind: "dense", width },
  { kind },
];

/** The same network with another number of scores; the last layer is dense. */
export const withScores = (specs: readonly LayerSpec[], width: number): LayerSpec[] => [
  ...specs.slice(0, -1),
  { kind: "dense", width },
];

/** The networks that the tests run, for four classes. */
export const toyNetworks: Readonly<Record<string, readonly LayerSpec[]>> = {
  linear: [{ kind: "flatten" }, { kind: "dense", width: 4 }],
  "mlp relu": [{ kind: "flatten" }, ...hidden("relu", 13), ...hidden("relu", 7), { kind: "dense", width: 4 }],
  "mlp tanh": [{ kind: "flatten" }, ...hidden("tanh", 9), { kind: "dense", width: 4 }],
  "mlp sigmoid": [{ kind: "flatten" }, ...hidden("sigmoid", 9), { kind: "dense", width: 4 }],
  "mlp gelu": [{ kind: "flatten" }, ...hidden("gelu", 9), { kind: "dense", width: 4 }],
  cnn: [
    { kind: "conv", channels: 5, kernel: 3 },
    { kind: "max-pool" },
    { kind: "relu" },
    { kind: "conv", channels: 6, kernel: 3 },
    { kind: "max-pool" },
    { kind: "relu" },
    { kind: "flatten" },
    ...hidden("relu", 8),
    { kind: "dense", width: 4 },
  ],
  "cnn average": [
    { kind: "conv", channels: 3, kernel: 3 },
    { kind: "tanh" },
    { kind: "average-pool" },
    { kind: "flatten" },
    { kind: "dense", width: 4 },
  ],
  "cnn gelu": [
    { kind: "conv", channels: 3, kernel: 5 },
    { kind: "max-pool" },
    { kind: "gelu" },
    { kind: "conv", channels: 4, kernel: 1 },
    { kind: "gelu" },
    { kind: "flatten" },
    { kind: "dense", width: 4 },
  ],
  "mlp residual": [
    { kind: "flatten" },
    ...hidden("relu", 9),
    { kind: "residual", inner: hidden("relu", 9) },
    {
      kind: "residual",
      inner: [
        { kind: "residual", inner: hidden("tanh", 9) },
        { kind: "dense", width: 9 },
      ],
    },
    { kind: "dense", width: 4 },
  ],
  "cnn strided": [
    { kind: "conv", channels: 2, kernel: 1 },
    { kind: "residual", inner: [{ kind: "conv", channels: 2, kernel: 3 }, { kind: "tanh" }] },
    { kind: "conv", channels: 4, kernel: 4, stride: 2 },
    { kind: "max-pool", size: 3, stride: 1, padding: "same" },
    { kind: "relu" },
    { kind: "conv", channels: 3, kernel: 2, padding: "valid" },
    { kind: "average-pool", size: 2, stride: 1, padding: "same" },
    { kind: "flatten" },
    { kind: "dense", width: 4 },
  ],
};
