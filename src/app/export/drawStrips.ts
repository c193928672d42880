// Bar panels as SVG: one bar a class with its mean, interval and points.
import { isStrip, type StripTrace } from "../figures/figure.ts";
import { shown } from "../figures/palette.ts";
import { spread } from "../figures/scale.ts";
import { element, escaped, pathOf, type Point } from "./element.ts";
import { meanText, type PanelFrame } from "./frame.ts";
import { xOf, yOf, type Axes, type Box } from "./box.ts";
import type { Ink } from "./ink.ts";
import { text } from "./text.ts";

/** Shares of a category's height. */
export const barShare = 0.74;
export const pointsShare = 0.6;
export const barOpacity = 0.22;
export const pointRadius = 2.1;
/** On the page, more points than this of a class are one element: a thousand of them take longer to lay out than to compute. */
const fewPointCount = 50;

export function drawStrips(ink: Ink, panel: number, axes: Axes, { plot }: PanelFrame): string {
  const traces = ink.figure.traces.filter(isStrip).filter((trace) => trace.panel === panel);
  return (
    meanHeader(ink, traces, plot) +
    traces
      .map((trace) =>
        [bar(ink, trace, axes, plot), dots(ink, trace, axes, plot), whisker(ink, trace, axes, plot)].join(""),
      )
      .join("")
  );
}

const stepOf = ({ y }: Axes, plot: Box): number => plot.height / Math.abs(y.high - y.low);

function bar({ theme, frame: { font } }: Ink, trace: StripTrace, axes: Axes, plot: Box): string {
  const middle = yOf(axes.y, plot, trace.category);
  const style = { size: font.tick, fill: theme.text, anchor: "end" as const };
  const mean = text(plot.left + plot.width + meanColumn(font.tick), middle, meanText(trace), style);
  if (Number.isNaN(trace.mean)) return mean;
  const height = stepOf(axes, plot) * barShare;
  const [zero, end] = [xOf(axes.x, plot, 0), xOf(axes.x, plot, trace.mean)];
  const box = { x: Math.min(zero, end), y: middle - height / 2, width: Math.abs(end - zero), height };
  return element("rect", { ...box, fill: shown(trace.colour, theme), "fill-opacity": barOpacity }) + mean;
}

/** Numbers end on one line, a little right of the plot. */
export const meanColumn = (size: number): number => 8 + size * 2.6;

export function meanHeader({ theme, frame: { font } }: Ink, traces: readonly StripTrace[], plot: Box): string {
  if (traces.length === 0) return "";
  const style = { size: font.tick, fill: theme.muted, anchor: "end" as const };
  return text(plot.left + plot.width + meanColumn(font.tick), plot.top - font.tick * 0.7, "mean", style);
}

function dots({ theme, frame, id, isFile }: Ink, trace: StripTrace, axes: Axes, plot: Box): string {
  const step = stepOf(axes, plot) * pointsShare;
  const middle = yOf(axes.y, plot, trace.category);
  const places = trace.points.map((point, index): Point => [xOf(axes.x, plot, point), middle + spread(index) * step]);
  const fill = { fill: shown(trace.colour, theme), "fill-opacity": 0.75 };
  const r = pointRadius * frame.stroke;
  if (isFile || places.length <= fewPointCount) {
    const circles = places.map(([cx, cy], index) => {
      const tip = trace.hover ? element("title", {}, escaped(trace.hover(index))) : "";
      return element("circle", { cx, cy, r, "data-panel": trace.panel, "data-id": trace.ids[index] }, tip);
    });
    return element("g", fill, ...circles);
  }
  const dot = `${id}-dot${trace.panel}-${trace.category}`;
  const marks = Object.fromEntries(["start", "mid", "end"].map((place) => [`marker-${place}`, `url(#${dot})`]));
  return (
    element(
      "marker",
      { id: dot, markerUnits: "userSpaceOnUse", overflow: "visible" },
      element("circle", { r, ...fill }),
    ) + element("path", { d: pathOf(places), fill: "none", ...marks })
  );
}

/** The interval with its ends, and the mean as a longer stroke. */
function whisker({ theme, frame }: Ink, { category, mean, low, high }: StripTrace, axes: Axes, plot: Box): string {
  if (Number.isNaN(mean)) return "";
  const middle = yOf(axes.y, plot, category);
  const half = (stepOf(axes, plot) * barShare) / 2;
  const at = (value: number): number => Math.min(plot.left + plot.width, Math.max(plot.left, xOf(axes.x, plot, value)));
  const [left, right, centre] = [at(low), at(high), at(mean)];
  const d = [
    pathOf([
      [left, middle],
      [right, middle],
    ]),
    pathOf([
      [left, middle - half / 2.5],
      [left, middle + half / 2.5],
    ]),
    pathOf([
      [right, middle - half / 2.5],
      [right, middle + half / 2.5],
    ]),
  ].join("");
  return (
    element("path", { d, stroke: theme.text, "stroke-width": 1.1 * frame.stroke, fill: "none" }) +
    element("path", {
      d: pathOf([
        [centre, middle - half],
        [centre, middle + half],
      ]),
      stroke: theme.text,
      "stroke-width": 2 * frame.stroke,
    })
  );
}
