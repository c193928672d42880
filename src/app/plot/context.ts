// What a translation for Plotly starts from, and Plotly's names for our panels.
import type { Box } from "../export/box.ts";
import type { Frame } from "../export/frame.ts";
import { isHeatmap, isLine, isPoints, type Axis, type Figure, type HeatmapTrace } from "../figures/figure.ts";
import type { Theme } from "../figures/palette.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface Context {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly fontFamily: string;
  /** A finger scrolls the page; it must not draw zoom boxes. */
  readonly isTouch: boolean;
}

/** Plotly calls the first axis "x", the second "x2". */
export const axisId = (letter: "x" | "y", panel: number): string => (panel === 0 ? letter : `${letter}${panel + 1}`);
export const axisName = (letter: "x" | "y", panel: number): string => `${letter}axis${panel === 0 ? "" : panel + 1}`;
export const domains = (
  { plot }: { readonly plot: Box },
  frame: Frame,
): { x: [number, number]; y: [number, number] } => {
  const height = Math.round(frame.height);
  return {
    x: [plot.left / frame.width, (plot.left + plot.width) / frame.width],
    y: [1 - (plot.top + plot.height) / height, 1 - plot.top / height],
  };
};

/** A value as Plotly's ranges and annotations count it: on a logarithmic axis, in powers of ten. */
export const rangeValue = ({ scale }: Axis, value: number): number => (scale === "log" ? Math.log10(value) : value);

/** Whether one hover tells of all lines at a moment; beside points, each tells of itself. */
export const isUnified = ({ traces }: Figure): boolean =>
  traces.some((trace) => isLine(trace) && !trace.faint) && !traces.some(isPoints);

export const heatmapOn = ({ traces }: Figure, panel: number): HeatmapTrace | undefined =>
  traces.filter(isHeatmap).find((trace) => trace.panel === panel);
export const hasStrips = (figure: Figure, panel: number): boolean => heatmapOn(figure, panel)?.strips !== undefined;
