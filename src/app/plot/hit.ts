// What lies at a place of our own drawing, so that clicks work before Plotly is there.
import { pixelsOf, placedPoints, pointsOn, type PlacedPoint } from "../export/drawPoints.ts";
import { pointsShare } from "../export/drawStrips.ts";
import type { Frame } from "../export/frame.ts";
import { xOf, yOf, type Box } from "../export/box.ts";
import {
  isHeatmap,
  isLine,
  isStrip,
  type Figure,
  type HeatmapTrace,
  type PointsTrace,
  type StripTrace,
} from "../figures/figure.ts";
import { spread } from "../figures/scale.ts";

export type Hit =
  | { readonly kind: "cell"; readonly panel: number; readonly row: number; readonly column: number }
  | { readonly kind: "point"; readonly id: number }
  | { readonly kind: "moment"; readonly x: number };

/** A finger's or pointer's reach around a point. */
const reachPx = 10;

/** @param x pixels from the left @param y pixels from the top of the figure */
export function hitOf(figure: Figure, frame: Frame, x: number, y: number): Hit | undefined {
  const panel = frame.panels.findIndex(({ plot }) => isWithin(plot, x, y));
  if (panel < 0) return undefined;
  const { plot } = frame.panels[panel]!;
  const traces = figure.traces.filter((trace) => trace.panel === panel);
  const heatmap = traces.find(isHeatmap);
  if (heatmap) return cellAt(heatmap, plot, x, y);
  const strips = traces.filter(isStrip);
  if (strips.length > 0) return pointAt(figure, strips, plot, x, y);
  const place = placeAt(figure, frame, panel, x, y);
  if (place) return { kind: "point", id: place.trace.ids[place.index]! };
  const moments = momentsOf(figure, panel);
  const axis = figure.panels[panel]!.x;
  const nearest = axis && nearestBy(moments, (moment) => Math.abs(xOf(axis, plot, moment) - x));
  return nearest === undefined ? undefined : { kind: "moment", x: nearest };
}

const isWithin = ({ left, top, width, height }: Box, x: number, y: number): boolean =>
  x >= left && x < left + width && y >= top && y < top + height;

const cellAt = ({ panel, rows, columns }: HeatmapTrace, plot: Box, x: number, y: number): Hit => ({
  kind: "cell",
  panel,
  row: Math.floor(((y - plot.top) / plot.height) * rows.length),
  column: Math.floor(((x - plot.left) / plot.width) * columns.length),
});

function pointAt({ panels }: Figure, strips: readonly StripTrace[], plot: Box, x: number, y: number): Hit | undefined {
  const { x: xAxis, y: yAxis } = panels[strips[0]!.panel]!;
  const points = strips.flatMap(({ category, points: values, ids }) =>
    values.map((value, index) => {
      const [left, top] = [xOf(xAxis!, plot, value), yOf(yAxis!, plot, category + spread(index) * pointsShare)];
      return { id: ids[index]!, distance: Math.hypot(left - x, top - y) };
    }),
  );
  const nearest = nearestBy(points, ({ distance }) => distance);
  return nearest && nearest.distance <= reachPx ? { kind: "point", id: nearest.id } : undefined;
}

/** A point that is drawn, of any of a panel's traces. */
export interface Place extends PlacedPoint {
  readonly trace: PointsTrace;
}

/** All points of a panel in the order in which they are drawn. */
export function placesOf(figure: Figure, panel: number): Place[] {
  const { x, y } = figure.panels[panel]!;
  if (!x || !y) return [];
  return pointsOn(figure, panel).flatMap((trace) =>
    placedPoints(trace, { x, y }).map((point) => ({ ...point, trace })),
  );
}

/** The point whose middle is nearest, within reach; the one on top where several are. */
export function placeAt(figure: Figure, frame: Frame, panel: number, x: number, y: number): Place | undefined {
  const { plot } = frame.panels[panel]!;
  const distance = (place: Place): number => {
    const { left, top } = pixelsOf(place, plot);
    return Math.hypot(left - x, top - y);
  };
  const nearest = nearestBy(placesOf(figure, panel).toReversed(), distance);
  const reach = nearest && Math.max(reachPx, nearest.trace.radius * frame.stroke);
  return nearest && distance(nearest) <= reach! ? nearest : undefined;
}

/** The x values at which any line of a panel that is not faint has a point, in order. */
export function momentsOf({ traces }: Figure, panel: number): number[] {
  const all = traces
    .filter(isLine)
    .filter((trace) => trace.panel === panel && !trace.faint)
    .flatMap(({ x }) => x);
  return [...new Set(all)].sort((a, b) => a - b);
}

function nearestBy<T>(items: readonly T[], distance: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || distance(item) < distance(best) ? item : best),
    undefined,
  );
}
