// How unequal training examples are: the mean effect of each on the test loss, sorted, method by method.
import { sensitivityOf } from "../../lab/studies/sensitivity/findings.ts";
import { methodTitles, methodsOf, seedsOf, type MethodId } from "../../lab/studies/sensitivity/setting.ts";
import { sensitivityAt, summarySample } from "../../lab/studies/sensitivity/tables.ts";
import { interval, type Interval } from "../../math/stats.ts";
import type { Figure, LineTrace } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { axisNumber, logAxis } from "./scale.ts";
import type { SensitivityInput } from "./sensitivityClasses.ts";
import { notMeasuredYet, plural } from "./wording.ts";

export const methodStyles: Readonly<Record<MethodId, LineStyle>> = {
  rbf: { colour: "#009e73", dash: "dash", marker: "none" },
  linear: { colour: "#0072b2", dash: "dot", marker: "none" },
  features: { colour: "#cc79a7", dash: "dashdot", marker: "none" },
  network: { colour: "#d55e00", dash: "solid", marker: "none" },
};

interface Series {
  readonly method: MethodId;
  /** Share of the training examples that come before, from 0 to 1. */
  readonly x: readonly number[];
  readonly values: readonly Interval[];
}

/** Rank by rank over seeds. */
function seriesOf({ params, findings }: SensitivityInput, method: MethodId): Series | undefined {
  const sorted = seedsOf(params).flatMap((seed) => {
    const found = sensitivityAt(params, findings, method, seed);
    return found ? [sensitivityOf(found).means.toSorted().toReversed()] : [];
  });
  if (sorted.length === 0) return undefined;
  const m = sorted[0]!.length;
  return {
    method,
    x: Array.from({ length: m }, (_, rank) => rank / Math.max(1, m - 1)),
    values: Array.from({ length: m }, (_, rank) => interval(sorted.map((means) => means[rank]!))),
  };
}

/** Five decades below the largest; what is less is as good as nothing. */
const decades = 1e5;

export function sensitivityCurves(input: SensitivityInput): Figure {
  const { params, findings, arrangement } = input;
  const series = methodsOf(params).flatMap((method) => seriesOf(input, method) ?? []);
  const all = series.flatMap(({ values }) => values.map(({ mean }) => mean));
  const top = Math.max(0, ...all);
  const y = logAxis("mean over z of β(i, z)", top > 0 ? [top, ...all.filter((value) => value > top / decades)] : []);
  const bounded = (value: number): number => Math.max(y.low, value);
  const worst = series.map(({ method }) => {
    const { mean } = interval(summarySample(params, findings, method, "worst"));
    return `${methodTitles[method]} ${axisNumber(mean)}`;
  });
  return {
    name: "sensitivity-sorted",
    title: "Training examples by their mean effect on the test loss",
    caption:
      series.length === 0
        ? "Nothing has been measured yet."
        : `The mean over test examples z of β(i, z) = m |ℓ(A_S, z) − ℓ(A_S⁻ⁱ, z)| for each training example i, from the largest down; the left end is the supremum over i. Lines are means over ${plural(seedsOf(params).length, "seed")} rank by rank, bands 95 % Student-t intervals. The worst single β, M_β, is: ${worst.join(", ")}.`,
    arrangement,
    panels: [
      {
        title: "",
        x: {
          title: "Training examples, most sensitive first",
          low: 0,
          high: 1,
          ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${100 * at} %` })),
        },
        y,
        ...(series.length === 0 ? { note: notMeasuredYet } : {}),
      },
    ],
    traces: series.map(({ method, x, values }): LineTrace => ({
      type: "line",
      panel: 0,
      title: methodTitles[method],
      x,
      y: values.map(({ mean }) => (mean >= y.low ? mean : NaN)),
      band: { low: values.map(({ low }) => bounded(low)), high: values.map(({ high }) => bounded(high)) },
      ...methodStyles[method],
      hover: values.map(({ mean }) => axisNumber(mean)),
    })),
    data: () => ({
      columns: ["method", "rank", "mean", "low", "high", "seeds"],
      rows: series.flatMap(({ method, values }) =>
        values.map(({ mean, low, high, count }, rank) => [method, rank + 1, mean, low, high, count]),
      ),
      dictionary: {
        method: "How the loss was learned.",
        rank: "Place of the training example by its mean effect, 1 for the largest.",
        mean: "Mean over test examples of m |l(A_S, z) - l(A_S^-i, z)|, then over seeds at the same rank.",
        low: "Lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        seeds: "Number of seeds.",
      },
    }),
  };
}
