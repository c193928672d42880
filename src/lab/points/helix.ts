// The double helix of He and Su (ICLR 2020), Figure 4: two strands wound around one axis, opposite each other.
import { along, layOut, pointSetOf, repeat, type Point } from "./pointSet.ts";

/** The strands reach from z = -reach to reach. */
const reach = Math.PI / 2;
/** Angle around the axis per unit along it. */
const twist = 1.5;

export const helix = pointSetOf({
  id: "helix",
  title: "Double helix",
  description:
    "Two strands wound around one axis opposite each other (Figure 4). As in the paper distances are differences of the parameter; lengths along the strand are 1.8 times as much.",
  distances: { title: "Difference of the parameter θ", unit: "radians", max: 2 * reach },
  outlines: { primary: [strand(1)], auxiliary: [strand(-1)] },
  authorsOrder: ["primary", "auxiliary"],
  place(draws, perClass) {
    const angles = (stream: string): number[] => repeat(perClass, () => draws(stream, -reach, reach));
    const primary = angles("primary");
    return layOut(
      primary.map((angle) => onStrand(angle, 1)),
      angles("auxiliary").map((angle) => onStrand(angle, -1)),
      (a, b) => Math.abs(primary[a]! - primary[b]!),
    );
  },
});

/** [x, y, z] */
function onStrand(angle: number, side: 1 | -1): readonly [number, number, number] {
  return [side * Math.cos(twist * angle), side * Math.sin(twist * angle), angle];
}

function strand(side: 1 | -1): readonly Point[] {
  return along(-reach, reach, 60, (angle) => onStrand(angle, side));
}
