// Label awareness: the estimates against their sums as printed, the network's scale against the tangent kernel's closed form,
// and the study from end to end on a few drawings.
import { beforeAll, describe, expect, it } from "vitest";
import { localLab } from "../../../src/lab/local.ts";
import { labelAwareness } from "../../../src/lab/studies/labelAwareness.ts";
import {
  kernelEstimate,
  meanSquaredDistance,
  ownTable,
  pairFeatures,
  pairRegression,
  pairTable,
  scaleOf,
} from "../../../src/lab/studies/labelAwareness/estimate.ts";
import {
  chosenOf,
  differencesOf,
  type AtLambda,
  type KernelsFinding,
  type LabelAwarenessFinding,
  type NetworkFinding,
} from "../../../src/lab/studies/labelAwareness/finding.ts";
import { kernelsOf } from "../../../src/lab/studies/labelAwareness/kernels.ts";
import { published, table3 } from "../../../src/lab/studies/labelAwareness/published.ts";
import {
  kernelsKey,
  networkKey,
  pickedImages,
  type LabelAwarenessParams,
} from "../../../src/lab/studies/labelAwareness/setting.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { twoLayerKernel } from "../../../src/math/arcCosine.ts";
import { rng } from "../../../src/math/rng.ts";
import { relativeRatio, diagonal } from "../../../src/math/relativeRatio.ts";
import { ridgeOf } from "../../../src/math/ridge.ts";
import { nodeHost } from "../../helpers/host.ts";

const random = rng(2);
const matrix = (rows: number, columns: number, shift = 0) => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, () => random.normal() + shift),
});
const [train, test] = [matrix(6, 5, 0.5), matrix(3, 5, 0.5)];
const labels = Float64Array.of(1, 1, 1, -1, -1, -1);
const kernel = twoLayerKernel(train, train, { bias: true });
const cross = twoLayerKernel(test, train, { bias: true });

