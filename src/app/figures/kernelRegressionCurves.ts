// The network and two kernel machines against the epoch: what they classify rightly, how far the kernel has moved, and what they
// move when one image is learned.
import { machines, type Machine, type RegressionFinding } from "../../lab/studies/kernelRegression/measure.ts";
import { classesOf, epochsOf, seedsOf, type RegressionParams } from "../../lab/studies/kernelRegression/setting.ts";
import { overSeeds, relatedMean } from "../../lab/studies/kernelRegression/summary.ts";
import { relations } from "../../lab/relation.ts";
import type { Findings } from "../../lab/study.ts";
import type { Interval } from "../../math/stats.ts";
import { relationStyles, relationTitles } from "./elasticityCurves.ts";
import { blankIfNaN, type Arrangement, type Figure, type FigureData, type LineTrace } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { axisNumber, epochAxis, niceAxis, shortNumber } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

export interface RegressionInput {
  readonly params: RegressionParams;
  readonly findings: Findings<RegressionFinding>;
  /** The epoch that is wanted; the nearest measured one is shown. */
  readonly epoch: number;
  readonly arrangement: Arrangement;
}

export const machineTitles: Readonly<Record<Machine, string>> = {
  network: "network",
  now: "kernel now",
  frozen: "kernel at start",
};

const machineStyles: Readonly<Record<Machine, LineStyle>> = {
  network: { colour: "#d55e00", dash: "solid", marker: "circle" },
  now: { colour: "#009e73", dash: "dash", marker: "square" },
  frozen: { colour: "#0072b2", dash: "dot", marker: "diamond" },
};

export const epochShown = ({ params, epoch }: Pick<RegressionInput, "params" | "epoch">): number =>
  epochsOf(params).reduce((best, each) => (Math.abs(each - epoch) < Math.abs(best - epoch) ? each : best));

interface Series {
  readonly panel: number;
  readonly machine: Machine;
  readonly quantity: string;
  readonly title: string;
  readonly style: LineStyle;
  readonly points: readonly { readonly epoch: number; readonly value: Interval }[];
}

function seriesOf(
  { params, findings }: RegressionInput,
  { of, ...words }: Omit<Series, "points"> & { readonly of: (finding: RegressionFinding) => number },
): Series {
  const points = epochsOf(params).map((epoch) => ({ epoch, value: overSeeds({ params, findings }, epoch, of) }));
  return { ...words, points: points.filter(({ value }) => value.count > 0) };
}

const traceOf = ({ panel, title, style, points }: Series): LineTrace => ({
  type: "line",
  panel,
  title,
  x: points.map(({ epoch }) => epoch),
  y: points.map(({ value }) => value.mean),
  band: { low: points.map(({ value }) => value.low), high: points.map(({ value }) => value.high) },
  ...style,
  hover: points.map(({ value: { mean, low, high, count } }) =>
    count < 2 ? shortNumber(mean) : `${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`,
  ),
});

const noteOf = (series: readonly Series[]): { note?: string } =>
  series.some(({ points }) => points.length > 0) ? {} : { note: notMeasuredYet };

/** Means and bands, these within what the quantity can be. */
const heights = (series: readonly Series[], most: number): number[] =>
  series.flatMap(({ points }) =>
    points.flatMap(({ value: { mean, low, high } }) => [mean, Math.max(0, low), Math.min(most, high)]),
  );

export function kernelRegressionAccuracy(input: RegressionInput): Figure {
  const { params, arrangement } = input;
  const accuracies = machines.map((machine) =>
    seriesOf(input, {
      panel: 0,
      machine,
      quantity: "accuracy",
      title: machineTitles[machine],
      style: machineStyles[machine],
      of: ({ accuracy }) => accuracy[machine],
    }),
  );
  const x = epochAxis(epochsOf(params));
  const chance = 1 / classesOf(params).length;
  return {
    name: "kernel-regression",
    title: "Accuracy of the network and of kernel regression",
    caption: caption(
      input,
      accuracies,
      "Share of the held-out images that are classified rightly by the network, by kernel ridge regression with its tangent kernel now, and by the same with the kernel before training; dotted: chance.",
    ),
    arrangement,
    panels: [
      {
        title: "Held-out accuracy",
        x,
        y: niceAxis("Share classified rightly", heights(accuracies, 1)),
        rules: [{ axis: "y", at: chance, title: "chance" }],
        ...noteOf(accuracies),
      },
    ],
    traces: accuracies.filter(({ points }) => points.length > 0).map(traceOf),
    ...marked(input, accuracies),
    data: () => dataOf(accuracies),
  };
}

