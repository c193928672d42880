// The tangent kernel as a heatmap; the change it foretells beside the exact one, and their difference.
import { normalisedKernel, type LinearisationFinding } from "../../lab/studies/linearisation/measured.ts";
import {
  linearisationKey,
  type LinearisationLook,
  type LinearisationParams,
} from "../../lab/studies/linearisation/setting.ts";
import { classesOf } from "../../lab/studies/tangent/moments.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type ColourScale, type Figure, type FigureData, type HeatmapTrace } from "./figure.ts";
import { axisNumber, colourScale } from "./scale.ts";
import { cosineScale, gridOf, labelsOf, sidesOf, sizeScale, type Side } from "./tangentCells.ts";
import { epochText, notMeasuredYet, plural, scaleSentence } from "./wording.ts";

export interface LinearisationInput {
  readonly params: LinearisationParams;
  readonly findings: Findings<LinearisationFinding>;
  /** The epoch is one of the parameters'. */
  readonly look: LinearisationLook;
  readonly arrangement: Figure["arrangement"];
}

const sideOf = (params: LinearisationParams): Side => ({
  classes: classesOf(params),
  perClass: { rows: params.anchorsPerClass, columns: params.probesPerClass },
});

const foundIn = ({ params, findings, look }: LinearisationInput): LinearisationFinding | undefined =>
  findings.get(linearisationKey(params, look.epoch));

/** Whose kernel it is, in words. */
function outputText(params: LinearisationParams): string {
  if (params.output === "sum") return "summed over the scores of all classes";
  if (params.output === "own class") return "of the score of the anchor's own class";
  return `of the score of ${classesOf(params)[params.outputClass]!.title}`;
}

const panel = (title: string, found: unknown) => ({
  title,
  rowTitle: "Anchor (learned)",
  columnTitle: "Probe (held out)",
  ...(found ? {} : { note: notMeasuredYet }),
});

interface Cells {
  readonly panel: number;
  /** [row][column] */
  readonly values: readonly (readonly number[])[];
  readonly scale: ColourScale;
  readonly title: string;
}

/** A heatmap of anchors by probes, or of their classes. */
const cellsOf = ({ params, look }: LinearisationInput, { panel: at, values, scale, title }: Cells): HeatmapTrace => ({
  ...sidesOf(sideOf(params), look.grouping),
  ...labelsOf(values, look.grouping, scale),
  panel: at,
  values,
  scale,
  colourTitle: title,
});

const countText = (params: LinearisationParams): string => {
  const { classes, perClass } = sideOf(params);
  return `${plural(classes.length * perClass.rows, "anchor")} and ${plural(classes.length * perClass.columns, "held-out probe")}`;
};

const cellsText = ({ grouping }: LinearisationLook): string =>
  grouping === "images" ? "every single pair of images" : "means over the pairs of two classes";

export function linearisationKernel(input: LinearisationInput): Figure {
  const { params, look, arrangement } = input;
  const found = foundIn(input);
  const values = found
    ? gridOf(look.normalised ? normalisedKernel(found) : found.kernel, sideOf(params), look.grouping)
    : [];
  const scale = look.normalised ? cosineScale(values.flat()) : sizeScale(values.flat());
  const symbol = look.normalised ? "K(a, p) / √(K(a, a) K(p, p))" : "K(a, p)";
  return {
    name: "linearisation-kernel",
    title: `${look.normalised ? "Normalised tangent kernel" : "Tangent kernel"}, ${epochText(look.epoch)}`,
    caption: [
      `The empirical tangent kernel ${symbol} of anchors a (rows) and probes p (columns) at the weights after ${epochText(look.epoch)},`,
      `${outputText(params)}: ${cellsText(look)}, ${countText(params)} in the order of their classes.`,
      scaleSentence(scale, 1, values.flat()),
    ].join(" "),
    arrangement,
    panels: [panel("", found)],
    traces: found
      ? [cellsOf(input, { panel: 0, values, scale, title: look.normalised ? "Cosine of gradients" : "Tangent kernel" })]
      : [],
    data: () => cellData(input, found),
  };
}

