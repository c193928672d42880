// What Plotly draws beside the data: the marked moment, class strips, labels of lines, means of bars, and the hatch.
import { xOf, yOf, type Axes } from "../export/box.ts";
import { markLabel } from "../export/drawAxes.ts";
import { stretches } from "../export/drawHeatmap.ts";
import { referenceLabels, ruleDash, ruleWidth, shownRules, shownSpans, spanOpacity } from "../export/drawReferences.ts";
import { meanColumn } from "../export/drawStrips.ts";
import { lineLabelGap, meanText, stripBox } from "../export/frame.ts";
import { hatchUrl } from "../export/hatch.ts";
import { lineLabels } from "../export/lineLabels.ts";
import { isStrip, type Figure } from "../figures/figure.ts";
import { readable, shown } from "../figures/palette.ts";
import { axisId, domains, heatmapOn, rangeValue, type Context, type Json } from "./context.ts";

export function markShapes({ figure, frame, theme }: Context, panel: number): Json[] {
  const { x } = figure.panels[panel]!;
  const domain = domains(frame.panels[panel]!, frame);
  if (figure.mark === undefined || !x || figure.mark < x.low || figure.mark > x.high) return [];
  const at = {
    xref: axisId("x", panel),
    x0: figure.mark,
    x1: figure.mark,
    yref: "paper",
    y0: domain.y[0],
    y1: domain.y[1],
  };
  return [{ type: "line", ...at, line: { color: theme.muted, width: 1, dash: "2,3" }, layer: "between" }];
}

export function referenceShapes({ figure, frame, theme }: Context, panel: number): Json[] {
  const axes = axesOn(figure, panel);
  if (!axes) return [];
  const domain = domains(frame.panels[panel]!, frame);
  const across = (axis: "x" | "y", from: number, to: number): Json => {
    const other = axis === "x" ? "y" : "x";
    const [start, end] = domain[other];
    const along = { [`${axis}ref`]: axisId(axis, panel), [`${axis}0`]: from, [`${axis}1`]: to };
    return { ...along, [`${other}ref`]: "paper", [`${other}0`]: start, [`${other}1`]: end };
  };
  const here = figure.panels[panel]!;
  const spans = shownSpans(here, axes).map(({ axis, from, to }) => ({
    type: "rect",
    ...across(axis, from, to),
    fillcolor: theme.text,
    opacity: spanOpacity,
    line: { width: 0 },
    layer: "below",
  }));
  const line = { color: theme.muted, width: ruleWidth * frame.stroke, dash: ruleDash.replace(" ", ",") };
  const rules = shownRules(here, axes).map(({ axis, at }) => ({
    type: "line",
    ...across(axis, at, at),
    line,
    layer: "between",
  }));
  return [...spans, ...rules];
}

const axesOn = ({ panels }: Figure, panel: number): Axes | undefined => {
  const { x, y } = panels[panel]!;
  return x && y && { x, y };
};

export function stripShapes({ figure, frame, theme }: Context, panel: number): Json[] {
  const trace = heatmapOn(figure, panel);
  if (!trace?.strips) return [];
  const { plot } = frame.panels[panel]!;
  const { size, gap } = stripBox;
  const height = Math.round(frame.height);
  const left = (plot.left - gap - size) / frame.width;
  const top = 1 - (plot.top + plot.height + gap) / height;
  const rect = (colour: string, at: Json): Json => ({
    type: "rect",
    ...at,
    fillcolor: shown(colour, theme),
    line: { width: 0 },
  });
  const gapOf = (count: number, lengthPx: number): number => (0.5 * count) / lengthPx;
  const rowGap = gapOf(trace.rows.length, plot.height);
  const columnGap = gapOf(trace.columns.length, plot.width);
  const rows = stretches(trace.strips.rows, trace.rows.length).map(({ colour, from, length }) =>
    rect(colour, {
      xref: "paper",
      x0: left,
      x1: left + size / frame.width,
      yref: axisId("y", panel),
      y0: from - 0.5 + rowGap,
      y1: from + length - 0.5 - rowGap,
    }),
  );
  const columns = stretches(trace.strips.columns, trace.columns.length).map(({ colour, from, length }) =>
    rect(colour, {
      xref: axisId("x", panel),
      x0: from - 0.5 + columnGap,
      x1: from + length - 0.5 - columnGap,
      yref: "paper",
      y0: top - size / height,
      y1: top,
    }),
  );
  return [...rows, ...columns];
}

