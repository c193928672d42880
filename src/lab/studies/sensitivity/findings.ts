// What a sensitivity study finds, and the numbers that are read from it: M_beta, the supremum of means, class-to-class means.
import { mean } from "../../../math/stats.ts";

/** One method from one seed. */
export interface SensitivityFinding {
  readonly kind: "sensitivity";
  /** l(A_S^-i, z) - l(A_S, z), predicted where the method is a network, else exact. [train, test] */
  readonly changes: Float32Array;
  /** Group (class or cluster) of the examples. [train] and [test] */
  readonly trainGroups: Uint8Array;
  readonly testGroups: Uint8Array;
  readonly accuracy: number;
  /** Mean loss over the test examples. */
  readonly loss: number;
  readonly trainLoss: number;
  /** How near to its minimum the network is, and how well its systems were solved. */
  readonly training?: {
    readonly steps: number;
    readonly gradientNorm: number;
    readonly residual: number;
    readonly products: number;
  };
}

/** One training without one example, or, for comparison, without none. */
export interface RetrainingFinding {
  readonly kind: "retraining";
  /** Row of the example among the training ones; -1 where none is left out. */
  readonly row: number;
  readonly why: "largest" | "random" | "none";
  /** l(w^-i, z) - l(w, z) as predicted, and as it came out. [test] */
  readonly predicted: Float32Array;
  readonly measured: Float32Array;
  readonly steps: number;
  readonly gradientNorm: number;
}

export type Finding = SensitivityFinding | RetrainingFinding;

export interface Sensitivity {
  /** beta(i, z) = m |l(A_S^-i, z) - l(A_S, z)|. [train, test] */
  readonly beta: Float64Array;
  /** Mean over z, by i. [train] */
  readonly means: Float64Array;
  /** The largest of all beta. */
  readonly worst: number;
  /** The largest of the means. */
  readonly elastic: number;
  /** Worst over elastic: what the locally elastic bound gains. */
  readonly ratio: number;
}

export function sensitivityOf({ changes, trainGroups, testGroups }: SensitivityFinding): Sensitivity {
  const [m, z] = [trainGroups.length, testGroups.length];
  const beta = Float64Array.from(changes, (change) => m * Math.abs(change));
  const means = Float64Array.from({ length: m }, (_, i) => mean(beta.subarray(i * z, (i + 1) * z)));
  const worst = beta.reduce((most, value) => Math.max(most, value), 0);
  const elastic = means.reduce((most, value) => Math.max(most, value), 0);
  return { beta, means, worst, elastic, ratio: worst / elastic };
}

/** C(a, b): mean of beta over the training examples of a and the test examples of b; NaN where there are none. [a][b] */
export function classMeans(finding: SensitivityFinding, groupCount: number): number[][] {
  const { beta } = sensitivityOf(finding);
  const { trainGroups, testGroups } = finding;
  const z = testGroups.length;
  const sums = Array.from({ length: groupCount }, () => Array.from({ length: groupCount }, () => ({ sum: 0, n: 0 })));
  trainGroups.forEach((a, i) =>
    testGroups.forEach((b, at) => {
      const cell = sums[a]![b]!;
      cell.sum += beta[i * z + at]!;
      cell.n += 1;
    }),
  );
  return sums.map((row) => row.map(({ sum, n }) => (n === 0 ? NaN : sum / n)));
}
