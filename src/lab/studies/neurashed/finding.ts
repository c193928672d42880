// What a run of the neurashed-style model is found to be, moment by moment.

/** One seed at one batch size; lists go over the moments. */
export interface NeurashedFinding {
  /** Steps done. [moment] */
  readonly steps: Int32Array;
  /** Amplifying factors, in the order of the graph's nodes. [moment, node] */
  readonly factors: Float64Array;
  /** Mean relative similarity of held-out examples to an anchor of each class. [moment, anchor class, probe class] */
  readonly pairs: Float64Array;
  /** Participation ratio of the factors, (sum)^2 / sum of squares. [moment] */
  readonly participation: Float64Array;
  /** I(X; T) and I(Y; T) of each level's score, in bits. [moment, level] */
  readonly inputInformation: Float64Array;
  readonly labelInformation: Float64Array;
  /** Share of the held-out examples that are classified rightly. [moment] */
  readonly accuracy: Float64Array;
}
