// Two label systems: the relative ratios of both, and the shares of the four kinds of pairs, a panel a training.
import {
  pairKinds,
  sampleOf,
  type LabelSystemsFinding,
  type PairKind,
  type Quantity,
} from "../../lab/studies/labelSystems/finding.ts";
import { printed, printedSource } from "../../lab/studies/labelSystems/published.ts";
import {
  epochsOf,
  labellingTitles,
  seedsOf,
  systems,
  type LabelSystemsParams,
  type System,
} from "../../lab/studies/labelSystems/setting.ts";
import type { Findings } from "../../lab/study.ts";
import { interval, type Interval } from "../../math/stats.ts";
import { blankIfNaN, type Arrangement, type Axis, type Figure, type LineTrace, type Panel } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { epochAxis, minus, niceAxis } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

export interface LabelSystemsInput {
  readonly params: LabelSystemsParams;
  readonly findings: Findings<LabelSystemsFinding>;
  readonly show: "level" | "change";
  /** The paper's curves have a panel of their own. */
  readonly printed: boolean;
  readonly arrangement: Arrangement;
}

const systemStyles: Readonly<Record<System, LineStyle>> = {
  first: { colour: "#d55e00", dash: "solid", marker: "circle" },
  second: { colour: "#0072b2", dash: "dash", marker: "square" },
};

const kindStyles: Readonly<Record<PairKind, LineStyle>> = {
  neither: { colour: "#000000", dash: "solid", marker: "circle" },
  second: { colour: "#d55e00", dash: "dash", marker: "square" },
  first: { colour: "#0072b2", dash: "dashdot", marker: "triangle-up" },
  both: { colour: "#8f8f8f", dash: "dot", marker: "diamond" },
};

interface Series {
  readonly trained: System;
  readonly quantity: Quantity;
  readonly title: string;
  readonly style: LineStyle;
  readonly points: readonly { readonly epoch: number; readonly value: Interval }[];
}

const titleOfKind = (kind: PairKind, params: LabelSystemsParams): string => {
  const [first, second] = labellingTitles(params);
  if (kind === "neither") return "the same in both";
  if (kind === "both") return "different in both";
  return `differ in ${kind === "first" ? first.title : second.title}`;
};

function seriesOf(
  { params, findings, show }: LabelSystemsInput,
  trained: System,
  quantity: Quantity,
  told: { readonly title: string; readonly style: LineStyle },
): Series {
  const points = epochsOf(params).map((epoch) => ({
    epoch,
    value: interval(sampleOf(params, findings, { trained, epoch, quantity, isChange: show === "change" })),
  }));
  return { trained, quantity, ...told, points: points.filter(({ value }) => value.count > 0) };
}

const decimals = (value: number): string => minus(value.toFixed(Math.abs(value) < 10 ? 3 : 2));

/** "+1.234 (1.1 to 1.4)" */
export const intervalText = ({ mean, low, high, count }: Interval, isChange: boolean): string => {
  if (count === 0) return "–";
  const centre = `${isChange && mean > 0 ? "+" : ""}${decimals(mean)}`;
  return count < 2 ? centre : `${centre} (${decimals(low)} to ${decimals(high)})`;
};

const traceOf = ({ trained, title, style, points }: Series, isChange: boolean): LineTrace => ({
  type: "line",
  panel: systems.indexOf(trained),
  title,
  x: points.map(({ epoch }) => epoch),
  y: points.map(({ value }) => value.mean),
  band: { low: points.map(({ value }) => value.low), high: points.map(({ value }) => value.high) },
  ...style,
  hover: points.map(({ value }) => intervalText(value, isChange)),
});

/** As tight as the means and bands are; a band much wider than all that the means do is cut. */
function axisOf(title: string, series: readonly Series[], isChange: boolean): Axis {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const means = [...values.map(({ mean }) => mean), ...(isChange ? [0] : [])];
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const room = high - low;
  const within = (bound: number): number => Math.min(high + room, Math.max(low - room, bound));
  const held = [...means, ...values.flatMap((value) => [within(value.low), within(value.high)])];
  const spread = Math.max(...held) - Math.min(...held);
  return niceAxis(title, spread > 0 ? held : held.flatMap((value) => [value - 0.5, value + 0.5]), { fromZero: false });
}

function panelsOf(input: LabelSystemsInput, series: readonly Series[], y: Axis): Panel[] {
  const titles = labellingTitles(input.params);
  const x = epochAxis(epochsOf(input.params));
  return systems.map((trained, at) => ({
    title: `Trained on ${titles[at]!.title}`,
    x,
    y,
    ...(input.show === "change" ? { rules: [{ axis: "y", at: 0, title: "" }] as const } : {}),
    ...(series.some((each) => each.trained === trained && each.points.length > 0) ? {} : { note: notMeasuredYet }),
  }));
}

