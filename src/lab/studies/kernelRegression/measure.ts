// A network at one moment beside two kernel machines, that of its tangent kernel at the start and that of its kernel now: what
// each classifies rightly, and what each moves when it learns one image.
import { doubles, symmetrised, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import { mean } from "../../../math/stats.ts";
import type { Learner } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { LabError } from "../../error.ts";
import { relativeSimilarity } from "../../similarity.ts";

/** The network; kernel regression by its tangent kernel now; the same by the kernel frozen before training. */
export const machines = ["network", "now", "frozen"] as const;
export type Machine = (typeof machines)[number];
export type ByMachine<T> = Readonly<Record<Machine, T>>;

/** One network at one moment. */
export interface RegressionFinding {
  /** Share of the held-out images that are classified rightly. */
  readonly accuracy: ByMachine<number>;
  /** The same of the training images. */
  readonly fit: ByMachine<number>;
  /** Mean relative similarity; NaN where no anchor of a class is measurable. [class learned, class watched] */
  readonly response: ByMachine<Float64Array>;
  /** 1 - <K, K0> / (|K| |K0|) of the kernel of the training images now and at the start. */
  readonly moved: number;
}

/** Tangent kernels, summed over outputs. */
export interface Kernels {
  /** Symmetric. [training image, training image] */
  readonly inner: DoubleMatrix;
  /** [held-out image, training image] */
  readonly cross: Matrix;
}

export interface Bench {
  readonly dataset: Dataset;
  readonly network: Learner<unknown>;
  /** Training images that are learned one by one. */
  readonly anchors: readonly number[];
  readonly ridge: number;
  readonly delta: number;
  readonly breathe: () => Promise<void>;
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
const trainingOf = ({ trainCount }: Dataset): number[] => range(0, trainCount);
const heldOutOf = ({ trainCount, testCount }: Dataset): number[] => range(trainCount, testCount);

export async function kernelsOf({ dataset, network }: Bench, state: unknown): Promise<Kernels> {
  const training = trainingOf(dataset);
  const inner = await network.kernel(state, training, training, { output: "sum" });
  const cross = await network.kernel(state, heldOutOf(dataset), training, { output: "sum" });
  return { inner: symmetrised(inner), cross };
}

/** A ridge as it is added to the diagonal: a share of the diagonal's mean. */
export function ridgeOn({ rows: n, data }: Matrix, share: number): number {
  let trace = 0;
  for (let at = 0; at < n; at++) trace += data[at * (n + 1)]!;
  return (share * trace) / n;
}

/**
 * Scores of kernel ridge regression on one-hot targets less 1 / C: K(x, X) (K(X, X) + ridge I)^-1 Y.
 * @param labels of the training images
 * @returns [held-out image, class] and [training image, class]
 * @throws LabError `spec-invalid` where the ridge is too small for the kernel's precision
 */
export async function regressed(
  { inner, cross }: Kernels,
  labels: ArrayLike<number>,
  { classCount, ridge }: { readonly classCount: number; readonly ridge: number },
): Promise<{ readonly heldOut: DoubleMatrix; readonly training: DoubleMatrix }> {
  // Its library is for whoever computes, not for the page's first view.
  const { ridgeOf } = await import("../../../math/ridge.ts");
  const n = inner.rows;
  const targets = Float64Array.from(
    { length: n * classCount },
    (_, at) => (labels[Math.floor(at / classCount)] === at % classCount ? 1 : 0) - 1 / classCount,
  );
  let alpha: DoubleMatrix;
  try {
    alpha = ridgeOf(inner, ridgeOn(inner, ridge)).solve({ rows: n, columns: classCount, data: targets });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LabError(
      "spec-invalid",
      `Kernel regression with a ridge of ${ridge} times the mean diagonal has no solution; choose a larger ridge.`,
    );
  }
  return { heldOut: product(cross, alpha), training: product(inner, alpha) };
}

/** A B. */
function product(a: Matrix, b: DoubleMatrix): DoubleMatrix {
  const [rows, inner, columns] = [a.rows, a.columns, b.columns];
  const [left, data] = [doubles(a), new Float64Array(rows * columns)];
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < inner; at++) {
      const factor = left[row * inner + at]!;
      for (let column = 0; column < columns; column++)
        data[row * columns + column]! += factor * b.data[at * columns + column]!;
    }
  return { rows, columns, data };
}

/** Share of the rows whose largest score is that of their label. */
function share({ rows, columns, data }: Matrix, labelOf: (row: number) => number): number {
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const scores = data.subarray(row * columns, (row + 1) * columns);
    if (scores.indexOf(Math.max(...scores)) === labelOf(row)) right++;
  }
  return right / rows;
}

