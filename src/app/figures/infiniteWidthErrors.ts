// How far drawn networks are from their closed form, against width: the whole tangent kernel, its layers, the hidden features.
import type { Parametrisation } from "../../math/infiniteWidth.ts";
import type { Interval } from "../../math/stats.ts";
import type { WidthFinding } from "../../lab/studies/infiniteWidth/finding.ts";
import {
  areImages,
  depthsOf,
  seedsOf,
  widthsOf,
  type WidthLook,
  type WidthParams,
} from "../../lab/studies/infiniteWidth/setting.ts";
import {
  curveOf,
  expectedAt,
  expectedSlope,
  type Curve,
  type Quantity,
} from "../../lab/studies/infiniteWidth/summary.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type Arrangement, type Figure, type LineTrace } from "./figure.ts";
import { classStyle } from "./palette.ts";
import { axisNumber, logAxis, minus } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

export interface WidthInput {
  readonly params: WidthParams;
  readonly findings: Findings<WidthFinding>;
  readonly look: WidthLook;
  readonly arrangement: Arrangement;
}

/** Of those there are, the one nearest to the wanted in ratio. */
const nearest = (there: readonly number[], wanted: number): number =>
  there.reduce((best, each) => (Math.abs(Math.log(each / wanted)) < Math.abs(Math.log(best / wanted)) ? each : best));
export const depthShown = ({ params, look }: Pick<WidthInput, "params" | "look">): number =>
  nearest(depthsOf(params), look.depth);
export const widthShown = ({ params, look }: Pick<WidthInput, "params" | "look">): number =>
  nearest(widthsOf(params), look.width);

export const hiddenText = (depth: number): string => plural(depth, "hidden layer");

interface Line {
  readonly panel: number;
  readonly title: string;
  readonly colourAt: number;
  readonly curve: Curve;
}

/** Of a network of so many hidden layers. */
const layerTitle = (at: number, depth: number): string => (at === depth ? "output layer" : `layer ${at + 1}`);

function linesOf(input: WidthInput): Line[] {
  const { params, findings, look } = input;
  const shown = depthShown(input);
  const curve = (depth: number, quantity: Quantity): Curve =>
    curveOf({ chosen: params, findings }, { depth, quantity, by: look.parametrisation });
  return [
    ...depthsOf(params).map((depth) => ({
      panel: 0,
      title: hiddenText(depth),
      colourAt: depth - 1,
      curve: curve(depth, { of: "whole" }),
    })),
    ...Array.from({ length: shown + 1 }, (_, at) => ({
      panel: 1,
      title: layerTitle(at, shown),
      colourAt: at,
      curve: curve(shown, { of: "part", at }),
    })),
    ...Array.from({ length: shown }, (_, at) => ({
      panel: 2,
      title: `after layer ${at + 1}`,
      colourAt: at,
      curve: curve(shown, { of: "features", at }),
    })),
  ].filter((line) => line.curve.points.length > 0);
}

/** "−0.51 (−0.54 to −0.47)" */
export function slopeText({ mean, low, high, count }: Interval): string {
  const said = (value: number): string => minus(value.toFixed(2));
  if (count === 0) return "no slope yet";
  return count === 1 ? said(mean) : `${said(mean)} (${said(low)} to ${said(high)})`;
}

const expectedText = "slope −1/2";

/** A line of the expected slope through the middle of the first curve of a panel. */
function expectedLine(panel: number, curve: Curve): LineTrace[] {
  const x = curve.points.map(({ width }) => width);
  if (x.length < 2) return [];
  const y = x.map((width) => expectedAt(curve, width));
  return [{ type: "line", panel, title: expectedText, x, y, colour: "#000000", dash: "dot", marker: "none" }];
}

