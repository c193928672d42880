// The loops over memory and their twins in TensorFlow.js's own operations say the same, on every backend of Node.
import { beforeAll, describe, expect, it } from "vitest";
import {
  columns,
  columnsByLoop,
  columnsByTensor,
  overlaps,
  overlapsByLoop,
  overlapsByTensor,
  poolSpread,
  poolSpreadByLoop,
  poolSpreadByTensor,
  productSquares,
} from "../../../src/lab/tensor/kernels.ts";
import { activate, tf, type Tensor } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { fc, forAll } from "../../helpers/property.ts";
import { normals } from "../../helpers/toy.ts";

const length = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const seeds = fc.integer({ min: 0, max: 1e6 });
const images = fc.tuple(length(4), length(9), length(9), length(4));

interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The numbers of a tensor; everything made on the way is freed. */
function resultOf(make: () => Tensor): Result {
  return tf.tidy(() => {
    const tensor = make();
    return { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) } as unknown as tf.TensorContainer;
  }) as unknown as Result;
}

function agree(loop: () => Tensor, twin: () => Tensor, tolerance: number): void {
  const [own, other] = [resultOf(loop), resultOf(twin)];
  expect(own.shape).toEqual(other.shape);
  expect(relativeError(own.data, other.data)).toBeLessThanOrEqual(tolerance);
}

/** Whole numbers in a narrow range: ties everywhere, and windows without a positive number. */
const tied = (seed: number, size: number): Float32Array => {
  const random = rng(seed);
  return Float32Array.from({ length: size }, () => random.below(3) - 2);
};

describe.each(nodeBackends)("kernels on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  it("columns: loop and twin move the same numbers to the same places", () => {
    const kernels = fc.constantFrom(1, 3, 5, 7);
    forAll(fc.tuple(images, kernels, fc.boolean(), seeds), ([shape, kernel, perExample, seed]) => {
      const x = tf.tensor4d(
        normals(
          rng(seed),
          shape.reduce((a, b) => a * b),
        ),
        shape,
      );
      agree(
        () => columnsByLoop(x, kernel, perExample),
        () => columnsByTensor(x, kernel, perExample),
        0,
      );
      agree(
        () => columns(x, kernel, perExample),
        () => columnsByTensor(x, kernel, perExample),
        0,
      );
      x.dispose();
    });
  });

  it("columns hold what each tap of the filter sees", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
    const { shape, data } = resultOf(() => columns(x, 3, false));
    expect(shape).toEqual([10, 6]);
    // Upper left neighbour, the pixel itself, lower right neighbour, and the ones that the bias sees.
    expect([...data.subarray(0, 6)]).toEqual([0, 0, 0, 0, 1, 2]);
    expect([...data.subarray(24, 30)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...data.subarray(48, 54)]).toEqual([5, 6, 0, 0, 0, 0]);
    expect([...data.subarray(54)]).toEqual([1, 1, 1, 1, 1, 1]);
    x.dispose();
  });

  it.each([
    ["ties", tied],
    ["distinct numbers", (seed: number, size: number) => normals(rng(seed), size)],
  ] as const)("poolSpread: loop and twin give each signal to the same pixel, with %s", (_name, values) => {
    const shapes = fc.tuple(length(3), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }), length(4));
    forAll(fc.tuple(shapes, seeds), ([shape, seed]) => {
      const [count, rows, width, depth] = shape;
      const x = tf.tensor4d(values(seed, count * rows * width * depth), shape);
      const halves: [number, number, number, number] = [count, rows >> 1, width >> 1, depth];
      const signal = tf.tensor4d(
        normals(
          rng(seed + 1),
          halves.reduce((a, b) => a * b),
        ),
        halves,
      );
      agree(
        () => poolSpreadByLoop(x, signal),
        () => poolSpreadByTensor(x, signal),
        0,
      );
      agree(
        () => poolSpread(x, signal),
        () => poolSpreadByTensor(x, signal),
        0,
      );
      tf.dispose([x, signal]);
    });
  });

  it("poolSpread keeps every signal, at the first maximum in reading order", () => {
    const x = tf.tensor4d([-1, -1, -2, -3, -1, -1, -3, -2], [1, 2, 4, 1]);
    const signal = tf.tensor4d([7, 9], [1, 1, 2, 1]);
    expect([...resultOf(() => poolSpread(x, signal)).data]).toEqual([7, 0, 9, 0, 0, 0, 0, 0]);
    tf.dispose([x, signal]);
  });

  it("overlaps: loop, twin and float64 agree", () => {
    forAll(fc.tuple(length(5), length(700), fc.constantFrom(0, 1), seeds), ([count, size, add, seed]) => {
      const [h, a] = [normals(rng(seed), count * size), normals(rng(seed + 1), size)];
      const [left, right] = [tf.tensor2d(h, [count, size]), tf.tensor2d(a, [1, size])];
      const truth = Array.from({ length: count }, (_, row) => dot(h.subarray(row * size, (row + 1) * size), a) + add);
      const scale = Math.sqrt(dot(h, h) * dot(a, a)) + add;
      for (const make of [overlapsByLoop, overlapsByTensor, overlaps]) {
        const { shape, data } = resultOf(() => make(left, right, add));
        expect(shape).toEqual([count, 1]);
        truth.forEach((value, row) => expect(Math.abs(data[row]! - value)).toBeLessThan(1e-6 * scale));
      }
      tf.dispose([left, right]);
    });
  });

  it("overlaps in memory keep their digits where the products cancel", () => {
    const size = 1001;
    const a = normals(rng(1), size, 30);
    const h = normals(rng(2), size, 30);
    h[size - 1] = -dot(h.subarray(0, size - 1), a) / a[size - 1]!;
    const [left, right] = [tf.tensor2d(h, [1, size]), tf.tensor2d(a, [1, size])];
    const truth = dot(h, a) + 1;
    expect(Math.abs(resultOf(() => overlaps(left, right, 1)).data[0]! / truth - 1)).toBeLessThan(1e-6);
    tf.dispose([left, right]);
  });

  it("productSquares is the squared norm of each example's product", () => {
    forAll(fc.tuple(length(4), length(6), length(30), length(5), seeds), ([count, m, n, k, seed]) => {
      const [a, b] = [normals(rng(seed), count * m * n), normals(rng(seed + 1), count * n * k)];
      const truth = Array.from({ length: count }, (_, example) => {
        let sum = 0;
        for (let row = 0; row < m; row++)
          for (let column = 0; column < k; column++) {
            let product = 0;
            for (let at = 0; at < n; at++)
              product += a[(example * m + row) * n + at]! * b[(example * n + at) * k + column]!;
            sum += product * product;
          }
        return sum;
      });
      const [left, right] = [tf.tensor3d(a, [count, m, n]), tf.tensor3d(b, [count, n, k])];
      const { shape, data } = resultOf(() => productSquares(left, right));
      expect(shape).toEqual([count]);
      expect(relativeError(data, truth)).toBeLessThan(2e-6);
      tf.dispose([left, right]);
    });
  });

  it("leaves no tensor behind", () => {
    const x = tf.tensor4d(normals(rng(1), 96), [2, 4, 4, 3]);
    const before = tf.memory().numTensors;
    resultOf(() => columns(x, 3, true));
    resultOf(() => poolSpread(x, tf.ones([2, 2, 2, 3])));
    resultOf(() => productSquares(tf.ones([2, 3, 4]), tf.ones([2, 4, 5])));
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});
