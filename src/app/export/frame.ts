// The frame of a figure: where its panels, their words and the colour key lie, in pixels; one for our writer and for Plotly.
import {
  isHeatmap,
  isLine,
  isStrip,
  type Axis,
  type Figure,
  type HeatmapTrace,
  type Panel,
} from "../figures/figure.ts";
import { shortNumber } from "../figures/scale.ts";
import type { Box } from "./box.ts";
import { keyFrameOf, type KeyFrame } from "./key.ts";
import { boldness, textWidth, widest } from "./text.ts";

export interface PanelFrame {
  /** Where the data are. */
  readonly plot: Box;
  /** What the panel was given for its plot, which fills it unless its scales are equal. */
  readonly room: Box;
  /** Where the panel's title begins, and the middle of its height. */
  readonly title: { readonly left: number; readonly middle: number };
  /** Whether row names, y ticks and the y title are written here, or stand beside the neighbour already. */
  readonly hasSide: boolean;
  /** Column names are written upwards: they are wider than their columns. */
  readonly isSlanted: boolean;
  /** Height that column names take. */
  readonly columnNamesHeight: number;
  /** Middle of the rotated row title. */
  readonly rowTitleLeft: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Sizes of type. */
  readonly font: { readonly tick: number; readonly title: number; readonly panel: number };
  /** Lines and points grow with large type: 1 on the page. */
  readonly stroke: number;
  readonly panels: readonly PanelFrame[];
  readonly key: KeyFrame | undefined;
}

export interface FrameOptions {
  readonly widthPx: number;
  readonly heightPx?: number | undefined;
  /** Size of tick labels; the other sizes follow. */
  readonly fontPx?: number | undefined;
}

/** Space around the plot of one panel. */
interface Margin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const stripSize = 5;
const stripGap = 3;
/** From the plot's edge to what is written beside it. */
const nearGap = 6;
export const stripExtent = stripSize + 2 * stripGap;
export const stripBox = { size: stripSize, gap: stripGap } as const;

