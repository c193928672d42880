// What a run of the neurashed-style model is found to be, moment by moment, and what follows from it.
import { mean } from "../../../math/stats.ts";
import { relation, relations, type Relation } from "../../relation.ts";
import type { Findings } from "../../study.ts";
import { classesOf, momentsOf, neurashedKey, seedsOf, type NeurashedParams } from "./setting.ts";

/** One seed at one batch size; lists go over the moments. */
export interface NeurashedFinding {
  /** Steps done. [moment] */
  readonly steps: Int32Array;
  /** Amplifying factors, in the order of the graph's nodes. [moment, node] */
  readonly factors: Float32Array;
  /**
   * Mean relative similarity of the probes of a class to the anchors of another, after one step on each anchor alone; NaN where no
   * anchor is measurable. [moment, anchor class, probe class]
   */
  readonly pairs: Float64Array;
  /** Participation ratio of the factors. [moment] */
  readonly participation: Float64Array;
  /** The same of the weights of all paths from simple features to classes. [moment] */
  readonly paths: Float64Array;
  /** I(X; T) and I(Y; T) of each level's scores T over the probes X of classes Y, in bits. [moment, level] */
  readonly inputInformation: Float64Array;
  readonly labelInformation: Float64Array;
  /** Share of the probes that are classified rightly. [moment] */
  readonly accuracy: Float64Array;
}

export interface Run {
  readonly seed: number;
  readonly finding: NeurashedFinding;
}

/** What was found of one batch size, seed by seed. */
export const runsOf = (chosen: NeurashedParams, findings: Findings<NeurashedFinding>, batchSize: number): Run[] =>
  seedsOf(chosen).flatMap((seed) => {
    const finding = findings.get(neurashedKey(chosen, batchSize, seed));
    return finding ? [{ seed, finding }] : [];
  });

/** Mean relative similarity by relation at each moment; NaN where there is no such pair of classes. [moment] */
export function relationCurve(chosen: NeurashedParams, { pairs }: NeurashedFinding, name: Relation): number[] {
  const classes = classesOf(chosen);
  const K = classes.length;
  return momentsOf(chosen).map((_, moment) =>
    mean(
      classes.map((anchor, row) =>
        mean(
          classes.flatMap((probe, column) =>
            relation(anchor, probe) === name ? [pairs[(moment * K + row) * K + column]!] : [],
          ),
        ),
      ),
    ),
  );
}

/** The mean of a curve over the first or the last tenth of the run. */
export function tenth(chosen: NeurashedParams, curve: readonly number[], which: "first" | "last"): number {
  const limit = chosen.steps / 10;
  const moments = momentsOf(chosen);
  return mean(
    curve.filter((_, at) => (which === "first" ? moments[at]! <= limit : moments[at]! >= chosen.steps - limit)),
  );
}

/** Same less unrelated, over the first and over the last tenth of the run. */
export function gapsOf(chosen: NeurashedParams, finding: NeurashedFinding): { first: number; last: number } {
  const [same, , unrelated] = relations.map((name) => relationCurve(chosen, finding, name));
  const gap = (which: "first" | "last"): number => tenth(chosen, same!, which) - tenth(chosen, unrelated!, which);
  return { first: gap("first"), last: gap("last") };
}
