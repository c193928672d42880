// Leaving one out: the numbers of the four clusters, each method against refitting or retraining, and what a study owes.
import { beforeAll, describe, expect, it } from "vitest";
import { localLab } from "../../../src/lab/local.ts";
import { sensitivity } from "../../../src/lab/studies/sensitivity.ts";
import {
  classMeans,
  sensitivityOf,
  type Finding,
  type SensitivityFinding,
} from "../../../src/lab/studies/sensitivity/findings.ts";
import { leftOut } from "../../../src/lab/studies/sensitivity/network.ts";
import { clippedLoss, codeOf } from "../../../src/lab/studies/sensitivity/ridge.ts";
import {
  retrainingKey,
  sensitivityKey,
  type MethodId,
  type SensitivityParams,
} from "../../../src/lab/studies/sensitivity/setting.ts";
import { subjectOf } from "../../../src/lab/studies/sensitivity/subject.ts";
import { agreementOf, retrainingsOf, rootMeanSquare } from "../../../src/lab/studies/sensitivity/tables.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy, type Desk } from "../../../src/lab/study.ts";
import { ridgeOf } from "../../../src/math/ridge.ts";
import { mean } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object) => parseStudy({ study: "sensitivity", params }, studies);
const paramsOf = (params: object) => specOf(params).params as unknown as SensitivityParams;

async function found(params: object, known: readonly string[] = []): Promise<Map<string, Finding>> {
  const lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
  const findings = new Map<string, Finding>();
  const signal = new AbortController().signal;
  for await (const event of lab.study(specOf(params), { signal, known: new Set(known) }))
    if (event.kind === "finding") findings.set(event.key, handedOver(event.value as Finding));
  return findings;
}

/** As a port does it: what was yielded is of no use to the study any more. */
const handedOver = (value: Finding): Finding =>
  structuredClone(value, {
    transfer: Object.values(value).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : [])),
  });

const at = (findings: ReadonlyMap<string, Finding>, params: object, method: MethodId, seed: number) =>
  findings.get(sensitivityKey(paramsOf(params), method, seed)) as SensitivityFinding;

const points = { data: "four clusters", trainPerClass: 50, testPerClass: 200, bandwidth: 0.175 };

describe("the four clusters", () => {
  const params = { ...points, seeds: [1, 2, 3, 4], network: false, features: false };
  let findings: Map<string, Finding>;
  beforeAll(async () => {
    findings = await found(params);
  });

  it("has a ratio of worst case to average that is far larger for the RBF kernel than for the linear one", () => {
    const ratios = (method: MethodId) =>
      params.seeds.map((seed) => sensitivityOf(at(findings, params, method, seed)).ratio);
    expect(Math.min(...ratios("rbf"))).toBeGreaterThan(25);
    expect(Math.max(...ratios("rbf"))).toBeLessThan(120);
    expect(Math.max(...ratios("linear"))).toBeLessThan(4);
    expect(params.seeds.every((seed) => at(findings, params, "rbf", seed).accuracy > 0.99)).toBe(true);
    expect(mean(params.seeds.map((seed) => at(findings, params, "linear", seed).accuracy))).toBeLessThan(0.65);
  });

  it("is sensitive within a cluster with the RBF kernel, and across clusters with the linear one", () => {
    const [bell, line] = (["rbf", "linear"] as const).map((method) => classMeans(at(findings, params, method, 1), 4));
    bell!.forEach((row, a) => row.forEach((value, b) => a !== b && expect(value).toBeLessThan(row[a]! / 20)));
    line!.forEach((row) => row.forEach((value) => expect(value).toBeGreaterThan(0.5)));
  });

  it("is what refitting without an example gives, by hand", async () => {
    const { trainGroups, testGroups, changes } = at(findings, params, "linear", 2);
    const { examples, train, test } = await subjectOf(paramsOf(params), 2, {} as Desk);
    const x = (example: number): number[] => [...examples.read([example]), 1];
    const kernel = (a: number, b: number): number => x(a).reduce((sum, value, part) => sum + value * x(b)[part]!, 0);
    const size = mean(train.map((example) => kernel(example, example)));
    const sign = (example: number): number => (examples.labels[example] === 0 ? 1 : -1);
    /** Square loss of +-1, cut off at 4. */
    const losses = (rows: readonly number[]): number[] => {
      const data = Float64Array.from(rows.flatMap((a) => rows.map((b) => kernel(a, b) / size)));
      const alpha = ridgeOf({ rows: rows.length, columns: rows.length, data }, 1).solve({
        rows: rows.length,
        columns: 1,
        data: Float64Array.from(rows, sign),
      }).data;
      return test.slice(0, 20).map((z) => {
        const score = rows.reduce((sum, row, k) => sum + (alpha[k]! * kernel(z, row)) / size, 0);
        return Math.min(4, (score - sign(z)) ** 2);
      });
    };
    const all = losses(train);
    for (const left of [0, 41, 99])
      losses(train.filter((_, row) => row !== left)).forEach((loss, z) =>
        expect(changes[left * test.length + z]).toBeCloseTo(loss - all[z]!, 6),
      );
    expect([trainGroups.length, testGroups.length]).toEqual([100, 400]);
  });
});

