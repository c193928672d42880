// What the reader compares with, as SVG: shaded spans and dotted rules of an axis, and their names.
import type { Axis, Panel, Rule, Span } from "../figures/figure.ts";
import { shareOf, xOf, yOf, type Axes, type Box } from "./box.ts";
import { element } from "./element.ts";
import type { Frame, PanelFrame } from "./frame.ts";
import type { Ink } from "./ink.ts";
import { text, textWidth, type TextStyle } from "./text.ts";

export const spanOpacity = 0.06;
export const ruleDash = "1.5 3";
export const ruleWidth = 1.2;

/** The spans of a panel, as far as the axes show them. */
export const shownSpans = ({ spans = [] }: Panel, axes: Axes): Span[] =>
  spans
    .map((span) => {
      const { low, high } = axes[span.axis];
      const [least, most] = [Math.min(low, high), Math.max(low, high)];
      return { ...span, from: Math.max(least, span.from), to: Math.min(most, span.to) };
    })
    .filter(({ from, to }) => from < to);

export const shownRules = ({ rules = [] }: Panel, axes: Axes): Rule[] =>
  rules.filter(({ axis, at }) => isOn(axes[axis], at));

const isOn = (axis: Axis, value: number): boolean => shareOf(axis, value) >= 0 && shareOf(axis, value) <= 1;

export function drawSpans({ theme }: Ink, panel: Panel, axes: Axes, { plot }: PanelFrame): string {
  const style = { fill: theme.text, "fill-opacity": spanOpacity };
  return shownSpans(panel, axes)
    .map(({ axis, from, to }) => {
      const [pixelOf, whole] = [
        axis === "x" ? xOf : yOf,
        { x: plot.left, y: plot.top, width: plot.width, height: plot.height },
      ];
      const [a, b] = [pixelOf(axes[axis], plot, from), pixelOf(axes[axis], plot, to)];
      const [start, length] = [Math.min(a, b), Math.abs(a - b)];
      const part = axis === "x" ? { x: start, width: length } : { y: start, height: length };
      return element("rect", { ...whole, ...part, ...style });
    })
    .join("");
}

export function drawRules({ theme, frame }: Ink, panel: Panel, axes: Axes, { plot }: PanelFrame): string {
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  const style = { stroke: theme.muted, "stroke-width": ruleWidth * frame.stroke, "stroke-dasharray": ruleDash };
  return shownRules(panel, axes)
    .map(({ axis, at }) => {
      if (axis === "x") {
        const left = xOf(axes.x, plot, at);
        return element("line", { x1: left, x2: left, y1: plot.top, y2: bottom, ...style });
      }
      const top = yOf(axes.y, plot, at);
      return element("line", { x1: plot.left, x2: right, y1: top, y2: top, ...style });
    })
    .join("");
}

/** The name of a span or rule. */
export interface ReferenceLabel {
  readonly text: string;
  /** The value that it stays with when the axis is zoomed. */
  readonly axis: "x" | "y";
  readonly at: number;
  /** In pixels; the middle of its height. */
  readonly left: number;
  readonly middle: number;
  readonly anchor: NonNullable<TextStyle["anchor"]>;
}

/** Names along the top for x and at the right for y; one that would lie on another is written below it. */
export function referenceLabels(panel: Panel, axes: Axes, { plot }: PanelFrame, font: Frame["font"]): ReferenceLabel[] {
  const labels = [
    ...shownRules(panel, axes).map((rule) => ruleLabel(rule, axes, plot, font.tick)),
    ...shownSpans(panel, axes).map((span) => spanLabel(span, axes, plot, font.tick)),
  ];
  const placed: ReferenceLabel[] = [];
  for (const label of labels.filter((each) => each.text !== "")) {
    let { middle } = label;
    while (placed.some((other) => overlap(other, { ...label, middle }, font.tick))) middle += font.tick * 1.3;
    placed.push({ ...label, middle });
  }
  return placed;
}

function ruleLabel({ axis, at, title }: Rule, axes: Axes, plot: Box, size: number): ReferenceLabel {
  const right = plot.left + plot.width;
  if (axis === "y") {
    const y = yOf(axes.y, plot, at);
    const side = y - plot.top < size * 1.5 ? 1 : -1;
    return { text: title, axis, at, left: right - 4, middle: y + side * size * 0.75, anchor: "end" };
  }
  const x = xOf(axes.x, plot, at);
  const isRoomy = x + 5 + textWidth(title, size) < right;
  const place = isRoomy ? { left: x + 5, anchor: "start" as const } : { left: x - 5, anchor: "end" as const };
  return { text: title, axis, at, middle: plot.top + size * 0.9, ...place };
}

function spanLabel({ axis, from, to, title }: Span, axes: Axes, plot: Box, size: number): ReferenceLabel {
  const at = axes[axis].scale === "log" ? Math.sqrt(from * to) : (from + to) / 2;
  const right = plot.left + plot.width;
  if (axis === "y") return { text: title, axis, at, left: right - 4, middle: yOf(axes.y, plot, at), anchor: "end" };
  const half = textWidth(title, size) / 2 + 2;
  const left = Math.max(plot.left + half, Math.min(right - half, xOf(axes.x, plot, at)));
  return { text: title, axis, at, left, middle: plot.top + size * 0.9, anchor: "middle" };
}

function overlap(a: ReferenceLabel, b: ReferenceLabel, size: number): boolean {
  const startOf = ({ text, left, anchor }: ReferenceLabel): number =>
    left - textWidth(text, size) * { start: 0, middle: 0.5, end: 1 }[anchor];
  const isBeside =
    startOf(a) + textWidth(a.text, size) + 6 < startOf(b) || startOf(b) + textWidth(b.text, size) + 6 < startOf(a);
  return !isBeside && Math.abs(a.middle - b.middle) < size * 1.2;
}

/** On top of the data, with a halo of paper: as a text of its own, for not every viewer knows to paint strokes first. */
export function drawReferenceLabels(
  { theme, frame: { font } }: Ink,
  panel: Panel,
  axes: Axes,
  frame: PanelFrame,
): string {
  const halo = { stroke: theme.paper, "stroke-width": 3, "stroke-linejoin": "round", "aria-hidden": "true" };
  return referenceLabels(panel, axes, frame, font)
    .map(({ text: title, left, middle, anchor }) => {
      const style = { size: font.tick, anchor };
      return (
        text(left, middle, title, { ...style, fill: theme.paper, more: halo }) +
        text(left, middle, title, { ...style, fill: theme.muted })
      );
    })
    .join("");
}
