// Plain training: the steps it takes, the states it frees, and how it ends.
import { describe, expect, it } from "vitest";
import type { Examples, Learner } from "../../src/lab/contracts.ts";
import { chooseBackend } from "../../src/lab/tensor/backend.ts";
import { dense } from "../../src/lab/tensor/dense.ts";
import { flatten } from "../../src/lab/tensor/flatten.ts";
import { networkLearner } from "../../src/lab/tensor/learner.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { epochs, type TrainingPlan } from "../../src/lab/training.ts";
import { rng } from "../../src/math/rng.ts";
import { nodeHost } from "../helpers/host.ts";

const points = [
  [1, 2],
  [-1, 0.5],
  [0.25, -1],
  [2, 1],
];
const examples: Examples = {
  shape: [1, 1, 2],
  outputCount: 1,
  labels: [0, 1, 0, 1],
  read: (ids) => Float32Array.from(ids.flatMap((id) => points[id]!)),
};
const all = [0, 1, 2, 3];
const plan: TrainingPlan = { epochs: 5, batchSize: 4, stepSize: 0.1, order: rng(3) };
const breathe = (): Promise<void> => Promise.resolve();

async function linear(): Promise<Learner<unknown>> {
  await chooseBackend("cpu", nodeHost);
  return networkLearner({ plans: [flatten(), dense(1)], examples, loss: "squared-error", seed: 1 }) as Learner<unknown>;
}

describe("epochs", () => {
  it("of full batches are gradient descent, and tell the loss before each step", async () => {
    const learner = await linear();
    const start = learner.start();
    const [w, b] = (await learner.weights(start)).map((part) => Array.from(part)) as [number[], number[]];
    for await (const { loss, state } of epochs(learner, start, all, { plan, breathe })) {
      const errors = points.map((x, at) => w[0]! * x[0]! + w[1]! * x[1]! + b[0]! - (at % 2 === 0 ? 1 : 0));
      expect(loss).toBeCloseTo(errors.reduce((sum, error) => sum + error ** 2, 0) / 8, 5);
      for (const part of [0, 1]) w[part]! -= (0.1 / 4) * errors.reduce((sum, e, at) => sum + e * points[at]![part]!, 0);
      b[0]! -= (0.1 / 4) * errors.reduce((sum, error) => sum + error, 0);
      const now = await learner.weights(state);
      expect(now[0]![0]).toBeCloseTo(w[0]!, 5);
      expect(now[1]![0]).toBeCloseTo(b[0]!, 5);
    }
  });

  it("leave nothing behind but the last state, also when they are broken off or do not breathe", async () => {
    const learner = await linear();
    const start = learner.start();
    const before = tf.memory().numTensors;
    let last: unknown;
    for await (const { state } of epochs(learner, start, all, { plan, breathe })) last = state;
    learner.release(last);
    expect(tf.memory().numTensors).toBe(before);
    for await (const { epoch } of epochs(learner, start, all, { plan, breathe })) if (epoch === 2) break;
    expect(tf.memory().numTensors).toBe(before);
    let breaths = 0;
    const stopped = async (): Promise<void> => {
      if (++breaths > 6) throw new Error("stopped");
    };
    const small = { ...plan, batchSize: 2 };
    await expect(async () => {
      for await (const _ of epochs(learner, start, all, { plan: small, breathe: stopped }));
    }).rejects.toThrow("stopped");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("end with the epoch whose loss is not finite any more", async () => {
    const learner = await linear();
    const start = learner.start();
    let end = { epoch: 0, loss: 0 };
    const wild = { ...plan, stepSize: 1e8, epochs: 100 };
    for await (const { epoch, loss, state } of epochs(learner, start, all, { plan: wild, breathe })) {
      end = { epoch, loss };
      if (!Number.isFinite(loss)) learner.release(state);
    }
    expect(end.epoch).toBeLessThan(100);
    expect(Number.isFinite(end.loss)).toBe(false);
  });
});