export function labelSystemsRatios(input: LabelSystemsInput): Figure {
  const { params, show, arrangement } = input;
  const isChange = show === "change";
  const titles = labellingTitles(params);
  const series = systems.flatMap((trained) =>
    systems.map((system, at) =>
      seriesOf(input, trained, `ratio ${system}`, { title: titles[at]!.title, style: systemStyles[system] }),
    ),
  );
  const y = axisOf(isChange ? "Change of RR × 100" : "RR × 100", series, isChange);
  const beside = input.printed ? printedPanel(isChange) : undefined;
  return {
    name: "label-systems-ratios",
    title: `Relative ratio of both labellings${isChange ? ", change since the start" : ""}`,
    caption: caption(
      input,
      series,
      `Relative ratio RR = intra / (intra + inter) of the normalised tangent kernel, times 100, of both labellings${isChange ? ", less what it is before training, paired by seed" : ""}; left: trained on ${titles[0].title}, ${beside ? "middle" : "right"}: on ${titles[1].title}, on one scale. 50: no difference.${beside ? ` Right: as printed, each labelling when it is learned, on a scale of its own (${printedSource}).` : ""}`,
    ),
    arrangement,
    panels: [...panelsOf(input, series, y), ...(beside ? [beside.panel] : [])],
    traces: [
      ...series.filter(({ points }) => points.length > 0).map((each) => traceOf(each, isChange)),
      ...(beside?.traces ?? []),
    ],
    data: () => ({
      columns: ["trained", "labelling", "epoch", "mean", "low", "high", "n", "source"],
      rows: [...rowsOf(series).map((row) => [...row, "computed"]), ...(beside?.rows ?? [])],
      dictionary: {
        ...dictionary(input),
        labelling: "Labelling that the ratio is of.",
        mean: `Mean over seeds of the relative ratio times 100${isChange ? ", less that at epoch 0" : ""}.`,
        source: "computed here, or printed: read off the paper's figure by eye.",
      },
    }),
  };
}

export function labelSystemsShares(input: LabelSystemsInput): Figure {
  const { params, show, arrangement } = input;
  const isChange = show === "change";
  const series = systems.flatMap((trained) =>
    pairKinds.map((kind) =>
      seriesOf(input, trained, kind, { title: titleOfKind(kind, params), style: kindStyles[kind] }),
    ),
  );
  const y = axisOf(isChange ? "Change of the share" : "Share of the four means", series, isChange);
  return {
    name: "label-systems-shares",
    title: `Shares of the four kinds of pairs${isChange ? ", change since the start" : ""}`,
    caption: caption(
      input,
      series,
      `Mean normalised tangent kernel of pairs of images, by the labellings in which they differ, as shares of the sum of the four means${isChange ? "; less what they are before training, paired by seed" : "; 1/4 each: no difference"}. An image with itself counts among the pairs that are the same in both.`,
    ),
    arrangement,
    panels: panelsOf(input, series, y),
    traces: series.filter(({ points }) => points.length > 0).map((each) => traceOf(each, isChange)),
    data: () => ({
      columns: ["trained", "differ_in", "epoch", "mean", "low", "high", "n"],
      rows: rowsOf(series),
      dictionary: {
        ...dictionary(input),
        differ_in: "In which labellings the images of a pair differ: neither, second, first, both.",
        mean: `Mean over seeds of the share${isChange ? ", less that at epoch 0" : ""}.`,
      },
    }),
  };
}

function printedPanel(isChange: boolean) {
  const curves = printed.curves.map(({ title, ratios }) => ({
    title,
    values: ratios.map((ratio) => (isChange ? ratio - ratios[0] : ratio)),
  }));
  const axis = niceAxis(
    isChange ? "Change of RR × 100" : "RR × 100",
    curves.flatMap(({ values }) => values),
    { fromZero: false },
  );
  return {
    panel: {
      title: "As printed: MS-COCO, by eye",
      x: epochAxis(printed.epochs),
      y: axis,
      ...(isChange ? { rules: [{ axis: "y", at: 0, title: "" }] as const } : {}),
    } satisfies Panel,
    traces: curves.map(({ title, values }, at): LineTrace => {
      const { colour, dash, marker } = systemStyles[systems[at]!];
      return { type: "line", panel: 2, title, x: printed.epochs, y: values, colour, dash, marker };
    }),
    rows: curves.flatMap(({ title, values }) =>
      values.map((value, at) => [title, title, printed.epochs[at]!, value, "", "", "", "printed"]),
    ),
  };
}

const rowsOf = (series: readonly Series[]): (string | number)[][] =>
  series.flatMap(({ trained, quantity, points }) =>
    points.map(({ epoch, value: { mean, low, high, count } }) => [
      trained,
      quantity.replace("ratio ", ""),
      epoch,
      ...[mean, low, high].map(blankIfNaN),
      count,
    ]),
  );

const dictionary = ({ params }: LabelSystemsInput) => ({
  trained: `The labelling that is learned; first: ${labellingTitles(params)[0].title}, second: ${labellingTitles(params)[1].title}.`,
  epoch: "Epochs of training done; 0 is before training.",
  low: "Lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2.",
  high: "Upper bound of the same interval.",
  n: "Number of seeds.",
});

function caption({ params }: LabelSystemsInput, series: readonly Series[], what: string): string {
  const counts = countRange(series.flatMap(({ points }) => points.map(({ value }) => value.count)));
  if (counts === "0") return "Nothing has been measured yet.";
  const { perGroup, model, width, dataset } = params;
  const network = model === "mlp" ? `a two-layer network of ${plural(width, "hidden unit")}` : "the small CNN";
  const spread = seedsOf(params).length > 1 ? "; bands are 95 % Student-t intervals over seeds" : "";
  return `${what} ${4 * perGroup} ${dataset === "drawn" ? "drawings, not photographs" : "images"}, ${perGroup} for each pair of labels, all of them training images; ${network}, the same start and order for both trainings. Lines are means over n = ${plural(counts, "seed")}${spread}.`;
}
