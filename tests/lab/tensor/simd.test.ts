// The SIMD kernels: they are what their source means, they say what the layers' own rules say, and what an anchor gets does
// not depend on who is computed with it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { binaryFile, compiled } from "../../../src/kernels.ts";
import { initialWeights, network, uploaded, type Network, type Weights } from "../../../src/lab/tensor/network.ts";
import { reachBySimd, reachByTensors, type Reach } from "../../../src/lab/tensor/reach.ts";
import { discard, prepare, type Prepared } from "../../../src/lab/tensor/factors.ts";
import { anchorsAt, forget } from "../../../src/lab/tensor/response.ts";
import { binary } from "../../../src/lab/tensor/simd/binary.ts";
import { dealt } from "../../../src/lab/tensor/simd/columns.ts";
import { planOf, wantedInputs, wantedSignals, wantedWeights } from "../../../src/lab/tensor/simd/propagator.ts";
import {
  concatenated,
  Helper,
  localShare,
  serveShares,
  type HelperPort,
  type Share,
} from "../../../src/lab/tensor/simd/share.ts";
import { activate, tf, type Tensor } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { root } from "../../../src/node.ts";
import { relativeError } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";
import { fc } from "../../helpers/property.ts";
import type { LayerSpec } from "../../helpers/reference.ts";
import { normals, plansOf } from "../../helpers/toy.ts";

it("the committed binary is what the source compiles to", async () => {
  const bytes = await compiled();
  expect(Buffer.from(binary, "base64").equals(bytes)).toBe(true);
  const file = readFileSync(join(root, "src/lab/tensor/simd/binary.ts"), "utf8");
  expect(file.replaceAll(/\s/g, "")).toBe(binaryFile(bytes).replaceAll(/\s/g, ""));
});

interface Scene {
  readonly specs: readonly LayerSpec[];
  readonly shape: readonly number[];
  readonly probeCount: number;
  readonly anchorCount: number;
  readonly eta: number;
  readonly seed: number;
  /** Whole numbers only: ties in every window, zeros before every relu. */
  readonly isTied: boolean;
}

const size = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

const scenes: fc.Arbitrary<Scene> = fc
  .record({
    stages: fc.array(fc.record({ channels: size(6), kernel: fc.constantFrom(1, 3, 5) }), { maxLength: 2 }),
    widths: fc.array(size(40), { maxLength: 2 }),
    outputs: size(6, 2),
    shape: fc.tuple(size(11, 4), size(11, 4), size(5)),
    probeCount: size(7),
    anchorCount: size(18),
    eta: fc.constantFrom(1e-8, 1e-4, 1e-2, 1, 30),
    seed: size(1e6),
    isTied: fc.boolean(),
  })
  .map(({ stages, widths, outputs, ...rest }) => ({
    ...rest,
    specs: [
      ...stages.flatMap((stage): LayerSpec[] => [{ kind: "conv", ...stage }, { kind: "max-pool" }, { kind: "relu" }]),
      { kind: "flatten" },
      ...widths.flatMap((width): LayerSpec[] => [{ kind: "dense", width }, { kind: "relu" }]),
      { kind: "dense", width: outputs },
    ],
  }));

/** Two dense layers, wide enough for more than one stretch; with one score, with ties, with steps that cross nearly everywhere. */
const pairs: fc.Arbitrary<Scene> = fc
  .record({
    width: fc.oneof(size(20), size(700)),
    outputs: size(6),
    shape: fc.tuple(size(5), size(4), size(4)),
    probeCount: size(40),
    anchorCount: size(18),
    eta: fc.constantFrom(1e-8, 1e-4, 1e-2, 0.1, 1, 30),
    seed: size(1e6),
    isTied: fc.boolean(),
  })
  .map(({ width, outputs, ...rest }) => ({
    ...rest,
    specs: [{ kind: "flatten" }, { kind: "dense", width }, { kind: "relu" }, { kind: "dense", width: outputs }],
  }));

