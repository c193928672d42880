// Networks of infinite width in closed form, against averages over many drawn ones in double precision.
import { describe, expect, it } from "vitest";
import { twoLayerKernel } from "../../src/math/arcCosine.ts";
import { eigenpairs } from "../../src/math/eigenpairs.ts";
import {
  layersOf,
  normalDraw,
  summed,
  tangentPart,
  uniformDraw,
  wideLayers,
  type RandomLayer,
} from "../../src/math/infiniteWidth.ts";
import { rng, type Rng } from "../../src/math/rng.ts";

const [n, d] = [5, 6];
const stream = rng(11);
const xs = { rows: n, columns: d, data: Float64Array.from({ length: n * d }, () => stream.normal()) };
const inputs = Array.from({ length: n }, (_, at) => [...xs.data.subarray(at * d, (at + 1) * d)]);
const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, v, at) => sum + v * y[at]!, 0);

/** One network, drawn: by layer the inner products of what comes in and of df/dz, and the score. [layer][cell] */
function drawn(layers: readonly RandomLayer[], draws: Rng, kind: "normal" | "uniform") {
  const one = (variance: number): number =>
    kind === "normal" ? Math.sqrt(variance) * draws.normal() : Math.sqrt(3 * variance) * draws.uniform(-1, 1);
  const made = layers.map(({ inputs: count, weight, bias }, at) => {
    const outputs = layers[at + 1]?.inputs ?? 1;
    return Array.from({ length: outputs }, () => ({
      w: Array.from({ length: count }, () => one(weight)),
      b: one(bias),
    }));
  });
  const passes = inputs.map((x) => {
    const features = [x];
    const sums: number[][] = [];
    for (const units of made) {
      const h = features.at(-1)!;
      sums.push(units.map(({ w, b }) => dot(w, h) + b));
      features.push(sums.at(-1)!.map((z) => Math.max(0, z)));
    }
    let signal = [1];
    const signals = [signal];
    for (let at = made.length - 1; at > 0; at--) {
      const units = made[at]!;
      signal = sums[at - 1]!.map((z, unit) =>
        z > 0 ? units.reduce((s, { w }, to) => s + w[unit]! * signal[to]!, 0) : 0,
      );
      signals.unshift(signal);
    }
    return { features, signals, score: sums.at(-1)![0]! };
  });
  const cells = (of: (a: (typeof passes)[0], b: (typeof passes)[0]) => number): number[] =>
    passes.flatMap((a) => passes.map((b) => of(a, b)));
  return {
    layers: made.map((_, at) => ({
      features: cells((a, b) => dot(a.features[at]!, b.features[at]!)),
      signals: cells((a, b) => dot(a.signals[at]!, b.signals[at]!)),
      part: cells((a, b) => (dot(a.features[at]!, b.features[at]!) + 1) * dot(a.signals[at]!, b.signals[at]!)),
    })),
    scores: cells((a, b) => a.score * b.score),
  };
}

const normal = normalDraw({ weight: 1.7, bias: 0.3 });

