// A figure in Plotly's words: its traces, what a click on each of them means, and the layout.
import { cellText } from "../export/drawHeatmap.ts";
import type { Axes } from "../export/box.ts";
import { bandOpacity, dashArrays, lineWidth, markerSize } from "../export/drawLines.ts";
import {
  haloWidth,
  hollowWidth,
  placedPoints,
  pointColours,
  pointText,
  rimColour,
  rimWidthOf,
  ringGap,
  ringWidth,
} from "../export/drawPoints.ts";
import { boundsOf, runsOf } from "../export/runs.ts";
import { barOpacity, barShare, pointRadius, pointsShare } from "../export/drawStrips.ts";
import {
  isHeatmap,
  isLine,
  isPoints,
  type ColourScale,
  type Figure,
  type HeatmapTrace,
  type LineTrace,
  type PointsTrace,
  type StripTrace,
  type Trace,
} from "../figures/figure.ts";
import { colourOf, rampOf, shown, textOn, type Theme } from "../figures/palette.ts";
import { shortNumber, spread } from "../figures/scale.ts";
import { valueText } from "../figures/wording.ts";
import { axisId, isUnified, type Context, type Json } from "./context.ts";
import { layoutOf } from "./layout.ts";

/** What a click on a drawn trace means. */
export type Meaning =
  | { readonly kind: "cell"; readonly panel: number }
  | { readonly kind: "point"; readonly ids: readonly number[] }
  | { readonly kind: "moment" }
  | { readonly kind: "nothing" };

export interface Translation {
  readonly traces: readonly Json[];
  /** [trace] */
  readonly meanings: readonly Meaning[];
  readonly layout: Json;
}

interface Drawn {
  readonly json: Json;
  readonly meaning: Meaning;
}

const nothing: Meaning = { kind: "nothing" };

export function translation(context: Context): Translation {
  const { figure, theme } = context;
  const inOrder = figure.traces.toSorted((a, b) => layerOf(a) - layerOf(b));
  const bands = figure.traces.filter(isLine).flatMap((trace) => band(figure, trace, shown(trace.colour, theme)));
  const drawn = [...bands, ...inOrder.flatMap((trace) => drawnOf(context, trace))];
  return {
    traces: drawn.map(({ json }) => json),
    meanings: drawn.map(({ meaning }) => meaning),
    layout: layoutOf(context),
  };
}

/** Bands and faint lines lie beneath points, and points beneath all else. */
const layerOf = (trace: Trace): number => (isLine(trace) && trace.faint ? 0 : isPoints(trace) ? 1 : 2);

function drawnOf(context: Context, trace: Trace): Drawn[] {
  if (isHeatmap(trace)) return heatmap(context, trace);
  if (isPoints(trace)) return points(context, trace);
  return isLine(trace) ? line(context, trace) : strip(context, trace);
}

const onPanel = (panel: number): Json => ({ xaxis: axisId("x", panel), yaxis: axisId("y", panel), showlegend: false });

/**
 * Values beyond the limits and cells of an image with itself get places of their own below and above the scale, so that
 * one trace shows all colours; what is not measurable stays a gap through which the hatch is seen.
 */
function heatmap({ theme, frame: { font } }: Context, trace: HeatmapTrace): Drawn[] {
  const { low, high } = trace.scale;
  const margin = (high - low) / 10;
  const place = (value: number): number | null =>
    Number.isNaN(value) ? null : value > high ? high + margin : value < low ? low - margin : value;
  const z = trace.values.map((row) => row.map(place));
  for (const [row, column] of trace.own ?? []) z[row]![column] = low - 2 * margin;
  const isFew = trace.labels !== undefined;
  const cells: Json = {
    type: "heatmap",
    ...onPanel(trace.panel),
    z,
    text: trace.values.map((row, at) => row.map((_, column) => cellText(trace, at, column))),
    hovertemplate: "%{text}<extra></extra>",
    hoverongaps: true,
    zmin: low - 2 * margin,
    zmax: high + margin,
    colorscale: colourscale(trace.scale, theme),
    showscale: false,
    xgap: isFew ? 1 : 0,
    ygap: isFew ? 1 : 0,
  };
  const drawn: Drawn = { json: cells, meaning: { kind: "cell", panel: trace.panel } };
  return isFew ? [drawn, { json: cellLabels(trace, font.tick, theme), meaning: nothing }] : [drawn];
}

