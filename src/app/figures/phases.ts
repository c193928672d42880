// The phase diagram: a square for each pair of tail index and ratio of the effects, coloured by accuracy, with the critical lines.
import { phaseKey, ratiosOf, tailsOf, type PhaseFinding, type PhaseParams } from "../../lab/studies/phaseDiagram.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure, Rule } from "./figure.ts";
import { axisNumber, niceTicks } from "./scale.ts";

export interface PhasesInput {
  readonly params: PhaseParams;
  readonly findings: Findings<PhaseFinding>;
  /** Number of the picked point. */
  readonly picked: number;
  readonly arrangement: Arrangement;
}

export interface Phase {
  readonly tail: number;
  readonly ratio: number;
  /** NaN where it is not known yet. */
  readonly accuracy: number;
}

/** All points, a row of tail indices for each ratio; a point's number is its place. */
export function phasesOf({ params, findings }: Pick<PhasesInput, "params" | "findings">): Phase[] {
  return ratiosOf(params).flatMap((ratio) => {
    const row = findings.get(phaseKey(params, ratio));
    return tailsOf(params).map((tail, at) => ({ tail, ratio, accuracy: row?.accuracy[at] ?? NaN }));
  });
}

export function phases(input: PhasesInput): Figure {
  const { params, picked, arrangement } = input;
  const all = phasesOf(input);
  const isNarrow = arrangement === "column";
  const margin = (low: number, high: number, count: number): number => (high - low) / (count - 1) / 1.6;
  const x = margin(params.lowTail, params.highTail, params.tailCount);
  const y = margin(params.lowRatio, params.highRatio, params.ratioCount);
  const axis = (title: string, low: number, high: number) => ({ title, low, high, ticks: niceTicks(low, high, 6) });
  const rules: Rule[] = [
    { axis: "x", at: 1, title: "r = 1" },
    { axis: "y", at: 1, title: "β = α" },
  ];
  const chance = 1 / params.classCount;
  const densest = Math.max(params.tailCount, params.ratioCount);
  return {
    name: "phase-diagram",
    title: "Phases of local elasticity",
    caption: `Accuracy of the nearest class mean at time ${params.steps}, ${params.runs} runs a point, ${params.classCount} classes (chance ${axisNumber(chance)}), ${params.model}-model. Left of r = 1 and below β = α the effects outgrow the noise in the end.`,
    arrangement,
    panels: [
      {
        title: "",
        // Room for the rules' titles beyond the last squares.
        x: axis("Tail index r of α − β", params.lowTail - x, params.highTail + 2.4 * x),
        y: axis("Ratio β/α", params.lowRatio - y, params.highRatio + 2 * y),
        rules,
      },
    ],
    traces: [
      {
        type: "points",
        panel: 0,
        title: "",
        x: all.map(({ tail }) => tail),
        y: all.map(({ ratio }) => ratio),
        ids: all.map((_, at) => at),
        colour: {
          values: all.map(({ accuracy }) => accuracy),
          missing: "not computed yet",
          scale: { kind: "sequential", low: 0, high: 1 },
          title: "Accuracy",
        },
        marker: "square",
        radius: Math.min(14, (isNarrow ? 130 : 210) / densest),
        picked,
        hover: all.map(
          ({ tail, ratio, accuracy }) =>
            `r = ${axisNumber(tail)}, β/α = ${axisNumber(ratio)}: ${Number.isNaN(accuracy) ? "not computed yet" : axisNumber(accuracy)}`,
        ),
      },
    ],
    data: () => ({
      columns: ["tail_index", "ratio", "accuracy"],
      rows: all.map(({ tail, ratio, accuracy }) => [tail, ratio, Number.isNaN(accuracy) ? "" : accuracy]),
      dictionary: {
        tail_index: "r of alpha(t) = alpha(1) t^-r and of beta",
        ratio: "beta / alpha",
        accuracy:
          "mean over runs of the nearest class mean on the second half of the samples. Blank: not computed yet.",
      },
    }),
  };
}
