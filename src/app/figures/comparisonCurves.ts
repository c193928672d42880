// Models compared: relative similarity by relation, a panel a model; and the contrast of each, and how far it is from a reference.
import {
  differenceOf,
  epochsOf,
  modelsOf,
  quantities,
  sampleOf,
  seedsOf,
  unitOf,
  type ComparisonFinding,
  type ComparisonParams,
  type ModelId,
  type Quantity,
} from "../../lab/studies/comparison.ts";
import { relations } from "../../lab/relation.ts";
import type { Findings } from "../../lab/study.ts";
import { interval, type Interval } from "../../math/stats.ts";
import { relationStyles, relationTitles } from "./elasticityCurves.ts";
import { blankIfNaN, type Arrangement, type Axis, type Figure, type FigureData, type LineTrace } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { epochAxis, niceAxis, shortNumber } from "./scale.ts";
import { countRange, plural } from "./wording.ts";

export interface ComparisonInput {
  readonly params: ComparisonParams;
  readonly findings: Findings<ComparisonFinding>;
  readonly arrangement: Arrangement;
}

export const modelTitles: Readonly<Record<ModelId, string>> = {
  cnn: "CNN",
  mlp: "MLP",
  skip: "Skip MLP",
  linear: "Linear",
};

const modelStyles: Readonly<Record<ModelId, LineStyle>> = {
  cnn: { colour: "#d55e00", dash: "solid", marker: "circle" },
  mlp: { colour: "#009e73", dash: "dash", marker: "square" },
  skip: { colour: "#cc79a7", dash: "dashdot", marker: "triangle-up" },
  linear: { colour: "#0072b2", dash: "dot", marker: "diamond" },
};

/** With so few seeds each is drawn on its own. */
const fewUnitCount = 5;

/** A line over epochs: its units (seeds or anchors) and their interval at each. */
interface Series {
  readonly panel: number;
  readonly model: ModelId;
  readonly title: string;
  readonly quantity: Quantity;
  readonly style: LineStyle;
  readonly points: readonly Point[];
}

interface Point {
  readonly epoch: number;
  readonly value: Interval;
  readonly units: readonly number[];
}

const known = (points: readonly Point[]): Point[] => points.filter(({ value }) => value.count > 0);

function tracesOf({ panel, title, style, points }: Series, hasThin: boolean): LineTrace[] {
  const x = points.map(({ epoch }) => epoch);
  const unitCount = hasThin ? Math.max(0, ...points.map(({ units }) => units.length)) : 0;
  const thin = Array.from({ length: unitCount }, (_, unit): LineTrace => ({
    type: "line",
    panel,
    title: `${title}, seed ${unit + 1}`,
    x,
    y: points.map(({ units }) => units[unit] ?? NaN),
    colour: style.colour,
    dash: "solid",
    marker: "none",
    faint: true,
  }));
  return [
    ...thin,
    {
      type: "line",
      panel,
      title,
      x,
      y: points.map(({ value }) => value.mean),
      band: { low: points.map(({ value }) => value.low), high: points.map(({ value }) => value.high) },
      ...style,
      hover: points.map(({ value }) => said(value)),
    },
  ];
}

const said = ({ mean, low, high, count }: Interval): string =>
  count < 2 ? shortNumber(mean) : `${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`;

const hasThin = (params: ComparisonParams): boolean =>
  unitOf(params) === "seed" && seedsOf(params).length <= fewUnitCount;

/** What an axis must hold: means and single seeds, and bands as far as they do not dwarf them. */
function heights(series: readonly Series[], isFromZero: boolean): number[] {
  const points = series.flatMap(({ points: each }) => each);
  const means = points.map(({ value }) => value.mean);
  const [low, high] = [Math.min(0, ...means), Math.max(0, ...means)];
  const room = 0.35 * (high - low);
  const bounded = (bound: number): number => Math.min(high + room, Math.max(isFromZero ? 0 : low - room, bound));
  return points.flatMap(({ value }) => [value.mean, value.low, value.high].map(bounded));
}

