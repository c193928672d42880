// The findings as rows: each method and seed, intervals over seeds, class-to-class means, single examples, retrainings.
import { interval, pearson, spearman } from "../../../math/stats.ts";
import type { Findings, StudyTable } from "../../study.ts";
import {
  classMeans,
  sensitivityOf,
  type Finding,
  type RetrainingFinding,
  type SensitivityFinding,
} from "./findings.ts";
import {
  methodsOf,
  placesOf,
  retrainingKey,
  seedsOf,
  sensitivityKey,
  type MethodId,
  type SensitivityParams,
} from "./setting.ts";
import { groupTitlesOf } from "./subject.ts";

type Found = Findings<Finding>;

export function sensitivityAt(
  chosen: SensitivityParams,
  findings: Found,
  method: MethodId,
  seed: number,
): SensitivityFinding | undefined {
  return findings.get(sensitivityKey(chosen, method, seed)) as SensitivityFinding | undefined;
}

/** Those that are there, the one without anything left out apart. */
export function retrainingsOf(
  chosen: SensitivityParams,
  findings: Found,
): { readonly left: readonly RetrainingFinding[]; readonly none: RetrainingFinding | undefined } {
  const at = (place: number) => findings.get(retrainingKey(chosen, place)) as RetrainingFinding | undefined;
  const left = placesOf(chosen)
    .filter((place) => place >= 0)
    .map(at);
  return { left: left.filter((found) => found !== undefined), none: at(-1) };
}

export interface Agreement {
  readonly pearson: number;
  readonly spearman: number;
  readonly n: number;
}

/** Predicted against measured change: of every pair of left-out and test example, and summed over the test examples. */
export function agreementOf(left: readonly RetrainingFinding[]): {
  readonly pairs: Agreement;
  readonly sums: Agreement;
} {
  const of = (x: number[], y: number[]): Agreement => ({
    pearson: pearson(x, y),
    spearman: spearman(x, y),
    n: x.length,
  });
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
  return {
    pairs: of(
      left.flatMap(({ predicted }) => Array.from(predicted)),
      left.flatMap(({ measured }) => Array.from(measured)),
    ),
    sums: of(
      left.map(({ predicted }) => sum(predicted)),
      left.map(({ measured }) => sum(measured)),
    ),
  };
}

/** Root of the mean square change by a retraining that leaves nothing out, beside that of those that do. */
export const rootMeanSquare = (values: Iterable<number>): number => {
  const all = Array.from(values);
  return Math.sqrt(all.reduce((total, value) => total + value * value, 0) / all.length);
};

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

const methodWords =
  "rbf, linear: kernel ridge regression on the inputs; features: on random features; network: trained";

function eachSeed(chosen: SensitivityParams, findings: Found): StudyTable {
  return {
    name: "sensitivity",
    title: "Sensitivity to leaving one training example out",
    columns: [
      "method",
      "seed",
      "train",
      "test",
      "accuracy",
      "loss",
      "train_loss",
      "m_beta",
      "e_sup",
      "ratio",
      "steps",
      "gradient_norm",
      "residual",
    ],
    rows: methodsOf(chosen).flatMap((method) =>
      seedsOf(chosen).flatMap((seed) => {
        const found = sensitivityAt(chosen, findings, method, seed);
        if (!found) return [];
        const { worst, elastic, ratio } = sensitivityOf(found);
        const { training } = found;
        return [
          [
            method,
            seed,
            found.trainGroups.length,
            found.testGroups.length,
            found.accuracy,
            found.loss,
            found.trainLoss,
            worst,
            elastic,
            blank(ratio),
            ...(training ? [training.steps, training.gradientNorm, training.residual] : ["", "", ""]),
          ],
        ];
      }),
    ),
    dictionary: {
      method: methodWords,
      seed: "of the choice of training examples and of the initial weights",
      train: "m, the number of training examples",
      test: "number of test examples",
      accuracy: "share of the test examples that are classified rightly",
      loss: `mean loss over the test examples: of a network ${chosen.loss}, else the square loss cut off at ${chosen.most}`,
      train_loss: "the same over the training examples",
      m_beta: "M_beta = max over i, z of beta(i, z) = m |l(A_S, z) - l(A_S^-i, z)|",
      e_sup: "max over i of the mean over z of beta(i, z)",
      ratio: "m_beta / e_sup",
      steps: "full-batch steps that the network took",
      gradient_norm: "norm of the gradient of mean loss and decay where it ended",
      residual: "largest relative residual of its linear systems; 0 by Cholesky",
    },
  };
}

export const summaryQuantities = ["worst", "elastic", "ratio", "accuracy"] as const;
export type SummaryQuantity = (typeof summaryQuantities)[number];

/** One number a seed, as far as it is known. */
export function summarySample(
  chosen: SensitivityParams,
  findings: Found,
  method: MethodId,
  quantity: SummaryQuantity,
): number[] {
  return seedsOf(chosen).flatMap((seed) => {
    const found = sensitivityAt(chosen, findings, method, seed);
    if (!found) return [];
    return [quantity === "accuracy" ? found.accuracy : sensitivityOf(found)[quantity]];
  });
}

