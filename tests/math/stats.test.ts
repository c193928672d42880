// Small-sample statistics against printed tables and brute force.
import { describe, expect, it } from "vitest";
import { exceedance, interval, mean, studentT } from "../../src/math/stats.ts";
import { fc, forAll } from "../helpers/property.ts";

describe("studentT", () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [5, 2.571],
    [9, 2.262],
    [30, 2.042],
    [100, 1.984],
  ])("has the printed 97.5 % quantile for %s degrees of freedom", (freedom, quantile) => {
    expect(studentT(0.975, freedom)).toBeCloseTo(quantile, 3);
    expect(studentT(0.025, freedom)).toBeCloseTo(-quantile, 3);
  });

  it("refuses what has no quantile", () => {
    expect(() => studentT(1, 3)).toThrow(RangeError);
    expect(() => studentT(0.5, 0)).toThrow(RangeError);
  });
});

describe("interval", () => {
  it("is mean plus and minus t s / sqrt(n), without the values that are not measurable", () => {
    const { mean: centre, low, high, count } = interval([1, 2, 3, NaN]);
    expect([centre, count]).toEqual([2, 3]);
    expect(high - centre).toBeCloseTo(4.303 / Math.sqrt(3), 3);
    expect(centre - low).toBeCloseTo(high - centre, 12);
  });

  it("has no width for one value and no mean for none", () => {
    expect(interval([5])).toEqual({ mean: 5, low: 5, high: 5, count: 1 });
    expect(mean([])).toBeNaN();
  });
});

describe("exceedance", () => {
  it("is the share of pairs in order, ties counting half", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    forAll(fc.tuple(sample, sample), ([xs, ys]) => {
      const pairs = xs.flatMap((x) => ys.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
      expect(exceedance(xs, ys)).toBeCloseTo(pairs.reduce((sum: number, one) => sum + one, 0) / pairs.length, 12);
    });
  });
});
