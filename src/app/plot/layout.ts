// Axes and looks of a figure in Plotly's words, exactly where our own drawing has them.
import { middles } from "../export/drawHeatmap.ts";
import { columnNames, rowNames, sameAxis, stripExtent } from "../export/frame.ts";
import { isStrip, type Axis, type Figure, type HeatmapTrace, type Tick } from "../figures/figure.ts";
import { logTicks, niceTicks } from "../figures/scale.ts";
import {
  axisId,
  axisName,
  domains,
  hasStrips,
  heatmapOn,
  isUnified,
  rangeValue,
  type Context,
  type Json,
} from "./context.ts";
import {
  hatchImages,
  lineNotes,
  markNotes,
  markShapes,
  meanNotes,
  referenceNotes,
  referenceShapes,
  stripShapes,
} from "./shapes.ts";

export function layoutOf(context: Context): Json {
  const { figure, frame, theme, fontFamily, isTouch } = context;
  const axes = figure.panels.map((_, panel) => axesOf(context, panel));
  const panels = figure.panels.map((_, panel) => panel);
  return {
    width: frame.width,
    height: Math.round(frame.height),
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: fontFamily, size: frame.font.tick, color: theme.text },
    hovermode: isUnified(figure) ? "x unified" : "closest",
    // Between two epochs, those of the nearer one; beside points, nothing.
    hoverdistance: isUnified(figure) ? -1 : 20,
    hoverlabel: {
      bgcolor: theme.paper,
      bordercolor: theme.axis,
      font: { family: fontFamily, size: 12, color: theme.text },
      align: "left",
    },
    dragmode: isTouch ? false : "zoom",
    barmode: "overlay",
    showlegend: false,
    // The reader's zoom outlives new results.
    uirevision: figure.name,
    shapes: panels.flatMap((panel) => [
      ...referenceShapes(context, panel),
      ...markShapes(context, panel),
      ...stripShapes(context, panel),
    ]),
    annotations: panels.flatMap((panel) => [
      ...lineNotes(context, panel),
      ...meanNotes(context, panel),
      ...markNotes(context, panel),
      ...referenceNotes(context, panel),
    ]),
    images: panels.flatMap((panel) => hatchImages(context, panel)),
    ...Object.assign({}, ...axes),
  };
}

function axesOf(context: Context, panel: number): Json {
  const { figure, frame, isTouch, theme } = context;
  const domain = domains(frame.panels[panel]!, frame);
  const common = { showline: false, fixedrange: isTouch, automargin: false };
  const { x, y } = ranges(figure, panel);
  const { hasSide } = frame.panels[panel]!;
  const isBars = figure.traces.some((trace) => isStrip(trace) && trace.panel === panel);
  const here = figure.panels[panel]!;
  const isCells = here.x === undefined;
  const isEqual = here.view === "equal";
  const grid = { gridcolor: theme.grid, gridwidth: 1, zerolinecolor: theme.axis, zerolinewidth: 1 };
  return {
    [axisName("x", panel)]: {
      ...common,
      ...grid,
      domain: domain.x,
      anchor: axisId("y", panel),
      range: x,
      type: here.x?.scale ?? "linear",
      ...matching(figure, panel, "x"),
      ...(isCells || isBars
        ? {}
        : { unifiedhovertitle: { text: `${here.x!.title} %{x}` }, hoverformat: here.x!.scale === "log" ? ".3~g" : "" }),
      showgrid: isBars,
      zeroline: isBars,
      ...ticks(figure, panel, "x", x),
      ticks: isBars || isCells || isEqual ? "" : "outside",
      ticklen: 4,
      tickcolor: theme.axis,
      tickfont: { size: frame.font.tick, color: isCells ? theme.text : theme.muted },
      ticklabelstandoff: isCells ? (hasStrips(figure, panel) ? stripExtent + 2 : 2) : isBars ? 4 : 0,
      tickangle: frame.panels[panel]!.isSlanted ? -90 : 0,
    },
    [axisName("y", panel)]: {
      ...common,
      ...grid,
      domain: domain.y,
      anchor: axisId("x", panel),
      range: y,
      type: here.y?.scale ?? "linear",
      ...matching(figure, panel, "y"),
      // However one zooms.
      ...(isEqual ? { scaleanchor: axisId("x", panel) } : {}),
      showgrid: !isBars && !isCells && !isEqual,
      zeroline: !isBars && !isCells && !isEqual,
      ...ticks(figure, panel, "y", y),
      showticklabels: hasSide,
      ticks: "",
      ticklabelstandoff: 4 + (hasStrips(figure, panel) ? stripExtent : 0),
      tickfont: { size: frame.font.tick, color: isBars || isCells ? theme.text : theme.muted },
    },
  };
}

