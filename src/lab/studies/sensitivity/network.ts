// The network: trained to a minimum, its sensitivity by influence functions, and some examples truly left out.
import { rng } from "../../../math/rng.ts";
import type { Learner } from "../../contracts.ts";
import { lossOf } from "../../double/loss.ts";
import { LabError } from "../../error.ts";
import type { Matrix } from "../../../math/matrix.ts";
import { defaults } from "../../params.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import { descend, type DescentPlan, type Settled } from "./descent.ts";
import type { Finding, RetrainingFinding, SensitivityFinding } from "./findings.ts";
import { hessianInfluence } from "./hessian.ts";
import { influence, type Influence } from "./influence.ts";
import { shareRight } from "./ridge.ts";
import { placesOf, retrainingKey, seedsOf, sensitivityKey, type SensitivityParams } from "./setting.ts";
import type { Subject } from "./subject.ts";

interface Task {
  readonly chosen: SensitivityParams;
  readonly subject: Subject;
  readonly seed: number;
  readonly desk: Desk;
  readonly known: ReadonlySet<string>;
}

/** Yields the sensitivity of one seed and, of the first one, the retrainings, as far as they are not known. */
export async function* networkFindings(task: Task): AsyncGenerator<StudyEvent<Finding>> {
  const { chosen, subject, seed, desk, known } = task;
  const key = sensitivityKey(chosen, "network", seed);
  const places = seed === seedsOf(chosen)[0] ? placesOf(chosen) : [];
  const missing = places.filter((place) => !known.has(retrainingKey(chosen, place)));
  if (known.has(key) && missing.length === 0) return;
  const { model, activation, widths, loss } = chosen;
  const learner = desk.network({
    model: { id: model, params: { ...defaults(desk.model(model).params), activation, widths } },
    examples: subject.examples,
    loss,
    seed,
  });
  const plan = planOf(chosen, seed);
  const start = learner.start();
  try {
    const name = `Network, seed ${seed}`;
    const found = yield* reported(`${name}: training`, (progress) =>
      descend(learner, start, subject.train, plan, {
        breathe: desk.breathe,
        progress: ofSteps(chosen.steps, progress),
      }),
    );
    try {
      const bench = { ...task, learner, start, found };
      const sensitivity = yield* reported(`${name}: influence of every example`, (progress) =>
        measure(bench, progress),
      );
      if (!known.has(key)) yield { kind: "finding", key, value: copyOf(sensitivity) };
      const left = leftOut(sensitivity, chosen.retrained, seed);
      for (const place of missing) {
        const stage =
          place < 0
            ? `${name}: retraining with nothing left out`
            : `${name}: retraining ${place + 1} of ${chosen.retrained}`;
        const value = yield* reported(stage, (progress) => retrain(bench, sensitivity, left[place], progress));
        yield { kind: "finding", key: retrainingKey(chosen, place), value };
      }
    } finally {
      learner.release(found.state);
    }
  } finally {
    learner.release(start);
  }
}

/** What is yielded is handed over, and retraining needs the predictions still. */
const copyOf = (finding: SensitivityFinding): SensitivityFinding => ({
  ...finding,
  changes: finding.changes.slice(),
  trainGroups: finding.trainGroups.slice(),
  testGroups: finding.testGroups.slice(),
});

type Progress = (share: number) => void;

const ofSteps =
  (most: number, progress: Progress) =>
  (steps: number): void =>
    progress(steps / Math.max(1, most));

