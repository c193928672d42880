// Eigenpairs by their equation; components by the distances that they keep; signs by Sylvester's law.
import { Matrix as Library } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { eigenpairs } from "../../src/math/eigenpairs.ts";
import { gram, largest, transposed, type Matrix } from "../../src/math/matrix.ts";
import { inertia, kernelComponents, principalComponents } from "../../src/math/spectrum.ts";
import { at, clumps, indefiniteKernel, matrixOf, noise, positiveKernel } from "../helpers/matrices.ts";
import { fc, forAll } from "../helpers/property.ts";

const product = (a: Matrix, b: Matrix): Library => new Library(rowsOf(a)).mmul(new Library(rowsOf(b)));

const rowsOf = ({ rows, columns, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));

/** Checks K v = lambda v, v' v = 1 and v' w = 0 to rounding, and that the values fall and add up to the trace. */
function expectEigenpairs(matrix: Matrix, count = matrix.rows): void {
  const { values, vectors } = eigenpairs(matrix, count);
  const scale = Math.max(...values.map(Math.abs)) || 1;
  for (const [r, value] of values.entries()) expect(value).toBeLessThanOrEqual(values[r - 1] ?? Infinity);
  const trace = Array.from({ length: matrix.rows }, (_, i) => at(matrix, i, i)).reduce((sum, value) => sum + value, 0);
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - trace) / scale).toBeLessThan(1e-12 * matrix.rows);
  if (count === 0) return;
  const images = product(vectors, matrix);
  for (let r = 0; r < count; r++)
    for (let i = 0; i < matrix.rows; i++)
      expect(Math.abs(images.get(r, i) - values[r]! * at(vectors, r, i)) / scale).toBeLessThan(1e-12);
  const overlaps = gram(vectors);
  for (let r = 0; r < count; r++)
    for (let s = 0; s < count; s++) expect(Math.abs(at(overlaps, r, s) - (r === s ? 1 : 0))).toBeLessThan(1e-12);
}

describe("eigenpairs", () => {
  it("solve their equation, across from one another, for positive and indefinite matrices", () => {
    const cases = fc.record({ n: fc.integer({ min: 1, max: 40 }), seed: fc.nat(), positive: fc.boolean() });
    forAll(cases, ({ n, seed, positive }) =>
      expectEigenpairs(positive ? positiveKernel(n, seed, 5) : indefiniteKernel(n, seed)),
    );
  });

  it("do so where eigenvalues coincide and rows come apart", () => {
    const identity = matrixOf([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0))));
    const ones = matrixOf(Array.from({ length: 5 }, () => Array(5).fill(1)));
    const twins = matrixOf([
      [2, 1, 0, 0],
      [1, 2, 0, 0],
      [0, 0, 2, 1],
      [0, 0, 1, 2],
    ]);
    const nothing = matrixOf([
      [0, 0],
      [0, 0],
    ]);
    for (const matrix of [identity, ones, twins, nothing, matrixOf([[-3]])]) expectEigenpairs(matrix);
  });

  it("have the eigenvalues 2 - 2 cos(pi r / (n + 1)) of the second difference", () => {
    const n = 200;
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const { values } = eigenpairs(matrixOf(rows));
    for (const [r, value] of values.entries())
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - r)) / (n + 1)), 13);
  });

  it("do not mind the scale, and are the same for a few as for all", () => {
    const matrix = indefiniteKernel(30, 6);
    const few = eigenpairs(matrix, 3);
    expect(few.vectors.data).toEqual(eigenpairs(matrix, 30).vectors.data.subarray(0, 90));
    for (const power of [-900, 900]) {
      const { values, vectors } = eigenpairs({ ...matrix, data: matrix.data.map((value) => value * 2 ** power) }, 3);
      for (const [r, value] of values.entries()) expect(value / 2 ** power).toBeCloseTo(few.values[r]!, 12);
      for (const [cell, value] of vectors.data.entries()) expect(value).toBeCloseTo(few.vectors.data[cell]!, 10);
    }
  });

  it("hold at the size of an experiment", () => {
    const { n, matrix } = { n: 400, matrix: indefiniteKernel(400, 8) };
    const { values, vectors } = eigenpairs(matrix, 5);
    const images = product(vectors, matrix);
    for (let r = 0; r < 5; r++)
      for (let i = 0; i < n; i++)
        expect(Math.abs(images.get(r, i) - values[r]! * at(vectors, r, i))).toBeLessThan(1e-12 * values[0]!);
  });

  it("refuse more vectors than there are, and what is not symmetric", () => {
    expect(() => eigenpairs(positiveKernel(3, 0), 4)).toThrow(/4 eigenvectors .* 3 rows/);
    expect(() => eigenpairs(noise(3, 3, 0))).toThrow(/not symmetric/);
  });
});

/** Squared distance of every two rows. */
const distances = ({ rows: n, columns: d, data }: Matrix): number[] =>
  Array.from({ length: n * n }, (_, cell) => {
    let sum = 0;
    for (let m = 0; m < d; m++) sum += (data[Math.floor(cell / n) * d + m]! - data[(cell % n) * d + m]!) ** 2;
    return sum;
  });

const expectClose = (values: ArrayLike<number>, truth: ArrayLike<number>, digits: number): void => {
  expect(values.length).toBe(truth.length);
  for (let cell = 0; cell < values.length; cell++) expect(values[cell]).toBeCloseTo(truth[cell]!, digits);
};

