// Labels at the ends of lines, moved apart where lines end close together.
import { isLine, type Figure, type LineTrace } from "../figures/figure.ts";
import { yOf, type Axes } from "./box.ts";
import type { Frame, PanelFrame } from "./frame.ts";
import { lastOf } from "./runs.ts";
import { apart } from "./text.ts";

export interface LineLabel {
  readonly trace: LineTrace;
  /** The height of the last point, and of its label. */
  readonly y: number;
  readonly labelY: number;
  /** Place of the last point in the trace. */
  readonly last: number;
  /** A thin line beyond the axes joins the two where they are apart: within, it would look like data. */
  readonly hasLeader: boolean;
}

export function lineLabels(figure: Figure, panel: number, { plot }: PanelFrame, font: Frame["font"]): LineLabel[] {
  const { x, y } = figure.panels[panel]!;
  const axes = { x: x!, y: y! } satisfies Axes;
  const ends = figure.traces
    .filter(isLine)
    .filter((trace) => trace.panel === panel && !trace.faint)
    .map((trace) => ({ trace, last: lastOf(trace, axes) ?? -1 }))
    .filter(({ last }) => last >= 0);
  const within = (y: number): number => Math.min(plot.top + plot.height, Math.max(plot.top, y));
  const ys = ends.map(({ trace, last }) => within(yOf(axes.y, plot, trace.y[last]!)));
  const places = apart(ys, font.tick * 1.16, plot.top - 8, plot.top + plot.height + 8);
  return ends.map(({ trace, last }, index) => {
    const [y, labelY] = [ys[index]!, places[index]!];
    return { trace, last, y, labelY, hasLeader: Math.abs(labelY - y) > 2 };
  });
}
