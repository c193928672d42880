// The keyboard's place in a figure: a cell, a moment or a point; how arrows move it, where it lies and how it is read out.
import { cellBox, cellText } from "../export/drawHeatmap.ts";
import { pixelsOf, pointText } from "../export/drawPoints.ts";
import { pointsShare } from "../export/drawStrips.ts";
import type { Frame } from "../export/frame.ts";
import { xOf, yOf, type Box } from "../export/box.ts";
import { isHeatmap, isLine, isStrip, type Figure, type HeatmapTrace, type StripTrace } from "../figures/figure.ts";
import { shortNumber, spread } from "../figures/scale.ts";
import { valueText } from "../figures/wording.ts";
import { momentsOf, placesOf, type Hit, type Place } from "./hit.ts";

/**
 * Rows are rows of cells or bars; columns are cells, moments or the points of a bar from the smallest value up. Points of
 * two axes are one row from left to right, with the moments of lines, if there are any, as the row below.
 */
export interface Stop {
  readonly panel: number;
  readonly row: number;
  readonly column: number;
}

const heatmapAt = ({ traces }: Figure, panel: number): HeatmapTrace | undefined =>
  traces.filter(isHeatmap).find((trace) => trace.panel === panel);
const stripsAt = ({ traces }: Figure, panel: number): StripTrace[] =>
  traces.filter(isStrip).filter((trace) => trace.panel === panel);

/** [row]: how many columns it has. */
function shapeOf(figure: Figure, panel: number): number[] {
  const heatmap = heatmapAt(figure, panel);
  if (heatmap) return heatmap.rows.map(() => heatmap.columns.length);
  const strips = stripsAt(figure, panel);
  if (strips.length > 0) return strips.map(({ points }) => points.length);
  const [placeCount, momentCount] = [placesOf(figure, panel).length, momentsOf(figure, panel).length];
  return placeCount === 0 ? [momentCount] : momentCount === 0 ? [placeCount] : [placeCount, momentCount];
}

/** The points of a panel from left to right, if the row is theirs. */
const walkOf = (figure: Figure, { panel, row }: Stop): Place[] =>
  row === 0 ? placesOf(figure, panel).sort((a, b) => a.x - b.x || a.y - b.y) : [];

/** The nearest point further up or down; steep ways count as shorter than flat ones. */
function beyond(walk: readonly Place[], column: number, upwards: boolean): number | undefined {
  const from = walk[column]!;
  const wayOf = (place: Place): number => {
    const rise = upwards ? place.y - from.y : from.y - place.y;
    return rise > 0 ? Math.hypot(rise, 2 * (place.x - from.x)) : Infinity;
  };
  const ways = walk.map(wayOf);
  const shortest = ways.reduce((a, b) => Math.min(a, b), Infinity);
  return shortest === Infinity ? undefined : ways.indexOf(shortest);
}

/** The first place, or the nearest one that is still there after the figure has changed. */
export function settled(figure: Figure, stop: Stop | undefined): Stop | undefined {
  const wanted = stop ?? { panel: 0, row: 0, column: 0 };
  const shapes = figure.panels.map((_, panel) => shapeOf(figure, panel));
  const isFull = (panel: number): boolean => (shapes[panel] ?? []).some((count) => count > 0);
  const panel = isFull(wanted.panel) ? wanted.panel : shapes.findIndex((_, index) => isFull(index));
  if (panel < 0) return undefined;
  const row = Math.min(wanted.row, shapes[panel]!.length - 1);
  return { panel, row, column: Math.max(0, Math.min(wanted.column, shapes[panel]![row]! - 1)) };
}

/** After a key; undefined when the key means nothing here. */
export function moved(figure: Figure, stop: Stop, key: string): Stop | undefined {
  const counts = shapeOf(figure, stop.panel);
  const { row, column } = stop;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const walk = walkOf(figure, stop);
    const next = walk.length > 0 ? beyond(walk, column, key === "ArrowUp") : undefined;
    if (next !== undefined) return { ...stop, column: next };
  }
  switch (key) {
    case "ArrowUp":
      return settled(figure, { ...stop, row: Math.max(0, row - 1) });
    case "ArrowDown":
      return settled(figure, { ...stop, row: row + 1 });
    case "ArrowLeft":
      return column > 0 ? { ...stop, column: column - 1 } : besides(figure, stop, -1);
    case "ArrowRight":
      return column < counts[row]! - 1 ? { ...stop, column: column + 1 } : besides(figure, stop, 1);
    case "Home":
      return { ...stop, column: 0 };
    case "End":
      return { ...stop, column: Math.max(0, counts[row]! - 1) };
    case "PageUp":
    case "PageDown":
      return besides(figure, stop, key === "PageUp" ? -1 : 1);
    default:
      return undefined;
  }
}

