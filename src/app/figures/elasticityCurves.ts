// Elasticity curves: the measure against the epoch, one line a probe class or a relation of classes.
import type { ClassInfo } from "../../lab/contracts.ts";
import { relations, type Relation } from "../../lab/relation.ts";
import type { DescribedMeasure } from "../../lab/spec.ts";
import { classMatrix, relationMeans } from "../../lab/summary.ts";
import type { Block } from "../../lab/table.ts";
import type { Interval } from "../../math/stats.ts";
import { blankIfNaN, type Arrangement, type Figure, type FigureData, type LineTrace, type Panel } from "./figure.ts";
import { classStyle, type LineStyle } from "./palette.ts";
import { epochAxis, niceAxis, shortNumber } from "./scale.ts";
import * as say from "./wording.ts";

export interface CurvesInput {
  readonly runs: readonly say.Run[];
  readonly classes: readonly ClassInfo[];
  readonly measure: DescribedMeasure;
  readonly grouping: "class" | "relation";
  /** The class whose anchors are averaged; all anchors when undefined. */
  readonly anchorClass: number | undefined;
  readonly mark?: number | undefined;
  readonly arrangement?: Arrangement;
}

interface Point {
  readonly epoch: number;
  readonly tick: number;
  readonly value: Interval;
}

/** One line: the mean over anchors, or one anchor of few. */
interface Series {
  readonly panel: number;
  readonly model: string;
  readonly group: string;
  readonly groupTitle: string;
  readonly style: LineStyle;
  readonly anchor: number | undefined;
  readonly points: readonly Point[];
}

/** With so few anchors each is drawn on its own, for an interval alone would hide how few there are. */
const fewAnchorCount = 5;

export const relationTitles: Record<Relation, string> = {
  same: "same class",
  sibling: "sibling",
  unrelated: "unrelated",
};
export const relationStyles: Record<Relation, LineStyle> = {
  same: { colour: "#d55e00", dash: "solid", marker: "circle" },
  sibling: { colour: "#009e73", dash: "dash", marker: "square" },
  unrelated: { colour: "#0072b2", dash: "dot", marker: "diamond" },
};

export function elasticityCurves(input: CurvesInput): Figure {
  const { runs, classes, measure, anchorClass, mark, arrangement = "row" } = input;
  const series = runs.flatMap((run, panel) => seriesOf(run, panel, input));
  const means = series.filter(({ anchor }) => anchor === undefined);
  const of = anchorClass === undefined ? "" : `, ${classes[anchorClass]!.title} learned`;
  return {
    name: "elasticity-curves",
    title: `${measure.title} against epoch${of}`,
    caption: caption(input, means, series.length > means.length),
    arrangement,
    panels: panels(runs, measure, means),
    traces: series.filter(({ points }) => points.length > 0).map(trace),
    ...(mark === undefined ? {} : { mark }),
    data: () => data(series, input),
  };
}

function seriesOf({ title, table }: say.Run, panel: number, input: CurvesInput): Series[] {
  const blocks = table.scheduled;
  const line = (group: Group, anchor: number | undefined): Series => ({
    panel,
    model: title,
    group: group.id,
    groupTitle: group.title,
    style: group.style,
    anchor,
    points: blocks
      .map((block) => ({ block, of: anchor === undefined ? block : table.anchorAt(block.tick, anchor) }))
      .filter((each): each is { block: Block; of: Block } => each.of !== undefined)
      .map(({ block, of }) => ({ epoch: block.epoch, tick: block.tick, value: group.valueOf(of) })),
  });
  const groups = groupsOf(input);
  const few = fewAnchors(blocks[0], input.anchorClass);
  return groups.flatMap((group) => [...few.map((anchor) => line(group, anchor)), line(group, undefined)]);
}

/** The anchors to draw one by one: all if there are two to five, else none. */
function fewAnchors(block: Block | undefined, anchorClass: number | undefined): number[] {
  const anchors = block ? [...block.anchors].filter((_, row) => isOf(block, row, anchorClass)) : [];
  return anchors.length >= 2 && anchors.length <= fewAnchorCount ? anchors : [];
}

const isOf = (block: Block, row: number, anchorClass: number | undefined): boolean =>
  anchorClass === undefined || block.anchorLabels[row] === anchorClass;

interface Group {
  readonly id: string;
  readonly title: string;
  readonly style: LineStyle;
  valueOf(block: Block): Interval;
}

function groupsOf({ classes, measure, grouping, anchorClass }: CurvesInput): Group[] {
  if (grouping === "relation")
    return relations.map((id) => ({
      id,
      title: relationTitles[id],
      style: relationStyles[id],
      valueOf: (block) => relationMeans(block, measure.id, classes, anchorClass)[id],
    }));
  return classes.map(({ id, title }, index) => ({
    id,
    title,
    style: classStyle(index),
    valueOf: (block) => probeClassMean(block, measure.id, classes.length, anchorClass)[index]!,
  }));
}

