// Which hidden units are on at each example, against float64.
import { beforeAll, describe, expect, it } from "vitest";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { activationSigns } from "../../helpers/reference.ts";
import { inputOf, subjectOf } from "../../helpers/subject.ts";
import { plansOf, toyDataset, toyNetworks } from "../../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 4, trainPerClass: 2, testPerClass: 1 });
const examples = [0, 3, 11, 6, 9];

describe.each(nodeBackends)("activation patterns on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  it.each(Object.entries(toyNetworks))("of %s are those of float64", async (_name, specs) => {
    const held = tf.memory().numTensors;
    const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
    const truth = examples.map((example) =>
      activationSigns(specs, dataset.shape, subject.weights, inputOf(dataset, example)),
    );
    const { rows, columns, data } = await subject.learner.patterns(subject.state, examples);
    expect([rows, columns]).toEqual([examples.length, truth[0]!.length]);
    expect([...data]).toEqual(truth.flat());
    subject.release();
    expect(tf.memory().numTensors).toBe(held);
  });

  it("are the same whatever memory there is, and empty for no examples", async () => {
    const patterns = async (memoryBytes: number, of: readonly number[]) => {
      const plans = plansOf(toyNetworks.cnn!);
      const learner = networkLearner({ plans, examples: dataset, loss: "cross-entropy", seed: 1, memoryBytes });
      const state = learner.start();
      const found = await learner.patterns(state, of);
      learner.release(state);
      return found;
    };
    expect(await patterns(1, examples)).toEqual(await patterns(2 ** 29, examples));
    const { rows, data } = await patterns(1, []);
    expect([rows, data.length]).toEqual([0, 0]);
  });
});
