// Predicted against measured: what influence functions say of leaving an example out, and what retraining without it gives.
import { agreementOf, retrainingsOf, rootMeanSquare, type Agreement } from "../../lab/studies/sensitivity/tables.ts";
import type { RetrainingFinding } from "../../lab/studies/sensitivity/findings.ts";
import type { Axis, Figure, LineTrace, PointsTrace } from "./figure.ts";
import { axisNumber, minus, niceAxis } from "./scale.ts";
import type { SensitivityInput } from "./sensitivityClasses.ts";
import { plural } from "./wording.ts";

const colours = { largest: "#d55e00", random: "#0072b2", line: "#000000" } as const;
const kinds = [
  { why: "random", title: "left out at random", marker: "circle" },
  { why: "largest", title: "largest predicted effect", marker: "triangle-up" },
] as const;

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

interface Point {
  readonly x: number;
  readonly y: number;
  readonly row: number;
  readonly test: number;
  readonly why: RetrainingFinding["why"];
}

export function sensitivityAgreement({ params, findings, arrangement }: SensitivityInput): Figure {
  const { left, none } = retrainingsOf(params, findings);
  const { pairs, sums } = agreementOf(left);
  const ofPairs = left.flatMap(({ row, why, predicted, measured }) =>
    Array.from(predicted, (x, test): Point => ({ x, y: measured[test]!, row, test, why })),
  );
  const ofSums = left.map(({ row, why, predicted, measured }): Point => ({
    x: sum(predicted),
    y: sum(measured),
    row,
    test: -1,
    why,
  }));
  const clouds = [
    { points: ofPairs, title: "Single test examples", agreement: pairs, radius: 2, opacity: 0.5 },
    { points: ofSums, title: "Summed over test examples", agreement: sums, radius: 4, opacity: 1 },
  ];
  const noise = none ? rootMeanSquare(none.measured) : NaN;
  return {
    name: "sensitivity-agreement",
    title: `Predicted against retrained change of the loss, ${params.curvature}`,
    caption:
      left.length === 0
        ? "Nothing has been retrained yet."
        : [
            `Change of the test loss when a training example is left out: predicted by ${params.estimate === "influence functions" ? "influence functions" : "one Newton step"} with the ${params.curvature === "Hessian" ? "Hessian" : "Gauss-Newton matrix"}, against retraining from ${params.from} (n = ${plural(left.length, "example")} left out).`,
            `Single: ${words(pairs)}. Sums: ${words(sums)}. The line is y = x.`,
            Number.isNaN(noise)
              ? ""
              : `Retraining with nothing left out moves the loss by ${axisNumber(noise)} (root mean square), against ${axisNumber(rootMeanSquare(ofPairs.map(({ y }) => y)))} of the measured changes.`,
          ]
            .filter(Boolean)
            .join(" "),
    arrangement,
    panels: clouds.map(({ points, title, agreement }) => ({
      title: points.length === 0 ? title : `${title}: ρ = ${fixed(agreement.spearman)}`,
      x: axisOf(
        "Predicted change of the loss",
        points.map(({ x }) => x),
      ),
      y: axisOf(
        "Change by retraining",
        points.map(({ y }) => y),
      ),
      ...(points.length === 0 ? { note: "Not retrained yet" } : {}),
    })),
    traces: clouds.flatMap(({ points, radius, opacity }, panel): (PointsTrace | LineTrace)[] => {
      if (points.length === 0) return [];
      const [low, high] = overlap(points);
      return [
        {
          type: "line",
          panel,
          title: "",
          x: [low, high],
          y: [low, high],
          colour: colours.line,
          dash: "dash",
          marker: "none",
          hover: ["y = x", "y = x"],
        },
        ...kinds.map(({ why, title, marker }): PointsTrace => {
          const own = points.filter((point) => point.why === why);
          return {
            type: "points",
            panel,
            title,
            x: own.map(({ x }) => x),
            y: own.map(({ y }) => y),
            ids: own.map(({ row }) => row),
            hover: own.map(
              ({ x, y, row, test }) =>
                `without ${row}${test < 0 ? "" : `, at test example ${test}`}: predicted ${axisNumber(x)}, retrained ${axisNumber(y)}`,
            ),
            colour: colours[why],
            marker,
            radius,
            opacity,
          };
        }),
      ];
    }),
    data: () => ({
      columns: ["left_out", "why", "test", "predicted", "measured"],
      rows: ofPairs.map(({ row, why, test, x, y }) => [row, why, test, x, y]),
      dictionary: {
        left_out: "Row of the training example that is left out.",
        why: "largest: among those with the largest predicted effect; random: among the others.",
        test: "Number of the test example, from 0.",
        predicted: "Predicted change of the loss there.",
        measured: "Its change by retraining without the example.",
      },
    }),
  };
}

const fixed = (value: number): string => (Number.isNaN(value) ? "–" : minus(value.toFixed(3)));

const words = ({ pearson, spearman, n }: Agreement): string =>
  `Pearson r = ${fixed(pearson)}, Spearman ρ = ${fixed(spearman)}, n = ${n}`;

const axisOf = (title: string, values: readonly number[]): Axis => niceAxis(title, values, { tickCount: 4 });

/** Where both axes have the same numbers. */
function overlap(points: readonly Point[]): [number, number] {
  const [x, y] = [
    axisOf(
      "",
      points.map((point) => point.x),
    ),
    axisOf(
      "",
      points.map((point) => point.y),
    ),
  ];
  return [Math.max(x.low, y.low), Math.min(x.high, y.high)];
}
