// Line panels as SVG: bands, lines, markers and the labels at their ends.
import { isLine, type LineTrace } from "../figures/figure.ts";
import { readable, shown } from "../figures/palette.ts";
import type { Axes } from "./drawAxes.ts";
import { element, escaped, pathOf, rounded, type Point } from "./element.ts";
import { lineLabelGap, type PanelFrame } from "./frame.ts";
import { xOf, yOf, type Box } from "./box.ts";
import { lineLabels } from "./lineLabels.ts";
import { clipId, type Ink } from "./ink.ts";
import { text } from "./text.ts";

export const dashArrays = { solid: undefined, dash: "6 4", dot: "2 3", dashdot: "7 3 1.5 3" } as const;
export const lineWidth = 2;
export const bandOpacity = 0.14;
export const markerSize = 3.4;

export function drawLines(ink: Ink, panel: number, axes: Axes, frame: PanelFrame): string {
  const traces = ink.figure.traces.filter(isLine).filter((trace) => trace.panel === panel);
  const clip = { "clip-path": `url(#${clipId(ink, panel)})` };
  return [
    element("g", clip, ...traces.map((trace) => band(ink, trace, axes, frame.plot))),
    element("g", clip, ...traces.map((trace) => stroke(ink, trace, axes, frame.plot))),
    ...traces.map((trace) => markers(ink, trace, axes, frame.plot)),
    labels(ink, panel, frame),
  ].join("");
}

const points = ({ x }: LineTrace, y: readonly number[], axes: Axes, plot: Box): Point[] =>
  x.map((at, index) => [xOf(axes.x, plot, at), yOf(axes.y, plot, y[index]!)]);

function band({ theme }: Ink, trace: LineTrace, axes: Axes, plot: Box): string {
  if (!trace.band) return "";
  return runsOf(trace.y)
    .filter((run) => run.length > 1)
    .map((run) => {
      const high = points(trace, trace.band!.high, axes, plot);
      const low = points(trace, trace.band!.low, axes, plot);
      const outline = [...run.map((index) => high[index]!), ...run.toReversed().map((index) => low[index]!)];
      return element("path", {
        d: `${pathOf(outline)}Z`,
        fill: shown(trace.colour, theme),
        "fill-opacity": bandOpacity,
      });
    })
    .join("");
}

/** Stretches of neighbouring points that are not NaN. */
export function runsOf(values: readonly number[]): number[][] {
  const runs: number[][] = [[]];
  values.forEach((value, index) => (Number.isNaN(value) ? runs.push([]) : runs.at(-1)!.push(index)));
  return runs.filter((run) => run.length > 0);
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
  if (trace.marker === "none") return "";
  const style = { fill: shown(trace.colour, theme), stroke: theme.paper, "stroke-width": 0.8 };
  return points(trace, trace.y, axes, plot)
    .map(([x, y], index) => ({ x, y, index }))
    .filter(({ y }) => y >= plot.top - 1 && y <= plot.top + plot.height + 1)
    .map(({ x, y, index }) => {
      const tip = trace.hover ? element("title", {}, escaped(`${trace.title}: ${trace.hover[index]}`)) : "";
      return element(
        "path",
        { d: markerPath(trace.marker, x, y, markerSize * frame.stroke), ...style, "data-x": trace.x[index] },
        tip,
      );
    })
    .join("");
}

const corners: Record<Exclude<LineTrace["marker"], "circle" | "none">, readonly Point[]> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  "triangle-up": [
    [0, -1.25],
    [1.15, 0.85],
    [-1.15, 0.85],
  ],
  cross: plus(1.25, 0.42),
  x: plus(1.25, 0.42).map(([x, y]): Point => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
  star: Array.from({ length: 10 }, (_, index): Point => {
    const [radius, turn] = [index % 2 === 0 ? 1.45 : 0.62, (index * Math.PI) / 5];
    return [radius * Math.sin(turn), -radius * Math.cos(turn)];
  }),
};

/** A plus with arms of a length and half width. */
function plus(length: number, half: number): Point[] {
  const arm: Point[] = [
    [-half, -length],
    [half, -length],
    [half, -half],
  ];
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x, y]): Point => {
      const [cos, sin] = [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ][quarter]! as [number, number];
      return [x * cos - y * sin, x * sin + y * cos];
    }),
  );
}

function markerPath(marker: LineTrace["marker"], x: number, y: number, size: number): string {
  if (marker === "circle" || marker === "none") {
    const r = rounded(size);
    return `M${rounded(x - size)} ${rounded(y)}a${r} ${r} 0 1 0 ${rounded(2 * size)} 0a${r} ${r} 0 1 0 ${rounded(-2 * size)} 0Z`;
  }
  return `${pathOf(corners[marker].map(([dx, dy]) => [x + dx * size, y + dy * size]))}Z`;
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
