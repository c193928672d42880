// Kernel regression beside the network: against the linear model, whose kernel is known and never moves, ridge regression on its
// pixels solved another way, and what small networks must agree on.
import { beforeAll, describe, expect, it } from "vitest";
import type { DatasetPlugin } from "../../../src/lab/contracts.ts";
import { openDataset, type Dataset } from "../../../src/lab/dataset.ts";
import { drawn } from "../../../src/lab/datasets/drawn.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { relation, relations } from "../../../src/lab/relation.ts";
import { kernelRegression } from "../../../src/lab/studies/kernelRegression.ts";
import {
  machines,
  regressed,
  ridgeOn,
  type RegressionFinding,
} from "../../../src/lab/studies/kernelRegression/measure.ts";
import { choiceOf, regressionKey, type RegressionParams } from "../../../src/lab/studies/kernelRegression/setting.ts";
import { overSeeds, relatedMean } from "../../../src/lab/studies/kernelRegression/summary.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy, type StudySpec } from "../../../src/lab/study.ts";
import { gram, type DoubleMatrix } from "../../../src/math/matrix.ts";
import { rng } from "../../../src/math/rng.ts";
import { interval, mean } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object): StudySpec => parseStudy({ study: "kernel-regression", params }, studies);
const paramsOf = (spec: StudySpec): RegressionParams => spec.params as unknown as RegressionParams;

const lab = localLab(nodeHost);
beforeAll(() => lab.chooseBackend("wasm"));

async function found(spec: StudySpec, known: ReadonlySet<string> = new Set()): Promise<Map<string, RegressionFinding>> {
  const findings = new Map<string, RegressionFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, known }))
    if (event.kind === "finding") findings.set(event.key, event.value as RegressionFinding);
  return findings;
}

const dataOf = (params: RegressionParams): Promise<Dataset> =>
  openDataset(drawn as unknown as DatasetPlugin, { ...choiceOf(params), params: defaults(drawn.params) }, nodeHost);

const small = { trainPerClass: 4, testPerClass: 3, anchorsPerClass: 2, epochs: [0, 2], seeds: [1, 2], batchSize: 10 };

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};

describe("the linear model", () => {
  const spec = specOf({ ...small, model: "linear", ridge: 0.05 });
  const params = paramsOf(spec);
  let findings = new Map<string, RegressionFinding>();
  let dataset: Dataset;
  beforeAll(async () => {
    findings = await found(spec);
    dataset = await dataOf(params);
  }, 60000);
  const at = (seed: number, epoch: number): RegressionFinding => findings.get(regressionKey(params, seed, epoch))!;

  it("has a kernel that stands still, so both machines are one", () => {
    expect([...findings.keys()]).toEqual(kernelRegression.keys(params as never));
    for (const finding of findings.values()) {
      expect(finding.accuracy.now).toBe(finding.accuracy.frozen);
      expect(finding.moved).toBeLessThan(1e-9);
      finding.response.now.forEach((value, cell) => expect(value).toBeCloseTo(finding.response.frozen[cell]!, 5));
    }
    expect(at(1, 2).accuracy.frozen).toBe(at(2, 0).accuracy.frozen);
  });

  it("is ridge regression on the pixels and a constant, solved by conjugate gradients on the weights", () => {
    const { trainCount, testCount, labels, outputCount: classCount } = dataset;
    const inputs = Array.from({ length: trainCount + testCount }, (_, id) => Float64Array.of(...dataset.read([id]), 1));
    const training = inputs.slice(0, trainCount);
    // Its kernel is that of one output, C times over, and the ridge a share of its mean diagonal.
    const ridge = 0.05 * mean(training.map((x) => dot(x, x)));
    const weights = Array.from({ length: classCount }, (_, output) =>
      ridgeWeights(
        training,
        training.map((_x, id) => (labels[id] === output ? 1 : 0) - 1 / classCount),
        ridge,
      ),
    );
    const rightly = (from: number, count: number): number =>
      mean(
        Array.from({ length: count }, (_, row) => {
          const scores = weights.map((own) => dot(own, inputs[from + row]!));
          return scores.indexOf(Math.max(...scores)) === labels[from + row] ? 1 : 0;
        }),
      );
    expect(at(1, 2).accuracy.now).toBeCloseTo(rightly(trainCount, testCount), 12);
    expect(at(1, 2).fit.now).toBeCloseTo(rightly(0, trainCount), 12);
  });

  it("responds as its closed form |x . x' + 1| / (|x|² + 1), network and machines alike", () => {
    const { classes, labels, trainCount, testCount } = dataset;
    const input = (id: number) => dataset.read([id]);
    classes.forEach((learned, row) =>
      classes.forEach((watched, column) => {
        const wanted = mean(
          [0, 1].flatMap((index) => {
            const x = input(row * params.trainPerClass + index);
            return Array.from({ length: testCount }, (_, probe) => trainCount + probe)
              .filter((probe) => classes[labels[probe]!] === watched)
              .map((probe) => Math.abs(dot(x, input(probe)) + 1) / (dot(x, x) + 1));
          }),
        );
        for (const machine of machines)
          expect(at(2, 2).response[machine][row * classes.length + column]).toBeCloseTo(wanted, 4);
        expect(relation(learned, watched) === "same").toBe(row === column);
      }),
    );
  });
});

