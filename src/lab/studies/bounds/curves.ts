// Bounds and gap against sample size and confidence, from what was measured and from the constants that are given.
import { interval, type Interval } from "../../../math/stats.ts";
import type { Findings } from "../../study.ts";
import { belowFrom, boundOf, elasticShape, uniformShape, type Confidence } from "./formula.ts";
import type { BoundsFinding } from "./measure.ts";
import { boundsKey, msOf, seedsOf, type BoundsParams } from "./setting.ts";

/** A constant of a bound as it is used at one m. */
export interface Used {
  readonly value: number;
  readonly isMeasured: boolean;
}

export interface AtSize {
  readonly m: number;
  /** One a seed: held-out loss less training loss. */
  readonly gaps: readonly number[];
  /** Of |gap|, over seeds. */
  readonly gap: Interval;
  readonly signedGap: Interval;
  /** M_beta and sup E beta as measured, over seeds, and their ratio. */
  readonly mBeta: Interval;
  readonly eBeta: Interval;
  readonly ratio: Interval;
  readonly used: { readonly mBeta: Used; readonly eBeta: Used };
}

/** The sample sizes of which at least one seed is known. */
export function sizesOf(chosen: BoundsParams, findings: Findings<BoundsFinding>): AtSize[] {
  return msOf(chosen).flatMap((m) => {
    const found = seedsOf(chosen).flatMap((seed) => findings.get(boundsKey(chosen, seed, m)) ?? []);
    if (found.length === 0) return [];
    const of = (value: (finding: BoundsFinding) => number): number[] => found.map(value);
    const gaps = of(({ heldOutLoss, trainLoss }) => heldOutLoss - trainLoss);
    const used = (given: number, measured: readonly number[]): Used =>
      given > 0 ? { value: given, isMeasured: false } : { value: Math.max(...measured), isMeasured: true };
    const [mBetas, eBetas] = [of(({ mBeta }) => mBeta), of(({ eBeta }) => eBeta)];
    return [
      {
        m,
        gaps,
        gap: interval(gaps.map(Math.abs)),
        signedGap: interval(gaps),
        mBeta: interval(mBetas),
        eBeta: interval(eBetas),
        ratio: interval(mBetas.map((value, at) => value / eBetas[at]!)),
        used: { mBeta: used(chosen.mBeta, mBetas), eBeta: used(chosen.eBeta, eBetas) },
      },
    ];
  });
}

export const boundIds = ["uniform", "elastic"] as const;
export type BoundId = (typeof boundIds)[number];

/** A bound at any m and delta, with the sensitivity of one of the measured sizes. */
export function boundAt(
  chosen: BoundsParams,
  id: BoundId,
  { used }: Pick<AtSize, "used">,
  confidence: Confidence,
): number {
  return id === "uniform"
    ? boundOf(used.mBeta.value, uniformShape(chosen.lossBound), confidence)
    : boundOf(used.eBeta.value, elasticShape(chosen), confidence);
}

/** From which m on a bound is below the largest loss, which no gap exceeds anyway; its sensitivity as at the given size. */
export const usefulFrom = (
  chosen: BoundsParams,
  id: BoundId,
  { at, delta }: { readonly at: AtSize; readonly delta: number },
): number => belowFrom(chosen.lossBound, (m) => boundAt(chosen, id, at, { m, delta }));

export interface Line {
  readonly slope: number;
  /** y at x is 10^(intercept + slope log10 x). */
  readonly intercept: number;
}

/** Least squares in log-log through points above 0; undefined below two of them. */
export function powerLaw(points: readonly { readonly x: number; readonly y: number }[]): Line | undefined {
  const logs = points.filter(({ y }) => y > 0).map(({ x, y }) => [Math.log10(x), Math.log10(y)] as const);
  const n = logs.length;
  if (n < 2) return undefined;
  const middle = (place: 0 | 1): number => logs.reduce((sum, each) => sum + each[place], 0) / n;
  const [x, y] = [middle(0), middle(1)];
  const slope =
    logs.reduce((sum, each) => sum + (each[0] - x) * (each[1] - y), 0) /
    logs.reduce((sum, each) => sum + (each[0] - x) ** 2, 0);
  return { slope, intercept: y - slope * x };
}

/** How the mean |gap| falls with m. */
export const gapLaw = (sizes: readonly AtSize[]): Line | undefined =>
  powerLaw(sizes.map(({ m, gap }) => ({ x: m, y: gap.mean })));
