// The two spheres of He and Su (ICLR 2020), Figure 4: a sphere around a smaller one.
import { along, layOut, pointSetOf, repeat, type Outline } from "./pointSet.ts";

const radii = { primary: 10, auxiliary: 20 } as const;

type Vector = readonly [number, number, number];

export const spheres = pointSetOf({
  id: "spheres",
  title: "Two spheres",
  description:
    "A sphere of radius 10 inside one of radius 20 (Figure 4). As in the paper the angle from the pole is drawn evenly, so the points crowd at the poles. Distances are angles seen from the centre.",
  distances: { title: "Angle at the centre", unit: "radians", max: Math.PI },
  outlines: { primary: globe(radii.primary), auxiliary: globe(radii.auxiliary) },
  authorsOrder: ["primary polar", "auxiliary polar", "primary azimuth", "auxiliary azimuth"],
  place(draws, perClass) {
    const directions = (label: string): Vector[] =>
      repeat(perClass, () => direction(draws(`${label} polar`, 0, Math.PI), draws(`${label} azimuth`, 0, 2 * Math.PI)));
    const primary = directions("primary");
    return layOut(
      primary.map((unit) => scaled(unit, radii.primary)),
      directions("auxiliary").map((unit) => scaled(unit, radii.auxiliary)),
      (a, b) => angleOf(primary[a]!, primary[b]!),
    );
  },
});

function direction(polar: number, azimuth: number): Vector {
  return [Math.sin(polar) * Math.cos(azimuth), Math.sin(polar) * Math.sin(azimuth), Math.cos(polar)];
}

function scaled([x, y, z]: Vector, radius: number): Vector {
  return [radius * x, radius * y, radius * z];
}

/** The equator and two whole meridians. */
function globe(radius: number): Outline {
  const around = (unit: (angle: number) => Vector) => along(0, 2 * Math.PI, 60, (angle) => scaled(unit(angle), radius));
  return [
    around((angle) => direction(Math.PI / 2, angle)),
    ...[0, Math.PI / 2].map((azimuth) => around((angle) => direction(angle, azimuth))),
  ];
}

/** arccos of the scalar product of two unit vectors, by the vector product too, so that it is exact where the two are near. */
function angleOf([ax, ay, az]: Vector, [bx, by, bz]: Vector): number {
  const across = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return Math.atan2(across, ax * bx + ay * by + az * bz);
}
