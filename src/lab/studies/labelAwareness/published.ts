// What Chen, He and Su (NeurIPS 2020) print about label-aware kernels on CIFAR-10: Tables 1, 2 and 3. Nothing here was computed
// by this lab.
import type { EstimateId, MethodId, Quantity } from "./method.ts";

const paper = "Chen, He and Su, NeurIPS 2020";

/** Table 3: relative ratio × 100 of two-layer networks and kernels, 10,000 training and 2,000 test images. */
export const table3 = {
  source: `${paper}, Table 3`,
  pairs: ["frog-ship", "frog-truck", "deer-ship", "dog-truck", "bird-truck", "deer-truck"],
  rows: {
    "train-train": {
      start: [58.37, 55.07, 57.5, 54.75, 52.93, 54.86],
      trained: [71.99, 68.36, 69.98, 66.35, 63.99, 65.96],
      ntk: [63.83, 58.31, 62.43, 58.05, 55.01, 58.02],
      "kr-v1": [66.62, 60.57, 64.9, 59.75, 55.94, 59.59],
    },
    "test-train": {
      start: [58.31, 55.06, 57.64, 54.62, 52.93, 54.94],
      trained: [71.45, 67.91, 69.73, 65.8, 63.58, 65.53],
      ntk: [63.76, 58.3, 62.67, 57.84, 55.0, 58.14],
      "kr-v1": [66.53, 60.08, 65.2, 59.54, 55.97, 59.77],
    },
  },
} as const;

/** Table 1: test accuracy in percent of an 8-layer CNN, its tangent kernel and label-aware ones built on that. */
export const table1 = {
  source: `${paper}, Table 1 (CNN and its kernels)`,
  pairs: ["deer-dog", "cat-deer", "cat-frog", "deer-frog", "bird-frog"],
  rows: {
    trained: [89.0, 88.5, 89.0, 92.5, 90.15],
    ntk: [85.15, 83.55, 86.95, 87.55, 86.35],
    "kr-v1": [85.65, 83.9, 87.2, 87.85, 87.45],
    "kr-v2": [85.8, 83.9, 87.15, 87.9, 87.25],
    pairs: [86.75, 84.85, 87.4, 88.1, 86.4],
  },
} as const;

/** Table 2: accuracy in percent on all ten classes, which this study does not measure, by number of training images. */
export const table2 = {
  source: `${paper}, Table 2 (ten classes; CNN and its kernels)`,
  sizes: [2000, 5000, 10000, 20000],
  rows: {
    trained: [45.3, 52.7, 60.23, 68.15],
    ntk: [44.01, 50.44, 55.18, 60.12],
    "kr-v1": [44.49, 51.39, 55.74, 60.87],
    "kr-v2": [44.64, 51.38, 55.89, 60.87],
    pairs: [46.31, 52.66, 56.96, 61.58],
  } satisfies Readonly<Record<"trained" | "ntk" | EstimateId, readonly number[]>>,
} as const;

export interface Published {
  /** In percent. */
  readonly value: number;
  readonly source: string;
}

/** What the paper prints; undefined where it prints nothing. @param pair as the study writes it, in either order */
export function published(
  dataset: string,
  { method, quantity, pair }: { readonly method: MethodId; readonly quantity: Quantity; readonly pair: string },
): Published | undefined {
  if (dataset !== "cifar10") return undefined;
  const { source, pairs } = quantity === "accuracy" ? table1 : table3;
  const rows: Readonly<Partial<Record<MethodId, readonly number[]>>> =
    quantity === "accuracy" ? table1.rows : table3.rows[quantity];
  const value = rows[method]?.[pairs.findIndex((word) => sorted(word) === sorted(pair))];
  return value === undefined ? undefined : { value, source };
}

const sorted = (pair: string): string => pair.split("-").sort().join("-");
