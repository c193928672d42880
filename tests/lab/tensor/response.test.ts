// The exact response of whole networks against a literal SGD step in float64, and the closed form of the linear model.
import { beforeAll, describe, expect, it } from "vitest";
import type { LossId, Response } from "../../../src/lab/contracts.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { gradientOf, literalChange, lossSlope, scoresOf } from "../../helpers/reference.ts";
import { normals, plansOf, toyDataset, toyNetworks } from "../../helpers/toy.ts";
import { exampleOf, firstOrderError, inputOf, responsesOf, subjectOf, type Subject } from "../../helpers/subject.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 4, trainPerClass: 3, testPerClass: 3 });
const anchors = [0, 4, 7, 11];
const probes = [0, 12, 13, 15, 18, 19, 21, 23];
const losses = ["cross-entropy", "squared-error"] as const satisfies readonly LossId[];

/** All changes of a list of responses, and the same by a literal step in float64 with each response's own step size. */
function changesOf(
  subject: Subject,
  responses: readonly Response[],
  loss: LossId,
): { carried: number[]; literal: number[] } {
  const inputs = probes.map((probe) => inputOf(dataset, probe));
  const literal = responses.map(({ stepSize }, at) =>
    literalChange(
      subject.reference,
      subject.weights,
      { anchor: exampleOf(dataset, anchors[at]!), loss, eta: stepSize[0]! },
      inputs,
    ),
  );
  return { carried: responses.flatMap(({ change }) => [...change.data]), literal: literal.flat(2) };
}

