// Label awareness as tables: the paper's grid, a tidy one with a row for each number, one of every lambda, and what the paper
// prints on all ten classes.
import { interval } from "../../../math/stats.ts";
import type { Findings, StudyTable } from "../../study.ts";
import {
  chosenOf,
  comparisons,
  differencesOf,
  measuredOf,
  sampleOf,
  valueOf,
  type KernelsFinding,
  type LabelAwarenessFinding,
  type NetworkFinding,
} from "./finding.ts";
import {
  estimateIds,
  isEstimate,
  methodIds,
  methodTitles,
  quantities,
  quantityTitles,
  type MethodId,
  type Quantity,
} from "./method.ts";
import { published, table2 } from "./published.ts";
import {
  kernelsKey,
  manifestOf,
  networkKey,
  pairTitle,
  pairsOf,
  wordOf,
  type LabelAwarenessParams,
  type Pair,
} from "./setting.ts";

type All = Findings<LabelAwarenessFinding>;

/** How lambda is chosen in files, where nobody looks at anything else. */
const lambda = "validation";

/** Accuracy is not asked of the network before training. */
export const hasRow = (quantity: Quantity, method: MethodId): boolean =>
  !(quantity === "accuracy" && method === "start");

const over = (count: number): string =>
  count === 1 ? "one seed" : `mean ± half the 95 % Student-t interval over ${count} seeds`;

export function gridTable(params: LabelAwarenessParams, findings: All): StudyTable {
  const manifest = manifestOf(params);
  const pairs = pairsOf(params);
  const cell = (method: MethodId, pair: Pair, quantity: Quantity): string => {
    const { mean, low, high, count } = interval(sampleOf({ params, findings, lambda }, method, pair, quantity));
    const paper = published(params.dataset, { method, quantity, pair: wordOf(pair) });
    const own = count === 0 ? "" : mean.toFixed(2) + (count > 1 ? ` ± ${((high - low) / 2).toFixed(2)}` : "");
    return [own, paper ? `(${paper.value.toFixed(2)})` : ""].filter(Boolean).join(" ");
  };
  return {
    name: "label-awareness",
    title: `Relative ratio and accuracy, ${manifest.title}: ${over(params.seeds.length)}, in brackets the paper's`,
    columns: ["quantity", "method", ...pairs.map((pair) => pairTitle(pair, manifest))],
    rows: quantities.flatMap((quantity) =>
      methodIds
        .filter((method) => hasRow(quantity, method))
        .map((method) => [
          quantityTitles[quantity],
          methodTitles[method],
          ...pairs.map((pair) => cell(method, pair, quantity)),
        ]),
    ),
    dictionary: {
      quantity:
        "relative ratio × 100 on pairs of training images, on a test and a training image, or test accuracy in percent",
      method:
        "network, tangent kernel in closed form, or that with an estimate added, lambda chosen by held-out training images",
      ...Object.fromEntries(
        pairs.map((pair) => [
          pairTitle(pair, manifest),
          "mean over seeds, which pick images and weights; in brackets the paper's",
        ]),
      ),
    },
  };
}

const known = (value: number | undefined): number | string => (value === undefined || Number.isNaN(value) ? "" : value);

export function tidyTable(params: LabelAwarenessParams, findings: All): StudyTable {
  return {
    name: "label-awareness-numbers",
    title: "Relative ratio and accuracy, a row for each number",
    columns: Object.keys(tidyColumns),
    rows: pairsOf(params).flatMap((pair) =>
      params.seeds.flatMap((seed) => {
        const kernels = findings.get(kernelsKey(params, pair, seed)) as KernelsFinding | undefined;
        const network = findings.get(networkKey(params, pair, seed)) as NetworkFinding | undefined;
        return methodIds.flatMap((method) => {
          const found = measuredOf({ params, findings, lambda }, method, pair, seed);
          if (!found) return [];
          const estimate = kernels && isEstimate(method) ? chosenOf(kernels.methods[method], lambda) : undefined;
          const own = network && method === "trained" ? network : undefined;
          const paperOf = (quantity: Quantity) =>
            known(published(params.dataset, { method, quantity, pair: wordOf(pair) })?.value);
          return [
            [
              params.dataset,
              wordOf(pair),
              method,
              seed,
              ...quantities.map((quantity) => known(valueOf(found, quantity))),
              known(estimate?.lambda),
              estimate ? String(estimate.isDefinite) : "",
              known(own?.trainLoss),
              known(own?.trainAccuracy),
              known(own?.stepSize),
              ...quantities.map(paperOf),
              own?.remark ?? "",
            ],
          ];
        });
      }),
    ),
    dictionary: tidyColumns,
  };
}

