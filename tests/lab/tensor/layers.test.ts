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
  ...(["same", "valid"] as const).flatMap((padding): Case[] =>
    [1, 2, 3].flatMap((stride) =>
      [
        [7, 5, 2],
        [4, 4, 1],
        [6, 9, 3],
      ].map((shape, at): Case => ({
        spec: { kind: "conv", channels: 3, kernel: [3, 4, 2][at]!, stride, padding },
        shape,
      })),
    ),
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
  ...(["max-pool", "average-pool"] as const).flatMap((kind) =>
    (["same", "valid"] as const).flatMap((padding): Case[] => [
      { spec: { kind, size: 3, stride: 2, padding }, shape: [7, 6, 2] },
      { spec: { kind, size: 2, stride: 1, padding }, shape: [3, 5, 3] },
      { spec: { kind, size: 3, padding }, shape: [7, 6, 2] },
      { spec: { kind, size: 1, stride: 2, padding }, shape: [4, 3, 1] },
    ]),
  ),
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

  describe.each(cases.map((own) => [JSON.stringify(own.spec), own.shape.join(" x "), own] as const))(
    "%s of %s",
    (_spec, _shape, own) => {
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
            const slopes = subject.reference.gradient(
              subject.weights,
              row,
              rowOf(signals[which]!, subject.outputSize, example),
            );
            return slopes.reduce((sum, slope) => sum + dot(slope, slope), 0);
          });
          expect(square.shape).toEqual([exampleCount]);
          expect(relativeError(square.dataSync(), truth)).toBeLessThan(singlePrecision);
        });
        tf.dispose(squares);
      });

      it.each([1, 3])("knows the inner products of each two examples' own gradients of %i signals", (signalCount) => {
        const subject = new Subject(own);
        const x = subject.inputs();
        const signals = Array.from({ length: signalCount }, () => subject.signals());
        const factors = tidy(() => [
          ...subject.layer.gramFactors(
            subject.input(x),
            signals.map((signal) => subject.output(signal)),
          ),
        ]);
        if (subject.weights.length === 0) return expect(factors).toEqual([]);
        const gradients = rowsOf(x, subject.inputSize).map((row, example) =>
          signals.flatMap((signal) =>
            joined(subject.reference.gradient(subject.weights, row, rowOf(signal, subject.outputSize, example))),
          ),
        );
        const rows = factors.map((factor) => rowsOf(factor.rows.dataSync() as Float32Array, factor.rows.shape[1]!));
        const made = gradients.flatMap((_, a) =>
          gradients.map((_other, b) =>
            factors.reduce((product, { plus }, at) => product * (dot(rows[at]![a]!, rows[at]![b]!) + plus), 1),
          ),
        );
        const truth = gradients.flatMap((a) => gradients.map((b) => dot(a, b)));
        expect(relativeError(made, truth)).toBeLessThan(singlePrecision);
        tf.dispose(factors.map((factor) => factor.rows));
      });

      it.each([1e-8, 1e-6, 1e-4, 1e-2, 1])("carries a change of size %s exactly", (scale) => {
        const subject = new Subject(own);
        const [h, dh] = [subject.inputs(), subject.inputs(exampleCount, scale)];
        expect(pushError(subject, { h, dh, rate: scale })).toBeLessThan(promised);
      });

      it("goes to the directional derivative as the step goes to 0", () => {
        const subject = new Subject(own);
        const [h, dh] = [subject.inputs(), subject.inputs()];
        expect(limitError(subject, { h, dh, rate: 1 })).toBeLessThan(promised);
      });

      it.each([1e-8, 1e-4, 1])("starts a change of rate %s where its input stays", (rate) => {
        const subject = new Subject(own);
        if (subject.weights.length === 0) return expect(subject.layer.weightShapes).toEqual([]);
        expect(pushError(subject, { h: subject.inputs(), dh: null, rate })).toBeLessThan(promised);
      });
    },
  );

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

  describe.each(["tanh", "sigmoid", "gelu"] as const)("%s", (kind) => {
    it.each([1e-12, 1e-9, 1e-6, 1e-3, 0.03, 0.1, 0.2, 0.5, 1, 3, 10])("carries changes of size %s", (scale) => {
      const subject = new Subject({ spec: { kind }, shape: [500] });
      const [h, dh] = [subject.inputs(1, 2), subject.inputs(1, scale)];
      const moved = numbers(() =>
        subject.layer.push(
          [],
          subject.layer.prepare(subject.input(h)).map((part) => tf.reshape(part, [1, 1, -1])),
          tf.tensor(dh, [1, 1, h.length]),
          { slopes: [], multiples: tf.tensor1d([1]) },
        ),
      );
      expect(relativeError(moved, slopesSummed(subject, h, dh))).toBeLessThan(singlePrecision);
    });
  });

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

