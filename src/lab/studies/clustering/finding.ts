// What one cell of the grid came to for one seed, and over its seeds.
import { deviation, mean } from "../../../math/stats.ts";
import type { Findings } from "../../study.ts";
import type { Method } from "./method.ts";
import { keyOf, type ClusteringParams } from "./setting.ts";
import type { Task } from "./task.ts";

export type Status = "measured" | "collapsed" | "diverged" | "not measurable";

/** One cell of the grid for one seed. */
export interface ClusteringFinding {
  /** As written, "5-8/3-9". */
  readonly task: string;
  readonly method: string;
  readonly seed: number;
  readonly status: Status;
  /** One sentence for people; empty when there is nothing to say. */
  readonly remark: string;
  /** Share of images on the right side under the better of the two labelings, 0.5 to 1; NaN unless measured. */
  readonly accuracy: number;
  /** Mean of (f - y)², or of the binary cross-entropy, over all training images; NaN where there is no network. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Share of hidden units that are on at no training image; NaN where there are none. */
  readonly deadShare: number;
  /** Eigenvalues of the kernel that are below 0, and the size of the least one over that of the greatest; absent where none is. */
  readonly negative?: { readonly count: number; readonly ratio: number };
  /** Starts that ended at the same objective as the kept one, of all. */
  readonly agreeing?: number;
  readonly starts?: number;
  /** The side of each clustered image under the better labelling. [image] */
  readonly labels: Uint8Array;
  /** 0 for the first primary class, 1 for the second. [image] */
  readonly truth: Uint8Array;
  /** Numbers of the clustered images in `choiceOf(params, task)`. [image] */
  readonly images: Int32Array;
  /** What was clustered, symmetrised; inner products where rows were. [image, image] */
  readonly similarity?: Float32Array;
  /** Leaf order of the similarity. [image] */
  readonly order?: Uint32Array;
  /** The first two (kernel) principal components. [image, 2] */
  readonly picture?: Float32Array;
}

/** A cell over its seeds. */
export interface Summary {
  /** Of the accuracies of the measured seeds; NaN where there is none. */
  readonly mean: number;
  /** Lowest and highest of them. */
  readonly low: number;
  readonly high: number;
  /** Sample standard deviation over seeds; NaN below two. */
  readonly sd: number;
  /** Images clustered, of the first measured seed; 0 where there is none. */
  readonly n: number;
  /** Seeds that were measured. */
  readonly seeds: number;
  /** Seeds that are there, by what became of them. */
  readonly statuses: Readonly<Record<Status, number>>;
  readonly remarks: readonly string[];
}

export function summaryOf(
  chosen: ClusteringParams,
  findings: Findings<ClusteringFinding>,
  method: Method,
  task: Task,
): Summary {
  const there = chosen.seeds.flatMap((seed) => findings.get(keyOf(chosen, method, task, seed)) ?? []);
  const measured = there.filter(({ status }) => status === "measured");
  const accuracies = measured.map(({ accuracy }) => accuracy);
  const count = (wanted: Status): number => there.filter(({ status }) => status === wanted).length;
  return {
    mean: mean(accuracies),
    low: measured.length > 0 ? Math.min(...accuracies) : NaN,
    high: measured.length > 0 ? Math.max(...accuracies) : NaN,
    sd: deviation(accuracies),
    n: measured[0]?.images.length ?? 0,
    seeds: measured.length,
    statuses: {
      measured: measured.length,
      collapsed: count("collapsed"),
      diverged: count("diverged"),
      "not measurable": count("not measurable"),
    },
    remarks: [...new Set(there.map(({ remark }) => remark).filter(Boolean))],
  };
}
