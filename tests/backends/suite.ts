// What every backend is asked, in a real page: a step's response and a training step against double precision, and leaks.
import type { BackendId, BackendReport } from "../../src/lab/lab.ts";
import { chooseBackend } from "../../src/lab/tensor/backend.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { browserHost } from "../helpers/browserHost.ts";
import { dot, relativeError } from "../helpers/compare.ts";
import { literalChange, trainedWeights } from "../helpers/reference.ts";
import { exampleOf, inputOf, responsesOf, subjectOf } from "../helpers/subject.ts";
import { toyDataset, toyNetworks } from "../helpers/toy.ts";

const dataset = toyDataset({ shape: [8, 8, 3], classCount: 4, trainPerClass: 3, testPerClass: 3 });
const anchors = [0, 7];
const probes = [0, 12, 16, 20];
const loss = "cross-entropy";

/** Relative Frobenius error of the carried change against a literal step in double precision. */
async function responseError(network: string, eta: number): Promise<number> {
  const subject = await subjectOf({ specs: toyNetworks[network]!, dataset, loss });
  const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta } });
  const inputs = probes.map((probe) => inputOf(dataset, probe));
  const literal = anchors.map((anchor) =>
    literalChange(subject.reference, subject.weights, { anchor: exampleOf(dataset, anchor), loss, eta }, inputs),
  );
  subject.release();
  return relativeError(
    responses.flatMap(({ change }) => [...change.data]),
    literal.flat(2),
  );
}

/** How far the response of the linear model is from |x_p . x_a + 1| / (|x_a|^2 + 1). */
async function closedFormError(): Promise<number> {
  const subject = await subjectOf({ specs: toyNetworks.linear!, dataset, loss });
  const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "own rise", delta: 0.1 } });
  let worst = 0;
  responses.forEach((response, row) => {
    const a = inputOf(dataset, anchors[row]!);
    const label = dataset.labels[anchors[row]!]!;
    probes.forEach((probe, column) => {
      const measured = response.change.data[column * 4 + label]! / response.anchorChange.data[label]!;
      const expected = (dot(inputOf(dataset, probe), a) + 1) / (dot(a, a) + 1);
      worst = Math.max(worst, Math.abs(measured - expected));
    });
  });
  subject.release();
  return worst;
}

/** Relative error of the weights after three training steps with momentum. */
async function trainingError(): Promise<number> {
  const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss });
  const batch = [0, 4, 7, 10, 1];
  let { state } = subject;
  for (let step = 0; step < 3; step++) {
    const next = subject.learner.nudge(state, batch, { stepSize: 0.1, momentum: 0.5 });
    await next.loss();
    if (step > 0) subject.learner.release(state);
    ({ state } = next);
  }
  const weights = await subject.learner.weights(state);
  const batches = [1, 2, 3].map(() => batch.map((example) => exampleOf(dataset, example)));
  const truth = trainedWeights(subject.reference, subject.weights, batches, { loss, eta: 0.1, momentum: 0.5 });
  subject.learner.release(state);
  subject.release();
  return relativeError(
    weights.flatMap((part) => [...part]),
    truth.flat().flatMap((part) => Array.from(part)),
  );
}

export interface Findings {
  readonly report: BackendReport;
  readonly responseErrors: Readonly<Record<string, number>>;
  readonly closedFormError: number;
  readonly trainingError: number;
  readonly leakedTensors: number;
}

async function examine(backend: BackendId): Promise<Findings | { absent: string }> {
  let report: BackendReport;
  try {
    report = await chooseBackend(backend, browserHost);
  } catch (error) {
    return { absent: (error as Error).message };
  }
  const tensorCount = tf.memory().numTensors;
  const responseErrors: Record<string, number> = {};
  for (const network of ["mlp relu", "mlp tanh", "cnn"])
    for (const eta of [1, 1e-1, 1e-4, 1e-8])
      responseErrors[`${network}, eta ${eta}`] = await responseError(network, eta);
  return {
    report,
    responseErrors,
    closedFormError: await closedFormError(),
    trainingError: await trainingError(),
    leakedTensors: tf.memory().numTensors - tensorCount,
  };
}

declare global {
  interface Window {
    examine: typeof examine;
  }
}
window.examine = examine;
