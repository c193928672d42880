// The rows of the tables: the network before and after training, the expected tangent kernel, and three label-aware ones.

export const estimateIds = ["kr-v1", "kr-v2", "pairs"] as const;
/** A way of estimating the product of two labels. */
export type EstimateId = (typeof estimateIds)[number];

export const methodIds = ["start", "trained", "ntk", ...estimateIds] as const;
export type MethodId = (typeof methodIds)[number];

export const methodTitles: Readonly<Record<MethodId, string>> = {
  start: "Network, start",
  trained: "Network, trained",
  ntk: "NTK",
  "kr-v1": "LANTK, KR-V1",
  "kr-v2": "LANTK, KR-V2",
  pairs: "LANTK, pair features",
};

export const isEstimate = (id: MethodId): id is EstimateId => (estimateIds as readonly string[]).includes(id);

/** What is measured of a method on a pair of classes. */
export const quantities = ["train-train", "test-train", "accuracy"] as const;
export type Quantity = (typeof quantities)[number];

export const quantityTitles: Readonly<Record<Quantity, string>> = {
  "train-train": "Relative ratio × 100, train–train",
  "test-train": "Relative ratio × 100, test–train",
  accuracy: "Test accuracy, %",
};

/** Weights of the estimate, as in the paper, on its scale: mean |K| over mean |Z|. */
export const lambdas = [0.001, 0.01, 0.1, 1] as const;
