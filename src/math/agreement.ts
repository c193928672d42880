// How well two clusters agree with two classes, whichever cluster is called which.

export interface Agreement {
  /** Share of the rows on the right side under the better naming, 0.5 to 1: 0.5 + |correct / n - 0.5|. */
  readonly accuracy: number;
  /** Whether the better naming calls cluster 0 class 1; false where both are as good. */
  readonly swapped: boolean;
  /** `confusion[truth][named]`: rows of a class that the better naming calls so. */
  readonly confusion: readonly [readonly [number, number], readonly [number, number]];
  /** Rows on the wrong side, in rising order. */
  readonly wrong: readonly number[];
}

/**
 * Clustering accuracy as of He and Su (2020), the best of both namings, and what it consists of.
 * @param labels 0 or 1 for every row, the cluster @param truth 0 or 1 for every row, the class
 * @throws RangeError where there are no rows, not as many of both, or a number is neither 0 nor 1
 */
export function agreement(labels: ArrayLike<number>, truth: ArrayLike<number>): Agreement {
  const n = labels.length;
  if (n === 0 || truth.length !== n)
    throw new RangeError(`${n} labels cannot be compared with ${truth.length} classes.`);
  const pairs: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < n; i++) pairs[binary(truth[i]!, "class", i)]![binary(labels[i]!, "cluster", i)]! += 1;
  const correct = pairs[0][0] + pairs[1][1];
  const swapped = 2 * correct < n;
  const [[a, b], [c, d]] = pairs;
  return {
    accuracy: Math.max(correct, n - correct) / n,
    swapped,
    confusion: swapped
      ? [
          [b, a],
          [d, c],
        ]
      : pairs,
    wrong: Array.from({ length: n }, (_, i) => i).filter((i) => (labels[i] === truth[i]) === swapped),
  };
}

function binary(value: number, what: string, row: number): 0 | 1 {
  if (value !== 0 && value !== 1) throw new RangeError(`The ${what} of row ${row} is ${value}, neither 0 nor 1.`);
  return value;
}