describe("influence against retraining", () => {
  const small = {
    data: "four clusters",
    trainPerClass: 30,
    testPerClass: 20,
    seeds: [1],
    rbf: false,
    linear: false,
    features: false,
    widths: [4],
    decay: 0.02,
    stepSize: 0.1,
    steps: 1500,
    tolerance: 1e-6,
    retrained: 4,
  };
  const whole = { ...small, curvature: "Hessian" };
  let findings: Map<string, Finding>;
  beforeAll(async () => {
    findings = await found(whole);
  }, 60_000);

  it("finds all that it announced, in that order, and nothing twice", async () => {
    expect([...findings.keys()]).toEqual(sensitivity.keys(paramsOf(whole)));
    const keys = sensitivity.keys(paramsOf(whole));
    expect([...(await found(whole, keys)).keys()]).toEqual([]);
  }, 60_000);

  it("agrees with the Hessian, far above the noise of retraining with nothing left out", () => {
    const { left, none } = retrainingsOf(paramsOf(whole), findings);
    const { pairs } = agreementOf(left);
    expect(pairs.n).toBe(4 * 40);
    expect(pairs.spearman).toBeGreaterThan(0.95);
    expect(rootMeanSquare(none!.measured)).toBeLessThan(
      rootMeanSquare(left.flatMap(({ measured }) => Array.from(measured))) / 1000,
    );
    expect(left.every(({ gradientNorm }) => gradientNorm <= 1e-6)).toBe(true);
    expect(left.map(({ why }) => why)).toEqual(["largest", "largest", "random", "random"]);
  });

  it("writes tidy tables with a word for each column", () => {
    for (const { columns, rows, dictionary } of sensitivity.tables(paramsOf(whole), findings)) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
  });

  it("has retrainings of the first seed alone, each under what decides it", () => {
    const two = paramsOf({ ...whole, seeds: [1, 2] });
    expect(sensitivity.keys(two)).toHaveLength(2 + 5);
    expect(retrainingKey(two, 0)).toBe(retrainingKey(paramsOf(whole), 0));
    expect(retrainingKey(two, -1)).toBe(retrainingKey(paramsOf({ ...whole, retrained: 9 }), -1));
    expect(retrainingKey(two, 0)).not.toBe(retrainingKey(paramsOf({ ...whole, from: "the same start" }), 0));
  });
});

it("learns images by all methods, each seed its own", async () => {
  const params = {
    data: "drawn",
    trainPerClass: 2,
    testPerClass: 2,
    seeds: [1, 2],
    featureWidths: [8],
    widths: [3],
    steps: 100,
    epochs: 1,
  };
  const findings = await found(params);
  expect([...findings.keys()]).toEqual(sensitivity.keys(paramsOf(params)));
  for (const method of ["rbf", "linear", "features", "network"] as const) {
    const [one, two] = [1, 2].map((seed) => at(findings, params, method, seed));
    expect(one!.changes.every(Number.isFinite)).toBe(true);
    expect(one!.changes).not.toEqual(two!.changes);
    expect([...one!.trainGroups]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  }
}, 30_000);

describe("the numbers that are read from it", () => {
  const finding: SensitivityFinding = {
    kind: "sensitivity",
    changes: Float32Array.of(0.5, -1, 0, 0.25, 2, 0),
    trainGroups: Uint8Array.of(0, 2),
    testGroups: Uint8Array.of(0, 0, 2),
    accuracy: 1,
    loss: 0,
    trainLoss: 0,
  };

  it("are m times the absolute change: the largest, the largest mean, and means by class", () => {
    const { worst, elastic, ratio, means } = sensitivityOf(finding);
    expect([worst, elastic, ratio]).toEqual([4, 1.5, 4 / 1.5]);
    expect([...means]).toEqual([1, 1.5]);
    expect(classMeans(finding, 3)).toEqual([
      [1.5, NaN, 0],
      [NaN, NaN, NaN],
      [2.25, NaN, 0],
    ]);
  });

  it("choose the largest predicted effects and others at random, each once", () => {
    const many = { ...finding, changes: Float32Array.from({ length: 30 }, (_, cell) => Math.floor(cell / 3)) };
    const rows = leftOut({ ...many, trainGroups: new Uint8Array(10) }, 7, 1);
    expect(rows.slice(0, 4)).toEqual([9, 8, 7, 6].map((row) => ({ row, why: "largest" })));
    expect(new Set(rows.map(({ row }) => row)).size).toBe(7);
    expect(rows.slice(4).every(({ why, row }) => why === "random" && row < 6)).toBe(true);
  });

  it.each([2, 3, 7])("have a loss of 1 for predicting 0 among %s classes, and one that is cut off", (count) => {
    const target = codeOf(count)(1);
    expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(clippedLoss(new Float64Array(count), target, 4)).toBeCloseTo(1, 12);
    expect(clippedLoss(target, target, 4)).toBe(0);
    expect(clippedLoss(new Float64Array(count).fill(-99), target, 4)).toBe(4);
  });
});

it.each([
  [{ rbf: false, linear: false, features: false, network: false }, /No method is chosen/],
  [{ trainPerClass: 100 }, /a row for every output of 700 training and 140 test examples, 4900 of them/],
  [{ data: "four clusters", model: "cnn" }, /four clusters are points; choose an MLP/],
  [{ network: false, retrained: 3 }, /3 examples are to be left out by retraining, but no network is chosen/],
  [{ trainPerClass: 2, retrained: 15 }, /15 examples are to be left out by retraining, but there are 14/],
  [{ model: "cnn", curvature: "Hessian" }, /choose an MLP, or Gauss-Newton/],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => specOf(wrong)).toThrow(sentence);
});
