// K-means in feature space against the best of all labellings, and what every iteration of it must keep.
import { describe, expect, it } from "vitest";
import { kernelClusters, rowClusters } from "../helpers/clusters.ts";
import { gram, type Matrix } from "../../src/math/matrix.ts";
import { rng } from "../../src/math/rng.ts";
import { at, clumps, indefiniteKernel, matrixOf, noise, positiveKernel, reordered } from "../helpers/matrices.ts";
import { fc, forAll } from "../helpers/property.ts";

/** sum_i K_ii - sum_c (1 / |c|) sum_(i, j in c) K_ij, as it is written. */
function objectiveOf(kernel: Matrix, labels: ArrayLike<number>): number {
  const rows = Array.from({ length: kernel.rows }, (_, i) => i);
  let sum = rows.reduce((total, i) => total + at(kernel, i, i), 0);
  for (const c of new Set(Array.from(labels))) {
    const members = rows.filter((i) => labels[i] === c);
    for (const i of members) for (const j of members) sum -= at(kernel, i, j) / members.length;
  }
  return sum;
}

/** The lowest objective over all labellings with k clusters, none empty. */
function lowest(kernel: Matrix, k: number): number {
  const n = kernel.rows;
  let best = Infinity;
  // Labels in the order of their first row, so that none is tried under two names.
  const extend = (labels: number[], used: number): void => {
    if (labels.length === n) {
      if (used === k) best = Math.min(best, objectiveOf(kernel, labels));
      return;
    }
    for (let c = 0; c < Math.min(k, used + 1); c++) extend([...labels, c], Math.max(used, c + 1));
  };
  extend([], 0);
  return best;
}

const cases = fc
  .record({
    n: fc.integer({ min: 1, max: 9 }),
    k: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
    positive: fc.boolean(),
  })
  .filter(({ n, k }) => k <= n && (k < 3 || n < 8));

const kernelOf = ({ n, seed, positive }: { n: number; seed: number; positive: boolean }): Matrix =>
  positive ? positiveKernel(n, seed) : indefiniteKernel(n, seed);

const larger = fc.record({
  n: fc.integer({ min: 5, max: 60 }),
  k: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(),
  positive: fc.boolean(),
});

