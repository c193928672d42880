// A sweep of the step size as tidy tables.
import type { StudyTable } from "../../study.ts";
import { ways } from "./findings.ts";
import type { RuleRow, Sweep } from "./sweep.ts";

const blank = (value: number | undefined): number | string => (value === undefined || Number.isNaN(value) ? "" : value);

export function sweepTable({ subject, steps, truths, ratios }: Sweep): StudyTable {
  return {
    name: "step-size",
    title: `Ratio of changes against step size, anchor ${subject.images[0]!.title}`,
    columns: ["eta", "way", "probe", "own_change", "probe_change", "ratio", "first_order", "relative_error"],
    rows: steps.flatMap(({ eta, changes }, at) =>
      ways.flatMap((way) =>
        truths.map((truth, probe) => {
          const ratio = ratios[way][probe]![at]!;
          const title = subject.images[probe + 1]!.title;
          const error = Math.abs(ratio / truth - 1);
          return [eta, way, title, changes[way][0]!, changes[way][probe + 1]!, blank(ratio), truth, blank(error)];
        }),
      ),
    ),
    dictionary: {
      eta: "step size",
      way: "single, double: weights moved, two passes, subtracted, in that precision; exact: the lab's own change, in single precision",
      probe: "image that is watched",
      own_change: "change of the score of the anchor's class at the anchor",
      probe_change: "change of the same score at the probe",
      ratio:
        "size of the probe's change over that of the own; blank where the own change is 0 or within its rounding error",
      first_order: "what the ratio goes to as eta goes to 0, from gradients in double precision",
      relative_error: "|ratio / first_order - 1|",
    },
  };
}

export function plateauTable({ plateaus, steps }: Sweep): StudyTable {
  return {
    name: "step-size-plateaus",
    title: "Step sizes at which all ratios are within 1 % of first order",
    columns: ["way", "from", "to", "points", "all_points"],
    rows: ways.map((way) => {
      const found = plateaus[way];
      return [way, blank(found?.from), blank(found?.to), found?.count ?? 0, steps.length];
    }),
    dictionary: {
      way: "as in step-size",
      from: "smallest step size of the longest stretch; blank where there is none",
      to: "largest step size of it",
      points: "step sizes in it",
      all_points: "step sizes in all",
    },
  };
}

export const ruleTable = (rows: readonly RuleRow[]): StudyTable => ({
  name: "step-size-rule",
  title: "The authors' rule: eta = 1e-6, times three until the anchor moves",
  columns: [
    "anchor",
    "image",
    "doubt",
    "eta",
    "tries",
    "own_change",
    "own_ulps",
    "probe",
    "probe_ulps",
    "ratio",
    "exact",
    "first_order",
  ],
  rows: rows.map((row) => [
    row.anchor,
    row.title,
    row.doubt,
    blank(row.eta),
    row.tries,
    row.ownChange,
    row.ulps,
    row.probe,
    row.probeUlps,
    blank(row.ratio),
    blank(row.exact),
    row.firstOrder,
  ]),
  dictionary: {
    anchor: "picked, or the most confident training image of its class",
    image: "which image that is",
    doubt: "what softmax leaves to the other classes at the anchor, 1 - p: the slope of its loss",
    eta: "step size at which the rule stopped; blank where the anchor never moved (not update)",
    tries: "step sizes tried",
    own_change: "change of the anchor's score in single precision",
    own_ulps: "the same in units in the last place of the score",
    probe: "image that is watched",
    probe_ulps: "change of the probe's score in units in the last place of that score",
    ratio: "what the rule takes for the ratio: single precision, subtracted",
    exact: "ratio of the exact changes at the same step size; blank where the own one is within its rounding error",
    first_order: "what the ratio goes to as eta goes to 0, from gradients in double precision",
  },
});
