// The point sets lie on their curves and surfaces, measure what they say, and hold the authors' own points.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LabError } from "../../src/lab/error.ts";
import { authorsDraws } from "../../src/lab/points/authors.ts";
import { pointSets } from "../../src/lab/points/catalogue.ts";
import type { PointSet, PointSetPlugin } from "../../src/lab/points/pointSet.ts";
import { root } from "../../src/node.ts";
import { fc, forAll } from "../helpers/property.ts";

const plugin = (id: string): PointSetPlugin => pointSets.find((set) => set.id === id)!;

/** The points, one row each; the label is 1 for the primary ones. */
const rows = (set: PointSet): { point: number[]; label: 0 | 1 }[] =>
  Array.from({ length: set.count }, (_, at) => ({
    point: [...set.coordinates.subarray(at * set.dimension, (at + 1) * set.dimension)],
    label: at < set.primaryCount ? 1 : 0,
  }));

const primary = (set: PointSet): number[][] =>
  rows(set)
    .filter(({ label }) => label === 1)
    .map(({ point }) => point);

const auxiliary = (set: PointSet): number[][] =>
  rows(set)
    .slice(set.primaryCount)
    .map(({ point }) => point);

/** Every ordered pair of primary points, a point with itself too. */
const pairs = (set: PointSet): [number, number][] =>
  Array.from({ length: set.primaryCount ** 2 }, (_, at) => [Math.floor(at / set.primaryCount), at % set.primaryCount]);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** What is 0 for a point of that label on the curve or surface of the set. */
const residuals: Readonly<Record<string, (point: readonly number[], label: 0 | 1) => readonly number[]>> = {
  torus([x, y, z], label) {
    const angle = Math.atan2(y!, x!);
    const side = label === 1 ? 1 : -1;
    return [Math.hypot(x!, y!) - 8 - side * Math.sin(4 * angle), z! - side * Math.cos(4 * angle)];
  },
  boxes: ([x, y, z], label) => [
    Math.abs(y!) + 1.2 * Math.abs(x!) - (label === 1 ? 13 : 11),
    Math.max(0, Math.abs(z!) - 1),
  ],
  cycles: (point, label) => [Math.hypot(...point) - (label === 1 ? 10 : 50)],
  spheres: (point, label) => [Math.hypot(...point) - (label === 1 ? 10 : 20)],
  cosines: ([x, y], label) => [
    y! - Math.cos(x!) - (label === 1 ? 0.2 : -0.2),
    Math.max(0, Math.abs(x!) - 0.6 * Math.PI),
  ],
  helix([x, y, z], label) {
    const side = label === 1 ? 1 : -1;
    return [x! - side * Math.cos(1.5 * z!), y! - side * Math.sin(1.5 * z!), Math.max(0, Math.abs(z!) - Math.PI / 2)];
  },
};

/** Where a point of the rhombus |y| + 1.2 |x| = 13 lies on its way around, found edge by edge; and the whole way. */
function aroundRhombus(x: number, y: number): { at: number; whole: number } {
  const corners = [
    [13 / 1.2, 0],
    [0, 13],
    [-13 / 1.2, 0],
    [0, -13],
  ] as const;
  let walked = 0;
  let at = NaN;
  corners.forEach(([fromX, fromY], edge) => {
    const [toX, toY] = corners[(edge + 1) % 4]!;
    const long = Math.hypot(toX - fromX, toY - fromY);
    const before = Math.hypot(x - fromX, y - fromY);
    if (Math.abs(before + Math.hypot(x - toX, y - toY) - long) < 1e-9) at = walked + before;
    walked += long;
  });
  return { at, whole: walked };
}

/** The shortest of the straight lines on the unrolled band that wind around it up to twice, either way. */
function bandGeodesic(a: readonly number[], b: readonly number[]): number {
  const [from, to] = [aroundRhombus(a[0]!, a[1]!), aroundRhombus(b[0]!, b[1]!)];
  return Math.min(...[-2, -1, 0, 1, 2].map((turns) => Math.hypot(to.at - from.at + turns * to.whole, a[2]! - b[2]!)));
}

/** The distance of two primary points from their coordinates alone. */
const distances: Readonly<Record<string, (a: readonly number[], b: readonly number[]) => number>> = {
  torus: (a, b) => planeAngle(a, b),
  cycles: (a, b) => planeAngle(a, b),
  spheres: (a, b) => Math.acos(Math.min(1, Math.max(-1, dot(a, b) / 100))),
  cosines: (a, b) => Math.abs(a[0]! - b[0]!),
  helix: (a, b) => Math.abs(a[2]! - b[2]!),
};

