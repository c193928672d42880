// The label-aware part of a handful of images: the kernel before, the part itself, its means within and between labels, and how much
// it moves the relative ratio at each width.
import {
  labelingIds,
  labelingTitles,
  ratioAt,
  type InputSize,
  type LabelAwarePartFinding,
  type LabelingId,
} from "../../lab/studies/labelAwarePart/finding.ts";
import { manifestOf, partKey, type LabelAwarePartParams } from "../../lab/studies/labelAwarePart/setting.ts";
import type { Findings } from "../../lab/study.ts";
import { interval } from "../../math/stats.ts";
import type { Axis, ClassRun, ColourScale, Figure, HeatmapTrace, LineTrace, StripTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { colourScale, logTicks, niceAxis, shortNumber } from "./scale.ts";
import { plural } from "./wording.ts";

export interface PartInput {
  readonly params: LabelAwarePartParams;
  readonly findings: Findings<LabelAwarePartFinding>;
  readonly labels: LabelingId;
  readonly inputs: InputSize;
  /** Place of the seed whose matrices are shown. */
  readonly seed: number;
  readonly arrangement?: Figure["arrangement"];
}

const colours: Readonly<Record<LabelingId, string>> = { given: classColour(0), shuffled: classColour(5) };

interface Shown {
  readonly seed: number;
  readonly finding: LabelAwarePartFinding;
  /** Places of the images, those of label 1 first. */
  readonly order: readonly number[];
  readonly names: readonly string[];
}

export function shownOf({ params, findings, labels, seed: place }: PartInput): Shown | undefined {
  const seed = params.seeds[Math.min(place, params.seeds.length - 1)]!;
  const finding = findings.get(partKey(params, seed));
  if (!finding) return undefined;
  const own = finding.labelings[labels].labels;
  const places = Array.from(own, (_, at) => at);
  const order = [...places.filter((at) => own[at] === 1), ...places.filter((at) => own[at] !== 1)];
  const titles = params.pair.map((id) => manifestOf(params).classes.find((one) => one.id === id)!.title);
  const names = order.map((at) => `${titles[at < params.perClass ? 0 : 1]} ${(at % params.perClass) + 1}`);
  return { seed, finding, order, names };
}

function square(
  { params, labels }: PartInput,
  { order, names, finding }: Shown,
  value: (a: number, b: number) => number,
  rest: Pick<HeatmapTrace, "scale" | "colourTitle">,
): HeatmapTrace {
  const half = order.length / 2;
  const titles = params.pair.map((id) => manifestOf(params).classes.find((one) => one.id === id)!.title);
  const runs: ClassRun[] = [0, 1].map((side) => ({
    title: labels === "given" ? titles[side]! : `labelled ${titles[side]}`,
    count: half,
    colour: classColour(side === 0 ? 0 : 5),
  }));
  const values = order.map((a) => order.map((b) => value(a, b)));
  return {
    type: "heatmap",
    panel: 0,
    rows: names,
    columns: names,
    rowIds: order.map((at) => finding.images[at]!),
    columnIds: order.map((at) => finding.images[at]!),
    values,
    strips: { rows: runs, columns: runs },
    ...rest,
  };
}

const unitWords: Readonly<Record<InputSize, string>> = {
  unit: "inputs of unit length on average",
  pixels: "pixels from −1 to 1",
};

/** E K2 and m times the part, each with its own colours; undefined where they are not known yet. */
export function partMatrices(input: PartInput): { readonly kernel: Figure; readonly part: Figure } | undefined {
  const shown = shownOf(input);
  if (!shown) return undefined;
  const { finding, seed, order } = shown;
  const { params, labels, inputs, arrangement = "row" } = input;
  const n = order.length;
  const unit = inputs === "unit" ? finding.size : 1;
  const own = finding.labelings[labels];
  const kernelOf = (a: number, b: number): number => finding.kernel[a * n + b]! / unit;
  const partOf = (a: number, b: number): number => own.part[a * n + b]!;
  const [kernels, parts] = [kernelOf, partOf].map((of) => order.flatMap((a) => order.map((b) => of(a, b))));
  const sorted = labels === "given" ? "in class order" : "by the labels that they were dealt";
  const common = { arrangement, panels: [{ title: "", rowTitle: "Image", columnTitle: "Image" }] };
  const data = () => ({
    columns: ["image", "label", "other_image", "other_label", "kernel", "part", "part_error"],
    rows: order.flatMap((a) =>
      order.map((b) => [
        finding.images[a]!,
        own.labels[a]!,
        finding.images[b]!,
        own.labels[b]!,
        kernelOf(a, b),
        partOf(a, b),
        own.errors[a * n + b]!,
      ]),
    ),
    dictionary: {
      image: "Number of the image among all training images of both classes.",
      label: "Its label, 1 or −1.",
      other_image: "Number of the other image.",
      other_label: "Its label.",
      kernel: `Expected tangent kernel, of ${unitWords[inputs]}.`,
      part: "Label-aware part times the width.",
      part_error: "Its standard error, from the draws.",
    },
  });
  return {
    kernel: {
      ...common,
      name: "label-aware-part-kernel",
      title: `Expected tangent kernel, seed ${seed}`,
      caption: `E K2 of ${n} images ${sorted}, of ${unitWords[inputs]}. It never sees a label.`,
      traces: [
        square(input, shown, kernelOf, { scale: scaleFrom(kernels!), colourTitle: `E K2, ${unitWords[inputs]}` }),
      ],
      data,
    },
    part: {
      ...common,
      name: "label-aware-part-matrix",
      title: `Label-aware part, ${labelingTitles[labels].toLowerCase()}, seed ${seed}`,
      caption: `m times what learning adds to the kernel, ${n} images ${sorted}; mean over ${params.draws.toLocaleString("en")} drawn units. Mean within labels ${shortNumber(own.intra.mean)} ± ${shortNumber(own.intra.error)}, between ${shortNumber(own.inter.mean)} ± ${shortNumber(own.inter.error)} (standard errors of the draws; pairs of an image and itself left out).`,
      traces: [square(input, shown, partOf, { scale: scaleFrom(parts!), colourTitle: "Label-aware part × width m" })],
      data,
    },
  };
}

/** From 0, or in two colours where signs differ. */
function scaleFrom(values: readonly number[]): ColourScale {
  const signed = colourScale(values, { signed: true });
  return Math.min(...values) < 0 ? signed : { kind: "sequential", low: 0, high: signed.high };
}

const kinds = ["intra", "inter"] as const;

/** Means within and between labels, over seeds: for labels as they are, and shuffled. */
export function partMeans(input: PartInput): Figure {
  const { params, findings, arrangement = "row" } = input;
  const groups = labelingIds.flatMap((id, row) =>
    kinds.map((kind, at) => {
      const known = params.seeds.flatMap((seed) => {
        const found = findings.get(partKey(params, seed));
        return found ? [{ seed, ...found.labelings[id][kind] }] : [];
      });
      return { id, kind, category: 2 * row + at, known, value: interval(known.map(({ mean }) => mean)) };
    }),
  );
  const all = groups.flatMap(({ known, value }) => [...known.map(({ mean }) => mean), value.low, value.high]);
  const isEmpty = groups.every(({ known }) => known.length === 0);
  const x = niceAxis("Label-aware part × width m", all.filter(Number.isFinite));
  const y: Axis = {
    title: "",
    low: 3.5,
    high: -0.5,
    ticks: groups.map(({ id, kind, category }) => ({
      at: category,
      text: `${id === "given" ? "as they are" : "shuffled"}, ${kind === "intra" ? "same label" : "two labels"}`,
    })),
  };
  return {
    name: "label-aware-part-means",
    title: "Label-aware part within and between labels",
    caption: `Means of m times the part over pairs of different images: bars are means over n = ${plural(params.seeds.length, "seed")} of ${params.perClass} + ${params.perClass} images, whiskers 95 % Student-t intervals, points the single seeds.`,
    arrangement,
    panels: [{ title: "", x, y, ...(isEmpty ? { note: "Not measured yet" } : {}) }],
    traces: groups
      .filter(({ known }) => known.length > 0)
      .map(({ id, kind, category, known, value }): StripTrace => ({
        type: "strip",
        panel: 0,
        title: `${labelingTitles[id]}, ${kind}`,
        category,
        mean: value.mean,
        low: value.low,
        high: value.high,
        points: known.map(({ mean }) => mean),
        ids: known.map(({ seed }) => params.seeds.indexOf(seed)),
        colour: colours[id],
        hover: (point) =>
          `seed ${known[point]!.seed}: ${shortNumber(known[point]!.mean)} ± ${shortNumber(known[point]!.error)}`,
      })),
    data: () => ({
      columns: ["labels", "pairs", "seed", "mean", "error"],
      rows: groups.flatMap(({ id, kind, known }) =>
        known.map(({ seed, mean, error }) => [id, kind, seed, mean, error]),
      ),
      dictionary: {
        labels: "given: as they are; shuffled: as many of both, dealt out anew.",
        pairs: "intra: of one label; inter: of two. An image and itself are left out.",
        seed: "Of the images, the shuffled labels and the draws.",
        mean: "Mean of m times the label-aware part over these pairs.",
        error: "Its standard error, from the draws alone.",
      },
    }),
  };
}

const [narrowest, widest] = [1, 100_000];
const widths = Array.from({ length: 51 }, (_, at) => narrowest * (widest / narrowest) ** (at / 50));

/** By how much the relative ratio rises when the part is added, against the width. */
export function partRise(input: PartInput): Figure {
  const { params, findings, inputs, arrangement = "row" } = input;
  const found = params.seeds.flatMap((seed) => findings.get(partKey(params, seed)) ?? []);
  const series = labelingIds.map((id) => ({
    id,
    values: widths.map((width) =>
      interval(found.map((one) => ratioAt(one, id, { width, inputs }) - ratioAt(one, id, { width: Infinity, inputs }))),
    ),
  }));
  const x: Axis = {
    title: "Width m (log scale)",
    scale: "log",
    low: narrowest,
    high: widest,
    ticks: logTicks(narrowest, widest),
  };
  const means = series.flatMap(({ values }) => values.flatMap(({ mean }) => mean)).filter(Number.isFinite);
  return {
    name: "label-aware-part-rise",
    title: "What the part adds to the relative ratio",
    caption: `Relative ratio × 100 of E K2 with the label-aware part at width m, less that of E K2 alone, by the labels in use; ${unitWords[inputs]}. The part falls as 1/m and does not change with the size of the inputs, while E K2 grows with its square. Lines are means over n = ${plural(found.length, "seed")}, bands 95 % Student-t intervals.`,
    arrangement,
    panels: [
      {
        title: "",
        x,
        y: niceAxis("Points of relative ratio × 100", means),
        ...(found.length === 0 ? { note: "Not measured yet" } : {}),
      },
    ],
    traces:
      found.length === 0
        ? []
        : series.map(({ id, values }): LineTrace => ({
            type: "line",
            panel: 0,
            title: id === "given" ? "as they are" : "shuffled",
            x: widths,
            y: values.map(({ mean }) => mean),
            band: { low: values.map(({ low }) => low), high: values.map(({ high }) => high) },
            colour: colours[id],
            dash: id === "given" ? "solid" : "dash",
            marker: "none",
            hover: values.map(({ mean }, at) => `m = ${widths[at]!.toFixed(0)}: ${shortNumber(mean)}`),
          })),
    data: () => ({
      columns: ["labels", "width", "rise", "low", "high", "n"],
      rows: series.flatMap(({ id, values }) =>
        values.map(({ mean, low, high, count }, at) => [id, widths[at]!, mean, low, high, count]),
      ),
      dictionary: {
        labels: "given: as they are; shuffled: as many of both, dealt out anew.",
        width: "Number m of hidden units.",
        rise: `Relative ratio × 100 with the part less that without it, mean over seeds; of ${unitWords[inputs]}.`,
        low: "Lower bound of its 95 % Student-t interval.",
        high: "Upper bound of the same interval.",
        n: "Seeds.",
      },
    }),
  };
}