/** All changes, [anchor][probe, output], the anchors taken in groups of a size. */
async function changesBy(
  reach: Reach,
  scene: Scene,
  net: Network,
  weights: Weights,
  group: number,
): Promise<number[][]> {
  const { shape, anchorCount, seed, eta } = scene;
  const outputs = net.layers.at(-1)!.outputShape[0]!;
  const all: number[][] = [];
  const pixels = inputsOf(scene, anchorCount, seed + 1);
  const area = pixels.length / anchorCount;
  for (let first = 0; first < anchorCount; first += reach.most) {
    const count = Math.min(reach.most, anchorCount - first);
    const x = tf.tensor(pixels.subarray(first * area, (first + count) * area), [count, ...shape]);
    const labels = Array.from({ length: count }, (_, at) => (first + at) % outputs);
    // A single score has no cross-entropy.
    const loss = outputs > 1 ? "cross-entropy" : "squared-error";
    const anchors = await anchorsAt(net, weights, { prepared: await reach.prepare(x), labels, loss });
    const carrier = await reach.carrier(anchors);
    const steps = labels.map((_, anchor) => ({ anchor, eta }));
    const most = Math.min(group, carrier.most);
    for (let at = 0; at < count; at += most)
      all.push(...(await carrier.all(steps.slice(at, at + most))).map((own) => [...own]));
    carrier.release();
    forget(anchors);
    x.dispose();
  }
  return all;
}

function inputsOf({ shape, isTied }: Scene, count: number, seed: number): Float32Array {
  const numbers = normals(rng(seed), count * shape.reduce((a, b) => a * b));
  return isTied ? numbers.map(Math.round) : numbers;
}

/** The scene's network and probes, laid out for one use. */
async function within<T>(
  scene: Scene,
  use: (net: Network, weights: Weights, probes: Prepared) => Promise<T>,
): Promise<T> {
  const net = network(plansOf(scene.specs), scene.shape);
  const arrays = initialWeights(net, rng(scene.seed)).map((own) =>
    scene.isTied ? own.map((w) => Math.round(3 * w)) : own,
  );
  const weights = uploaded(net, arrays);
  const x = tf.tensor(inputsOf(scene, scene.probeCount, scene.seed + 2), [scene.probeCount, ...scene.shape]);
  const probes = await prepare(net, weights, x);
  try {
    return await use(net, weights, probes);
  } finally {
    discard(probes);
    tf.dispose([x, weights as Tensor[][]]);
  }
}

/** The probes laid for SIMD kernels; with these helpers, if any. */
async function laidForSimd(
  net: Network,
  weights: Weights,
  lots: readonly Prepared[],
  helpers: readonly Helper[] = [],
): Promise<Reach> {
  const probeCount = lots.reduce((sum, { count }) => sum + count, 0);
  const reach = (await reachBySimd(net, weights, { probeCount, helpers: () => helpers, roomBytes: 2 ** 12 }))!;
  for (const probes of lots) await reach.lay(probes);
  return reach;
}

