// Labels at the ends of lines, moved apart where lines end close together.
import { isLine, type Figure, type LineTrace } from "../figures/figure.ts";
import { xOf, yOf } from "./box.ts";
import type { Frame, PanelFrame } from "./frame.ts";
import { apart } from "./text.ts";

export interface LineLabel {
  readonly trace: LineTrace;
  /** The last point, and where its label goes. */
  readonly x: number;
  readonly y: number;
  readonly labelY: number;
  /** Place of the last point in the trace. */
  readonly last: number;
  /** A thin line joins the label to its end where they are apart. */
  readonly hasLeader: boolean;
}

export function lineLabels(figure: Figure, panel: number, { plot }: PanelFrame, font: Frame["font"]): LineLabel[] {
  const { x: xAxis, y: yAxis } = figure.panels[panel]!;
  const ends = figure.traces
    .filter(isLine)
    .filter((trace) => trace.panel === panel && !trace.faint)
    .map((trace) => ({ trace, last: trace.y.findLastIndex((y) => !Number.isNaN(y)) }))
    .filter(({ last }) => last >= 0);
  const within = (y: number): number => Math.min(plot.top + plot.height, Math.max(plot.top, y));
  const ys = ends.map(({ trace, last }) => within(yOf(yAxis!, plot, trace.y[last]!)));
  const places = apart(ys, font.tick * 1.16, plot.top - 8, plot.top + plot.height + 8);
  return ends.map(({ trace, last }, index) => {
    const [x, y, labelY] = [xOf(xAxis!, plot, trace.x[last]!), ys[index]!, places[index]!];
    return { trace, last, x, y, labelY, hasLeader: Math.abs(labelY - y) > 2 || x < plot.left + plot.width - 1 };
  });
}
