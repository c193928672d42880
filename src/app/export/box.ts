// A box in pixels, and where a value lies on an axis that runs across it.
import type { Axis } from "../figures/figure.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixel of a value on an axis that runs across `box`. */
export const xOf = ({ low, high }: Axis, box: Box, value: number): number =>
  box.left + ((value - low) / (high - low)) * box.width;
export const yOf = ({ low, high }: Axis, box: Box, value: number): number =>
  box.top + box.height - ((value - low) / (high - low)) * box.height;
