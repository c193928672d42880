// The neurashed-style model against the step: how elastic it is, how sparse its paths are, and what its scores tell.
import { levelCount } from "../../lab/simulators/neurashed.ts";
import { relationCurve, runsOf, type NeurashedFinding } from "../../lab/studies/neurashed/finding.ts";
import {
  batchSizesOf,
  classesOf,
  graphOfStudy,
  momentsOf,
  seedsOf,
  type NeurashedLook,
  type NeurashedParams,
} from "../../lab/studies/neurashed/setting.ts";
import { relation, relations } from "../../lab/relation.ts";
import type { Findings } from "../../lab/study.ts";
import { bandLine, intervalCells, intervalsOf, type Series } from "./bands.ts";
import { relationStyles, relationTitles } from "./elasticityCurves.ts";
import type { Arrangement, Axis, Figure, FigureData, LineTrace } from "./figure.ts";
import { classStyle, type LineStyle } from "./palette.ts";
import { logAxis, niceAxis } from "./scale.ts";
import { notMeasuredYet, plural } from "./wording.ts";

export interface NeurashedInput {
  readonly params: NeurashedParams;
  readonly findings: Findings<NeurashedFinding>;
  readonly look: NeurashedLook;
  readonly arrangement: Arrangement;
}

const within = <T>(items: readonly T[], place: number): T => items[Math.min(place, items.length - 1)]!;

export const batchShown = ({ params, look }: Pick<NeurashedInput, "params" | "look">): number =>
  within(batchSizesOf(params), look.batch);

/** The moment that is looked at, and its step. */
export function momentShown({ params, look }: Pick<NeurashedInput, "params" | "look">): { at: number; step: number } {
  const moments = momentsOf(params);
  const at = Math.min(look.moment, moments.length - 1);
  return { at, step: moments[at]! };
}

/** The moment whose step is closest to a place on the axis. */
export function nearestMoment(params: NeurashedParams, step: number): number {
  const far = momentsOf(params).map((moment) => Math.abs(moment - step));
  return far.indexOf(Math.min(...far));
}

const stepAxis = (params: NeurashedParams): Axis => niceAxis("Step", [0, params.steps]);

const over = (count: number): string =>
  `Lines are means and bands 95 % Student-t intervals over ${plural(count, "seed")}.`;

const intervalDictionary = {
  mean: "over seeds; blank: not measurable",
  low: "lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2",
  high: "upper bound of the same interval",
  n: "seeds",
};

/** Ratios beyond this have no place in the figure. */
const highestShown = 2;

/** Mean relative similarity to the own class, to siblings and to the unrelated. */
export function neurashedElasticity(input: NeurashedInput): Figure {
  const { params, findings, arrangement } = input;
  const batchSize = batchShown(input);
  const runs = runsOf(params, findings, batchSize);
  const moments = momentsOf(params);
  const classes = classesOf(params);
  const there = relations.filter((name) => classes.some((a) => classes.some((b) => relation(a, b) === name)));
  const series = there.map((name): Series => ({
    title: relationTitles[name],
    style: { ...relationStyles[name], marker: "none" },
    values: runs.map(({ finding }) => relationCurve(params, finding, name)),
  }));
  const lines = runs.length > 0 ? series.map((each) => cut(bandLine(0, moments, each))) : [];
  const all = lines.flatMap(({ y, band }) => [...y, ...band!.high]);
  const isCut = runs.some(({ finding }) => finding.pairs.some((value) => value > highestShown));
  return {
    name: "neurashed-elasticity",
    title: `Relative similarity against step, batch size ${batchSize}`,
    caption: [
      "Mean relative similarity of held-out examples to an anchor of the training set, after one step at the growth rate on the anchor alone,",
      `by how their classes are related. ${over(runs.length)}`,
      "An anchor that fires only features at their largest factor is at rest and not measurable.",
      isCut ? `Ratios above ${highestShown}, of anchors almost at rest, are not drawn.` : "",
    ]
      .filter(Boolean)
      .join(" "),
    arrangement,
    panels: [
      {
        title: "",
        x: stepAxis(params),
        y: niceAxis("Relative similarity", [1, ...all]),
        ...(runs.length > 0 ? {} : { note: notMeasuredYet }),
      },
    ],
    traces: lines,
    mark: momentShown(input).step,
    data: (): FigureData => ({
      columns: ["batch_size", "relation", "step", "mean", "low", "high", "n"],
      rows: there.flatMap((name, at) =>
        intervalsOf(moments, series[at]!).flatMap((value, moment) =>
          runs.length === 0 ? [] : [[batchSize, name, moments[moment]!, ...intervalCells(value)]],
        ),
      ),
      dictionary: {
        batch_size: "examples a step",
        relation: "of the probe's class to the anchor's: same, sibling (same widest super-class) or unrelated",
        step: "steps of training done; 0 is before training",
        ...intervalDictionary,
      },
    }),
  };
}

function cut(line: LineTrace): LineTrace {
  const low = (value: number): number => Math.max(0, Math.min(highestShown, value));
  return {
    ...line,
    y: line.y.map((value) => (value > highestShown ? NaN : value)),
    band: { low: line.band!.low.map(low), high: line.band!.high.map(low) },
  };
}

const kinds = [
  { name: "participation", title: "Factors", axis: "Nodes that matter" },
  { name: "paths", title: "Paths", axis: "Paths that matter" },
] as const;

