// Every measure against numbers worked out by hand, its signs, and what it says where there is nothing to divide by.
import { beforeAll, describe, expect, it } from "vitest";
import { kernelized } from "../../src/lab/measures/kernelized.ts";
import { norm } from "../../src/lab/measures/norm.ts";
import { normalised } from "../../src/lab/measures/normalised.ts";
import { probability, probabilityChange } from "../../src/lab/measures/probability.ts";
import { relative } from "../../src/lab/measures/relative.ts";
import { sensitivity } from "../../src/lab/measures/sensitivity.ts";
import { measures } from "../../src/lab/catalogue.ts";
import type { Matrix, Measure, Response } from "../../src/lab/contracts.ts";
import { activate } from "../../src/lab/tensor/tf.ts";
import { rng } from "../../src/math/rng.ts";
import { dot } from "../helpers/compare.ts";
import { nodeHost } from "../helpers/host.ts";
import { softmax } from "../helpers/reference.ts";
import { fc, forAll } from "../helpers/property.ts";
import { inputOf, responsesOf, subjectOf } from "../helpers/subject.ts";
import { normals, toyDataset, toyNetworks } from "../helpers/toy.ts";

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

/** Two anchors (of class 0 and class 1), two probes, three outputs. */
const response: Response = {
  anchorLabels: Uint8Array.of(0, 1),
  stepSize: Float64Array.of(0.5, 0.25),
  lossSlope: matrix([
    [-0.8, 0.5, 0.3],
    [0.25, -0.5, 0.25],
  ]),
  anchorBefore: matrix([
    [1, 0, 0],
    [0, 2, 1],
  ]),
  anchorChange: matrix([
    [2, -2, 1],
    [0.5, 4, -2],
  ]),
  anchorRounding: Float64Array.of(1e-5, 1e-5),
  anchorSensitivity: Float64Array.of(4, 8),
  before: matrix([
    [0, 1, 2],
    [3, 0, 0],
  ]),
  // Each row: probe 0 (three outputs), probe 1 (three outputs).
  change: matrix([
    [1, -0.5, 0.25, -3, 2, 6],
    [0.1, -2, 0.2, 0.4, 3, 0],
  ]),
  sensitivity: matrix([
    [2, 6],
    [5, 4],
  ]),
};

/** numerator / denominator. [anchor][probe] */
function valuesOf(measure: Measure, of: Response): number[][] {
  const { columns, data } = measure.numerator(of);
  return Array.from(measure.denominator(of), (below, row) =>
    Array.from(data.subarray(row * columns, (row + 1) * columns), (top) => top / below),
  );
}

function expectClose(values: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  values.flat().forEach((value, at) => expect(value).toBeCloseTo(expected.flat()[at]!, 6));
  expect(values.map((row) => row.length)).toEqual(expected.map((row) => row.length));
}

