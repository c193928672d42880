// The tangent kernel against Gram matrices of float64 gradients, against what is known in closed form, and against the
// first-order response.
import { beforeAll, describe, expect, it } from "vitest";
import { network, uploaded } from "../../../src/lab/tensor/network.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import type { KernelOptions, Matrix, TangentKernel } from "../../../src/lab/contracts.ts";
import { tangentKernel } from "../../../src/lab/tensor/tangent.ts";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { twoLayerKernel, twoLayersOf } from "../../helpers/closedForm.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { dealt, referenceNetwork, tangentGram, type LayerSpec } from "../../helpers/reference.ts";
import { inputOf, responsesOf, subjectOf } from "../../helpers/subject.ts";
import { normals, plansOf, toyDataset, toyNetworks, withScores } from "../../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 4, trainPerClass: 3, testPerClass: 3 });
const scalar = toyDataset({ shape: [8, 7, 2], classCount: 2, trainPerClass: 5, testPerClass: 3, outputCount: 1 });
const rows = [0, 4, 7, 11, 23];
const columns = [12, 0, 15, 7];
const inputsOf = (examples: readonly number[]) => examples.map((example) => inputOf(dataset, example));

/** Rectified or with no activation at all, one score. */
const twoLayers = (unit: "relu" | "linear", width: number): LayerSpec[] => [
  { kind: "flatten" },
  { kind: "dense", width },
  ...(unit === "relu" ? ([{ kind: "relu" }] as const) : []),
  { kind: "dense", width: 1 },
];

/** What each kind of layer adds, one at a time and oddly shaped. */
const single: Readonly<Record<string, readonly LayerSpec[]>> = {
  "conv same": [{ kind: "conv", channels: 3, kernel: 3 }],
  "conv 1 x 1": [{ kind: "conv", channels: 4, kernel: 1 }],
  "conv even, strided": [{ kind: "conv", channels: 3, kernel: 4, stride: 3 }],
  "conv valid, strided": [{ kind: "conv", channels: 2, kernel: 3, stride: 2, padding: "valid" }],
  "max-pool behind conv": [
    { kind: "conv", channels: 2, kernel: 3 },
    { kind: "max-pool", size: 3, stride: 2 },
  ],
  "average-pool behind conv": [
    { kind: "conv", channels: 2, kernel: 3 },
    { kind: "average-pool", size: 2, padding: "same" },
  ],
};
const subjects = Object.entries(toyNetworks).concat(
  Object.entries(single).map(([name, specs]) => [name, [...specs, { kind: "flatten" }, { kind: "dense", width: 4 }]]),
);

describe("the closed form of two layers", () => {
  it.each(["relu", "linear"] as const)("is the Gram matrix of float64 gradients, %s", (unit) => {
    const net = referenceNetwork(twoLayers(unit, 31), dataset.shape);
    const weights = net.layers.flatMap(({ weightSizes }, at) =>
      weightSizes.map((size) => normals(rng(5).fork(at).fork(size), size)),
    );
    const [down, across] = [inputsOf(rows), inputsOf(columns)];
    const closed = down.flatMap((a) => across.map((b) => twoLayerKernel(twoLayersOf(unit, weights), a, b)));
    const gram = tangentGram(net, dealt(net, weights), { rows: down, columns: across, output: 0 });
    expect(relativeError(closed, gram.whole)).toBeLessThan(1e-10);
  });
});