export function infiniteWidthErrors(input: WidthInput): Figure {
  const { params, arrangement, look } = input;
  const shown = depthShown(input);
  const lines = linesOf(input);
  const errors = lines.flatMap(({ curve }) => curve.points.map(({ error }) => error));
  const y = logAxis(
    "Relative Frobenius error",
    errors.length === 0 ? [0.01, 1] : errors.flatMap(({ mean, low, high }) => [mean, Math.max(low, mean / 3), high]),
  );
  const x = logAxis("Width", widthsOf(params));
  const widths = {
    ...x,
    low: widthsOf(params)[0]! / 1.2,
    high: widthsOf(params).at(-1)! * 1.2,
    ticks: widthTicks(params),
  };
  const titles = [
    "Tangent kernel",
    `What each layer adds, ${hiddenText(shown)}`,
    `Hidden features, ${hiddenText(shown)}`,
  ];
  return {
    name: "infinite-width-errors",
    title: "Error against width",
    caption: caption(input, lines),
    arrangement,
    panels: titles.map((title, panel) => ({
      title,
      x: widths,
      y,
      ...(lines.some((line) => line.panel === panel) ? {} : { note: notMeasuredYet }),
    })),
    traces: [
      ...[0, 1, 2].flatMap((panel) => {
        const own = lines.filter((line) => line.panel === panel);
        const first = panel === 0 ? own.find(({ curve }) => curve.depth === shown) : own[0];
        return first ? expectedLine(panel, first.curve) : [];
      }),
      ...lines.map((line) => trace(line, y.low)),
    ],
    ...(lines.length > 0 ? { mark: widthShown(input), markTitle: `width ${widthShown(input)}` } : {}),
    data: () => ({
      columns: ["depth", "quantity", "layer", "width", "mean", "low", "high", "n", "slope"],
      rows: lines.flatMap(({ curve: { depth, quantity, points, slope } }) =>
        points.map(({ width, error }) => [
          depth,
          quantity.of,
          quantity.of === "whole" ? "" : quantity.at + 1,
          width,
          error.mean,
          error.low,
          error.high,
          error.count,
          blankIfNaN(slope.mean),
        ]),
      ),
      dictionary: {
        depth: "Hidden layers.",
        quantity: `Whole: the tangent kernel, ${byText[look.parametrisation]}; part: what one layer adds to it; features: inner products of hidden features.`,
        layer: "Layer of the part, the output layer last; or hidden layer of the features.",
        width: "Of every hidden layer.",
        mean: "Mean over seeds of |K - closed form| / |closed form|, Frobenius.",
        low: "Lower bound of its 95 % Student-t interval over seeds; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        n: "Number of seeds.",
        slope: "Least-squares slope of log error on log width, mean over seeds. Blank: fewer than two widths.",
      },
    }),
  };
}

/** Every width where they are few, or some of them. */
function widthTicks(params: WidthParams) {
  const widths = widthsOf(params);
  const step = Math.ceil(widths.length / 8);
  return widths.map((at, index) => ({ at, text: index % step === 0 ? String(at) : "" }));
}

function trace({ panel, title, colourAt, curve: { points, slope } }: Line, floor: number): LineTrace {
  return {
    type: "line",
    panel,
    title: slope.count > 0 ? `${title}: ${minus(slope.mean.toFixed(2))}` : title,
    x: points.map(({ width }) => width),
    y: points.map(({ error }) => error.mean),
    band: {
      // A logarithmic axis has no place for what is not above 0.
      low: points.map(({ error }) => Math.max(error.low, floor)),
      high: points.map(({ error }) => error.high),
    },
    ...classStyle([4, 0, 6, 5, 2][colourAt]!),
    hover: points.map(({ error: { mean, low, high, count } }) =>
      count < 2 ? axisNumber(mean) : `${axisNumber(mean)} (${axisNumber(low)} to ${axisNumber(high)}), ${count} seeds`,
    ),
  };
}

const byText: Readonly<Record<Parametrisation, string>> = {
  standard: "by the weights themselves and against the closed form at the same width, which grows with it",
  ntk: "by numbers of variance 1 that are scaled to the weights (NTK parametrisation), against the limit",
};

export const inputsText = ({ inputs, perClass }: WidthParams): string =>
  areImages({ inputs })
    ? `${perClass} images a class of ${inputs === "drawn" ? "the drawn set, which is not photographs" : "MNIST"}`
    : `${perClass} points of each label, ${inputs}`;

export const weightsText = ({ start, weightVariance, biasVariance }: WidthParams): string =>
  start === "normal"
    ? `normal weights of variance ${axisNumber(weightVariance)}/n and biases of ${axisNumber(biasVariance)}`
    : "uniform weights and biases of ±1/√n, as this lab always starts";

function caption({ params, look }: WidthInput, lines: readonly Line[]): string {
  if (lines.length === 0) return "Nothing has been measured yet.";
  const counts = countRange(lines.flatMap(({ curve }) => curve.points.map(({ error }) => error.count)));
  const slopes = lines
    .filter(({ panel }) => panel === 0)
    .map(({ title, curve }) => `${title} ${slopeText(curve.slope)}`);
  const bands =
    counts === "1"
      ? "One seed, so no intervals."
      : `Lines are means over n = ${plural(counts, "seed")} of ${seedsOf(params).length}, bands and brackets 95 % Student-t intervals.`;
  return [
    `|K − closed form| / |closed form| (Frobenius) of untrained rectified networks against their width, both axes logarithmic:`,
    `the tangent kernel of the score ${byText[look.parametrisation]}; what each layer's own weights add to it; the inner`,
    `products of hidden features, whose closed form is the NNGP's. Inputs: ${inputsText(params)}; ${weightsText(params)}.`,
    `Slopes of the whole kernel: ${slopes.join("; ")}; dotted: ${String(expectedSlope).replace("-0.5", "−1/2")} through the middle. ${bands}`,
  ].join(" ");
}
