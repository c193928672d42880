// The ratio against the step size: a panel for each way of computing it, a line for each probe, and the plateau of all probes.
import { movedAt } from "../../math/untilMoved.ts";
import { etasOf, ruleKey, type StepSizeParams } from "../../lab/studies/stepSize/setting.ts";
import {
  ways,
  type RuleFinding,
  type StepSizeFinding,
  type SubjectFinding,
  type Way,
} from "../../lab/studies/stepSize/findings.ts";
import { sweepOf, type Sweep } from "../../lab/studies/stepSize/sweep.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type Axis, type Figure, type LineTrace, type Panel, type Rule, type Span } from "./figure.ts";
import { classColour } from "./palette.ts";
import { axisNumber, logAxis, logTicks, niceAxis } from "./scale.ts";
import { notMeasuredYet } from "./wording.ts";

export interface StepSizeInput {
  readonly params: StepSizeParams;
  readonly findings: Findings<StepSizeFinding>;
  readonly scale: "linear" | "log";
  /** Step size looked at. */
  readonly eta: number;
  readonly arrangement: Figure["arrangement"];
}

export const wayTitles: Readonly<Record<Way, string>> = {
  single: "Single precision, subtracted",
  double: "Double precision, subtracted",
  exact: "Single precision, exact change",
};

export function etaAxis(params: StepSizeParams): Axis {
  const etas = etasOf(params);
  const [low, high] = [etas[0]!, etas.at(-1)!];
  return { title: "Step size η", scale: "log", low, high, ticks: logTicks(low, high, 5) };
}

/** The step size of the sweep that is nearest to what is looked at. */
export const nearestEta = (params: StepSizeParams, eta: number): number =>
  etasOf(params).reduce((best, each) =>
    Math.abs(Math.log(each / eta)) < Math.abs(Math.log(best / eta)) ? each : best,
  );

export function stepSizeRatios(input: StepSizeInput): Figure {
  const { params, findings, arrangement } = input;
  const sweep = sweepOf(params, findings);
  const x = etaAxis(params);
  const y = ratioAxis(sweep, input.scale);
  return {
    name: "step-size-ratios",
    title: "Ratio against step size",
    caption: caption(input, sweep, y),
    arrangement,
    panels: ways.map((way) => ({ title: wayTitles[way], x, y, ...around(way, input, sweep) })),
    traces: sweep ? ways.flatMap((way, panel) => tracesOf(way, panel, sweep, x)) : [],
    ...(sweep && sweep.steps.length > 0 ? { mark: nearestEta(params, input.eta) } : {}),
    data: () => data(sweep),
  };
}

/** Linear: half as much again as the largest first-order ratio, whatever rounding makes of it. Logarithmic: whole decades around all of them. */
function ratioAxis(sweep: Sweep | undefined, scale: "linear" | "log"): Axis {
  const title = "Change at the probe / change at the anchor";
  const truths = sweep?.truths ?? [1];
  const most = Math.max(...truths, 0.1);
  if (scale === "linear") return niceAxis(title, [0, 1.5 * most]);
  return logAxis(title, [Math.max(1e-6, Math.min(...truths)) / 3, 3 * most]);
}

function around(
  way: Way,
  { params, findings }: StepSizeInput,
  sweep: Sweep | undefined,
): Pick<Panel, "spans" | "rules" | "note"> {
  if (!sweep || sweep.steps.length === 0) return { note: notMeasuredYet };
  const found = sweep.plateaus[way];
  const spans: Span[] = found ? [{ axis: "x", from: found.from, to: found.to, title: "plateau: within 1 %" }] : [];
  const rule = findings.get(ruleKey(params, params.anchor)) as RuleFinding | undefined;
  const stop = way === "single" && rule ? movedAt(rule.tries) : undefined;
  const rules: Rule[] = stop ? [{ axis: "x", at: stop.eta, title: "authors' rule" }] : [];
  return { spans, rules };
}

