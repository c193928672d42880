// Kernel regression beside the network: is a trained network a kernel machine, with which kernel, and does it move the same?
import { rng } from "../../math/rng.ts";
import { defaults } from "../params.ts";
import { numbering } from "../spec.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { course } from "../training.ts";
import type { Dataset } from "../dataset.ts";
import { kernelsOf, measure, type Bench, type Kernels, type RegressionFinding } from "./kernelRegression/measure.ts";
import {
  check,
  choiceOf,
  epochsOf,
  keysOf,
  params,
  regressionKey,
  seedsOf,
  view,
  type RegressionParams,
} from "./kernelRegression/setting.ts";
import { accuracyTable, responseTable } from "./kernelRegression/summary.ts";

async function* run(
  chosen: RegressionParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<RegressionFinding>> {
  const seeds = seedsOf(chosen).filter((seed) => keysOf(chosen, seed).some((key) => !known.has(key)));
  if (seeds.length === 0) return;
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataset = await desk.dataset(choiceOf(chosen));
  for (const seed of seeds) {
    const missing = epochsOf(chosen).filter((epoch) => !known.has(regressionKey(chosen, seed, epoch)));
    yield* measured(chosen, desk, { dataset, seed, missing });
  }
}

interface Measuring {
  readonly dataset: Dataset;
  readonly seed: number;
  readonly missing: readonly number[];
}

/** Trains from one seed and measures at the epochs that are missing; the kernel at the start is always needed. */
async function* measured(
  chosen: RegressionParams,
  desk: Desk,
  { dataset, seed, missing }: Measuring,
): AsyncGenerator<StudyEvent<RegressionFinding>> {
  const network = desk.network({
    model: { id: chosen.model, params: defaults(desk.model(chosen.model).params) },
    examples: dataset,
    loss: chosen.loss,
    seed,
  });
  const bench: Bench = {
    dataset,
    network,
    anchors: numbering(choiceOf(chosen)).firstOfEach("train", chosen.anchorsPerClass),
    ridge: chosen.ridge,
    delta: chosen.delta,
    breathe: desk.breathe,
  };
  const last = Math.max(...missing);
  const { batchSize, stepSize } = chosen;
  const plan = { epochs: last, batchSize, stepSize, order: rng(seed).fork("training order") };
  const training = Array.from({ length: dataset.trainCount }, (_, id) => id);
  let frozen: Kernels | undefined;
  for await (const { epoch, state } of course(network, training, { plan, breathe: desk.breathe })) {
    const isMeasured = missing.includes(epoch);
    const stage = `seed ${seed}, epoch ${epoch}${isMeasured ? ": kernels and responses" : ` of ${last}`}`;
    yield { kind: "progress", progress: { stage, share: isMeasured ? 0 : epoch / last } };
    frozen ??= await kernelsOf(bench, state);
    if (isMeasured)
      yield {
        kind: "finding",
        key: regressionKey(chosen, seed, epoch),
        value: await measure(bench, state, { frozen, isStart: epoch === 0 }),
      };
  }
}

export const kernelRegression: StudyPlugin<RegressionParams, RegressionFinding> = {
  id: "kernel-regression",
  title: "Kernel regression beside the network",
  question: "Does a network classify, and respond, as kernel regression with its own tangent kernel does?",
  source: "A study of this lab; kernel regression after Jacot, Gabriel and Hongler, NeurIPS 2018",
  explanation: {
    words:
      "A network whose tangent kernel stood still would learn as kernel regression with it. Beside the network are two such machines, one with the kernel frozen at the start and one with the kernel as training has made it; what they move when one image a is learned goes as |K(a, p)| / K(a, a).",
    tex: String.raw`f(x)=K(x,X)\,\bigl(K(X,X)+\lambda I\bigr)^{-1}Y,\qquad K(x,x')=\sum_k\langle\nabla_w f_k(x),\nabla_w f_k(x')\rangle`,
    spoken:
      "the regression at x is the kernel of x and the training images, times the inverse of their own kernel plus a ridge, times the targets; the kernel is the sum over outputs of the inner products of gradients",
    source: "Jacot et al., NeurIPS 2018, section 5; ridge and targets are the lab's choice",
  },
  params,
  view,
  presets: [
    {
      id: "kernel-regression",
      title: "Kernel regression beside the network",
      question:
        "A CNN on few images: which is the better machine, the network, its kernel now, or its kernel at the start?",
      caption:
        "The images are drawings, not photographs, 40 a class to learn from; with three seeds the intervals are wide. Both kernel machines fit their training images at once. That with the kernel now begins anew, but on the images that have shaped its kernel. Ridge: 1/1000 of the mean diagonal.",
      small: { params: {}, size: "CNN, 280 images, 7 moments, 3 seeds", minutes: 3 },
    },
    {
      id: "kernel-regression-mlp",
      title: "The same, fully connected",
      question: "Does the kernel of a network without convolutions become a better one, too?",
      caption:
        "One hidden layer of 512, the same drawings and step size. The kernel moves about as far, but once trained the three machines stay within each other's intervals.",
      small: { params: { model: "mlp" }, size: "MLP, 280 images, 7 moments, 3 seeds", minutes: 1 },
    },
  ],
  check,
  keys: (chosen) => seedsOf(chosen).flatMap((seed) => keysOf(chosen, seed)),
  together: (chosen) => seedsOf(chosen).map((seed) => keysOf(chosen, seed)),
  run,
  tables: (chosen, findings) => {
    const known = { params: chosen, findings };
    return [accuracyTable(known), responseTable(known)];
  },
};