const plainNote = { showarrow: false, borderpad: 0, align: "left" } as const;

export function lineNotes({ figure, frame, theme }: Context, panel: number): Json[] {
  const { y: axis } = figure.panels[panel]!;
  if (!axis) return [];
  const { plot } = frame.panels[panel]!;
  return lineLabels(figure, panel, frame.panels[panel]!, frame.font).map((label) => {
    const { trace, labelY, y } = label;
    const right = plot.left + plot.width + lineLabelGap;
    const start = plot.left + plot.width + 3;
    const words = {
      text: `<b>${trace.title}</b>`,
      font: { size: frame.font.tick, color: readable(trace.colour, theme) },
      xanchor: "left",
      yanchor: "middle",
      yref: axisId("y", panel),
      y: rangeValue(axis, trace.y[label.last]!),
    };
    if (!label.hasLeader) return { ...plainNote, ...words, xref: "paper", x: right / frame.width, yshift: y - labelY };
    const leader = {
      arrowhead: 0,
      arrowwidth: 0.8,
      arrowcolor: shown(trace.colour, theme),
    };
    const tail = { ax: right - start, ay: labelY - y };
    return {
      ...plainNote,
      ...words,
      ...leader,
      ...tail,
      xref: "paper",
      x: start / frame.width,
      showarrow: true,
    };
  });
}

export function meanNotes({ figure, frame, theme }: Context, panel: number): Json[] {
  const { plot } = frame.panels[panel]!;
  const right = (plot.left + plot.width + meanColumn(frame.font.tick)) / frame.width;
  return figure.traces
    .filter(isStrip)
    .filter((trace) => trace.panel === panel)
    .map((trace) => ({
      ...plainNote,
      xref: "paper",
      x: right,
      xanchor: "right",
      yref: axisId("y", panel),
      y: trace.category,
      yanchor: "middle",
      text: meanText(trace),
      font: { size: frame.font.tick, color: theme.text },
    }));
}

export function markNotes({ figure, frame, theme }: Context, panel: number): Json[] {
  const label = markLabel(figure, frame, panel);
  if (!label) return [];
  const axis = figure.panels[panel]!.x!;
  return [
    {
      ...plainNote,
      xref: axisId("x", panel),
      x: rangeValue(axis, figure.mark!),
      xshift: label.centre - xOf(axis, frame.panels[panel]!.plot, figure.mark!),
      xanchor: "center",
      yref: "paper",
      y: 1 - label.middle / Math.round(frame.height),
      yanchor: "middle",
      text: label.text,
      font: { size: frame.font.tick, color: theme.text },
    },
  ];
}

export function referenceNotes({ figure, frame, theme }: Context, panel: number): Json[] {
  const axes = axesOn(figure, panel);
  if (!axes) return [];
  const panelFrame = frame.panels[panel]!;
  const { plot } = panelFrame;
  return referenceLabels(figure.panels[panel]!, axes, panelFrame, frame.font).map((label) => {
    const { axis, at, left, middle, anchor } = label;
    // With its value along its own axis, at its place across it.
    const place =
      axis === "x"
        ? { xref: axisId("x", panel), x: rangeValue(axes.x, at), xshift: left - xOf(axes.x, plot, at) }
        : { xref: "paper", x: left / frame.width };
    const height =
      axis === "x"
        ? { yref: "paper", y: 1 - middle / Math.round(frame.height) }
        : { yref: axisId("y", panel), y: rangeValue(axes.y, at), yshift: yOf(axes.y, plot, at) - middle };
    return {
      ...plainNote,
      ...place,
      ...height,
      xanchor: { start: "left", middle: "center", end: "right" }[anchor],
      yanchor: "middle",
      text: label.text,
      font: { size: frame.font.tick, color: theme.muted, shadow: `0 0 2px ${theme.paper}, 0 0 3px ${theme.paper}` },
    };
  });
}

/** The hatch behind the cells, seen where one is not measurable. */
export function hatchImages({ figure, frame, theme }: Context, panel: number): Json[] {
  const trace = heatmapOn(figure, panel);
  if (!trace || !trace.values.some((row) => row.some(Number.isNaN))) return [];
  const { plot } = frame.panels[panel]!;
  const { x, y } = domains(frame.panels[panel]!, frame);
  const place = { xref: "paper", yref: "paper", x: x[0], y: y[1], sizex: x[1] - x[0], sizey: y[1] - y[0] };
  return [{ source: hatchUrl(plot, theme), ...place, sizing: "stretch", layer: "below" }];
}
