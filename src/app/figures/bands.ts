// Lines with a band over runs: the mean and its 95 % interval at each place of the x axis, and the same as tidy rows.
import { interval, type Interval } from "../../math/stats.ts";
import { blankIfNaN, type LineTrace } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { axisNumber } from "./scale.ts";

export interface Series {
  readonly title: string;
  readonly style: LineStyle;
  /** By run, by place on the x axis. */
  readonly values: readonly (readonly number[])[];
}

export const intervalsOf = (x: readonly number[], { values }: Pick<Series, "values">): Interval[] =>
  x.map((_, at) => interval(values.map((own) => own[at]!)));

export const intervalText = ({ mean, low, high }: Interval): string =>
  Number.isNaN(mean) ? "not measurable" : `${axisNumber(mean)} (${axisNumber(low)} to ${axisNumber(high)})`;

export function bandLine(panel: number, x: readonly number[], series: Series): LineTrace {
  const each = intervalsOf(x, series);
  return {
    type: "line",
    panel,
    title: series.title,
    x,
    y: each.map(({ mean }) => mean),
    band: { low: each.map(({ low }) => low), high: each.map(({ high }) => high) },
    ...series.style,
    hover: each.map(intervalText),
  };
}

/** Mean, low, high, n; blank where nothing is measurable. */
export const intervalCells = ({ mean, low, high, count }: Interval): (number | string)[] => [
  ...[mean, low, high].map(blankIfNaN),
  count,
];
