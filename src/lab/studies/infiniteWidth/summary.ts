// How errors fall with width: over seeds at each width, and as the slope of a line through their logarithms.
import type { Parametrisation } from "../../../math/infiniteWidth.ts";
import { deviation, interval, mean, pearson, type Interval } from "../../../math/stats.ts";
import type { Findings } from "../../study.ts";
import type { NetworkFinding, WidthFinding } from "./finding.ts";
import { networkKey, seedsOf, widthsOf, type Shape, type WidthParams } from "./setting.ts";

/** The whole tangent kernel, what layer `at` adds to it, or the features of hidden layer `at`, from 0. */
export type Quantity = { readonly of: "whole" } | { readonly of: "part" | "features"; readonly at: number };

/** The quantities of a network of so many hidden layers. */
export const quantitiesOf = (depth: number): readonly Quantity[] => [
  { of: "whole" },
  ...Array.from({ length: depth + 1 }, (_, at): Quantity => ({ of: "part", at })),
  ...Array.from({ length: depth }, (_, at): Quantity => ({ of: "features", at })),
];

export interface Curve {
  readonly depth: number;
  readonly quantity: Quantity;
  readonly points: readonly CurvePoint[];
  /** Of log error on log width, seed by seed; empty below two widths. */
  readonly slope: Interval;
}

export interface CurvePoint {
  readonly width: number;
  readonly error: Interval;
  /** NaN where a seed is not there yet. [seed] */
  readonly bySeed: readonly number[];
}

export const networkOf = (
  chosen: WidthParams,
  findings: Findings<WidthFinding>,
  { seed, ...shape }: Shape & { readonly seed: number },
): NetworkFinding | undefined => findings.get(networkKey(chosen, shape, seed)) as NetworkFinding | undefined;

export function errorOf({ errors, features }: NetworkFinding, quantity: Quantity, by: Parametrisation): number {
  if (quantity.of === "features") return features[quantity.at]!;
  return quantity.of === "whole" ? errors[by].whole : errors[by].parts[quantity.at]!;
}

export function curveOf(
  { chosen, findings }: { readonly chosen: WidthParams; readonly findings: Findings<WidthFinding> },
  { depth, quantity, by }: { readonly depth: number; readonly quantity: Quantity; readonly by: Parametrisation },
): Curve {
  const all = widthsOf(chosen).map((width): CurvePoint => {
    const bySeed = seedsOf(chosen).map((seed) => {
      const found = networkOf(chosen, findings, { depth, width, seed });
      return found ? errorOf(found, quantity, by) : NaN;
    });
    return { width, bySeed, error: interval(bySeed) };
  });
  const points = all.filter(({ error }) => error.count > 0);
  const slopes = seedsOf(chosen).map((_, seed) =>
    slopeOf(points.filter(({ bySeed }) => bySeed[seed]! > 0).map(({ width, bySeed }) => [width, bySeed[seed]!])),
  );
  return { depth, quantity, points, slope: interval(slopes) };
}

/** Least squares through (log x, log y); NaN below two places. */
export function slopeOf(pairs: readonly (readonly [number, number])[]): number {
  const [xs, ys] = [pairs.map(([x]) => Math.log(x)), pairs.map(([, y]) => Math.log(y))];
  const spread = deviation(xs);
  if (!(spread > 0)) return NaN;
  // Errors that are all the same have no correlation, and the slope 0.
  return deviation(ys) === 0 ? 0 : (pearson(xs, ys) * deviation(ys)) / spread;
}

/** Errors of so many units fall as 1 / sqrt(n). */
export const expectedSlope = -0.5;

/** What a line of the expected slope through the middle of a curve says at a width. */
export function expectedAt({ points }: Curve, width: number): number {
  const logs = points.map((point) => Math.log(point.error.mean) - expectedSlope * Math.log(point.width));
  return Math.exp(mean(logs) + expectedSlope * Math.log(width));
}
