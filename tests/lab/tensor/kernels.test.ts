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
  exampleProducts,
  patches,
  rowsAt,
  dilated,
} from "../../../src/lab/tensor/kernels.ts";
import { sizeOf } from "../../../src/lab/tensor/layer.ts";
import { windowsOn, type WindowOptions } from "../../../src/lab/tensor/window.ts";
import { activate, tf, type Tensor } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { fc, forAll } from "../../helpers/property.ts";
import { normals } from "../../helpers/toy.ts";

const length = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const seeds = fc.integer({ min: 0, max: 1e6 });
const images = fc.tuple(length(4), length(9), length(9), length(4));
type Shape = [number, number, number, number];
const windowing: fc.Arbitrary<WindowOptions> = fc.record({
  kernel: length(5),
  stride: length(3),
  padding: fc.constantFrom("same", "valid"),
});
/** 2 x 2, side by side. */
const quarters = (rows: number, width: number) => windowsOn([rows, width], { kernel: 2, stride: 2, padding: "valid" });

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
    forAll(fc.tuple(images, windowing, fc.boolean(), seeds), ([shape, options, perExample, seed]) => {
      const windows = windowsOn(shape.slice(1), options);
      if (windows.rows < 1 || windows.columns < 1) return;
      const x = tf.tensor4d(normals(rng(seed), sizeOf(shape)), shape);
      for (const make of [columnsByLoop, columns])
        agree(
          () => make(x, windows, perExample),
          () => columnsByTensor(x, windows, perExample),
          0,
        );
      x.dispose();
    });
  });

  it("patches are the columns, position by position", () => {
    forAll(fc.tuple(images, windowing, seeds), ([shape, options, seed]) => {
      const windows = windowsOn(shape.slice(1), options);
      if (windows.rows < 1 || windows.columns < 1) return;
      const x = tf.tensor4d(normals(rng(seed), sizeOf(shape)), shape);
      const taps = windows.kernel ** 2 * shape[3];
      agree(
        () => tf.reshape(patches(x, windows), [-1, taps]),
        () => tf.transpose(tf.slice(columnsByTensor(x, windows, false), [0, 0], [taps, -1])),
        0,
      );
      x.dispose();
    });
  });

  it("dilated puts zeros between pixels", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
    expect([...resultOf(() => dilated(x, 2)).data]).toEqual([1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6]);
    expect(resultOf(() => dilated(x, 1)).shape).toEqual([1, 2, 3, 1]);
    x.dispose();
  });

  it("columns hold what each tap of the filter sees", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
    const { shape, data } = resultOf(() =>
      columns(x, windowsOn([2, 3], { kernel: 3, stride: 1, padding: "same" }), false),
    );
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
    forAll(fc.tuple(images, windowing, seeds), ([shape, options, seed]) => {
      const windows = windowsOn(shape.slice(1), options);
      if (windows.rows < 1 || windows.columns < 1) return;
      const x = tf.tensor4d(values(seed, sizeOf(shape)), shape);
      const pooled: Shape = [shape[0], windows.rows, windows.columns, shape[3]];
      const signal = tf.tensor4d(normals(rng(seed + 1), sizeOf(pooled)), pooled);
      for (const make of [poolSpreadByLoop, poolSpread])
        agree(
          () => make(x, signal, windows),
          () => poolSpreadByTensor(x, signal, windows),
          1e-6,
        );
      tf.dispose([x, signal]);
    });
  });

  it("poolSpread keeps every signal, at the first maximum in reading order", () => {
    const x = tf.tensor4d([-1, -1, -2, -3, -1, -1, -3, -2], [1, 2, 4, 1]);
    const signal = tf.tensor4d([7, 9], [1, 1, 2, 1]);
    expect([...resultOf(() => poolSpread(x, signal, quarters(2, 4))).data]).toEqual([7, 0, 9, 0, 0, 0, 0, 0]);
    tf.dispose([x, signal]);
  });

  it("overlaps: loop, twin and float64 agree, for shared probes and for each anchor's own", () => {
    const counts = fc.tuple(length(4), length(5), fc.boolean());
    forAll(
      fc.tuple(counts, length(700), fc.constantFrom(0, 1), seeds),
      ([[anchors, probes, isShared], size, add, seed]) => {
        const sharers = isShared ? 1 : anchors;
        const [h, a] = [normals(rng(seed), sharers * probes * size), normals(rng(seed + 1), anchors * size)];
        const [left, right] = [tf.tensor3d(h, [sharers, probes, size]), tf.tensor2d(a, [anchors, size])];
        const truth = Array.from({ length: anchors * probes }, (_, at) => {
          const [anchor, probe] = [Math.floor(at / probes), at % probes];
          const row = (isShared ? 0 : anchor) * probes + probe;
          return dot(h.subarray(row * size, (row + 1) * size), a.subarray(anchor * size, (anchor + 1) * size)) + add;
        });
        const scale = Math.sqrt(dot(h, h) * dot(a, a)) + add;
        for (const make of [overlapsByLoop, overlapsByTensor, overlaps]) {
          const { shape, data } = resultOf(() => make(left, right, add));
          expect(shape).toEqual([anchors, probes, 1]);
          truth.forEach((value, row) => expect(Math.abs(data[row]! - value)).toBeLessThan(1e-6 * scale));
        }
        tf.dispose([left, right]);
      },
    );
  });

  it("overlaps in memory keep their digits where the products cancel", () => {
    const size = 1001;
    const a = normals(rng(1), size, 30);
    const h = normals(rng(2), size, 30);
    h[size - 1] = -dot(h.subarray(0, size - 1), a) / a[size - 1]!;
    const [left, right] = [tf.tensor3d(h, [1, 1, size]), tf.tensor2d(a, [1, size])];
    const truth = dot(h, a) + 1;
    expect(Math.abs(resultOf(() => overlaps(left, right, 1)).data[0]! / truth - 1)).toBeLessThan(1e-6);
    tf.dispose([left, right]);
  });

  it("exampleProducts is the product of each example", () => {
    forAll(fc.tuple(length(4), length(6), length(30), length(5), seeds), ([count, m, n, k, seed]) => {
      const [a, b] = [normals(rng(seed), count * m * n), normals(rng(seed + 1), count * n * k)];
      const truth = Array.from({ length: count * m * k }, (_, place) => {
        const [example, row, column] = [Math.floor(place / (m * k)), Math.floor(place / k) % m, place % k];
        let product = 0;
        for (let at = 0; at < n; at++)
          product += a[(example * m + row) * n + at]! * b[(example * n + at) * k + column]!;
        return product;
      });
      const [left, right] = [tf.tensor3d(a, [count, m, n]), tf.tensor3d(b, [count, n, k])];
      const { shape, data } = resultOf(() => exampleProducts(left, right));
      expect(shape).toEqual([count, m, k]);
      expect(relativeError(data, truth)).toBeLessThan(2e-6);
      tf.dispose([left, right]);
    });
  });

  it("rowsAt are the rows asked for, in that order", () => {
    const x = tf.tensor3d(normals(rng(4), 24), [4, 2, 3]);
    agree(
      () => rowsAt(x, [2, 0, 2]),
      () => tf.gather(x, [2, 0, 2]),
      0,
    );
    x.dispose();
  });

  it("make nothing of no examples", () => {
    const [x, signal] = [tf.zeros([0, 4, 4, 3]) as tf.Tensor4D, tf.zeros([0, 2, 2, 3]) as tf.Tensor4D];
    const same = windowsOn([4, 4], { kernel: 3, stride: 1, padding: "same" });
    expect(resultOf(() => columnsByLoop(x, same, true)).shape).toEqual([0, 28, 16]);
    expect(resultOf(() => columnsByLoop(x, same, false)).shape).toEqual([28, 0]);
    expect(resultOf(() => poolSpread(x, signal, quarters(4, 4))).shape).toEqual([0, 4, 4, 3]);
    expect(resultOf(() => overlaps(tf.zeros([1, 0, 5]), tf.zeros([2, 5]), 1)).shape).toEqual([2, 0, 1]);
    // The heap is as it was: a product that is not empty still is right.
    const one = resultOf(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
    expect([...one.data]).toEqual([11]);
    tf.dispose([x, signal]);
  });

  it("leaves no tensor behind", () => {
    const x = tf.tensor4d(normals(rng(1), 96), [2, 4, 4, 3]);
    const before = tf.memory().numTensors;
    resultOf(() => columns(x, windowsOn([4, 4], { kernel: 3, stride: 1, padding: "same" }), true));
    resultOf(() => poolSpread(x, tf.ones([2, 2, 2, 3]), quarters(4, 4)));
    resultOf(() => exampleProducts(tf.ones([2, 3, 4]), tf.ones([2, 4, 5])));
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});

it.each(nodeBackends)("the average-pool gradient of TensorFlow.js forgets the border on %s", async (backend) => {
  await activate(backend, nodeHost);
  const x = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
  const slope = tf.tidy(() => tf.grad((at) => tf.sum(tf.avgPool(at as tf.Tensor4D, 2, 2, "same")))(x));
  // The corner is a window of its own.
  expect(slope.dataSync()[8]).not.toBe(1);
  tf.dispose([x, slope]);
});

describe("what TensorFlow.js cannot do on wasm; where one of these fails, our own is not needed any more", () => {
  beforeAll(() => activate("wasm", nodeHost));

  it("has no filter gradient", () => {
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBeUndefined();
  });

  it("drops the signals of windows whose maximum is not positive", () => {
    const x = tf.tensor4d([-3, -1, -2, -4], [1, 2, 2, 1]);
    const slope = tf.tidy(() => tf.grad((at) => tf.sum(tf.maxPool(at as tf.Tensor4D, 2, 2, "valid")))(x));
    expect([...slope.dataSync()]).not.toEqual([0, 1, 0, 0]);
    tf.dispose([x, slope]);
  });

  it('takes "same" for other margins where the stride is longer than the kernel', () => {
    const x = tf.tensor4d(normals(rng(1), 54), [1, 6, 9, 1]);
    const filter = tf.tensor4d(normals(rng(2), 4), [2, 2, 1, 1]);
    const [named, numbered] = (["same", none] as const).map((pad) => resultOf(() => tf.conv2d(x, filter, 3, pad)).data);
    expect(relativeError(named!, numbered!)).toBeGreaterThan(0.1);
    tf.dispose([x, filter]);
  });
});

/** "same" for 6 x 9 pixels, kernel 2 and stride 3. */
const none: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
];