describe("kernelClusters", () => {
  it("finds the best of all labellings, for positive and indefinite kernels", () => {
    forAll(
      cases,
      (one) => {
        const kernel = kernelOf(one);
        expect(kernelClusters(kernel, one.k, { starts: 60 }).objective).toBeCloseTo(lowest(kernel, one.k), 9);
      },
      150,
    );
  });

  it("never raises the objective, leaves no cluster empty, and returns the objective of its labels", () => {
    forAll(larger, (one) => {
      const kernel = kernelOf(one);
      const { labels, objective, history, iterations, agreeing } = kernelClusters(kernel, one.k, { seed: one.seed });
      for (const [step, value] of history.slice(1).entries()) expect(value).toBeLessThan(history[step]!);
      expect(history.at(-1)).toBe(objective);
      expect(iterations).toBe(history.length - 1);
      expect(new Set(labels).size).toBe(one.k);
      expect(objective).toBeCloseTo(objectiveOf(kernel, labels), 8);
      expect(agreeing).toBeGreaterThanOrEqual(1);
      expect(agreeing).toBeLessThanOrEqual(10);
    });
  });

  it("ends where no row gains by another label", () => {
    forAll(larger, (one) => {
      const kernel = kernelOf(one);
      const { labels, objective } = kernelClusters(kernel, one.k, { starts: 1, seed: one.seed });
      for (let i = 0; i < one.n; i++)
        for (let c = 0; c < one.k; c++) {
          const moved = labels.with(i, c);
          if (new Set(moved).size === one.k) expect(objectiveOf(kernel, moved)).toBeGreaterThan(objective - 1e-8);
        }
    });
  });

  it("is K-means on the rows where the kernel is their inner product", () => {
    forAll(fc.record({ k: fc.integer({ min: 1, max: 4 }), seed: fc.nat() }), ({ k, seed }) => {
      const points = clumps(40, 4, k, seed);
      const [ours, theirs] = [kernelClusters(gram(points), k), rowClusters(points, k)];
      expect(ours.objective).toBeCloseTo(theirs.objective, 6);
      expect(ours.labels).toEqual(theirs.labels);
      expect(ours.labels).toEqual(Uint8Array.from({ length: 40 }, (_, i) => i % k));
    });
  });

  it("finds the same clusters in whatever order the rows come", () => {
    forAll(
      larger,
      ({ k, seed, n }) => {
        const kernel = gram(clumps(n + k, 4, k, seed));
        const order = rng(seed).shuffled(Array.from({ length: n + k }, (_, i) => i));
        const [before, after] = [kernelClusters(kernel, k), kernelClusters(reordered(kernel, order), k)];
        expect(after.objective).toBeCloseTo(before.objective, 6);
        for (const [i, left] of order.entries())
          for (const [j, right] of order.entries())
            expect(after.labels[i] === after.labels[j]).toBe(before.labels[left] === before.labels[right]);
      },
      20,
    );
  });

  it("does not mind the scale of the kernel, nor one feature that all rows share", () => {
    forAll(fc.tuple(larger, fc.integer({ min: -200, max: 200 })), ([one, power]) => {
      const kernel = kernelOf(one);
      const scaled = { ...kernel, data: kernel.data.map((value) => value * 2 ** power) };
      const [before, after] = [kernelClusters(kernel, one.k), kernelClusters(scaled, one.k)];
      expect(after.labels).toEqual(before.labels);
      expect(after.objective).toBe(before.objective * 2 ** power);
      const shared = { ...kernel, data: kernel.data.map((value) => value + 1) };
      expect(kernelClusters(shared, one.k).objective).toBeCloseTo(before.objective, 8);
    });
  });

  it("survives kernels whose nearest means would empty a cluster", () => {
    // Every row is as far from itself as can be: the step of all rows swaps or merges the clusters.
    const repelling = matrixOf(
      Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => (i === j ? -1 : 1))),
    );
    for (const kernel of [repelling, matrixOf(Array.from({ length: 6 }, () => Array(6).fill(0)))])
      for (const k of [1, 2, 3, 6]) {
        const { labels, objective } = kernelClusters(kernel, k);
        expect(new Set(labels).size).toBe(k);
        expect(objective).toBeCloseTo(lowest(kernel, k), 12);
      }
  });

  it("is the same for the same seed, and counts the starts that agree", () => {
    const kernel = gram(clumps(60, 3, 2, 1));
    expect(kernelClusters(kernel, 2, { seed: 7 })).toEqual(kernelClusters(kernel, 2, { seed: 7 }));
    expect(kernelClusters(kernel, 2, { starts: 8 }).agreeing).toBe(8);
    const hard = indefiniteKernel(80, 3);
    expect(kernelClusters(hard, 2, { starts: 8 }).agreeing).toBeLessThan(8);
    expect(kernelClusters(hard, 2, { starts: 40 }).objective).toBeLessThanOrEqual(
      kernelClusters(hard, 2, { starts: 8 }).objective,
    );
  });

  it("says what it cannot cluster", () => {
    expect(() => kernelClusters(positiveKernel(3, 0), 4)).toThrow(/4 clusters .* 3 rows/);
    expect(() => kernelClusters(positiveKernel(3, 0), 0)).toThrow(/0 clusters/);
    expect(() => kernelClusters(positiveKernel(3, 0), 2, { starts: 0 })).toThrow(/0 starts/);
    expect(() => kernelClusters(noise(3, 4, 0), 2)).toThrow(/3 rows and 4 columns/);
    expect(() => kernelClusters(noise(3, 3, 0), 2)).toThrow(/not symmetric/);
    expect(() =>
      kernelClusters(
        matrixOf([
          [1, NaN],
          [NaN, 1],
        ]),
        2,
      ),
    ).toThrow(/NaN in row 0/);
  });
});

describe("rowClusters", () => {
  it("finds the best of all labellings of a few points", () => {
    forAll(
      cases.filter(({ positive }) => positive),
      ({ n, k, seed }) => {
        const points = noise(n, 2, seed);
        expect(rowClusters(points, k, { starts: 80 }).objective).toBeCloseTo(lowest(gram(points), k), 9);
      },
      100,
    );
  });

  it("is never below the best that kernel K-means finds, and near it", () => {
    forAll(
      fc.nat(),
      (seed) => {
        const points = noise(50, 3, seed);
        const [rows, kernel] = [rowClusters(points, 3).objective, kernelClusters(gram(points), 3).objective];
        expect(rows / kernel).toBeGreaterThan(0.99);
        expect(rows / kernel).toBeLessThan(1.05);
      },
      20,
    );
  });

  it("does not mind the scale of the rows, however small", () => {
    const points = noise(60, 3, 4);
    const small = { ...points, data: points.data.map((value) => value * 2 ** -60) };
    expect(rowClusters(small, 3).labels).toEqual(rowClusters(points, 3).labels);
    expect(rowClusters(small, 3).objective).toBe(rowClusters(points, 3).objective * 2 ** -120);
  });

  it("draws from its own seed alone", () => {
    const points = noise(100, 4, 5);
    const { random } = Math;
    Math.random = () => expect.fail("Math.random was called");
    try {
      expect(rowClusters(points, 4, { seed: 3 })).toEqual(rowClusters(points, 4, { seed: 3 }));
    } finally {
      Math.random = random;
    }
  });

  it("says what it cannot cluster", () => {
    expect(() => rowClusters(noise(3, 2, 0), 4)).toThrow(/4 clusters .* 3 rows/);
    expect(() =>
      rowClusters(
        matrixOf([
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
        2,
      ),
    ).toThrow(/only 1 of the 3 rows differ/);
    expect(() =>
      rowClusters(
        matrixOf([
          [1, 2],
          [NaN, 2],
        ]),
        2,
      ),
    ).toThrow(/NaN in row 1/);
  });
});