/** Participation ratios against the batch size at the moment looked at, and that of the factors against the step. */
export function neurashedPaths(input: NeurashedInput): Figure {
  const { params, findings, arrangement } = input;
  const sizes = batchSizesOf(params);
  const moments = momentsOf(params);
  const { at, step } = momentShown(input);
  const found = sizes.map((size) => runsOf(params, findings, size));
  const seeds = seedsOf(params);
  const style: LineStyle = { colour: "#0072b2", dash: "solid", marker: "circle" };
  const bySize = kinds.map(({ name, title }): Series => ({
    title,
    style,
    values: seeds.map((seed) => found.map((runs) => runs.find((one) => one.seed === seed)?.finding[name][at] ?? NaN)),
  }));
  const byStep = sizes.map((size, place): Series => ({
    title: `batch size ${size}`,
    style: { ...classStyle(place), marker: "none" },
    values: found[place]!.map(({ finding }) => [...finding.participation]),
  }));
  const isThere = found.some((runs) => runs.length > 0);
  const note = isThere ? {} : { note: notMeasuredYet };
  const lines = isThere
    ? [
        ...bySize.map((series, panel) => bandLine(panel, sizes, series)),
        ...byStep.filter(({ values }) => values.length > 0).map((series) => bandLine(2, moments, series)),
      ]
    : [];
  const heights = (panel: number): number[] =>
    lines.filter((line) => line.panel === panel).flatMap(({ y, band }) => [...y, ...band!.high]);
  const sizeAxis = logAxis("Batch size", sizes);
  return {
    name: "neurashed-paths",
    title: `Participation ratios against batch size, step ${step}`,
    caption: `How many of the numbers matter, (sum)² / sum of squares: of the amplifying factors of all nodes, and of the weights of all paths from simple features to classes, each the product of its factors; at step ${step} against the batch size, and that of the factors against the step. ${over(Math.max(...found.map(({ length }) => length)))}`,
    arrangement,
    panels: [
      ...kinds.map(({ title, axis }, panel) => ({ title, x: sizeAxis, y: niceAxis(axis, heights(panel)), ...note })),
      { title: "Factors against step", x: stepAxis(params), y: niceAxis("Nodes that matter", heights(2)), ...note },
    ],
    traces: lines,
    data: (): FigureData => ({
      columns: ["quantity", "batch_size", "step", "mean", "low", "high", "n"],
      rows: sizes.flatMap((size, place) =>
        found[place]!.length === 0
          ? []
          : kinds.flatMap(({ name }) =>
              intervalsOf(moments, { values: found[place]!.map(({ finding }) => [...finding[name]]) }).map(
                (value, moment) => [name, size, moments[moment]!, ...intervalCells(value)],
              ),
            ),
      ),
      dictionary: {
        quantity: "participation: ratio of the factors; paths: ratio of the weights of all paths",
        batch_size: "examples a step",
        step: "steps of training done; 0 is before training",
        ...intervalDictionary,
      },
    }),
  };
}

const sides = [
  { name: "inputInformation", symbol: "I(X; T)", title: "About the example", column: "input" },
  { name: "labelInformation", symbol: "I(Y; T)", title: "About its class", column: "label" },
] as const;

/** What the scores of each level tell about the example and about its class. */
export function neurashedInformation(input: NeurashedInput): Figure {
  const { params, findings, arrangement } = input;
  const batchSize = batchShown(input);
  const runs = runsOf(params, findings, batchSize);
  const moments = momentsOf(params);
  const levels = Array.from({ length: levelCount(graphOfStudy(params)) }, (_, level) => level);
  const classCount = classesOf(params).length;
  const titleOf = (level: number): string =>
    level === 0 ? "simple features" : level === levels.length - 1 ? "class scores" : `features of level ${level}`;
  const series = sides.map(({ name }) =>
    levels.map((level): Series => ({
      title: titleOf(level),
      style: { ...classStyle(level === 0 ? 3 : level === levels.length - 1 ? 0 : 4 + level), marker: "none" },
      values: runs.map(({ finding }) => moments.map((_, moment) => finding[name][moment * levels.length + level]!)),
    })),
  );
  const lines =
    runs.length > 0 ? series.flatMap((own, panel) => own.map((each) => bandLine(panel, moments, each))) : [];
  return {
    name: "neurashed-information",
    title: `Information against step, batch size ${batchSize}`,
    caption: [
      `Mutual information between the scores T of a level, each in one of ${params.bins} equal bins from 0 to the level's largest score at that moment, and which of`,
      `${classCount * params.probesPerClass} held-out examples (X) or of ${classCount} classes (Y) it is. T is a function of the example, so I(X; T) is the entropy of the binned scores and is exact for these examples;`,
      "as an estimate for all examples it is too low where few are drawn, and I(Y; T) too high. Finer bins raise both.",
      over(runs.length),
    ].join(" "),
    arrangement,
    panels: sides.map(({ symbol, title }, panel) => ({
      title,
      x: stepAxis(params),
      y: niceAxis(
        `${symbol} (bits)`,
        lines.filter((line) => line.panel === panel).flatMap(({ y, band }) => [...y, ...band!.high]),
      ),
      ...(runs.length > 0 ? {} : { note: notMeasuredYet }),
    })),
    traces: lines,
    mark: momentShown(input).step,
    data: (): FigureData => ({
      columns: ["batch_size", "about", "level", "step", "mean", "low", "high", "n"],
      rows: sides.flatMap(({ column }, side) =>
        levels.flatMap((level) =>
          runs.length === 0
            ? []
            : intervalsOf(moments, series[side]![level]!).map((value, moment) => [
                batchSize,
                column,
                level,
                moments[moment]!,
                ...intervalCells(value),
              ]),
        ),
      ),
      dictionary: {
        batch_size: "examples a step",
        about: "input: I(X; T), which example it is; label: I(Y; T), which class",
        level: "0: simple features; the last: class scores",
        step: "steps of training done; 0 is before training",
        ...intervalDictionary,
        mean: "bits, over seeds",
      },
    }),
  };
}
