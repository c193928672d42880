// Stability bounds beside the measured generalization gap: against the sample size, and against the confidence.
import {
  boundAt,
  boundIds,
  gapLaw,
  sizesOf,
  usefulFrom,
  type AtSize,
  type BoundId,
} from "../../lab/studies/bounds/curves.ts";
import type { BoundsFinding } from "../../lab/studies/bounds/measure.ts";
import { fourClusters, isNetwork, seedsOf, type BoundsParams } from "../../lab/studies/bounds/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Axis, Figure, LineTrace } from "./figure.ts";
import type { LineStyle } from "./palette.ts";
import { axisNumber, logAxis, logTicks, minus } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

export interface BoundsInput {
  readonly params: BoundsParams;
  readonly findings: Findings<BoundsFinding>;
  /** delta looked at. */
  readonly delta: number;
  /** m looked at; the nearest that is there. */
  readonly size: number;
  /** Only the measured sample sizes, or as far as the bounds need to say something. */
  readonly reach: "measured" | "beyond";
  readonly arrangement: Arrangement;
}

export const boundTitles: Readonly<Record<BoundId, string>> = {
  uniform: "Uniform stability",
  elastic: "Locally elastic stability",
};

const styles: Readonly<Record<BoundId | "gap", LineStyle>> = {
  uniform: { colour: "#0072b2", dash: "dash", marker: "square" },
  elastic: { colour: "#d55e00", dash: "solid", marker: "circle" },
  gap: { colour: "#000000", dash: "solid", marker: "diamond" },
};

/** The measured size that is looked at: the nearest to what is wanted, the largest where nothing is. */
export function sizeShown({
  params,
  findings,
  size,
}: Pick<BoundsInput, "params" | "findings" | "size">): AtSize | undefined {
  const sizes = sizesOf(params, findings);
  if (size === 0) return sizes.at(-1);
  return sizes.reduce<AtSize | undefined>(
    (best, each) => (!best || Math.abs(each.m - size) < Math.abs(best.m - size) ? each : best),
    undefined,
  );
}

export function boundsAgainstSize(input: BoundsInput): Figure {
  const { params, findings, delta, reach, arrangement } = input;
  const sizes = sizesOf(params, findings);
  const law = gapLaw(sizes);
  const curves = boundIds.map((id) => ({
    id,
    values: sizes.map((size) => boundAt(params, id, size, { m: size.m, delta })),
  }));
  const last = sizes.at(-1);
  const beyond = last && reach === "beyond" ? beyondOf(params, last, delta) : [];
  const y = logAxis("Loss", [
    params.lossBound,
    ...curves.flatMap(({ values }) => values),
    ...beyond.flatMap(({ values }) => values),
    ...sizes.flatMap(({ gap }) => [gap.mean, gap.low, gap.high].filter((value) => value > gap.mean / 30)),
  ]);
  const ms = sizes.map(({ m }) => m);
  const x = sizeAxis([...ms, ...beyond.flatMap((each) => each.ms)]);
  return {
    name: "bounds-size",
    title: "Bounds and measured gap against sample size",
    caption: caption(
      input,
      sizes,
      `Generalization gap against sample size m, both axes logarithmic: the uniform-stability bound, the locally elastic bound (δ = ${axisNumber(delta)}), and the mean |held-out loss − training loss|${law ? `, which falls as m to the power ${minus(law.slope.toFixed(2))} (thin: least squares in logarithms)` : ""}. Dotted: the largest loss M_l = ${axisNumber(params.lossBound)}, which no gap exceeds anyway.${reach === "beyond" && last ? ` Thin beyond m = ${last.m}: the constants stay as they are there.` : ""}`,
    ),
    arrangement,
    panels: [
      {
        title: "",
        x,
        y,
        rules: [{ axis: "y", at: params.lossBound, title: "largest loss" }],
        ...(sizes.length === 0 ? { note: notMeasuredYet } : {}),
      },
    ],
    traces: [
      ...curves.flatMap(({ id, values }) =>
        sizes.length === 0 ? [] : [line({ title: boundTitles[id], x: ms, y: values }, styles[id])],
      ),
      ...beyond.map(({ id, ms: further, values }) =>
        line({ title: boundTitles[id], x: further, y: values }, { ...styles[id], marker: "none" }, true),
      ),
      ...gapTraces(sizes, y, law),
    ],
    data: () => ({
      columns: ["m", "quantity", "value", "low", "high", "n", "kind"],
      rows: [
        ...sizes.flatMap(({ m, gap }, at) => [
          ...curves.map(({ id, values }) => [m, `${id} bound`, values[at]!, "", "", "", "constants at this m"]),
          [m, "gap", gap.mean, gap.low, gap.high, gap.count, "measured"],
        ]),
        ...beyond.flatMap(({ id, ms: further, values }) =>
          further.map((m, at) => [m, `${id} bound`, values[at]!, "", "", "", `constants at m = ${last!.m}`]),
        ),
      ],
      dictionary: {
        m: "Sample size.",
        quantity: `uniform bound, elastic bound: at delta ${delta}; gap: mean over seeds of |held-out loss - training loss|.`,
        value: "The bound, or the mean.",
        low: "Lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        n: "Number of seeds.",
        kind: "Where the constants of a bound are from, or that it is measured.",
      },
    }),
  };
}

