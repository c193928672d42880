// A path: a closed outline as a flat list x0, y0, x1, y1, ...; every shape of the drawings becomes one.
export type Path = readonly number[];
export type Point = readonly [x: number, y: number];

/** x' = a x + c y + e, y' = b x + d y + f. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** First `inner`, then `outer`. */
export const compose = (outer: Affine, inner: Affine): Affine => ({
  a: outer.a * inner.a + outer.c * inner.b,
  b: outer.b * inner.a + outer.d * inner.b,
  c: outer.a * inner.c + outer.c * inner.d,
  d: outer.b * inner.c + outer.d * inner.d,
  e: outer.a * inner.e + outer.c * inner.f + outer.e,
  f: outer.b * inner.e + outer.d * inner.f + outer.f,
});

export const translation = (x: number, y: number): Affine => ({ a: 1, b: 0, c: 0, d: 1, e: x, f: y });
export const scaling = (x: number, y = x): Affine => ({ a: x, b: 0, c: 0, d: y, e: 0, f: 0 });
export const shearing = (x: number): Affine => ({ a: 1, b: 0, c: x, d: 1, e: 0, f: 0 });

export function rotation(angle: number): Affine {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
}

export const polygon = (...points: readonly Point[]): Path => points.flat();

const ELLIPSE_SIDES = 28;

export function ellipse(x: number, y: number, radiusX: number, radiusY = radiusX, angle = 0): Path {
  const path: number[] = [];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let side = 0; side < ELLIPSE_SIDES; side++) {
    const turn = (2 * Math.PI * side) / ELLIPSE_SIDES;
    const u = radiusX * Math.cos(turn);
    const v = radiusY * Math.sin(turn);
    path.push(x + cos * u - sin * v, y + sin * u + cos * v);
  }
  return path;
}

export const box = (left: number, top: number, right: number, bottom: number): Path => [
  left,
  top,
  right,
  top,
  right,
  bottom,
  left,
  bottom,
];

/** The point at `t` in [0, 1] between `p1` and `p2` of the Catmull-Rom spline through four values. */
const spline = (p0: number, p1: number, p2: number, p3: number, t: number): number =>
  p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));

const SPLINE_STEPS = 5;

/** A smooth closed outline through the points. */
export function blob(...points: readonly Point[]): Path {
  const path: number[] = [];
  const count = points.length;
  for (let at = 0; at < count; at++) {
    const [p0, p1, p2, p3] = [-1, 0, 1, 2].map((step) => points[(at + step + count) % count]!) as [
      Point,
      Point,
      Point,
      Point,
    ];
    for (let step = 0; step < SPLINE_STEPS; step++) {
      const t = step / SPLINE_STEPS;
      path.push(spline(p0[0], p1[0], p2[0], p3[0], t), spline(p0[1], p1[1], p2[1], p3[1], t));
    }
  }
  return path;
}

/** Points of a smooth open line through the given ones. */
export function curve(...points: readonly Point[]): Point[] {
  const line: Point[] = [];
  const last = points.length - 1;
  for (let at = 0; at < last; at++) {
    const p0 = points[Math.max(at - 1, 0)]!;
    const p1 = points[at]!;
    const p2 = points[at + 1]!;
    const p3 = points[Math.min(at + 2, last)]!;
    for (let step = 0; step < SPLINE_STEPS; step++) {
      const t = step / SPLINE_STEPS;
      line.push([spline(p0[0], p1[0], p2[0], p3[0], t), spline(p0[1], p1[1], p2[1], p3[1], t)]);
    }
  }
  line.push(points[last]!);
  return line;
}

const CAP_SIDES = 7;

function addCap(path: number[], [x, y]: Point, radius: number, from: number): void {
  for (let side = 0; side <= CAP_SIDES; side++) {
    const turn = from + (Math.PI * side) / CAP_SIDES;
    path.push(x + radius * Math.cos(turn), y + radius * Math.sin(turn));
  }
}

/** A thick line with round ends whose radius goes evenly from `from` to `to`: legs, tails, stripes, masts. */
export function limb(line: readonly Point[], from: number, to = from): Path {
  const last = line.length - 1;
  const direction = (at: number): number => {
    const [x0, y0] = line[Math.max(at - 1, 0)]!;
    const [x1, y1] = line[Math.min(at + 1, last)]!;
    return Math.atan2(y1 - y0, x1 - x0);
  };
  const radius = (at: number): number => from + ((to - from) * at) / last;
  const path: number[] = [];
  addCap(path, line[0]!, from, direction(0) + Math.PI / 2);
  const side = (at: number, quarter: number): void => {
    const turn = direction(at) + quarter;
    path.push(line[at]![0] + radius(at) * Math.cos(turn), line[at]![1] + radius(at) * Math.sin(turn));
  };
  for (let at = 1; at < last; at++) side(at, -Math.PI / 2);
  addCap(path, line[last]!, to, direction(last) - Math.PI / 2);
  for (let at = last - 1; at > 0; at--) side(at, Math.PI / 2);
  return path;
}
