// A heatmap panel as SVG: cells, their numbers, names of rows and columns, class strips.
import type { HeatmapTrace, Panel } from "../figures/figure.ts";
import { colourOf, shown, textOn } from "../figures/palette.ts";
import { shortNumber } from "../figures/scale.ts";
import { bitmapOf, dataUrl } from "./bitmap.ts";
import { element, escaped, rounded } from "./element.ts";
import { columnNames, rowNames, stripBox, stripExtent, type PanelFrame } from "./frame.ts";
import type { Box } from "./box.ts";
import { hatchId, type Ink } from "./ink.ts";
import { text, textWidth } from "./text.ts";

/** More cells than this become one picture in a file; on the page, those that are not few: it is drawn again and again. */
const maxRectCount = 10_000;
/** Cells up to this many get a gap, a tooltip and data attributes. */
const fewCellCount = 1000;

export function drawHeatmap(ink: Ink, trace: HeatmapTrace, panel: Panel, frame: PanelFrame): string {
  if (ink.isFrameOnly) return axisTitles(ink, trace, panel, frame);
  const cellCount = trace.rows.length * trace.columns.length;
  const isPicture = cellCount > (ink.isFile ? maxRectCount : fewCellCount);
  return [
    isPicture ? picture(ink, trace, frame) : cells(ink, trace, frame, cellCount <= fewCellCount),
    trace.strips ? strips(ink, trace, frame) : "",
    frame.hasSide ? namesOfRows(ink, trace, frame) : "",
    namesOfColumns(ink, trace, frame),
    axisTitles(ink, trace, panel, frame),
  ].join("");
}

function picture(ink: Ink, trace: HeatmapTrace, { plot }: PanelFrame): string {
  const { left, top, width, height } = plot;
  const box = { x: left, y: top, width, height };
  const isMissing = trace.values.some((row) => row.some(Number.isNaN));
  const bitmap = dataUrl(bitmapOf(trace, ink.theme, ink.isFile ? 4 : 1));
  return [
    isMissing ? element("rect", { ...box, fill: `url(#${hatchId(ink)})` }) : "",
    element("image", { ...box, preserveAspectRatio: "none", "image-rendering": "pixelated", href: bitmap }),
  ].join("");
}

/** The box of one cell. */
export function cellBox({ rows, columns }: HeatmapTrace, plot: Box, row: number, column: number): Box {
  const [width, height] = [plot.width / columns.length, plot.height / rows.length];
  return { left: plot.left + column * width, top: plot.top + row * height, width, height };
}

function cells(ink: Ink, trace: HeatmapTrace, { plot }: PanelFrame, isFew: boolean): string {
  const own = new Set((trace.own ?? []).map(([row, column]) => row * trace.columns.length + column));
  const rects = trace.values.flatMap((values, row) =>
    values.map((value, column) => {
      const box = cellBox(trace, plot, row, column);
      const isOwn = own.has(row * trace.columns.length + column);
      const fill = isOwn ? ink.theme.own : (colourOf(value, trace.scale) ?? `url(#${hatchId(ink)})`);
      return isFew ? richCell(ink, trace, { row, column, box, fill }) : plainCell(box, fill, plot);
    }),
  );
  return element("g", isFew ? {} : { "shape-rendering": "crispEdges" }, ...rects);
}

/** Cells reach under their neighbours, so that no seam shines through where edges fall between pixels. */
function plainCell({ left, top, width, height }: Box, fill: string, plot: Box): string {
  const reach = {
    width: Math.min(0.7, plot.left + plot.width - left - width),
    height: Math.min(0.7, plot.top + plot.height - top - height),
  };
  return element("rect", { x: left, y: top, width: width + reach.width, height: height + reach.height, fill });
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly box: Box;
  readonly fill: string;
}

function richCell(ink: Ink, trace: HeatmapTrace, { row, column, box, fill }: Cell): string {
  const { left, top, width, height } = box;
  const gap = Math.min(1, width / 12);
  const data = { "data-panel": trace.panel, "data-row": row, "data-column": column };
  const rect = {
    x: left + gap / 2,
    y: top + gap / 2,
    width: width - gap,
    height: height - gap,
    rx: Math.min(1.5, gap),
    fill,
  };
  const tip = element("title", {}, escaped(cellText(trace, row, column)));
  return element("rect", { ...rect, ...data }, tip) + cellLabel(ink, trace, { row, column, box, fill });
}

function cellLabel({ frame, theme }: Ink, { labels }: HeatmapTrace, { row, column, box, fill }: Cell): string {
  const label = labels?.[row]?.[column] ?? "";
  const size = Math.min(frame.font.tick, box.height * 0.5);
  if (label === "" || size < 7.5 || textWidth(label, size) > box.width - 3) return "";
  const colour = fill.startsWith("#") ? textOn(fill) : theme.text;
  const style = { size, fill: colour, anchor: "middle" as const, more: { "pointer-events": "none" } };
  return text(box.left + box.width / 2, box.top + box.height / 2, label, style);
}

