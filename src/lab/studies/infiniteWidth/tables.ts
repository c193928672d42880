// Networks against their closed form, as tidy tables: each network, and over seeds with slopes.
import { parametrisations } from "../../../math/infiniteWidth.ts";
import type { Findings, StudyTable } from "../../study.ts";
import type { WidthFinding } from "./finding.ts";
import { depthsOf, seedsOf, shapesOf, type WidthParams } from "./setting.ts";
import { curveOf, errorOf, networkOf, quantitiesOf, type Quantity } from "./summary.ts";

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

const layerOf = (quantity: Quantity): number | string => (quantity.of === "whole" ? "" : quantity.at + 1);
/** Features do not depend on the parametrisation. */
const waysOf = ({ of }: Quantity) => (of === "features" ? parametrisations.slice(0, 1) : parametrisations);
const wayText = ({ of }: Quantity, by: string): string => (of === "features" ? "" : by);

const words = {
  depth: "hidden layers",
  quantity:
    "whole: the tangent kernel of the score; part: what one layer's own weights and biases add to it; features: inner products of a hidden layer's features, whose closed form is the NNGP's",
  layer: "layer of the part, from 1, the output layer last; or hidden layer of the features",
  parametrisation:
    "standard: gradients by the weights themselves, against the closed form at the same width, which grows with it; ntk: by numbers of variance 1, against the limit; blank: the same in both",
} as const;

export function networksTable(chosen: WidthParams, findings: Findings<WidthFinding>): StudyTable {
  return {
    name: "infinite-width",
    title: "Relative Frobenius error against the closed form, each network",
    columns: ["depth", "width", "seed", "quantity", "layer", "parametrisation", "error"],
    rows: shapesOf(chosen).flatMap((shape) =>
      seedsOf(chosen).flatMap((seed) => {
        const found = networkOf(chosen, findings, { ...shape, seed });
        if (!found) return [];
        return quantitiesOf(shape.depth).flatMap((quantity) =>
          waysOf(quantity).map((by) => [
            shape.depth,
            shape.width,
            seed,
            quantity.of,
            layerOf(quantity),
            wayText(quantity, by),
            errorOf(found, quantity, by),
          ]),
        );
      }),
    ),
    dictionary: {
      ...words,
      width: "of every hidden layer",
      seed: "of the weights; the inputs are the same",
      error: "|K - closed form| / |closed form| in the Frobenius norm",
    },
  };
}

export function curvesTable(chosen: WidthParams, findings: Findings<WidthFinding>): StudyTable {
  return {
    name: "infinite-width-slopes",
    title: "Error against width, over seeds, with the slope in log-log",
    columns: [
      "depth",
      "quantity",
      "layer",
      "parametrisation",
      "width",
      "error",
      "low",
      "high",
      "n",
      "slope",
      "slope_low",
      "slope_high",
    ],
    rows: depthsOf(chosen).flatMap((depth) =>
      quantitiesOf(depth).flatMap((quantity) =>
        waysOf(quantity).flatMap((by) => {
          const { points, slope } = curveOf({ chosen, findings }, { depth, quantity, by });
          return points.map(({ width, error }) => [
            depth,
            quantity.of,
            layerOf(quantity),
            wayText(quantity, by),
            width,
            error.mean,
            error.low,
            error.high,
            error.count,
            ...[slope.mean, slope.low, slope.high].map(blank),
          ]);
        }),
      ),
    ),
    dictionary: {
      ...words,
      width: "of every hidden layer",
      error: "mean over seeds of |K - closed form| / |closed form| in the Frobenius norm",
      low: "lower bound of its 95 % Student-t interval over seeds; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of seeds",
      slope: "mean over seeds of the least-squares slope of log error on log width, over all widths; blank below two",
      slope_low: "lower bound of its 95 % Student-t interval over seeds",
      slope_high: "upper bound of the same interval",
    },
  };
}
