// What is found of a network at one moment, what its seeds have in common, and whether its training was stable.
import { deviation, mean } from "../../../math/stats.ts";
import type { Findings } from "../../study.ts";
import type { Contestant } from "./network.ts";
import { geometryKey, type GeometryParams } from "./setting.ts";
import type { Measured, SimilarityId, Statistics } from "./similarity.ts";

/** What training did. */
export interface GeometryTraining {
  /** Mean of (f - y)² over all points, before each step; shorter than asked for where it diverged. [step] */
  readonly losses: Float32Array;
  /** Largest eigenvalue of the tangent kernel of all points, before and after; NaN where the weights are not finite. */
  readonly topBefore: number;
  readonly topAfter: number;
}

export interface GeometryFinding extends Measured {
  readonly statistics: Readonly<Record<SimilarityId, Statistics>>;
  /** Mean of (f - y)² over all points. */
  readonly loss: number;
  /** Absent in an untrained network. */
  readonly training?: GeometryTraining;
}

/**
 * What decides whether full-batch descent on (f - y)² is stable (He and Su's loss; its Hessian is about 2 K / n): below 2 it
 * is, above 2 the loss grows until the kernel has shrunk.
 * @param top largest eigenvalue of the tangent kernel of the n points
 */
export const stiffness = (stepSize: number, top: number, n: number): number => (2 * stepSize * top) / n;
export const stableBelow = 2;

/** What the seeds of one network at one moment have in common. */
export interface OverSeeds {
  readonly seedCount: number;
  readonly pearson: { readonly mean: number; readonly deviation: number };
  readonly spearman: { readonly mean: number; readonly deviation: number };
  readonly mean: { readonly mean: number; readonly deviation: number };
}

export function overSeeds(
  { chosen, findings }: { readonly chosen: GeometryParams; readonly findings: Findings<GeometryFinding> },
  contestant: Contestant,
  { epoch, similarity }: { readonly epoch: number; readonly similarity: SimilarityId },
): OverSeeds {
  const found = chosen.seeds.flatMap((seed) => {
    const finding = findings.get(geometryKey(chosen, contestant, seed, epoch));
    return finding ? [finding.statistics[similarity]] : [];
  });
  const of = (name: "pearson" | "spearman" | "mean") => {
    const values = found.map((statistics) => statistics[name]);
    return { mean: mean(values), deviation: deviation(values) };
  };
  return { seedCount: found.length, pearson: of("pearson"), spearman: of("spearman"), mean: of("mean") };
}