function tracesOf(way: Way, panel: number, { subject, etas, truths, ratios }: Sweep, x: Axis): LineTrace[] {
  return truths.flatMap((truth, probe): LineTrace[] => {
    const image = subject.images[probe + 1]!;
    const common = { type: "line", panel, colour: classColour(image.classIndex), marker: "none" } as const;
    return [
      {
        ...common,
        title: `${image.title}, first order`,
        x: [x.low, x.high],
        y: [truth, truth],
        dash: "dash",
        faint: true,
      },
      {
        ...common,
        title: className(image.title),
        x: etas,
        y: ratios[way][probe]!,
        dash: "solid",
        hover: ratios[way][probe]!.map((ratio) =>
          Number.isNaN(ratio) ? "not measurable" : `${axisNumber(ratio)}, first order ${axisNumber(truth)}`,
        ),
      },
    ];
  });
}

/** "tiger 3, held out": tiger */
export const className = (title: string): string => title.replace(/ \d+,.*$/, "");

function caption(input: StepSizeInput, sweep: Sweep | undefined, y: Axis): string {
  const anchor = sweep?.subject.images[0]!.title ?? "the anchor";
  return [
    `Size of the change of the anchor's score at each probe over that at the anchor (${anchor}), against the step size η of`,
    `one step of gradient descent on the anchor, in three ways. Thin dashed: first order, from gradients in double precision.`,
    `Shaded: the longest stretch where all probes are within 1 % of it.`,
    ...(sweep ? [lostSentence(sweep.subject), gapSentence(sweep), beyondSentence(sweep, y)] : []),
    ...(input.scale === "log" ? ["Logarithmic ratio; ratios of 0 have no place on it."] : []),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Half a unit in the last place above 1: softmax is 1 in single precision where the other classes' share is no larger. */
const leastDoubt = 2 ** -24;

/** Said of anchors whose own part of the loss's slope, p - 1, is 0 in single precision. */
export const lostSentence = ({ slope }: SubjectFinding): string =>
  -slope > leastDoubt
    ? ""
    : `At the anchor 1 − p is ${axisNumber(-slope)}, so that p is 1 in single precision and its part of the loss's slope 0: the subtracted step points elsewhere, and no step size mends it.`;

/** Step sizes without a ratio, by way: "single precision, subtracted: 17 of 61"; empty where there are none. */
function gapsOf({ ratios, etas }: Sweep): string {
  const missing = (way: Way): number => ratios[way][0]!.filter(Number.isNaN).length;
  return ways
    .filter((way) => missing(way) > 0)
    .map((way) => `${wayTitles[way].toLowerCase()}: ${missing(way)} of ${etas.length}`)
    .join("; ");
}

export function gapSentence(sweep: Sweep): string {
  const gaps = gapsOf(sweep);
  return (
    gaps &&
    `A gap is where the anchor's own change is 0, or within its rounding error, and nothing can be divided by it (${gaps}).`
  );
}

export function gapNote(sweep: Sweep): string {
  const gaps = gapsOf(sweep);
  return gaps && `gap: the anchor did not move (${gaps})`;
}

function beyondSentence({ ratios }: Sweep, { high }: Axis): string {
  const values = ways.flatMap((way) => ratios[way].flat()).filter((value) => value > high);
  if (values.length === 0) return "";
  return `${values.length === 1 ? "One ratio lies" : `${values.length} ratios lie`} above the axis, up to ${axisNumber(Math.max(...values))}.`;
}

const data = (sweep: Sweep | undefined): ReturnType<Figure["data"]> => ({
  columns: ["way", "probe", "eta", "ratio", "first_order"],
  rows: sweep
    ? ways.flatMap((way) =>
        sweep.truths.flatMap((truth, probe) =>
          sweep.etas.map((eta, at) => [
            wayTitles[way],
            sweep.subject.images[probe + 1]!.title,
            eta,
            blankIfNaN(sweep.ratios[way][probe]![at]!),
            truth,
          ]),
        ),
      )
    : [],
  dictionary: {
    way: "Subtracted: weights moved, two passes, subtracted. Exact: the change itself is computed.",
    probe: "Image that is watched.",
    eta: "Step size.",
    ratio: "Change at the probe over change at the anchor, as sizes. Blank: not measurable.",
    first_order: "What the ratio goes to as the step size goes to 0, from gradients in double precision.",
  },
});