/** The neighbouring panel, entered at the near edge; the same place where there is none. */
function besides(figure: Figure, stop: Stop, step: 1 | -1): Stop {
  const panel = stop.panel + step;
  if (!figure.panels[panel] || shapeOf(figure, panel).every((count) => count === 0)) return stop;
  return settled(figure, { panel, row: stop.row, column: step > 0 ? 0 : Infinity }) ?? stop;
}

/** Places of a bar's points, from the smallest value up. */
const order = ({ points }: StripTrace): number[] => [...points.keys()].sort((a, b) => points[a]! - points[b]!);

/** What Enter does here. */
export function hitAt(figure: Figure, stop: Stop): Hit | undefined {
  const { panel, row, column } = stop;
  if (heatmapAt(figure, panel)) return { kind: "cell", panel, row, column };
  const strip = stripsAt(figure, panel)[row];
  if (strip) return strip.points.length === 0 ? undefined : { kind: "point", id: strip.ids[order(strip)[column]!]! };
  const place = walkOf(figure, stop)[column];
  if (place) return { kind: "point", id: place.trace.ids[place.index]! };
  return { kind: "moment", x: momentsOf(figure, panel)[column]! };
}

/** In words, for aria-live. */
export function described(figure: Figure, stop: Stop): string {
  const { panel, row, column } = stop;
  const { title, x, spans = [] } = figure.panels[panel]!;
  const heatmap = heatmapAt(figure, panel);
  if (heatmap) return `${title}, ${cellText(heatmap, row, column)}`;
  const strip = stripsAt(figure, panel)[row];
  if (strip) return `${title}, ${stripText(strip, column)}`;
  const point = walkOf(figure, stop)[column];
  if (point) return `${title}, ${pointText(point.trace, point.index)}`;
  const moment = momentsOf(figure, panel)[column]!;
  const lines = figure.traces.filter(isLine).filter((trace) => trace.panel === panel && !trace.faint);
  const values = lines.flatMap((line) => {
    const at = line.x.indexOf(moment);
    return at < 0 ? [] : [`${line.title} ${line.hover?.[at] ?? shortNumber(line.y[at]!)}`];
  });
  const within = spans.filter(({ axis, from, to }) => axis === "x" && from <= moment && moment <= to);
  const place = [valueText(x!.title, moment), ...within.map((span) => span.title)].join(", ");
  return `${title}, ${place}: ${values.join(", ")}`;
}

function stripText(strip: StripTrace, column: number): string {
  const place = order(strip)[column];
  const point =
    place === undefined ? "no measurable probe" : (strip.hover?.(place) ?? shortNumber(strip.points[place]!));
  return `${strip.title}, mean ${shortNumber(strip.mean)}; ${point}`;
}

/** Where the cursor is drawn. */
export function boxOf(figure: Figure, frame: Frame, stop: Stop): Box {
  const { panel, row, column } = stop;
  const { plot } = frame.panels[panel]!;
  const heatmap = heatmapAt(figure, panel);
  if (heatmap) return cellBox(heatmap, plot, row, column);
  const point = walkOf(figure, stop)[column];
  if (point) return around(pixelsOf(point, plot), point.trace.radius * frame.stroke + 4);
  const { x, y } = figure.panels[panel]!;
  const strip = stripsAt(figure, panel)[row];
  if (!strip)
    return { left: xOf(x!, plot, momentsOf(figure, panel)[column]!) - 4, top: plot.top, width: 8, height: plot.height };
  const place = order(strip)[column];
  const at =
    place === undefined ? { value: 0, side: 0 } : { value: strip.points[place]!, side: spread(place) * pointsShare };
  return around({ left: xOf(x!, plot, at.value), top: yOf(y!, plot, strip.category + at.side) }, 6);
}

const around = ({ left, top }: Pick<Box, "left" | "top">, half: number): Box => ({
  left: left - half,
  top: top - half,
  width: 2 * half,
  height: 2 * half,
});
