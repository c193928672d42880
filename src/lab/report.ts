// A run in few numbers: for a file, and as the table that the command line prints.
import { deviation, mean } from "../math/stats.ts";
import type { AboutData } from "./about.ts";
import type { ExperimentSpec } from "./spec.ts";
import { chanceOfOrder, classMatrix } from "./summary.ts";
import type { Block, Table, TrainingRow } from "./table.ts";

export interface Facts {
  readonly measure: string;
  readonly backend: string;
  readonly dataHash: string;
  readonly parameterCount: number;
  readonly data: AboutData;
}

export interface MomentSummary extends TrainingRow {
  /** [anchor class][probe class]: mean over anchors of the mean over probes, with its 95 % Student-t interval. */
  readonly classMatrix: ReturnType<typeof classMatrix>;
  /** [anchor class][other class]: the chance that a probe of the anchor's class moves more than one of the other class. */
  readonly chanceOfOrder: number[][];
  readonly notMeasurable: number;
}

export interface Summary extends Facts {
  readonly spec: ExperimentSpec;
  readonly classes: readonly string[];
  readonly moments: readonly MomentSummary[];
}

export function summarise(spec: ExperimentSpec, table: Table, facts: Facts): Summary {
  const { measure, backend, dataHash, parameterCount, data } = facts;
  const classes = spec.dataset.classes;
  const moments = table.scheduled.map((block): MomentSummary => {
    const row = table.training.find(({ tick }) => tick === block.tick)!;
    const order = classes.map((_, own) =>
      classes.map((_other, far) => chanceOfOrder(block, measure, { anchorClass: own, near: own, far })),
    );
    return {
      ...row,
      classMatrix: classMatrix(block, measure, classes.length),
      chanceOfOrder: order,
      notMeasurable: gaps(block, measure),
    };
  });
  return { measure, backend, dataHash, parameterCount, data, spec, classes, moments };
}

/** Anchors whose row is not measurable. */
function gaps(block: Block, measure: string): number {
  return block.measures[measure]!.denominator.filter(Number.isNaN).length;
}

/** The table of the first class's anchors at each measured epoch, mean over the runs (one a seed). */
export function report(runs: readonly Summary[]): string {
  const [first] = runs;
  if (!first) return "";
  const { classes, spec, measure, backend } = first;
  const others = classes.slice(1);
  const own = classes[0]!;
  const seeds = runs.map((run) => run.spec.seed).join(", ");
  const lines = [
    `${spec.model.id} on ${spec.dataset.id}, ${measure}, anchors: ${own}, backend ${backend}, seed ${seeds}${runs.length > 1 ? " (mean ± s.d. over seeds)" : ""}`,
    "",
    ["epoch", "accuracy", ...classes.map((id) => `${own}→${id}`)].map(cell).join(""),
  ];
  const over = (at: number, of: (moment: MomentSummary) => number): string =>
    spread(runs.map((run) => of(run.moments[at]!)));
  first.moments.forEach((moment, at) => {
    const row = [
      String(moment.epoch),
      over(at, (m) => m.testAccuracy),
      ...classes.map((_, to) => over(at, (m) => m.classMatrix[0]![to]!.mean)),
    ];
    lines.push(row.map(cell).join(""));
  });
  lines.push(
    "",
    ["epoch", "", ...others.map((id) => `${own}/${id}`)].map(cell).join("") + "  (ratio of the means above)",
  );
  first.moments.forEach((moment, at) => {
    const ratios = others.map((_, to) => over(at, (m) => m.classMatrix[0]![0]!.mean / m.classMatrix[0]![to + 1]!.mean));
    lines.push([String(moment.epoch), "", ...ratios].map(cell).join(""));
  });
  lines.push(
    "",
    ["epoch", "", ...others.map((id) => `AUC ${id}`)].map(cell).join("") + `  (chance that another ${own} moves more)`,
  );
  first.moments.forEach((moment, at) => {
    lines.push(
      [String(moment.epoch), "", ...others.map((_, to) => over(at, (m) => m.chanceOfOrder[0]![to + 1]!))]
        .map(cell)
        .join(""),
    );
  });
  const gapCount = runs.reduce(
    (sum, run) => sum + run.moments.reduce((all, moment) => all + moment.notMeasurable, 0),
    0,
  );
  lines.push("", `Anchors not measurable, over all moments and seeds: ${gapCount}.`);
  return lines.join("\n");
}

const cell = (text: string): string => text.padEnd(15);

function spread(values: readonly number[]): string {
  const centre = mean(values).toFixed(3);
  return values.length > 1 ? `${centre} ± ${deviation(values).toFixed(3)}` : centre;
}