describe("wide networks in closed form", () => {
  it.each([
    { depth: 1, kind: "normal", widths: [40], count: 2000, bias: 0 },
    { depth: 2, kind: "normal", widths: [60, 50], count: 600, bias: 0.02 },
    { depth: 3, kind: "normal", widths: [40, 50, 30], count: 400, bias: 0.04 },
    { depth: 2, kind: "uniform", widths: [60, 50], count: 600, bias: 0.03 },
  ] as const)(
    "are averages over drawn ones, layer by layer: depth $depth, $kind",
    ({ widths, count, kind, bias: most }) => {
      const layers = layersOf(kind === "normal" ? normal : uniformDraw, d, widths);
      const known = wideLayers(layers, xs);
      const draws = rng(5);
      const samples = Array.from({ length: count }, () => drawn(layers, draws, kind));
      /** Mean and standard error of each cell against the known one; finite layers add at most `most` of the diagonal. */
      const hold = (of: (sample: (typeof samples)[0]) => readonly number[], truth: ArrayLike<number>): void => {
        for (let cell = 0; cell < n * n; cell++) {
          const values = samples.map((sample) => of(sample)[cell]!);
          const average = values.reduce((sum, value) => sum + value, 0) / count;
          const error = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0)) / count;
          const own = Math.sqrt(truth[Math.floor(cell / n) * (n + 1)]! * truth[(cell % n) * (n + 1)]!);
          expect(Math.abs(average - truth[cell]!)).toBeLessThan(4.5 * error + (most + 1e-9) * own);
        }
      };
      for (const [at, layer] of known.entries()) {
        hold((sample) => sample.layers[at]!.features, layer.features.data);
        hold((sample) => sample.layers[at]!.signals, layer.signals.data);
        hold((sample) => sample.layers[at]!.part, tangentPart(layer, layers[at]!, "standard").data);
      }
      hold((sample) => sample.scores, known.at(-1)!.covariance.data);
    },
  );

  it.each([false, true])("have the kernel of two layers for one hidden layer (with bias: %s)", (bias) => {
    const extra = bias ? 1 : 0;
    const width = 7;
    // W standard normal, a of variance 1 / m, no biases but the constant coordinate, gradients by numbers of variance 1.
    const layers = [
      { inputs: d + extra, weight: 1, bias: 0 },
      { inputs: width, weight: 1 / width, bias: 0 },
    ];
    const wider = {
      rows: n,
      columns: d + extra,
      data: Float64Array.from(inputs.flatMap((x) => [...x, ...(bias ? [1] : [])])),
    };
    const parts = wideLayers(layers, wider).map((layer, at) => tangentPart(layer, layers[at]!, "ntk"));
    const truth = twoLayerKernel(xs, xs, { bias });
    summed(parts).data.forEach((value, at) => expect(value).toBeCloseTo(truth.data[at]!, 12));
  });

  it("have tangent kernels of the usual recursion, whatever the width", () => {
    // Theta^(l+1) = Theta^l Sigma-dot^(l+1) + Sigma^(l+1) (Jacot et al. 2018, Theorem 1), written out for one pair at depth 2.
    const [sw, sb] = [1.7, 0.3];
    const step = (xx: number, xy: number, yy: number) => {
      const angle = Math.acos(xy / Math.sqrt(xx * yy));
      const dotted = (Math.PI - angle) / (2 * Math.PI);
      return { dotted, next: (Math.sqrt(xx * yy) * Math.sin(angle)) / (2 * Math.PI) + xy * dotted };
    };
    const [x, y] = [inputs[0]!, inputs[1]!];
    let [xx, xy, yy] = [dot(x, x), dot(x, y), dot(y, y)].map((inner) => (sw * inner) / d + sb) as [
      number,
      number,
      number,
    ];
    let theta = xy;
    for (let layer = 0; layer < 2; layer++) {
      const { dotted, next } = step(xx, xy, yy);
      [xx, xy, yy] = [(sw * xx) / 2 + sb, sw * next + sb, (sw * yy) / 2 + sb];
      theta = theta * sw * dotted + xy;
    }
    for (const widths of [
      [3, 5],
      [500, 20],
    ]) {
      const layers = layersOf(normal, d, widths);
      const whole = summed(wideLayers(layers, xs).map((layer, at) => tangentPart(layer, layers[at]!, "ntk")));
      expect(whole.data[1]).toBeCloseTo(theta, 12);
    }
  });

  it.each(["standard", "ntk"] as const)("are positive semi-definite, part by part (%s)", (parametrisation) => {
    const layers = layersOf(normal, d, [30, 20, 10]);
    for (const [at, layer] of wideLayers(layers, xs).entries()) {
      const part = tangentPart(layer, layers[at]!, parametrisation);
      const values = [...eigenpairs(part).values];
      expect(Math.min(...values)).toBeGreaterThan(-1e-12 * Math.max(...values));
    }
  });

  it("halve the variance in a rectifier, exactly on the diagonal, at every depth", () => {
    const layers = layersOf(normalDraw({ weight: 2, bias: 0 }), d, [32, 32, 32]);
    const known = wideLayers(layers, xs);
    for (const [at, { covariance, signals }] of known.entries())
      for (let i = 0; i < n; i++) {
        // With s_w^2 = 2 and no bias, signals and variances are kept from layer to layer (He et al. 2015).
        expect(covariance.data[i * (n + 1)]).toBeCloseTo((2 * dot(inputs[i]!, inputs[i]!)) / d, 12);
        expect(signals.data[i * (n + 1)], `layer ${at}`).toBeCloseTo(1, 14);
      }
  });

  it("are finite for equal, opposite and empty inputs, rows and columns told apart", () => {
    const special = { rows: 3, columns: 2, data: Float64Array.of(1, 2, -1, -2, 0, 0) };
    const layers = layersOf(normalDraw({ weight: 2, bias: 0 }), 2, [4, 4]);
    const square = wideLayers(layers, special).map((layer, at) => tangentPart(layer, layers[at]!, "ntk"));
    for (const { data } of square) expect(data.every(Number.isFinite)).toBe(true);
    expect(summed(square).data[0]).toBeCloseTo(15, 12);
    const few = { rows: 2, columns: 2, data: special.data.slice(0, 4) };
    const wide = wideLayers(layers, few, special).map((layer, at) => tangentPart(layer, layers[at]!, "ntk"));
    expect(summed(wide).data).toEqual(summed(square).data.slice(0, 6));
    expect(() => wideLayers(layers, xs)).toThrow("The first layer has 2 inputs, but the examples 6 numbers.");
    expect(() => summed([])).toThrow("no matrix");
  });
});
