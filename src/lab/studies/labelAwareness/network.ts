// The two-layer network of one pair of classes, at its start and trained: the tangent kernel of its score, and what it gets right.
import { leadingPairs } from "../../../math/leading.ts";
import { symmetrised, type Matrix } from "../../../math/matrix.ts";
import { diagonal, relativeRatio } from "../../../math/relativeRatio.ts";
import { rng } from "../../../math/rng.ts";
import type { Examples, Learner } from "../../contracts.ts";
import type { Desk, StudyProgress } from "../../study.ts";
import { epochs } from "../../training.ts";
import type { Measured, NetworkFinding } from "./finding.ts";
import type { LabelAwarenessParams } from "./setting.ts";

export interface NetworkTask {
  readonly chosen: LabelAwarenessParams;
  readonly seed: number;
  /** Label 0 is the pair's first class, whose target is 1; label 1 the second, whose target is 0. */
  readonly examples: Examples;
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** For progress, such as "frog v ship, seed 1". */
  readonly title: string;
}

export interface NetworkResult extends Omit<NetworkFinding, "kind" | "shown"> {
  /** The kernels on the training images; that of the start where the training diverged. */
  readonly kernels: { readonly start: Matrix; readonly trained: Matrix };
}

type Progress = { readonly kind: "progress"; readonly progress: StudyProgress };

/**
 * Weights of f = a . s(W x + b) / sqrt(m), every layer's own share of the scale taken into its weights: a rectified unit may give
 * a factor from one layer to the other, and with m^(-1/4) in both, a step of SGD is one of the network so written, but for the
 * size of the step. The output bias, which the paper's kernel has not, starts at 0.
 */
function scaledWeights(
  learner: Learner<unknown>,
  { width, start }: LabelAwarenessParams,
  seed: number,
): Float32Array[] {
  const inputCount = learner.layers[0]!.outputShape[0]!;
  const scale = width ** -0.25;
  const stream = rng(seed).fork("weights");
  const drawn = (name: string, length: number, fanIn: number): Float32Array => {
    const own = stream.fork(name);
    const bound = 1 / Math.sqrt(fanIn);
    const one = start === "gaussian" ? () => own.normal() : () => own.uniform(-bound, bound);
    return Float32Array.from({ length }, () => scale * one());
  };
  return [
    drawn("hidden", inputCount * width, inputCount),
    drawn("hidden bias", width, inputCount),
    drawn("output", width, width),
    new Float32Array(1),
  ];
}

/** @throws LabError `too-large`, or the reason of a stop */
export async function* networkOf(task: NetworkTask, desk: Desk): AsyncGenerator<Progress, NetworkResult> {
  const { chosen, seed, examples, train, title } = task;
  const learner = desk.network({
    model: { id: "mlp", params: { widths: [chosen.width], activation: "relu" } },
    examples,
    loss: "squared-error",
    seed,
  });
  const progress = (stage: string, share: number): Progress => ({
    kind: "progress",
    progress: { stage: `${title}: ${stage}`, share },
  });
  const start = chosen.start === "usual" ? learner.start() : learner.restore(scaledWeights(learner, chosen, seed));
  let state = start;
  try {
    yield progress("kernel of the start", 0);
    const before = await measured(task, learner, start);
    const [largest] = leadingPairs(symmetrised(before.kernel), 1).values;
    const stepSize = (chosen.share * 2 * train.length) / largest!;
    const plan = {
      epochs: chosen.epochs,
      batchSize: chosen.batchSize,
      stepSize,
      order: rng(seed).fork("training order"),
    };
    let loss = NaN;
    for await (const end of epochs(learner, start, train, { plan, breathe: desk.breathe })) {
      ({ state, loss } = end);
      yield progress(`epoch ${end.epoch} of ${chosen.epochs}`, (0.9 * end.epoch) / chosen.epochs);
    }
    if (!Number.isFinite(loss))
      return {
        start: before.measured,
        trained: nothing,
        trainLoss: NaN,
        trainAccuracy: NaN,
        stepSize,
        remark: `The training diverged at a step size of ${stepSize.toPrecision(2)}; lower its share.`,
        kernels: { start: before.kernel, trained: before.kernel },
      };
    yield progress("kernel of the trained network", 0.9);
    const after = await measured(task, learner, state);
    const { loss: trainLoss, accuracy: trainAccuracy } = await fitOf(learner, state, examples, train);
    return {
      start: before.measured,
      trained: after.measured,
      trainLoss,
      trainAccuracy,
      stepSize,
      remark: trainLoss >= 0.25 ? `Its loss, ${trainLoss.toPrecision(3)}, is not below that of a constant, 0.25.` : "",
      kernels: { start: before.kernel, trained: after.kernel },
    };
  } finally {
    if (state !== start) learner.release(state);
    learner.release(start);
  }
}

const noRatio = { intra: NaN, inter: NaN, ratio: NaN };
const nothing: Measured = { trainTrain: noRatio, testTrain: noRatio, accuracy: NaN };

async function measured(
  { examples, train, test }: NetworkTask,
  learner: Learner<unknown>,
  state: unknown,
): Promise<{ readonly measured: Measured; readonly kernel: Matrix }> {
  const kernel = await learner.kernel(state, train, train);
  const cross = await learner.kernel(state, test, train);
  const own = diagonal(await learner.kernel(state, test, test));
  const labelsOf = (images: readonly number[]): number[] => images.map((image) => examples.labels[image]!);
  const columns = { labels: labelsOf(train), own: diagonal(kernel) };
  const { accuracy } = await fitOf(learner, state, examples, test);
  return {
    measured: {
      trainTrain: relativeRatio(kernel, columns),
      testTrain: relativeRatio(cross, { labels: labelsOf(test), own }, columns),
      accuracy,
    },
    kernel,
  };
}

/** Mean of (f - y)², and the share of images on the right side of 1/2. */
async function fitOf(
  learner: Learner<unknown>,
  state: unknown,
  { labels }: Examples,
  images: readonly number[],
): Promise<{ readonly loss: number; readonly accuracy: number }> {
  const { data } = await learner.predict(state, images);
  let [loss, right] = [0, 0];
  images.forEach((image, at) => {
    const target = labels[image] === 0 ? 1 : 0;
    loss += (data[at]! - target) ** 2;
    right += data[at]! > 0.5 === (target === 1) ? 1 : 0;
  });
  return { loss: loss / images.length, accuracy: right / images.length };
}