describe("a network that learns features", () => {
  const spec = specOf({
    ...small,
    model: "mlp",
    classes: ["plane", "tiger", "cat"],
    epochs: [0, 2, 4],
    stepSize: 0.05,
  });
  const params = paramsOf(spec);
  let findings = new Map<string, RegressionFinding>();
  beforeAll(async () => {
    findings = await found(spec);
  }, 60000);

  it("is its own frozen kernel at the start, and leaves it behind", () => {
    for (const seed of params.seeds) {
      const [start, middle, end] = [0, 2, 4].map((epoch) => findings.get(regressionKey(params, seed, epoch))!);
      expect(start!.accuracy.now).toBe(start!.accuracy.frozen);
      expect(start!.response.now).toEqual(start!.response.frozen);
      expect(start!.moved).toBeLessThan(1e-12);
      for (const { moved } of [middle!, end!]) expect(moved).toBeGreaterThan(1e-4);
      // The frozen machine is the same at every moment.
      for (const later of [middle!, end!]) {
        expect(later.accuracy.frozen).toBe(start!.accuracy.frozen);
        expect(later.response.frozen).toEqual(start!.response.frozen);
      }
    }
  });

  it("finds only what is missing, with the kernel of the same start", async () => {
    const lost = regressionKey(params, 2, 4);
    const known = new Set(kernelRegression.keys(params as never).filter((key) => key !== lost));
    expect([...(await found(spec, known))]).toEqual([[lost, findings.get(lost)]]);
    expect(kernelRegression.together!(params as never).map((keys) => keys.length)).toEqual([3, 3]);
  });

  it("takes means over related classes, then over seeds", () => {
    // In the order of the data set: tiger, cat, plane.
    const finding = {
      response: { network: Float64Array.of(1, 0.5, 0.1, 0.6, 0.8, 0.2, 0.3, 0.5, 0.9) },
    } as unknown as RegressionFinding;
    const means = relations.map((name) => relatedMean(params, finding, { machine: "network", name }));
    expect(means[0]).toBeCloseTo(0.9, 12);
    expect(means[1]).toBeCloseTo(0.55, 12);
    expect(means[2]).toBeCloseTo(mean([0.1, 0.2, 0.4]), 12);
    const both = params.seeds.map((seed) => findings.get(regressionKey(params, seed, 4))!.moved);
    expect(overSeeds({ params, findings }, 4, ({ moved }) => moved)).toEqual(interval(both));
  });

  it("writes tidy tables with a word for each column", () => {
    const tables = kernelRegression.tables(params as never, findings);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect(tables.map(({ rows }) => rows.length)).toEqual([3 * (3 * 5 + 1), 2 * 3 * 3 * 9]);
  });
});

