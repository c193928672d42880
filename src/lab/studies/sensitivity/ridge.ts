// Kernel ridge regression with each example left out, exactly: the RBF kernel, the linear one, and random features of a network.
import { median } from "../../../math/stats.ts";
import type { Matrix } from "../../../math/matrix.ts";
import { LabError } from "../../error.ts";
import type { Desk } from "../../study.ts";
import type { SensitivityFinding } from "./findings.ts";
import type { MethodId, SensitivityParams } from "./setting.ts";
import type { Subject } from "./subject.ts";

export type RidgeMethod = Exclude<MethodId, "network">;

/** Among training examples, and from test to training ones. */
interface Kernels {
  readonly kernel: Matrix;
  readonly cross: Matrix;
}

interface Task {
  readonly chosen: SensitivityParams;
  readonly subject: Subject;
  readonly seed: number;
  readonly desk: Desk;
}

/** @throws LabError `spec-invalid` where the ridge is too small for the kernel */
export async function ridgeSensitivity(method: RidgeMethod, task: Task): Promise<SensitivityFinding> {
  const { chosen, subject, desk } = task;
  const { examples, train, test, groupOf } = subject;
  const kernels = scaled(await kernelsOf(method, task));
  await desk.breathe();
  const code = codeOf(examples.outputCount);
  const targets = {
    rows: train.length,
    columns: examples.outputCount,
    data: Float64Array.from(train.flatMap((example) => code(examples.labels[example]!))),
  };
  // Its library is for whoever computes, not for the page's first view.
  const { leaveOneOut } = await import("../../../math/leaveOneOut.ts");
  const solve = (cross: Matrix) => leaveOneOut(kernels.kernel, { ridge: chosen.ridge, targets, cross });
  try {
    const made = solve(kernels.cross);
    const losses = (scores: Matrix, of: readonly number[]): Float64Array =>
      Float64Array.from(of, (example, row) =>
        clippedLoss(scoresAt(scores, row), code(examples.labels[example]!), chosen.most),
      );
    const before = losses(made.predictions, test);
    const changes = new Float32Array(train.length * test.length);
    for (let i = 0; i < train.length; i++) {
      const after = losses(made.without(i), test);
      after.forEach((loss, z) => (changes[i * test.length + z] = loss - before[z]!));
      if (i % 32 === 0) await desk.breathe();
    }
    const trained = losses(solve(kernels.kernel).predictions, train);
    return {
      kind: "sensitivity",
      changes,
      trainGroups: Uint8Array.from(train, groupOf),
      testGroups: Uint8Array.from(test, groupOf),
      accuracy: shareRight(made.predictions, test, examples.labels),
      loss: average(before),
      trainLoss: average(trained),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new LabError("spec-invalid", error.message);
    throw error;
  }
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Targets of a label: 1 at its own output and -1 / (C - 1) at the others, so that they add up to 0; +-1 for two classes. */
export const codeOf =
  (count: number) =>
  (label: number): number[] =>
    Array.from({ length: count }, (_, k) => (k === label ? 1 : -1 / (count - 1)));

/** min(M_l, (C - 1) / C |f - t|^2): the square loss of +-1 for two classes; predicting 0 costs 1 for any number of them. */
export function clippedLoss(scores: ArrayLike<number>, target: readonly number[], most: number): number {
  const square = target.reduce((sum, value, k) => sum + (scores[k]! - value) ** 2, 0);
  return Math.min(most, (square * (target.length - 1)) / target.length);
}

const scoresAt = ({ data, columns }: Matrix, row: number) => data.subarray(row * columns, (row + 1) * columns);

export function shareRight(scores: Matrix, examples: readonly number[], labels: ArrayLike<number>): number {
  const right = examples.filter((example, row) => {
    const own = scoresAt(scores, row);
    return own.indexOf(Math.max(...own)) === labels[example];
  });
  return right.length / examples.length;
}

/** With a mean diagonal of 1 among the training examples, so that a ridge means the same for every kernel. */
function scaled({ kernel, cross }: Kernels): Kernels {
  const { rows: n, data } = kernel;
  const size = Array.from({ length: n }, (_, i) => data[i * n + i]!).reduce((sum, value) => sum + value, 0) / n;
  const by = (matrix: Matrix): Matrix => ({ ...matrix, data: Float64Array.from(matrix.data, (value) => value / size) });
  return { kernel: symmetric(by(kernel)), cross: by(cross) };
}

/** Rounding may have made the two halves differ by a last digit. */
const symmetric = ({ rows: n, data }: Matrix): Matrix => ({
  rows: n,
  columns: n,
  data: Float64Array.from(data, (value, at) => (value + data[(at % n) * n + Math.floor(at / n)]!) / 2),
});

async function kernelsOf(method: RidgeMethod, { chosen, subject, seed, desk }: Task): Promise<Kernels> {
  const { examples, train, test } = subject;
  if (method === "features") {
    const { model, activation, featureWidths: widths } = chosen;
    const plain = desk.model(model).params;
    const learner = desk.network({
      model: {
        id: model,
        params: {
          ...Object.fromEntries(Object.entries(plain).map(([name, { byDefault }]) => [name, byDefault])),
          activation,
          widths,
        },
      },
      examples,
      loss: "cross-entropy",
      seed,
    });
    const state = learner.start();
    try {
      const last = async (rows: readonly number[]): Promise<Matrix> =>
        (await learner.kernelParts(state, rows, train)).parts.at(-1)!.forward;
      return { kernel: await last(train), cross: await last(test) };
    } finally {
      learner.release(state);
    }
  }
  const [rows, others] = [inputsOf(subject, train), inputsOf(subject, test)];
  if (method === "linear") {
    const plusOne = (a: Float32Array, b: Float32Array): number => inner(a, b) + 1;
    return { kernel: table(rows, rows, plusOne), cross: table(others, rows, plusOne) };
  }
  const squares = table(rows, rows, squaredDistance);
  const n = rows.length;
  const width = chosen.bandwidth * Math.sqrt(median(squares.data.filter((_, at) => Math.floor(at / n) < at % n)));
  const bell = (matrix: Matrix): Matrix => ({
    ...matrix,
    data: Float64Array.from(matrix.data, (square) => Math.exp(-square / (2 * width * width))),
  });
  return { kernel: bell(squares), cross: bell(table(others, rows, squaredDistance)) };
}

const inputsOf = ({ examples }: Subject, of: readonly number[]): Float32Array[] =>
  of.map((example) => examples.read([example]));

function table(
  rows: readonly Float32Array[],
  columns: readonly Float32Array[],
  value: (a: Float32Array, b: Float32Array) => number,
): Matrix {
  const data = Float64Array.from(rows.flatMap((a) => columns.map((b) => value(a, b))));
  return { rows: rows.length, columns: columns.length, data };
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at]! - b[at]!) ** 2;
  return sum;
}
