// The tangent hierarchy of a small explicit network in double precision: K3 and K4 against central differences, the paper's
// equation term by term, and what labels do to the label-aware part.
import { describe, expect, it } from "vitest";
import {
  fourthOrder,
  gaussianUnits,
  labelAwareParts,
  learnedWeights,
  pairMeans,
  type Unit,
} from "../../../src/lab/studies/labelAwarePart/hierarchy.ts";
import { twoLayerKernel } from "../../../src/math/arcCosine.ts";
import { eigenpairs } from "../../../src/math/eigenpairs.ts";
import { gram, zeros, type DoubleMatrix } from "../../../src/math/matrix.ts";
import { ridgeOf } from "../../../src/math/ridge.ts";
import { rng } from "../../../src/math/rng.ts";

const [width, inputCount, dimension] = [7, 4, 3];
const random = rng(5);
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
const inputs: DoubleMatrix = { rows: inputCount, columns: dimension, data: normals(inputCount * dimension) };
const input = (at: number): Float64Array => inputs.data.subarray(at * dimension, (at + 1) * dimension);
const grid = gram(inputs);

/** Output weights, then rows of W. */
type Weights = Float64Array;
const start: Weights = normals(width * (1 + dimension));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, at) => sum + value * b[at]!, 0);
const row = (weights: Weights, unit: number): Float64Array =>
  weights.subarray(width + unit * dimension, width + (unit + 1) * dimension);
const units = Array.from({ length: width }, (_, unit) => unit);
const score = (weights: Weights, x: number): number =>
  units.reduce((sum, unit) => sum + weights[unit]! * Math.max(0, dot(row(weights, unit), input(x))), 0) /
  Math.sqrt(width);

function gradient(weights: Weights, x: number): Float64Array {
  const made = new Float64Array(weights.length);
  for (const unit of units) {
    const inner = dot(row(weights, unit), input(x));
    made[unit] = Math.max(0, inner) / Math.sqrt(width);
    if (inner > 0)
      made.set(
        input(x).map((value) => (weights[unit]! * value) / Math.sqrt(width)),
        width + unit * dimension,
      );
  }
  return made;
}

const second = (weights: Weights, x: number, other: number): number =>
  dot(gradient(weights, x), gradient(weights, other));

const step = 1e-4;
const moved = (weights: Weights, direction: Float64Array, by: number): Weights =>
  weights.map((value, at) => value + by * direction[at]!);
/** <grad g, direction> by central differences. */
const slope = (g: (weights: Weights) => number, weights: Weights, direction: Float64Array): number =>
  (g(moved(weights, direction, step)) - g(moved(weights, direction, -step))) / (2 * step);

/** K3 as the file writes it out, from the units' outputs. */
function third(weights: Weights, x: number, other: number, z: number): number {
  return (
    units.reduce((sum, unit) => {
      const inner = (at: number): number => dot(row(weights, unit), input(at));
      const out = (at: number): number => Math.max(0, inner(at));
      const on = (at: number): number => (inner(at) > 0 ? 1 : 0);
      const product = (a: number, b: number): number => dot(input(a), input(b));
      const own =
        2 * on(x) * on(other) * product(x, other) * out(z) +
        on(z) * (on(x) * out(other) * product(x, z) + out(x) * on(other) * product(other, z));
      return sum + weights[unit]! * own;
    }, 0) /
    width ** 1.5
  );
}

const unitsOf = (weights: Weights): Unit[] =>
  units.map((unit) => ({
    inner: Float64Array.from({ length: inputCount }, (_, at) => dot(row(weights, unit), input(at))),
    square: weights[unit]! ** 2,
  }));

/** The sum over z, u of G_zu K4(x, x', z, u), by the study's own code. [x, x'] */
function fourth(weights: Weights, g: DoubleMatrix): Float64Array {
  const sum = new Float64Array(inputCount ** 2);
  const own = new Float64Array(inputCount ** 2);
  for (const unit of unitsOf(weights)) {
    fourthOrder(unit, grid, g, own);
    own.forEach((value, at) => (sum[at]! += value / width ** 2));
  }
  return sum;
}

const single = (z: number, u: number): DoubleMatrix => {
  const made = zeros(inputCount, inputCount);
  made.data[z * inputCount + u] = 1;
  return made;
};
const places = Array.from({ length: inputCount }, (_, at) => at);

describe("the tangent hierarchy", () => {
  it("has K3 as the change of K2 along each gradient", () => {
    for (const x of places)
      for (const other of places)
        for (const z of places)
          expect(third(start, x, other, z)).toBeCloseTo(
            slope((weights) => second(weights, x, other), start, gradient(start, z)),
            8,
          );
  });

  it("has K4 as the change of K3 along each gradient, K3 itself taken by differences of K2", () => {
    const change = (x: number, other: number, z: number) => (weights: Weights) =>
      slope((at) => second(at, x, other), weights, gradient(weights, z));
    for (const z of places)
      for (const u of places) {
        const found = fourth(start, single(z, u));
        const scale = Math.max(...found.map(Math.abs));
        for (const x of places)
          for (const other of places)
            expect(found[x * inputCount + other]! / scale).toBeCloseTo(
              slope(change(x, other, z), start, gradient(start, u)) / scale,
              6,
            );
      }
  });

  it("says how K2 and K3 move while gradient flow learns labels", () => {
    const labels = [1, -1, -1, 1];
    const flow = new Float64Array(start.length);
    const rest = places.map((at) => score(start, at) - labels[at]!);
    for (const at of places)
      gradient(start, at).forEach((value, weight) => (flow[weight]! -= (rest[at]! * value) / inputCount));
    const g = zeros(inputCount, inputCount);
    places.forEach((u) => (g.data[2 * inputCount + u] = rest[u]!));
    const found = fourth(start, g);
    for (const x of places)
      for (const other of places) {
        const second3 = places.reduce((sum, at) => sum - (third(start, x, other, at) * rest[at]!) / inputCount, 0);
        expect(slope((weights) => second(weights, x, other), start, flow)).toBeCloseTo(second3, 8);
        expect(slope((weights) => third(weights, x, other, 2), start, flow)).toBeCloseTo(
          -found[x * inputCount + other]! / inputCount,
          8,
        );
      }
  });
});