/** From two tenths below the scale (an image with itself, then too low) to one above it (too high). */
function colourscale(scale: ColourScale, theme: Theme): [number, string][] {
  const { stops, under, over } = rampOf(scale.kind);
  const at = (tenths: number): number => (tenths + 2) / 13;
  const ramp = stops.map((colour, index): [number, string] => [at((index / (stops.length - 1)) * 10), colour]);
  const [early, late] = [at(-0.01), at(10.01)];
  return [[0, theme.own], [at(-1.5), theme.own], [at(-1.5), under], [early, under], ...ramp, [late, over], [1, over]];
}

/** As text of their own: Plotly's labels in cells are dark grey where ours are black. */
function cellLabels(trace: HeatmapTrace, size: number, theme: Theme): Json {
  const cells = trace.values.flatMap((row, y) =>
    row.map((value, x) => ({ x, y, value, label: trace.labels![y]![x]! })),
  );
  return {
    type: "scatter",
    mode: "text",
    ...onPanel(trace.panel),
    x: cells.map(({ x }) => x),
    y: cells.map(({ y }) => y),
    text: cells.map(({ label }) => label),
    textfont: { size, color: cells.map(({ value }) => textIn(colourOf(value, trace.scale), theme)) },
    hoverinfo: "skip",
  };
}

const textIn = (colour: string | undefined, theme: Theme): string =>
  colour === undefined ? theme.text : textOn(colour);

function line({ figure, theme }: Context, trace: LineTrace): Drawn[] {
  const axes = axesOn(figure, trace.panel);
  // The hover of all lines at a moment tells the moment above them.
  const momentOf = (x: number): string => (isUnified(figure) ? "" : `, ${valueText(axes.x.title, x)}`);
  const colour = shown(trace.colour, theme);
  const hasMarkers = trace.marker !== "none";
  const json: Json = {
    type: "scatter",
    mode: hasMarkers ? "lines+markers" : "lines",
    ...onPanel(trace.panel),
    name: trace.title,
    x: trace.x,
    y: trace.y.map((value) => (Number.isNaN(value) ? null : value)),
    line: {
      color: colour,
      width: trace.faint ? 0.8 : lineWidth,
      dash: dashArrays[trace.dash]?.replaceAll(" ", ",") ?? "solid",
    },
    opacity: trace.faint ? 0.45 : 1,
    marker: { symbol: trace.marker, size: markerSize * 2.1, line: { color: theme.paper, width: 0.8 } },
    cliponaxis: !hasMarkers,
    ...(trace.faint
      ? { hoverinfo: "skip" }
      : {
          text: trace.x.map(
            (x, index) => `${trace.title}${momentOf(x)}: ${trace.hover?.[index] ?? shortNumber(trace.y[index]!)}`,
          ),
          hovertemplate: "%{text}<extra></extra>",
        }),
  };
  return [{ json, meaning: trace.faint ? nothing : { kind: "moment" } }];
}

const axesOn = ({ panels }: Figure, panel: number): Axes => ({ x: panels[panel]!.x!, y: panels[panel]!.y! });

function band(figure: Figure, trace: LineTrace, colour: string): Drawn[] {
  if (!trace.band) return [];
  const { x, panel } = trace;
  const axes = axesOn(figure, panel);
  const { low, high } = boundsOf(trace.band, axes.y);
  return runsOf(trace, axes)
    .filter((run) => run.length > 1)
    .map((run) => {
      const back = run.toReversed();
      const json: Json = {
        type: "scatter",
        mode: "lines",
        ...onPanel(panel),
        x: [...run, ...back].map((index) => x[index]),
        y: [...run.map((index) => high[index]), ...back.map((index) => low[index])],
        fill: "toself",
        fillcolor:
          colour +
          Math.round(bandOpacity * 255)
            .toString(16)
            .padStart(2, "0"),
        line: { width: 0 },
        hoverinfo: "skip",
      };
      return { json, meaning: nothing };
    });
}

