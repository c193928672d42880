// Relative ratios and accuracies of all methods on all pairs: the cells of the grid, and the same as heatmaps.
import {
  chosenOf,
  sampleOf,
  type KernelsFinding,
  type LabelAwarenessFinding,
  type Lookup,
  type NetworkFinding,
} from "../../lab/studies/labelAwareness/finding.ts";
import {
  isEstimate,
  methodIds,
  methodTitles,
  quantities,
  quantityTitles,
  type MethodId,
  type Quantity,
} from "../../lab/studies/labelAwareness/method.ts";
import { published, type Published } from "../../lab/studies/labelAwareness/published.ts";
import {
  kernelsKey,
  manifestOf,
  networkKey,
  pairTitle,
  pairsOf,
  wordOf,
  type LabelAwarenessParams,
  type Pair,
} from "../../lab/studies/labelAwareness/setting.ts";
import { hasRow } from "../../lab/studies/labelAwareness/tables.ts";
import type { Findings } from "../../lab/study.ts";
import { interval, type Interval } from "../../math/stats.ts";
import { blankIfNaN, type ColourScale, type Figure, type FigureData } from "./figure.ts";
import { plural } from "./wording.ts";

export interface LabelAwarenessInput {
  readonly params: LabelAwarenessParams;
  readonly findings: Findings<LabelAwarenessFinding>;
  /** How lambda is chosen. */
  readonly lambda: string;
  readonly arrangement?: Figure["arrangement"];
}

export interface AwarenessCell {
  readonly quantity: Quantity;
  readonly method: MethodId;
  readonly pair: Pair;
  /** In percent; over seeds. */
  readonly value: Interval;
  /** Seeds that are there, measurable or not. */
  readonly seeds: number;
  readonly paper: Published | undefined;
  /** Whether no other method has a greater mean on this pair. */
  readonly isBest: boolean;
}

export interface AwarenessGroup {
  readonly quantity: Quantity;
  readonly rows: readonly { readonly method: MethodId; readonly cells: readonly AwarenessCell[] }[];
}

/** Relative ratios: 50 is a kernel that knows nothing of the classes. */
export const ratioScale: ColourScale = { kind: "sequential", low: 50, high: 80 };
export const accuracyScale: ColourScale = { kind: "sequential", low: 50, high: 100 };
export const scaleOf = (quantity: Quantity): ColourScale => (quantity === "accuracy" ? accuracyScale : ratioScale);

export function groupsOf(input: LabelAwarenessInput): AwarenessGroup[] {
  const { params } = input;
  const lookup: Lookup = input;
  const pairs = pairsOf(params);
  return quantities.map((quantity) => {
    const methods = methodIds.filter((method) => hasRow(quantity, method));
    const samples = methods.map((method) => pairs.map((pair) => sampleOf(lookup, method, pair, quantity)));
    const values = samples.map((row) => row.map(interval));
    const best = pairs.map((_, column) =>
      values.reduce((most, row) => Math.max(most, row[column]!.count > 0 ? row[column]!.mean : -Infinity), -Infinity),
    );
    return {
      quantity,
      rows: methods.map((method, row) => ({
        method,
        cells: pairs.map((pair, column) => ({
          quantity,
          method,
          pair,
          value: values[row]![column]!,
          seeds: samples[row]![column]!.length,
          paper: published(params.dataset, { method, quantity, pair: wordOf(pair) }),
          isBest: values[row]![column]!.mean === best[column],
        })),
      })),
    };
  });
}

const digitsOf = (quantity: Quantity): number => (quantity === "accuracy" ? 1 : 2);

export function cellText({ value, seeds, quantity }: AwarenessCell): string {
  if (value.count > 0) return value.mean.toFixed(digitsOf(quantity));
  return seeds > 0 ? "not measurable" : "";
}

/** "± 0.34"; empty below two seeds. */
export const spreadText = ({ value, quantity }: AwarenessCell): string =>
  value.count < 2 ? "" : `± ${((value.high - value.low) / 2).toFixed(digitsOf(quantity))}`;

/** For hovers and for reading out. */
export function cellSentence(cell: AwarenessCell): string {
  const { value, seeds, paper, quantity } = cell;
  const missing = seeds - value.count;
  return [
    value.count > 0
      ? `${[cellText(cell), spreadText(cell)].filter(Boolean).join(" ")}, ${plural(value.count, "seed")}`
      : cellText(cell) || "not computed yet",
    ...(missing > 0
      ? [
          `${plural(missing, "seed")} not measurable: the training diverged, or two images are more alike than each is to itself`,
        ]
      : []),
    ...(paper ? [`paper ${paper.value.toFixed(digitsOf(quantity))} (${paper.source})`] : []),
  ].join("; ");
}

export const lambdaSentence = (how: string): string => {
  if (how === "validation") return "Lambda is chosen by a held-out fifth of the training images.";
  if (how.startsWith("test")) return "Lambda is the best one on the test images, as in the paper, which flatters.";
  return `Lambda is ${how}.`;
};