/** By the scalar product in the plane; to about 1e-8, as arccos is near 0 and pi. */
function planeAngle([ax, ay]: readonly number[], [bx, by]: readonly number[]): number {
  const cosine = (ax! * bx! + ay! * by!) / (Math.hypot(ax!, ay!) * Math.hypot(bx!, by!));
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("the list", () => {
  it("has every set of the folder once", () => {
    const shared = ["authors.ts", "catalogue.ts", "pointSet.ts"];
    const there = readdirSync(join(root, "src", "lab", "points")).filter((name) => !shared.includes(name));
    expect(pointSets.map(({ id }) => `${id}.ts`).sort()).toEqual(there.sort());
  });
});

describe.each(pointSets)("$id", ({ id, title, description, distances: info, outlines, draw, authors }) => {
  it("says what it is", () => {
    expect([title, description, info.title]).not.toContain("");
    expect(info.max).toBeGreaterThan(0);
  });

  it("lays points of both labels on their own curve or surface", () => {
    forAll(
      fc.tuple(seeds, fc.integer({ min: 1, max: 60 })),
      ([seed, perClass]) => {
        const set = draw(seed, perClass);
        expect([set.count, set.primaryCount, set.coordinates.length]).toEqual([
          2 * perClass,
          perClass,
          2 * perClass * set.dimension,
        ]);
        for (const { point, label } of rows(set))
          for (const residual of residuals[id]!(point, label)) expect(Math.abs(residual)).toBeLessThan(1e-11);
      },
      20,
    );
  });

  it("has outlines on that curve or surface, in as many dimensions", () => {
    const { dimension } = authors();
    for (const [lines, label] of [
      [outlines.primary, 1],
      [outlines.auxiliary, 0],
    ] as const) {
      expect(lines.length).toBeGreaterThan(0);
      for (const point of lines.flat()) {
        expect(point).toHaveLength(dimension);
        for (const residual of residuals[id]!(point, label)) expect(Math.abs(residual)).toBeLessThan(1e-11);
      }
    }
  });

  it("has the authors' 50 and 50 points there too, another set than any drawn one", () => {
    const set = authors();
    expect([set.count, set.primaryCount]).toEqual([100, 50]);
    for (const { point, label } of rows(set))
      for (const residual of residuals[id]!(point, label)) expect(Math.abs(residual)).toBeLessThan(1e-11);
    expect(authors().coordinates).toEqual(set.coordinates);
    expect(draw(666, 50).coordinates).not.toEqual(set.coordinates);
  });

  it("is the same for the same seed, and another for another", () => {
    forAll(
      seeds,
      (seed) => {
        expect(draw(seed, 9).coordinates).toEqual(draw(seed, 9).coordinates);
        expect(draw(seed, 9).coordinates).not.toEqual(draw((seed + 1) % 2 ** 32, 9).coordinates);
      },
      20,
    );
  });

  it("keeps the points of both labels where they are when more are drawn, since no stream moves another", () => {
    const [few, many] = [draw(5, 7), draw(5, 40)];
    for (const of of [primary, auxiliary]) {
      const there = new Set(of(many).map(String));
      expect(of(few).filter((point) => !there.has(String(point)))).toEqual([]);
    }
  });

  it("draws no point twice", () => {
    expect(new Set(rows(draw(6, 500)).map(({ point }) => String(point))).size).toBe(1000);
  });

  it("has symmetric distances, 0 from a point to itself, and within the stated maximum, which they come near", () => {
    const set = draw(7, 120);
    const apart = pairs(set).map(([a, b]) => ({ a, b, distance: set.distance(a, b) }));
    expect(apart.filter(({ a, b, distance }) => distance !== set.distance(b, a))).toEqual([]);
    expect(apart.filter(({ a, b, distance }) => (a === b ? distance !== 0 : !(distance > 0)))).toEqual([]);
    const largest = Math.max(...apart.map(({ distance }) => distance));
    expect(largest).toBeLessThanOrEqual(info.max);
    expect(largest).toBeGreaterThan(0.97 * info.max);
  });

  it("refuses what is no count and no primary point", () => {
    for (const perClass of [0, -1, 1.5, NaN, Infinity]) expect(() => draw(1, perClass)).toThrow(LabError);
    const set = draw(1, 3);
    for (const point of [-1, 3, 5, 0.5, NaN]) {
      expect(() => set.distance(point, 0)).toThrow(RangeError);
      expect(() => set.distance(0, point)).toThrow(RangeError);
    }
  });
});

describe.each(Object.entries(distances))("the distances of %s", (id, apart) => {
  it("are what the coordinates alone say", () => {
    for (const set of [plugin(id).authors(), plugin(id).draw(8, 40)]) {
      const points = primary(set);
      const errors = pairs(set).map(([a, b]) => Math.abs(set.distance(a, b) - apart(points[a]!, points[b]!)));
      expect(Math.max(...errors)).toBeLessThan(1e-7);
    }
  });
});

describe("the folded boxes", () => {
  const boxes = plugin("boxes");

  it("measure the shortest way on the unrolled band, but for the authors' fold at 11 instead of 13 / 1.2", () => {
    // Either way around a fold is too long by twice the stretch from 13 / 1.2 to 11, and straight lines by no more than that.
    const excess = 2 * Math.hypot(1, 1.2) * (11 - 13 / 1.2);
    for (const set of [boxes.authors(), boxes.draw(9, 60)]) {
      const points = primary(set);
      for (const [a, b] of pairs(set)) {
        const [p, q] = [points[a]!, points[b]!];
        const [distance, shortest] = [set.distance(a, b), bandGeodesic(p, q)];
        if (p[1]! * q[1]! > 0) expect(distance).toBeCloseTo(shortest, 9);
        else {
          const along = Math.sqrt(shortest ** 2 - (p[2]! - q[2]!) ** 2);
          expect(distance).toBeCloseTo(Math.hypot(along + excess, p[2]! - q[2]!), 9);
          expect(distance - shortest).toBeGreaterThan(0);
          expect(distance - shortest).toBeLessThanOrEqual(excess + 1e-9);
        }
      }
    }
  });

  it("reach the largest distance of Figure 1 at the authors' points", () => {
    const set = boxes.authors();
    expect(Math.max(...pairs(set).map(([a, b]) => set.distance(a, b)))).toBeCloseTo(34.36, 2);
  });

  it("have half of each label on either sheet, the upper one first", () => {
    for (const [perClass, upper] of [
      [50, 25],
      [7, 4],
    ] as const)
      for (const of of [primary, auxiliary]) {
        const sheets = of(boxes.draw(10, perClass)).map(([, y]) => y! > 0);
        expect(sheets).toEqual(Array.from({ length: perClass }, (_, at) => at < upper));
      }
  });
});

describe("the spheres", () => {
  it("crowd at the poles, as drawn in the paper", () => {
    const points = primary(plugin("spheres").draw(11, 4000));
    // Half of the polar angles lie within 45 degrees of a pole, where only 29 % of the area is; four standard errors.
    const polar = points.filter(([, , z]) => Math.abs(z!) > 10 * Math.SQRT1_2).length / points.length;
    expect(Math.abs(polar - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / points.length));
  });
});

describe("the sets", () => {
  it("do not share their draws", () => {
    const angle = (id: string): number => {
      const [x, y] = plugin(id).draw(12, 1).coordinates;
      return Math.atan2(y!, x!);
    };
    expect(Math.abs(angle("torus") - angle("cycles"))).toBeGreaterThan(1e-6);
  });
});

/**
 * The points as the authors' code draws them, from Python's own generator: [point, coordinate], label 1 first. Each set starts at
 * `random.seed(666)`; what follows is the order of its draws.
 */
const reference = `
import json, random
from math import cos, pi, sin
u = random.uniform
def torus(s): return lambda t: [(8 + s * sin(4 * t)) * cos(t), (8 + s * sin(4 * t)) * sin(t), s * cos(4 * t)]
def circle(r): return lambda t: [r * cos(t), r * sin(t)]
def arch(d): return lambda t: [t, cos(t) + d]
def strand(s): return lambda t: [s * cos(1.5 * t), s * sin(1.5 * t), t]
def ball(r): return lambda t, p: [r * sin(t) * cos(p), r * sin(t) * sin(p), r * cos(t)]
def paired(low, high, blue, red):
    draws = [(u(low, high), u(low, high)) for _ in range(50)]
    return [blue(a) for a, _ in draws] + [red(b) for _, b in draws]
def boxes():
    blue, red = [], []
    for sheet in (1, -1):
        for _ in range(25):
            xb, xr = u(-10 - 1 / 1.2, 10 + 1 / 1.2), u(-10 + 1 / 1.2, 10 - 1 / 1.2)
            zb, zr = u(-1, 1), u(-1, 1)
            blue.append([xb, sheet * (13 - 1.2 * abs(xb)), zb])
            red.append([xr, sheet * (11 - 1.2 * abs(xr)), zr])
    return blue + red
def cycles():
    draws = [[u(-pi, pi) for _ in range(4)] for _ in range(25)]
    return [circle(10)(t) for d in draws for t in d[:2]] + [circle(50)(t) for d in draws for t in d[2:]]
def spheres():
    draws = [(u(0, pi), u(0, pi), u(0, 2 * pi), u(0, 2 * pi)) for _ in range(50)]
    return [ball(10)(d[0], d[2]) for d in draws] + [ball(20)(d[1], d[3]) for d in draws]
sets = {
    "torus": lambda: paired(-pi, pi, torus(1), torus(-1)),
    "boxes": boxes,
    "cycles": cycles,
    "spheres": spheres,
    "cosines": lambda: paired(-0.6 * pi, 0.6 * pi, arch(0.2), arch(-0.2)),
    "helix": lambda: paired(-0.5 * pi, 0.5 * pi, strand(1), strand(-1)),
}
def drawn(points):
    random.seed(666)
    return points()
print(json.dumps({
    "draws": drawn(lambda: [random.random() for _ in range(200)]),
    "sets": {id: drawn(points) for id, points in sets.items()},
}))
`;

const python = "/usr/bin/python3";

describe("the authors' points", () => {
  it.skipIf(!existsSync(python))("are what Python draws from their seed in their order", () => {
    const { draws, sets } = JSON.parse(execFileSync(python, ["-c", reference], { encoding: "utf8" })) as {
      draws: number[];
      sets: Record<string, number[][]>;
    };
    expect(authorsDraws).toEqual(draws);
    expect(Object.keys(sets).sort()).toEqual(pointSets.map(({ id }) => id).sort());
    for (const { id, authors } of pointSets) {
      const points = rows(authors()).map(({ point }) => point);
      expect(points.map(({ length }) => length)).toEqual(sets[id]!.map(({ length }) => length));
      const errors = sets[id]!.flatMap((point, at) => point.map((value, axis) => Math.abs(value - points[at]![axis]!)));
      // Python and this engine may round a sine differently.
      expect(Math.max(...errors)).toBeLessThan(1e-12);
    }
  });

  it("of the torus have the angles that were printed from the authors' code, at both ends of both labels", () => {
    const angles = rows(plugin("torus").authors()).map(({ point: [x, y] }) => Math.atan2(y!, x!));
    const printed = new Map([
      [0, [-0.275708, -0.412331, 1.956329, 1.333133]],
      [46, [-1.557784, -0.416062, -0.336422, -2.996283]],
      [50, [2.534154, 0.003938, 0.337242, -2.367868]],
      [96, [-1.505458, -1.391405, -0.212716, -2.562092]],
    ]);
    for (const [from, values] of printed)
      values.forEach((value, at) => expect(Math.abs(angles[from + at]! - value)).toBeLessThan(5.1e-7));
  });

  it("of the boxes have the x and z that were printed from the authors' code, at both ends of all four sheets", () => {
    const points = rows(plugin("boxes").authors()).map(({ point }) => point);
    const printed = new Map([
      [0, [-0.95074, -0.13125, 6.74612, 0.42435]],
      [23, [-5.37179, -0.13244, -1.1601, -0.95375]],
      [25, [6.34821, 0.5932, -3.70803, 0.50065]],
      [48, [9.57807, 0.96575, -5.67131, 0.05203]],
      [50, [7.39426, 0.00125, 0.98402, -0.75372]],
      [73, [-4.39269, -0.4429, -0.62067, -0.81554]],
      [75, [-7.32448, 0.57204, -2.0126, -0.33545]],
      [98, [-8.38803, -0.29566, 5.92603, 0.28902]],
    ]);
    for (const [from, [x0, z0, x1, z1]] of printed) {
      const [first, second] = [points[from]!, points[from + 1]!];
      const off = [first[0]! - x0!, first[2]! - z0!, second[0]! - x1!, second[2]! - z1!];
      for (const value of off) expect(Math.abs(value)).toBeLessThan(5.1e-6);
    }
  });
});
