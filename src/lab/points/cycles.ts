// The two cycles of He and Su (ICLR 2020), Figure 4: a circle around a smaller one.
import { along, angleBetween, layOut, pointSetOf, repeat, type Point } from "./pointSet.ts";

const radii = { primary: 10, auxiliary: 50 } as const;

export const cycles = pointSetOf({
  id: "cycles",
  title: "Two cycles",
  description: "A circle of radius 10 inside one of radius 50, in the plane (Figure 4). Distances are angles.",
  distances: { title: "Angle around the circle", unit: "radians", max: Math.PI },
  outlines: { primary: [circle(radii.primary)], auxiliary: [circle(radii.auxiliary)] },
  authorsOrder: ["primary", "primary", "auxiliary", "auxiliary"],
  place(draws, perClass) {
    const angles = (stream: string): number[] => repeat(perClass, () => draws(stream, -Math.PI, Math.PI));
    const primary = angles("primary");
    return layOut(
      primary.map((angle) => onCircle(angle, radii.primary)),
      angles("auxiliary").map((angle) => onCircle(angle, radii.auxiliary)),
      (a, b) => angleBetween(primary[a]!, primary[b]!),
    );
  },
});

/** [x, y] */
function onCircle(angle: number, radius: number): readonly [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function circle(radius: number): readonly Point[] {
  return along(-Math.PI, Math.PI, 90, (angle) => onCircle(angle, radius));
}