/** [probe class]; over all anchors alike when no anchor class is given. */
function probeClassMean(
  block: Block,
  measure: string,
  classCount: number,
  anchorClass: number | undefined,
): Interval[] {
  if (anchorClass !== undefined) return classMatrix(block, measure, classCount)[anchorClass]!;
  return classMatrix({ ...block, anchorLabels: new Uint8Array(block.anchors.length) }, measure, classCount)[0]!;
}

function trace({ panel, groupTitle, style, anchor, points }: Series): LineTrace {
  const isFaint = anchor !== undefined;
  return {
    type: "line",
    panel,
    title: isFaint ? `${groupTitle}, anchor #${anchor}` : groupTitle,
    x: points.map(({ epoch }) => epoch),
    y: points.map(({ value }) => value.mean),
    colour: style.colour,
    dash: isFaint ? "solid" : style.dash,
    marker: isFaint ? "none" : style.marker,
    ...(isFaint
      ? { faint: true }
      : {
          band: { low: points.map(({ value }) => value.low), high: points.map(({ value }) => value.high) },
          hover: points.map(({ value }) => intervalText(value)),
        }),
  };
}

const intervalText = ({ mean, low, high }: Interval): string =>
  Number.isNaN(mean) ? "not measurable" : `${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`;

function panels(runs: readonly say.Run[], measure: DescribedMeasure, means: readonly Series[]): Panel[] {
  const points = means.flatMap((series) => series.points);
  const x = epochAxis(points.map(({ epoch }) => epoch));
  const y = niceAxis(say.measureTitle(measure), heights(points, measure.signed));
  return runs.map(({ title }, panel) => ({
    title,
    x,
    y,
    ...(means.some((series) => series.panel === panel && series.points.length > 0) ? {} : { note: say.notMeasuredYet }),
  }));
}

/** What the y axis must hold: all means, and the bands as far as they do not dwarf them (n = 2 makes bands 9 times wider). */
function heights(points: readonly Point[], signed: boolean): number[] {
  const means = points.map(({ value }) => value.mean).filter((mean) => !Number.isNaN(mean));
  const [low, high] = [Math.min(0, ...means), Math.max(0, ...means)];
  const room = 0.35 * (high - low);
  const bounded = (bound: number): number => Math.min(high + room, Math.max(signed ? low - room : 0, bound));
  return points
    .flatMap(({ value }) => [value.mean, value.low, value.high])
    .filter((each) => !Number.isNaN(each))
    .map(bounded);
}

function caption(
  { runs, classes, measure, grouping, anchorClass }: CurvesInput,
  means: readonly Series[],
  hasFew: boolean,
): string {
  const counts = say.countRange(means.flatMap(({ points }) => points.map(({ value }) => value.count)));
  const anchors = anchorClass === undefined ? "anchor" : `${classes[anchorClass]!.title} anchor`;
  const groups =
    grouping === "class" ? "of each class" : "of the anchor's own class, of sibling classes and of unrelated classes";
  if (counts === "0") return "Nothing has been measured yet.";
  return [
    `Mean ${say.measureInSentence(measure)} of the probe images ${groups} after one SGD step on an anchor image, against the`,
    `epoch of training; epoch 0 is before training. Lines are means over n = ${say.plural(counts, anchors)};`,
    `bands are 95 % Student-t intervals over anchors${hasFew ? ", thin lines the single anchors" : ""}. Linear axes`,
    `${measure.signed ? "through" : "from"} 0${runs.length > 1 ? ", the same for all panels" : ""}; no smoothing.`,
  ].join(" ");
}

function data(series: readonly Series[], { classes, measure, grouping, anchorClass }: CurvesInput): FigureData {
  const group = grouping === "class" ? "probe_class" : "relation";
  return {
    columns: ["model", "epoch", "tick", "measure", "anchor_class", group, "anchor", "mean", "low", "high", "n"],
    rows: series.flatMap((line) =>
      line.points.map(({ epoch, tick, value }) => [
        line.model,
        epoch,
        tick,
        measure.id,
        anchorClass === undefined ? "all" : classes[anchorClass]!.id,
        line.group,
        line.anchor ?? "all",
        ...[value.mean, value.low, value.high].map(blankIfNaN),
        value.count,
      ]),
    ),
    dictionary: {
      ...say.runColumns,
      measure: say.measureColumn(measure),
      anchor_class: "Class of the anchors, or all.",
      [group]:
        grouping === "class"
          ? "Class of the probes."
          : "How the probe's class is related to the anchor's: same, sibling (same widest super-class) or unrelated.",
      anchor: "all: the mean over anchors. A number: that single anchor (drawn thin when there are few).",
      ...say.intervalColumns,
    },
  };
}
