// The kernels behind a cell: images against images in class order, without their sizes; of a label-aware kernel also the part that
// knows the labels, and what every lambda makes of it.
import { isEstimate, methodTitles } from "../../lab/studies/labelAwareness/method.ts";
import type { Measured } from "../../lab/studies/labelAwareness/finding.ts";
import { blankIfNaN, type ClassRun, type Figure, type HeatmapTrace, type LineTrace } from "./figure.ts";
import type { OpenCell } from "./labelAwarenessGrid.ts";
import { classColour } from "./palette.ts";
import { colourScale, logAxis, niceAxis, shortNumber } from "./scale.ts";

interface Square {
  readonly title: string;
  /** [image, image] */
  readonly values: Float32Array;
}

interface ShownImages {
  readonly images: Int32Array;
  readonly sides: Uint8Array;
}

/** K(a, b) / sqrt(K(a, a) K(b, b)); NaN where that has no meaning. */
function normalisedSquare(values: Float32Array, n: number): number[][] {
  const roots = Array.from({ length: n }, (_, at) => {
    const own = values[at * n + at]!;
    return own > 0 ? Math.sqrt(own) : NaN;
  });
  // Single precision shall not make an image more than like itself.
  return roots.map((left, row) =>
    roots.map((right, column) =>
      row === column && !Number.isNaN(left) ? 1 : values[row * n + column]! / left / right,
    ),
  );
}

function heatmap(
  { pair }: OpenCell,
  { images, sides }: ShownImages,
  panel: number,
  values: number[][],
  rest: Pick<HeatmapTrace, "scale" | "colourTitle">,
): HeatmapTrace {
  const names = Array.from(images, (id) => `image ${id}`);
  const runs: ClassRun[] = [pair.first, pair.second].map((title, side) => ({
    title,
    count: sides.filter((own) => own === side).length,
    colour: classColour(side === 0 ? 0 : 5),
  }));
  return {
    type: "heatmap",
    panel,
    rows: names,
    columns: names,
    rowIds: [...images],
    columnIds: [...images],
    values,
    strips: { rows: runs, columns: runs },
    ...rest,
  };
}

/** Undefined where the matrices are not there: a finding of a file has none. */
export function labelAwarenessKernels(cell: OpenCell, arrangement: Figure["arrangement"] = "row"): Figure | undefined {
  const found = squaresOf(cell);
  if (!found) return undefined;
  const { shown, squares } = found;
  const n = shown.images.length;
  const values = squares.map((square) => normalisedSquare(square.values, n));
  const all = Float64Array.from(values.flat(2).filter(Number.isFinite)).sort();
  const least = all[Math.floor(all.length / 100)] ?? 0;
  const scale =
    least < -0.05
      ? ({ kind: "diverging", low: -1, high: 1 } as const)
      : ({ kind: "sequential", low: Math.max(0, Math.min(0.9, Math.floor(least * 10) / 10)), high: 1 } as const);
  return {
    name: "label-awareness-kernels",
    title: `Normalised kernels, ${cell.title}, seed ${cell.seed}`,
    caption: `K(a, b) / √(K(a, a) K(b, b)) of the first ${n / 2} + ${n / 2} training images in class order. A kernel that knows the classes has brighter squares on its diagonal.${cell.lambda === undefined ? "" : ` Lambda is ${cell.lambda}.`}`,
    arrangement,
    panels: squares.map(({ title }) => ({ title, rowTitle: "Image", columnTitle: "Image" })),
    traces: values.map((square, panel) =>
      heatmap(cell, shown, panel, square, { scale, colourTitle: "Normalised kernel" }),
    ),
    data: () =>
      squareData(
        shown,
        squares.map(({ title }, at) => ({ title, values: values[at]! })),
      ),
  };
}

function squaresOf(cell: OpenCell): { readonly shown: ShownImages; readonly squares: readonly Square[] } | undefined {
  const { method, kernels, network, lambda } = cell;
  if (method === "start" || method === "trained") {
    const shown = network?.shown;
    return (
      shown && {
        shown,
        squares: [
          { title: "Start", values: shown.start },
          { title: "Trained", values: shown.trained },
        ],
      }
    );
  }
  const shown = kernels?.shown;
  if (!shown) return undefined;
  const raw = { title: "NTK", values: shown.ntk };
  if (!isEstimate(method)) return { shown, squares: [raw] };
  const share = lambda! * kernels.methods[method].scale;
  const estimate = shown.estimates[method];
  const whole = shown.ntk.map((value, at) => value + share * estimate[at]!);
  return { shown, squares: [raw, { title: methodTitles[method], values: whole }] };
}

/** The estimate alone, as it is added; undefined for methods that have none. */
export function labelAwarenessEstimate(cell: OpenCell, arrangement: Figure["arrangement"] = "row"): Figure | undefined {
  const { method, kernels, lambda } = cell;
  const shown = kernels?.shown;
  if (!shown || !isEstimate(method)) return undefined;
  const share = lambda! * kernels.methods[method].scale;
  const n = shown.images.length;
  const values = Array.from({ length: n }, (_, row) =>
    Array.from({ length: n }, (_, column) => share * shown.estimates[method][row * n + column]!),
  );
  const scale = colourScale(values.flat(), { signed: true, keptShare: 0.99 });
  return {
    name: "label-awareness-estimate",
    title: `Label-aware part of ${methodTitles[method]}, ${cell.title}, seed ${cell.seed}`,
    caption: `λ Z(a, b), the estimate of the product of both labels as it is added to the tangent kernel, of the first ${n / 2} + ${n / 2} training images in class order. A perfect estimate is one colour within the classes and the opposite one between them. Lambda is ${lambda}.`,
    arrangement,
    panels: [{ title: "", rowTitle: "Image", columnTitle: "Image" }],
    traces: [heatmap(cell, shown, 0, values, { scale, colourTitle: "Label-aware part, λ Z" })],
    data: () => squareData(shown, [{ title: "estimate", values }]),
  };
}

