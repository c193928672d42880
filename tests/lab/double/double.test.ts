// The network in double precision, built from the facts about an engine's layers: its gradients against central differences, its
// scores and steps against the engine, which shares no code with it.
import { beforeAll, describe, expect, it } from "vitest";
import { lossOf } from "../../../src/lab/double/loss.ts";
import { dealt, doubleNetwork, scoresOf, type NetworkWeights } from "../../../src/lab/double/network.ts";
import { firstOrderChanges, lossGradient, moved } from "../../../src/lab/double/step.ts";
import { wordsOf } from "../../../src/lab/double/words.ts";
import { defaults } from "../../../src/lab/params.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import type { LayerPlan } from "../../../src/lab/tensor/layer.ts";
import { activate } from "../../../src/lab/tensor/tf.ts";
import { relativeError } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";
import { inputOf, responsesOf } from "../../helpers/subject.ts";
import { plansOf, toyDataset, toyNetworks } from "../../helpers/toy.ts";
import { networks } from "../../helpers/networks.ts";

const small = toyDataset({ shape: [6, 5, 2], classCount: 4, trainPerClass: 2, testPerClass: 2 });
const images = toyDataset({ shape: [16, 16, 3], classCount: 4, trainPerClass: 1, testPerClass: 1 });

interface Case {
  readonly name: string;
  readonly plans: readonly LayerPlan[];
  readonly dataset: typeof small;
}
const cases: readonly Case[] = [
  ...Object.entries(toyNetworks).map(([name, specs]) => ({ name, plans: plansOf(specs), dataset: small })),
  ...networks.map(({ id, params, build }) => ({
    name: `the shelf's ${id}`,
    plans: build(defaults(params), images.shape, 4),
    dataset: images,
  })),
];

beforeAll(() => activate("wasm", nodeHost));

describe.each(cases.map((each) => [each.name, each] as const))(
  "double precision of %s",
  (_name, { plans, dataset }) => {
    async function both() {
      const learner = networkLearner({ plans, examples: dataset, loss: "cross-entropy", seed: 3 });
      const state = learner.start();
      const net = doubleNetwork(wordsOf(learner.layers), dataset.shape);
      const weights = dealt(net, await learner.weights(state));
      return { learner, state, net, weights };
    }
    const anchor = { x: inputOf(dataset, 1), label: dataset.labels[1]! };
    const probes = [2, 3, 5];

    it("has the scores of the engine", async () => {
      const { learner, state, net, weights } = await both();
      const { data } = await learner.predict(state, probes);
      const scores = probes.flatMap((probe) => Array.from(scoresOf(net, weights, inputOf(dataset, probe))));
      expect(relativeError(data, scores)).toBeLessThan(2e-6);
      learner.release(state);
    });

    it("has the gradient that central differences of the loss have, along a direction", async () => {
      const { learner, state, net, weights } = await both();
      const gradient = lossGradient(net, weights, anchor, "cross-entropy");
      const lossAt = (eta: number): number =>
        lossOf("cross-entropy", scoresOf(net, moved(weights, gradient, eta), anchor.x), anchor.label);
      const square = gradient
        .flat()
        .reduce((sum, part) => sum + part.reduce((own, value) => own + value * value, 0), 0);
      const width = 1e-6 / Math.sqrt(square);
      expect(-(lossAt(width) - lossAt(-width)) / (2 * width) / square).toBeCloseTo(1, 6);
      learner.release(state);
    });

    it("changes by a literal step what the engine changes exactly, and to first order the same", async () => {
      const { learner, state, net, weights } = await both();
      const gradient = lossGradient(net, weights, anchor, "cross-entropy");
      const eta = 1e-4;
      const inputs = probes.map((probe) => inputOf(dataset, probe));
      const literal = changes(net, weights, moved(weights, gradient, eta), inputs);
      const respond = async (order: "finite" | "first"): Promise<number[]> => {
        const [response] = await responsesOf({ learner, state } as never, {
          anchors: [1],
          probes,
          rule: { rule: "fixed", eta, order },
        });
        return [...response!.change.data];
      };
      expect(relativeError(await respond("finite"), literal)).toBeLessThan(1e-5);
      const first = await respond("first");
      for (const output of [0, 3]) {
        const own = firstOrderChanges(net, weights, gradient, { inputs, output }).map((change) => change * eta);
        expect(
          relativeError(
            probes.map((_, at) => first[at * 4 + output]!),
            own,
          ),
        ).toBeLessThan(1e-5);
      }
      learner.release(state);
    });
  },
);

const changes = (
  net: Parameters<typeof scoresOf>[0],
  before: NetworkWeights,
  after: NetworkWeights,
  inputs: readonly Float32Array[],
): number[] =>
  inputs.flatMap((x) => {
    const was = scoresOf(net, before, x);
    return Array.from(scoresOf(net, after, x), (score, at) => score - was[at]!);
  });

describe("facts about layers", () => {
  it("that double precision does not know are refused", () => {
    expect(() => wordsOf([{ kind: "attention", inputShape: [2], outputShape: [2] }])).toThrow(/attention/);
  });

  it("become the words that they came from, whatever is nested", () => {
    const { layers } = networkLearner({
      plans: plansOf(toyNetworks["mlp residual"]!),
      examples: small,
      loss: "cross-entropy",
      seed: 1,
    });
    expect(wordsOf(layers)).toEqual(toyNetworks["mlp residual"]);
  });
});