export function comparisonCurves({ params, findings, arrangement }: ComparisonInput): Figure {
  const models = modelsOf(params);
  const series = models.flatMap((model, panel) =>
    relations.map((name): Series => {
      const points = epochsOf(params).map((epoch) => {
        const units = sampleOf(params, findings, { model, epoch, quantity: name });
        return { epoch, units, value: interval(units) };
      });
      const [title, style] = [relationTitles[name], relationStyles[name]];
      return { panel, model, title, quantity: name, style, points: known(points) };
    }),
  );
  const x = epochAxis(epochsOf(params));
  const y = niceAxis("Relative similarity", heights(series, true));
  return {
    name: "comparison",
    title: "Relative similarity by relation, model by model",
    caption: caption(
      params,
      series,
      "Mean relative similarity |Δf_y(p)| / |Δf_y(a)| of held-out images p of the anchor's own class, of sibling classes and of unrelated classes after one SGD step on an anchor a, against the epoch of training.",
    ),
    arrangement,
    panels: models.map((model, panel) => ({
      title: modelTitles[model],
      x,
      y,
      ...noteOf(series.filter((each) => each.panel === panel)),
    })),
    traces: series.flatMap((each) => (each.points.length > 0 ? tracesOf(each, hasThin(params)) : [])),
    data: () => data(params, series),
  };
}

const noteOf = (series: readonly Series[]): { note?: string } =>
  series.some(({ points }) => points.length > 0) ? {} : { note: "Not measured yet" };

/** The chosen reference; another model where the setting does not have it. */
export const referenceOf = (params: ComparisonParams, wanted: ModelId): ModelId => {
  const models = modelsOf(params);
  return models.includes(wanted) ? wanted : models.at(-1)!;
};

export interface ContrastInput extends ComparisonInput {
  readonly reference: ModelId;
}

/** The contrast of each model, and its paired difference from the reference. */
export function comparisonContrast(input: ContrastInput): Figure {
  const { params, findings, arrangement } = input;
  const reference = referenceOf(params, input.reference);
  const models = modelsOf(params);
  const lineOf = (panel: number, model: ModelId, quantity: Quantity, points: readonly Point[]): Series => ({
    panel,
    model,
    title: modelTitles[model],
    quantity,
    style: modelStyles[model],
    points: known(points),
  });
  const levels = (panel: number, quantity: Quantity): Series[] =>
    models.map((model) =>
      lineOf(
        panel,
        model,
        quantity,
        epochsOf(params).map((epoch) => {
          const units = sampleOf(params, findings, { model, epoch, quantity });
          return { epoch, units, value: interval(units) };
        }),
      ),
    );
  const differences = models
    .filter((model) => model !== reference)
    .map((model) =>
      lineOf(
        1,
        model,
        "contrast",
        epochsOf(params).map((epoch) => {
          const { units, interval: value } = differenceOf(params, findings, {
            model,
            reference,
            epoch,
            quantity: "contrast",
          });
          return { epoch, units, value };
        }),
      ),
    );
  const contrast = levels(0, "contrast");
  const order = levels(2, "order");
  const x = epochAxis(epochsOf(params));
  const isEqual = { title: "as much", at: 0, axis: "y" } as const;
  const all = [...contrast, ...differences, ...order];
  return {
    name: "comparison-contrast",
    title: `Contrast of the own class with the unrelated, compared with ${modelTitles[reference]}`,
    caption: caption(
      params,
      all,
      `Left: contrast, log2 of the mean similarity within the class over that to unrelated classes, mean over anchors. Middle: its difference from ${modelTitles[reference]}, paired by ${unitOf(params) === "seed" ? "seed" : "anchor"}. Right: chance that an image of the own class moves more than an unrelated one; 1/2 says that they cannot be told apart.`,
    ),
    arrangement,
    panels: [
      {
        title: "Contrast",
        x,
        y: factorAxis("Same class / unrelated", heights(contrast, false)),
        rules: [isEqual],
        ...noteOf(contrast),
      },
      {
        title: `Contrast against ${modelTitles[reference]}`,
        x,
        y: factorAxis(`Times that of ${modelTitles[reference]}`, heights(differences, false)),
        rules: [isEqual],
        ...noteOf(differences),
      },
      {
        title: "Chance of order",
        x,
        y: { title: "P(same > unrelated)", low: 0.4, high: 1, ticks: chances.map((at) => ({ at, text: String(at) })) },
        rules: [{ axis: "y", at: 0.5, title: "" }],
        ...noteOf(order),
      },
    ],
    traces: all.flatMap((each) => (each.points.length > 0 ? tracesOf(each, hasThin(params)) : [])),
    data: () => contrastData(params, contrast, differences, order, reference),
  };
}