describe("the estimates of the product of two labels", () => {
  it.each([
    ["V1", labels],
    ["V2", ridgeOf(kernel, 0).solve({ rows: 6, columns: 1, data: labels }).data],
  ])("by kernel regression %s are the paper's sums over all training pairs", (_, weights) => {
    const phi = kernel.data;
    const bound = (Math.max(...phi) - Math.min(...phi)) ** 2;
    const found = kernelEstimate(kernel, weights)(cross);
    cross.data.forEach((value, at) => {
      const apart = phi.reduce((sum, other) => sum + (value - other) ** 2, 0);
      const wanted = phi.reduce((sum, other, pair) => {
        const psi = (bound - (value - other) ** 2) / (36 * bound - apart);
        return sum + weights[Math.floor(pair / 6)]! * weights[pair % 6]! * psi;
      }, 0);
      expect(found.data[at]).toBeCloseTo(wanted, 10);
    });
  });

  it("have the paper's ten features of a pair", () => {
    const scale = meanSquaredDistance(train);
    const [a, b] = [test.data.subarray(5, 10), train.data.subarray(10, 15)];
    const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
    const centred = (x: Float64Array): Float64Array => x.map((value) => value - x.reduce((s, v) => s + v, 0) / 5);
    const [norms, inner] = [Math.sqrt(dot(a, a) * dot(b, b)), dot(a, b)];
    const apart = a.map((value, at) => value - b[at]!);
    const cosine = inner / norms;
    const { features } = pairTable(test, train, cross, scale);
    const own = features.subarray((1 * 6 + 2) * pairFeatures.length);
    [
      cross.data[8]!,
      cosine,
      inner,
      norms,
      dot(apart, apart),
      apart.reduce((sum, value) => sum + Math.abs(value), 0),
      Math.acos(cosine),
      Math.sin(Math.acos(cosine)),
      Math.exp(-dot(apart, apart) / scale),
      dot(centred(a), centred(b)) / Math.sqrt(dot(centred(a), centred(a)) * dot(centred(b), centred(b))),
    ].forEach((wanted, at) => expect(own[at]).toBeCloseTo(wanted, 10));
    let distances = 0;
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        for (let at = 0; at < 5; at++) distances += (train.data[5 * i + at]! - train.data[5 * j + at]!) ** 2 / 36;
    expect(scale).toBeCloseTo(distances, 10);
    const table = pairTable(train, train, kernel, scale);
    const alone = ownTable(train, diagonal(kernel), scale);
    for (let image = 0; image < 6; image++)
      for (let at = 0; at < pairFeatures.length; at++)
        expect(alone.features[image * 10 + at]).toBe(table.features[(image * 6 + image) * 10 + at]);
  });

  it("by pair features are a least squares fit: what it misses has no part in any feature", () => {
    const table = pairTable(train, train, kernel, meanSquaredDistance(train));
    const found = pairRegression(table, labels)(table);
    const missed = found.data.map((value, pair) => value - labels[Math.floor(pair / 6)]! * labels[pair % 6]!);
    expect(missed.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    for (let feature = 0; feature < pairFeatures.length; feature++) {
      let [part, size] = [0, 0];
      missed.forEach((value, pair) => {
        part += value * table.features[pair * 10 + feature]!;
        size += table.features[pair * 10 + feature]! ** 2;
      });
      expect(Math.abs(part) / Math.sqrt(size)).toBeLessThan(1e-4);
    }
  });

  it("are brought to the kernel's size", () => {
    const estimate = { ...kernel, data: kernel.data.map((value) => -value / 4) };
    expect(scaleOf(kernel, { ...estimate, data: estimate.data.map(Math.abs) })).toBeCloseTo(4, 12);
    expect(scaleOf(kernel, { ...estimate, data: new Float64Array(36) })).toBe(0);
  });
});

describe("kernels of labelled images", () => {
  it("get right what labels make easy, and are more elastic with an estimate than without", async () => {
    const cloud = (count: number, seed: number) => {
      const stream = rng(seed);
      const rows = 2 * count;
      const data = Float64Array.from(
        { length: rows * 12 },
        (_, at) => stream.normal() + (at % 12 < 4 ? (at < count * 12 ? 1.2 : -1.2) : 0),
      );
      return {
        inputs: { rows, columns: 12, data },
        labels: Float64Array.from({ length: rows }, (_, at) => (at < count ? 1 : -1)),
      };
    };
    const found = await kernelsOf({ train: cloud(15, 1), test: cloud(15, 2) }, async () => undefined);
    expect(found.ntk.accuracy).toBeGreaterThan(0.9);
    for (const id of ["kr-v1", "pairs"] as const) {
      const { byLambda } = found.methods[id];
      expect(byLambda[0]!.accuracy).toBeCloseTo(found.ntk.accuracy, 1);
      expect(byLambda[2]!.trainTrain.ratio).toBeGreaterThan(found.ntk.trainTrain.ratio);
      expect(byLambda[2]!.testTrain.ratio).toBeGreaterThan(found.ntk.testTrain.ratio);
    }
  });
});

const at = (lambda: number, validation: number, validationError: number, accuracy: number, ratio = 0.6): AtLambda => ({
  lambda,
  validation,
  validationError,
  accuracy,
  isDefinite: true,
  trainTrain: { intra: 1, inter: 1, ratio },
  testTrain: { intra: 1, inter: 1, ratio },
});

describe("the choice of lambda", () => {
  const byLambda = [at(0.001, 0.8, 0.5, 0.7), at(0.01, 0.9, 0.4, 0.75), at(0.1, 0.9, 0.3, 0.9), at(1, 1, 0.1, 1, NaN)];
  it.each([
    ["validation", 0.1],
    ["test, as in the paper", 0.1],
    ["1", 1],
    ["0.001", 0.001],
  ])("by %s", (how, lambda) => expect(chosenOf({ scale: 1, byLambda }, how).lambda).toBe(lambda));

  it("takes what there is where no relative ratio can be measured", () =>
    expect(chosenOf({ scale: 1, byLambda: byLambda.slice(3) }, "validation").lambda).toBe(1));
});

const specOf = (params: object) => parseStudy({ study: "label-awareness", params }, studies);

describe("the study", () => {
  const small = {
    pairs: ["tiger-plane", "cat-tiger"],
    trainPerClass: 10,
    testPerClass: 8,
    seeds: [1, 2],
    width: 48,
    epochs: 25,
  };
  const spec = specOf(small);
  const params = spec.params as unknown as LabelAwarenessParams;
  const wide = specOf({
    ...small,
    pairs: ["tiger-plane"],
    trainPerClass: 5,
    testPerClass: 2,
    seeds: [1],
    width: 2048,
    start: "gaussian",
    epochs: 1,
  });
  const wideParams = wide.params as unknown as LabelAwarenessParams;
  const findings = new Map<string, LabelAwarenessFinding>();
  const wideFindings = new Map<string, LabelAwarenessFinding>();
  beforeAll(async () => {
    const lab = localLab(nodeHost);
    await lab.chooseBackend("wasm");
    for (const [asked, found] of [
      [spec, findings],
      [wide, wideFindings],
    ] as const)
      for await (const event of lab.study(asked, { signal: new AbortController().signal }))
        if (event.kind === "finding") found.set(event.key, event.value as LabelAwarenessFinding);
  }, 60000);
  const [pair] = [{ first: "tiger", second: "plane" }];

  it("finds all that it announced, in that order", () => {
    expect([...findings.keys()]).toEqual(labelAwareness.keys(params));
    expect(findings.size).toBe(8);
  });

  it("has a network of Gaussian weights whose kernel, but for its scale, is near that of infinite width", () => {
    const { shown: network } = wideFindings.get(networkKey(wideParams, pair, 1)) as NetworkFinding;
    const { shown: kernels } = wideFindings.get(kernelsKey(wideParams, pair, 1)) as KernelsFinding;
    const [finite, infinite] = [network!.start, kernels!.ntk];
    const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const apart = finite.map((value, cell) => value / Math.sqrt(wideParams.width) - infinite[cell]!);
    expect(norm(apart) / norm(infinite)).toBeLessThan(4 / Math.sqrt(wideParams.width));
    expect(network!.images).toEqual(kernels!.images);
  });

  it("measures the ratio of the matrices that it keeps", () => {
    const found = findings.get(networkKey(params, pair, 2)) as NetworkFinding;
    const { trained, sides } = found.shown!;
    const whole = { rows: 20, columns: 20, data: trained };
    const { ratio } = relativeRatio(whole, { labels: sides, own: diagonal(whole) });
    expect(ratio).toBeCloseTo(found.trained.trainTrain.ratio, 6);
    expect(found.trained.trainTrain.ratio).toBeGreaterThan(found.start.trainTrain.ratio);
    expect(found.trainLoss).toBeLessThan(0.25);
  });

  it("picks images by the seed, as many of both classes, none twice", () => {
    const { train: own, test: held } = pickedImages(params, pair, 1);
    expect(own).toHaveLength(20);
    expect(held).toHaveLength(16);
    expect(new Set([...own, ...held]).size).toBe(36);
    // Of two classes, the manifest's first has the lower numbers, whatever the order of the pair.
    expect(own.slice(0, 10).every((image) => image < 5000)).toBe(true);
    const turned = pickedImages(params, { first: "plane", second: "tiger" }, 1);
    expect(turned.train.slice(0, 10)).toEqual(own.slice(10));
    expect(pickedImages(params, pair, 2).train).not.toEqual(own);
  });

  it("pairs its differences by seed", () => {
    const lookup = { params, findings, lambda: "0.1" };
    const found = differencesOf(lookup, ["trained", "start"], pair, "train-train");
    const wanted = params.seeds.map((seed) => {
      const { trained, start } = findings.get(networkKey(params, pair, seed)) as NetworkFinding;
      return 100 * (trained.trainTrain.ratio - start.trainTrain.ratio);
    });
    found.forEach((value, place) => expect(value).toBeCloseTo(wanted[place]!, 10));
  });

  it("writes tables with a word for each column", () => {
    const tables = labelAwareness.tables(params, findings);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect(tables.map(({ rows }) => rows.length)).toEqual([17, 22, 24, 48]);
    expect(JSON.stringify(labelAwareness.lasting!(findings.get(kernelsKey(params, pair, 1))!))).not.toContain("shown");
  });
});

it("knows what the paper prints, in either order of a pair", () => {
  expect(published("cifar10", { method: "trained", quantity: "test-train", pair: "ship-frog" })).toEqual({
    value: 71.45,
    source: table3.source,
  });
  expect(published("cifar10", { method: "pairs", quantity: "accuracy", pair: "deer-dog" })!.value).toBe(86.75);
  expect(published("cifar10", { method: "pairs", quantity: "train-train", pair: "frog-ship" })).toBeUndefined();
  expect(published("mnist", { method: "trained", quantity: "test-train", pair: "ship-frog" })).toBeUndefined();
});

it.each([
  [{ pairs: ["tiger"] }, /The pair tiger is not two classes/],
  [{ pairs: ["tiger-tiger"] }, /names tiger twice/],
  [{ pairs: ["tiger-truck"] }, /names truck, but the classes/],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => specOf(wrong)).toThrow(sentence);
});
