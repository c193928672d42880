// Plateaus of curves that are known.
import { describe, expect, it } from "vitest";
import { plateau } from "../../src/math/plateau.ts";
import { fc, forAll } from "../helpers/property.ts";

const x = [1, 2, 3, 4, 5, 6, 7];

describe("plateau", () => {
  it("is the longest stretch that is close, from its first point to its last", () => {
    expect(plateau(x, [[9, 2.01, 9, 2, 1.99, 2, 9]], [2], 0.01)).toEqual({ from: 4, to: 6, count: 3 });
  });

  it("is the first one of two that are equally long", () => {
    expect(plateau(x, [[1, 1, 9, 1, 1, 9, 1]], [1], 0.01)).toEqual({ from: 1, to: 2, count: 2 });
  });

  it("asks it of all curves, each against its own reference", () => {
    const curves = [
      [1, 1, 1, 1, 1, 9, 9],
      [9, 9, 5, 5, 5, 5, 5],
    ];
    expect(plateau(x, curves, [1, 5], 0.01)).toEqual({ from: 3, to: 5, count: 3 });
  });

  it("is broken by what is not a number, and absent where nothing is close", () => {
    expect(plateau(x, [[1, 1, NaN, 1, 1, 1, NaN]], [1], 0.01)).toEqual({ from: 4, to: 6, count: 3 });
    expect(plateau(x, [x.map(() => NaN)], [1], 0.01)).toBeUndefined();
    expect(plateau([], [[]], [1], 0.01)).toBeUndefined();
  });

  it("lies between rounding and curvature: e/eta + c eta within the tolerance", () => {
    forAll(fc.record({ e: fc.double({ min: 3, max: 9, noNaN: true }) }), ({ e }) => {
      const rounding = 10 ** -e * 1e-3;
      const etas = Array.from({ length: 121 }, (_, at) => 10 ** (at / 10 - 12));
      const found = plateau(etas, [etas.map((eta) => 1 + rounding / eta + eta)], [1], 0.01)!;
      const close = etas.filter((eta) => rounding / eta + eta <= 0.01);
      expect(found).toEqual({ from: close[0], to: close.at(-1), count: close.length });
    });
  });
});
