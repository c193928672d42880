// Averages over rectified units in closed form, against averages over many drawn ones.
import { describe, expect, it } from "vitest";
import { bothOn, rectified, twoLayerKernel } from "../../src/math/arcCosine.ts";
import { rng } from "../../src/math/rng.ts";

const relu = (value: number): number => Math.max(0, value);

describe("the arc-cosine kernels", () => {
  it.each([
    [1, 0.3, 2],
    [0.5, -0.6, 1.5],
    [2, 1.9, 1.9],
    [3, 0, 0.1],
  ])("are the averages over normal u, u' of covariance (%s, %s, %s)", (xx, xy, yy) => {
    const draws = rng(7);
    const count = 400_000;
    let [product, on] = [0, 0];
    const root = Math.sqrt(yy - xy ** 2 / xx);
    for (let at = 0; at < count; at++) {
      const first = draws.normal();
      const u = Math.sqrt(xx) * first;
      const v = (xy / Math.sqrt(xx)) * first + root * draws.normal();
      product += relu(u) * relu(v);
      on += u > 0 && v > 0 ? 1 : 0;
    }
    // Four standard errors: of a share, and of a product whose square has the mean (xx yy + 2 xy^2) / 2 at most.
    const error = 4 / Math.sqrt(count);
    expect(Math.abs(on / count - bothOn(xx, xy, yy))).toBeLessThan(error / 2);
    expect(Math.abs(product / count - rectified(xx, xy, yy))).toBeLessThan(error * Math.sqrt(xx * yy + 2 * xy ** 2));
  });

  it("are exact where the inputs are the same, opposite, at right angles or nothing", () => {
    expect([rectified(0.7, 0.7, 0.7), bothOn(0.7, 0.7, 0.7)]).toEqual([0.35, 0.5]);
    expect([rectified(0.7, -0.7, 0.7), bothOn(0.7, -0.7, 0.7)]).toEqual([0, 0]);
    expect(rectified(4, 0, 9)).toBeCloseTo(6 / (2 * Math.PI), 14);
    expect(bothOn(4, 0, 9)).toBe(0.25);
    expect([rectified(0, 0, 2), bothOn(0, 0, 2)]).toEqual([0, 0]);
    for (const norm of [0.1, 1 / 3, 7.77e-5, 12345.678]) expect(bothOn(norm, norm, norm)).toBe(0.5);
    // Rounding may put a cosine past 1.
    expect(rectified(1, 1 + 1e-15, 1)).toBe(0.5);
    expect(bothOn(3, -3.000000001, 3)).toBe(0);
  });
});

describe("the kernel of two layers", () => {
  const draws = rng(3);
  const [n, d] = [6, 4];
  const xs = { rows: n, columns: d, data: Float64Array.from({ length: n * d }, () => draws.normal()) };
  const row = (at: number): number[] => [...xs.data.subarray(at * d, (at + 1) * d)];
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, v, at) => sum + v * y[at]!, 0);

  it.each([false, true])("is the average over drawn networks (with bias: %s)", (bias) => {
    const inputs = Array.from({ length: n }, (_, at) => [...row(at), ...(bias ? [1] : [])]);
    const width = 100_000;
    const sums = new Float64Array(n * n);
    for (let unit = 0; unit < width; unit++) {
      const w = inputs[0]!.map(() => draws.normal());
      const a = draws.normal();
      const h = inputs.map((x) => dot(w, x));
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          if (h[i]! > 0 && h[j]! > 0) sums[i * n + j]! += a ** 2 * dot(inputs[i]!, inputs[j]!) + h[i]! * h[j]!;
    }
    const { data } = twoLayerKernel(xs, xs, { bias });
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const scale = Math.sqrt(data[i * n + i]! * data[j * n + j]!);
        expect(Math.abs(sums[i * n + j]! / width - data[i * n + j]!)).toBeLessThan(0.03 * scale);
      }
  });

  it("is the squared norm on its diagonal, symmetric, and the same of some rows and columns", () => {
    const { data } = twoLayerKernel(xs);
    for (let i = 0; i < n; i++) {
      expect(data[i * n + i]).toBeCloseTo(dot(row(i), row(i)), 14);
      for (let j = 0; j < n; j++) expect(data[i * n + j]).toBe(data[j * n + i]);
    }
    const two = { rows: 2, columns: d, data: xs.data.slice(0, 2 * d) };
    const part = twoLayerKernel(two, xs);
    expect([part.rows, part.columns]).toEqual([2, n]);
    expect(part.data).toEqual(data.slice(0, 2 * n));
    expect(() => twoLayerKernel(xs, { rows: 1, columns: 2, data: new Float64Array(2) })).toThrow("4 numbers");
  });

  it("is 0 between opposite inputs, and finite for an input of zeros", () => {
    const pair = { rows: 3, columns: 2, data: Float64Array.of(1, 2, -1, -2, 0, 0) };
    expect([...twoLayerKernel(pair).data]).toEqual([5, 0, 0, 0, 5, 0, 0, 0, 0]);
  });
});
