// Points of space as they are seen from a direction: the parallel projection of a view that can be orbited.

/** Where the viewer is, in radians; z is up in space. */
export interface View {
  /** 0 looks along +y with x to the right; rising, the viewer goes counterclockwise around z, seen from above. */
  readonly azimuth: number;
  /** 0 is level with the origin, pi / 2 above it: there x is to the right and y up. */
  readonly elevation: number;
}

/** What is seen, in the unit of the coordinates: a length that is parallel to the screen stays as long as it is. */
export interface Seen {
  /** To the right. [point] */
  readonly x: Float64Array;
  /** Up. [point] */
  readonly y: Float64Array;
  /** Towards the viewer: the larger is in front. [point] */
  readonly depth: Float64Array;
}

/**
 * Turns space about the origin into (x, y, depth), which is right-handed too, so that no distance or angle changes.
 * @param coordinates [point, 3], row-major @throws RangeError when they are no triples
 */
export function orbit(coordinates: ArrayLike<number>, { azimuth, elevation }: View): Seen {
  if (coordinates.length % 3 !== 0) throw new RangeError(`orbit: ${coordinates.length} coordinates are no triples`);
  const count = coordinates.length / 3;
  const seen = { x: new Float64Array(count), y: new Float64Array(count), depth: new Float64Array(count) };
  const [sinA, cosA] = [Math.sin(azimuth), Math.cos(azimuth)];
  const [sinE, cosE] = [Math.sin(elevation), Math.cos(elevation)];
  for (let point = 0; point < count; point++) {
    const x = coordinates[3 * point]!;
    const y = coordinates[3 * point + 1]!;
    const z = coordinates[3 * point + 2]!;
    const away = cosA * y - sinA * x;
    seen.x[point] = cosA * x + sinA * y;
    seen.y[point] = sinE * away + cosE * z;
    seen.depth[point] = sinE * z - cosE * away;
  }
  return seen;
}