const chances = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const factors = [0.0625, 0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 32, 64];
const factorText = (factor: number): string => (factor < 0.5 ? `1/${1 / factor}` : String(factor));

/** Of base-2 logarithms, with what they are logarithms of written at the ticks. */
function factorAxis(title: string, values: readonly number[]): Axis {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(-0.2, ...finite), Math.max(1, ...finite)];
  const ticks = factors
    .map((factor) => ({ at: Math.log2(factor), text: factorText(factor) }))
    .filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9);
  return { title: `${title} (log scale)`, low, high: high + 0.05, ticks };
}

function caption(params: ComparisonParams, series: readonly Series[], what: string): string {
  const counts = countRange(series.flatMap(({ points }) => points.map(({ value }) => value.count)));
  if (counts === "0") return "Nothing has been measured yet.";
  const { anchorsPerClass, probesPerClass, dataset } = params;
  const images = `${anchorsPerClass} anchors and ${probesPerClass} probes a class of ${dataset === "drawn" ? "the drawn set, which is not photographs" : "CIFAR-10"}, the same for all models`;
  const bands =
    unitOf(params) === "seed"
      ? `Lines are means over n = ${plural(counts, "seed")}, each the mean over its anchors; bands are 95 % Student-t intervals over seeds${hasThin(params) ? ", thin lines the single seeds" : ""}.`
      : `One seed: lines are means over n = ${plural(counts, "anchor")} and bands 95 % Student-t intervals over anchors. Images within a seed are not independent, so the bands say nothing about other seeds.`;
  return `${what} ${images[0]!.toUpperCase()}${images.slice(1)}. ${bands}`;
}

const numbersOf = ({ value: { mean, low, high, count } }: Point): (string | number)[] => [
  ...[mean, low, high].map(blankIfNaN),
  count,
];

const dictionary = (params: ComparisonParams) => ({
  model: "Which model.",
  epoch: "Epochs of training done; 0 is before training.",
  mean: `Mean over ${unitOf(params)}s.`,
  low: `Lower bound of the 95 % Student-t interval over ${unitOf(params)}s; the mean itself when n < 2.`,
  high: "Upper bound of the same interval.",
  n: `Number of ${unitOf(params)}s.`,
});

const data = (params: ComparisonParams, series: readonly Series[]): FigureData => ({
  columns: ["model", "epoch", "relation", "mean", "low", "high", "n"],
  rows: series.flatMap(({ model, quantity, points }) =>
    points.map((point) => [model, point.epoch, quantity, ...numbersOf(point)]),
  ),
  dictionary: {
    ...dictionary(params),
    relation: "How the probe's class is related to the anchor's: same, sibling (same widest super-class) or unrelated.",
  },
});

function contrastData(
  params: ComparisonParams,
  contrast: readonly Series[],
  differences: readonly Series[],
  order: readonly Series[],
  reference: ModelId,
): FigureData {
  const rowsOf = (series: readonly Series[], against: string): (string | number)[][] =>
    series.flatMap(({ model, quantity, points }) =>
      points.map((point) => [model, against, point.epoch, quantity, ...numbersOf(point)]),
    );
  return {
    columns: ["model", "reference", "epoch", "quantity", "mean", "low", "high", "n"],
    rows: [...rowsOf(contrast, ""), ...rowsOf(differences, reference), ...rowsOf(order, "")],
    dictionary: {
      ...dictionary(params),
      reference: `Blank: the model itself. Else the paired difference from this model, ${unitOf(params)} by ${unitOf(params)}.`,
      quantity: `One of ${quantities.slice(3).join(", ")}. Contrast: mean over anchors of log2(same / unrelated). Order: chance that a probe of the same class moves more than an unrelated one.`,
    },
  };
}
