// Every layer against the float64 reference: its value, its chain rule, its gradient, and the exact travel of a step.
import { beforeAll, describe, expect, it } from "vitest";
import type { Layer } from "../../../src/lab/tensor/layer.ts";
import { activate, tf, tidy, type Tensor } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { dot, finiteDifferences, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { referenceLayer, type LayerSpec, type ReferenceLayer } from "../../helpers/reference.ts";
import { normals, plansOf } from "../../helpers/toy.ts";

interface Case {
  readonly spec: LayerSpec;
  readonly shape: readonly number[];
}

const images = [
  [5, 7, 3],
  [8, 8, 2],
  [1, 1, 2],
  [2, 3, 1],
] as const;

const cases: readonly Case[] = [
  ...[
    [5, 3],
    [1, 1],
    [1, 4],
    [17, 1],
    [64, 33],
  ].map(([inputSize, width]): Case => ({ spec: { kind: "dense", width: width! }, shape: [inputSize!] })),
  ...images.flatMap((shape) =>
    [1, 3, 5].map((kernel): Case => ({ spec: { kind: "conv", channels: kernel === 1 ? 1 : 4, kernel }, shape })),
  ),
  ...[
    [4, 6, 3],
    [5, 7, 2],
    [2, 2, 1],
    [3, 2, 1],
    [8, 8, 5],
  ].flatMap((shape): Case[] => [
    { spec: { kind: "max-pool" }, shape },
    { spec: { kind: "average-pool" }, shape },
  ]),
  ...(["relu", "tanh", "sigmoid", "gelu"] as const).flatMap((kind): Case[] => [
    { spec: { kind }, shape: [11] },
    { spec: { kind }, shape: [3, 5, 2] },
    { spec: { kind }, shape: [1] },
  ]),
  { spec: { kind: "flatten" }, shape: [3, 5, 2] },
];

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const exampleCount = 3;
/** Single precision has 6e-8; a sum of a few hundred terms keeps this much. */
const singlePrecision = 2e-6;
/** What the response is promised to keep. */
const promised = 2e-5;

/** One layer, both ways, with random inputs. */
class Subject {
  readonly random;
  readonly layer: Layer;
  readonly reference: ReferenceLayer;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly weights: Float32Array[];
  readonly shape: readonly number[];

  constructor({ spec, shape }: Case, seed = 5) {
    this.random = rng(seed).fork(JSON.stringify([spec, shape]));
    this.shape = shape;
    this.layer = plansOf([spec])[0]!(shape);
    this.reference = referenceLayer(spec, shape);
    this.inputSize = sizeOf(shape);
    this.outputSize = sizeOf(this.layer.outputShape);
    this.weights = this.reference.weightSizes.map((length) => normals(this.random, length));
  }

  inputs(count = exampleCount, spread = 1): Float32Array {
    return normals(this.random, count * this.inputSize, spread);
  }

  signals(count = exampleCount): Float32Array {
    return normals(this.random, count * this.outputSize);
  }

  input(data: Float32Array): Tensor {
    return tf.tensor(data, [data.length / this.inputSize, ...this.shape]);
  }

  output(data: Float32Array): Tensor {
    return tf.tensor(data, [data.length / this.outputSize, ...this.layer.outputShape]);
  }

  tensors(): Tensor[] {
    return this.layer.weightShapes.map((shape, at) => tf.tensor(this.weights[at]!, [...shape]));
  }
}

const rowOf = (data: Float32Array, size: number, row: number): Float32Array =>
  data.subarray(row * size, (row + 1) * size);
const rowsOf = (data: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: data.length / size }, (_, row) => rowOf(data, size, row));
const joined = (parts: readonly ArrayLike<number>[]): number[] => parts.flatMap((part) => Array.from(part));

/** Runs tensors to numbers and frees them. */
const numbers = (make: () => Tensor): Float32Array => {
  const tensor = tidy(make);
  const data = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return data;
};

