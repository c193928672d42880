// Leaf orders: every row once, clusters unbroken, and the tree of average linkage.
import { describe, expect, it } from "vitest";
import { gram, normalised } from "../../src/math/matrix.ts";
import { leafOrder } from "../../src/math/order.ts";
import { at, clumps, indefiniteKernel, matrixOf, noise } from "../helpers/matrices.ts";
import { fc, forAll } from "../helpers/property.ts";

describe("leafOrder", () => {
  it("has every row once", () => {
    forAll(fc.record({ n: fc.integer({ min: 1, max: 30 }), seed: fc.nat() }), ({ n, seed }) => {
      const order = leafOrder(indefiniteKernel(n, seed));
      expect(Array.from(order).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    });
  });

  it("keeps clusters that are apart in one piece each", () => {
    forAll(fc.record({ k: fc.integer({ min: 1, max: 4 }), seed: fc.nat() }), ({ k, seed }) => {
      const order = Array.from(leafOrder(normalised(gram(clumps(24, 4, k, seed, 30)))), (row) => row % k);
      expect(order.filter((own, place) => own !== order[place - 1]).length).toBe(k);
    });
  });

  it("keeps every group together that is joined by the greatest mean similarity", () => {
    forAll(fc.record({ n: fc.integer({ min: 2, max: 12 }), seed: fc.nat() }), ({ n, seed }) => {
      const similarity = indefiniteKernel(n, seed);
      const place = new Map(Array.from(leafOrder(similarity), (row, at) => [row, at]));
      let groups = Array.from({ length: n }, (_, i) => [i]);
      while (groups.length > 1) {
        const pairs = groups.flatMap((left, l) => groups.slice(l + 1).map((right) => [left, right] as const));
        const alike = ([left, right]: readonly [number[], number[]]): number =>
          left.reduce((sum, i) => sum + right.reduce((part, j) => part + at(similarity, i, j), 0), 0) /
          (left.length * right.length);
        const joined = pairs.reduce((best, pair) => (alike(pair) > alike(best) ? pair : best));
        groups = [...groups.filter((group) => !joined.includes(group)), joined.flat()];
        const places = joined.flat().map((row) => place.get(row)!);
        expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
      }
    });
  });

  it("pays no heed to the diagonal, and says what it cannot order", () => {
    const similarity = indefiniteKernel(9, 2);
    const other = { ...similarity, data: similarity.data.map((value, cell) => (cell % 10 === 0 ? 50 : value)) };
    expect(leafOrder(other)).toEqual(leafOrder(similarity));
    expect(() => leafOrder(noise(3, 2, 0))).toThrow(/must be square/);
    expect(() =>
      leafOrder(
        matrixOf([
          [1, 0],
          [0, NaN],
        ]),
      ),
    ).toThrow(/NaN in row 1/);
  });
});
