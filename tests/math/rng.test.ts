// Seeded streams: the same every time, independent of each other, and as uniform as their samples can tell.
import { describe, expect, it } from "vitest";
import { rng, type Rng } from "../../src/math/rng.ts";
import { pearson } from "../../src/math/stats.ts";
import { fc, forAll } from "../helpers/property.ts";

const draws = (stream: Rng, count: number): number[] => Array.from({ length: count }, () => stream.uniform());

/** Sum of squared deviations from equal counts, over the expected count: about cellCount - 1 for a uniform sample. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function countsOf(cells: readonly number[], cellCount: number): number[] {
  const counts = Array.from({ length: cellCount }, () => 0);
  for (const cell of cells) counts[cell]! += 1;
  return counts;
}

describe("a stream", () => {
  it("is the same for the same seed, and another for another", () => {
    forAll(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      expect(draws(rng(seed), 8)).toEqual(draws(rng(seed), 8));
      expect(draws(rng(seed), 8)).not.toEqual(draws(rng(seed + 1), 8));
    });
  });

  it("draws evenly from 0 to 1, and neighbours do not know each other", () => {
    const sample = draws(rng(1).fork("a test"), 20_000);
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    // 99 degrees of freedom: mean 99, standard deviation 14; four of them above.
    const tenths = sample.map((value) => Math.floor(10 * value));
    const pairs = tenths.slice(1).map((cell, at) => 10 * cell + tenths[at]!);
    expect(chiSquare(countsOf(pairs, 100))).toBeLessThan(99 + 4 * 14.1);
  });

  it("keeps within the bounds that it is given", () => {
    forAll(fc.tuple(fc.integer(), fc.double({ min: -5, max: 5, noNaN: true })), ([seed, low]) => {
      const value = rng(seed).uniform(low, low + 3);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(low + 3);
    });
  });

  it("draws whole numbers evenly below a count", () => {
    const stream = rng(2).fork("below");
    const counts = countsOf(
      Array.from({ length: 7000 }, () => stream.below(7)),
      7,
    );
    expect(chiSquare(counts)).toBeLessThan(6 + 4 * Math.sqrt(12));
  });

  it("draws normal numbers of mean 0, variance 1 and the right share beyond two", () => {
    const stream = rng(3).fork("normal");
    const sample = Array.from({ length: 20_000 }, () => stream.normal());
    const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
    const variance = sample.reduce((sum, value) => sum + value * value, 0) / sample.length;
    const beyond = sample.filter((value) => Math.abs(value) > 2).length / sample.length;
    // Four standard errors each.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(20_000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(4 * Math.sqrt((0.0455 * 0.9545) / 20_000));
  });

  it("shuffles without losing anything, into every order alike", () => {
    forAll(fc.tuple(fc.integer(), fc.array(fc.integer())), ([seed, items]) => {
      const before = [...items];
      const shuffled = rng(seed).shuffled(items);
      expect(items).toEqual(before);
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
    });
    const stream = rng(4).fork("orders");
    const orders = ["abc", "acb", "bac", "bca", "cab", "cba"];
    const seen = Array.from({ length: 6000 }, () => orders.indexOf(stream.shuffled(["a", "b", "c"]).join("")));
    expect(chiSquare(countsOf(seen, 6))).toBeLessThan(5 + 4 * Math.sqrt(10));
  });
});

describe("a fork", () => {
  it("does not depend on what was drawn before it, nor changes what is drawn after it", () => {
    const drawn = rng(5);
    draws(drawn, 100);
    expect(draws(drawn.fork("name"), 5)).toEqual(draws(rng(5).fork("name"), 5));
    const forked = rng(5);
    forked.fork("name").uniform();
    expect(draws(forked, 5)).toEqual(draws(rng(5), 5));
  });

  it("is another stream for every name, every number below a name, and every seed", () => {
    const names = ["initial weights", "training order", "tiger", "cat", "car", "train", "test"];
    const starts = Array.from({ length: 40 }, (_, seed) => names.map((name) => rng(seed).fork(name))).flat();
    const streams = starts.flatMap((stream) => [stream, stream.fork(0), stream.fork(1), stream.fork(10)]);
    expect(new Set(streams.map((stream) => draws(stream, 3).join())).size).toBe(streams.length);
  });

  it("begins evenly over many names", () => {
    const parent = rng(6);
    const cells = Array.from({ length: 10_000 }, (_, name) => {
      const [x, y] = draws(parent.fork(name), 2) as [number, number];
      return 10 * Math.floor(10 * x) + Math.floor(10 * y);
    });
    expect(chiSquare(countsOf(cells, 100))).toBeLessThan(99 + 4 * 14.1);
  });

  it("is not correlated with its parent or its siblings", () => {
    const parent = rng(7);
    const samples = [parent, parent.fork(0), parent.fork(1), parent.fork("name")].map((stream) => draws(stream, 5000));
    for (const [at, own] of samples.entries())
      for (const other of samples.slice(at + 1))
        expect(Math.abs(pearson(own, other))).toBeLessThan(4 / Math.sqrt(5000));
  });
});
