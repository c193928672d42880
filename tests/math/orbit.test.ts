// The orbited view: a rotation, with the viewer where azimuth and elevation say.
import { describe, expect, it } from "vitest";
import { orbit, type View } from "../../src/math/orbit.ts";
import { fc, forAll } from "../helpers/property.ts";

const angle = fc.double({ min: -7, max: 7, noNaN: true });
const views = fc.record({ azimuth: angle, elevation: angle });
const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const clouds = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 8 });

type Point = readonly [number, number, number];

/** The points as seen: x, y and depth of each. */
function seen(points: readonly Point[], view: View): Point[] {
  const { x, y, depth } = orbit(points.flat(), view);
  return points.map((_, at) => [x[at]!, y[at]!, depth[at]!]);
}

const turned = ([a, b]: readonly [number, number], by: number): [number, number] => [
  Math.cos(by) * a - Math.sin(by) * b,
  Math.sin(by) * a + Math.cos(by) * b,
];

function expectClose(actual: readonly Point[], expected: readonly Point[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((point, at) =>
    point.forEach((value, axis) => expect(Math.abs(value - expected[at]![axis]!)).toBeLessThan(1e-11)),
  );
}

const axes: readonly Point[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

describe("orbit", () => {
  it.each([
    // x to the right, z up, and what has a larger y is further away.
    [
      "level at azimuth 0",
      0,
      0,
      [
        [1, 0, 0],
        [0, 0, -1],
        [0, 1, 0],
      ],
    ],
    // The viewer went to the end of the x axis.
    [
      "level at azimuth pi / 2",
      Math.PI / 2,
      0,
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    // The plane as it is drawn on paper.
    [
      "from above",
      0,
      Math.PI / 2,
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      "from below",
      0,
      -Math.PI / 2,
      [
        [1, 0, 0],
        [0, -1, 0],
        [0, 0, -1],
      ],
    ],
  ] as const)("sees the axes %s", (_, azimuth, elevation, expected) => {
    expectClose(seen(axes, { azimuth, elevation }), expected);
  });

  it("changes no distance, between points and from the origin", () => {
    forAll(fc.tuple(clouds, views), ([points, view]) => {
      const all: readonly Point[] = [...points, [0, 0, 0]];
      const moved = seen(all, view);
      const apart = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      all.forEach((a, i) =>
        all.forEach((b, j) => expect(Math.abs(apart(moved[i]!, moved[j]!) - apart(a, b))).toBeLessThan(1e-11)),
      );
    });
  });

  it("mirrors nothing", () => {
    forAll(views, (view) => {
      const [[a, b, c], [d, e, f], [g, h, i]] = seen(axes, view) as [Point, Point, Point];
      expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1, 12);
    });
  });

  it("keeps what points up in space upright on the screen", () => {
    forAll(views, (view) => {
      const [[x, y]] = seen([[0, 0, 1]], view) as [Point];
      expect(x).toBeCloseTo(0, 12);
      expect(y).toBeCloseTo(Math.cos(view.elevation), 12);
    });
  });

  it("adds azimuths: to go around is to turn the points the other way around z", () => {
    forAll(fc.tuple(clouds, views, angle), ([points, view, more]) => {
      const back = points.map(([x, y, z]): Point => [...turned([x, y], -more), z]);
      expectClose(seen(points, { ...view, azimuth: view.azimuth + more }), seen(back, view));
    });
  });

  it("adds elevations: to rise is to tilt what is seen about the screen's x, the top towards the viewer", () => {
    forAll(fc.tuple(clouds, views, angle), ([points, view, more]) => {
      const tilted = seen(points, view).map(([x, y, depth]): Point => [x, ...turned([y, depth], more)]);
      expectClose(seen(points, { ...view, elevation: view.elevation + more }), tilted);
    });
  });

  it("takes no points and only triples", () => {
    expect(orbit([], { azimuth: 1, elevation: 1 }).x).toHaveLength(0);
    expect(() => orbit([1, 2, 3, 4], { azimuth: 0, elevation: 0 })).toThrow(RangeError);
  });
});