describe.each(nodeBackends)("layers on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  describe.each(cases)("$spec of $shape", (own) => {
    it("has the shapes that it says", () => {
      const subject = new Subject(own);
      expect(subject.layer.outputShape).toEqual(subject.reference.outputShape);
      expect(subject.layer.weightShapes.map(sizeOf)).toEqual(subject.reference.weightSizes);
      const out = tidy(() => subject.layer.apply(subject.tensors(), subject.input(subject.inputs())));
      expect(out.shape).toEqual([exampleCount, ...subject.layer.outputShape]);
      out.dispose();
    });

    it("gives the value", () => {
      const subject = new Subject(own);
      const x = subject.inputs();
      const value = numbers(() => subject.layer.apply(subject.tensors(), subject.input(x)));
      const truth = rowsOf(x, subject.inputSize).map((row) => subject.reference.apply(subject.weights, row));
      expect(relativeError(value, joined(truth))).toBeLessThan(singlePrecision);
    });

    it("pulls signals back as finite differences do", () => {
      const subject = new Subject(own);
      const [x, signal] = [subject.inputs(), subject.signals()];
      const pulled = numbers(() => subject.layer.pull(subject.tensors(), subject.input(x), subject.output(signal)));
      rowsOf(x, subject.inputSize).forEach((row, example) => {
        const share = rowOf(signal, subject.outputSize, example);
        const slopes = finiteDifferences((at) => dot(subject.reference.apply(subject.weights, at), share), row);
        expect(relativeError(rowOf(pulled, subject.inputSize, example), slopes)).toBeLessThan(singlePrecision);
      });
    });

    it("has the gradient of finite differences, summed over the examples", () => {
      const subject = new Subject(own);
      const [x, signal] = [subject.inputs(), subject.signals()];
      const whole = (weights: readonly ArrayLike<number>[]): number =>
        dot(joined(rowsOf(x, subject.inputSize).map((row) => subject.reference.apply(weights, row))), signal);
      const parts = tidy(() => [...subject.layer.gradient(subject.input(x), subject.output(signal))]);
      expect(parts).toHaveLength(subject.weights.length);
      parts.forEach((part, at) => {
        const slopes = finiteDifferences(
          (changed) => whole([...subject.weights].with(at, changed as never)),
          subject.weights[at]!,
        );
        expect(relativeError(part.dataSync(), slopes)).toBeLessThan(singlePrecision);
      });
      tf.dispose(parts);
    });

    it("knows the squared norm of each example's own gradient, for several signals", () => {
      const subject = new Subject(own);
      const x = subject.inputs();
      const signals = [subject.signals(), subject.signals()];
      const squares = tidy(() => [
        ...subject.layer.gradientSquares(
          subject.input(x),
          signals.map((signal) => subject.output(signal)),
        ),
      ]);
      expect(squares).toHaveLength(subject.weights.length > 0 ? signals.length : 0);
      squares.forEach((square, which) => {
        const truth = rowsOf(x, subject.inputSize).map((row, example) => {
          const slopes = subject.reference.gradient(row, rowOf(signals[which]!, subject.outputSize, example));
          return slopes.reduce((sum, slope) => sum + dot(slope, slope), 0);
        });
        expect(square.shape).toEqual([exampleCount]);
        expect(relativeError(square.dataSync(), truth)).toBeLessThan(singlePrecision);
      });
      tf.dispose(squares);
    });

    it.each([1e-8, 1e-6, 1e-4, 1e-2, 1])("carries a change of size %s exactly", (scale) => {
      const subject = new Subject(own);
      const [h, dh] = [subject.inputs(), subject.inputs(exampleCount, scale)];
      expect(pushError(subject, { h, dh, rate: scale })).toBeLessThan(promised);
    });

    it.each([1e-8, 1e-4, 1])("starts a change of rate %s where its input stays", (rate) => {
      const subject = new Subject(own);
      if (subject.weights.length === 0) return expect(subject.layer.weightShapes).toEqual([]);
      expect(pushError(subject, { h: subject.inputs(), dh: null, rate })).toBeLessThan(promised);
    });
  });

  it.each(["relu", "tanh", "sigmoid", "gelu"] as const)(
    "%s carries changes that leap over its saturated ends",
    (kind) => {
      const subject = new Subject({ spec: { kind }, shape: [64] });
      for (const [from, leap] of [
        [-4, 8],
        [5, -10],
        [-8, 16],
        [9, -18],
        [12, 1],
        [-12, 3],
      ] as const) {
        const h = Float32Array.from({ length: 64 }, (_, at) => from + at / 64);
        const dh = Float32Array.from({ length: 64 }, () => leap);
        expect(pushError(subject, { h, dh, rate: 1 }), `${kind} from ${from} by ${leap}`).toBeLessThan(promised);
      }
    },
  );

  it.each(["relu", "tanh", "sigmoid", "gelu"] as const)("%s carries changes from exactly zero", (kind) => {
    const subject = new Subject({ spec: { kind }, shape: [4] });
    const dh = Float32Array.of(1e-6, -1e-6, 1, -1);
    expect(pushError(subject, { h: new Float32Array(4), dh, rate: 1 })).toBeLessThan(promised);
  });

  it("max-pooling gives the signal of tied maxima to the first in reading order", () => {
    const subject = new Subject({ spec: { kind: "max-pool" }, shape: [5, 6, 2] });
    // Few different values, and many windows that are negative or zero all over.
    const x = Float32Array.from({ length: 2 * subject.inputSize }, () => subject.random.below(3) - 2);
    const signal = subject.signals(2);
    const pulled = numbers(() => subject.layer.pull([], subject.input(x), subject.output(signal)));
    const truth = rowsOf(x, subject.inputSize).map((row, example) =>
      subject.reference.pull([], row, rowOf(signal, subject.outputSize, example)),
    );
    expect([...pulled]).toEqual(joined(truth));
  });

  it("max-pooling carries a change that gives a tied window another winner", () => {
    const subject = new Subject({ spec: { kind: "max-pool" }, shape: [4, 4, 2] });
    const h = Float32Array.from({ length: 2 * subject.inputSize }, () => subject.random.below(2));
    expect(pushError(subject, { h, dh: subject.inputs(2, 1e-3), rate: 1 })).toBeLessThan(promised);
  });
});

