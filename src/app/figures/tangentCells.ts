// What heatmaps of kernels have in common: rows and columns by image or by class, and scales for cosines and sizes.
import type { ClassInfo } from "../../lab/contracts.ts";
import { mean } from "../../math/stats.ts";
import type { ClassRun, ColourScale, HeatmapTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { colourScale, shortNumber } from "./scale.ts";

/** Anchors are rows and probes columns, so many of each class, class by class. */
export interface Side {
  readonly classes: readonly ClassInfo[];
  readonly perClass: { readonly rows: number; readonly columns: number };
}

export type Grouping = "images" | "classes";

/** [row][column] of the images, or of the means of classes. */
export function gridOf(cells: ArrayLike<number>, { classes, perClass }: Side, grouping: Grouping): number[][] {
  const columnCount = classes.length * perClass.columns;
  const rows = Array.from({ length: classes.length * perClass.rows }, (_, row) =>
    Array.from({ length: columnCount }, (_same, column) => cells[row * columnCount + column]!),
  );
  if (grouping === "images") return rows;
  const part = <T>(list: readonly T[], at: number, size: number): T[] => list.slice(at * size, (at + 1) * size);
  return classes.map((_, down) =>
    classes.map((_same, across) =>
      mean(part(rows, down, perClass.rows).flatMap((row) => part(row, across, perClass.columns))),
    ),
  );
}

/** Everything of a heatmap but its values and colours. */
export function sidesOf(
  { classes, perClass }: Side,
  grouping: Grouping,
): Pick<HeatmapTrace, "type" | "rows" | "columns" | "rowIds" | "columnIds" | "strips"> {
  if (grouping === "classes") {
    const titles = classes.map(({ title }) => title);
    const ids = classes.map((_, at) => at);
    return { type: "heatmap", rows: titles, columns: titles, rowIds: ids, columnIds: ids };
  }
  const names = (count: number, split: string): string[] =>
    classes.flatMap(({ title }) => Array.from({ length: count }, (_, at) => `${title} ${at + 1}, ${split}`));
  const runs = (count: number): ClassRun[] =>
    classes.map(({ title }, at) => ({ title, count, colour: classColour(at) }));
  const [rows, columns] = [names(perClass.rows, "training"), names(perClass.columns, "held out")];
  return {
    type: "heatmap",
    rows,
    columns,
    rowIds: [...rows.keys()],
    columnIds: [...columns.keys()],
    strips: { rows: runs(perClass.rows), columns: runs(perClass.columns) },
  };
}

/** Numbers in cells of classes, with as many digits as the scale can show; image cells are too small for any. */
export function labelsOf(
  values: readonly (readonly number[])[],
  grouping: Grouping,
  { high }: ColourScale,
): { labels?: string[][] } {
  if (grouping === "images") return {};
  const label = (value: number): string => (Math.abs(value) < 0.005 && high >= 0.1 ? "0.00" : shortNumber(value));
  return { labels: values.map((row) => row.map((value) => (Number.isNaN(value) ? "" : label(value)))) };
}

/** Equal limits about 0 where signs differ by more than a trace; otherwise from 0 up. The outermost hundredth lies beyond. */
export function sizeScale(values: readonly number[]): ColourScale {
  const { high } = colourScale(values, { signed: true, keptShare: 0.99 });
  return Math.min(...values.filter(Number.isFinite)) < -0.01 * high
    ? { kind: "diverging", low: -high, high }
    : { kind: "sequential", low: 0, high };
}

/** Of cosines: both signs, or from 0 to 1. */
export const cosineScale = (values: readonly number[]): ColourScale =>
  values.some((value) => value < -0.01)
    ? { kind: "diverging", low: -1, high: 1 }
    : { kind: "sequential", low: 0, high: 1 };
