// Bounds against hand-computed numbers and each other; gaps and stability constants against refits in plain loops.
import { describe, expect, it } from "vitest";
import type { Learner } from "../../../src/lab/contracts.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { bounds } from "../../../src/lab/studies/bounds.ts";
import { boundAt, gapLaw, powerLaw, sizesOf, usefulFrom } from "../../../src/lab/studies/bounds/curves.ts";
import { belowFrom, boundOf, elasticShape, uniformShape } from "../../../src/lab/studies/bounds/formula.ts";
import type { BoundsFinding } from "../../../src/lab/studies/bounds/measure.ts";
import { boundsKey, type BoundsParams } from "../../../src/lab/studies/bounds/setting.ts";
import { subjectOf } from "../../../src/lab/studies/bounds/subject.ts";
import { clusterPoints, clusters } from "../../../src/lab/studies/fourClusters.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy, type Desk } from "../../../src/lab/study.ts";
import { chooseBackend } from "../../../src/lab/tensor/backend.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { rng } from "../../../src/math/rng.ts";
import { interval, mean, median } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";
import { fc, forAll } from "../../helpers/property.ts";
import { networkOf } from "../../helpers/networks.ts";

const specOf = (params: object) => parseStudy({ study: "bounds", params }, studies);
const paramsOf = (params: object) => specOf(params).params as unknown as BoundsParams;

async function found(chosen: object, known = new Set<string>()): Promise<Map<string, BoundsFinding>> {
  const lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
  const findings = new Map<string, BoundsFinding>();
  for await (const event of lab.study(specOf(chosen), { signal: new AbortController().signal, known }))
    if (event.kind === "finding") findings.set(event.key, event.value as BoundsFinding);
  return findings;
}

describe("the formulas", () => {
  it("are those that were worked out by hand", () => {
    // 2 . 2 / 100 + (4 . 2 + 1) sqrt(log 20 / 200)
    expect(boundOf(2, uniformShape(1), { m: 100, delta: 0.05 })).toBeCloseTo(1.1414860738, 9);
    // 2 . 0.5 / 100 + 2.83 (2 . 0.5 + 0.1 + 1) sqrt(log 40 / 100)
    const elastic = elasticShape({ scale: 2.83, inner: 2, eta: 0.1, lossBound: 1 });
    expect(boundOf(0.5, elastic, { m: 100, delta: 0.05 })).toBeCloseTo(1.1514396698, 9);
  });

  const size = fc.integer({ min: 1, max: 10 ** 9 });
  const chance = fc.double({ min: 1e-9, max: 0.5, noNaN: true });
  const number = fc.double({ min: 0.01, max: 100, noNaN: true });

  it("fall with m and with delta, and rise with the sensitivity", () => {
    forAll(fc.tuple(number, number, size, chance), ([s, lossBound, m, delta]) => {
      for (const shape of [uniformShape(lossBound), elasticShape({ scale: 2, inner: 2, eta: 0.1, lossBound })]) {
        const here = boundOf(s, shape, { m, delta });
        expect(boundOf(s, shape, { m: 2 * m, delta })).toBeLessThan(here);
        expect(boundOf(s, shape, { m, delta: 1.5 * delta })).toBeLessThan(here);
        expect(boundOf(1.1 * s, shape, { m, delta })).toBeGreaterThan(here);
      }
    });
  });

  it("are one where sup E beta = M_beta and the constants match", () => {
    forAll(fc.tuple(number, number, size, chance), ([s, lossBound, m, delta]) => {
      const elastic = { ...elasticShape({ scale: Math.SQRT1_2, inner: 4, eta: 0, lossBound }), odds: 1 };
      expect(boundOf(s, elastic, { m, delta })).toBe(boundOf(s, uniformShape(lossBound), { m, delta }));
    });
  });

  it("say something from the least m on at which they are below the level", () => {
    forAll(fc.tuple(number, number, chance), ([s, lossBound, delta]) => {
      const bound = (m: number): number => boundOf(s, uniformShape(lossBound), { m, delta });
      const m = belowFrom(lossBound, bound);
      expect(bound(m)).toBeLessThan(lossBound);
      if (m > 1) expect(bound(m - 1)).toBeGreaterThanOrEqual(lossBound);
    });
    expect(belowFrom(1, () => 2)).toBe(Infinity);
  });

  it("fits a power of m", () => {
    const law = powerLaw([10, 40, 90].map((x) => ({ x, y: 3 / Math.sqrt(x) })))!;
    expect(law.slope).toBeCloseTo(-0.5, 12);
    expect(10 ** law.intercept).toBeCloseTo(3, 12);
    expect(powerLaw([{ x: 1, y: 1 }])).toBeUndefined();
  });
});

