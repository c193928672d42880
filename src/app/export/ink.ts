// What every drawing of a panel needs at hand: the figure, its frame, the theme and names that are unique on the page.
import type { Figure } from "../figures/figure.ts";
import type { Theme } from "../figures/palette.ts";
import type { Frame } from "./frame.ts";

export interface Ink {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly theme: Theme;
  /** Starts the ids of patterns and clips, for several figures stand on one page. */
  readonly id: string;
  /** Whether the picture is for a file: images are enlarged, for other viewers smooth them. */
  readonly isFile: boolean;
  /** Titles and keys only: data and ticks are drawn by someone else on top. */
  readonly isFrameOnly: boolean;
}

export const hatchId = ({ id }: Ink): string => `${id}-hatch`;
export const clipId = ({ id }: Ink, panel: number): string => `${id}-clip${panel}`;