export function frameOf(figure: Figure, { widthPx, heightPx, fontPx }: FrameOptions): Frame {
  const tick = fontPx ?? (widthPx < 420 ? 11 : 11.5);
  const font = { tick, title: tick, panel: tick * 1.16 };
  const isRow = figure.arrangement === "row";
  const count = figure.panels.length;
  const sides = figure.panels.map((_, panel) => hasSide(figure, panel));
  const gap = isRow ? 22 : 20;
  const sideways = figure.panels.map((panel, index) => sidewaysMargin(figure, panel, index, font, sides[index]!));
  const outer = { left: 2, right: 4 };
  const perRow = isRow ? count : 1;
  const taken = isRow
    ? sum(sideways.map(({ left, right }) => left + right)) + gap * (count - 1)
    : Math.max(...sideways.map(({ left }) => left)) + Math.max(...sideways.map(({ right }) => right));
  const plotWidth = Math.max(20, (widthPx - outer.left - outer.right - taken) / perRow);
  const slants = figure.panels.map((_, panel) => isSlanted(heatmapOf(figure, panel), font.tick, plotWidth));
  const margins = figure.panels.map((panel, index): Margin => ({
    ...sideways[index]!,
    ...upright(figure, panel, index, font, slants[index]!),
  }));
  const left = outer.left + (isRow ? (sideways[0]?.left ?? 0) : Math.max(...sideways.map((margin) => margin.left)));
  const keyPlace = { left, width: widthPx - left - outer.right };
  const keyTop = keyFrameOf(figure, font.tick, keyPlace);
  const keyHeight = keyTop ? keyTop.height + 12 : 0;
  const vertical = isRow
    ? Math.max(...margins.map(({ top }) => top)) + Math.max(...margins.map(({ bottom }) => bottom))
    : sum(margins.map(({ top, bottom }) => top + bottom)) + gap * (count - 1);
  const plotHeight = heightPx === undefined ? undefined : (heightPx - keyHeight - vertical - 4) / (isRow ? 1 : count);
  const rooms = isRow ? roomsOfRow(figure, plotWidth, plotHeight) : roomsOfColumn(figure, plotWidth, plotHeight);
  const panels = place(figure, margins, rooms, { isRow, gap, outer, sides, slants, font });
  const heights = rooms.map((room) => room.height);
  const height = heightPx ?? vertical + (isRow ? Math.max(...heights) : sum(heights)) + keyHeight + 4;
  const bottom = Math.max(...panels.map(({ room }, index) => room.top + room.height + margins[index]!.bottom));
  const key = keyFrameOf(figure, font.tick, { ...keyPlace, top: bottom + 12 });
  return { width: widthPx, height, font, stroke: Math.max(1, tick / 11.5), panels, key };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const heatmapOf = (figure: Figure, panel: number): HeatmapTrace | undefined =>
  figure.traces.filter(isHeatmap).find((trace) => trace.panel === panel);

/** In a row, what stands beside a panel serves its neighbour on the right too if it is the same. */
function hasSide({ arrangement, panels, traces }: Figure, panel: number): boolean {
  if (arrangement === "column" || panel === 0) return true;
  const [before, here] = [panels[panel - 1]!, panels[panel]!];
  const names = (index: number): string =>
    traces
      .filter(isHeatmap)
      .find((trace) => trace.panel === index)
      ?.rows.join("\n") ?? "";
  return !sameAxis(before.y, here.y) || (names(panel - 1) !== names(panel) && names(panel) !== "");
}

/** Whether two axes say the same, so that one may serve for both. */
export const sameAxis = (a: Axis | undefined, b: Axis | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    (["title", "low", "high"] as const).every((part) => a[part] === b[part]) &&
    (a.scale ?? "linear") === (b.scale ?? "linear"));

type Font = Frame["font"];

function sidewaysMargin(
  figure: Figure,
  panel: Panel,
  index: number,
  font: Font,
  side: boolean,
): Pick<Margin, "left" | "right"> {
  if (panel.view === "equal") return { left: 0, right: rightOfAxes(figure, index, font) };
  if (panel.x) return { left: side ? tickColumn(panel.y!, font) : 4, right: rightOfAxes(figure, index, font) };
  const heatmap = heatmapOf(figure, index) ?? figure.traces.find(isHeatmap);
  const names = heatmap ? rowNames(heatmap) : [];
  const strips = heatmap?.strips ? stripExtent : 0;
  return { left: strips + (side ? widest(names, font.tick) + nearGap + font.title * 1.7 : 0), right: 2 };
}

const tickColumn = (axis: Axis, font: Font): number =>
  widest(
    axis.ticks.map(({ text }) => text),
    font.tick,
  ) + nearGap;

export const rowNames = (heatmap: HeatmapTrace): readonly string[] =>
  heatmap.strips ? heatmap.strips.rows.map(({ title }) => title) : heatmap.rows;
export const columnNames = (heatmap: HeatmapTrace): readonly string[] =>
  heatmap.strips ? heatmap.strips.columns.map(({ title }) => title) : heatmap.columns;

/** Room for labels at line ends, or for the means of bars. */
function rightOfAxes({ traces }: Figure, panel: number, font: Font): number {
  const here = traces.filter((trace) => trace.panel === panel);
  const lines = here.filter(isLine).filter(({ faint }) => !faint);
  const titles = lines.map(({ title }) => title);
  if (titles.length > 0) return widest(titles, font.tick * boldness) + lineLabelGap;
  const strips = here.filter(isStrip);
  return strips.length === 0 ? 10 : Math.max(widest(strips.map(meanText), font.tick), font.tick * 2.6) + 10;
}

/** From the plot's right edge to the labels of lines: room for a leader where a label has been moved. */
export const lineLabelGap = 14;

export const meanText = ({ mean }: { readonly mean: number }): string => (Number.isNaN(mean) ? "–" : shortNumber(mean));

function isSlanted(heatmap: HeatmapTrace | undefined, size: number, plotWidth: number): boolean {
  if (!heatmap) return false;
  const names = columnNames(heatmap);
  return names.some((name, index) => textWidth(name, size) > columnShare(heatmap, index) * plotWidth - 2);
}

/** Share of the plot's width that a column name has to itself. */
const columnShare = ({ strips, columns }: HeatmapTrace, index: number): number =>
  strips ? strips.columns[index]!.count / columns.length : 1 / columns.length;

function upright(
  figure: Figure,
  panel: Panel,
  index: number,
  font: Font,
  slanted: boolean,
): Pick<Margin, "top" | "bottom"> {
  const title = panel.title === "" ? 4 : font.panel * 1.75;
  if (panel.x)
    return {
      top: title + (hasTopTitle(figure, index) ? font.title * 1.65 : 4),
      bottom: panel.view === "equal" ? 4 : axisHeight(font) + (panel.film ? filmSide(font) : 0),
    };
  const heatmap = heatmapOf(figure, index);
  const strips = heatmap?.strips ? stripExtent : 0;
  return { top: title, bottom: strips + namesHeight(heatmap, font.tick, slanted) + font.title * 1.6 };
}

/** Height of the ticks and the title of an x axis. */
export const axisHeight = (font: Font): number => font.tick * 1.6 + font.title * 1.6;

/** Side of the pictures below an axis. */
export const filmSide = (font: Font): number => font.tick * 3.6;

/** Whether room is kept above a plot for the title of a y axis; panels in a row keep it for each other. */
const hasTopTitle = ({ arrangement, panels }: Figure, panel: number): boolean =>
  (arrangement === "row" ? panels : [panels[panel]!]).some(({ y }) => y !== undefined && y.title !== "");

/** From the top of a plot to the title of its panel. */
const titleGap = (figure: Figure, panel: number, font: Font): number =>
  hasTopTitle(figure, panel) ? font.title * 1.65 + 4 : 8;

/** Height of column names, written level or upwards. */
const namesHeight = (heatmap: HeatmapTrace | undefined, size: number, slanted: boolean): number =>
  slanted && heatmap ? widest(columnNames(heatmap), size) + nearGap : size * 1.6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Side by side and of one height: panels of equal scales leave to the others what width they cannot use. */
function roomsOfRow(figure: Figure, width: number, height: number | undefined): Size[] {
  const { panels } = figure;
  const isEqual = panels.some(({ view }) => view === "equal");
  const common = plotSize(figure, width, height ?? (isEqual ? Math.min(380, width * 0.86) : undefined));
  const widths = panels.map((panel) => equalBox(panel, { left: 0, top: 0, ...common }).width);
  const others = panels.filter(({ view }) => view !== "equal").length;
  const spare = sum(widths.map((each) => common.width - each));
  return panels.map(({ view }, panel) => {
    if (others === 0) return common;
    return { ...common, width: view === "equal" ? widths[panel]! : common.width + spare / others };
  });
}

/** One below the other. */
const roomsOfColumn = (figure: Figure, width: number, height: number | undefined): Size[] =>
  figure.panels.map(({ view }) =>
    plotSize(figure, width, height ?? (view === "equal" ? Math.min(380, width) : undefined)),
  );

/** As much of a room as one scale for x and y takes, in its middle; all of it where scales need not be equal. */
function equalBox({ view, x, y }: Panel, room: Box): Box {
  if (view !== "equal" || !x || !y) return room;
  const [across, upwards] = [Math.abs(x.high - x.low), Math.abs(y.high - y.low)];
  const scale = Math.min(room.width / across, room.height / upwards);
  const [width, height] = [scale * across, scale * upwards];
  return { left: room.left + (room.width - width) / 2, top: room.top + (room.height - height) / 2, width, height };
}

/** Cells of a class heatmap stay nearly square; other plots fill what there is. */
function plotSize(figure: Figure, width: number, height: number | undefined): Size {
  const heatmap = figure.traces.find(isHeatmap);
  if (height !== undefined && (!heatmap || heatmap.strips)) return { width, height: Math.max(20, height) };
  if (!heatmap) return { width, height: Math.min(320, Math.max(150, width * 0.62, barsHeight(figure))) };
  if (heatmap.strips) return { width, height: Math.min(520, width * 0.8) };
  const cell = width / heatmap.columns.length;
  const full = Math.max(20, height ?? Math.min(cell, 54) * heatmap.rows.length);
  const rowHeight = Math.min(full / heatmap.rows.length, cell * 1.1);
  return { width: Math.min(cell, rowHeight * 1.75) * heatmap.columns.length, height: rowHeight * heatmap.rows.length };
}

const barsHeight = ({ traces }: Figure): number =>
  traces.filter((trace) => isStrip(trace) && trace.panel === 0).length * 22;

interface Placing {
  readonly isRow: boolean;
  readonly gap: number;
  readonly outer: { readonly left: number; readonly right: number };
  readonly sides: readonly boolean[];
  readonly slants: readonly boolean[];
  readonly font: Font;
}

function place(
  figure: Figure,
  margins: readonly Margin[],
  rooms: readonly Size[],
  { isRow, gap, outer, sides, slants, font }: Placing,
): PanelFrame[] {
  let left = outer.left;
  let top = 2;
  const commonTop = Math.max(...margins.map((margin) => margin.top));
  const commonLeft = Math.max(...margins.map((margin) => margin.left));
  return figure.panels.map((_, panel) => {
    const margin = margins[panel]!;
    const room = {
      left: left + (isRow ? margin.left : commonLeft),
      top: top + (isRow ? commonTop : margin.top),
      ...rooms[panel]!,
    };
    const title = { left: room.left, middle: room.top - titleGap(figure, panel, font) - font.panel * 0.35 };
    const rowTitleLeft = left + font.title * 0.6;
    if (isRow) left = room.left + room.width + margin.right + gap;
    else top = room.top + room.height + margin.bottom + gap;
    const columnNamesHeight = namesHeight(heatmapOf(figure, panel), font.tick, slants[panel]!);
    const plot = equalBox(figure.panels[panel]!, room);
    return { plot, room, title, hasSide: sides[panel]!, isSlanted: slants[panel]!, columnNamesHeight, rowTitleLeft };
  });
}