const squareData = (
  { images, sides }: ShownImages,
  squares: readonly { readonly title: string; readonly values: readonly (readonly number[])[] }[],
) => ({
  columns: ["kernel", "image", "class", "other_image", "other_class", "value"],
  rows: squares.flatMap(({ title, values }) =>
    values.flatMap((row, a) =>
      row.slice(0, a + 1).map((value, b) => [title, images[a]!, sides[a]!, images[b]!, sides[b]!, blankIfNaN(value)]),
    ),
  ),
  dictionary: {
    kernel: "Which matrix: the title of its panel.",
    image: "Number of the image among all of the two classes.",
    class: "0: first class of the pair; 1: second.",
    other_image: "Number of the other image; every pair once, an image with itself too.",
    other_class: "The same of the other image.",
    value: "The value of the cell. Blank: K(x, x) is not above 0.",
  },
});

const lines = [
  { id: "trainTrain", title: "train–train", colour: classColour(0), marker: "circle", dash: "solid" },
  { id: "testTrain", title: "test–train", colour: classColour(5), marker: "square", dash: "dash" },
] as const;

/** Relative ratio and accuracy at every lambda; undefined for methods that have none. */
export function labelAwarenessLambda(cell: OpenCell, arrangement: Figure["arrangement"] = "row"): Figure | undefined {
  const { method, kernels } = cell;
  if (!kernels || !isEstimate(method)) return undefined;
  const { byLambda } = kernels.methods[method];
  const x = logAxis(
    "λ",
    byLambda.map(({ lambda }) => lambda),
  );
  const at = byLambda.map(({ lambda }) => lambda);
  const ratio = (of: Measured, id: "trainTrain" | "testTrain"): number => 100 * of[id].ratio;
  const accuracies = [
    { title: "test", values: byLambda.map(({ accuracy }) => 100 * accuracy), ...classLook(0) },
    { title: "held out", values: byLambda.map(({ validation }) => 100 * validation), ...classLook(5) },
  ];
  const line = (
    panel: number,
    title: string,
    y: number[],
    look: Pick<LineTrace, "colour" | "marker" | "dash">,
  ): LineTrace => ({
    type: "line",
    panel,
    title,
    x: at,
    y,
    ...look,
    hover: y.map((value) => shortNumber(value)),
  });
  const ratios = lines.map(({ id, title, colour, marker, dash }) =>
    line(
      0,
      title,
      byLambda.map((one) => ratio(one, id)),
      { colour, marker, dash },
    ),
  );
  const ntk = kernels.ntk;
  const axisOf = (title: string, values: readonly number[]) =>
    niceAxis(title, values, { fromZero: false, tickCount: 4 });
  return {
    name: "label-awareness-lambda",
    title: `What lambda does, ${methodTitles[method]}, ${cell.title}, seed ${cell.seed}`,
    caption: `Relative ratio × 100 and accuracy of regression at every lambda; dotted: the tangent kernel alone. Points are missing where two images are more alike than each is to itself, which no inner product allows. Shown in the grid: ${cell.lambda}.`,
    arrangement,
    panels: [
      {
        title: "Relative ratio × 100",
        x,
        y: axisOf("", [...ratios.flatMap(({ y }) => y), ratio(ntk, "trainTrain")]),
        rules: [{ axis: "y", at: ratio(ntk, "trainTrain"), title: "NTK" }],
      },
      {
        title: "Accuracy, %",
        x,
        y: axisOf("", [...accuracies.flatMap(({ values }) => values), 100 * ntk.accuracy]),
        rules: [{ axis: "y", at: 100 * ntk.accuracy, title: "NTK, test" }],
      },
    ],
    traces: [...ratios, ...accuracies.map(({ title, values, ...look }) => line(1, title, values, look))],
    data: () => ({
      columns: ["lambda", "train_train", "test_train", "accuracy", "validation", "definite"],
      rows: byLambda.map((one) => [
        one.lambda,
        blankIfNaN(ratio(one, "trainTrain")),
        blankIfNaN(ratio(one, "testTrain")),
        blankIfNaN(100 * one.accuracy),
        blankIfNaN(100 * one.validation),
        String(one.isDefinite),
      ]),
      dictionary: {
        lambda: "Weight of the estimate, after it was scaled to the kernel's mean size.",
        train_train: "Relative ratio × 100 over pairs of training images.",
        test_train: "Relative ratio × 100 over pairs of a test and a training image.",
        accuracy: "Test accuracy in percent.",
        validation: "Accuracy in percent on the held-out fifth of the training images.",
        definite: "Whether the kernel is positive definite on the training images.",
      },
    }),
  };
}

const classLook = (label: number) =>
  ({
    colour: classColour(label),
    marker: label === 0 ? "circle" : "square",
    dash: label === 0 ? "solid" : "dash",
  }) as const;
