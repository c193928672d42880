// Kernels made symmetric, normalised and multiplied out, against their definitions number by number.
import { describe, expect, it } from "vitest";
import { checkFinite, checkSymmetric, gram, normalised, symmetrised, transposed } from "../../src/math/matrix.ts";
import { at, matrixOf, noise, positiveKernel } from "../helpers/matrices.ts";
import { fc, forAll } from "../helpers/property.ts";

const shapes = fc.record({
  n: fc.integer({ min: 1, max: 150 }),
  d: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
});

describe("gram", () => {
  it("holds the inner product of every two rows, and is exactly symmetric", () => {
    forAll(
      shapes,
      ({ n, d, seed }) => {
        const x = noise(n, d, seed);
        const products = gram(x);
        expect(products.data).toEqual(transposed(products).data);
        let worst = 0;
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let m = 0; m < d; m++) sum += at(x, i, m) * at(x, j, m);
            worst = Math.max(worst, Math.abs(at(products, i, j) - sum));
          }
        expect(worst).toBeLessThan(1e-12 * d);
      },
      20,
    );
  });

  it("is the same for rows so long that few fit in the cache, and for single precision", () => {
    const x = noise(9, 20_000, 1);
    const single = { ...x, data: Float32Array.from(x.data) };
    for (const [i, j] of [
      [0, 0],
      [8, 1],
      [3, 7],
    ] as const) {
      let sum = 0;
      for (let m = 0; m < 20_000; m++) sum += at(x, i, m) * at(x, j, m);
      expect(at(gram(x), i, j)).toBeCloseTo(sum, 8);
      expect(at(gram(single), i, j)).toBeCloseTo(sum, 2);
    }
  });
});

describe("symmetrised", () => {
  it("is the mean of a matrix and its transpose", () => {
    forAll(
      shapes,
      ({ n, seed }) => {
        const s = noise(n, n, seed);
        const turned = transposed(s);
        expect(symmetrised(s).data).toEqual(s.data.map((value, cell) => (value + turned.data[cell]!) / 2));
      },
      20,
    );
  });

  it("refuses what has no diagonal", () => {
    expect(() => symmetrised(noise(2, 3, 0))).toThrow(/2 rows and 3 columns/);
  });
});

describe("normalised", () => {
  it("is the cosine of two rows where the kernel is their inner product", () => {
    expect(
      normalised(
        gram(
          matrixOf([
            [3, 4],
            [4, 3],
            [0, -2],
          ]),
        ),
      ).data,
    ).toEqual(Float64Array.of(1, 0.96, -0.8, 0.96, 1, -0.6, -0.8, -0.6, 1));
  });

  it("does not change when rows are scaled", () => {
    forAll(fc.record({ seed: fc.nat(), by: fc.double({ min: 1e-3, max: 1e3, noNaN: true }) }), ({ seed, by }) => {
      const x = noise(5, 3, seed);
      const scaled = { ...x, data: x.data.map((value, cell) => (cell < 3 ? by * value : value)) };
      for (const [cell, value] of normalised(gram(scaled)).data.entries())
        expect(value).toBeCloseTo(normalised(gram(x)).data[cell]!, 12);
    });
  });

  it.each([0, -1, NaN])("names the row whose diagonal is %s", (own) => {
    const kernel = positiveKernel(4, 2);
    kernel.data[2 * 4 + 2] = own;
    expect(() => normalised(kernel)).toThrow(new RegExp(`Row 2 .* diagonal is ${own}`));
  });
});

describe("checks", () => {
  it("name the row that is not a number", () => {
    expect(() =>
      checkFinite(
        matrixOf([
          [1, 2],
          [3, NaN],
        ]),
        "S",
      ),
    ).toThrow(/S holds NaN in row 1, column 1/);
    expect(() => checkFinite(matrixOf([[1, -Infinity]]), "S")).toThrow(/-Infinity in row 0/);
    expect(() => checkFinite(matrixOf([]), "S")).toThrow(/S is empty/);
  });

  it("let rounding pass as symmetric, and no more", () => {
    expect(() =>
      checkSymmetric(
        matrixOf([
          [1, 2],
          [2 + 1e-13, 1],
        ]),
        "S",
      ),
    ).not.toThrow();
    expect(() =>
      checkSymmetric(
        matrixOf([
          [1, 2],
          [2.001, 1],
        ]),
        "S",
      ),
    ).toThrow(/2.001 at \(1, 0\) but 2 at \(0, 1\)/);
  });
});
