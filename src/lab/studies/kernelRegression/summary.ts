// What the seeds of kernel regression beside a network have in common, and its tables.
import { interval, mean, type Interval } from "../../../math/stats.ts";
import { relation, relations, type Relation } from "../../relation.ts";
import type { Findings, StudyTable } from "../../study.ts";
import { machines, type Machine, type RegressionFinding } from "./measure.ts";
import { classesOf, epochsOf, regressionKey, seedsOf, type RegressionParams } from "./setting.ts";

export interface Known {
  readonly params: RegressionParams;
  readonly findings: Findings<RegressionFinding>;
}

/** Over seeds, of a number that each finding has; a seed that is not there yet does not count. */
export const overSeeds = (
  { params, findings }: Known,
  epoch: number,
  of: (finding: RegressionFinding) => number,
): Interval =>
  interval(
    seedsOf(params).map((seed) => {
      const found = findings.get(regressionKey(params, seed, epoch));
      return found ? of(found) : NaN;
    }),
  );

/** Mean over the classes learned of the mean over the classes watched that are so related to it; NaN where none is. */
export function relatedMean(
  params: RegressionParams,
  { response }: RegressionFinding,
  { machine, name }: { readonly machine: Machine; readonly name: Relation },
): number {
  const classes = classesOf(params);
  return mean(
    classes.map((learned, row) =>
      mean(
        classes.flatMap((watched, column) =>
          relation(learned, watched) === name ? [response[machine][row * classes.length + column]!] : [],
        ),
      ),
    ),
  );
}

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);
const numbersOf = ({ mean: middle, low, high, count }: Interval) => [blank(middle), blank(low), blank(high), count];

export function accuracyTable(known: Known): StudyTable {
  return {
    name: "kernel-regression",
    title: "Kernel regression beside the network, over seeds",
    columns: ["epoch", "machine", "quantity", "mean", "low", "high", "n"],
    rows: epochsOf(known.params).flatMap((epoch) => {
      const rows = machines.flatMap((machine) => [
        [epoch, machine, "accuracy", ...numbersOf(overSeeds(known, epoch, ({ accuracy }) => accuracy[machine]))],
        [epoch, machine, "fit", ...numbersOf(overSeeds(known, epoch, ({ fit }) => fit[machine]))],
        ...relations.map((name) => [
          epoch,
          machine,
          name,
          ...numbersOf(overSeeds(known, epoch, (found) => relatedMean(known.params, found, { machine, name }))),
        ]),
      ]);
      return [...rows, [epoch, "now", "moved", ...numbersOf(overSeeds(known, epoch, ({ moved }) => moved))]].filter(
        (row) => row.at(-1) !== 0,
      );
    }),
    dictionary: {
      epoch: "epochs of training done; 0 is before training",
      machine:
        "network; now: kernel ridge regression with its tangent kernel now, summed over outputs; frozen: with that before training",
      quantity:
        "accuracy: share of held-out images classified rightly; fit: of training images; same, sibling, unrelated: mean relative similarity to held-out images so related to the image learned, of a kernel |K(a,p)| / K(a,a); moved: 1 - cosine of the training images' kernel and that before training",
      mean: "mean over seeds",
      low: "lower bound of its 95 % Student-t interval over seeds; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of seeds",
    },
  };
}

export function responseTable({ params, findings }: Known): StudyTable {
  const classes = classesOf(params);
  return {
    name: "kernel-regression-classes",
    title: "Relative similarity class by class, each network",
    columns: ["seed", "epoch", "machine", "learned", "watched", "similarity"],
    rows: seedsOf(params).flatMap((seed) =>
      epochsOf(params).flatMap((epoch) => {
        const found = findings.get(regressionKey(params, seed, epoch));
        if (!found) return [];
        return machines.flatMap((machine) =>
          classes.flatMap((learned, row) =>
            classes.map((watched, column) => [
              seed,
              epoch,
              machine,
              learned.id,
              watched.id,
              blank(found.response[machine][row * classes.length + column]!),
            ]),
          ),
        );
      }),
    ),
    dictionary: {
      seed: "of the weights and the order of training",
      epoch: "epochs of training done",
      machine: "as in kernel-regression",
      learned: "class of the anchors",
      watched: "class of the held-out images",
      similarity: "mean over anchors and images; blank: not measurable",
    },
  };
}
