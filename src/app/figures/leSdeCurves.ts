// The locally elastic SDE against time: sample paths, and how large, how separable and how collapsed the classes are.
import {
  collapseNames,
  leSdeKey,
  seedsOf,
  shownCount,
  timesOf,
  type CollapseName,
  type LeSdeFinding,
  type LeSdeParams,
} from "../../lab/studies/leSde.ts";
import type { Findings } from "../../lab/study.ts";
import { interval, mean } from "../../math/stats.ts";
import {
  blankIfNaN,
  type Arrangement,
  type Axis,
  type Figure,
  type FigureData,
  type LineTrace,
  type Rule,
} from "./figure.ts";
import { bandLine, type Series } from "./bands.ts";
import { classColour, classStyle, type LineStyle } from "./palette.ts";
import { logAxis, logTicks, niceAxis } from "./scale.ts";
import { notMeasuredYet, plural } from "./wording.ts";

export interface LeSdeInput {
  readonly params: LeSdeParams;
  readonly findings: Findings<LeSdeFinding>;
  /** Place of the seed whose paths are shown. */
  readonly seed: number;
  readonly coordinate: number;
  readonly arrangement: Arrangement;
}

export const timeAxis = ({ steps }: LeSdeParams): Axis => ({
  title: "Time t",
  scale: "log",
  low: 1,
  high: steps,
  ticks: logTicks(1, steps, 4),
});

/** Of its logarithm to base 10, where that has a place among numbers. */
export const sizeOf = (logarithm: number): number => 10 ** Math.max(-300, Math.min(300, logarithm));

const found = ({ params, findings }: LeSdeInput): { seed: number; finding: LeSdeFinding }[] =>
  seedsOf(params).flatMap((seed) => {
    const finding = findings.get(leSdeKey(params, seed));
    return finding ? [{ seed, finding }] : [];
  });

export const seedShown = ({ params, seed }: LeSdeInput): number => {
  const seeds = seedsOf(params);
  return seeds[Math.min(seed, seeds.length - 1)]!;
};

export const coordinateShown = ({ params, coordinate }: LeSdeInput): number =>
  Math.min(coordinate, params.classCount - 1);

/** One coordinate of some samples of each class. */
export function leSdePaths(input: LeSdeInput): Figure {
  const { params, findings, arrangement } = input;
  const { classCount: K, perClass } = params;
  const [seed, coordinate] = [seedShown(input), coordinateShown(input)];
  const finding = findings.get(leSdeKey(params, seed));
  const count = shownCount(perClass);
  const times = finding ? Array.from(finding.times) : [];
  const path = (k: number, sample: number): number[] =>
    times.map((_, at) => finding!.paths[((at * K + k) * count + sample) * K + coordinate]!);
  const traces = finding
    ? Array.from({ length: K }, (_, k): LineTrace[] => {
        const paths = Array.from({ length: count }, (_unused, sample) => path(k, sample));
        const common = { type: "line", panel: 0, x: times, colour: classColour(k), marker: "none" } as const;
        return [
          ...paths.map((y, sample): LineTrace => ({
            ...common,
            title: `class ${k + 1}, sample ${sample + 1}`,
            y,
            dash: "solid",
            faint: true,
          })),
          {
            ...common,
            title: `class ${k + 1}`,
            y: times.map((_unused, at) => mean(paths.map((each) => each[at]!))),
            dash: classStyle(k).dash,
          },
        ];
      }).flat()
    : [];
  return {
    name: "le-sde-paths",
    title: "Sample paths of the locally elastic SDE",
    caption: `Coordinate ${coordinate + 1} of ${count} samples of each class and their mean, less the mean of all samples and over the root mean square of all samples at that time; seed ${seed}. Once the noise is small beside what separates the classes, the paths of a class run together.`,
    arrangement,
    panels: [
      {
        title: "",
        x: timeAxis(params),
        y: niceAxis(
          "Feature / r.m.s. of all",
          traces.flatMap(({ y }) => y),
          { fromZero: false },
        ),
        ...(finding ? {} : { note: notMeasuredYet }),
      },
    ],
    traces,
    data: (): FigureData => ({
      columns: ["seed", "class", "sample", "time", "value"],
      rows: finding
        ? Array.from({ length: K * count }, (_, at) => {
            const [k, sample] = [Math.floor(at / count), at % count];
            return path(k, sample).map((value, which) => [seed, k + 1, sample + 1, times[which]!, blankIfNaN(value)]);
          }).flat()
        : [],
      dictionary: {
        seed: "of the start and the noise",
        class: "from 1",
        sample: "from 1, within its class",
        time: "from 1",
        value: `coordinate ${coordinate + 1}, less the mean of all samples, over the root mean square of all samples`,
      },
    }),
  };
}

