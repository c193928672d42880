// One network against its closed form: the tangent kernel of both as matrices, and every pair of inputs as a point.
import type { LimitFinding, NetworkFinding } from "../../lab/studies/infiniteWidth/finding.ts";
import { limitKey, seedsOf } from "../../lab/studies/infiniteWidth/setting.ts";
import { networkOf } from "../../lab/studies/infiniteWidth/summary.ts";
import { depthShown, hiddenText, inputsText, weightsText, widthShown, type WidthInput } from "./infiniteWidthErrors.ts";
import type { ClassRun, Figure, FigureData, LineTrace, PointsTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { axisNumber, niceAxis, shortNumber } from "./scale.ts";
import { notMeasuredYet, plural } from "./wording.ts";

/** The first network of the shown shape that is there, and its closed form, in units of the latter's mean K(x, x). */
interface Pair {
  readonly n: number;
  readonly limit: Float64Array;
  readonly network: Float64Array;
  readonly labels: Uint8Array;
  readonly classTitles: readonly string[];
  readonly seed: number;
  readonly error: number;
  /** What the units are. */
  readonly unit: number;
}

function pairOf(input: WidthInput): Pair | undefined {
  const { params, findings, look } = input;
  const shape = { depth: depthShown(input), width: widthShown(input) };
  const limit = findings.get(limitKey(params, shape)) as LimitFinding | undefined;
  const seed = seedsOf(params).find((each) => networkOf(params, findings, { ...shape, seed: each }));
  if (!limit || seed === undefined) return undefined;
  const network: NetworkFinding = networkOf(params, findings, { ...shape, seed })!;
  const n = limit.labels.length;
  const by = look.parametrisation;
  // A file keeps no kernels.
  if (network.kernels[by].length !== n * n || limit.kernels[by].length !== n * n) return undefined;
  let unit = 0;
  for (let at = 0; at < n; at++) unit += limit.kernels[by][at * (n + 1)]! / n;
  const scaled = (kernel: Float64Array): Float64Array => kernel.map((value) => value / unit);
  return {
    n,
    limit: scaled(limit.kernels[by]),
    network: scaled(network.kernels[by]),
    labels: limit.labels,
    classTitles: limit.classTitles,
    seed,
    error: network.errors[by].whole,
    unit,
  };
}

const nameOf = ({ labels, classTitles }: Pair, at: number): string =>
  `${classTitles[labels[at]!]} ${at - labels.indexOf(labels[at]!)}`;

function subject(input: WidthInput, { n, seed, error, unit }: Pair): string {
  const { params } = input;
  return [
    `${hiddenText(depthShown(input))} of width ${widthShown(input)}, seed ${seed}, ${weightsText(params)}; ${n} inputs, ${inputsText(params)}.`,
    `In units of the closed form's mean K(x, x) = ${axisNumber(unit)}; relative Frobenius error ${axisNumber(error)}.`,
  ].join(" ");
}

const groups = [
  { title: "other class", colour: "#56b4e9", radius: 1.8, opacity: 0.45, marker: "circle" },
  { title: "same class", colour: "#d55e00", radius: 2.4, opacity: 0.8, marker: "diamond" },
  { title: "with itself", colour: "#000000", radius: 2.6, opacity: 0.9, marker: "x" },
] as const;

export function infiniteWidthScatter(input: WidthInput): Figure {
  const pair = pairOf(input);
  const values = pair ? [...pair.limit, ...pair.network] : [];
  const axis = (title: string) => niceAxis(title, values);
  const [x, y] = [axis("Closed form"), axis("Drawn network")];
  return {
    name: "infinite-width-scatter",
    title: `Drawn network against closed form, width ${widthShown(input)}`,
    caption: pair
      ? `Tangent kernel of every pair of inputs, each once. ${subject(input, pair)} Dotted: equal.`
      : "Nothing has been measured yet.",
    arrangement: "row",
    panels: [{ title: "", x, y, ...(pair ? {} : { note: notMeasuredYet }) }],
    traces: pair ? [equalLine(x.low, x.high), ...clouds(pair)] : [],
    data: () => dataOf(pair),
  };
}

const equalLine = (low: number, high: number): LineTrace => ({
  type: "line",
  panel: 0,
  title: "equal",
  x: [low, high],
  y: [low, high],
  colour: "#000000",
  dash: "dot",
  marker: "none",
});

function clouds(pair: Pair): PointsTrace[] {
  const { n, labels, limit, network } = pair;
  const cells = groups.map((): number[] => []);
  for (let a = 0; a < n; a++)
    for (let b = a; b < n; b++) cells[a === b ? 2 : labels[a] === labels[b] ? 1 : 0]!.push(a * n + b);
  return groups.map((group, at) => ({
    type: "points",
    panel: 0,
    ...group,
    x: cells[at]!.map((cell) => limit[cell]!),
    y: cells[at]!.map((cell) => network[cell]!),
    ids: cells[at]!,
    hover: cells[at]!.map(
      (cell) =>
        `${nameOf(pair, Math.floor(cell / n))}, ${nameOf(pair, cell % n)}: closed form ${shortNumber(limit[cell]!)}, network ${shortNumber(network[cell]!)}`,
    ),
  }));
}

export function infiniteWidthMatrices(input: WidthInput): Figure {
  const pair = pairOf(input);
  const common = {
    rowTitle: "Input, by class",
    columnTitle: "Input, by class",
    ...(pair ? {} : { note: notMeasuredYet }),
  };
  return {
    name: "infinite-width-matrices",
    title: `Tangent kernel, drawn and in closed form, width ${widthShown(input)}`,
    caption: pair
      ? `Tangent kernel K(x, x′) in closed form and of one drawn network, one colour scale. ${subject(input, pair)}`
      : "Nothing has been measured yet.",
    arrangement: input.arrangement,
    panels: [
      { title: "Closed form", ...common },
      { title: pair ? `Drawn network, seed ${pair.seed}` : "Drawn network", ...common },
    ],
    traces: pair ? matrices(pair) : [],
    data: () => dataOf(pair),
  };
}

function matrices(pair: Pair): Figure["traces"] {
  const { n, limit, network, labels, classTitles } = pair;
  const all = Float64Array.from([...limit, ...network]).sort();
  const scale = {
    kind: "sequential",
    low: Math.min(0, Math.floor(all[0]! * 10) / 10),
    high: Math.ceil(all[Math.floor(0.985 * all.length)]! * 10) / 10,
  } as const;
  const names = Array.from({ length: n }, (_, at) => nameOf(pair, at));
  const ids = names.map((_, at) => at);
  const runs: ClassRun[] = [...new Set(labels)].map((label) => ({
    title: classTitles[label]!,
    count: labels.filter((each) => each === label).length,
    colour: classColour(label),
  }));
  return [limit, network].map((kernel, panel) => ({
    type: "heatmap",
    panel,
    rows: names,
    columns: names,
    rowIds: ids,
    columnIds: ids,
    values: ids.map((row) => ids.map((column) => kernel[row * n + column]!)),
    scale,
    colourTitle: "K(x, x′) / mean K(x, x)",
    strips: { rows: runs, columns: runs },
  }));
}

function dataOf(pair: Pair | undefined): FigureData {
  return {
    columns: ["input", "class", "other_input", "other_class", "closed_form", "network"],
    rows: pair
      ? Array.from(pair.limit, (value, cell) => {
          const [row, column] = [Math.floor(cell / pair.n), cell % pair.n];
          return [
            row,
            pair.classTitles[pair.labels[row]!]!,
            column,
            pair.classTitles[pair.labels[column]!]!,
            value,
            pair.network[cell]!,
          ];
        })
      : [],
    dictionary: {
      input: "Number of the input, from 0.",
      class: "Its class.",
      other_input: "Number of the other input.",
      other_class: "Its class.",
      closed_form: "K of the closed form, in units of its mean K(x, x).",
      network: `K of one drawn network in the same units, ${plural(1, "seed")}.`,
    },
  };
}