describe.each(nodeBackends)("responses on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  describe.each(Object.entries(toyNetworks))("of %s", (_name, specs) => {
    describe.each(losses)("with %s", (loss) => {
      it.each([1e-1, 1e-2, 1e-4, 1e-6, 1e-8])("are those of a literal float64 step of size %s", async (eta) => {
        const subject = await subjectOf({ specs, dataset, loss });
        const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta } });
        expect(responses.map(({ stepSize }) => stepSize[0])).toEqual(anchors.map(() => eta));
        const { carried, literal } = changesOf(subject, responses, loss);
        expect(relativeError(carried, literal)).toBeLessThan(2e-5);
        subject.release();
      });

      it.each([0.01, 0.1, 1])("let the own score rise by delta = %s where that is asked", async (delta) => {
        const subject = await subjectOf({ specs, dataset, loss });
        const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "own rise", delta } });
        for (const [at, anchor] of anchors.entries()) {
          const eta = responses[at]!.stepSize[0]!;
          const riseBy = (size: number): number => {
            const step = { anchor: exampleOf(dataset, anchor), loss, eta: size };
            const [own] = literalChange(subject.reference, subject.weights, step, [inputOf(dataset, anchor)]);
            return own![dataset.labels[anchor]!]!;
          };
          if (Number.isNaN(eta)) {
            // No step does it: a squared error is content with a score of 1, and long steps overshoot.
            for (let power = -10; power <= 10; power += 1 / 4) expect(riseBy(2 ** power)).toBeLessThan(delta);
            continue;
          }
          expect(Math.abs(riseBy(eta) / delta - 1)).toBeLessThan(1.1e-3);
        }
        const reachable = responses.filter(({ stepSize }) => Number.isFinite(stepSize[0]));
        if (delta < 1) expect(reachable.length).toBeGreaterThan(0);
        if (reachable.length === responses.length) {
          const { carried, literal } = changesOf(subject, responses, loss);
          expect(relativeError(carried, literal)).toBeLessThan(2e-5);
        }
        subject.release();
      });
    });

    it.each([1e-3, 10])(
      "go to those of first order, eta times the products of gradients, for eta = %s",
      async (eta) => {
        expect(await firstOrderError({ specs, dataset, loss: "cross-entropy" }, { anchors, probes, eta })).toBeLessThan(
          2e-5,
        );
      },
    );

    it("of first order raise the own score by delta on the tangent", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const rule = { rule: "own rise", delta: 3, order: "first" } as const;
      for (const { anchorChange, anchorLabels } of await responsesOf(subject, { anchors, probes, rule }))
        expect(Math.abs(anchorChange.data[anchorLabels[0]!]! / 3 - 1)).toBeLessThan(1.1e-3);
      subject.release();
    });

    it("bound the rounding error of the own change, and not by far too much", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      for (const eta of [1e-6, 1e-2]) {
        const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta } });
        responses.forEach(({ anchorChange, anchorRounding }, at) => {
          const label = dataset.labels[anchors[at]!]!;
          const step = { anchor: exampleOf(dataset, anchors[at]!), loss: "cross-entropy", eta } as const;
          const [own] = literalChange(subject.reference, subject.weights, step, [inputOf(dataset, anchors[at]!)]);
          const miss = Math.abs(anchorChange.data[label]! - own![label]!);
          // What float64 itself loses in the difference of two passes does not count.
          expect(miss).toBeLessThan(anchorRounding[0]! + 1e-14);
          expect(anchorRounding[0]!).toBeLessThan(1e-3 * Math.hypot(...anchorChange.data));
        });
      }
      subject.release();
    });

    it("are the same bits whatever memory there is for them", async () => {
      const every = Array.from({ length: dataset.trainCount + dataset.testCount }, (_, at) => at);
      const rule = { rule: "fixed", eta: 0.1 } as const;
      const inMemory = async (memoryBytes?: number): Promise<number[][]> => {
        const learner = networkLearner({
          plans: plansOf(specs),
          examples: dataset,
          loss: "cross-entropy",
          seed: 1,
          memoryBytes,
        });
        const state = learner.start();
        const responses = await responsesOf({ learner, state }, { anchors, probes: every, rule });
        learner.release(state);
        return responses.map(({ change, before, sensitivity }) => [
          ...change.data,
          ...before.data,
          ...sensitivity.data,
        ]);
      };
      const whole = await inMemory();
      for (const bytes of [2 ** 18, 2 ** 16, 1]) expect(await inMemory(bytes)).toEqual(whole);
    });

    it("say what the anchor and the probes were before, and how easily each score moves", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta: 0.01 } });
      const { reference, weights } = subject;
      const sensitivityOf = (example: number, output: number): number => {
        const unit = Array.from({ length: 4 }, (_, at) => (at === output ? 1 : 0));
        const parts = gradientOf(reference, weights, inputOf(dataset, example), unit).weights.flat();
        return Math.sqrt(parts.reduce((sum, part) => sum + dot(part, part), 0));
      };
      const beforeProbes = probes.flatMap((probe) => Array.from(scoresOf(reference, weights, inputOf(dataset, probe))));
      responses.forEach((response, at) => {
        const { x, label } = exampleOf(dataset, anchors[at]!);
        const before = scoresOf(reference, weights, x);
        expect([...response.anchorLabels]).toEqual([label]);
        expect(relativeError(response.anchorBefore.data, before)).toBeLessThan(1e-5);
        expect(relativeError(response.lossSlope.data, lossSlope("cross-entropy", before, label))).toBeLessThan(1e-5);
        expect(relativeError(response.anchorSensitivity, [sensitivityOf(anchors[at]!, label)])).toBeLessThan(1e-5);
        expect(relativeError(response.before.data, beforeProbes)).toBeLessThan(1e-5);
        const sensitivities = probes.map((probe) => sensitivityOf(probe, label));
        expect(relativeError(response.sensitivity.data, sensitivities)).toBeLessThan(1e-5);
      });
      subject.release();
    });

    it("give an anchor among the probes the change of the anchor itself", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const [response] = await responsesOf(subject, { anchors: [0], probes, rule: { rule: "fixed", eta: 0.1 } });
      expect(relativeError(response!.change.data.subarray(0, 4), response!.anchorChange.data)).toBeLessThan(1e-6);
      subject.release();
    });

    it("do not depend on the order of the probes", async () => {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const rule = { rule: "fixed", eta: 0.01 } as const;
      const [straight] = await responsesOf(subject, { anchors: [4], probes, rule });
      const order = rng(3).shuffled(probes.map((_, at) => at));
      const [turned] = await responsesOf(subject, { anchors: [4], probes: order.map((at) => probes[at]!), rule });
      const columnOf = (data: ArrayLike<number>, at: number): number[] => Array.from(data).slice(4 * at, 4 * at + 4);
      order.forEach((at, place) => {
        expect(columnOf(turned!.change.data, place)).toEqual(columnOf(straight!.change.data, at));
      });
      subject.release();
    });
  });

  it("of no probes are empty, and the anchor's own change is there", async () => {
    for (const specs of [toyNetworks.cnn!, toyNetworks["mlp tanh"]!]) {
      const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
      const [response] = await responsesOf(subject, { anchors: [4], probes: [], rule: { rule: "fixed", eta: 0.1 } });
      expect([response!.change.data.length, response!.before.rows]).toEqual([0, 0]);
      expect(Math.abs(response!.anchorChange.data[dataset.labels[4]!]!)).toBeGreaterThan(0);
      subject.release();
    }
  });

  it("of more probes than one pass takes are those of each probe alone", async () => {
    const many = toyDataset({ shape: [128, 128, 3], classCount: 2, trainPerClass: 1, testPerClass: 100 });
    const subject = await subjectOf({
      specs: [{ kind: "flatten" }, { kind: "dense", width: 2 }],
      dataset: many,
      loss: "squared-error",
    });
    const every = Array.from({ length: 200 }, (_, at) => 2 + at);
    const rule = { rule: "fixed", eta: 1e-4 } as const;
    const [all] = await responsesOf(subject, { anchors: [0], probes: every, rule });
    const [last] = await responsesOf(subject, { anchors: [0], probes: [201], rule });
    expect(all!.before.rows).toBe(200);
    expect(relativeError(all!.change.data.subarray(199 * 2), last!.change.data)).toBeLessThan(1e-6);
    subject.release();
  });

  it.each([0.5, 5, 50])(
    "of the linear model are |x_p . x_a + 1| / (|x_a|^2 + 1), with weights of size %s",
    async (spread) => {
      for (const loss of losses)
        for (const eta of [1e-8, 1e-3, 1]) {
          const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss });
          const random = rng(13).fork(spread);
          const state = subject.learner.restore([normals(random, 112 * 4, spread), normals(random, 4, spread)]);
          const watch = await subject.learner.watch(state, probes);
          let row = 0;
          for await (const { change, anchorChange, anchorLabels } of watch.respond(anchors, { rule: "fixed", eta })) {
            const label = anchorLabels[0]!;
            const anchor = inputOf(dataset, anchors[row]!);
            const own = anchorChange.data[label]!;
            // A score that softmax holds for certain does not move at all, and has no ratio.
            if (Math.abs(own) > 1e-30)
              probes.forEach((probe, at) => {
                const closed = (dot(inputOf(dataset, probe), anchor) + 1) / (dot(anchor, anchor) + 1);
                expect(Math.abs(change.data[at * 4 + label]! / own - closed)).toBeLessThan(1e-5);
              });
            row += 1;
          }
          expect(row).toBe(anchors.length);
          watch.release();
          subject.learner.release(state);
          subject.release();
        }
    },
  );

  it("of a step that cannot raise the own score are not numbers, and say so in the step size", async () => {
    const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss: "squared-error" });
    // Weights 0 and biases 1: every own score is exactly right, so the loss asks for no change of it.
    const state = subject.learner.restore([new Float32Array(112 * 4), Float32Array.of(1, 1, 1, 1)]);
    const watch = await subject.learner.watch(state, probes);
    for await (const response of watch.respond([0], { rule: "own rise", delta: 0.1 })) {
      expect(response.stepSize[0]).toBeNaN();
      expect([...response.change.data].every(Number.isNaN)).toBe(true);
      expect([...response.anchorChange.data].every(Number.isNaN)).toBe(true);
    }
    watch.release();
    subject.learner.release(state);
    subject.release();
  });

  it("leave no tensor behind, and no trace in the weights, over 50 of them", async () => {
    const start = tf.memory().numTensors;
    const learner = networkLearner({
      plans: plansOf(toyNetworks.cnn!),
      examples: dataset,
      loss: "cross-entropy",
      seed: 1,
    });
    const state = learner.start();
    const before = await learner.weights(state);
    const watch = await learner.watch(state, probes);
    const held = tf.memory().numTensors;
    for (let round = 0; round < 25; round++) {
      const rule =
        round % 2 === 0 ? ({ rule: "fixed", eta: 0.1 } as const) : ({ rule: "own rise", delta: 0.1 } as const);
      let seen = 0;
      for await (const response of watch.respond([round % 12, 5], rule)) {
        expect(response.before.rows).toBe(probes.length);
        seen += 1;
      }
      expect(seen).toBe(2);
      expect(tf.memory().numTensors).toBe(held);
    }
    expect(await learner.weights(state)).toEqual(before);
    watch.release();
    learner.release(state);
    expect(tf.memory().numTensors).toBe(start);
  });

  it("free what they hold when nobody wants the rest", async () => {
    const start = tf.memory().numTensors;
    const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy" });
    const watch = await subject.learner.watch(subject.state, probes);
    for await (const response of watch.respond(anchors, { rule: "fixed", eta: 0.1 })) {
      expect(response.stepSize[0]).toBe(0.1);
      break;
    }
    watch.release();
    subject.release();
    expect(tf.memory().numTensors).toBe(start);
  });
});