describe("rectified networks of any size", () => {
  beforeAll(() => activate("wasm", nodeHost));

  const forAllScenes = async (holds: (scene: Scene) => Promise<void>): Promise<void> => {
    for (const kind of [scenes, pairs])
      await fc.assert(fc.asyncProperty(kind, holds), { seed: 20240229, numRuns: 120 });
  };

  it("change as the rules of their layers say", () =>
    forAllScenes((scene) =>
      within(scene, async (net, weights, probes) => {
        const simd = await laidForSimd(net, weights, [probes]);
        const tensors = reachByTensors(net, weights, 2 ** 20);
        await tensors.lay(probes);
        const own = await changesBy(simd, scene, net, weights, 16);
        const other = await changesBy(tensors, scene, net, weights, 1);
        expect(own).toHaveLength(scene.anchorCount);
        for (const [at, change] of own.entries()) expect(relativeError(change, other[at]!)).toBeLessThan(1e-5);
        simd.release();
        tensors.release();
      }),
    ));

  it("give an anchor the same bits alone, among few and among many", () =>
    forAllScenes((scene) =>
      within(scene, async (net, weights, probes) => {
        const simd = await laidForSimd(net, weights, [probes]);
        const [alone, few, many] = [
          await changesBy(simd, scene, net, weights, 1),
          await changesBy(simd, scene, net, weights, 3),
          await changesBy(simd, scene, net, weights, 16),
        ];
        expect(few).toEqual(alone);
        expect(many).toEqual(alone);
        simd.release();
      }),
    ));

  it("keep what they laid out for one state apart from another's", async () => {
    const scene: Scene = { ...fc.sample(scenes, { seed: 3, numRuns: 1 })[0]!, probeCount: 3, anchorCount: 2 };
    await within(scene, (net, weights, probes) =>
      within({ ...scene, seed: scene.seed + 9 }, async (otherNet, otherWeights, otherProbes) => {
        const first = await laidForSimd(net, weights, [probes]);
        const before = await changesBy(first, scene, net, weights, 2);
        const second = await laidForSimd(otherNet, otherWeights, [otherProbes]);
        await changesBy(second, scene, otherNet, otherWeights, 2);
        expect(await changesBy(first, scene, net, weights, 2)).toEqual(before);
        first.release();
        second.release();
      }),
    );
  });
});

/** A helper at the other end of a real channel, or one that is lost before it begins. */
function helper(isLost = false): { readonly helper: Helper; close(): void } {
  const { port1, port2 } = new MessageChannel();
  const portOf = (port: MessagePort): HelperPort => ({
    postMessage: (message, transfer = []) => port.postMessage(message, transfer),
    addEventListener(type: "message" | "error", listener: (event: never) => void) {
      if (type === "message") port.addEventListener("message", listener as (event: MessageEvent) => void);
      else if (isLost) (listener as () => void)();
      port.start();
    },
  });
  serveShares(portOf(port1));
  return { helper: new Helper(portOf(port2)), close: () => port1.close() };
}

describe("with helpers", () => {
  beforeAll(() => activate("wasm", nodeHost));

  it.each([
    ["one helper", [false]],
    ["three helpers", [false, false, false]],
    ["a helper that is lost", [false, true]],
  ] as const)("a matrix has the same bits with %s", async (_name, fates) => {
    const stages: LayerSpec[] = [{ kind: "conv", channels: 3, kernel: 3 }, { kind: "max-pool" }, { kind: "relu" }];
    const hidden = (width: number): LayerSpec[] => [{ kind: "dense", width }, { kind: "relu" }];
    const head: LayerSpec[] = [{ kind: "flatten" }, ...hidden(9), { kind: "dense", width: 4 }];
    const deep: LayerSpec[] = [{ kind: "flatten" }, ...hidden(9), ...hidden(7), { kind: "dense", width: 4 }];
    const common = { shape: [6, 5, 2], anchorCount: 18, eta: 0.3, seed: 5, isTied: false };
    for (const specs of [[...stages, ...head], head, deep]) {
      const scene: Scene = { ...common, specs, probeCount: 101 };
      await within(scene, async (net, weights, first) => {
        const x = tf.tensor(inputsOf(scene, 40, 77), [40, ...scene.shape]);
        const lots = [first, await prepare(net, weights, x)];
        const hands = fates.map((isLost) => helper(isLost));
        const alone = await laidForSimd(net, weights, lots);
        const together = await laidForSimd(
          net,
          weights,
          lots,
          hands.map((hand) => hand.helper),
        );
        const own = await changesBy(together, scene, net, weights, 16);
        expect(own).toEqual(await changesBy(alone, scene, net, weights, 16));
        expect(own[0]).toHaveLength(141 * 4);
        alone.release();
        together.release();
        hands.forEach((hand) => hand.close());
        discard(lots[1]!);
        x.dispose();
      });
    }
  });
});

