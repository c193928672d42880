// One sample, learned: its generalization gap, and how much the losses would change without each of its examples, which kernel
// ridge regression tells exactly.
import { rng } from "../../../math/rng.ts";
import { mean, median } from "../../../math/stats.ts";
import type { ExampleId, Learner, Matrix } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { defaults, type Values } from "../../params.ts";
import type { Desk } from "../../study.ts";
import { course } from "../../training.ts";
import { isNetwork, type BoundsParams } from "./setting.ts";
import { signOf, type Subject } from "./subject.ts";

export interface BoundsFinding {
  /** Mean loss min(M_l, (f - y)²) over the sample, and over the held-out examples. */
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  /** Shares with a score of the right sign. */
  readonly trainAccuracy: number;
  readonly heldOutAccuracy: number;
  /** Largest m |l(A_S, z) - l(A_S^-i, z)| over examples i and held-out z. */
  readonly mBeta: number;
  /** Largest mean over held-out z. */
  readonly eBeta: number;
  /** What is added to the kernel's diagonal. */
  readonly ridge: number;
}

interface Task {
  readonly chosen: BoundsParams;
  readonly subject: Subject;
  readonly seed: number;
  readonly m: number;
  readonly desk: Desk;
}

/** @throws LabError `diverged`, `spec-invalid` */
export async function measured(task: Task): Promise<BoundsFinding> {
  const { chosen, subject, m, desk } = task;
  const train = subject.train.slice(0, m);
  const { heldOut } = subject;
  const { kernel, cross, ridge } = isNetwork(chosen)
    ? await tangentKernels(task, train)
    : await fixedKernels(task, train);
  await desk.breathe();
  const signs = (of: readonly ExampleId[]): Float64Array =>
    Float64Array.from(of, (example) => signOf(subject, example));
  const [own, others] = [signs(train), signs(heldOut)];
  // Its library is for whoever computes, not for the page's first view.
  const { leaveOneOut } = await import("../../../math/leaveOneOut.ts");
  try {
    const targets = { rows: m, columns: 1, data: own };
    const made = leaveOneOut(kernel, { ridge, targets, cross: stacked(cross, kernel) });
    const regression = made.predictions.data;
    await desk.breathe();
    const before = lossesOf(regression.subarray(0, heldOut.length), others, chosen.lossBound);
    let [mBeta, eBeta] = [0, 0];
    for (let i = 0; i < m; i++) {
      const after = lossesOf(made.without(i).data.subarray(0, heldOut.length), others, chosen.lossBound);
      const changes = after.map((loss, z) => m * Math.abs(loss - before[z]!));
      mBeta = changes.reduce((most, change) => Math.max(most, change), mBeta);
      eBeta = Math.max(eBeta, mean(changes));
      if (i % 32 === 0) await desk.breathe();
    }
    const scores = isNetwork(chosen)
      ? await networkScores(task, train)
      : { train: regression.subarray(heldOut.length), heldOut: regression.subarray(0, heldOut.length) };
    return {
      trainLoss: mean(lossesOf(scores.train, own, chosen.lossBound)),
      heldOutLoss: mean(lossesOf(scores.heldOut, others, chosen.lossBound)),
      trainAccuracy: shareRight(scores.train, own),
      heldOutAccuracy: shareRight(scores.heldOut, others),
      mBeta,
      eBeta,
      ridge,
    };
  } catch (error) {
    if (error instanceof RangeError) throw new LabError("spec-invalid", error.message);
    throw error;
  }
}

/** min(M_l, (f - y)²). [example] */
export const lossesOf = (scores: Float64Array, signs: Float64Array, lossBound: number): Float64Array =>
  scores.map((score, at) => Math.min(lossBound, (score - signs[at]!) ** 2));

const shareRight = (scores: Float64Array, signs: Float64Array): number =>
  mean(scores.map((score, at) => Number(score * signs[at]! > 0)));

interface Kernels {
  /** [m, m] */
  readonly kernel: Matrix;
  /** [held out, m] */
  readonly cross: Matrix;
  readonly ridge: number;
}

/** With a mean diagonal of 1, so that a ridge means the same for every kernel. */
async function fixedKernels(task: Task, train: readonly ExampleId[]): Promise<Kernels> {
  const { chosen, m } = task;
  const { kernel, cross } =
    chosen.learner === "random features" ? await featureKernels(task, train) : await inputKernels(task, train);
  const size = mean(Array.from({ length: m }, (_, i) => kernel.data[i * m + i]!));
  const scaled = (matrix: Matrix): Matrix => ({ ...matrix, data: Float64Array.from(matrix.data, (v) => v / size) });
  return { kernel: symmetric(scaled(kernel)), cross: scaled(cross), ridge: m * chosen.ridge };
}

type Pair = Pick<Kernels, "kernel" | "cross">;

async function featureKernels(task: Task, train: readonly ExampleId[]): Promise<Pair> {
  const learner = learnerOf(task);
  const state = learner.start();
  try {
    const last = async (rows: readonly ExampleId[]): Promise<Matrix> =>
      (await learner.kernelParts(state, rows, train)).parts.at(-1)!.forward;
    return { kernel: await last(train), cross: await last(task.subject.heldOut) };
  } finally {
    learner.release(state);
  }
}