/** Runs a piece of work, yielding its progress as it goes. */
async function* reported<T>(
  stage: string,
  work: (progress: Progress) => Promise<T>,
): AsyncGenerator<StudyEvent<never>, T> {
  let [share, shown] = [0, -1];
  let wake = (): void => undefined;
  let isOver = false;
  const done = work((now) => {
    share = now;
    wake();
  }).finally(() => {
    isOver = true;
    wake();
  });
  done.catch(() => undefined);
  while (!isOver) {
    if (share !== shown) yield { kind: "progress", progress: { stage, share: (shown = share) } };
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  return done;
}

const planOf = (chosen: SensitivityParams, seed: number): DescentPlan => ({
  epochs: chosen.epochs,
  batchSize: chosen.batchSize,
  order: rng(seed).fork("training order"),
  stepSize: chosen.stepSize,
  momentum: chosen.momentum,
  decay: chosen.decay,
  steps: chosen.steps,
  tolerance: chosen.tolerance,
});

interface Bench extends Task {
  readonly learner: Learner<unknown>;
  readonly start: unknown;
  readonly found: Settled<unknown>;
}

async function measure(bench: Bench, progress: Progress): Promise<SensitivityFinding> {
  const { chosen, subject, learner, found } = bench;
  const { examples, train, test, groupOf } = subject;
  const { state } = found;
  const labelsOf = (of: readonly number[]): number[] => of.map((example) => examples.labels[example]!);
  const [trainScores, testScores] = [await learner.predict(state, train), await learner.predict(state, test)];
  try {
    const { changes, residual, steps: products } = await predicted(bench, { trainScores, testScores }, progress);
    return {
      kind: "sensitivity",
      changes: Float32Array.from(changes.data),
      trainGroups: Uint8Array.from(train, groupOf),
      testGroups: Uint8Array.from(test, groupOf),
      accuracy: shareRight(testScores, test, examples.labels),
      loss: average(lossesOf(testScores, labelsOf(test), chosen.loss)),
      trainLoss: average(lossesOf(trainScores, labelsOf(train), chosen.loss)),
      training: { steps: found.steps, gradientNorm: found.gradientNorm, residual, products },
    };
  } catch (error) {
    if (error instanceof RangeError)
      throw new LabError(
        "spec-invalid",
        `The influence of seed ${bench.seed} cannot be computed: the ${chosen.curvature === "Hessian" ? "Hessian" : "Gauss-Newton matrix"} is not positive definite after ${found.steps} steps, at a gradient norm of ${found.gradientNorm.toPrecision(2)}; allow more steps, or choose more weight decay or damping${chosen.curvature === "Hessian" ? ", or Gauss-Newton" : ""}.`,
      );
    throw error;
  }
}

interface Scores {
  readonly trainScores: Matrix;
  readonly testScores: Matrix;
}

async function predicted(
  { chosen, subject, learner, found, desk }: Bench,
  scores: Scores,
  progress: Progress,
): Promise<Influence> {
  const { examples, train, test } = subject;
  const { state } = found;
  const labelsOf = (of: readonly number[]): number[] => of.map((example) => examples.labels[example]!);
  const common = {
    trainLabels: labelsOf(train),
    testLabels: labelsOf(test),
    loss: chosen.loss,
    damping: chosen.decay + chosen.damping,
    estimate: chosen.estimate,
    solver: chosen.solver,
    breathe: desk.breathe,
  };
  const inputsOf = (of: readonly number[]): Float32Array[] => of.map((example) => examples.read([example]));
  if (chosen.curvature === "Hessian")
    return hessianInfluence({
      ...common,
      layers: learner.layers,
      weights: await learner.weights(state),
      trainInputs: inputsOf(train),
      testInputs: inputsOf(test),
      progress,
    });
  const part = (from: number, to: number) => (share: number) => progress(from + (to - from) * share);
  const kernel = await learner.kernel(state, train, train, { output: "each", progress: part(0, 0.2) });
  const cross = await learner.kernel(state, test, train, { output: "each", progress: part(0.2, 0.4) });
  return influence({ ...common, ...scores, kernel, cross, progress: part(0.4, 1) });
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const lossesOf = (scores: Matrix, labels: readonly number[], loss: SensitivityParams["loss"]): Float64Array =>
  Float64Array.from(labels, (label, row) =>
    lossOf(loss, scores.data.subarray(row * scores.columns, (row + 1) * scores.columns), label),
  );

interface Left {
  readonly row: number;
  readonly why: "largest" | "random";
}

/** Which rows are truly left out: half of them those with the largest mean predicted effect, the others at random among the rest. */
export function leftOut({ changes, trainGroups, testGroups }: SensitivityFinding, count: number, seed: number): Left[] {
  const z = testGroups.length;
  const rows = Array.from(trainGroups.keys());
  const sizes = rows.map((row) =>
    changes.subarray(row * z, (row + 1) * z).reduce((sum, one) => sum + Math.abs(one), 0),
  );
  const largest = rows.toSorted((a, b) => sizes[b]! - sizes[a]!).slice(0, Math.ceil(count / 2));
  const rest = rng(seed)
    .fork("left out")
    .shuffled(rows.filter((row) => !largest.includes(row)));
  return [
    ...largest.map((row): Left => ({ row, why: "largest" })),
    ...rest.slice(0, count - largest.length).map((row): Left => ({ row, why: "random" })),
  ];
}

/**
 * Trains without one example until the gradient is as small as before. The decay is that of the sum of losses, which stays as it
 * was, as the ridge of a kernel regression does: decay m / (m - 1) beside the mean of m - 1 losses. With nothing left out, all
 * steps are taken, or the mini-batches come in another order: what changes then is noise.
 */
async function retrain(
  { chosen, subject, seed, desk, learner, start, found }: Bench,
  sensitivity: SensitivityFinding,
  left: Left | undefined,
  progress: Progress,
): Promise<RetrainingFinding> {
  const { examples, train, test } = subject;
  const m = train.length;
  const isAnew = chosen.from === "the same start";
  const plain = planOf(chosen, seed);
  const plan: DescentPlan = {
    ...plain,
    ...(isAnew ? {} : { epochs: 0 }),
    ...(left
      ? { decay: (chosen.decay * m) / (m - 1) }
      : isAnew
        ? { order: rng(seed).fork("another order") }
        : { tolerance: 0 }),
  };
  const rest = left ? train.filter((_, row) => row !== left.row) : train;
  // Without the momentum that the training ended with.
  const begin = isAnew ? start : learner.restore(await learner.weights(found.state));
  try {
    const means = { breathe: desk.breathe, progress: ofSteps(chosen.steps, progress) };
    const { state, steps, gradientNorm } = await descend(learner, begin, rest, plan, means);
    try {
      const labels = test.map((example) => examples.labels[example]!);
      const before = lossesOf(await learner.predict(found.state, test), labels, chosen.loss);
      const after = lossesOf(await learner.predict(state, test), labels, chosen.loss);
      return {
        kind: "retraining",
        row: left ? left.row : -1,
        why: left ? left.why : "none",
        predicted: left
          ? sensitivity.changes.slice(left.row * test.length, (left.row + 1) * test.length)
          : new Float32Array(test.length),
        measured: Float32Array.from(after, (loss, z) => loss - before[z]!),
        steps,
        gradientNorm,
      };
    } finally {
      learner.release(state);
    }
  } finally {
    if (!isAnew) learner.release(begin);
  }
}
