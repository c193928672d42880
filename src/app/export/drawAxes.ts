// Axes of a panel as SVG: grid, ticks, titles and the marked moment.
import type { Figure, Panel } from "../figures/figure.ts";
import { valueText } from "../figures/wording.ts";
import { element } from "./element.ts";
import type { Frame, PanelFrame } from "./frame.ts";
import { xOf, yOf, type Axes } from "./box.ts";
import type { Ink } from "./ink.ts";
import { text, textWidth } from "./text.ts";

export function drawAxes(ink: Ink, panel: Panel, frame: PanelFrame, kind: "lines" | "bars"): string {
  const axes: Axes = { x: panel.x!, y: panel.y! };
  if (ink.isFrameOnly) return titles(ink, axes, frame);
  return [
    kind === "lines" ? rowsOfGrid(ink, axes, frame) : columnsOfGrid(ink, axes, frame),
    xTicks(ink, axes, frame, kind === "lines"),
    frame.hasSide ? yTicks(ink, axes, frame) : "",
    titles(ink, axes, frame),
  ].join("");
}

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string): string =>
  element("line", { x1, y1, x2, y2, stroke, "stroke-width": 1 });

const isZero = ({ at }: { readonly at: number }): boolean => at === 0;

function rowsOfGrid({ theme }: Ink, { y }: Axes, { plot }: PanelFrame): string {
  return y.ticks
    .map((tick) => {
      const at = yOf(y, plot, tick.at);
      return line(plot.left, at, plot.left + plot.width, at, isZero(tick) ? theme.axis : theme.grid);
    })
    .join("");
}

function columnsOfGrid({ theme }: Ink, { x }: Axes, { plot }: PanelFrame): string {
  return x.ticks
    .map((tick) => {
      const at = xOf(x, plot, tick.at);
      return line(at, plot.top, at, plot.top + plot.height, isZero(tick) ? theme.axis : theme.grid);
    })
    .join("");
}

function xTicks({ theme, frame: { font } }: Ink, { x }: Axes, { plot }: PanelFrame, hasMarks: boolean): string {
  const bottom = plot.top + plot.height;
  return x.ticks
    .map(({ at, text: label }) => {
      const left = xOf(x, plot, at);
      const mark = hasMarks ? line(left, bottom, left, bottom + 4, theme.axis) : "";
      return (
        mark +
        text(left, bottom + 4 + font.tick * (hasMarks ? 0.92 : 0.8), label, {
          size: font.tick,
          fill: theme.muted,
          anchor: "middle",
        })
      );
    })
    .join("");
}

function yTicks({ theme, frame: { font } }: Ink, { y }: Axes, { plot }: PanelFrame): string {
  const isNames = y.title === "";
  return y.ticks
    .map(({ at, text: label }) =>
      text(plot.left - 6, yOf(y, plot, at), label, {
        size: font.tick,
        fill: isNames ? theme.text : theme.muted,
        anchor: "end",
      }),
    )
    .join("");
}

/** The y title stands level above its axis, where it can be read without turning one's head. */
function titles({ theme, frame: { font } }: Ink, { x, y }: Axes, { plot, hasSide }: PanelFrame): string {
  const style = { size: font.title, fill: theme.muted };
  const below = plot.top + plot.height + 4 + font.tick * 1.6 + font.title * 0.7;
  return [
    text(plot.left + plot.width / 2, below, x.title, { ...style, anchor: "middle" }),
    hasSide && y.title !== "" ? text(plot.left, plot.top - font.title, y.title, style) : "",
  ].join("");
}

export interface MarkLabel {
  readonly text: string;
  readonly centre: number;
  readonly middle: number;
}

/** The marked moment's name on top of its line, where that does not hide the y title. */
export function markLabel(
  { panels, mark, markTitle }: Figure,
  { panels: frames, font }: Frame,
  panel: number,
): MarkLabel | undefined {
  const { x, y } = panels[panel]!;
  if (mark === undefined || !x || !y || mark < x.low || mark > x.high) return undefined;
  const { plot, hasSide } = frames[panel]!;
  const label = markTitle ?? valueText(x.title, mark);
  const half = textWidth(label, font.tick) / 2;
  const centre = Math.min(Math.max(xOf(x, plot, mark), plot.left + half), plot.left + plot.width - half);
  const title = hasSide ? textWidth(y.title, font.title) : 0;
  return centre - half > plot.left + title + 4 ? { text: label, centre, middle: plot.top - font.tick } : undefined;
}

export function drawMark(ink: Ink, panel: number, { x }: Axes, { plot }: PanelFrame, mark: number): string {
  if (mark < x.low || mark > x.high) return "";
  const { theme, figure, frame } = ink;
  const left = xOf(x, plot, mark);
  const label = markLabel(figure, frame, panel);
  const style = { size: frame.font.tick, fill: theme.text, anchor: "middle" as const };
  return (
    element("line", {
      x1: left,
      x2: left,
      y1: plot.top,
      y2: plot.top + plot.height,
      stroke: theme.muted,
      "stroke-dasharray": "2 3",
    }) + (label ? text(label.centre, label.middle, label.text, style) : "")
  );
}