/** Heatmaps of the grid: both relative ratios, and accuracy. */
export function labelAwarenessGrids(input: LabelAwarenessInput): Figure[] {
  const groups = groupsOf(input);
  const ratios = groups.filter(({ quantity }) => quantity !== "accuracy");
  const accuracies = groups.filter(({ quantity }) => quantity === "accuracy");
  return [
    gridFigure(input, ratios, {
      name: "label-awareness-ratios",
      title: "Relative ratio × 100",
      colourTitle: "Relative ratio × 100; 50 knows nothing of the classes",
      what: "Mean normalised kernel within classes over the sum of its means within and between, in percent",
    }),
    gridFigure(input, accuracies, {
      name: "label-awareness-accuracy",
      title: "Test accuracy",
      colourTitle: "Accuracy in %, 50 is chance",
      what: "Share of test images on the right side, in percent: the network's own, and kernel regression without a ridge",
    }),
  ];
}

interface Words {
  readonly name: string;
  readonly title: string;
  readonly colourTitle: string;
  readonly what: string;
}

function gridFigure(input: LabelAwarenessInput, groups: readonly AwarenessGroup[], words: Words): Figure {
  const { params, arrangement = "row" } = input;
  const pairs = pairsOf(params);
  const { trainPerClass, testPerClass, seeds, width } = params;
  const manifest = manifestOf(params);
  return {
    name: words.name,
    title: words.title,
    caption: `${words.what}. ${manifest.title}, ${trainPerClass} + ${trainPerClass} training and ${testPerClass} + ${testPerClass} test images, network of width ${width}; ${seeds.length > 1 ? `mean ± half the 95 % Student-t interval over ${plural(seeds.length, "seed")}, each with images and weights of its own` : "one seed"}. ${lambdaSentence(input.lambda)}`,
    arrangement,
    panels: groups.map(({ quantity }) => ({ title: quantityTitles[quantity], columnTitle: "Pair of classes" })),
    traces: groups.map(({ quantity, rows }, panel) => ({
      type: "heatmap",
      panel,
      rows: rows.map(({ method }) => methodTitles[method]),
      columns: pairs.map((pair) => pairTitle(pair, manifest)),
      rowIds: rows.map(({ method }) => methodIds.indexOf(method)),
      columnIds: pairs.map((_, column) => column),
      values: rows.map(({ cells }) => cells.map(({ value }) => value.mean)),
      labels: rows.map(({ cells }) =>
        cells.map((cell) => [cellText(cell), spreadText(cell)].filter(Boolean).join(" ")),
      ),
      hover: rows.map(({ cells }) => cells.map(cellSentence)),
      missing: "no number",
      scale: scaleOf(quantity),
      colourTitle: words.colourTitle,
    })),
    data: () => dataOf(groups),
  };
}

const dataOf = (groups: readonly AwarenessGroup[]): FigureData => ({
  columns: ["quantity", "method", "pair", "mean", "low", "high", "seeds", "not_measurable", "paper", "paper_source"],
  rows: groups.flatMap(({ rows }) =>
    rows.flatMap(({ cells }) =>
      cells.map(({ quantity, method, pair, value, seeds, paper }) => [
        quantity,
        method,
        wordOf(pair),
        ...[value.mean, value.low, value.high].map(blankIfNaN),
        value.count,
        seeds - value.count,
        paper?.value ?? "",
        paper?.source ?? "",
      ]),
    ),
  ),
  dictionary: {
    quantity: "train-train, test-train: relative ratio × 100 over such pairs; accuracy: of test images, in percent.",
    method:
      "start, trained: the network; ntk: its kernel at infinite width; kr-v1, kr-v2, pairs: that with an estimate.",
    pair: "The two classes.",
    mean: "Mean over seeds.",
    low: "Lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2.",
    high: "Upper bound of the same interval.",
    seeds: "Seeds that gave a number.",
    not_measurable: "Seeds that gave none.",
    paper: "The paper's number. Blank: it has none.",
    paper_source: "Where the paper has it.",
  },
});

/** One cell for one seed, with what is known of its kernels. */
export interface OpenCell {
  readonly method: MethodId;
  readonly pair: Pair;
  /** "frog v ship". */
  readonly title: string;
  readonly seed: number;
  readonly kernels: KernelsFinding | undefined;
  readonly network: NetworkFinding | undefined;
  /** Of an estimate: how lambda is chosen, and which one it is. */
  readonly lambda: number | undefined;
}

export function openCell(
  input: LabelAwarenessInput,
  place: { readonly method: number; readonly pair: number; readonly seed: number },
): OpenCell | undefined {
  const { params, findings } = input;
  const [method, pair] = [methodIds[place.method], pairsOf(params)[place.pair]];
  if (!method || !pair) return undefined;
  const seed = params.seeds[Math.min(place.seed, params.seeds.length - 1)]!;
  const kernels = findings.get(kernelsKey(params, pair, seed)) as KernelsFinding | undefined;
  return {
    method,
    pair,
    title: pairTitle(pair, manifestOf(params)),
    seed,
    kernels,
    network: findings.get(networkKey(params, pair, seed)) as NetworkFinding | undefined,
    lambda: kernels && isEstimate(method) ? chosenOf(kernels.methods[method], input.lambda).lambda : undefined,
  };
}