describe("the outputs of a dense layer", () => {
  const layers = fc.record({
    inputSize: fc.oneof(size(9), size(600)),
    width: fc.oneof(size(20), size(600)),
    exampleCount: size(11),
    seed: size(1e6),
  });
  type DenseScene = typeof layers extends fc.Arbitrary<infer T> ? T : never;
  const numbersOf = ({ inputSize, width, exampleCount, seed }: DenseScene) => ({
    weights: normals(rng(seed), inputSize * width),
    bias: normals(rng(seed + 1), width),
    x: normals(rng(seed + 2), exampleCount * inputSize),
  });
  /** Made by so many shares, of which every second one is a helper's, with so much room for weights. */
  async function outputsOf(scene: DenseScene, hand: Helper, shareCount: number, roomBytes: number) {
    const { inputSize, width, exampleCount } = scene;
    const { weights, bias, x } = numbersOf(scene);
    const shares = await Promise.all(
      Array.from({ length: shareCount }, async (_, at) => (at % 2 === 1 ? hand.share() : (await localShare())!)),
    );
    const product = dealt(shares, { inputSize, width, weights: () => weights, bias: () => bias }, roomBytes);
    const z = new Float32Array(exampleCount * width).fill(NaN);
    await product.fill(
      () => x,
      exampleCount,
      () => z,
    );
    // Once more, for what is held stays.
    const again = z.slice().fill(NaN);
    await product.fill(
      () => x,
      exampleCount,
      () => again,
    );
    expect(again).toEqual(z);
    await Promise.all(shares.map((share) => share.end()));
    return z;
  }

  it("are the products with its columns, in the same bits by any number of shares and in any rounds", async () => {
    const hand = helper();
    const holds = async (scene: DenseScene): Promise<void> => {
      const { inputSize, width, exampleCount } = scene;
      const { weights, bias, x } = numbersOf(scene);
      const truth = Array.from({ length: exampleCount * width }, (_, at) => {
        const [example, unit] = [Math.floor(at / width), at % width];
        let sum = bias[unit]!;
        for (let i = 0; i < inputSize; i++) sum += x[example * inputSize + i]! * weights[i * width + unit]!;
        return sum;
      });
      const whole = await outputsOf(scene, hand.helper, 1, Infinity);
      expect(relativeError([...whole], truth)).toBeLessThan(1e-6);
      for (const shareCount of [1, 2, 4])
        for (const roomBytes of [0, 20 * inputSize, 4 * inputSize * width])
          expect(await outputsOf(scene, hand.helper, shareCount, roomBytes)).toEqual(whole);
    };
    await fc.assert(fc.asyncProperty(layers, holds), { seed: 20240229, numRuns: 30 });
    hand.close();
  });
});

