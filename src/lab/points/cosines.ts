// The two cosines of He and Su (ICLR 2020), Figure 4: one arch of a cosine above another.
import { along, layOut, pointSetOf, repeat, type Point } from "./pointSet.ts";

/** The arches reach from -reach to reach. */
const reach = 0.6 * Math.PI;
/** How far each is shifted, up or down. */
const shift = 0.2;

export const cosines = pointSetOf({
  id: "cosines",
  title: "Two cosines",
  description:
    "Two arches of a cosine in the plane, one 0.4 above the other (Figure 4). As in the paper distances are differences of the parameter, not lengths along the arch.",
  distances: { title: "Difference of the parameter θ", unit: "radians", max: 2 * reach },
  outlines: { primary: [arch(shift)], auxiliary: [arch(-shift)] },
  authorsOrder: ["primary", "auxiliary"],
  place(draws, perClass) {
    const angles = (stream: string): number[] => repeat(perClass, () => draws(stream, -reach, reach));
    const primary = angles("primary");
    return layOut(
      primary.map((angle) => onArch(angle, shift)),
      angles("auxiliary").map((angle) => onArch(angle, -shift)),
      (a, b) => Math.abs(primary[a]! - primary[b]!),
    );
  },
});

/** [x, y] */
function onArch(angle: number, up: number): readonly [number, number] {
  return [angle, Math.cos(angle) + up];
}

function arch(up: number): readonly Point[] {
  return along(-reach, reach, 60, (angle) => onArch(angle, up));
}