it("draws each cluster equally often, around its centre, opposite corners with one label", () => {
  const points = clusterPoints(4000, rng(5));
  clusters.forEach(({ centre, label }, number) => {
    const own = points.filter(({ cluster }) => cluster === number);
    expect(own.length).toBeGreaterThan(880);
    expect(own.length).toBeLessThan(1120);
    expect(own.every((point) => point.label === label)).toBe(true);
    for (const place of [0, 1] as const)
      expect(Math.abs(mean(own.map((point) => point.place[place])) - centre[place])).toBeLessThan(0.08);
  });
  expect(clusters[0].label).toBe(clusters[1].label);
});

/** Solves A x = b by elimination with pivots. */
function solved(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, at) => [...row, b[at]!]);
  const n = rows.length;
  for (let at = 0; at < n; at++) {
    const pivot = rows
      .slice(at)
      .reduce((best, row, k) => (Math.abs(row[at]!) > Math.abs(rows[best]![at]!) ? at + k : best), at);
    [rows[at], rows[pivot]] = [rows[pivot]!, rows[at]!];
    for (let below = at + 1; below < n; below++) {
      const factor = rows[below]![at]! / rows[at]![at]!;
      for (let k = at; k <= n; k++) rows[below]![k]! -= factor * rows[at]![k]!;
    }
  }
  const x = Array.from({ length: n }, () => 0);
  for (let at = n - 1; at >= 0; at--)
    x[at] =
      (rows[at]![n]! - rows[at]!.slice(at + 1, n).reduce((sum, value, k) => sum + value * x[at + 1 + k]!, 0)) /
      rows[at]![at]!;
  return x;
}

type Point = readonly number[];

interface Sample {
  readonly points: readonly Point[];
  readonly signs: readonly number[];
}

/** Ridge regression on a sample, as a function of the point. */
function regression(
  kernel: (a: Point, b: Point) => number,
  { points, signs }: Sample,
  ridge: number,
): (z: Point) => number {
  const alpha = solved(
    points.map((a, i) => points.map((b, j) => kernel(a, b) + (i === j ? ridge : 0))),
    signs,
  );
  return (z) => points.reduce((sum, point, at) => sum + kernel(z, point) * alpha[at]!, 0);
}

const small = { ms: [12], seeds: [3], heldOut: 10 };

async function sampleOf(chosen: BoundsParams, m: number): Promise<{ train: Sample; heldOut: Sample }> {
  const { examples, train, heldOut } = await subjectOf(chosen, 3, {} as Desk);
  const of = (ids: readonly number[]): Sample => ({
    points: ids.map((id) => [...examples.read([id])]),
    signs: ids.map((id) => (examples.labels[id] === 0 ? 1 : -1)),
  });
  return { train: of(train.slice(0, m)), heldOut: of(heldOut) };
}

const loss = (score: number, sign: number, lossBound: number): number => Math.min(lossBound, (score - sign) ** 2);
const lossOf = (f: (z: Point) => number, { points, signs }: Sample, lossBound: number): number =>
  mean(points.map((point, at) => loss(f(point), signs[at]!, lossBound)));

