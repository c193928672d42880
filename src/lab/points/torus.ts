// The torus of He and Su (ICLR 2020), Figure 1(a-c): two closed curves wound four times around one ring, half a turn apart.
import { along, angleBetween, layOut, pointSetOf, repeat, type Point } from "./pointSet.ts";

const radius = 8;
const windings = 4;

export const torus = pointSetOf({
  id: "torus",
  title: "Torus",
  description:
    "Two closed curves, wound four times around one ring opposite each other; no plane parts them (Figures 1 and 7). Distances are angles around the ring.",
  distances: { title: "Angle around the ring", unit: "radians", max: Math.PI },
  outlines: { primary: [curve(1)], auxiliary: [curve(-1)] },
  authorsOrder: ["primary", "auxiliary"],
  place(draws, perClass) {
    const angles = (stream: string): number[] => repeat(perClass, () => draws(stream, -Math.PI, Math.PI));
    const primary = angles("primary");
    return layOut(
      primary.map((angle) => onCurve(angle, 1)),
      angles("auxiliary").map((angle) => onCurve(angle, -1)),
      (a, b) => angleBetween(primary[a]!, primary[b]!),
    );
  },
});

/** At distance 1 from the ring; the sides -1 and 1 lie opposite each other. [x, y, z] */
function onCurve(angle: number, side: 1 | -1): readonly [number, number, number] {
  const out = radius + side * Math.sin(windings * angle);
  return [out * Math.cos(angle), out * Math.sin(angle), side * Math.cos(windings * angle)];
}

function curve(side: 1 | -1): readonly Point[] {
  return along(-Math.PI, Math.PI, 160, (angle) => onCurve(angle, side));
}