/** @param frozen the kernels before training @param isStart whether that is now */
export async function measure(
  bench: Bench,
  state: unknown,
  { frozen, isStart }: { readonly frozen: Kernels; readonly isStart: boolean },
): Promise<RegressionFinding> {
  const { dataset, network, ridge, breathe } = bench;
  const { labels, trainCount, outputCount: classCount } = dataset;
  const now = isStart ? frozen : await kernelsOf(bench, state);
  const scores = {
    network: {
      heldOut: await network.predict(state, heldOutOf(dataset)),
      training: await network.predict(state, trainingOf(dataset)),
    },
    now: await regressed(now, labels, { classCount, ridge }),
    frozen: await regressed(frozen, labels, { classCount, ridge }),
  };
  await breathe();
  const each = <T>(of: (machine: Machine) => T): ByMachine<T> => ({
    network: of("network"),
    now: of("now"),
    frozen: of("frozen"),
  });
  const stepped = await steppedResponse(bench, state);
  return {
    accuracy: each((machine) => share(scores[machine].heldOut, (row) => labels[trainCount + row]!)),
    fit: each((machine) => share(scores[machine].training, (row) => labels[row]!)),
    response: { network: stepped, now: kernelResponse(bench, now), frozen: kernelResponse(bench, frozen) },
    moved: isStart ? 0 : 1 - cosine(now.inner.data, frozen.inner.data),
  };
}

function cosine(a: Float64Array, b: Float64Array): number {
  let [both, left, right] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    both += a[at]! * b[at]!;
    left += a[at]! ** 2;
    right += b[at]! ** 2;
  }
  return Math.min(1, both / Math.sqrt(left) / Math.sqrt(right));
}

/** What a step on each anchor moves, as a share of its own rise. [class learned, class watched] */
async function steppedResponse(bench: Bench, state: unknown): Promise<Float64Array> {
  const { dataset, network, anchors, delta, breathe } = bench;
  const watch = await network.watch(state, heldOutOf(dataset));
  const rows: Float64Array[] = [];
  try {
    for await (const response of watch.respond(anchors, { rule: "own rise", delta })) {
      rows.push(relativeSimilarity(response));
      await breathe();
    }
  } finally {
    watch.release();
  }
  return byClass(bench, (anchor, probe) => rows[anchor]![probe]!);
}

/**
 * The same of kernel gradient descent, whatever the step: it moves the scores at p by a multiple of K(a, p), hence
 * |K(a, p)| / K(a, a).
 */
const kernelResponse = (bench: Bench, { inner, cross }: Kernels): Float64Array =>
  byClass(bench, (anchor, probe) => {
    const example = bench.anchors[anchor]!;
    const n = inner.rows;
    return Math.abs(cross.data[probe * n + example]!) / inner.data[example * (n + 1)]!;
  });

/** Means over the anchors and probes of each class. @param value of an anchor and a probe, by their places */
function byClass({ dataset, anchors }: Bench, value: (anchor: number, probe: number) => number): Float64Array {
  const { labels, outputCount, trainCount, testCount } = dataset;
  const cells = Array.from({ length: outputCount ** 2 }, (): number[] => []);
  for (const [at, anchor] of anchors.entries())
    for (let probe = 0; probe < testCount; probe++)
      cells[labels[anchor]! * outputCount + labels[trainCount + probe]!]!.push(value(at, probe));
  return Float64Array.from(cells, mean);
}
