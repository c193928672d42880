// Points as SVG: one mark each in one colour or by a number, and a ring about the one that is picked.
import { isPoints, type Figure, type Marker, type PointsTrace } from "../figures/figure.ts";
import { coloursOf, shown, type Theme } from "../figures/palette.ts";
import { shortNumber } from "../figures/scale.ts";
import { shareOf, type Axes, type Box } from "./box.ts";
import { element, escaped, rounded } from "./element.ts";
import type { PanelFrame } from "./frame.ts";
import type { Ink } from "./ink.ts";
import { markerPath } from "./marker.ts";
import { text } from "./text.ts";

/** Up to this many points get a tooltip and data attributes. */
const fewPointCount = 400;
/** Of paper, or of ink where points are marked. */
export const rimWidthOf = ({ isMarked = false }: PointsTrace): number => (isMarked ? 1.3 : 0.6);
export const hollowWidth = 1.1;
/** From the point's edge to the middle of its ring. */
export const ringGap = 3.5;
export const ringWidth = 2;
/** Parts the ring from what lies around it. */
export const haloWidth = 4.5;

/** A point that is within the axes: its place in the trace, and in the plot from 0 at the left and bottom to 1. */
export interface PlacedPoint {
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** The points to draw, those of least depth first. */
export function placedPoints({ x, y, depth }: PointsTrace, axes: Axes): PlacedPoint[] {
  const isWithin = (share: number): boolean => share >= -1e-6 && share <= 1 + 1e-6;
  const placed = x
    .map((at, index): PlacedPoint => ({ index, x: shareOf(axes.x, at), y: shareOf(axes.y, y[index]!) }))
    .filter((point) => isWithin(point.x) && isWithin(point.y));
  return depth ? placed.sort((a, b) => depth[a.index]! - depth[b.index]!) : placed;
}

export const pointsOn = ({ traces }: Figure, panel: number): PointsTrace[] =>
  traces.filter(isPoints).filter((trace) => trace.panel === panel);

/** Where in a plot a point lies, in pixels. */
export const pixelsOf = ({ x, y }: Pick<PlacedPoint, "x" | "y">, plot: Box): { left: number; top: number } => ({
  left: plot.left + x * plot.width,
  top: plot.top + (1 - y) * plot.height,
});

/** What a point says when it is asked, for tooltips and for reading out. */
export function pointText({ title, x, y, hover, colour }: PointsTrace, index: number): string {
  if (hover) return hover[index]!;
  const numbers = [x[index]!, y[index]!, ...(typeof colour === "string" ? [] : [colour.values[index]!])];
  return `${title === "" ? "" : `${title}: `}${numbers.map(shortNumber).join(", ")}`;
}

/** [point]; undefined where there is no number to colour it by. */
export const pointColours = ({ colour, x }: PointsTrace, theme: Theme): (string | undefined)[] =>
  typeof colour === "string" ? x.map(() => shown(colour, theme)) : coloursOf(colour.values, colour.scale);

export function drawPoints(ink: Ink, panel: number, axes: Axes, { plot }: PanelFrame): string {
  return pointsOn(ink.figure, panel)
    .map((trace) => marks(ink, trace, axes, plot) + ring(ink, trace, axes, plot) + names(ink, trace, axes, plot))
    .join("");
}

/** From the point's edge to its name. */
const nameGap = 3;

/** Rimmed with paper, for lines may run below them. */
function names({ theme, frame }: Ink, trace: PointsTrace, axes: Axes, plot: Box): string {
  if (!trace.names) return "";
  const { side, texts } = trace.names;
  const size = frame.font.tick;
  const away = (trace.radius + nameGap) * frame.stroke;
  const offsets = {
    above: { dx: 0, dy: -away - size / 2, anchor: "middle" },
    below: { dx: 0, dy: away + size / 2, anchor: "middle" },
    left: { dx: -away, dy: 0, anchor: "end" },
    right: { dx: away, dy: 0, anchor: "start" },
  } as const;
  const { dx, dy, anchor } = offsets[side];
  const halo = { stroke: theme.paper, "stroke-width": 3 * frame.stroke, "paint-order": "stroke" };
  return placedPoints(trace, axes)
    .map((point) => {
      const { left, top } = pixelsOf(point, plot);
      return text(left + dx, top + dy, texts[point.index]!, { size, fill: theme.text, anchor, more: halo });
    })
    .join("");
}

/**
 * Points are parted by a rim of paper, or of grey where scales run from too dark to too light for any paper; small
 * points and those that let others shine through have none, for rims would add up to a veil.
 */
export function rimColour(trace: PointsTrace, theme: Theme): string | undefined {
  const { opacity = 1, radius, colour, isMarked = false } = trace;
  if (isMarked) return theme.text;
  if (opacity < 1 || radius < 2.5) return undefined;
  return typeof colour === "string" ? theme.paper : theme.axis;
}

/** One element each, however many: a path of many points takes browsers far longer to paint. */
function marks({ theme, frame }: Ink, trace: PointsTrace, axes: Axes, plot: Box): string {
  const placed = placedPoints(trace, axes);
  const colours = pointColours(trace, theme);
  const isOne = typeof trace.colour === "string";
  const isFew = placed.length <= fewPointCount;
  const hollow = ` fill="none" stroke="${theme.hatchLine}" stroke-width="${rounded(hollowWidth * frame.stroke)}"`;
  const name = trace.marker === "circle" ? "circle" : "path";
  const drawn = placed.map((point) => {
    const { index } = point;
    const { left, top } = pixelsOf(point, plot);
    const colour = colours[index];
    const fill = isOne ? "" : colour === undefined ? hollow : ` fill="${colour}"`;
    // Put together by hand rather than by `element`, for there may be ten thousand.
    const start = `<${name}${outline(trace.marker, left, top, trace.radius * frame.stroke)}${fill}`;
    if (!isFew) return `${start}/>`;
    const tip = element("title", {}, escaped(pointText(trace, index)));
    return `${start} data-panel="${trace.panel}" data-id="${trace.ids[index]!}">${tip}</${name}>`;
  });
  const stroke = rimColour(trace, theme);
  const rim = stroke === undefined ? {} : { stroke, "stroke-width": rimWidthOf(trace) * frame.stroke };
  return element("g", { fill: isOne ? colours[0] : undefined, "fill-opacity": trace.opacity, ...rim }, ...drawn);
}

const outline = (marker: Marker, left: number, top: number, radius: number): string =>
  marker === "circle"
    ? ` cx="${rounded(left)}" cy="${rounded(top)}" r="${rounded(radius)}"`
    : ` d="${markerPath(marker, left, top, radius)}"`;

/** Around the point that is picked, which is drawn again on top of the others. */
function ring({ theme, frame }: Ink, trace: PointsTrace, axes: Axes, plot: Box): string {
  const point = placedPoints(trace, axes).find(({ index }) => trace.ids[index] === trace.picked);
  if (!point) return "";
  const { left, top } = pixelsOf(point, plot);
  const radius = trace.radius * frame.stroke;
  const circle = { cx: left, cy: top, r: radius + ringGap * frame.stroke, fill: "none" };
  const colour = pointColours(trace, theme)[point.index];
  return [
    element("circle", { ...circle, stroke: theme.paper, "stroke-width": haloWidth * frame.stroke }),
    element("circle", { ...circle, stroke: theme.text, "stroke-width": ringWidth * frame.stroke }),
    element("path", { d: markerPath(trace.marker, left, top, radius), fill: colour ?? theme.hatchLine }),
  ].join("");
}
