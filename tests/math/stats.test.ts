// Small-sample statistics against printed tables and brute force.
import { describe, expect, it } from "vitest";
import { exceedance, interval, mean, pearson, quantile, spearman, studentT } from "../../src/math/stats.ts";
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

describe("quantile", () => {
  it("lies between the members by their places, as NumPy has it", () => {
    const sample = [3, NaN, 1, 10, 2];
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile(sample, share))).toEqual([
      1,
      1.75,
      2.5,
      expect.closeTo(7.9, 12),
      10,
    ]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it("knows infinities", () => {
    expect([0.25, 0.5, 0.75].map((share) => quantile([0, 1, Infinity, Infinity], share))).toEqual([
      0.75,
      Infinity,
      Infinity,
    ]);
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

describe("pearson", () => {
  it("is what the sums by hand give", () => {
    // Deviations -2 -1 0 1 2 and -1.2 -2.2 0.8 -0.2 2.8: products sum to 10, squares to 10 and 14.8.
    expect(pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 6])).toBeCloseTo(10 / Math.sqrt(10 * 14.8), 14);
    expect(pearson([1, 2, NaN, 3, 4, 5, 9], [2, 1, 7, 4, 3, 6, NaN])).toBeCloseTo(10 / Math.sqrt(10 * 14.8), 14);
    expect(pearson([1, 2, 3], [-2, -4, -6])).toBe(-1);
  });

  it("is not defined where a sample does not vary, nor for fewer than two pairs", () => {
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(pearson([1, 2, 3], [0.7, 0.7, 0.7])).toBeNaN();
    expect(pearson([1], [2])).toBeNaN();
    expect(pearson([], [])).toBeNaN();
    expect(pearson([1, NaN], [2, 3])).toBeNaN();
    expect(() => pearson([1, 2], [1])).toThrow(/2 values .* 1/);
  });

  it("does not mind units, and changes sign with either sample", () => {
    const sample = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 3,
      maxLength: 20,
    });
    forAll(sample, (pairs) => {
      const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      const r = pearson(xs, ys);
      const scaled = pearson(
        xs.map((x) => 3 - 0.25 * x),
        ys,
      );
      if (Number.isNaN(r)) expect(scaled).toBeNaN();
      else {
        expect(scaled).toBeCloseTo(-r, 12);
        expect(pearson(ys, xs)).toBeCloseTo(r, 12);
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
      }
    });
  });
});

describe("spearman", () => {
  it("is 1 - 6 sum d^2 / (n (n^2 - 1)) without ties", () => {
    // Ranks 1 2 3 4 5 and 2 1 4 3 5: sum d^2 = 4.
    expect(spearman([10, 20, 30, 40, 50], [0.2, 0.1, 7, 0.3, 900])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 14);
    expect(spearman([1, 2, 3], [1, 8, 27])).toBe(1);
    expect(spearman([1, 2, NaN, 3], [5, 4, 0, 3])).toBe(-1);
  });

  it("gives tied values the mean of their ranks", () => {
    // Ranks 1 2.5 2.5 4 and 1 3 2 4: deviations -1.5 0 0 1.5 and -1.5 0.5 -0.5 1.5, 4.5 / sqrt(4.5 * 5).
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 14);
    // Ranks 2 2 2 4 and 1.5 3.5 1.5 3.5: deviations -0.5 three times, 1.5, and -1 1 -1 1.
    expect(spearman([0, 0, 0, 7], [1, 2, 1, 2])).toBeCloseTo((0.5 - 0.5 + 0.5 + 1.5) / Math.sqrt(3 * 4), 14);
    expect(spearman([4, 4], [1, 2])).toBeNaN();
  });

  it("does not change under a rising function", () => {
    const sample = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
      minLength: 2,
      maxLength: 20,
    });
    forAll(sample, (pairs) => {
      const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      expect(
        spearman(
          xs.map((x) => x ** 3 - 5),
          ys,
        ),
      ).toBe(spearman(xs, ys));
    });
  });
});