/** First order and the exact change, on one scale. */
export function linearisationChanges(input: LinearisationInput): Figure {
  const { params, look, arrangement } = input;
  const found = foundIn(input);
  const both = found ? [found.first, found.finite].map((cells) => gridOf(cells, sideOf(params), look.grouping)) : [];
  const scale = colourScale(both.flat(2), { signed: true, keptShare: 0.99 });
  return {
    name: "linearisation-changes",
    title: `First order and the exact step, η = ${axisNumber(params.eta)}, ${epochText(look.epoch)}`,
    caption: [
      `Change of the score of the anchor's own class at each probe (column) after one step of η = ${axisNumber(params.eta)} on each`,
      `anchor (row), ${epochText(look.epoch)}: left as the tangent kernel foretells it, right in truth, ${cellsText(look)}.`,
      scaleSentence(scale, 2, both.flat(2)),
    ].join(" "),
    arrangement,
    panels: [panel("First order", found), panel("Exact", found)],
    traces: both.map((values, at) => cellsOf(input, { panel: at, values, scale, title: "Change of the own score" })),
    data: () => cellData(input, found),
  };
}

export function linearisationResidual(input: LinearisationInput): Figure {
  const { params, look, arrangement } = input;
  const found = foundIn(input);
  const values = found
    ? gridOf(
        found.finite.map((change, cell) => change - found.first[cell]!),
        sideOf(params),
        look.grouping,
      )
    : [];
  const scale = colourScale(values.flat(), { signed: true, keptShare: 0.99 });
  return {
    name: "linearisation-residual",
    title: `Residual: exact step less first order, η = ${axisNumber(params.eta)}, ${epochText(look.epoch)}`,
    caption: [
      `What the step of η = ${axisNumber(params.eta)} changes beyond the tangent kernel: exact less first-order change of the score of the`,
      `anchor's own class, ${epochText(look.epoch)}, ${cellsText(look)}. The scale is its own.`,
      scaleSentence(scale, 1, values.flat()),
    ].join(" "),
    arrangement,
    panels: [panel("Residual: exact − first order", found)],
    traces: found ? [cellsOf(input, { panel: 0, values, scale, title: "Residual" })] : [],
    data: () => cellData(input, found),
  };
}

/** Every pair of images, whatever is drawn of them. */
function cellData({ params, look }: LinearisationInput, found: LinearisationFinding | undefined): FigureData {
  const { classes, perClass } = sideOf(params);
  const columnCount = classes.length * perClass.columns;
  const cosines = found && normalisedKernel(found);
  return {
    columns: [
      "epoch",
      "anchor_class",
      "anchor",
      "probe_class",
      "probe",
      "kernel",
      "normalised",
      "first",
      "exact",
      "residual",
    ],
    rows: Array.from(found?.kernel ?? [], (kernel, cell) => {
      const [row, column] = [Math.floor(cell / columnCount), cell % columnCount];
      return [
        look.epoch,
        classes[Math.floor(row / perClass.rows)]!.id,
        row % perClass.rows,
        classes[Math.floor(column / perClass.columns)]!.id,
        column % perClass.columns,
        kernel,
        blankIfNaN(cosines![cell]!),
        found!.first[cell]!,
        found!.finite[cell]!,
        found!.finite[cell]! - found!.first[cell]!,
      ];
    }),
    dictionary: {
      epoch: "Epochs of training done; 0 is before training.",
      anchor_class: "Class of the training image that a step is taken on.",
      anchor: "Its number within the class, from 0.",
      probe_class: "Class of the held-out image that is watched.",
      probe: "Its number within the class, from 0.",
      kernel: `Empirical tangent kernel, ${outputText(params)}.`,
      normalised: "The same over the square root of both images' own. Blank: an image without any gradient.",
      first: `Change of the score of the anchor's own class to first order, at eta = ${params.eta}.`,
      exact: "The exact change at the same eta.",
      residual: "exact less first.",
    },
  };
}