describe("the regression", () => {
  const draws = rng(4);
  const features = { rows: 9, columns: 3, data: Float64Array.from({ length: 27 }, () => draws.normal()) };
  const all = gram(features);
  const part = (rows: number, from: number): DoubleMatrix => ({
    rows,
    columns: 6,
    data: Float64Array.from({ length: rows * 6 }, (_, at) => all.data[(from + Math.floor(at / 6)) * 9 + (at % 6)]!),
  });
  const kernels = { inner: part(6, 0), cross: part(3, 6) };
  const labels = [0, 1, 2, 0, 1, 2];

  it("has scores that add up to 0, and does not change with the size of the kernel", async () => {
    const { heldOut, training } = await regressed(kernels, labels, { classCount: 3, ridge: 0.1 });
    for (let row = 0; row < 3; row++)
      expect(heldOut.data.subarray(row * 3, row * 3 + 3).reduce((sum, value) => sum + value)).toBeCloseTo(0, 12);
    expect(training.rows).toBe(6);
    const scaled = {
      inner: { ...kernels.inner, data: kernels.inner.data.map((value) => 1000 * value) },
      cross: { ...kernels.cross, data: kernels.cross.data.map((value) => 1000 * value) },
    };
    const again = await regressed(scaled, labels, { classCount: 3, ridge: 0.1 });
    heldOut.data.forEach((value, at) => expect(again.heldOut.data[at]).toBeCloseTo(value, 10));
    expect(ridgeOn(kernels.inner, 0.5)).toBeCloseTo(
      mean([0, 1, 2, 3, 4, 5].map((at) => kernels.inner.data[at * 7]! / 2)),
      12,
    );
  });

  it("says what to do where the ridge is too small", async () => {
    const indefinite = { ...kernels, inner: { rows: 2, columns: 2, data: Float64Array.of(1, 2, 2, 1) } };
    await expect(regressed(indefinite, [0, 1], { classCount: 2, ridge: 1e-3 })).rejects.toThrow(
      "Kernel regression with a ridge of 0.001 times the mean diagonal has no solution; choose a larger ridge.",
    );
  });
});

it.each([
  [{ classes: ["tiger"] }, "classes is tiger alone; give two or more, or none for all."],
  [{ classes: ["tiger", "owl"] }, 'classes has "owl"; drawn has: tiger, lion'],
  [{ anchorsPerClass: 50 }, "There are 50 anchors a class, but 40 training images"],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => specOf(wrong)).toThrow(sentence);
});

/** (X' X + ridge I)^-1 X' y, which conjugate gradients end at after as many steps as there are rows. */
function ridgeWeights(rows: readonly Float64Array[], y: readonly number[], ridge: number): Float64Array {
  const size = rows[0]!.length;
  const transposed = (values: readonly number[]): Float64Array => {
    const sums = new Float64Array(size);
    rows.forEach((x, row) => x.forEach((value, at) => (sums[at]! += value * values[row]!)));
    return sums;
  };
  const apply = (w: Float64Array): Float64Array =>
    transposed(rows.map((x) => dot(x, w))).map((value, at) => value + ridge * w[at]!);
  const w = new Float64Array(size);
  let residual = transposed(y);
  let direction = residual;
  for (let step = 0; step < rows.length + 5 && dot(residual, residual) > 1e-20; step++) {
    const carried = apply(direction);
    const before = dot(residual, residual);
    const length = before / dot(direction, carried);
    direction.forEach((value, at) => (w[at]! += length * value));
    residual = residual.map((value, at) => value - length * carried[at]!);
    const ratio = dot(residual, residual) / before;
    direction = residual.map((value, at) => value + ratio * direction[at]!);
  }
  return w;
}