/** x . x' + 1, or exp(-|x - x'|² / 2 sigma²). */
async function inputKernels({ chosen, subject, desk }: Task, train: readonly ExampleId[]): Promise<Pair> {
  const size = subject.examples.shape.reduce((product, side) => product * side, 1);
  const columns = subject.examples.read(train);
  const inner = async (of: readonly ExampleId[]): Promise<Matrix> => {
    const rows = subject.examples.read(of);
    const data = new Float64Array(of.length * train.length);
    for (let row = 0; row < of.length; row++) {
      for (let column = 0; column < train.length; column++) {
        let sum = 0;
        for (let at = 0; at < size; at++) sum += rows[row * size + at]! * columns[column * size + at]!;
        data[row * train.length + column] = sum;
      }
      if (row % 32 === 0) await desk.breathe();
    }
    return { rows: of.length, columns: train.length, data };
  };
  const [own, others] = [await inner(train), await inner(subject.heldOut)];
  if (chosen.learner === "linear kernel") {
    const plusOne = (matrix: Matrix): Matrix => ({ ...matrix, data: matrix.data.map((value) => value + 1) });
    return { kernel: plusOne(own), cross: plusOne(others) };
  }
  const lengths = (of: readonly ExampleId[]): number[] =>
    of.map((example) => subject.examples.read([example]).reduce((sum, value) => sum + value * value, 0));
  const trainLengths = lengths(train);
  const distances = (matrix: Matrix, rows: readonly number[]): Float64Array =>
    Float64Array.from(matrix.data, (value, at) =>
      Math.max(0, rows[Math.floor(at / train.length)]! + trainLengths[at % train.length]! - 2 * value),
    );
  const squares = distances(own, trainLengths);
  const apart = squares.filter((_, at) => Math.floor(at / train.length) < at % train.length);
  const width = chosen.bandwidth * median(apart.map(Math.sqrt));
  const bell = (matrix: Matrix, of: Float64Array): Matrix => ({
    ...matrix,
    data: of.map((square) => Math.exp(-square / (2 * width * width))),
  });
  return { kernel: bell(own, squares), cross: bell(others, distances(others, lengths(subject.heldOut))) };
}

/**
 * The tangent kernel before training. Gradient descent of so many steps leaves exp(-eta steps k / m) of a component of the
 * residual whose eigenvalue is k, a ridge regression ridge / (ridge + k): a ridge of m / (eta steps) stands in for the training.
 */
async function tangentKernels(task: Task, train: readonly ExampleId[]): Promise<Kernels> {
  const { epochs, batchSize, stepSize } = task.chosen;
  const learner = learnerOf(task);
  const state = learner.start();
  try {
    const steps = epochs * Math.ceil(task.m / batchSize);
    return {
      kernel: symmetric(await learner.kernel(state, train, train)),
      cross: await learner.kernel(state, task.subject.heldOut, train),
      ridge: task.m / (stepSize * steps),
    };
  } finally {
    learner.release(state);
  }
}

/** Scores of the trained network, on the scale of labels +-1: it learns 1 and 0. */
async function networkScores(task: Task, train: readonly ExampleId[]) {
  const { chosen, subject, seed, desk } = task;
  const { epochs, batchSize, stepSize } = chosen;
  const learner = learnerOf(task);
  const plan = { epochs, batchSize, stepSize, order: rng(seed).fork("training order") };
  let made: { train: Float64Array; heldOut: Float64Array } | undefined;
  for await (const { epoch, state } of course(learner, train, { plan, breathe: desk.breathe })) {
    if (epoch < epochs) continue;
    const scores = async (of: readonly ExampleId[]): Promise<Float64Array> =>
      Float64Array.from((await learner.predict(state, of)).data, (score) => 2 * score - 1);
    made = { train: await scores(train), heldOut: await scores(subject.heldOut) };
  }
  return made!;
}

function learnerOf({ chosen, subject, seed, desk }: Task): Learner<unknown> {
  const id = chosen.learner === "CNN" ? "cnn" : "mlp";
  const usual = defaults(desk.model(id).params) as Values;
  return desk.network({
    model: { id, params: id === "mlp" ? { ...usual, widths: [chosen.width] } : usual },
    examples: subject.examples,
    loss: "squared-error",
    seed,
  });
}

/** Rounding may have made the two halves differ by a last digit. */
const symmetric = ({ rows: n, data }: Matrix): Matrix => ({
  rows: n,
  columns: n,
  data: Float64Array.from(data, (value, at) => (value + data[(at % n) * n + Math.floor(at / n)]!) / 2),
});

/** One matrix above the other. */
function stacked(above: Matrix, below: Matrix): Matrix {
  const data = new Float64Array(above.data.length + below.data.length);
  data.set(above.data);
  data.set(below.data, above.data.length);
  return { rows: above.rows + below.rows, columns: above.columns, data };
}
