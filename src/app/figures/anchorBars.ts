// Bars of one anchor: what one SGD step on one image does to each probe image, class by class.
import type { ClassInfo } from "../../lab/contracts.ts";
import type { DescribedMeasure } from "../../lab/spec.ts";
import { values, type Block } from "../../lab/table.ts";
import { interval, type Interval } from "../../math/stats.ts";
import type { HeatmapInput } from "./classHeatmap.ts";
import { blankIfNaN, type Axis, type Figure, type FigureData, type StripTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { niceAxis, shortNumber } from "./scale.ts";
import * as say from "./wording.ts";

export interface BarsInput extends HeatmapInput {
  /** Example number. */
  readonly anchor: number;
  readonly nameOf: (example: number) => string;
}

/** The probes of one class. */
interface Group {
  readonly panel: number;
  readonly model: string;
  readonly label: number;
  readonly block: Block;
  /** Example numbers and values of the measurable probes. */
  readonly ids: readonly number[];
  readonly points: readonly number[];
  readonly missingIds: readonly number[];
  readonly summary: Interval;
}

export function anchorBars(input: BarsInput): Figure {
  const { runs, classes, measure, tick, anchor, nameOf, arrangement = "row" } = input;
  const blocks = runs.map(({ table }) => table.anchorAt(tick, anchor));
  const groups = runs.flatMap(({ title }, panel) => {
    const block = blocks[panel];
    if (!block) return [];
    const cells = values(block, measure.id);
    return classes.map((_, label) => groupOf(block, cells, label, panel, title));
  });
  const first = blocks.find((block) => block !== undefined);
  const x = niceAxis(
    say.measureTitle(measure),
    groups.flatMap(({ points }) => points),
    { tickCount: 4 },
  );
  const anchorName = nameOf(anchor);
  return {
    name: "anchor-bars",
    title: `${measure.title} after learning ${anchorName}${first ? `, ${say.epochText(first.epoch)}` : ""}`,
    caption: first
      ? caption(first, groups, measure, anchorName, runs.length)
      : "This anchor has not been measured yet.",
    arrangement,
    panels: runs.map(({ title }, panel) => ({
      title,
      x,
      y: classAxis(classes),
      ...noteOf(blocks[panel], measure.id),
    })),
    traces: groups.map((group) => trace(group, input)),
    data: () => data(groups, classes, measure, anchor),
  };
}

function noteOf(block: Block | undefined, measure: string): { readonly note?: string } {
  if (!block) return { note: say.notMeasuredYet };
  return values(block, measure).every(Number.isNaN) ? { note: "Not measurable: its own prediction hardly moved" } : {};
}

function groupOf(block: Block, cells: Float64Array, label: number, panel: number, model: string): Group {
  // The anchor itself among the probes is 1 by definition and would only pull the mean.
  const places = [...block.probes.keys()].filter(
    (place) => block.probeLabels[place] === label && block.probes[place] !== block.anchors[0],
  );
  const there = places.filter((place) => !Number.isNaN(cells[place]!));
  const points = there.map((place) => cells[place]!);
  const idOf = (place: number): number => block.probes[place]!;
  return {
    panel,
    model,
    label,
    block,
    ids: there.map(idOf),
    points,
    missingIds: places.filter((place) => Number.isNaN(cells[place]!)).map(idOf),
    summary: interval(points),
  };
}

/** Classes from the top down. */
function classAxis(classes: readonly ClassInfo[]): Axis {
  return {
    title: "",
    low: classes.length - 0.5,
    high: -0.5,
    ticks: classes.map(({ title }, at) => ({ at, text: title })),
  };
}

function trace({ panel, label, ids, points, summary }: Group, { classes, nameOf }: BarsInput): StripTrace {
  const { title } = classes[label]!;
  return {
    type: "strip",
    panel,
    title,
    category: label,
    mean: summary.mean,
    low: summary.low,
    high: summary.high,
    points,
    ids,
    colour: classColour(label),
    hover: (point) => `${nameOf(ids[point]!)}: ${shortNumber(points[point]!)}`,
  };
}

function caption(
  block: Block,
  groups: readonly Group[],
  measure: DescribedMeasure,
  anchorName: string,
  panelCount: number,
): string {
  const counts = say.countRange(groups.map(({ summary }) => summary.count));
  return [
    `Each point is the ${say.measureInSentence(measure)} of one probe image after one SGD step on ${anchorName},`,
    `at ${say.epochText(block.epoch)}. Bars are means over the n = ${say.plural(counts, "probe")} of a class, whiskers`,
    `95 % Student-t intervals over probes. Linear axis ${measure.signed ? "through" : "from"} 0${panelCount > 1 ? ", the same for all panels" : ""};`,
    `points are spread across a bar only to be seen.`,
  ].join(" ");
}

function data(
  groups: readonly Group[],
  classes: readonly ClassInfo[],
  measure: DescribedMeasure,
  anchor: number,
): FigureData {
  const rowsOf = ({ model, label, block, ids, points, missingIds, summary }: Group): (string | number)[][] => {
    const row = (probe: number, value: number | string): (string | number)[] => [
      model,
      block.epoch,
      block.tick,
      measure.id,
      anchor,
      classes[block.anchorLabels[0]!]!.id,
      probe,
      classes[label]!.id,
      value,
      ...[summary.mean, summary.low, summary.high].map(blankIfNaN),
      summary.count,
    ];
    return [...ids.map((id, index) => row(id, points[index]!)), ...missingIds.map((id) => row(id, ""))];
  };
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
      "class_mean",
      "class_low",
      "class_high",
      "class_n",
    ],
    rows: groups.flatMap(rowsOf),
    dictionary: {
      ...say.runColumns,
      measure: say.measureColumn(measure),
      anchor: "Number of the image that one SGD step was taken on.",
      anchor_class: "Its class.",
      probe: "Number of the image at which the prediction was watched.",
      probe_class: "Its class.",
      value: "The measure at the probe. Blank: not measurable.",
      class_mean: "Mean over the probes of this class.",
      class_low: "Lower bound of the 95 % confidence interval of that mean (Student t over probes).",
      class_high: "Upper bound of the same interval.",
      class_n: "Number of probes in that mean.",
    },
  };
}