/** M_beta and sup E beta by fitting again without each example. */
function refitted(
  kernel: (a: Point, b: Point) => number,
  train: Sample,
  heldOut: Sample,
  ridge: number,
  lossBound: number,
) {
  const m = train.points.length;
  const all = regression(kernel, train, ridge);
  const changes = train.points.map((_, i) => {
    const others = {
      points: train.points.filter((_, at) => at !== i),
      signs: train.signs.filter((_, at) => at !== i),
    };
    const without = regression(kernel, others, ridge);
    return heldOut.points.map(
      (z, at) =>
        m * Math.abs(loss(without(z), heldOut.signs[at]!, lossBound) - loss(all(z), heldOut.signs[at]!, lossBound)),
    );
  });
  return { mBeta: Math.max(...changes.flat()), eBeta: Math.max(...changes.map(mean)) };
}

const dot = (a: Point, b: Point): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

async function learnerOf(width: number): Promise<{ learner: Learner<unknown>; weights: number[][] }> {
  await chooseBackend("wasm", nodeHost);
  const learner = networkLearner({
    plans: networkOf("mlp").build({ widths: [width], activation: "relu" } as never, [1, 1, 2], 1),
    examples: { shape: [1, 1, 2], outputCount: 1, labels: [0], read: () => new Float32Array(2) },
    loss: "squared-error",
    seed: 3,
    largest: 2 ** 30,
    breathe: nodeHost.breathe,
  } as never) as Learner<unknown>;
  const start = learner.start();
  const weights = (await learner.weights(start)).map((values) => [...values]);
  learner.release(start);
  return { learner, weights };
}

/** Hidden units of a two-layer network before their rectifier. */
const hidden = ([w, b]: readonly (readonly number[])[], x: Point): number[] =>
  b!.map((bias, unit) => x.reduce((sum, value, at) => sum + value * w![at * b!.length + unit]!, bias));

