// What is measured of a network at one moment: how alike pairs of images are, by the labellings in which they differ.
import type { Matrix } from "../../contracts.ts";
import type { Findings } from "../../study.ts";
import { interval, type Interval } from "../../../math/stats.ts";
import { momentKey, seedsOf, systems, type LabelSystemsParams, type System } from "./setting.ts";

/** In which labellings the images of a pair differ. */
export const pairKinds = ["neither", "second", "first", "both"] as const;
export type PairKind = (typeof pairKinds)[number];

export interface LabelSystemsFinding {
  /** Mean normalised kernel over pairs, in the order of `pairKinds`; each image with itself counts among "neither". */
  readonly means: readonly number[];
  /** Of each labelling, learned or not: the share of the images whose score lies on its side of 1/2. */
  readonly accuracy: readonly [number, number];
  /** Mean over the images of (f - y)² / 2, of each labelling. */
  readonly loss: readonly [number, number];
}

/**
 * Means of K(a, p) / sqrt(K(a, a) K(p, p)) over all ordered pairs of images, each with itself too, by the labellings in which the
 * two differ: neither, the second only, the first only, both (Chen, He and Su, NeurIPS 2020, section 4 and their code).
 * @param kernel [image, image] @param labels of the first and of the second labelling. [labelling][image]
 */
export function pairMeans({ data, rows: n }: Matrix, [first, second]: readonly ArrayLike<number>[]): number[] {
  const sums = [0, 0, 0, 0];
  const counts = [0, 0, 0, 0];
  const sizes = Float64Array.from({ length: n }, (_, image) => Math.sqrt(data[image * n + image]!));
  for (let a = 0; a < n; a++)
    for (let p = 0; p < n; p++) {
      const kind = 2 * Number(first![a] !== first![p]) + Number(second![a] !== second![p]);
      sums[kind]! += data[a * n + p]! / (sizes[a]! * sizes[p]!);
      counts[kind]! += 1;
    }
  return sums.map((sum, kind) => sum / counts[kind]!);
}

/** "first" and "second": the relative ratio of a labelling, times 100; the others: shares of the pair means, which add up to 1. */
export const quantities = [...systems.map((system) => `ratio ${system}` as const), ...pairKinds] as const;
export type Quantity = (typeof quantities)[number];

/**
 * Relative ratio RR = intra / (intra + inter), times 100. All kinds of pairs are equally many, so intra is the mean of the two
 * kinds that agree in the labelling, and RR the sum of their shares.
 */
export function quantityOf({ means }: Pick<LabelSystemsFinding, "means">, quantity: Quantity): number {
  const total = means.reduce((sum, value) => sum + value, 0);
  if (quantity === "ratio first") return (100 * (means[0]! + means[1]!)) / total;
  if (quantity === "ratio second") return (100 * (means[0]! + means[2]!)) / total;
  return means[pairKinds.indexOf(quantity)]! / total;
}

export interface Asked {
  readonly trained: System;
  readonly epoch: number;
  readonly quantity: Quantity;
  /** The change since epoch 0, seed by seed. */
  readonly isChange: boolean;
}

/** One number a seed, NaN where it is not known, in the same order for all that is asked, so that seeds can be paired. */
export function sampleOf(
  chosen: LabelSystemsParams,
  findings: Findings<LabelSystemsFinding>,
  { trained, epoch, quantity, isChange }: Asked,
): number[] {
  const at = (seed: number, when: number): number => {
    const found = findings.get(momentKey(chosen, { trained, seed, epoch: when }));
    return found ? quantityOf(found, quantity) : NaN;
  };
  return seedsOf(chosen).map((seed) => at(seed, epoch) - (isChange ? at(seed, 0) : 0));
}

/** How much more the ratio of the learned labelling has risen since epoch 0 than that of the other, paired by seed. */
export function leadOf(
  chosen: LabelSystemsParams,
  findings: Findings<LabelSystemsFinding>,
  { trained, epoch }: Pick<Asked, "trained" | "epoch">,
): Interval {
  const rise = (system: System): number[] =>
    sampleOf(chosen, findings, { trained, epoch, quantity: `ratio ${system}`, isChange: true });
  const other = rise(trained === "first" ? "second" : "first");
  return interval(rise(trained).map((value, seed) => value - other[seed]!));
}
