// Similarities of steps against float64: closed forms, gradients by central differences, and what their definition says.
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../src/lab/contracts.ts";
import { limitEffects, probabilityChange, similarityOf } from "../../../src/lab/studies/clustering/similarity.ts";
import { rng } from "../../../src/math/rng.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { twoLayerKernel, type TwoLayers } from "../../helpers/closedForm.ts";

const random = rng(3);
const [inputSize, width, n] = [5, 9, 7];
const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
const inputs = Array.from({ length: n }, () => numbers(inputSize));
const net: TwoLayers = {
  unit: "relu",
  inner: Array.from({ length: width }, () => numbers(inputSize)),
  bias: numbers(width),
  outer: numbers(width),
};
const shift = 0.2;

function score({ inner, bias, outer }: TwoLayers, constant: number, x: Float64Array): number {
  return inner.reduce((sum, w, r) => sum + outer[r]! * Math.max(0, dot(w, x) + bias[r]!), constant);
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** d probability / d(every weight), by central differences. */
function probabilityGradient(x: Float64Array): number[] {
  const step = 1e-5;
  const weights = [
    ...net.inner.flatMap((w) => Array.from(w)),
    ...Array.from(net.bias),
    ...Array.from(net.outer),
    shift,
  ];
  const valueAt = (all: readonly number[]): number => {
    const inner = net.inner.map((_, r) => all.slice(r * inputSize, (r + 1) * inputSize));
    const rest = all.slice(width * inputSize);
    const made = { ...net, inner, bias: rest.slice(0, width), outer: rest.slice(width, 2 * width) };
    return sigmoid(score(made, rest[2 * width]!, x));
  };
  return weights.map((weight, at) => {
    const [above, below] = [weights.with(at, weight + step), weights.with(at, weight - step)];
    return (valueAt(above) - valueAt(below)) / (2 * step);
  });
}

const square = (entry: (a: number, p: number) => number): Matrix => ({
  rows: n,
  columns: n,
  data: Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n)),
});
const kernel = square((a, p) => twoLayerKernel(net, inputs[a]!, inputs[p]!));
const scores = inputs.map((x) => score(net, shift, x));
const all = inputs.map((_, at) => at);

describe("limitEffects and similarityOf", () => {
  it("are the kernel itself for the squared error", () => {
    const { data } = similarityOf(limitEffects(kernel, scores, "l2"), all, "kernelized");
    expect(relativeError(data, kernel.data)).toBeLessThan(1e-14);
  });

  it("are inner products of the gradients of the probability, by central differences, for cross-entropy", () => {
    const gradients = inputs.map(probabilityGradient);
    const expected = square((a, p) => dot(gradients[a]!, gradients[p]!));
    const { data } = similarityOf(limitEffects(kernel, scores, "bce"), all, "kernelized");
    expect(relativeError(data, expected.data)).toBeLessThan(1e-7);
  });

  it.each(["l2", "bce"] as const)("divide every row by its own change, then are symmetrised, %s", (loss) => {
    const { data } = similarityOf(limitEffects(kernel, scores, loss), all, "relative");
    const gain = (at: number): number => (loss === "l2" ? 1 : sigmoid(scores[at]!) * (1 - sigmoid(scores[at]!)));
    const row = (a: number, p: number): number =>
      Math.abs((kernel.data[a * n + p]! * gain(p)) / (kernel.data[a * n + a]! * gain(a)));
    expect(relativeError(data, square((a, p) => (row(a, p) + row(p, a)) / 2).data)).toBeLessThan(1e-12);
    for (const a of all) expect(data[a * n + a]).toBeCloseTo(1, 12);
  });

  it("are cosines where normalised, the same for both losses", () => {
    const cosine = square(
      (a, p) => kernel.data[a * n + p]! / Math.sqrt(kernel.data[a * (n + 1)]! * kernel.data[p * (n + 1)]!),
    );
    for (const loss of ["l2", "bce"] as const) {
      const { data } = similarityOf(limitEffects(kernel, scores, loss), all, "normalised");
      expect(relativeError(data, cosine.data)).toBeLessThan(1e-12);
    }
  });

  it("leave out what is not kept", () => {
    const effects = limitEffects(kernel, scores, "l2");
    const whole = similarityOf(effects, all, "relative");
    const some = similarityOf(effects, [1, 4, 6], "relative");
    expect(Array.from(some.data)).toEqual([1, 4, 6].flatMap((a) => [1, 4, 6].map((p) => whole.data[a * n + p]!)));
  });

  it("cannot measure an image whose own change is rounding, or whose probability is saturated", () => {
    const faint = square((a, p) => (a === 2 && p === 2 ? 1e-9 : kernel.data[a * n + p]!));
    expect(limitEffects(faint, scores, "l2").measurable).toEqual(all.map((at) => at !== 2));
    const sure = scores.map((value, at) => (at === 5 ? 40 : at === 1 ? -40 : value));
    expect(limitEffects(kernel, sure, "bce").measurable).toEqual(all.map((at) => at !== 5 && at !== 1));
    expect(limitEffects(kernel, sure, "l2").measurable).toEqual(all.map(() => true));
  });
});

describe("probabilityChange", () => {
  it("is the difference of two probabilities, where that can be taken", () => {
    for (const z of [-3, -0.1, 0, 2])
      for (const d of [-50, -4, -0.3, 0, 0.3, 4, 50]) {
        const expected = sigmoid(z + d) - sigmoid(z);
        expect(Math.abs(probabilityChange(z, d) - expected)).toBeLessThan(1e-15);
      }
  });

  it("keeps its digits where the difference loses them", () => {
    for (const z of [-30, -5, 0, 5, 30])
      for (const d of [-1e-12, 1e-12]) {
        // sigmoid'(z) d, and the second order is 1e-12 of it.
        const [small] = [Math.exp(-Math.abs(z))];
        expect(probabilityChange(z, d) / ((small / (1 + small) ** 2) * d)).toBeCloseTo(1, 11);
      }
  });
});
