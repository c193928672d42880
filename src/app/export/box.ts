// A box in pixels, and where a value lies on an axis that runs across it.
import type { Axis } from "../figures/figure.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

/** Where a value lies on an axis, from 0 at its low to 1 at its high end; NaN where a logarithm has no place for it. */
export function shareOf({ low, high, scale }: Axis, value: number): number {
  if (scale !== "log") return (value - low) / (high - low);
  // The ratio of the ends of a long axis is beyond all numbers.
  return value > 0 ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low)) : NaN;
}

/** Pixel of a value on an axis that runs across `box`. */
export const xOf = (axis: Axis, box: Box, value: number): number => box.left + shareOf(axis, value) * box.width;
export const yOf = (axis: Axis, box: Box, value: number): number =>
  box.top + box.height - shareOf(axis, value) * box.height;
