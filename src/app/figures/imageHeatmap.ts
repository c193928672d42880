// Image heatmap: the raw matrix, one row an anchor image and one column a probe image, ordered by class.
import type { ClassInfo } from "../../lab/contracts.ts";
import type { DescribedMeasure } from "../../lab/spec.ts";
import { values, type Block } from "../../lab/table.ts";
import type { HeatmapInput } from "./classHeatmap.ts";
import type { ClassRun, ColourScale, Figure, FigureData, HeatmapTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { colourScale } from "./scale.ts";
import * as say from "./wording.ts";

/** One run at one moment, its anchors and probes in the order of their classes. */
interface Moment {
  readonly title: string;
  readonly block: Block;
  /** Places in the block. [row], [column] */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** [row][column] */
  readonly cells: readonly (readonly number[])[];
}

export interface ImageHeatmapInput extends HeatmapInput {
  readonly nameOf: (example: number) => string;
}

export function imageHeatmap(input: ImageHeatmapInput): Figure {
  const { runs, classes, measure, tick, arrangement = "row" } = input;
  const moments = runs.map(({ title, table }) => momentOf(title, table.at(tick), measure));
  const there = moments.filter((moment) => moment !== undefined);
  // One outlier shall not fade all others: limits of signed measures leave out the outermost hundredth.
  const all = there.flatMap(({ cells }) => cells.flat());
  const scale = colourScale(all, { signed: measure.signed, keptShare: 0.99 });
  const epoch = there[0]?.block.epoch;
  return {
    name: "image-heatmap",
    title: `${measure.title} between images${epoch === undefined ? "" : `, ${say.epochText(epoch)}`}`,
    caption: caption(there, measure, scale),
    arrangement,
    panels: runs.map(({ title }, panel) => ({
      title,
      rowTitle: "Anchor image (learned)",
      columnTitle: "Probe image (watched)",
      ...(moments[panel] ? {} : { note: say.notMeasuredYet }),
    })),
    traces: moments.flatMap((moment, panel) => (moment ? [trace(moment, panel, input, scale)] : [])),
    data: () => data(there, classes, measure),
  };
}

function momentOf(title: string, block: Block | undefined, measure: DescribedMeasure): Moment | undefined {
  if (!block) return undefined;
  const rows = orderOf(block.anchorLabels, block.anchors);
  const columns = orderOf(block.probeLabels, block.probes);
  const all = values(block, measure.id);
  const cells = rows.map((row) => columns.map((column) => all[row * block.probes.length + column]!));
  return { title, block, rows, columns, cells };
}

/** Places by class, then by example number. */
const orderOf = (labels: Uint8Array, examples: Int32Array): number[] =>
  [...labels.keys()].sort((a, b) => labels[a]! - labels[b]! || examples[a]! - examples[b]!);

function trace(
  { block, rows, columns, cells }: Moment,
  panel: number,
  { classes, measure, nameOf }: ImageHeatmapInput,
  scale: ColourScale,
): HeatmapTrace {
  const rowIds = rows.map((row) => block.anchors[row]!);
  const columnIds = columns.map((column) => block.probes[column]!);
  return {
    type: "heatmap",
    panel,
    rows: rowIds.map(nameOf),
    columns: columnIds.map(nameOf),
    rowIds,
    columnIds,
    values: cells,
    own: ownCells(rowIds, columnIds),
    scale,
    colourTitle: say.measureTitle(measure),
    strips: {
      rows: classRuns(
        rows.map((row) => block.anchorLabels[row]!),
        classes,
      ),
      columns: classRuns(
        columns.map((column) => block.probeLabels[column]!),
        classes,
      ),
    },
  };
}

/** Where an image meets itself. */
function ownCells(rowIds: readonly number[], columnIds: readonly number[]): (readonly [number, number])[] {
  const columnOf = new Map(columnIds.map((id, column) => [id, column]));
  return rowIds.flatMap((id, row) => {
    const column = columnOf.get(id);
    return column === undefined ? [] : [[row, column] as const];
  });
}

function classRuns(labels: readonly number[], classes: readonly ClassInfo[]): ClassRun[] {
  return classes
    .map(({ title }, label) => ({
      title,
      count: labels.filter((each) => each === label).length,
      colour: classColour(label),
    }))
    .filter(({ count }) => count > 0);
}

function caption(moments: readonly Moment[], measure: DescribedMeasure, scale: ColourScale): string {
  const [first] = moments;
  if (!first) return "Nothing has been measured at this moment yet.";
  const isMissing = moments.some(({ cells }) => cells.some((row) => row.some(Number.isNaN)));
  const isOwn = moments.some(({ block }) => block.anchors.some((anchor) => block.probes.includes(anchor)));
  return [
    `Each cell is the ${say.measureInSentence(measure)} of one probe image (column) after one SGD step on one anchor image`,
    `(row), at ${say.epochText(first.block.epoch)}: ${say.plural(first.rows.length, "anchor")} and`,
    `${say.plural(first.columns.length, "probe")}, ordered by class, every single value without averaging.`,
    say.scaleSentence(
      scale,
      moments.length,
      moments.flatMap(({ cells }) => cells.flat()),
    ),
    say.missingSentence(isMissing),
    isOwn ? "Grey cells are an image with itself." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function data(moments: readonly Moment[], classes: readonly ClassInfo[], measure: DescribedMeasure): FigureData {
  return {
    columns: [
      "model",
      "epoch",
      "tick",
      "measure",
      "anchor",
      "anchor_class",
      "probe",
      "probe_class",
      "value",
      "numerator",
      "denominator",
      "measurable",
    ],
    rows: moments.flatMap((moment) => cellRows(moment, classes, measure)),
    dictionary: {
      ...say.runColumns,
      measure: say.measureColumn(measure),
      anchor: "Number of the image that one SGD step was taken on.",
      anchor_class: "Its class.",
      probe: "Number of the image at which the prediction was watched.",
      probe_class: "Its class.",
      value: "numerator / denominator. Blank: not measurable.",
      numerator: "What changed at the probe. Blank: not measurable.",
      denominator: "What it is divided by, one number an anchor. Blank: too small to divide by.",
      measurable: "1, or 0 where the anchor's own change is too small to divide by.",
    },
  };
}

function cellRows(
  { title, block, rows, columns, cells }: Moment,
  classes: readonly ClassInfo[],
  measure: DescribedMeasure,
): (string | number)[][] {
  const { numerator, denominator } = block.measures[measure.id]!;
  const blank = (value: number): string | number => (Number.isNaN(value) ? "" : value);
  return rows.flatMap((row, rowPlace) =>
    columns.map((column, columnPlace) => {
      const value = cells[rowPlace]![columnPlace]!;
      return [
        title,
        block.epoch,
        block.tick,
        measure.id,
        block.anchors[row]!,
        classes[block.anchorLabels[row]!]!.id,
        block.probes[column]!,
        classes[block.probeLabels[column]!]!.id,
        blank(value),
        blank(numerator[row * columns.length + column]!),
        blank(denominator[row]!),
        Number.isNaN(value) ? 0 : 1,
      ];
    }),
  );
}
