// Line panels as SVG: bands, lines, markers and the labels at their ends.
import { isLine, type LineTrace } from "../figures/figure.ts";
import { readable, shown } from "../figures/palette.ts";
import { element, escaped, pathOf, type Point } from "./element.ts";
import { lineLabelGap, type PanelFrame } from "./frame.ts";
import { xOf, yOf, type Axes, type Box } from "./box.ts";
import { lineLabels } from "./lineLabels.ts";
import { markerPath } from "./marker.ts";
import { clipId, type Ink } from "./ink.ts";
import { boundsOf, runsOf } from "./runs.ts";
import { text } from "./text.ts";

export const dashArrays = { solid: undefined, dash: "6 4", dot: "2 3", dashdot: "7 3 1.5 3" } as const;
export const lineWidth = 2;
export const bandOpacity = 0.14;
export const markerSize = 3.4;

/** What lies beneath points and other lines: bands and faint lines. */
export function drawFaint(ink: Ink, panel: number, axes: Axes, frame: PanelFrame): string {
  const traces = linesOn(ink, panel);
  const faint = traces.filter((trace) => trace.faint);
  return [
    clipped(ink, panel, ...traces.map((trace) => band(ink, trace, axes, frame.plot))),
    clipped(ink, panel, ...faint.map((trace) => stroke(ink, trace, axes, frame.plot))),
  ].join("");
}

export function drawLines(ink: Ink, panel: number, axes: Axes, frame: PanelFrame): string {
  const traces = linesOn(ink, panel).filter((trace) => !trace.faint);
  return [
    clipped(ink, panel, ...traces.map((trace) => stroke(ink, trace, axes, frame.plot))),
    ...traces.map((trace) => markers(ink, trace, axes, frame.plot)),
    labels(ink, panel, frame),
  ].join("");
}

const linesOn = ({ figure }: Ink, panel: number): LineTrace[] =>
  figure.traces.filter(isLine).filter((trace) => trace.panel === panel);

const clipped = (ink: Ink, panel: number, ...children: readonly string[]): string =>
  children.length === 0 ? "" : element("g", { "clip-path": `url(#${clipId(ink, panel)})` }, ...children);

const points = ({ x }: LineTrace, y: readonly number[], axes: Axes, plot: Box): Point[] =>
  x.map((at, index) => [xOf(axes.x, plot, at), yOf(axes.y, plot, y[index]!)]);

function band({ theme }: Ink, trace: LineTrace, axes: Axes, plot: Box): string {
  if (!trace.band) return "";
  const { low: lower, high: upper } = boundsOf(trace.band, axes.y);
  return runsOf(trace, axes)
    .filter((run) => run.length > 1)
    .map((run) => {
      const high = points(trace, upper, axes, plot);
      const low = points(trace, lower, axes, plot);
      const outline = [...run.map((index) => high[index]!), ...run.toReversed().map((index) => low[index]!)];
      return element("path", {
        d: `${pathOf(outline)}Z`,
        fill: shown(trace.colour, theme),
        "fill-opacity": bandOpacity,
      });
    })
    .join("");
}

const stroke = ({ theme, frame }: Ink, trace: LineTrace, axes: Axes, plot: Box): string =>
  element("path", {
    d: pathOf(points(trace, trace.y, axes, plot)),
    fill: "none",
    stroke: shown(trace.colour, theme),
    "stroke-width": (trace.faint ? 0.8 : lineWidth) * frame.stroke,
    "stroke-opacity": trace.faint ? 0.45 : undefined,
    "stroke-dasharray": dashArrays[trace.dash],
    "stroke-linejoin": "round",
  });

/** Drawn a little beyond the plot rather than cut at the first epoch. */
function markers({ theme, frame }: Ink, trace: LineTrace, axes: Axes, plot: Box): string {
  const { marker } = trace;
  if (marker === "none") return "";
  const style = { fill: shown(trace.colour, theme), stroke: theme.paper, "stroke-width": 0.8 };
  return points(trace, trace.y, axes, plot)
    .map(([x, y], index) => ({ x, y, index }))
    .filter(({ y }) => y >= plot.top - 1 && y <= plot.top + plot.height + 1)
    .map(({ x, y, index }) => {
      const tip = trace.hover ? element("title", {}, escaped(`${trace.title}: ${trace.hover[index]}`)) : "";
      return element(
        "path",
        { d: markerPath(marker, x, y, markerSize * frame.stroke), ...style, "data-x": trace.x[index] },
        tip,
      );
    })
    .join("");
}

function labels(ink: Ink, panel: number, frame: PanelFrame): string {
  const { theme, figure } = ink;
  const { font } = ink.frame;
  const right = frame.plot.left + frame.plot.width;
  return lineLabels(figure, panel, frame, font)
    .map(({ trace, y, labelY, hasLeader }) => {
      const leader = hasLeader
        ? element("path", {
            d: pathOf([
              [right + 3, y],
              [right + lineLabelGap - 3, labelY],
            ]),
            fill: "none",
            stroke: shown(trace.colour, theme),
            "stroke-width": 0.8,
            "stroke-opacity": 0.6,
          })
        : "";
      const style = { size: font.tick, fill: readable(trace.colour, theme), weight: 600 };
      return leader + text(right + lineLabelGap, labelY, trace.title, style);
    })
    .join("");
}
