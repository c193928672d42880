// The SIMD kernels of training say what plain loops say.
import { describe, expect, it } from "vitest";
import {
  nonzeroShare,
  sparseShare,
  trainingKernels,
  type ConvShape,
  type PoolShape,
} from "../../../src/lab/tensor/simd/training.ts";
import { rng } from "../../../src/math/rng.ts";
import { relativeError } from "../../helpers/compare.ts";
import { fc } from "../../helpers/property.ts";
import { normals } from "../../helpers/toy.ts";

const size = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

interface Scene extends ConvShape {
  readonly seed: number;
  /** Whole numbers only: ties in every window. */
  readonly isTied: boolean;
  /** Of the signals that are not 0. */
  readonly share: number;
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  count: size(3),
  rows: size(9),
  width: size(9),
  depth: size(17),
  channels: size(17),
  kernel: fc.constantFrom(1, 3, 5),
  seed: size(1e6),
  isTied: fc.boolean(),
  share: fc.constantFrom(0, 0.1, 1),
});

const forAllScenes = (holds: (scene: Scene) => void): void =>
  fc.assert(fc.property(scenes, holds), { seed: 20240229, numRuns: 200 });

/** A view into a larger array, as those of a heap are. */
function numbers(length: number, { seed, isTied }: Scene, name: string): Float32Array {
  const own = normals(rng(seed).fork(name), length);
  const heap = new Float32Array(length + 7).fill(NaN);
  const view = heap.subarray(3, 3 + length);
  view.set(isTied ? own.map(Math.round) : own);
  return view;
}

/** Most of them 0, as behind pooling, or none, or all. */
function signals(length: number, scene: Scene): Float32Array {
  const chances = rng(scene.seed).fork("chances");
  return numbers(length, scene, "signal").map((value) => (chances.uniform() < scene.share ? value : 0));
}

/** All pairs of a signal and a number that its filter sees: places of x, of the filter, and of the signal. */
function eachTap(shape: ConvShape, visit: (x: number, filter: number, signal: number) => void): void {
  const { count, rows, width, depth, channels, kernel } = shape;
  const margin = (kernel - 1) / 2;
  for (let example = 0; example < count; example++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column++)
        for (let down = 0; down < kernel; down++)
          for (let right = 0; right < kernel; right++) {
            const [y, x] = [row + down - margin, column + right - margin];
            if (y < 0 || y >= rows || x < 0 || x >= width) continue;
            for (let d = 0; d < depth; d++)
              for (let c = 0; c < channels; c++)
                visit(
                  ((example * rows + y) * width + x) * depth + d,
                  ((down * kernel + right) * depth + d) * channels + c,
                  ((example * rows + row) * width + column) * channels + c,
                );
          }
}

function pooledByLoop(x: Float32Array, signal: Float32Array, { count, rows, width, depth }: PoolShape): Float32Array {
  const out = new Float32Array(x.length);
  let at = 0;
  for (let example = 0; example < count; example++)
    for (let row = 0; row < rows >> 1; row++)
      for (let column = 0; column < width >> 1; column++)
        for (let d = 0; d < depth; d++, at++) {
          const corner = ((example * rows + 2 * row) * width + 2 * column) * depth + d;
          let best = corner;
          for (const other of [corner + depth, corner + width * depth, corner + (width + 1) * depth])
            if (x[other]! > x[best]!) best = other;
          out[best] = signal[at]!;
        }
  return out;
}

describe("kernels of training", () => {
  const kernels = trainingKernels()!;

  it("sum the gradient of filters and biases over examples", () =>
    forAllScenes((scene) => {
      const { count, rows, width, depth, channels, kernel } = scene;
      const x = numbers(count * rows * width * depth, scene, "x");
      const signal = signals(count * rows * width * channels, scene);
      const [filter, bias] = [
        numbers(kernel * kernel * depth * channels, scene, "filter"),
        numbers(channels, scene, "bias"),
      ];
      const slopes = new Float64Array(filter.length);
      eachTap(scene, (from, to, by) => void (slopes[to]! += x[from]! * signal[by]!));
      const shifts = new Float64Array(channels);
      signal.forEach((value, at) => void (shifts[at % channels]! += value));
      kernels.filterGradient(x, signal, scene, filter, bias);
      expect(relativeError(filter, slopes)).toBeLessThan(1e-6);
      expect(relativeError(bias, shifts)).toBeLessThan(1e-6);
    }));

  it("send signals back through the filters", () =>
    forAllScenes((scene) => {
      const { count, rows, width, depth, channels, kernel } = scene;
      const signal = signals(count * rows * width * channels, scene);
      const filter = numbers(kernel * kernel * depth * channels, scene, "filter");
      const out = numbers(count * rows * width * depth, scene, "out");
      const sums = new Float64Array(out.length);
      eachTap(scene, (to, by, from) => void (sums[to]! += filter[by]! * signal[from]!));
      kernels.filterPull(signal, filter, scene, out);
      expect(relativeError(out, sums)).toBeLessThan(1e-6);
    }));

  it("give a window's signal to its first maximum", () =>
    forAllScenes((scene) => {
      const { count, rows, width, depth } = scene;
      const x = numbers(count * rows * width * depth, scene, "x");
      const signal = signals(count * (rows >> 1) * (width >> 1) * depth, scene);
      const out = numbers(x.length, scene, "out");
      kernels.poolSpread(x, signal, scene, out);
      expect(Float32Array.from(out)).toEqual(pooledByLoop(x, signal, scene));
    }));

  it("write nothing beside what they write", () => {
    const shape = { count: 2, rows: 5, width: 3, depth: 3, channels: 2, kernel: 3 };
    const scene: Scene = { ...shape, seed: 1, isTied: false, share: 1 };
    const signal = signals(2 * 15 * 2, scene);
    const filter = numbers(27 * 2, scene, "filter");
    const out = numbers(2 * 15 * 3, scene, "out");
    kernels.filterPull(signal, filter, shape, out);
    const heap = new Float32Array(out.buffer);
    expect([...heap.subarray(0, 3), ...heap.subarray(-4)].every(Number.isNaN)).toBe(true);
    expect(out.every(Number.isFinite)).toBe(true);
  });
});

it("the share of signals that are not 0 is told from some of them", () => {
  const behindPooling = Float32Array.from({ length: 2 ** 20 }, (_, at) => (at % 8 === 3 ? 1 : 0));
  expect(nonzeroShare(behindPooling)).toBeCloseTo(1 / 8, 2);
  expect(nonzeroShare(behindPooling)).toBeLessThan(sparseShare);
  expect(nonzeroShare(Float32Array.of(1, 0))).toBe(0.5);
  expect(nonzeroShare(new Float32Array(0))).toBe(0);
});
