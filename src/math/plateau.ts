// The plateau of a curve: the longest stretch on which it stays close to one value.

export interface Plateau {
  /** Where it begins and ends, both within. */
  readonly from: number;
  readonly to: number;
  /** Points in it. */
  readonly count: number;
}

/**
 * The longest stretch of neighbouring points at which every curve is within `tolerance` of its own reference, relative to it;
 * the first one of several equally long ones, undefined where there is none. What is not a number is not close to anything.
 * @param curves [curve][point]
 * @param references [curve]
 */
export function plateau(
  x: ArrayLike<number>,
  curves: readonly ArrayLike<number>[],
  references: ArrayLike<number>,
  tolerance: number,
): Plateau | undefined {
  const isClose = (at: number): boolean =>
    curves.every((curve, which) => Math.abs(curve[at]! / references[which]! - 1) <= tolerance);
  let best: Plateau | undefined;
  let start = 0;
  for (let at = 0; at < x.length; at++) {
    if (!isClose(at)) start = at + 1;
    else if (at + 1 - start > (best?.count ?? 0)) best = { from: x[start]!, to: x[at]!, count: at + 1 - start };
  }
  return best;
}