describe("probes that pass by in turn", () => {
  beforeAll(() => activate("wasm", nodeHost));

  const numbersAt = async (tensors: readonly Tensor[], places: readonly number[]): Promise<Map<number, Float32Array>> =>
    new Map(await Promise.all(places.map(async (at) => [at, (await tensors[at]!.data()) as Float32Array] as const)));

  /** Rows of some numbers, as a share may keep them. */
  const rowsOf = (numbers: Map<number, Float32Array>, count: number, from: number, to: number) =>
    new Map([...numbers].map(([at, all]) => [at, all.slice((from * all.length) / count, (to * all.length) / count)]));

  it("have the same bits as all at once, here and in a helper", async () => {
    const hand = helper();
    const holds = (scene: Scene): Promise<void> =>
      within(scene, async (net, weights, probes) => {
        const plan = planOf(net.layers)!;
        const { probeCount, anchorCount, shape, eta } = scene;
        const matrices = await numbersAt(
          weights.map(([own]) => own!),
          wantedWeights(plan),
        );
        const inputs = await numbersAt(probes.inputs, wantedInputs(plan));
        const all = [0, 1].map((which) =>
          tf.tensor(inputsOf(scene, anchorCount, scene.seed + which), [anchorCount, ...shape]),
        );
        const labels = Array.from({ length: anchorCount }, () => 0);
        const loss = net.layers.at(-1)!.outputShape[0]! > 1 ? "cross-entropy" : "squared-error";
        const anchors = await Promise.all(
          all.map(async (x) => anchorsAt(net, weights, { prepared: await prepare(net, weights, x), labels, loss })),
        );
        const steps = labels.slice(0, 16).map((_, anchor) => ({ anchor, rate: eta }));
        const meet = async (share: Share, which: number): Promise<void> =>
          share.meet(
            await numbersAt(anchors[which]!.inputs, wantedInputs(plan)),
            await numbersAt(anchors[which]!.signals, wantedSignals(plan)),
            anchorCount,
          );
        const resident = (await localShare())!;
        await resident.begin(plan, matrices);
        await resident.lay(rowsOf(inputs, probeCount, 0, probeCount), probeCount);
        for (const share of [(await localShare())!, hand.helper.share()]) {
          await share.begin(plan, matrices);
          for (const which of [0, 1]) {
            await meet(resident, which);
            await meet(share, which);
            const parts: Float32Array[][] = [];
            for (let from = 0; from < probeCount; from += 3) {
              const to = Math.min(probeCount, from + 3);
              for (let at = from; at < to; at += 2) {
                const end = Math.min(to, at + 2);
                await share.lay(rowsOf(inputs, probeCount, at, end), end - at);
              }
              parts.push(await share.changes(steps));
              await share.clear();
            }
            const passed = steps.map((_, step) => concatenated(parts.map((part) => part[step]!)));
            expect(passed).toEqual(await resident.changes(steps));
          }
          await share.end();
        }
        await resident.end();
        anchors.forEach(forget);
        tf.dispose(all);
      });
    for (const kind of [scenes, pairs]) await fc.assert(fc.asyncProperty(kind, holds), { seed: 20240229, numRuns: 20 });
    hand.close();
  });
});

it.each([
  [
    "another activation",
    [{ kind: "flatten" }, { kind: "dense", width: 3 }, { kind: "tanh" }, { kind: "dense", width: 2 }],
  ],
  [
    "no pooling",
    [{ kind: "conv", channels: 2, kernel: 3 }, { kind: "relu" }, { kind: "flatten" }, { kind: "dense", width: 2 }],
  ],
  ...(
    [
      [{ kind: "conv", channels: 2, kernel: 3, stride: 2 }, { kind: "max-pool" }],
      [
        { kind: "conv", channels: 2, kernel: 3, padding: "valid" },
        { kind: "max-pool", size: 1 },
      ],
      [{ kind: "conv", channels: 2, kernel: 2 }, { kind: "max-pool" }],
      [
        { kind: "conv", channels: 2, kernel: 3 },
        { kind: "max-pool", size: 3, stride: 2 },
      ],
      [
        { kind: "conv", channels: 2, kernel: 3 },
        { kind: "max-pool", padding: "same" },
      ],
    ] as const
  ).map(
    (stage) =>
      [
        `the windows ${JSON.stringify(stage)}`,
        [...stage, { kind: "relu" }, { kind: "flatten" }, { kind: "dense", width: 2 }],
      ] as const,
  ),
  [
    "a skip connection",
    [{ kind: "flatten" }, { kind: "residual", inner: [{ kind: "dense", width: 16 }] }, { kind: "dense", width: 2 }],
  ],
  ["a relu at the end", [{ kind: "flatten" }, { kind: "dense", width: 2 }, { kind: "relu" }]],
] as const satisfies readonly (readonly [string, readonly LayerSpec[]])[])(
  "networks with %s are left to the layers' rules",
  (_name, specs) => {
    expect(planOf(network(plansOf(specs), [4, 4, 1]).layers)).toBeUndefined();
  },
);
