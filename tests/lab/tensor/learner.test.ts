// Training: SGD with and without momentum against float64, initial weights, and states as values.
import { beforeAll, describe, expect, it } from "vitest";
import type { LossId } from "../../../src/lab/contracts.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { LabError } from "../../../src/lab/error.ts";
import { rng } from "../../../src/math/rng.ts";
import { relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { lossOf, scoresOf, trainedWeights } from "../../helpers/reference.ts";
import { exampleOf, inputOf, subjectOf } from "../../helpers/subject.ts";
import { plansOf, toyDataset, toyNetworks } from "../../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 4, trainPerClass: 6, testPerClass: 2 });
const losses = ["cross-entropy", "squared-error"] as const satisfies readonly LossId[];

/** Batches of several sizes, one among them of a single example. */
function batchesOf(stepCount: number): number[][] {
  const random = rng(17);
  return Array.from({ length: stepCount }, (_, step) =>
    Array.from({ length: [5, 1, 8, 3][step % 4]! }, () => random.below(dataset.trainCount)),
  );
}

describe.each(nodeBackends)("learning on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  describe.each(Object.entries(toyNetworks))("of %s", (_name, specs) => {
    it.each(losses.flatMap((loss) => [0, 0.9].map((momentum) => ({ loss, momentum, decay: momentum / 3 }))))(
      "follows float64 SGD with $loss, momentum $momentum and decay $decay",
      async ({ loss, ...inertia }) => {
        const subject = await subjectOf({ specs, dataset, loss });
        const batches = batchesOf(12);
        let state = subject.state;
        for (const batch of batches) {
          const next = subject.learner.nudge(state, batch, { stepSize: 0.02, ...inertia });
          subject.learner.release(state);
          await next.loss();
          state = next.state;
        }
        const truth = trainedWeights(
          subject.reference,
          subject.weights,
          batches.map((batch) => batch.map((example) => exampleOf(dataset, example))),
          { loss, eta: 0.02, ...inertia },
        ).flat();
        const weights = await subject.learner.weights(state);
        expect(weights).toHaveLength(truth.length);
        const start = subject.weights.flat();
        weights.forEach((weight, at) => {
          // The way that was gone, not the place where it began.
          const way = Float64Array.from(weight, (value, place) => value - start[at]![place]!);
          const trueWay = Float64Array.from(truth[at]!, (value, place) => value - start[at]![place]!);
          expect(relativeError(way, trueWay), `weights ${at}`).toBeLessThan(1e-4);
        });
        subject.learner.release(state);
      },
    );

    it("takes a step of the mean loss before it, and predicts the scores", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const { learner, state, reference, weights } = subject;
      const batch = [0, 7, 13];
      const next = learner.nudge(state, batch, { stepSize: 0.1, momentum: 0 });
      const scores = batch.map((example) => scoresOf(reference, weights, inputOf(dataset, example)));
      const losses = scores.map((own, at) => lossOf("cross-entropy", own, dataset.labels[batch[at]!]!));
      expect(Math.abs((await next.loss()) - losses.reduce((sum, loss) => sum + loss, 0) / 3)).toBeLessThan(1e-5);
      const predicted = await learner.predict(state, batch);
      expect([predicted.rows, predicted.columns]).toEqual([3, 4]);
      expect(
        relativeError(
          predicted.data,
          scores.flatMap((own) => Array.from(own)),
        ),
      ).toBeLessThan(1e-5);
      learner.release(next.state);
      subject.release();
    });
  });

  it("makes new states and leaves the old ones as they were", async () => {
    const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy" });
    const before = await subject.learner.weights(subject.state);
    const next = subject.learner.nudge(subject.state, [1, 2, 3], { stepSize: 0.5, momentum: 0.5 });
    await next.loss();
    expect(await subject.learner.weights(subject.state)).toEqual(before);
    const moved = await subject.learner.weights(next.state);
    moved.forEach((weight, at) => expect(relativeError(weight, before[at]!)).toBeGreaterThan(0));
    subject.learner.release(next.state);
    subject.release();
  });

  it("restores weights bit for bit", async () => {
    const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy" });
    const weights = await subject.learner.weights(subject.state);
    const state = subject.learner.restore(weights);
    expect(await subject.learner.weights(state)).toEqual(weights);
    subject.learner.release(state);
    subject.release();
  });

  it("refuses weights of another model in one sentence with both sizes", async () => {
    const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss: "cross-entropy" });
    const refused = (): unknown => subject.learner.restore([new Float32Array(3)]);
    expect(refused).toThrow(LabError);
    expect(refused).toThrow(/sizes 3, .* needs 448, 4;/);
    subject.release();
  });

  it.each([0, 0.9])("holds as many tensors after 1000 steps as after one, momentum %s", async (momentum) => {
    const start = tf.memory().numTensors;
    const small = toyDataset({ shape: [4, 4, 1], classCount: 2, trainPerClass: 4, testPerClass: 1 });
    const specs = [
      { kind: "conv", channels: 2, kernel: 3 },
      { kind: "max-pool" },
      { kind: "tanh" },
      { kind: "flatten" },
      { kind: "dense", width: 2 },
    ] as const;
    const learner = networkLearner({ plans: plansOf(specs), examples: small, loss: "cross-entropy", seed: 1 });
    let state = learner.start();
    const step = async (count: number): Promise<void> => {
      const next = learner.nudge(state, [count % 8, (count + 3) % 8], { stepSize: 0.05, momentum });
      learner.release(state);
      await next.loss();
      state = next.state;
    };
    await step(0);
    const held = tf.memory().numTensors;
    for (let count = 1; count <= 1000; count++) {
      await step(count);
      if (count % 100 === 0) expect(tf.memory().numTensors).toBe(held);
    }
    learner.release(state);
    expect(tf.memory().numTensors).toBe(start);
  });
});