describe("principalComponents", () => {
  const shapes = fc.record({
    n: fc.integer({ min: 2, max: 25 }),
    d: fc.integer({ min: 1, max: 25 }),
    seed: fc.nat(),
  });

  it("keep all distances at full rank, by Gram matrix and by covariance", () => {
    forAll(shapes, ({ n, d, seed }) => {
      const points = noise(n, d, seed);
      const { scores, shares } = principalComponents(points, Math.max(n, d));
      expect(scores.columns).toBe(Math.min(n, d));
      expectClose(distances(scores), distances(points), 9);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    });
  });

  it("are centred, uncorrelated, and have the shares of the variance that they state", () => {
    forAll(shapes, ({ n, d, seed }) => {
      const { scores, shares } = principalComponents(noise(n, d, seed), 3);
      const inner = gram(transposed(scores));
      const total = distances(noise(n, d, seed)).reduce((sum, value) => sum + value, 0) / (2 * n);
      for (let r = 0; r < scores.columns; r++) {
        expect(Math.abs(rowsOf(scores).reduce((sum, row) => sum + row[r]!, 0))).toBeLessThan(1e-9);
        expect(at(inner, r, r) / total).toBeCloseTo(shares[r]!, 10);
        for (let s = 0; s < r; s++) expect(Math.abs(at(inner, r, s))).toBeLessThan(1e-9);
        if (r > 0) expect(shares[r]).toBeLessThanOrEqual(shares[r - 1]! + 1e-12);
      }
    });
  });

  it("say what has no components", () => {
    expect(() =>
      principalComponents(
        matrixOf([
          [0.1, 2],
          [0.1, 2],
          [0.1, 2],
        ]),
        1,
      ),
    ).toThrow(/3 rows have zero variance/);
    expect(() => principalComponents(matrixOf([[1, NaN]]), 1)).toThrow(/NaN in row 0/);
    expect(() => principalComponents(noise(3, 3, 0), 0)).toThrow(/0 dimensions/);
  });
});

describe("kernelComponents", () => {
  it("are the principal components of the rows where the kernel is their inner product", () => {
    forAll(fc.record({ n: fc.integer({ min: 3, max: 30 }), seed: fc.nat() }), ({ n, seed }) => {
      const points = clumps(n, 4, 2, seed);
      const [ours, rows] = [kernelComponents(gram(points)), principalComponents(points, 2)];
      expectClose(distances(ours.scores), distances(rows.scores), 8);
      expectClose(ours.shares, rows.shares, 10);
    });
  });

  it("solve the eigenvalue equation of the centred kernel, and share out its positive part", () => {
    forAll(fc.record({ n: fc.integer({ min: 4, max: 30 }), seed: fc.nat() }), ({ n, seed }) => {
      const kernel = indefiniteKernel(n, seed);
      const { scores, shares, values } = kernelComponents(kernel, 2);
      const means = rowsOf(kernel).map((row) => row.reduce((sum, value) => sum + value, 0) / n);
      const mean = means.reduce((sum, value) => sum + value, 0) / n;
      const centred = matrixOf(
        rowsOf(kernel).map((row, i) => row.map((value, j) => value - means[i]! - means[j]! + mean)),
      );
      expectClose(values, eigenpairs(centred).values, 10);
      const images = product(centred, scores);
      for (let r = 0; r < 2; r++)
        for (let i = 0; i < n; i++) expect(images.get(i, r)).toBeCloseTo(Math.max(0, values[r]!) * at(scores, i, r), 9);
      const positive = values.reduce((sum, value) => sum + Math.max(0, value), 0);
      expectClose(
        shares,
        [0, 1].map((r) => Math.max(0, values[r]!) / positive),
        10,
      );
    });
  });

  it("say which kernels have none", () => {
    expect(() =>
      kernelComponents(
        matrixOf([
          [2, 2],
          [2, 2],
        ]),
      ),
    ).toThrow(/2 rows has zero variance/);
    expect(() =>
      kernelComponents(
        matrixOf([
          [-1, 0],
          [0, -1],
        ]),
      ),
    ).toThrow(/zero variance/);
    expect(() => kernelComponents(noise(2, 3, 0))).toThrow(/must be square/);
  });
});

describe("inertia", () => {
  it("is that of the factor in the middle (Sylvester)", () => {
    const signs = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 1, maxLength: 20 });
    forAll(fc.tuple(signs, fc.nat()), ([diagonal, seed]) => {
      const n = diagonal.length;
      const outer = rowsOf(noise(n, n, seed));
      const kernel = matrixOf(
        outer.map((left) =>
          outer.map((right) => diagonal.reduce<number>((sum, d, m) => sum + left[m]! * d * right[m]!, 0)),
        ),
      );
      const { positive, zero, negative } = inertia(kernel, 1e-13);
      expect([positive, zero, negative]).toEqual(
        [1, 0, -1].map((sign) => diagonal.filter((one) => one === sign).length),
      );
    });
  });

  it("states its tolerance", () => {
    const kernel = indefiniteKernel(12, 5);
    const { values, tolerance } = inertia(kernel);
    expect(tolerance).toBeCloseTo(12 * 2 ** -52 * Math.max(...values.map(Math.abs)), 20);
  });

  it("does not take rounding for a negative eigenvalue", () => {
    const kernel = positiveKernel(120, 3, 4);
    expect(inertia(kernel)).toMatchObject({ positive: 4, zero: 116, negative: 0, ratio: 0 });
    const single = { ...kernel, data: Float32Array.from(kernel.data) };
    expect(inertia(single).negative).toBeGreaterThan(0);
    expect(inertia(single, 2 ** -23)).toMatchObject({ positive: 4, zero: 116, negative: 0 });
    expect(largest(kernel.data)).toBeGreaterThan(1);
  });

  it("has no bound where nothing is positive", () => {
    expect(
      inertia(
        matrixOf([
          [-1, 0],
          [0, -2],
        ]),
      ),
    ).toMatchObject({ positive: 0, negative: 2, ratio: Infinity });
  });
});