describe("what is measured", () => {
  it.each(["RBF kernel", "linear kernel", "random features"] as const)(
    "of the %s is what refits in plain loops give",
    async (learner) => {
      const chosen = paramsOf({ ...small, learner, width: 16, lossBound: 1.5 });
      const { train, heldOut } = await sampleOf(chosen, 12);
      const plain = await (async () => {
        if (learner === "linear kernel") return (a: Point, b: Point) => dot(a, b) + 1;
        if (learner === "random features") {
          const { weights } = await learnerOf(16);
          const features = (x: Point): number[] => hidden(weights, x).map((h) => Math.max(0, h));
          return (a: Point, b: Point) => dot(features(a), features(b)) + 1;
        }
        const apart = (a: Point, b: Point): number => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
        const pairs = train.points.flatMap((a, i) => train.points.slice(i + 1).map((b) => apart(a, b)));
        const sigma = 0.5 * median(pairs);
        return (a: Point, b: Point) => Math.exp(-(apart(a, b) ** 2) / (2 * sigma ** 2));
      })();
      const size = mean(train.points.map((point) => plain(point, point)));
      const kernel = (a: Point, b: Point): number => plain(a, b) / size;
      const f = regression(kernel, train, 12 * 0.01);
      const wanted = refitted(kernel, train, heldOut, 12 * 0.01, 1.5);
      const [made] = [...(await found({ ...small, learner, width: 16, lossBound: 1.5 })).values()];
      expect(made!.ridge).toBeCloseTo(0.12, 12);
      // Features come from the engine in single precision.
      const digits = learner === "random features" ? 4 : 8;
      expect(made!.trainLoss).toBeCloseTo(lossOf(f, train, 1.5), digits);
      expect(made!.heldOutLoss).toBeCloseTo(lossOf(f, heldOut, 1.5), digits);
      expect(made!.mBeta).toBeCloseTo(wanted.mBeta, digits - 1);
      expect(made!.eBeta).toBeCloseTo(wanted.eBeta, digits - 1);
    },
  );

  it("of a network is what gradient descent in plain loops gives, with the ridge that stands in for it", async () => {
    const setting = { ...small, learner: "MLP", width: 6, epochs: 3, batchSize: 5, stepSize: 0.05 };
    const { train, heldOut } = await sampleOf(paramsOf(setting), 12);
    const { weights } = await learnerOf(6);
    const kernel = (p: Point, q: Point): number => {
      const [h, k] = [hidden(weights, p), hidden(weights, q)];
      return h.reduce(
        (sum, value, unit) =>
          value > 0 && k[unit]! > 0 ? sum + (dot(p, q) + 1) * weights[2]![unit]! ** 2 + value * k[unit]! : sum,
        1,
      );
    };
    const score = (of: readonly number[][], x: Point): number =>
      hidden(of, x).reduce((sum, h, unit) => sum + Math.max(0, h) * of[2]![unit]!, of[3]![0]!);
    // Batches of 5 in the order of the training stream, on targets 1 and 0 and the loss (f - t)² / 2.
    const now = weights.map((values) => [...values]);
    for (let epoch = 1; epoch <= 3; epoch++) {
      const order = rng(3)
        .fork("training order")
        .fork(epoch)
        .shuffled(train.points.map((_, at) => at));
      for (let from = 0; from < 12; from += 5) {
        const batch = order.slice(from, from + 5);
        const gradient = now.map((values) => values.map(() => 0));
        for (const at of batch) {
          const x = train.points[at]!;
          const slope = (score(now, x) - (train.signs[at]! + 1) / 2) / batch.length;
          gradient[3]![0]! += slope;
          hidden(now, x).forEach((h, unit) => {
            if (h <= 0) return;
            gradient[2]![unit]! += slope * h;
            gradient[1]![unit]! += slope * now[2]![unit]!;
            x.forEach((value, k) => (gradient[0]![k * 6 + unit]! += slope * now[2]![unit]! * value));
          });
        }
        now.forEach((values, layer) => values.forEach((_, k) => (values[k]! -= 0.05 * gradient[layer]![k]!)));
      }
    }
    const f = (x: Point): number => 2 * score(now, x) - 1;
    const ridge = 12 / (0.05 * 3 * 3);
    const wanted = refitted(kernel, train, heldOut, ridge, 4);
    const [made] = [...(await found(setting)).values()];
    expect(made!.ridge).toBeCloseTo(ridge, 12);
    expect(made!.trainLoss).toBeCloseTo(lossOf(f, train, 4), 5);
    expect(made!.heldOutLoss).toBeCloseTo(lossOf(f, heldOut, 4), 5);
    expect(made!.mBeta).toBeCloseTo(wanted.mBeta, 3);
    expect(made!.eBeta).toBeCloseTo(wanted.eBeta, 3);
  });

  it("has a far larger ratio of worst case to worst mean for the RBF kernel than for the linear one", async () => {
    const ratio = async (learner: string): Promise<number> => {
      const [made] = [...(await found({ learner, ms: [100], seeds: [1] })).values()];
      return made!.mBeta / made!.eBeta;
    };
    const [rbf, linear] = [await ratio("RBF kernel"), await ratio("linear kernel")];
    expect(rbf).toBeGreaterThan(10);
    expect(linear).toBeLessThan(5);
  }, 20000);

  it("draws images, the smaller samples from the larger, with both labels", async () => {
    const images = { data: "drawn", learner: "linear kernel", ms: [6, 8], seeds: [1], heldOut: 12, poolPerClass: 4 };
    const findings = await found(images);
    expect([...findings.keys()]).toEqual(bounds.keys(paramsOf(images) as never));
    for (const { trainLoss, heldOutLoss, mBeta, eBeta } of findings.values()) {
      expect(trainLoss).toBeLessThan(heldOutLoss);
      expect(mBeta).toBeGreaterThanOrEqual(eBeta);
    }
  }, 20000);
});

