// The kernels of one pair of classes that need no network: the expected tangent kernel, the three label-aware ones at every
// lambda, their relative ratios, and the accuracy of regression with them.
import { twoLayerKernel } from "../../../math/arcCosine.ts";
import { zeros, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import { diagonal, relativeRatio } from "../../../math/relativeRatio.ts";
import { solveSymmetric } from "../../../math/symmetricSystem.ts";
import {
  kernelEstimate,
  meanSquaredDistance,
  ownTable,
  pairRegression,
  pairTable,
  scaleOf,
  withEstimate,
} from "./estimate.ts";
import type { AtLambda, Estimated, KernelsFinding, Ratios } from "./finding.ts";
import { estimateIds, lambdas, type EstimateId } from "./method.ts";

export interface Labelled {
  /** [image, number] */
  readonly inputs: Matrix;
  /** 1 for the first class, -1 for the second. [image] */
  readonly labels: Float64Array;
}

/** A kernel on training and test images, with K(x, x) of the latter. */
interface Kernel {
  readonly train: DoubleMatrix;
  /** [test image, training image] */
  readonly test: DoubleMatrix;
  readonly own: Float64Array;
}

interface Set {
  readonly train: Labelled;
  readonly test: Labelled;
}

function tangentKernel({ train, test }: Set): Kernel {
  const bias = { bias: true };
  const { inputs } = test;
  const own = Float64Array.from({ length: inputs.rows }, (_, row) => {
    let sum = 1;
    for (let at = row * inputs.columns; at < (row + 1) * inputs.columns; at++) sum += inputs.data[at]! ** 2;
    // Where both are one image the angle is 0: x.x / 2 twice.
    return sum;
  });
  return {
    train: twoLayerKernel(train.inputs, train.inputs, bias),
    test: twoLayerKernel(inputs, train.inputs, bias),
    own,
  };
}

/** Z by each way, in the places of the kernel. */
function estimatesOf({ train, test }: Set, kernel: Kernel): Record<EstimateId, Kernel> {
  const { labels } = train;
  const column = { rows: labels.length, columns: 1, data: labels };
  const own = { rows: 1, columns: kernel.own.length, data: kernel.own };
  const byKernel = (weights: Float64Array): Kernel => {
    const estimate = kernelEstimate(kernel.train, weights);
    return { train: estimate(kernel.train), test: estimate(kernel.test), own: estimate(own).data };
  };
  const scale = meanSquaredDistance(train.inputs);
  const table = pairTable(train.inputs, train.inputs, kernel.train, scale);
  const regression = pairRegression(table, labels);
  return {
    "kr-v1": byKernel(labels),
    "kr-v2": byKernel(solveSymmetric(kernel.train, column).solution.data),
    pairs: {
      train: regression(table),
      test: regression(pairTable(test.inputs, train.inputs, kernel.test, scale)),
      own: regression(ownTable(test.inputs, kernel.own, scale)).data,
    },
  };
}

function ratiosOf({ train, test }: Set, kernel: Kernel): Ratios {
  const columns = { labels: train.labels, own: diagonal(kernel.train) };
  return {
    trainTrain: relativeRatio(kernel.train, columns),
    testTrain: relativeRatio(kernel.test, { labels: test.labels, own: kernel.own }, columns),
  };
}

interface Fit {
  /** Share of test images on the right side of 0. */
  readonly accuracy: number;
  /** Mean of (score - label)². */
  readonly error: number;
  readonly isDefinite: boolean;
}

/** Regression without a ridge, as in the authors' code; NaN where the system is singular. */
function fitOf({ train, test }: Set, kernel: Pick<Kernel, "train" | "test">): Fit {
  try {
    const column = { rows: train.labels.length, columns: 1, data: train.labels };
    const { solution, isDefinite } = solveSymmetric(kernel.train, column);
    const { rows, columns, data } = kernel.test;
    let [right, error] = [0, 0];
    for (let row = 0; row < rows; row++) {
      let score = 0;
      for (let at = 0; at < columns; at++) score += data[row * columns + at]! * solution.data[at]!;
      right += score >= 0 === test.labels[row]! > 0 ? 1 : 0;
      error += (score - test.labels[row]!) ** 2;
    }
    return { accuracy: right / rows, error: error / rows, isDefinite };
  } catch (failure) {
    if (failure instanceof RangeError) return { accuracy: NaN, error: NaN, isDefinite: false };
    throw failure;
  }
}

const added = (kernel: Kernel, estimate: Kernel, share: number): Kernel => ({
  train: withEstimate(kernel.train, estimate.train, share),
  test: withEstimate(kernel.test, estimate.test, share),
  own: kernel.own.map((value, at) => value + share * estimate.own[at]!),
});

/** Training images of each class that are kept for choosing lambda. */
const heldShare = 0.2;

/** The training images in two: what a choice of lambda is fitted on, and the last fifth of each class, which it is judged by. */
function held({ inputs, labels }: Labelled): Set {
  const [first, second] = [1, -1].map((side) => [...labels.keys()].filter((at) => labels[at] === side));
  const part = (rows: readonly number[]): Labelled => {
    const taken = zeros(rows.length, inputs.columns);
    rows.forEach((row, at) =>
      taken.data.set(inputs.data.subarray(row * inputs.columns, (row + 1) * inputs.columns), at * inputs.columns),
    );
    return { inputs: taken, labels: Float64Array.from(rows, (row) => labels[row]!) };
  };
  const cut = (rows: readonly number[]): number => rows.length - Math.max(1, Math.floor(rows.length * heldShare));
  const both = [first!, second!];
  return {
    train: part(both.flatMap((rows) => rows.slice(0, cut(rows)))),
    test: part(both.flatMap((rows) => rows.slice(cut(rows)))),
  };
}

/** All of a finding but what it is of. @param breathe between the larger steps */
export async function kernelsOf(
  set: Set,
  breathe: () => Promise<void>,
): Promise<
  Omit<KernelsFinding, "kind" | "shown"> & { readonly kernel: Matrix; readonly estimates: Record<EstimateId, Matrix> }
> {
  const kernel = tangentKernel(set);
  await breathe();
  const estimates = estimatesOf(set, kernel);
  await breathe();
  const choosing = held(set.train);
  const part = tangentKernel(choosing);
  const partEstimates = estimatesOf(choosing, part);
  await breathe();
  const { accuracy } = fitOf(set, kernel);
  const methods = {} as Record<EstimateId, Estimated>;
  for (const id of estimateIds) {
    const scale = scaleOf(kernel.train, estimates[id].train);
    const partScale = scaleOf(part.train, partEstimates[id].train);
    const byLambda: AtLambda[] = [];
    for (const lambda of lambdas) {
      const whole = added(kernel, estimates[id], lambda * scale);
      const fit = fitOf(set, whole);
      const validation = fitOf(choosing, added(part, partEstimates[id], lambda * partScale));
      byLambda.push({
        lambda,
        ...ratiosOf(set, whole),
        accuracy: fit.accuracy,
        isDefinite: fit.isDefinite,
        validation: validation.accuracy,
        validationError: validation.error,
      });
      await breathe();
    }
    methods[id] = { scale, byLambda };
  }
  return {
    ntk: { ...ratiosOf(set, kernel), accuracy },
    methods,
    kernel: kernel.train,
    estimates: {
      "kr-v1": estimates["kr-v1"].train,
      "kr-v2": estimates["kr-v2"].train,
      pairs: estimates.pairs.train,
    },
  };
}