const tidyColumns = {
  dataset: "where the images are from",
  pair: "the two classes",
  method:
    "start, trained: the network; ntk: its kernel at infinite width; kr-v1, kr-v2, pairs: that with an estimate added",
  seed: "of the images, the initial weights and the order of training",
  train_train: "relative ratio × 100 over pairs of training images",
  test_train: "relative ratio × 100 over pairs of a test and a training image",
  accuracy: "share of test images on the right side, in percent",
  lambda: "weight of the estimate, chosen by the held-out fifth of the training images",
  definite: "whether the kernel with the estimate is positive definite on the training images",
  train_loss: "mean of (f - y)² over the training images",
  train_accuracy: "share of training images on the right side, 0 to 1",
  step_size: "of the training, by the loss (f - y)² / 2",
  paper_train_train: "as printed in the paper",
  paper_test_train: "as printed in the paper",
  paper_accuracy: "as printed in the paper, of a CNN and its kernels",
  remark: "what else is to be known",
};

export function lambdaTable(params: LabelAwarenessParams, findings: All): StudyTable {
  return {
    name: "label-awareness-lambda",
    title: "Label-aware kernels at every lambda",
    columns: Object.keys(lambdaColumns),
    rows: pairsOf(params).flatMap((pair) =>
      params.seeds.flatMap((seed) => {
        const found = findings.get(kernelsKey(params, pair, seed)) as KernelsFinding | undefined;
        if (!found) return [];
        return estimateIds.flatMap((method) =>
          found.methods[method].byLambda.map((at) => [
            wordOf(pair),
            method,
            seed,
            at.lambda,
            ...quantities.map((quantity) => known(valueOf(at, quantity))),
            known(100 * at.validation),
            known(at.validationError),
            String(at.isDefinite),
          ]),
        );
      }),
    ),
    dictionary: lambdaColumns,
  };
}

const lambdaColumns = {
  pair: "the two classes",
  method: "how the product of two labels is estimated",
  seed: "of the images",
  lambda: "weight of the estimate, after it was scaled to the kernel's mean size",
  train_train: "relative ratio × 100 over pairs of training images",
  test_train: "relative ratio × 100 over pairs of a test and a training image",
  accuracy: "test accuracy in percent",
  validation: "accuracy in percent on a held-out fifth of the training images, fitted on the others",
  validation_error: "mean squared error on the same",
  definite: "whether the kernel is positive definite on the training images",
};

export function differencesTable(params: LabelAwarenessParams, findings: All): StudyTable {
  return {
    name: "label-awareness-differences",
    title: "Paired differences in percent points (95 % Student-t intervals over seeds)",
    columns: Object.keys(differenceColumns),
    rows: pairsOf(params).flatMap((pair) =>
      comparisons.flatMap(([method, reference]) =>
        quantities
          .filter((quantity) => hasRow(quantity, reference))
          .flatMap((quantity) => {
            const units = differencesOf({ params, findings, lambda }, [method, reference], pair, quantity);
            const { mean, low, high, count } = interval(units);
            const above = units.filter((value) => value > 0).length;
            return count === 0 ? [] : [[wordOf(pair), method, reference, quantity, mean, low, high, above, count]];
          }),
      ),
    ),
    dictionary: differenceColumns,
  };
}

const differenceColumns = {
  pair: "the two classes",
  method: "the method that the difference is of",
  reference: "the method that is taken away, with the same images and seed",
  quantity: "train-train, test-train: relative ratio × 100; accuracy: of test images, in percent",
  difference: "mean over seeds of method less reference",
  low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
  high: "upper bound of the same interval",
  above: "seeds in which the method is above the reference",
  n: "seeds in which both were measurable",
};

/** Printed numbers only. */
export const tenClasses = (): StudyTable => ({
  name: "label-awareness-ten-classes",
  title: `Published, not computed here: ${table2.source}, accuracy in percent`,
  columns: ["method", ...table2.sizes.map((size) => `n = ${size}`)],
  rows: Object.entries(table2.rows).map(([method, values]) => [
    method === "trained" ? "CNN" : method === "ntk" ? "CNTK" : methodTitles[method as MethodId],
    ...values,
  ]),
  dictionary: {
    method: "CNN of eight layers, its tangent kernel, and label-aware kernels built on that",
    ...Object.fromEntries(
      table2.sizes.map((size) => [`n = ${size}`, `accuracy in percent after learning ${size} images, as printed`]),
    ),
  },
});
