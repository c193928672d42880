// What of a line can be shown on its axes: stretches without gaps, and the bounds of its band.
import type { LineTrace } from "../figures/figure.ts";
import { shareOf, type Axes } from "./box.ts";

/** A band that reaches below what a logarithmic axis can show ends a little below the axis. */
export function boundsOf({ low, high }: NonNullable<LineTrace["band"]>, y: Axes["y"]): NonNullable<LineTrace["band"]> {
  const least = Math.min(y.low, y.high) / 2;
  const shownOf = (bound: number): number => (y.scale === "log" && bound <= 0 ? least : bound);
  return { low: low.map(shownOf), high: high.map(shownOf) };
}

/** Stretches of neighbouring points that have a place on both axes. */
export function runsOf({ x, y }: LineTrace, axes: Axes): number[][] {
  const runs: number[][] = [[]];
  y.forEach((value, index) => {
    if (Number.isNaN(shareOf(axes.y, value) + shareOf(axes.x, x[index]!))) runs.push([]);
    else runs.at(-1)!.push(index);
  });
  return runs.filter((run) => run.length > 0);
}

/** The last point that has a place on both axes. */
export const lastOf = (line: LineTrace, axes: Axes): number | undefined => runsOf(line, axes).at(-1)?.at(-1);