describe.each(nodeBackends)("tangent kernels on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  describe.each(subjects)("of %s", (_name, specs) => {
    it.each([0, 3])("are Gram matrices of float64 gradients of output %s, in all and by layer", async (output) => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const truth = tangentGram(subject.reference, subject.weights, {
        rows: inputsOf(rows),
        columns: inputsOf(columns),
        output,
      });
      const kernel = await subject.learner.kernel(subject.state, rows, columns, { output });
      expect([kernel.rows, kernel.columns]).toEqual([rows.length, columns.length]);
      expect(relativeError(kernel.data, truth.whole)).toBeLessThan(1e-5);
      const net = network(plansOf(specs), dataset.shape);
      const { whole, parts } = await kernelBy(specs, { parts: true, output });
      expect([...whole.data]).toEqual([...kernel.data]);
      expect(parts.map(({ layer }) => net.layers[layer]!.weightShapes.length)).toEqual(parts.map(() => 2));
      const sum = whole.data.map((_, cell) => parts.reduce((all, part) => all + part.kernel.data[cell]!, 0));
      expect(relativeError(sum, whole.data)).toBeLessThan(1e-6);
      // A residual block is one layer of the reference.
      if (parts.length === truth.parts.length)
        parts.forEach((part, at) => expect(relativeError(part.kernel.data, truth.parts[at]!)).toBeLessThan(1e-5));
      else expect(parts.length).toBeGreaterThan(truth.parts.length);
      subject.release();
    });

    it("are summed over outputs, or told for each pair of them", async () => {
      const outputs = [0, 1, 2, 3];
      const sum = await kernelBy(specs, { output: "sum", parts: true });
      const single = await Promise.all(outputs.map((output) => kernelBy(specs, { output, parts: true })));
      const added = (of: (kernel: TangentKernel) => Matrix): number[] =>
        Array.from(of(sum).data, (_, cell) => single.reduce((all, one) => all + of(one).data[cell]!, 0));
      expect(
        relativeError(
          sum.whole.data,
          added(({ whole }) => whole),
        ),
      ).toBeLessThan(1e-5);
      sum.parts.forEach(({ kernel, forward, backward }, at) => {
        expect(
          relativeError(
            kernel.data,
            added(({ parts }) => parts[at]!.kernel),
          ),
        ).toBeLessThan(1e-5);
        expect(
          relativeError(
            backward.data,
            added(({ parts }) => parts[at]!.backward),
          ),
        ).toBeLessThan(1e-5);
        expect(relativeError(forward.data, single[0]!.parts[at]!.forward.data)).toBeLessThan(1e-5);
      });

      const each = (await kernelBy(specs, { output: "each" })).whole;
      expect([each.rows, each.columns]).toEqual([rows.length * 4, columns.length * 4]);
      for (const output of outputs) {
        const own = rows.flatMap((_, a) =>
          columns.map((_same, p) => each.data[(a * 4 + output) * each.columns + p * 4 + output]!),
        );
        expect(relativeError(own, single[output]!.whole.data)).toBeLessThan(1e-5);
      }
      const turned = (await kernelBy(specs, { output: "each", rows: columns, columns: rows })).whole;
      const swapped = Array.from(each.data, (_, cell) => {
        const [a, p] = [Math.floor(cell / each.columns), cell % each.columns];
        return turned.data[p * turned.columns + a]!;
      });
      expect(relativeError(each.data, swapped)).toBeLessThan(1e-5);
    });

    it("are told by layer as shared features times shared signal, where a layer is dense", async () => {
      const net = network(plansOf(specs), dataset.shape);
      const { parts } = await kernelBy(specs, { output: 2, parts: true });
      for (const { layer, kernel, forward, backward } of parts)
        if (net.layers[layer]!.kind === "dense") {
          const products = forward.data.map((features, cell) => features * backward.data[cell]!);
          expect(relativeError(products, kernel.data)).toBeLessThan(1e-6);
        }
      // The last layer's signal is the output's own, 1; the first one's features are the image where it comes first.
      expect(new Set(parts.at(-1)!.backward.data)).toEqual(new Set([1]));
      const pixels = inputsOf(rows).flatMap((a) => inputsOf(columns).map((b) => dot(a, b) + 1));
      expect(relativeError(parts[0]!.forward.data, pixels)).toBeLessThan(1e-6);
    });

    it("of examples with themselves are symmetric, and the same bits as of any others", async () => {
      const all = [...rows, ...columns];
      const { whole } = await kernelBy(specs, { rows: all, columns: all });
      const apart = await kernelBy(specs, { rows: all, columns: [...all, 2] });
      all.forEach((_, a) =>
        all.forEach((_same, p) => {
          expect(whole.data[a * all.length + p]).toBe(whole.data[p * all.length + a]);
          expect(whole.data[a * all.length + p]).toBe(apart.whole.data[a * (all.length + 1) + p]);
        }),
      );
    });

    it.each([
      ["other ones", rows, columns],
      ["themselves", [...rows, ...columns], [...rows, ...columns]],
    ])("of examples with %s are the same bits whatever memory there is", async (_which, down, across) => {
      const whole = await kernelBy(specs, { rows: down, columns: across, parts: true });
      for (const [memoryBytes, mostTogether] of [
        [2 ** 30, 2],
        [2 ** 17, 512],
        [2 ** 14, 3],
        [1, 1],
      ] as const)
        expect(await kernelBy(specs, { rows: down, columns: across, parts: true, memoryBytes, mostTogether })).toEqual(
          whole,
        );
    });
  });

  it.each(["relu", "linear"] as const)("of two layers are those of the closed form, %s", async (unit) => {
    const subject = await subjectOf({ specs: twoLayers(unit, 300), dataset: scalar, loss: "squared-error" });
    const closed = twoLayersOf(unit, subject.weights.flat());
    const every = Array.from({ length: scalar.labels.length }, (_, at) => at);
    const inputs = every.map((example) => inputOf(scalar, example));
    const kernel = await subject.learner.kernel(subject.state, every, every);
    const truth = inputs.flatMap((a) => inputs.map((b) => twoLayerKernel(closed, a, b)));
    expect(relativeError(kernel.data, truth)).toBeLessThan(1e-5);
    kernel.data.forEach((value, cell) => expect(Math.abs(value / truth[cell]! - 1)).toBeLessThan(1e-4));
    subject.release();
  });

  it("of the linear model are x . x' + 1", async () => {
    const specs = withScores(toyNetworks.linear!, 1);
    const subject = await subjectOf({ specs, dataset: scalar, loss: "squared-error" });
    const { data } = await subject.learner.kernel(subject.state, [0, 1, 9], [3, 1]);
    const gram = [0, 1, 9].flatMap((a) => [3, 1].map((p) => dot(inputOf(scalar, a), inputOf(scalar, p)) + 1));
    expect(relativeError(data, gram)).toBeLessThan(1e-6);
    subject.release();
  });

  it.each(["linear", "mlp relu", "mlp tanh", "mlp gelu", "cnn", "mlp residual", "cnn strided"])(
    "of %s with one score are the first-order response over minus eta and the slope",
    async (name) => {
      for (const loss of ["squared-error", "binary cross-entropy"] as const) {
        const subject = await subjectOf({ specs: withScores(toyNetworks[name]!, 1), dataset: scalar, loss });
        const [anchors, probes, eta] = [[0, 2, 6, 9], [1, 5, 9, 11, 15], 0.3];
        const rule = { rule: "fixed", eta, order: "first" } as const;
        const responses = await responsesOf(subject, { anchors, probes, rule });
        const { data } = await subject.learner.kernel(subject.state, anchors, probes);
        const similarity = responses.flatMap(({ change, lossSlope }) =>
          Array.from(change.data, (moved) => moved / -eta / lossSlope.data[0]!),
        );
        expect(relativeError(data, similarity)).toBeLessThan(1e-5);
        subject.release();
      }
    },
  );

  it.each(["linear", "mlp relu", "mlp tanh", "cnn", "mlp residual"])(
    "of %s for each two outputs, times minus eta and the slopes at the anchor, are the first-order response",
    async (name) => {
      const subject = await subjectOf({ specs: toyNetworks[name]!, dataset, loss: "cross-entropy" });
      const [anchors, probes, eta] = [[0, 4, 11], [2, 12, 19, 23], 0.3];
      const responses = await responsesOf(subject, {
        anchors,
        probes,
        rule: { rule: "fixed", eta, order: "first" },
      });
      const { data, columns: width } = await subject.learner.kernel(subject.state, anchors, probes, { output: "each" });
      responses.forEach(({ change, lossSlope }, a) => {
        const foretold = probes.flatMap((_, p) =>
          [0, 1, 2, 3].map((l) =>
            Array.from(lossSlope.data).reduce(
              (sum, slope, k) => sum - eta * slope * data[(a * 4 + k) * width + p * 4 + l]!,
              0,
            ),
          ),
        );
        expect(relativeError(foretold, change.data)).toBeLessThan(1e-5);
      });
      subject.release();
    },
  );

  it("of no examples are empty", async () => {
    const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy" });
    const { learner, state } = subject;
    expect(await learner.kernel(state, [], columns)).toEqual({ rows: 0, columns: 4, data: new Float32Array(0) });
    expect(await learner.kernel(state, rows, [])).toEqual({ rows: 5, columns: 0, data: new Float32Array(0) });
    subject.release();
  });

  it.each([-1, 4, 0.5, NaN])("of output %s are refused", async (output) => {
    const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss: "cross-entropy" });
    await expect(subject.learner.kernel(subject.state, rows, columns, { output })).rejects.toThrow(
      /Output .* is not among the 4 of this model/,
    );
    subject.release();
  });

  it("leave no tensor behind, tell how far they are, and let go where breathing ends the work", async () => {
    const before = tf.memory().numTensors;
    let breaths = Infinity;
    const learner = networkLearner({
      plans: plansOf(toyNetworks["cnn strided"]!),
      examples: dataset,
      loss: "cross-entropy",
      seed: 1,
      memoryBytes: 2 ** 16,
      breathe: async () => {
        breaths -= 1;
        if (breaths < 0) throw new Error("stopped");
      },
    });
    const state = learner.start();
    const held = tf.memory().numTensors;
    const shares: number[] = [];
    await learner.kernel(state, rows, columns, { progress: (share) => void shares.push(share) });
    await learner.kernel(state, rows, rows, { progress: (share) => void shares.push(share) });
    expect(tf.memory().numTensors).toBe(held);
    expect(shares.filter((share) => share === 1)).toHaveLength(2);
    expect(shares.length).toBeGreaterThan(2);
    for (breaths = 0; breaths < 8; breaths++) {
      const count = breaths;
      await expect(learner.kernel(state, rows, columns)).rejects.toThrow("stopped");
      expect(tf.memory().numTensors).toBe(held);
      breaths = count;
    }
    learner.release(state);
    expect(tf.memory().numTensors).toBe(before);
  });
});

interface Question {
  readonly rows?: readonly number[];
  readonly columns?: readonly number[];
  readonly output?: NonNullable<KernelOptions["output"]>;
  readonly parts?: boolean;
  readonly memoryBytes?: number;
  readonly mostTogether?: number;
}

/** The kernel at the initial weights of seed 1, asked for without a learner. */
async function kernelBy(specs: readonly LayerSpec[], question: Question): Promise<TangentKernel> {
  const net = network(plansOf(specs), dataset.shape);
  const learner = networkLearner({ plans: plansOf(specs), examples: dataset, loss: "cross-entropy", seed: 1 });
  const state = learner.start();
  const weights = uploaded(net, await learner.weights(state));
  const kernel = await tangentKernel(net, weights, {
    rows,
    columns,
    mostTogether: 512,
    memoryBytes: 2 ** 29,
    read: (examples) => tf.tensor(dataset.read(examples), [examples.length, ...dataset.shape]),
    ...question,
  });
  learner.release(state);
  tf.dispose(weights as unknown as tf.Tensor[]);
  return kernel;
}