/** "tiger → cat: 0.23", for tooltips and for reading out. */
export function cellText(trace: HeatmapTrace, row: number, column: number): string {
  const isOwn = trace.own?.some(([ownRow, ownColumn]) => ownRow === row && ownColumn === column) ?? false;
  const value = trace.hover?.[row]?.[column] ?? shortNumber(trace.values[row]![column]!);
  return `${trace.rows[row]} → ${trace.columns[column]}: ${isOwn ? "the image itself" : value}`;
}

interface Stretch {
  readonly title: string;
  readonly colour: string;
  /** Pixels from the start of the plot. */
  readonly from: number;
  readonly length: number;
}

/** Where runs of a class lie along `lengthPx`. */
export function stretches(runs: NonNullable<HeatmapTrace["strips"]>["rows"], lengthPx: number): Stretch[] {
  const total = runs.reduce((sum, { count }) => sum + count, 0);
  let before = 0;
  return runs.map(({ title, colour, count }) => {
    const from = (before / total) * lengthPx;
    before += count;
    return { title, colour, from, length: (count / total) * lengthPx };
  });
}

/** Runs are parted by a pixel where they are long enough to have one to spare. */
const parted = (length: number): number => (length > 4 ? length - 1 : length);

function strips({ theme }: Ink, { strips }: HeatmapTrace, { plot }: PanelFrame): string {
  const { size, gap } = stripBox;
  const rows = stretches(strips!.rows, plot.height).map(({ colour, from, length }) =>
    element("rect", {
      x: plot.left - gap - size,
      y: plot.top + from + (length - parted(length)) / 2,
      width: size,
      height: parted(length),
      fill: shown(colour, theme),
    }),
  );
  const columns = stretches(strips!.columns, plot.width).map(({ colour, from, length }) =>
    element("rect", {
      x: plot.left + from + (length - parted(length)) / 2,
      y: plot.top + plot.height + gap,
      width: parted(length),
      height: size,
      fill: shown(colour, theme),
    }),
  );
  return [...rows, ...columns].join("");
}

/** Middles of rows or columns, or of their classes. */
export function middles(trace: HeatmapTrace, side: "rows" | "columns", lengthPx: number): number[] {
  if (trace.strips) return stretches(trace.strips[side], lengthPx).map(({ from, length }) => from + length / 2);
  const count = trace[side].length;
  return Array.from({ length: count }, (_, index) => ((index + 0.5) / count) * lengthPx);
}

function namesOfRows({ theme, frame: { font } }: Ink, trace: HeatmapTrace, { plot }: PanelFrame): string {
  const x = plot.left - 6 - (trace.strips ? stripExtent : 0);
  const at = middles(trace, "rows", plot.height);
  const style = { size: font.tick, fill: theme.text, anchor: "end" as const };
  return rowNames(trace)
    .map((name, index) => text(x, plot.top + at[index]!, name, style))
    .join("");
}

const belowPlot = (trace: HeatmapTrace, { plot }: PanelFrame): number =>
  plot.top + plot.height + (trace.strips ? stripExtent : 0);

function namesOfColumns({ theme, frame: { font } }: Ink, trace: HeatmapTrace, frame: PanelFrame): string {
  const top = belowPlot(trace, frame);
  const at = middles(trace, "columns", frame.plot.width);
  const style = { size: font.tick, fill: theme.text };
  return columnNames(trace)
    .map((name, index) => {
      const x = frame.plot.left + at[index]!;
      if (!frame.isSlanted) return text(x, top + font.tick * 0.85, name, { ...style, anchor: "middle" });
      return text(x, top + 5, name, {
        ...style,
        anchor: "end",
        transform: `rotate(-90 ${rounded(x)} ${rounded(top + 5)})`,
      });
    })
    .join("");
}

function axisTitles({ theme, frame: { font } }: Ink, trace: HeatmapTrace, panel: Panel, frame: PanelFrame): string {
  const { plot, hasSide, rowTitleLeft, columnNamesHeight } = frame;
  const style = { size: font.title, fill: theme.muted, anchor: "middle" as const };
  const [middle, below] = [plot.top + plot.height / 2, belowPlot(trace, frame) + columnNamesHeight + font.title * 0.75];
  const transform = `rotate(-90 ${rounded(rowTitleLeft)} ${rounded(middle)})`;
  return [
    hasSide && panel.rowTitle ? text(rowTitleLeft, middle, panel.rowTitle, { ...style, transform }) : "",
    panel.columnTitle ? text(plot.left + plot.width / 2, below, panel.columnTitle, style) : "",
  ].join("");
}