describe("initial weights", () => {
  const bitsOn = async (backend: (typeof nodeBackends)[number], seed: number): Promise<Float32Array[]> => {
    await activate(backend, nodeHost);
    const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy", seed });
    const weights = await subject.learner.weights(subject.state);
    subject.release();
    return weights;
  };

  it("have the same bits on cpu and on wasm", async () => {
    expect(await bitsOn("wasm", 5)).toEqual(await bitsOn("cpu", 5));
  });

  it("are others for another seed", async () => {
    const [a, b] = [await bitsOn("cpu", 5), await bitsOn("cpu", 6)];
    // A bias of a handful of numbers may come out alike by chance.
    for (const [at, weight] of a.entries())
      if (weight.length > 16) expect(relativeError(weight, b[at]!)).toBeGreaterThan(0.5);
  });

  it("are uniform within one over the root of the fan-in", async () => {
    await activate("cpu", nodeHost);
    const specs = [
      { kind: "conv", channels: 64, kernel: 3 },
      { kind: "flatten" },
      { kind: "dense", width: 200 },
    ] as const;
    const small = toyDataset({ shape: [4, 4, 5], classCount: 2, trainPerClass: 1, testPerClass: 1, outputCount: 200 });
    const subject = await subjectOf({ specs, dataset: small, loss: "cross-entropy" });
    const fanIns = [45, 45, 1024, 1024];
    (await subject.learner.weights(subject.state)).forEach((weight, at) => {
      const bound = 1 / Math.sqrt(fanIns[at]!);
      const largest = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(Math.fround(bound));
      expect(largest).toBeGreaterThan(0.9 * bound);
      const variance = weight.reduce((sum, value) => sum + value * value, 0) / weight.length;
      // Variance of the uniform distribution, within four standard errors of a sample of this size.
      const relativeSpread = Math.sqrt(4 / 5 / weight.length);
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(4 * relativeSpread);
    });
    subject.release();
  });

  it("refuse a model that a limit forbids, naming the limit", async () => {
    const largest = { bytes: 1000, limit: "a small box" };
    const build = (): unknown =>
      networkLearner({ plans: plansOf(toyNetworks.cnn!), examples: dataset, loss: "cross-entropy", seed: 1, largest });
    expect(build).toThrow(LabError);
    expect(build).toThrow(/a small box/);
  });

  it("refuse more pooling than an image has pixels for", () => {
    const tiny = toyDataset({ shape: [2, 2, 1], classCount: 2, trainPerClass: 1, testPerClass: 1 });
    const pool = { kind: "max-pool" } as const;
    const plans = plansOf([pool, pool, { kind: "flatten" }, { kind: "dense", width: 2 }]);
    const build = (): unknown => networkLearner({ plans, examples: tiny, loss: "cross-entropy", seed: 1 });
    expect(build).toThrow(/max-pool layer gets an image of 1 x 1 x 1, .* fewer pooling stages/);
  });
});
