// One trial: a network trained image by image on labels some of which are corrupted, and the mean logits of each label on the way.
import { exp, log } from "../../../math/elementary.ts";
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import type { ExampleId, Learner, Matrix } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { defaults, type Values } from "../../params.ts";
import type { Desk, StudyProgress } from "../../study.ts";
import { iterationsOf, networks, strideOf, type Corruption, type LeSdeNetworkParams } from "./setting.ts";

/** A trial that came to its end. */
export interface MeasuredTrial {
  /** Sums of logits by label. [moment][label, output] */
  readonly sums: ArrayLike<number>;
  /** How many images each sum is over. [moment][label] */
  readonly counts: ArrayLike<number>;
  /** Mean cross-entropy, and share classified rightly, of the held-out images at the end, whose labels are true. */
  readonly loss: number;
  readonly accuracy: number;
}

/** A trial whose loss or logits were no numbers any more. */
export interface DivergedTrial {
  /** Iterations it had done. */
  readonly divergedAt: number;
}

export type TrialFinding = MeasuredTrial | DivergedTrial;

export const hasDiverged = (trial: TrialFinding): trial is DivergedTrial => "divergedAt" in trial;

/**
 * The labels of all examples, of which a share of each class's training images is given another class, every other one equally
 * often. A smaller share corrupts some of the images of a larger one, in the same way. [example]
 */
export function corrupted({ labels, outputCount, trainCount }: Dataset, share: number): Uint8Array {
  const given = labels.slice();
  for (let own = 0; own < outputCount; own++) {
    const images = Array.from({ length: trainCount }, (_, id) => id).filter((id) => labels[id] === own);
    const order = rng(0).fork("corrupted labels").fork(own).shuffled(images);
    order.slice(0, Math.round(share * images.length)).forEach((id, at) => {
      given[id] = (own + 1 + (at % (outputCount - 1))) % outputCount;
    });
  }
  return given;
}

/** Training images of each label as it is given, evenly over the true classes, which the examples are in the order of. [label][image] */
export function fixedImages(
  given: Uint8Array,
  trainCount: number,
  outputCount: number,
  perLabel: number,
): ExampleId[][] {
  return Array.from({ length: outputCount }, (_, label) => {
    const images = Array.from({ length: trainCount }, (_unused, id) => id).filter((id) => given[id] === label);
    const count = Math.min(perLabel, images.length);
    return Array.from({ length: count }, (_unused, at) => images[Math.floor(((at + 0.5) * images.length) / count)]!);
  });
}

interface Trial {
  readonly dataset: Dataset;
  readonly corruption: Corruption;
  readonly seed: number;
}

export async function* trial(
  chosen: LeSdeNetworkParams,
  desk: Desk,
  { dataset, corruption, seed }: Trial,
): AsyncGenerator<StudyProgress, TrialFinding> {
  const { iterations, stepSize, logits } = chosen;
  const { outputCount: K, trainCount, testCount } = dataset;
  const given = corrupted(dataset, corruption.share);
  const { id, params } = networks[chosen.network];
  const learner = desk.network({
    model: { id, params: { ...defaults(desk.model(id).params), ...params } as Values },
    examples: { shape: dataset.shape, outputCount: K, labels: given, read: (examples) => dataset.read(examples) },
    loss: "cross-entropy",
    seed,
  });
  const isFixed = logits === "fixed images";
  const watched = isFixed ? fixedImages(given, trainCount, K, chosen.imagesPerClass).flat() : [];
  const stride = strideOf(chosen);
  const momentCount = iterationsOf(chosen).length;
  const sums = new Float32Array(momentCount * K * K);
  const counts = new Float32Array(momentCount * K);
  const draws = rng(seed).fork("drawn images");
  let state = learner.start();
  async function see(moment: number, examples: readonly ExampleId[]): Promise<void> {
    if (moment >= momentCount) return;
    const scores = await learner.predict(state, examples);
    examples.forEach((example, row) => {
      const label = given[example]!;
      counts[moment * K + label]! += 1;
      for (let output = 0; output < K; output++)
        sums[(moment * K + label) * K + output]! += scores.data[row * K + output]!;
    });
  }
  try {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const moment = Math.floor(iteration / stride);
      if (iteration % stride === 0) {
        if (isFixed) await see(moment, watched);
        if (moment % 10 === 0)
          yield { stage: `p = ${corruption.text}, trial of seed ${seed}`, share: iteration / iterations };
      }
      const drawn = draws.below(trainCount);
      if (!isFixed) await see(moment, [drawn]);
      const step = learner.nudge(state, [drawn], { stepSize, momentum: 0 });
      learner.release(state);
      state = step.state;
      const loss = await step.loss();
      if (!Number.isFinite(loss)) return { divergedAt: iteration + 1 };
      await desk.breathe();
    }
    if (isFixed && iterations % stride === 0) await see(iterations / stride, watched);
    const end = await heldOut(learner, state, { given, trainCount, testCount });
    return Number.isFinite(end.loss) && sums.every(Number.isFinite)
      ? { sums, counts, ...end }
      : { divergedAt: iterations };
  } finally {
    learner.release(state);
  }
}

interface HeldOut {
  readonly given: Uint8Array;
  readonly trainCount: number;
  readonly testCount: number;
}

async function heldOut(
  learner: Learner<unknown>,
  state: unknown,
  { given, trainCount, testCount }: HeldOut,
): Promise<Pick<MeasuredTrial, "loss" | "accuracy">> {
  const images = Array.from({ length: testCount }, (_, at) => trainCount + at);
  const scores = await learner.predict(state, images);
  const each = images.map((example, row) => ofScores(scores, row, given[example]!));
  return { loss: mean(each.map(({ loss }) => loss)), accuracy: mean(each.map(({ isRight }) => Number(isRight))) };
}

/** Cross-entropy of one row of scores, and whether the label's is the largest. */
function ofScores({ data, columns }: Matrix, row: number, label: number): { loss: number; isRight: boolean } {
  const own = Array.from(data.subarray(row * columns, (row + 1) * columns));
  const most = Math.max(...own);
  const sum = own.reduce((all, score) => all + exp(score - most), 0);
  return { loss: most + log(sum) - own[label]!, isRight: own.indexOf(most) === label };
}
