// Class heatmap: how far learning an image of one class moves the prediction at images of another.
import type { Interval } from "../../math/stats.ts";
import type { ClassInfo } from "../../lab/contracts.ts";
import type { DescribedMeasure } from "../../lab/spec.ts";
import { classMatrix } from "../../lab/summary.ts";
import type { Block } from "../../lab/table.ts";
import {
  blankIfNaN,
  type Arrangement,
  type ColourScale,
  type Figure,
  type FigureData,
  type HeatmapTrace,
} from "./figure.ts";
import { colourScale, shortNumber } from "./scale.ts";
import * as say from "./wording.ts";

export interface HeatmapInput {
  readonly runs: readonly say.Run[];
  readonly classes: readonly ClassInfo[];
  readonly measure: DescribedMeasure;
  readonly tick: number;
  readonly arrangement?: Arrangement;
}

/** [anchor class][probe class] of one run at one moment. */
interface Moment {
  readonly title: string;
  readonly block: Block;
  readonly cells: Interval[][];
}

export function classHeatmap({ runs, classes, measure, tick, arrangement = "row" }: HeatmapInput): Figure {
  const moments = runs.map(({ title, table }): Moment | undefined => {
    const block = table.at(tick);
    return block && { title, block, cells: classMatrix(block, measure.id, classes.length) };
  });
  const all = moments.flatMap((moment) => moment?.cells.flat().map(({ mean }) => mean) ?? []);
  const scale = colourScale(all, { signed: measure.signed });
  const there = moments.filter((moment) => moment !== undefined);
  const epoch = there[0]?.block.epoch;
  return {
    name: "class-heatmap",
    title: `${measure.title} between classes${epoch === undefined ? "" : `, ${say.epochText(epoch)}`}`,
    caption: caption(there, measure, scale, classes.length),
    arrangement,
    panels: runs.map(({ title }, panel) => ({
      title,
      rowTitle: "Anchor class (learned)",
      columnTitle: "Probe class (watched)",
      ...(moments[panel] ? {} : { note: say.notMeasuredYet }),
    })),
    traces: moments.flatMap((moment, panel) => (moment ? [trace(moment, panel, classes, measure, scale)] : [])),
    data: () => data(there, classes, measure),
  };
}

function trace(
  { cells, block }: Moment,
  panel: number,
  classes: readonly ClassInfo[],
  measure: DescribedMeasure,
  scale: ColourScale,
): HeatmapTrace {
  const titles = say.titlesOf(classes);
  const isWaiting = classes.map((_, label) => !block.anchorLabels.includes(label));
  return {
    type: "heatmap",
    panel,
    rows: titles,
    columns: titles,
    rowIds: classes.map((_, index) => index),
    columnIds: classes.map((_, index) => index),
    values: cells.map((row) => row.map(({ mean }) => mean)),
    labels: cells.map((row) => row.map(({ mean }) => cellLabel(mean, scale))),
    hover: cells.map((row, label) => row.map((cell) => (isWaiting[label] ? waiting : cellText(cell)))),
    ...(isWaiting.includes(true)
      ? { missing: hasFaint(cells, isWaiting) ? `${waiting} or not measurable` : waiting }
      : {}),
    scale,
    colourTitle: say.measureTitle(measure),
  };
}

/** Whether a row that was measured has a cell that cannot be. */
const hasFaint = (cells: Interval[][], isWaiting: readonly boolean[]): boolean =>
  cells.some((row, label) => !isWaiting[label] && row.some(({ mean }) => Number.isNaN(mean)));

/** While a measurement is under way. */
const waiting = "not measured yet";

/** As many digits as the scale can show: beside 0.57, 8.2e-4 is 0.00. */
export function cellLabel(mean: number, { low, high }: ColourScale): string {
  if (Number.isNaN(mean)) return "";
  return Math.abs(mean) < 0.005 && Math.max(Math.abs(low), Math.abs(high)) >= 0.1 ? "0.00" : shortNumber(mean);
}

export const cellText = ({ mean, low, high, count }: Interval): string =>
  Number.isNaN(mean)
    ? "not measurable"
    : `${shortNumber(mean)} (95 % CI ${shortNumber(low)} to ${shortNumber(high)}, n = ${count})`;

function caption(
  moments: readonly Moment[],
  measure: DescribedMeasure,
  scale: ColourScale,
  classCount: number,
): string {
  const [first] = moments;
  if (!first) return "Nothing has been measured at this moment yet.";
  const anchors = say.countRange(moments.flatMap(({ block }) => say.countsOf(block.anchorLabels, classCount)));
  const probes = say.countRange(moments.flatMap(({ block }) => say.countsOf(block.probeLabels, classCount)));
  const means = moments.flatMap(({ cells }) => cells.flat().map(({ mean }) => mean));
  const waits = moments.map(({ block }) =>
    Array.from({ length: classCount }, (_, label) => !block.anchorLabels.includes(label)),
  );
  return [
    `Each cell is the mean ${say.measureInSentence(measure)} of the probe images of one class (column) after one SGD step`,
    `on an anchor image of another (row), at ${say.epochText(first.block.epoch)}:`,
    `averaged over ${say.plural(probes, "probe")} and then over the n = ${say.plural(anchors, "anchor")} of a class.`,
    say.scaleSentence(scale, moments.length, means),
    waits.some((own) => own.includes(true)) ? "Rows without anchors so far are hatched." : "",
    say.missingSentence(moments.some(({ cells }, at) => hasFaint(cells, waits[at]!))),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function data(moments: readonly Moment[], classes: readonly ClassInfo[], measure: DescribedMeasure): FigureData {
  return {
    columns: ["model", "epoch", "tick", "measure", "anchor_class", "probe_class", "mean", "low", "high", "n"],
    rows: moments.flatMap(({ title, block, cells }) =>
      cells.flatMap((row, anchorClass) =>
        row.map(({ mean, low, high, count }, probeClass) => [
          title,
          block.epoch,
          block.tick,
          measure.id,
          classes[anchorClass]!.id,
          classes[probeClass]!.id,
          ...[mean, low, high].map(blankIfNaN),
          count,
        ]),
      ),
    ),
    dictionary: {
      ...say.runColumns,
      measure: say.measureColumn(measure),
      anchor_class: "Class of the anchors: the images that one SGD step each was taken on.",
      probe_class: "Class of the probes: the images at which the prediction was watched.",
      ...say.intervalColumns,
    },
  };
}