describe("what is made of it", () => {
  const params = paramsOf({ ms: [50, 200], seeds: [1, 2], lossBound: 1 });
  const finding = (gap: number, mBeta: number, eBeta: number): BoundsFinding => ({
    trainLoss: 0.5,
    heldOutLoss: 0.5 + gap,
    trainAccuracy: 1,
    heldOutAccuracy: 1,
    mBeta,
    eBeta,
    ridge: 1,
  });
  const findings = new Map([
    [boundsKey(params, 1, 50), finding(0.2, 8, 1)],
    [boundsKey(params, 2, 50), finding(-0.1, 6, 2)],
    [boundsKey(params, 1, 200), finding(0.05, 8, 1)],
    [boundsKey(params, 2, 200), finding(0.1, 9, 1)],
  ]);

  it("takes the size of the gap over seeds, and the largest constants of the seeds", () => {
    const [small, large] = sizesOf(params, findings);
    const wanted = interval([0.2, 0.1]);
    expect(small!.gap.mean).toBeCloseTo(wanted.mean, 12);
    expect(small!.gap.high).toBeCloseTo(wanted.high, 12);
    expect(small!.signedGap.mean).toBeCloseTo(0.05, 12);
    expect(small!.used).toEqual({
      mBeta: { value: 8, isMeasured: true },
      eBeta: { value: 2, isMeasured: true },
    });
    expect(small!.ratio.mean).toBeCloseTo((8 + 3) / 2, 12);
    expect(gapLaw([small!, large!])!.slope).toBeCloseTo(Math.log(0.075 / 0.15) / Math.log(4), 12);
    expect(boundAt(params, "uniform", small!, { m: 50, delta: 0.05 })).toBe(
      boundOf(8, uniformShape(1), { m: 50, delta: 0.05 }),
    );
    const from = usefulFrom(params, "elastic", { at: large!, delta: 0.05 });
    expect(boundAt(params, "elastic", large!, { m: from, delta: 0.05 })).toBeLessThan(1);
    expect(boundAt(params, "elastic", large!, { m: from - 1, delta: 0.05 })).toBeGreaterThanOrEqual(1);
  });

  it("uses constants that are given, which decide nothing that is measured", () => {
    const given = { ...params, mBeta: 3, eBeta: 0.5, scale: 1, inner: 1, eta: 1, delta: 0.01 };
    const [size] = sizesOf(given, findings);
    expect(size!.used).toEqual({
      mBeta: { value: 3, isMeasured: false },
      eBeta: { value: 0.5, isMeasured: false },
    });
    expect(boundAt(given, "elastic", size!, { m: 50, delta: 0.01 })).toBeCloseTo(
      1 / 50 + 2.5 * Math.sqrt(Math.log(200) / 50),
      12,
    );
    // The largest loss does decide: it is where losses are cut off.
    expect(boundsKey({ ...params, lossBound: 2 }, 1, 50)).not.toBe(boundsKey(params, 1, 50));
  });

  it("has its rows and what their columns mean", () => {
    const [bound, runs] = bounds.tables(params as never, findings);
    for (const table of [bound!, runs!]) {
      expect(Object.keys(table.dictionary)).toEqual([...table.columns]);
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    }
    expect(bound!.rows).toHaveLength(2 * 4);
    expect(runs!.rows).toHaveLength(4);
  });

  it("goes on where it was stopped", async () => {
    const setting = { ms: [5, 10], seeds: [1, 2], heldOut: 10 };
    const all = await found(setting);
    expect([...all.keys()]).toEqual(bounds.keys(paramsOf(setting) as never));
    const missing = boundsKey(paramsOf(setting), 2, 5);
    const again = await found(setting, new Set([...all.keys()].filter((key) => key !== missing)));
    expect([...again]).toEqual([[missing, all.get(missing)]]);
  });

  it.each([
    [{ learner: "CNN" }, "A CNN looks at images"],
    [{ data: "drawn", first: ["tree"] }, "tree is not a class"],
    [{ data: "drawn", other: ["cat"] }, "cat has both labels"],
    [{ data: "drawn", poolPerClass: 50 }, "A sample of 400 cannot be drawn from 200 images"],
    [{ data: "drawn", poolPerClass: 5000, heldOut: 4000, first: ["cat"], other: ["dog"] }, "more are asked for"],
  ])("refuses %j", (given, sentence) => {
    expect(() => specOf(given)).toThrow(sentence);
  });

  it("is complete by default", () => {
    expect(paramsOf({})).toEqual(defaults(bounds.params));
  });
});
