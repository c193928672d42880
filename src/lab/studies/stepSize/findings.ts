// What a sweep of the step size finds at an anchor: the trained network's view of it, and what steps change.
import type { Try } from "../../../math/untilMoved.ts";

/** Single and double: weights moved, two passes, subtracted. Exact: the lab's own change, in single precision. */
export const ways = ["single", "double", "exact"] as const;
export type Way = (typeof ways)[number];

export interface SeenImage {
  readonly classIndex: number;
  /** Class, number and split, for instance "tiger 3, held out". */
  readonly title: string;
  /** [rows, columns, channels] */
  readonly shape: readonly [number, number, number];
  /** [row, column, channel]; empty in a file. */
  readonly pixels: Uint8Array;
}

/** An anchor with the probes at the trained weights; images are the anchor and then the probes. */
export interface SubjectFinding {
  readonly kind: "subject";
  readonly images: readonly SeenImage[];
  /** Score of the anchor's class, in double precision. [image] */
  readonly scores: Float64Array;
  /** Slope dL/df of the loss by that score: p - 1, with p the softmax of the anchor at its own class. */
  readonly slope: number;
  /** Change of the score for each unit of eta as eta goes to 0, in double precision. [image] */
  readonly firstOrder: Float64Array;
  /** The same by the lab's own response, in single precision. [image] */
  readonly engineFirstOrder: Float64Array;
  /** Mean loss over the last epoch; NaN without training. */
  readonly trainingLoss: number;
}

/** What one step size changes. */
export interface StepFinding {
  readonly kind: "step";
  readonly eta: number;
  /** Change of the score of the anchor's class. [image] */
  readonly changes: Readonly<Record<Way, Float64Array>>;
  /** Bound on the rounding error of the exact change at the anchor. */
  readonly rounding: number;
}

/** The authors' rule at an anchor. */
export interface RuleFinding {
  readonly kind: "rule";
  readonly tries: readonly Try[];
  /** What the step size changes at which the rule stopped; null where the anchor never moved. */
  readonly stopped: StepFinding | null;
}

export type StepSizeFinding = SubjectFinding | StepFinding | RuleFinding;
