// What every backend is asked, in a real page: a step's response and a training step against double precision, and leaks.
import type { BackendId, BackendReport } from "../../src/lab/lab.ts";
import { chooseBackend } from "../../src/lab/tensor/backend.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { browserHost } from "../helpers/browserHost.ts";
import { twoLayerKernel, twoLayersOf } from "../helpers/closedForm.ts";
import { dot, relativeError } from "../helpers/compare.ts";
import { tangentGram, trainedWeights, type LayerSpec } from "../helpers/reference.ts";
import { exampleOf, firstOrderError, inputOf, responseError, responsesOf, subjectOf } from "../helpers/subject.ts";
import { toyDataset, toyNetworks } from "../helpers/toy.ts";
import { workOf, type Work } from "../helpers/work.ts";

const dataset = toyDataset({ shape: [8, 8, 3], classCount: 4, trainPerClass: 3, testPerClass: 3 });
const anchors = [0, 7];
const probes = [0, 12, 16, 20];
const loss = "cross-entropy";

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

/** Relative Frobenius error of the tangent kernel of one score. */
async function kernelError(specs: readonly LayerSpec[]): Promise<number> {
  const subject = await subjectOf({ specs, dataset, loss });
  const inputs = probes.map((probe) => inputOf(dataset, probe));
  const truth = tangentGram(subject.reference, subject.weights, { rows: inputs, columns: inputs, output: 2 });
  const kernel = await subject.learner.kernel(subject.state, probes, probes, { output: 2 });
  subject.release();
  return relativeError(kernel.data, truth.whole);
}

/** How far the kernel of the network 192-300-1, rectified, is from its closed form; relative Frobenius error. */
async function closedKernelError(): Promise<number> {
  const specs: LayerSpec[] = [
    { kind: "flatten" },
    { kind: "dense", width: 300 },
    { kind: "relu" },
    { kind: "dense", width: 1 },
  ];
  const subject = await subjectOf({ specs, dataset: { ...dataset, outputCount: 1 }, loss: "squared-error" });
  const kernel = await subject.learner.kernel(subject.state, probes, probes);
  const layers = twoLayersOf("relu", subject.weights.flat());
  const inputs = probes.map((probe) => inputOf(dataset, probe));
  subject.release();
  return relativeError(
    kernel.data,
    inputs.flatMap((a) => inputs.map((b) => twoLayerKernel(layers, a, b))),
  );
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
  readonly firstOrderErrors: Readonly<Record<string, number>>;
  readonly kernelErrors: Readonly<Record<string, number>>;
  readonly work: Readonly<Record<string, Work>>;
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
  for (const network of Object.keys(toyNetworks))
    for (const eta of [1, 1e-2, 1e-4, 1e-8])
      responseErrors[`${network}, eta ${eta}`] = await responseError(
        { specs: toyNetworks[network]!, dataset, loss },
        { anchors, probes, eta },
      );
  const firstOrderErrors: Record<string, number> = {};
  const kernelErrors: Record<string, number> = { "closed form": await closedKernelError() };
  const work: Record<string, Work> = {};
  for (const [name, specs] of Object.entries(toyNetworks)) {
    firstOrderErrors[name] = await firstOrderError({ specs, dataset, loss }, { anchors, probes, eta: 0.3 });
    kernelErrors[name] = await kernelError(specs);
    work[name] = await workOf(specs, dataset);
  }
  return {
    report,
    responseErrors,
    firstOrderErrors,
    kernelErrors,
    work,
    closedFormError: await closedFormError(),
    trainingError: await trainingError(),
    leakedTensors: tf.memory().numTensors - tensorCount,
  };
}

/** Takes the graphics device away, and says what the host is told. */
async function loseDevice(): Promise<string> {
  let tell: (words: string) => void;
  const told = new Promise<string>((resolve) => (tell = resolve));
  await chooseBackend("webgl", { ...browserHost, lost: ({ message }) => tell(message) });
  const { gl } = (tf.backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu;
  gl.getExtension("WEBGL_lose_context")!.loseContext();
  return told;
}

declare global {
  interface Window {
    examine: typeof examine;
    loseDevice: typeof loseDevice;
  }
}
Object.assign(window, { examine, loseDevice });
