// A network of the study: trained to tell the primary images from the auxiliary ones, with another start where it fails.
import { exp, log } from "../../../math/elementary.ts";
import { rng } from "../../../math/rng.ts";
import type { Examples, Learner, LossId } from "../../contracts.ts";
import type { Desk, StudyProgress } from "../../study.ts";
import { epochs } from "../../training.ts";
import type { Architecture, Loss, Weights } from "./method.ts";

export interface NetworkPlan {
  readonly loss: Loss;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly model: {
    readonly id: string;
    readonly params: Readonly<Record<string, number | string | readonly number[]>>;
  };
  readonly epochs: number;
  readonly batchSize: number;
  /** For the losses (f - y)² and the binary cross-entropy. */
  readonly stepSize: number;
  readonly seed: number;
  /** Further starts where the training diverges or the network collapses. */
  readonly retries: number;
  /** For progress, such as "5 v 8: ReLU, ℓ2". */
  readonly title: string;
}

/** Images of a task, ready to learn from. */
export interface TrainingSet {
  readonly examples: Examples;
  readonly primary: readonly number[];
  readonly auxiliary: readonly number[];
}

export interface TrainedNetwork {
  readonly learner: Learner<unknown>;
  /** The caller's to release. */
  readonly state: unknown;
  readonly status: "measured" | "collapsed" | "diverged";
  /** One sentence where a start failed; else empty. */
  readonly remark: string;
  /** Mean of (f - y)², or of the binary cross-entropy, over all images. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Share of hidden units that are on at no image; NaN where none has sides. */
  readonly deadShare: number;
  /** Scores of the primary images. */
  readonly scores: Float32Array;
}

const lossIds: Readonly<Record<Loss, LossId>> = { l2: "squared-error", bce: "binary cross-entropy" };

type Progress = { readonly kind: "progress"; readonly progress: StudyProgress };

/** Trains, and begins anew from other weights where that fails. @throws LabError `too-large`, or the reason of a stop */
export async function* trainedNetwork(
  plan: NetworkPlan,
  set: TrainingSet,
  desk: Desk,
): AsyncGenerator<Progress, TrainedNetwork> {
  const failures: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const seed =
      attempt === 0
        ? plan.seed
        : rng(plan.seed)
            .fork(`retry ${attempt}`)
            .below(2 ** 31);
    const made = yield* attempted({ ...plan, seed }, set, desk);
    const isLast = attempt === plan.retries || plan.weights === "random";
    if (made.status === "measured" || isLast) return { ...made, remark: remarkOf(failures, made, plan) };
    failures.push(`${made.status}: ${made.remark}`);
    made.learner.release(made.state);
  }
}

function remarkOf(
  failures: readonly string[],
  { status, remark, trainLoss }: TrainedNetwork,
  { loss, weights }: NetworkPlan,
): string {
  if (status !== "measured") {
    const times = failures.length === 0 ? "" : ` on all of ${failures.length + 1} starts`;
    return `The network ${status}${times}: ${remark}.`;
  }
  const others = failures.length === 1 ? "the first" : "the earlier ones";
  const again = failures.length > 0 ? `Start ${failures.length + 1} is shown; ${others} ${failures.join("; ")}.` : "";
  const constant = loss === "l2" ? 0.25 : Math.LN2;
  const learned =
    weights === "trained" && trainLoss >= constant
      ? `Its loss, ${trainLoss.toPrecision(3)}, is not below that of a constant, ${constant.toPrecision(3)}.`
      : "";
  return [again, learned].filter(Boolean).join(" ");
}

async function* attempted(plan: NetworkPlan, set: TrainingSet, desk: Desk): AsyncGenerator<Progress, TrainedNetwork> {
  const learner = desk.network({
    model: plan.model,
    examples: set.examples,
    loss: lossIds[plan.loss],
    seed: plan.seed,
  });
  let state = learner.start();
  let isKept = false;
  try {
    if (plan.weights === "trained") {
      const start = state;
      try {
        const training = {
          epochs: plan.epochs,
          batchSize: plan.batchSize,
          // The loss of the engine is half of (f - y)².
          stepSize: plan.loss === "l2" ? 2 * plan.stepSize : plan.stepSize,
          order: rng(plan.seed).fork("training order"),
        };
        const images = [...set.primary, ...set.auxiliary];
        for await (const end of epochs(learner, start, images, { plan: training, breathe: desk.breathe })) {
          state = end.state;
          const stage = `${plan.title}: epoch ${end.epoch} of ${plan.epochs}`;
          yield { kind: "progress", progress: { stage, share: end.epoch / plan.epochs } };
        }
      } finally {
        if (state !== start) learner.release(start);
      }
    }
    const made = await examined(plan, set, { learner, state, breathe: desk.breathe });
    isKept = true;
    return made;
  } finally {
    if (!isKept) learner.release(state);
  }
}

interface Examined {
  readonly learner: Learner<unknown>;
  readonly state: unknown;
  readonly breathe: () => Promise<void>;
}

/** Scores that differ by less are those of a constant. */
const leastRange = 1e-3;

/** What became of a training. */
async function examined(
  { loss }: NetworkPlan,
  { examples, primary, auxiliary }: TrainingSet,
  { learner, state, breathe }: Examined,
): Promise<TrainedNetwork> {
  const images = [...primary, ...auxiliary];
  const { data } = await learner.predict(state, images);
  const scores = Float32Array.from(data);
  const each = Array.from(scores, (score, at) => lossOf(loss, score, examples.labels[images[at]!] === 0));
  const trainLoss = each.reduce((sum, value) => sum + value, 0) / each.length;
  const made = { learner, state, trainLoss, scores: scores.slice(0, primary.length) };
  if (!Number.isFinite(trainLoss))
    return { ...made, status: "diverged", remark: "its loss is not finite", trainAccuracy: NaN, deadShare: NaN };
  const limit = loss === "l2" ? 0.5 : 0;
  const rightCount = scores.filter((score, at) => score > limit === (examples.labels[images[at]!] === 0)).length;
  const deadShare = await deadShareOf(learner, state, images, breathe);
  const range =
    scores.reduce((top, score) => Math.max(top, score)) - scores.reduce((low, score) => Math.min(low, score));
  const remark =
    deadShare === 1
      ? "no hidden unit is on at any training image"
      : range < leastRange
        ? "its score is the same for all training images"
        : "";
  const status = remark === "" ? "measured" : "collapsed";
  return { ...made, status, remark, trainAccuracy: rightCount / images.length, deadShare };
}

/** (f - y)², or -log p of the right side: log(1 + e^-m), m the score on the side of the target. */
function lossOf(loss: Loss, score: number, isPrimary: boolean): number {
  if (loss === "l2") return (score - (isPrimary ? 1 : 0)) ** 2;
  const margin = isPrimary ? score : -score;
  return Math.max(-margin, 0) + log(1 + exp(-Math.abs(margin)));
}

/** Images whose units are looked at together. */
const together = 64;

async function deadShareOf(
  learner: Learner<unknown>,
  state: unknown,
  images: readonly number[],
  breathe: () => Promise<void>,
): Promise<number> {
  let isOn = new Uint8Array(0);
  for (let first = 0; first < images.length; first += together) {
    const { data, rows, columns } = await learner.patterns(state, images.slice(first, first + together));
    if (first === 0) isOn = new Uint8Array(columns);
    for (let row = 0; row < rows; row++)
      for (let unit = 0; unit < columns; unit++) isOn[unit]! |= data[row * columns + unit]!;
    await breathe();
  }
  return isOn.length === 0 ? NaN : isOn.filter((on) => on === 0).length / isOn.length;
}