/** Panels of the same scale are zoomed together, but for those whose zoom keeps x and y at one scale. */
function matching(figure: Figure, panel: number, letter: "x" | "y"): Json {
  if (figure.panels[panel]!.view === "equal") return {};
  const isAlike = (other: number): boolean =>
    figure.panels[other]!.view !== "equal" &&
    sameAxis(figure.panels[other]![letter], figure.panels[panel]![letter]) &&
    isSame(ranges(figure, other)[letter], ranges(figure, panel)[letter]);
  const first = figure.panels.findIndex((_, other) => isAlike(other));
  return first < panel ? { matches: axisId(letter, first) } : {};
}

const isSame = (a: readonly number[], b: readonly number[]): boolean => a.every((value, at) => value === b[at]);

/** What a panel shows before anyone zooms. */
export function ranges(figure: Figure, panel: number): { x: [number, number]; y: [number, number] } {
  const { x, y } = figure.panels[panel]!;
  if (x && y) return { x: rangeOf(x), y: rangeOf(y) };
  const trace = heatmapOn(figure, panel);
  const [columnCount, rowCount] = [trace?.columns.length ?? 1, trace?.rows.length ?? 1];
  return { x: [-0.5, columnCount - 0.5], y: [rowCount - 0.5, -0.5] };
}

const rangeOf = (axis: Axis): [number, number] => [rangeValue(axis, axis.low), rangeValue(axis, axis.high)];

/** Fewer rows or columns than this in sight are named one by one. */
const namedCount = 16;

/** Ticks of what is in sight: nice numbers, or names. */
export function ticks(figure: Figure, panel: number, letter: "x" | "y", range: readonly [number, number]): Json {
  const axis: Axis | undefined = figure.panels[panel]![letter];
  const [low, high] = [Math.min(...range), Math.max(...range)];
  if (axis) {
    const ends = rangeOf(axis);
    const isWhole = axis.title === "" || (low <= Math.min(...ends) && high >= Math.max(...ends));
    const fitting = (): readonly Tick[] =>
      axis.scale === "log" ? logTicks(10 ** low, 10 ** high) : niceTicks(low, high, 5);
    return tickArray(isWhole ? axis.ticks : fitting());
  }
  const trace = heatmapOn(figure, panel);
  if (!trace) return tickArray([]);
  const side = letter === "x" ? "columns" : "rows";
  if (trace.strips && high - low > namedCount) return tickArray(classTicks(trace, side));
  return tickArray(trace[side].map((text, at) => ({ at, text })).filter(({ at }) => at >= low && at <= high));
}

function classTicks(trace: HeatmapTrace, side: "rows" | "columns"): { at: number; text: string }[] {
  const names = side === "rows" ? rowNames(trace) : columnNames(trace);
  return middles(trace, side, trace[side].length).map((at, index) => ({ at: at - 0.5, text: names[index]! }));
}

const tickArray = (list: readonly { readonly at: number; readonly text: string }[]): Json => ({
  tickmode: "array",
  tickvals: list.map(({ at }) => at),
  ticktext: list.map(({ text }) => text),
});
