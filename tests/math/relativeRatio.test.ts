// The relative ratio against sums by hand, and what leaves it as it is.
import { describe, expect, it } from "vitest";
import { gram } from "../../src/math/matrix.ts";
import { diagonal, relativeRatio } from "../../src/math/relativeRatio.ts";
import { rng } from "../../src/math/rng.ts";

const labels = [0, 0, 1];
const kernel = { rows: 3, columns: 3, data: Float64Array.of(4, 2, 1, 2, 1, 0.5, 1, 0.5, 9) };

describe("the relative ratio", () => {
  it("takes every ordered pair, an example with itself too", () => {
    // Normalised: 1 1 1/6; 1 1 1/6; 1/6 1/6 1.
    const found = relativeRatio(kernel, { labels, own: diagonal(kernel) });
    expect(found.intra).toBeCloseTo(1, 14);
    expect(found.inter).toBeCloseTo(1 / 6, 14);
    expect(found.ratio).toBeCloseTo(6 / 7, 14);
  });

  it("takes rows and columns that differ, each with its own K(x, x)", () => {
    const cross = { rows: 1, columns: 3, data: Float64Array.of(2, 3, 6) };
    const found = relativeRatio(cross, { labels: [1], own: [16] }, { labels, own: diagonal(kernel) });
    expect(found.intra).toBeCloseTo(6 / 12, 14);
    expect(found.inter).toBeCloseTo((2 / 8 + 3 / 4) / 2, 14);
  });

  it("does not change with the size of an example's features, and is 1/2 where all are alike", () => {
    const random = rng(3);
    const features = { rows: 6, columns: 4, data: Float64Array.from({ length: 24 }, () => random.normal() + 1) };
    const scaled = { ...features, data: features.data.map((value, at) => value * (1 + Math.floor(at / 4))) };
    const sides = [0, 0, 0, 1, 1, 1];
    const ratioOf = (of: typeof features): number =>
      relativeRatio(gram(of), { labels: sides, own: diagonal(gram(of)) }).ratio;
    expect(ratioOf(scaled)).toBeCloseTo(ratioOf(features), 12);
    expect(ratioOf({ ...features, data: new Float64Array(24).fill(2) })).toBeCloseTo(0.5, 14);
  });

  it("is not a number where two examples are more alike than either is to itself", () => {
    const cross = { rows: 1, columns: 3, data: Float64Array.of(2, 3, 12.1) };
    expect(relativeRatio(cross, { labels: [1], own: [16] }, { labels, own: diagonal(kernel) }).ratio).toBeNaN();
  });

  it("is not a number where some K(x, x) is not above 0, or a kind of pair is missing", () => {
    expect(relativeRatio(kernel, { labels, own: [4, 0, 9] }).ratio).toBeNaN();
    expect(relativeRatio(kernel, { labels: [0, 0, 0], own: diagonal(kernel) })).toEqual({
      intra: NaN,
      inter: NaN,
      ratio: NaN,
    });
    expect(() => relativeRatio(kernel, { labels: [0, 1], own: [1, 1] })).toThrow(/2 labels/);
  });
});
