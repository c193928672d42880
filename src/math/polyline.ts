// Curves made of straight pieces, with no more corners than they need.

export type Corner = readonly [x: number, y: number];

/** How far a point lies above or below the chord of two others. */
function offset([x, y]: Corner, [x0, y0]: Corner, [x1, y1]: Corner): number {
  return x1 === x0 ? Math.abs(y - y0) : Math.abs(y - y0 - ((y1 - y0) * (x - x0)) / (x1 - x0));
}

/**
 * Ramer (1972), Douglas and Peucker (1973), with distances along y: of a curve of rising x, corners enough that no other one is
 * farther than `tolerance` from the curve through them.
 */
export function simplified(corners: readonly Corner[], tolerance: number): Corner[] {
  if (corners.length < 3) return [...corners];
  const [first, last] = [corners[0]!, corners.at(-1)!];
  const offsets = corners.map((corner) => offset(corner, first, last));
  const farthest = offsets.reduce((best, each, at) => (each > offsets[best]! ? at : best), 0);
  if (offsets[farthest]! <= tolerance) return [first, last];
  const before = simplified(corners.slice(0, farthest + 1), tolerance);
  return [...before.slice(0, -1), ...simplified(corners.slice(farthest), tolerance)];
}

/** The same with a tolerance grown until there are no more than `most` corners, two at least. */
export function simplifiedTo(most: number, corners: readonly Corner[], tolerance: number): Corner[] {
  for (let allowed = tolerance; ; allowed *= 1.25) {
    const fewer = simplified(corners, allowed);
    if (fewer.length <= Math.max(2, most)) return fewer;
  }
}