interface Push {
  readonly h: Float32Array;
  readonly dh: Float32Array | null;
  readonly rate: number;
}

/** Distance of the carried change from the float64 difference of two passes with the weights before and after. */
function pushError(subject: Subject, { h, dh, rate }: Push): number {
  const { layer, reference, weights, inputSize, outputSize } = subject;
  const [anchor, signal] = [subject.inputs(1), subject.signals(1)];
  const out = numbers(() =>
    layer.push(subject.tensors(), layer.prepare(subject.input(h)), dh === null ? null : subject.input(dh), {
      x: subject.input(anchor),
      signal: subject.output(signal),
      rate: tf.scalar(rate),
    }),
  );
  const step = reference.gradient(anchor, signal);
  const single = Math.fround(rate);
  const after = weights.map((weight, part) =>
    Float64Array.from(weight, (value, at) => value - single * step[part]![at]!),
  );
  const truth = rowsOf(h, inputSize).map((row, example) => {
    const far = Float64Array.from(row, (value, at) => value + (dh ? rowOf(dh, inputSize, example)[at]! : 0));
    const before = reference.apply(weights, row);
    return reference.apply(after, far).map((value, at) => value - before[at]!);
  });
  if (out.length !== (h.length / inputSize) * outputSize) throw new RangeError(`${out.length} changes`);
  return relativeError(out, joined(truth));
}