interface Curve {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const line = (
  { title, x, y }: Curve,
  style: Omit<LineStyle, "marker"> & Pick<LineTrace, "marker">,
  faint = false,
): LineTrace => ({
  type: "line",
  panel: 0,
  title,
  x,
  y,
  ...style,
  ...(faint ? { faint } : {}),
  hover: y.map((value, at) => `${axisNumber(value)} at ${axisNumber(x[at]!)}`),
});

/** Each bound from the largest measured m to three times the m from which it says something, at most to 10^9. */
function beyondOf(params: BoundsParams, last: AtSize, delta: number) {
  const far = Math.max(...boundIds.map((id) => usefulFrom(params, id, { at: last, delta })));
  const end = Math.min(1e9, Math.max(10 * last.m, 3 * far));
  const steps = 40;
  const ms = Array.from({ length: steps + 1 }, (_, step) => last.m * (end / last.m) ** (step / steps));
  return boundIds.map((id) => ({ id, ms, values: ms.map((m) => boundAt(params, id, last, { m, delta })) }));
}

function gapTraces(sizes: readonly AtSize[], y: Axis, law: ReturnType<typeof gapLaw>): LineTrace[] {
  if (sizes.length === 0) return [];
  const ms = sizes.map(({ m }) => m);
  const gaps = sizes.map(({ gap }) => gap);
  const shown = (value: number): number => Math.min(y.high, Math.max(y.low, value));
  const measured: LineTrace = {
    ...line({ title: "Measured gap", x: ms, y: gaps.map(({ mean }) => mean) }, styles.gap),
    band: { low: gaps.map(({ low }) => shown(low)), high: gaps.map(({ high }) => shown(high)) },
    hover: gaps.map(({ mean, low, high, count }) =>
      count < 2 ? axisNumber(mean) : `${axisNumber(mean)} (${axisNumber(low)} to ${axisNumber(high)})`,
    ),
  };
  if (!law || ms.length < 2) return [measured];
  const ends = [ms[0]!, ms.at(-1)!];
  const fitted = ends.map((m) => 10 ** (law.intercept + law.slope * Math.log10(m)));
  return [
    measured,
    line({ title: "fitted", x: ends, y: fitted }, { ...styles.gap, dash: "dot", marker: "none" }, true),
  ];
}

/** From measured m to measured m, or to whole decades. */
function sizeAxis(ms: readonly number[]): Axis {
  const title = "Sample size m";
  if (ms.length === 0) return logAxis(title, []);
  const [low, high] = [Math.min(...ms), Math.max(...ms)];
  if (high / low > 100) return logAxis(title, [low, high]);
  return { title, scale: "log", low: low / 1.1, high: high * 1.1, ticks: ticksAt(ms, low, high) };
}

const ticksAt = (ms: readonly number[], low: number, high: number) =>
  ms.length <= 8 ? ms.map((at) => ({ at, text: String(at) })) : logTicks(low, high);

/** Chances that are worth a look. */
const [leastDelta, mostDelta] = [1e-6, 0.5];

export function boundsAgainstDelta(input: BoundsInput): Figure {
  const { params, findings, delta, arrangement } = input;
  const shown = sizeShown(input);
  const steps = 48;
  const deltas = Array.from({ length: steps + 1 }, (_, at) => leastDelta * (mostDelta / leastDelta) ** (at / steps));
  const curves = shown
    ? boundIds.map((id) => ({
        id,
        values: deltas.map((each) => boundAt(params, id, shown, { m: shown.m, delta: each })),
      }))
    : [];
  const levels = [params.lossBound, ...(shown ? [shown.gap.mean] : [])];
  return {
    name: "bounds-confidence",
    title: `Bounds against confidence${shown ? `, m = ${shown.m}` : ""}`,
    caption: caption(
      input,
      sizesOf(params, findings),
      `Both bounds against δ, the chance over samples that a bound fails${shown ? `, at m = ${shown.m}` : ""}: being surer costs little, since δ stands under a logarithm. Dotted: the largest loss M_l and the mean measured |gap|.`,
    ),
    arrangement,
    panels: [
      {
        title: "",
        x: {
          title: "Chance δ that the bound fails",
          scale: "log",
          low: leastDelta,
          high: mostDelta,
          ticks: logTicks(leastDelta, mostDelta, 6),
        },
        y: logAxis("Loss", [...levels, ...curves.flatMap(({ values }) => values)]),
        ...(shown
          ? {
              rules: [
                { axis: "y", at: params.lossBound, title: "largest loss" },
                ...(shown.gap.mean > 0 ? [{ axis: "y", at: shown.gap.mean, title: "measured gap" } as const] : []),
              ],
            }
          : { note: notMeasuredYet }),
      },
    ],
    traces: curves.map(({ id, values }) =>
      line({ title: boundTitles[id], x: deltas, y: values }, { ...styles[id], marker: "none" }),
    ),
    ...(shown ? { mark: Math.min(mostDelta, Math.max(leastDelta, delta)), markTitle: `δ = ${axisNumber(delta)}` } : {}),
    data: () => ({
      columns: ["m", "delta", "quantity", "value"],
      rows: curves.flatMap(({ id, values }) =>
        values.map((value, at) => [shown!.m, deltas[at]!, `${id} bound`, value]),
      ),
      dictionary: {
        m: "Sample size.",
        delta: "Chance over samples that the bound fails.",
        quantity: "Which bound.",
        value: "The bound.",
      },
    }),
  };
}

/** How M_beta and sup E beta were measured, in a sentence's words. */
export const sensitivityWords = (params: BoundsParams): string =>
  isNetwork(params)
    ? "exact leave-one-out of ridge regression with the network's tangent kernel before training, whose ridge stands in for the length of training"
    : "exact leave-one-out of the same regression";

function caption({ params }: BoundsInput, sizes: readonly AtSize[], what: string): string {
  const counts = countRange(sizes.map(({ gap }) => gap.count));
  if (counts === "0") return "Nothing has been measured yet.";
  const { data, learner, heldOut } = params;
  const spread = seedsOf(params).length > 1 ? "; the band is a 95 % Student-t interval over seeds" : "";
  return `${what} ${learner} on ${data === fourClusters ? "four clusters of points" : data === "drawn" ? "drawings, not photographs" : `images of ${data}`}, ${heldOut} held-out examples, n = ${plural(counts, "seed")}${spread}. M_β and sup E β by ${sensitivityWords(params)}, the largest of the seeds: lower estimates of suprema. The form and the factors of the locally elastic bound are from memory; the theorem (Deng, He and Su, ICML 2021) could not be read.`;
}