export function kernelRegressionMoved(input: RegressionInput): Figure {
  const { params, arrangement } = input;
  const moved = seriesOf(input, {
    panel: 0,
    machine: "now",
    quantity: "moved",
    title: "",
    style: machineStyles.now,
    of: (finding) => finding.moved,
  });
  return {
    name: "kernel-regression-moved",
    title: "How far the kernel has moved",
    caption: caption(input, [moved], "1 − cosine of the training images' tangent kernel now and before training."),
    arrangement,
    panels: [
      {
        title: "",
        x: epochAxis(epochsOf(params)),
        y: niceAxis("1 − cosine with its start", heights([moved], 1)),
        ...noteOf([moved]),
      },
    ],
    traces: moved.points.length > 0 ? [traceOf(moved)] : [],
    ...marked(input, [moved]),
    data: () => dataOf([moved]),
  };
}

export function kernelRegressionResponse(input: RegressionInput): Figure {
  const { params, arrangement } = input;
  const series = machines.flatMap((machine, panel) =>
    relations.map((name) =>
      seriesOf(input, {
        panel,
        machine,
        quantity: name,
        title: relationTitles[name],
        style: relationStyles[name],
        of: (finding) => relatedMean(params, finding, { machine, name }),
      }),
    ),
  );
  const x = epochAxis(epochsOf(params));
  const y = niceAxis("Relative similarity", heights(series, 2));
  return {
    name: "kernel-regression-response",
    title: "What moves when one image is learned, network and kernels",
    caption: caption(
      input,
      series,
      `Mean relative similarity of held-out images of the learned image's own class, of sibling classes and of unrelated classes. Network: |Δf_y(p)| / |Δf_y(a)| after one SGD step that raises the own score by ${axisNumber(params.delta)}. Kernels: |K(a, p)| / K(a, a), what a step of kernel regression moves, whatever its size.`,
    ),
    arrangement,
    panels: machines.map((machine, panel) => ({
      title: machineTitles[machine][0]!.toUpperCase() + machineTitles[machine].slice(1),
      x,
      y,
      ...noteOf(series.filter((each) => each.panel === panel)),
    })),
    traces: series.filter(({ points }) => points.length > 0).map(traceOf),
    ...marked(input, series),
    data: () => dataOf(series),
  };
}

const marked = (input: RegressionInput, series: readonly Series[]): { mark?: number } =>
  series.some(({ points }) => points.length > 0) ? { mark: epochShown(input) } : {};

export function settingText(params: RegressionParams): string {
  const { dataset, trainPerClass, testPerClass, anchorsPerClass, ridge, model } = params;
  const images = dataset === "drawn" ? "the drawn set, which is not photographs" : dataset.toUpperCase();
  return [
    `${model.toUpperCase()}; ${trainPerClass} training and ${plural(testPerClass, "held-out image")} a class of ${images}, ${plural(classesOf(params).length, "class")},`,
    `${plural(anchorsPerClass, "anchor")} a class.`,
    `The kernel is summed over outputs; ridge ${axisNumber(ridge)} times its mean diagonal, targets one-hot less 1/C.`,
  ].join(" ");
}

function caption({ params }: RegressionInput, series: readonly Series[], what: string): string {
  const counts = countRange(series.flatMap(({ points }) => points.map(({ value }) => value.count)));
  if (counts === "0") return "Nothing has been measured yet.";
  const bands =
    seedsOf(params).length > 1
      ? `Lines are means over n = ${plural(counts, "seed")} of weights and order of training, the images being the same; bands are 95 % Student-t intervals.`
      : "One seed, so no intervals: another one may differ by as much as the lines do.";
  return `${what} ${settingText(params)} ${bands}`;
}

const dataOf = (series: readonly Series[]): FigureData => ({
  columns: ["epoch", "machine", "quantity", "mean", "low", "high", "n"],
  rows: series.flatMap(({ machine, quantity, points }) =>
    points.map(({ epoch, value: { mean, low, high, count } }) => [
      epoch,
      machine,
      quantity,
      ...[mean, low, high].map(blankIfNaN),
      count,
    ]),
  ),
  dictionary: {
    epoch: "Epochs of training done; 0 is before training.",
    machine:
      "network; now, frozen: kernel ridge regression with its tangent kernel now, and with that before training.",
    quantity:
      "accuracy: share of held-out images classified rightly; same, sibling, unrelated: mean relative similarity; moved: 1 - cosine of the kernels.",
    mean: "Mean over seeds.",
    low: "Lower bound of its 95 % Student-t interval over seeds; the mean itself when n < 2.",
    high: "Upper bound of the same interval.",
    n: "Number of seeds.",
  },
});