/** The change of a smooth activation as the integral of its float64 slope, in which nothing cancels: Gauss's rule on short stretches. */
function slopesSummed({ reference }: Subject, h: Float32Array, dh: Float32Array): Float64Array {
  const nodes = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
  const weights = [
    0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908,
  ];
  const stretches = Math.ceil(20 * Math.max(...dh.map(Math.abs)));
  const sum = new Float64Array(h.length);
  for (let stretch = 0; stretch < stretches; stretch++)
    for (const [which, node] of nodes.entries()) {
      const way = (stretch + (1 + node) / 2) / stretches;
      const at = Float64Array.from(h, (value, place) => value + way * dh[place]!);
      const share = Float64Array.from(dh, (value) => (value * weights[which]!) / 2 / stretches);
      reference.pull([], at, share).forEach((value, place) => (sum[place]! += value));
    }
  return sum;
}

interface Push {
  readonly h: Float32Array;
  /** The same under every anchor. */
  readonly dh: Float32Array | null;
  readonly rate: number;
}

const anchorCount = 3;

/** What `push` makes of steps on some anchors, and the weights' change by each; scaled by `scale` on the way. */
function pushedBy(
  subject: Subject,
  { h, dh, rate, scale = 1 }: Push & { scale?: number },
): { all: Float32Array; each: Float32Array; steps: Float64Array[][] } {
  const { layer, reference, weights, inputSize, outputSize } = subject;
  const [anchors, signals] = [subject.inputs(anchorCount), subject.signals(anchorCount)];
  // One step is twice, one half as long.
  const rates = [rate, 2 * rate, rate / 2].map(Math.fround);
  const steps = rates.map((own, anchor) =>
    reference
      .gradient(weights, rowOf(anchors, inputSize, anchor), rowOf(signals, outputSize, anchor))
      .map((slope) => slope.map((value) => -own * value)),
  );
  const made = (probes: Float32Array, of: "all" | "each"): Float32Array =>
    numbers(() => {
      const probeCount = of === "all" ? probes.length / inputSize : 1;
      const lead = of === "all" ? [1, probeCount] : [anchorCount, 1];
      const moved =
        dh &&
        Float32Array.from({ length: anchorCount * probeCount * inputSize }, (_, at) => scale * dh[at % dh.length]!);
      return layer.push(
        subject.tensors(),
        layer.prepare(subject.input(probes)).map((part) => tf.reshape(part, [...lead, -1])),
        moved && tf.tensor(moved, [anchorCount, probeCount, inputSize]),
        {
          slopes: [...layer.slopes(subject.input(anchors), subject.output(signals))],
          multiples: tf.tensor1d(rates.map((own) => -own * scale)),
        },
      );
    }).map((value) => value / scale);
  const oneEach = Float32Array.from({ length: anchorCount * inputSize }, (_, at) => h[at % h.length]!);
  return { all: made(h, "all"), each: made(oneEach, "each"), steps };
}

type Truth = (
  row: Float32Array,
  dh: (factor: number) => Float64Array,
  weights: (factor: number) => Float64Array[],
) => Float64Array;

/** The larger distance of what `push` made from a truth in float64: with the same probes for all anchors, and with one for each. */
function distance(
  subject: Subject,
  { h, dh }: Push,
  { all, each, steps }: ReturnType<typeof pushedBy>,
  truth: Truth,
): number {
  const { weights, inputSize } = subject;
  const of = (row: Float32Array, anchor: number, change: Float32Array | null): Float64Array =>
    truth(
      row,
      (factor) => Float64Array.from(row, (value, at) => value + factor * (change?.[at] ?? 0)),
      (factor) =>
        weights.map((weight, part) =>
          Float64Array.from(weight, (value, at) => value + factor * steps[anchor]![part]![at]!),
        ),
    );
  const rows = rowsOf(h, inputSize);
  const changes = rows.map((_, probe) => dh && rowOf(dh, inputSize, probe % (dh.length / inputSize)));
  const whole = steps.flatMap((_, anchor) => rows.map((row, probe) => of(row, anchor, changes[probe]!)));
  const own = steps.map((_, anchor) => of(rows[anchor % rows.length]!, anchor, changes[anchor % rows.length]!));
  return Math.max(relativeError(all, joined(whole)), relativeError(each, joined(own)));
}

/** Distance of the carried change from the float64 difference of two passes with the weights before and after. */
function pushError(subject: Subject, push: Push): number {
  return distance(subject, push, pushedBy(subject, push), (row, far, weights) => {
    const before = subject.reference.apply(subject.weights, row);
    return subject.reference.apply(weights(1), far(1)).map((value, at) => value - before[at]!);
  });
}

/** Distance of a very short carried change, scaled up again, from the central difference of the float64 layer. */
function limitError(subject: Subject, push: Push): number {
  const width = 1e-6;
  return distance(subject, push, pushedBy(subject, { ...push, scale: 2 ** -60 }), (_row, far, weights) => {
    const behind = subject.reference.apply(weights(-width), far(-width));
    return subject.reference.apply(weights(width), far(width)).map((value, at) => (value - behind[at]!) / (2 * width));
  });
}
