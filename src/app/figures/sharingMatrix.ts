// How alike two classes are to the weights of each layer and to all: a matrix of classes a layer.
import type { Quantity, SharingFinding } from "../../lab/studies/sharing/measured.ts";
import { sharingKey, type SharingLook, type SharingParams } from "../../lab/studies/sharing/setting.ts";
import { pairOf, type Place } from "../../lab/studies/sharing/summary.ts";
import { classesOf } from "../../lab/studies/tangent/moments.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type ColourScale, type Figure, type FigureData, type HeatmapTrace } from "./figure.ts";
import { shortNumber } from "./scale.ts";
import { cosineScale, sizeScale } from "./tangentCells.ts";
import { epochText, notMeasuredYet, plural, scaleSentence } from "./wording.ts";

export interface SharingInput {
  readonly params: SharingParams;
  readonly findings: Findings<SharingFinding>;
  /** Its epoch is one of the parameters', its classes are among those of the data set. */
  readonly look: SharingLook;
  readonly arrangement: Figure["arrangement"];
}

export const quantityTitles: Readonly<Record<Quantity, string>> = {
  kernel: "Kernel",
  features: "Features",
  signals: "Signals",
  share: "Share of the whole",
};

const meanings: Readonly<Record<Quantity, string>> = {
  kernel: "the cosine of the tangent kernel of the layer's own weights",
  features: "the cosine of the layer's inputs, with one more that is 1 for the bias",
  signals: "the cosine of the signals, the scores' derivatives with respect to the layer's outputs",
  share: "the layer's part of the whole kernel's cosine; all parts add up to the whole",
};

/** What a panel shows: a layer, or the whole, which has the cosine of its kernel alone. */
export interface Shown {
  readonly title: string;
  readonly place: Place;
}

export const shownOf = ({ layers }: SharingFinding, quantity: Quantity): Shown[] => [
  ...layers.map(({ title }, layer) => ({ title, place: { layer, quantity } as const })),
  { title: "Whole kernel", place: "whole" },
];

export function sharingMatrix(input: SharingInput): Figure {
  const { params, findings, look, arrangement } = input;
  const found = findings.get(sharingKey(params, look.epoch));
  const classes = classesOf(params);
  const titles = classes.map(({ title }) => title);
  const ids = classes.map((_, at) => at);
  const shown = found ? shownOf(found, look.quantity) : [{ title: "Whole kernel", place: "whole" } as const];
  const grids = found
    ? shown.map(({ place }) => ids.map((one) => ids.map((other) => pairOf(found, place, [one, other]).mean)))
    : [];
  const scale = scaleOf(look.quantity, grids.flat(2));
  const isPicked = (row: number, column: number): boolean =>
    (row === look.one && column === look.other) || (row === look.other && column === look.one);
  return {
    name: "sharing-matrix",
    title: `${quantityTitles[look.quantity]} of each two classes, layer by layer, ${epochText(look.epoch)}`,
    caption: [
      `Each cell is the mean over pairs of different images of two classes, ${plural(params.imagesPerClass, "held-out image")} a class, after`,
      `${epochText(look.epoch)}: ${meanings[look.quantity]}. Last: the cosine of the whole kernel. The picked pair has its number.`,
      scaleSentence(scale, grids.length, grids.flat(2)),
    ].join(" "),
    arrangement,
    panels: shown.map(({ title }) => ({
      title,
      rowTitle: "Class",
      columnTitle: "Class",
      ...(found ? {} : { note: notMeasuredYet }),
    })),
    traces: grids.map((values, panel): HeatmapTrace => ({
      type: "heatmap",
      panel,
      rows: titles,
      columns: titles,
      rowIds: ids,
      columnIds: ids,
      values,
      labels: values.map((row, at) =>
        row.map((value, column) => (isPicked(at, column) && !Number.isNaN(value) ? shortNumber(value) : "")),
      ),
      scale,
      colourTitle: look.quantity === "share" ? "Share of the cosine" : "Cosine",
    })),
    data: () => data(input, found, shown),
  };
}

const scaleOf = (quantity: Quantity, values: readonly number[]): ColourScale =>
  quantity === "share" ? sizeScale(values) : cosineScale(values);

function data({ params, look }: SharingInput, found: SharingFinding | undefined, shown: readonly Shown[]): FigureData {
  const classes = classesOf(params);
  return {
    columns: ["epoch", "layer", "quantity", "class_a", "class_b", "mean", "low", "high", "n"],
    rows: found
      ? shown.flatMap(({ title, place }) =>
          classes.flatMap(({ id: one }, a) =>
            classes.map(({ id: other }, b) => {
              const { mean, low, high, count } = pairOf(found, place, [a, b]);
              const quantity = place === "whole" ? "kernel" : look.quantity;
              return [look.epoch, title, quantity, one, other, ...[mean, low, high].map(blankIfNaN), count];
            }),
          ),
        )
      : [],
    dictionary: {
      epoch: "Epochs of training done; 0 is before training.",
      layer: "Whose weights the kernel is of.",
      quantity: `${look.quantity}: ${meanings[look.quantity]}.`,
      class_a: "Class of the images that the mean and its interval go over.",
      class_b: "Class that each of them is compared with.",
      mean: "Mean over images of class_a of the mean over the other images of class_b.",
      low: "Lower bound of its 95 % Student-t interval over images, which are not independent.",
      high: "Upper bound of the same interval.",
      n: "Number of images.",
    },
  };
}