const styles = {
  first: { colour: "#d55e00", dash: "solid", marker: "none" },
  second: { colour: "#0072b2", dash: "dash", marker: "none" },
  third: { colour: "#009e73", dash: "dot", marker: "none" },
  fourth: { colour: "#cc79a7", dash: "dashdot", marker: "none" },
  fifth: { colour: "#56b4e9", dash: "solid", marker: "none" },
  sixth: { colour: "#e69f00", dash: "dash", marker: "none" },
} as const satisfies Record<string, LineStyle>;

const collapseTitles: Readonly<Record<CollapseName, string>> = {
  within: "NC1 spread",
  norms: "NC2 norms",
  angleGap: "NC2 angles",
  duality: "NC3 duality",
  disagreement: "NC4",
};

/** Growth beside the closed form, accuracy, and the measures of collapse. */
export function leSdeMeasures(input: LeSdeInput): Figure {
  const { params, arrangement } = input;
  const all = found(input);
  const times = timesOf(params);
  const by = (value: (finding: LeSdeFinding) => ArrayLike<number>): number[][] =>
    all.map(({ finding }) => Array.from(value(finding)));
  const power = (values: number[][]): number[][] => values.map((own) => own.map(sizeOf));
  const growth: Series[] = [
    { title: "simulated", style: styles.first, values: power(by(({ size }) => size)) },
    { title: "without noise", style: styles.second, values: power(by(({ known }) => known)) },
  ];
  const accuracy: Series[] = [
    { title: "nearest mean", style: styles.first, values: by(({ nearest }) => nearest) },
    { title: "linear probe", style: styles.second, values: by(({ probe }) => probe) },
    { title: "alignment", style: styles.third, values: by(({ alignment }) => alignment) },
  ];
  const places = [styles.first, styles.second, styles.third, styles.fourth, styles.sixth];
  const collapsed: Series[] = collapseNames.map((name, at) => ({
    title: collapseTitles[name],
    style: places[at]!,
    values: by(({ collapse }) => collapse[name]),
  }));
  const seriesOf = [growth, accuracy, collapsed];
  const values = (series: readonly Series[]): number[] => series.flatMap((each) => each.values.flat());
  const chance = 1 / params.classCount;
  const rules: Rule[] = [{ axis: "y", at: chance, title: "chance" }];
  const x = timeAxis(params);
  const note = all.length > 0 ? {} : { note: notMeasuredYet };
  return {
    name: "le-sde-measures",
    title: "Growth, separability and collapse",
    caption: `Left: norm of the class means less their common mean, beside the same without noise from the same starts. Middle: accuracy of classifiers made from half of the samples on the other half, and the alignment, the size of the mean cosine of class means and the classes' own directions e_k − 1/K. Right: measures of neural collapse, all of which go to 0 as it becomes complete; where one is exactly 0 it has no place on the axis. Lines are means and bands 95 % Student-t intervals over ${plural(all.length, "seed")}.`,
    arrangement,
    panels: [
      { title: "Distance of class means", x, y: logAxis("Norm", values(growth)), ...note },
      { title: "Separability", x, y: niceAxis("Accuracy, cosine", [0, 1]), rules, ...note },
      {
        title: "Neural collapse",
        x,
        y: logAxis(
          "Measure",
          values(collapsed).filter((value) => value > 1e-12),
        ),
        ...note,
      },
    ],
    traces:
      all.length > 0
        ? seriesOf.flatMap((series, panel) => series.map((each) => onAxis(bandLine(panel, times, each), panel)))
        : [],
    data: () => ({
      columns: ["quantity", "time", "mean", "low", "high", "n"],
      rows: seriesOf.flat().flatMap(({ title, values: own }) =>
        own.length === 0
          ? []
          : times.map((time, at) => {
              const value = interval(own.map((each) => each[at]!));
              return [title, time, ...[value.mean, value.low, value.high].map(blankIfNaN), value.count];
            }),
      ),
      dictionary: {
        quantity: "as in the figure",
        time: "from 1",
        mean: "over seeds",
        low: "lower bound of the 95 % Student-t interval over seeds",
        high: "upper bound of the same interval",
        n: "seeds",
      },
    }),
  };
}

/** A logarithmic axis has no place for bands that reach 0 or below: they end at a hundredth of the mean. */
const onAxis = (line: LineTrace, panel: number): LineTrace =>
  panel === 1
    ? line
    : {
        ...line,
        band: { high: line.band!.high, low: line.band!.low.map((low, at) => Math.max(low, line.y[at]! / 100)) },
      };