function points({ figure, frame, theme }: Context, trace: PointsTrace): Drawn[] {
  const order = placedPoints(trace, axesOn(figure, trace.panel)).map(({ index }) => index);
  const colours = pointColours(trace, theme);
  const rim = rimColour(trace, theme);
  const size = trace.radius * frame.stroke * 2;
  const common = { type: "scatter", mode: "markers", ...onPanel(trace.panel), cliponaxis: false };
  const json: Json = {
    ...common,
    ...placesOf(trace, order),
    marker: {
      symbol: trace.marker,
      size,
      opacity: trace.opacity ?? 1,
      color: order.map((index) => colours[index] ?? "rgba(0,0,0,0)"),
      line: {
        color: order.map((index) => (colours[index] === undefined ? theme.hatchLine : rim)),
        width: order.map((index) =>
          colours[index] === undefined
            ? hollowWidth * frame.stroke
            : rim === undefined
              ? 0
              : rimWidthOf(trace) * frame.stroke,
        ),
      },
    },
    text: order.map((index) => pointText(trace, index)),
    hovertemplate: "%{text}<extra></extra>",
  };
  const all: Drawn = { json, meaning: { kind: "point", ids: order.map((index) => trace.ids[index]!) } };
  const picked = order.filter((index) => trace.ids[index] === trace.picked);
  const again: Json = {
    ...common,
    ...placesOf(trace, picked),
    marker: { symbol: trace.marker, size, color: picked.map((index) => colours[index] ?? theme.hatchLine) },
    hoverinfo: "skip",
  };
  const ring = (color: string, width: number): Drawn => {
    const outline = { color, width: width * frame.stroke };
    const marker = { symbol: "circle-open", size: size + 2 * ringGap * frame.stroke, color, line: outline };
    return { json: { ...common, ...placesOf(trace, picked), marker, hoverinfo: "skip" }, meaning: nothing };
  };
  const rings = [ring(theme.paper, haloWidth), ring(theme.text, ringWidth), { json: again, meaning: nothing }];
  return [all, ...(picked.length === 0 ? [] : rings), ...pointNames({ frame, theme }, trace, order)];
}

const textPositions = { above: "top center", below: "bottom center", left: "middle left", right: "middle right" };

function pointNames(
  { frame, theme }: Pick<Context, "frame" | "theme">,
  trace: PointsTrace,
  order: readonly number[],
): Drawn[] {
  if (!trace.names) return [];
  const json: Json = {
    type: "scatter",
    mode: "text",
    ...onPanel(trace.panel),
    cliponaxis: false,
    ...placesOf(trace, order),
    text: order.map((index) => trace.names!.texts[index]),
    textposition: textPositions[trace.names.side],
    textfont: { size: frame.font.tick, color: theme.text },
    hoverinfo: "skip",
  };
  return [{ json, meaning: nothing }];
}

const placesOf = ({ x, y }: PointsTrace, indices: readonly number[]): Json => ({
  x: indices.map((index) => x[index]),
  y: indices.map((index) => y[index]),
});

function strip({ theme }: Context, trace: StripTrace): Drawn[] {
  const colour = shown(trace.colour, theme);
  const onAxes = onPanel(trace.panel);
  const points: Json = {
    type: "scatter",
    mode: "markers",
    ...onAxes,
    x: trace.points,
    y: trace.points.map((_, index) => trace.category + spread(index) * pointsShare),
    marker: { color: colour, size: pointRadius * 2, opacity: 0.75, line: { width: 0 } },
    ...(trace.hover ? { text: trace.points.map((_, index) => trace.hover!(index)) } : {}),
    hovertemplate: "%{text}<extra></extra>",
    cliponaxis: false,
  };
  const drawnPoints: Drawn = { json: points, meaning: { kind: "point", ids: trace.ids } };
  if (Number.isNaN(trace.mean)) return [drawnPoints];
  const bar: Json = {
    type: "bar",
    orientation: "h",
    ...onAxes,
    x: [trace.mean],
    y: [trace.category],
    width: [barShare],
    marker: { color: colour, opacity: barOpacity, line: { width: 0 } },
    text: [`${trace.title}: mean ${shortNumber(trace.mean)} of ${trace.points.length} probes`],
    textposition: "none",
    hovertemplate: "%{text}<extra></extra>",
  };
  return [{ json: bar, meaning: nothing }, drawnPoints, ...whisker(trace, theme, onAxes)];
}

function whisker({ category, mean, low, high }: StripTrace, theme: Theme, onAxes: Json): Drawn[] {
  const [half, cap] = [barShare / 2, barShare / 5];
  const stroke = (width: number, x: (number | null)[], y: (number | null)[]): Drawn => ({
    json: { type: "scatter", mode: "lines", ...onAxes, x, y, line: { color: theme.text, width }, hoverinfo: "skip" },
    meaning: nothing,
  });
  const ends = [low, high, null, low, low, null, high, high];
  const sides = [0, 0, null, -cap, cap, null, -cap, cap].map((side) => (side === null ? null : category + side));
  return [stroke(1.1, ends, sides), stroke(2, [mean, mean], [category - half, category + half])];
}
