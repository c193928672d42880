// The two cycles of He and Su (ICLR 2020), Figure 4: a circle around a smaller one.
import { angleBetween, layOut, pointSetOf, repeat } from "./pointSet.ts";

const radii = { primary: 10, auxiliary: 50 } as const;

export const cycles = pointSetOf({
  id: "cycles",
  title: "Two cycles",
  description: "A circle of radius 10 inside one of radius 50, in the plane (Figure 4). Distances are angles.",
  distances: { title: "Angle around the circle", unit: "radians", max: Math.PI },
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
const onCircle = (angle: number, radius: number): readonly [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];