const quantityWords: Readonly<Record<SummaryQuantity, string>> = {
  worst: "m_beta",
  elastic: "e_sup",
  ratio: "ratio",
  accuracy: "accuracy",
};

const intervals = (chosen: SensitivityParams, findings: Found): StudyTable => ({
  name: "sensitivity-intervals",
  title: "Sensitivity by method (95 % Student-t intervals over seeds)",
  columns: ["method", "quantity", "mean", "low", "high", "n"],
  rows: methodsOf(chosen).flatMap((method) =>
    summaryQuantities.flatMap((quantity) => {
      const { mean, low, high, count } = interval(summarySample(chosen, findings, method, quantity));
      return count === 0 ? [] : [[method, quantityWords[quantity], mean, low, high, count]];
    }),
  ),
  dictionary: {
    method: methodWords,
    quantity:
      "m_beta: the worst case; e_sup: largest mean over test examples; ratio of the two; accuracy on test examples",
    mean: "mean over seeds",
    low: "lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2",
    high: "upper bound of the same interval",
    n: "number of seeds",
  },
});

function classes(chosen: SensitivityParams, findings: Found): StudyTable {
  const titles = groupTitlesOf(chosen);
  return {
    name: "sensitivity-classes",
    title: "Class-to-class sensitivity",
    columns: ["method", "seed", "left_out", "watched", "sensitivity"],
    rows: methodsOf(chosen).flatMap((method) =>
      seedsOf(chosen).flatMap((seed) => {
        const found = sensitivityAt(chosen, findings, method, seed);
        if (!found) return [];
        return classMeans(found, titles.length).flatMap((row, a) =>
          row.map((value, b) => [method, seed, titles[a]!, titles[b]!, blank(value)]),
        );
      }),
    ),
    dictionary: {
      method: methodWords,
      seed: "of the choice of training examples and of the initial weights",
      left_out: "class, or cluster, of the training example that is left out",
      watched: "that of the test example",
      sensitivity: "C(a, b), mean of beta(i, z) over the examples of both; blank: there are none",
    },
  };
}

function retrained(chosen: SensitivityParams, findings: Found): StudyTable {
  const { left, none } = retrainingsOf(chosen, findings);
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
  return {
    name: "sensitivity-retrained",
    title: `Influence against retraining from ${chosen.from}`,
    columns: [
      "left_out",
      "why",
      "predicted_sum",
      "measured_sum",
      "predicted_rms",
      "measured_rms",
      "pearson",
      "spearman",
      "n",
      "steps",
      "gradient_norm",
    ],
    rows: [...(none ? [none] : []), ...left].map((found) => {
      const { row, why, predicted, measured, steps, gradientNorm } = found;
      const sums = [sum(predicted), sum(measured), rootMeanSquare(predicted), rootMeanSquare(measured)];
      const correlations = [pearson(predicted, measured), spearman(predicted, measured)];
      return [row, why, ...sums, ...correlations.map(blank), measured.length, steps, gradientNorm];
    }),
    dictionary: {
      left_out: "row of the training example that is left out; -1 where none is, which tells what is noise",
      why: "largest: among those with the largest predicted effect; random: among the others; none: nothing left out",
      predicted_sum: "sum over the test examples of the change of the loss by influence functions",
      measured_sum: "the same by retraining",
      predicted_rms: "root of the mean square over test examples of the predicted change",
      measured_rms: "the same of the measured change",
      pearson: "correlation of predicted and measured change over the test examples",
      spearman: "the same of ranks",
      n: "number of test examples",
      steps: "full-batch steps of the retraining",
      gradient_norm: "norm of its gradient at the end",
    },
  };
}

function agreements(chosen: SensitivityParams, findings: Found): StudyTable {
  const { left, none } = retrainingsOf(chosen, findings);
  const { pairs, sums } = agreementOf(left);
  const noise = none ? rootMeanSquare(none.measured) : "";
  const size = rootMeanSquare(left.flatMap(({ measured }) => Array.from(measured)));
  return {
    name: "sensitivity-agreement",
    title: "Predicted against measured change of the loss",
    columns: ["of", "pearson", "spearman", "n", "left_out", "measured_rms", "noise_rms"],
    rows: [
      ["pairs", blank(pairs.pearson), blank(pairs.spearman), pairs.n, left.length, size, noise],
      ["sums", blank(sums.pearson), blank(sums.spearman), sums.n, left.length, "", ""],
    ],
    dictionary: {
      of: "pairs: every left-out example with every test example; sums: over the test examples, one a left-out example",
      pearson: "correlation of predicted and measured change",
      spearman: "the same of ranks",
      n: "how many",
      left_out: "how many examples were left out by retraining",
      measured_rms: "root of the mean square of the measured changes",
      noise_rms: "the same of a retraining with nothing left out",
    },
  };
}

export const tables = (chosen: SensitivityParams, findings: Found): StudyTable[] => [
  intervals(chosen, findings),
  eachSeed(chosen, findings),
  classes(chosen, findings),
  ...(retrainingsOf(chosen, findings).left.length > 0
    ? [agreements(chosen, findings), retrained(chosen, findings)]
    : []),
];
