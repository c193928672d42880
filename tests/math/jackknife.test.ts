// The jackknife's interval: that of Student for a mean, and of the right size for a ratio.
import { describe, expect, it } from "vitest";
import { jackknife } from "../../src/math/jackknife.ts";
import { rng } from "../../src/math/rng.ts";
import { interval, mean } from "../../src/math/stats.ts";

const without = <T>(items: readonly T[]): T[][] => items.map((_, at) => items.filter((_item, other) => other !== at));

describe("the jackknife", () => {
  it("of a mean is Student's interval", () => {
    const sample = [3, 1, 4, 1, 5, 9, 2, 6];
    const wanted = interval(sample);
    const made = jackknife(mean(sample), without(sample).map(mean));
    for (const part of ["mean", "low", "high", "count"] as const) expect(made[part]).toBeCloseTo(wanted[part], 10);
  });

  it("covers the log of a ratio of means about as often as it says", () => {
    const random = rng(2);
    const ratio = (pairs: readonly (readonly [number, number])[]): number =>
      Math.log(mean(pairs.map(([a]) => a)) / mean(pairs.map(([, b]) => b)));
    let inside = 0;
    const rounds = 2000;
    for (let round = 0; round < rounds; round++) {
      const pairs = Array.from({ length: 12 }, () => [6 + random.normal(), 3 + random.normal()] as const);
      const { low, high } = jackknife(ratio(pairs), without(pairs).map(ratio));
      if (low < Math.log(2) && Math.log(2) < high) inside += 1;
    }
    expect(inside / rounds).toBeGreaterThan(0.92);
    expect(inside / rounds).toBeLessThan(0.98);
  });

  it("is not measurable where leaving one out makes the statistic so", () => {
    expect(jackknife(1, [1, NaN, 2])).toEqual({ mean: NaN, low: NaN, high: NaN, count: 3 });
  });

  it("says nothing of a single member", () => {
    expect(jackknife(2, [7])).toEqual({ mean: 2, low: 2, high: 2, count: 1 });
  });
});
