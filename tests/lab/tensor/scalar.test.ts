// Networks with one score, as He and Su (ICLR 2020) have them: label 0 is the primary class with target 1, label 1 is none.
import { beforeAll, describe, expect, it } from "vitest";
import { relative } from "../../../src/lab/measures/relative.ts";
import { ownOutput, type Examples, type LossId } from "../../../src/lab/contracts.ts";
import { modelTrial } from "../../../src/lab/tensor/backend.ts";
import { units } from "../../../src/lab/tensor/factors.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { activate } from "../../../src/lab/tensor/tf.ts";
import { LabError } from "../../../src/lab/error.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { gradientOf, lossOf, lossSlope, scoresOf, trainedWeights } from "../../helpers/reference.ts";
import { exampleOf, firstOrderError, inputOf, responseError, responsesOf, subjectOf } from "../../helpers/subject.ts";
import { plansOf, toyDataset, toyNetworks, withScores } from "../../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 2, trainPerClass: 5, testPerClass: 3, outputCount: 1 });
const losses = ["squared-error", "binary cross-entropy"] as const satisfies readonly LossId[];
const names = ["linear", "mlp relu", "mlp tanh", "cnn", "mlp residual", "cnn strided"];
/** Of both labels. */
const anchors = [0, 3, 5, 9];
const probes = [0, 5, 10, 11, 13, 15];

describe("own outputs", () => {
  it("are those of the labels, and the last one where a label belongs to none", () => {
    expect([0, 1, 2, 255].map((label) => ownOutput(label, 1))).toEqual([0, 0, 0, 0]);
    expect([0, 1, 2, 3].map((label) => ownOutput(label, 3))).toEqual([0, 1, 2, 2]);
  });

  it("a label that belongs to none has targets of 0 alone", async () => {
    await activate("cpu", nodeHost);
    expect([...(await units([0, 1, 0, 7], 1).data())]).toEqual([1, 0, 1, 0]);
    expect([...(await units([1, 2, 0], 2).data())]).toEqual([0, 1, 0, 0, 1, 0]);
  });
});

describe.each(nodeBackends)("one score on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  describe.each(names)("of %s", (name) => {
    const specs = withScores(toyNetworks[name]!, 1);

    describe.each(losses)("with %s", (loss) => {
      it("trains as float64 SGD does", async () => {
        const { learner, state: first, reference, weights } = await subjectOf({ specs, dataset, loss });
        const batches = [[0, 5, 7], [2], [9, 1, 3, 6, 8]];
        let state = first;
        const seen: number[] = [];
        for (const batch of batches) {
          const next = learner.nudge(state, batch, { stepSize: 0.02, momentum: 0.5 });
          learner.release(state);
          seen.push(await next.loss());
          state = next.state;
        }
        const start = batches[0]!.map((example) =>
          lossOf(loss, scoresOf(reference, weights, inputOf(dataset, example)), dataset.labels[example]!),
        );
        expect(relativeError([seen[0]!], [start.reduce((sum, value) => sum + value) / 3])).toBeLessThan(1e-5);
        const truth = trainedWeights(
          reference,
          weights,
          batches.map((batch) => batch.map((example) => exampleOf(dataset, example))),
          { loss, eta: 0.02, momentum: 0.5 },
        ).flat();
        const way = (to: ArrayLike<number>, at: number): number[] =>
          Array.from(to, (value, place) => value - weights.flat()[at]![place]!);
        const found = await learner.weights(state);
        found.forEach((own, at) => expect(relativeError(way(own, at), way(truth[at]!, at))).toBeLessThan(1e-4));
        learner.release(state);
      });

      it.each([1e-1, 1e-4, 1e-8])("responds as a literal float64 step of size %s does", async (eta) => {
        expect(await responseError({ specs, dataset, loss }, { anchors, probes, eta })).toBeLessThan(2e-5);
      });

      it("responds at first order by products of gradients", async () => {
        expect(await firstOrderError({ specs, dataset, loss }, { anchors, probes, eta: 3 })).toBeLessThan(2e-5);
      });

      it("says slope, score and sensitivity of anchors of either label", async () => {
        const subject = await subjectOf({ specs, dataset, loss });
        const { reference, weights } = subject;
        const sensitivityOf = (example: number): number => {
          const parts = gradientOf(reference, weights, inputOf(dataset, example), [1]).weights.flat();
          return Math.sqrt(parts.reduce((sum, part) => sum + dot(part, part), 0));
        };
        const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta: 0.01 } });
        responses.forEach((response, at) => {
          const { x, label } = exampleOf(dataset, anchors[at]!);
          const score = scoresOf(reference, weights, x);
          expect([...response.anchorLabels]).toEqual([label]);
          expect(relativeError(response.lossSlope.data, lossSlope(loss, score, label))).toBeLessThan(1e-5);
          expect(relativeError(response.anchorSensitivity, [sensitivityOf(anchors[at]!)])).toBeLessThan(1e-5);
          expect(relativeError(response.sensitivity.data, probes.map(sensitivityOf))).toBeLessThan(1e-5);
          expect(response.anchorRounding[0]).toBeGreaterThan(0);
          const ratio = relative.numerator(response).data[0]! / relative.denominator(response)[0]!;
          const own = Math.abs(response.change.data[0]! / response.anchorChange.data[0]!);
          expect(relativeError([ratio], [own])).toBeLessThan(1e-6);
        });
        subject.release();
      });
    });

    it("is a model that a backend's trial accepts", async () => {
      await expect(modelTrial(plansOf(specs), dataset.shape)).resolves.toBe(undefined);
    });
  });
});

describe("a learner refuses", () => {
  const build = (examples: Examples, width: number, loss: LossId) => (): unknown =>
    networkLearner({ plans: plansOf(withScores(toyNetworks.linear!, width)), examples, loss, seed: 1 });

  it("another number of scores than the examples have outputs", () => {
    expect(build(dataset, 2, "squared-error")).toThrow(LabError);
    expect(build(dataset, 2, "squared-error")).toThrow("A network of 2 scores cannot learn 1 outputs");
  });

  it("cross-entropy of one score, or of an example that belongs to no output", () => {
    expect(build(dataset, 1, "cross-entropy")).toThrow(/binary cross-entropy/);
    expect(build({ ...dataset, outputCount: 2, labels: [0, 1, 2] }, 2, "cross-entropy")).toThrow(LabError);
    expect(build({ ...dataset, outputCount: 2, labels: [0, 1, 2] }, 2, "squared-error")).not.toThrow();
  });
});
