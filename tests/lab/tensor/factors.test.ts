// The factors of per-example gradients, and the gradients that are made of them, against float64.
import { beforeAll, describe, expect, it } from "vitest";
import { exampleGradient, factors, prepare, discard } from "../../../src/lab/tensor/factors.ts";
import { network, uploaded } from "../../../src/lab/tensor/network.ts";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { gradientOf, lossSlope, scoresOf } from "../../helpers/reference.ts";
import { inputOf, subjectOf } from "../../helpers/subject.ts";
import { plansOf, toyDataset, toyNetworks } from "../../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 7, 2], classCount: 4, trainPerClass: 2, testPerClass: 1 });
const examples = [0, 3, 6];

describe.each(nodeBackends)("per-example gradients on %s", (backend) => {
  beforeAll(() => activate(backend, nodeHost));

  it.each(Object.entries(toyNetworks))("of %s are those of each example alone", async (_name, specs) => {
    const subject = await subjectOf({ specs, dataset, loss: "cross-entropy" });
    const net = network(plansOf(specs), dataset.shape);
    const weights = uploaded(net, await subject.learner.weights(subject.state));
    const x = tf.tensor(dataset.read(examples), [examples.length, ...dataset.shape]);
    const { inputs, ...rest } = await prepare(net, weights, x);
    const slopes = examples.map((example) =>
      Float64Array.from(
        lossSlope(
          "cross-entropy",
          scoresOf(subject.reference, subject.weights, inputOf(dataset, example)),
          dataset.labels[example]!,
        ),
      ),
    );
    const made = factors(net, weights, inputs, slopes);
    for (const [row, example] of examples.entries()) {
      const own = exampleGradient(net, made, row);
      expect(own.map((parts) => parts.map(({ shape }) => shape))).toEqual(
        net.layers.map(({ weightShapes }) => weightShapes.map((shape) => [...shape])),
      );
      const truth = gradientOf(subject.reference, subject.weights, inputOf(dataset, example), slopes[row]!).weights;
      const numbers = own.flat().flatMap((part) => [...part.dataSync()]);
      expect(
        relativeError(
          numbers,
          truth.flat().flatMap((part) => [...part]),
        ),
      ).toBeLessThan(1e-5);
      tf.dispose(own);
    }
    discard({ inputs, ...rest });
    tf.dispose([made.signals as tf.Tensor[], x, weights as unknown as tf.Tensor[]]);
    subject.release();
  });

  it("of an example whose loss asks for nothing are 0", async () => {
    const net = network(plansOf(toyNetworks.linear!), dataset.shape);
    const weights = uploaded(net, [new Float32Array(112 * 4), new Float32Array(4)]);
    const x = tf.tensor(dataset.read([0]), [1, ...dataset.shape]);
    const prepared = await prepare(net, weights, x);
    const made = factors(net, weights, prepared.inputs, [new Float64Array(4)]);
    const own = exampleGradient(net, made, 0);
    expect(own.flat().every((part) => part.dataSync().every((value) => value === 0))).toBe(true);
    tf.dispose([own.flat(), made.signals as tf.Tensor[], x, weights as unknown as tf.Tensor[]]);
    discard(prepared);
  });
});