const kernel = twoLayerKernel(inputs);
const labels = [1, 1, -1, -1];

describe("the label-aware part", () => {
  it("weighs K4 as both terms of the paper's equation do", () => {
    const k4 = Float64Array.from({ length: inputCount ** 2 }, (_, at) => Math.cos(3 * at + 1));
    const { values: d, vectors } = eigenpairs(kernel, inputCount);
    const p = (at: number, mode: number): number => vectors.data[mode * inputCount + at]!;
    const alpha = ridgeOf(kernel, 0).solve({ rows: inputCount, columns: 1, data: Float64Array.from(labels) }).data;
    const first = places.reduce(
      (sum, i) => sum + places.reduce((own, j) => own + alpha[i]! * k4[i * inputCount + j]! * alpha[j]!, 0),
      0,
    );
    // Q_ij = (P' K4 P D^-1)_ij / (D_i + D_j)
    const q = (i: number, j: number): number =>
      places.reduce(
        (sum, s) => sum + places.reduce((own, t) => own + p(s, i) * k4[s * inputCount + t]! * p(t, j), 0),
        0,
      ) /
      d[j]! /
      (d[i]! + d[j]!);
    const c = places.map((mode) => places.reduce((sum, at) => sum + p(at, mode) * labels[at]!, 0));
    const last = places.reduce((sum, i) => sum + places.reduce((own, j) => own + c[i]! * q(i, j) * c[j]!, 0), 0);
    expect(dot(learnedWeights(kernel, labels).data, k4)).toBeCloseTo(first - last, 10);
  });

  const partsOf = (labelings: readonly number[][], draws = 4000, seed = 1) =>
    labelAwareParts({ grid, kernel, labelings, width: 10, draws, random: rng(seed), breathe: async () => undefined });

  it("is the same when all labels are turned round, and symmetric", async () => {
    const [one, other] = await partsOf([labels, labels.map((label) => -label)], 500);
    other!.part.data.forEach((value, at) => expect(value).toBeCloseTo(one!.part.data[at]!, 12));
    for (const x of places)
      for (const y of places) expect(one!.part.data[x * inputCount + y]).toBe(one!.part.data[y * inputCount + x]);
  });

  it("is a mean of two independent lots of draws within a few standard errors", async () => {
    const [one] = await partsOf([labels], 4000, 1);
    const [other] = await partsOf([labels], 4000, 2);
    one!.part.data.forEach((value, at) => {
      const error = Math.hypot(one!.errors.data[at]!, other!.errors.data[at]!);
      expect(Math.abs(value - other!.part.data[at]!)).toBeLessThan(4.5 * error);
    });
    const [intra, inter] = pairMeans(one!.part.data, labels);
    expect(one!.intra.mean).toBeCloseTo(intra, 10);
    expect(one!.difference.mean).toBeCloseTo(intra - inter, 10);
  });

  it("makes inputs of one label more alike than of two, whatever the labels are", async () => {
    // Eight inputs that are no two of them much more alike than others.
    const length = 40;
    const data = Float64Array.from({ length: 8 * length }, () => 0.5 + random.normal());
    const eight = { rows: 8, columns: length, data };
    const found = await labelAwareParts({
      grid: gram(eight),
      kernel: twoLayerKernel(eight),
      labelings: [
        [1, 1, 1, 1, -1, -1, -1, -1],
        [1, -1, 1, -1, 1, -1, 1, -1],
        [1, -1, -1, 1, -1, 1, 1, -1],
      ],
      width: 1,
      draws: 4000,
      random: rng(3),
      breathe: async () => undefined,
    });
    for (const { difference } of found) expect(difference.mean).toBeGreaterThan(5 * difference.error);
  });

  it("draws units whose mean kernel is the closed form", () => {
    const unit = gaussianUnits(grid, rng(8));
    const sum = new Float64Array(inputCount ** 2);
    const draws = 40000;
    for (let draw = 0; draw < draws; draw++) {
      const { inner } = unit();
      for (const x of places)
        for (const y of places)
          sum[x * inputCount + y]! +=
            (Math.max(0, inner[x]!) * Math.max(0, inner[y]!) +
              (inner[x]! > 0 && inner[y]! > 0 ? grid.data[x * inputCount + y]! : 0)) /
            draws;
    }
    sum.forEach((value, at) => expect(Math.abs(value - kernel.data[at]!)).toBeLessThan(0.03 * (1 + kernel.data[0]!)));
  });

  it("refuses two inputs that are the same", () => {
    const twice = { rows: 2, columns: 2, data: Float64Array.of(1, 1, 1, 1) };
    expect(() => learnedWeights(twice, [1, -1])).toThrow(/singular/);
  });
});