describe("a measure", () => {
  it("relative: size of the own score's change, over that at the anchor", () => {
    expectClose(valuesOf(relative, response), [
      [1 / 2, 3 / 2],
      [2 / 4, 3 / 4],
    ]);
  });

  it("norm: 2-norm of the change of all scores, over that at the anchor", () => {
    expectClose(valuesOf(norm, response), [
      [Math.sqrt(1 + 0.25 + 0.0625) / 3, 7 / 3],
      [Math.sqrt(0.01 + 4 + 0.04) / 4.5, Math.sqrt(0.16 + 9) / 4.5],
    ]);
  });

  it("sensitivity: each change over how easily that image's own score moves", () => {
    expectClose(valuesOf(sensitivity, response), [
      [1 / 2 / (2 / 4), 3 / 6 / (2 / 4)],
      [2 / 5 / (4 / 8), 3 / 4 / (4 / 8)],
    ]);
  });

  it("kernelized: signed; positive where the probe's score rises with the anchor's", () => {
    expectClose(valuesOf(kernelized, response), [
      [1 / (0.5 * 0.8), -3 / (0.5 * 0.8)],
      [-2 / (0.25 * 0.5), 3 / (0.25 * 0.5)],
    ]);
  });

  it("normalised: the kernelized one over both sensitivities, signed", () => {
    expectClose(valuesOf(normalised, response), [
      [1 / 0.4 / (4 * 2), -3 / 0.4 / (4 * 6)],
      [-2 / 0.125 / (8 * 5), 3 / 0.125 / (8 * 4)],
    ]);
  });

  it("probability: size of the change of softmax, over that at the anchor", () => {
    const moved = (before: readonly number[], change: readonly number[], label: number): number =>
      Math.abs(softmax(before.map((value, at) => value + change[at]!))[label]! - softmax(before)[label]!);
    const [own, other] = [moved([1, 0, 0], [2, -2, 1], 0), moved([0, 2, 1], [0.5, 4, -2], 1)];
    expectClose(valuesOf(probability, response), [
      [moved([0, 1, 2], [1, -0.5, 0.25], 0) / own, moved([3, 0, 0], [-3, 2, 6], 0) / own],
      [moved([0, 1, 2], [0.1, -2, 0.2], 1) / other, moved([3, 0, 0], [0.4, 3, 0], 1) / other],
    ]);
  });

  it("is signed exactly where it can be negative", () => {
    for (const measure of measures)
      expect(
        valuesOf(measure, response)
          .flat()
          .some((value) => value < 0),
        measure.id,
      ).toBe(measure.signed);
  });

  it.each(measures.map((measure) => [measure.id, measure] as const))(
    "%s has no value for an anchor that does not move, and keeps the other row",
    (_id, measure) => {
      const still: Response = {
        ...response,
        anchorChange: matrix([
          [0, 0, 0],
          [0.5, 4, -2],
        ]),
      };
      const [first, second] = valuesOf(measure, still);
      expect(first!.every(Number.isNaN)).toBe(true);
      expect(second).toEqual(valuesOf(measure, response)[1]);
    },
  );

  it.each(measures.map((measure) => [measure.id, measure] as const))(
    "%s has no value where what it divides by is no larger than its rounding error",
    (_id, measure) => {
      const rounding: Response = {
        ...response,
        anchorChange: matrix([
          [1e-6, 5, -5],
          [0.5, 4, -2],
        ]),
      };
      // All scores together do move.
      const isMeasurable = measure === norm;
      expect(valuesOf(measure, rounding)[0]!.every((value) => Number.isNaN(value) !== isMeasurable)).toBe(true);
    },
  );

  it.each(measures.map((measure) => [measure.id, measure] as const))(
    "%s has no value where no step size was found",
    (_id, measure) => {
      const none: Response = {
        ...response,
        stepSize: Float64Array.of(NaN, 0.25),
        anchorChange: matrix([
          [NaN, NaN, NaN],
          [0.5, 4, -2],
        ]),
        change: matrix([
          [NaN, NaN, NaN, NaN, NaN, NaN],
          [0.1, -2, 0.2, 0.4, 3, 0],
        ]),
      };
      expect(valuesOf(measure, none)[0]!.every(Number.isNaN)).toBe(true);
      expect(valuesOf(measure, none)[1]!.every(Number.isFinite)).toBe(true);
    },
  );
});

describe("the change of a probability", () => {
  const scores = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 3, maxLength: 3 });

  it("is the direct difference in float64", () => {
    forAll(fc.tuple(scores, scores, fc.integer({ min: 0, max: 2 })), ([before, change, label]) => {
      const after = before.map((value, at) => value + change[at]!);
      const direct = softmax(after)[label]! - softmax(before)[label]!;
      expect(Math.abs(probabilityChange(before, change, label) - direct)).toBeLessThan(1e-12);
    });
  });

  it("keeps its digits where the difference of two passes has none", () => {
    const before = [0.3, -1.2, 2.1];
    const [p0, p1, p2] = softmax(before) as [number, number, number];
    const change = [1e-13, -2e-13, 5e-14];
    // First order: p_y (d_y - sum p d).
    const expected = p0 * (change[0]! - (p0 * change[0]! + p1 * change[1]! + p2 * change[2]!));
    expect(probabilityChange(before, change, 0) / expected).toBeCloseTo(1, 8);
  });

  it("does not overflow", () => {
    expect(probabilityChange([900, 0], [-1800, 0], 0)).toBeCloseTo(-1, 12);
    expect(probabilityChange([0, 900], [1800, 0], 0)).toBeCloseTo(1, 12);
  });
});

describe("on a real model", () => {
  beforeAll(() => activate("wasm", nodeHost));

  it.each([1e-8, 1e-2])("kernelized similarity of the linear model is x . x' + 1, with steps of %s", async (eta) => {
    const dataset = toyDataset({ shape: [5, 4, 2], classCount: 4, trainPerClass: 2, testPerClass: 3 });
    const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss: "cross-entropy" });
    const state = subject.learner.restore([normals(rng(4), 160, 0.2), normals(rng(5), 4, 0.2)]);
    const [anchors, probes] = [
      [0, 3, 5],
      [0, 8, 12, 16, 19],
    ];
    const responses = await responsesOf(
      { learner: subject.learner, state },
      { anchors, probes, rule: { rule: "fixed", eta } },
    );
    responses.forEach((own, row) => {
      const a = inputOf(dataset, anchors[row]!);
      valuesOf(kernelized, own)[0]!.forEach((value, column) => {
        const kernel = dot(inputOf(dataset, probes[column]!), a) + 1;
        expect(Math.abs(value - kernel)).toBeLessThan(1e-5 * (dot(a, a) + 1));
      });
      // Its cosine, and 1 at the anchor itself.
      expect(
        valuesOf(normalised, { ...own, stepSize: own.stepSize })[0]!.every((value) => Math.abs(value) < 1.00001),
      ).toBe(true);
    });
    expect(valuesOf(normalised, responses[0]!)[0]![0]).toBeCloseTo(1, 5);
    subject.learner.release(state);
    subject.release();
  });
});
