// A sweep as a figure of the lab: both axes logarithmic, a panel for each network, and a line of slope 1 to hold the times to.
import type { Axis, Figure, LineTrace, Tick } from "../../src/app/figures/figure.ts";
import { classColour } from "../../src/app/figures/palette.ts";

interface Point {
  readonly size: number;
  /** Medians, in milliseconds: with the probes' forward pass and without. */
  readonly wholeMs: number;
  readonly matrixMs: number;
  /** What they are the medians of. */
  readonly whole: readonly number[];
  readonly matrix: readonly number[];
}

/** Times by one size, everything else held fixed. */
export interface Sweep {
  readonly name: string;
  readonly xTitle: string;
  readonly fixed: string;
  readonly rounds: number;
  readonly series: readonly { readonly title: string; readonly points: readonly Point[] }[];
}

/** Blue and vermilion, which colour-blind readers tell apart. */
const parts = [
  { key: "wholeMs", title: "whole", colour: classColour(5), dash: "solid", marker: "circle" },
  { key: "matrixMs", title: "matrix", colour: classColour(0), dash: "dash", marker: "square" },
] as const;

/** Numbers of one or a few leading digits within [low, high], at their logarithms. */
function logTicks(low: number, high: number, leading: readonly number[], textOf: (value: number) => string): Tick[] {
  const powers = Array.from({ length: 16 }, (_, at) => 10 ** (at - 6));
  return powers
    .flatMap((power) => leading.map((digit) => digit * power))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001)
    .map((value) => ({ at: Math.log10(value), text: textOf(value) }));
}

/** Written in seconds, but log10 of milliseconds within: the writer draws a heavier line at 0, which a second is not. */
function timeAxis(times: readonly number[]): Axis {
  const [low, high] = [Math.min(...times) * 0.8, Math.max(...times) * 1.25];
  const leading = high / low > 300 ? [1] : [1, 2, 5];
  return {
    title: "Time for the full matrix, seconds",
    low: Math.log10(low),
    high: Math.log10(high),
    ticks: logTicks(low, high, leading, (ms) => String(Number((ms / 1000).toPrecision(3)))),
  };
}

function sizeAxis(title: string, sizes: readonly number[]): Axis {
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  return {
    title,
    low: Math.log10(low) - 0.03,
    high: Math.log10(high) + 0.03,
    ticks: [...new Set(sizes)].toSorted((a, b) => a - b).map((size) => ({ at: Math.log10(size), text: String(size) })),
  };
}

/** How far below the matrix's last point the line of slope 1 ends, where it crosses nothing. */
const below = 0.4;

/** Proportional to the size. */
function slopeOne(points: readonly Point[], panel: number, y: Axis): LineTrace {
  const last = points.at(-1)!;
  const high = Math.log10(last.size);
  const end = Math.log10(last.matrixMs * below);
  const length = Math.min(high - Math.log10(points[0]!.size), Math.max(0, end - y.low));
  return {
    type: "line",
    panel,
    title: "slope 1",
    x: [high - length, high],
    y: [end - length, end],
    colour: "#8f8f8f",
    dash: "dot",
    marker: "none",
  };
}

const linesOf = (points: readonly Point[], panel: number): LineTrace[] =>
  parts.map(({ key, ...style }) => ({
    type: "line",
    panel,
    x: points.map(({ size }) => Math.log10(size)),
    y: points.map((point) => Math.log10(point[key])),
    ...style,
  }));

/** A panel for each network, all with the same time axis. */
export function chartOf({ name, xTitle, fixed, rounds, series }: Sweep): Figure {
  const y = timeAxis(
    series.flatMap(({ points }) => points.flatMap(({ wholeMs, matrixMs }) => [wholeMs, matrixMs, matrixMs * below])),
  );
  return {
    name: `growth-${name}`,
    title: `Time for the full matrix by ${xTitle.toLowerCase()}`,
    caption: `Medians of ${rounds} rounds, ${fixed}; both axes logarithmic. Whole: from pixels to the last number. Matrix: without the probes' forward pass. The dotted line grows in proportion.`,
    arrangement: "row",
    panels: series.map(({ title, points }) => ({
      title: `${title}, ${fixed}`,
      x: sizeAxis(
        xTitle,
        points.map(({ size }) => size),
      ),
      y,
    })),
    traces: series.flatMap(({ points }, panel) => [slopeOne(points, panel, y), ...linesOf(points, panel)]),
    data: () => ({
      columns: ["network", "size", "whole", "matrix"],
      rows: series.flatMap(({ title, points }) =>
        points.map(({ size, wholeMs, matrixMs }) => [title, size, wholeMs, matrixMs]),
      ),
      dictionary: { network: "what was carried", size: xTitle, whole: "milliseconds", matrix: "milliseconds" },
    }),
  };
}
