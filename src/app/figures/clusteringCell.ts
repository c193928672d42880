// What figures of one clustering share: its pair, its name, its two sides, and who lies on the wrong one.
import type { ClusteringFinding } from "../../lab/studies/clustering.ts";
import { classColour } from "./palette.ts";

/** One clustering: a pair of classes by one method from one seed. */
export interface ClusteredCell {
  readonly finding: ClusteringFinding;
  /** Titles of both classes; label 0 is the first. */
  readonly pair: readonly [string, string];
  /** "5 v 9, relative similarity, seed 1" */
  readonly name: string;
  /** A ratio, 1 where an image meets itself; a kernel of a network; or inner products of what K-means saw. */
  readonly similarity: "relative" | "kernel" | "inputs";
}

/** Far apart for every reader, in light and in dark. */
const colours = [classColour(5), classColour(0)] as const;

export const sideOf = ({ pair }: Pick<ClusteredCell, "pair">, side: number): { title: string; colour: string } => ({
  title: pair[side]!,
  colour: colours[side]!,
});

/** Places of the images whose cluster is that of the other class. */
export const wrongIn = ({ truth, labels }: Pick<ClusteringFinding, "truth" | "labels">): number[] =>
  Array.from(truth.keys()).filter((at) => truth[at] !== labels[at]);

/** [true class][cluster]: how many images. */
export function confusionOf({ truth, labels }: Pick<ClusteringFinding, "truth" | "labels">): number[][] {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  truth.forEach((side, at) => (counts[side]![labels[at]!]! += 1));
  return counts;
}
