// The two folded boxes of He and Su (ICLR 2020), Figure 1(d-f): a narrow band folded to a rhombus, inside a wider one.
import { layOut, pointSetOf, repeat, type Outline } from "./pointSet.ts";

const slope = 1.2;
/** The bands are |y| + slope |x| = height: bias 12 with delta 1 more for label 1, and 1 less for label 0. */
const heights = { primary: 13, auxiliary: 11 } as const;
/** Half the width of the bands. */
const halfWidth = 1;
/**
 * |x| where distances turn from one sheet to the other: the authors' max_x + delta. The outer band is really folded at
 * 13 / 1.2 = 10.8333, so that every way around a fold is 0.52 too long; kept, because their figures have it so.
 */
const authorsTurn = 11;
/** Length along a sheet per unit of x. */
const length = Math.sqrt(1 + slope * slope);

type Label = keyof typeof heights;
type Sheet = "upper" | "lower";

interface BandPoint {
  readonly sheet: Sheet;
  readonly x: number;
  readonly z: number;
}

const streamOf = (label: Label, sheet: Sheet, coordinate: "x" | "z"): string => `${label} ${sheet} ${coordinate}`;

/** The authors draw the whole upper sheets before the lower ones. */
const inOrder = (sheet: Sheet): string[] =>
  (["x", "z"] as const).flatMap((coordinate) => [
    streamOf("primary", sheet, coordinate),
    streamOf("auxiliary", sheet, coordinate),
  ]);

export const boxes = pointSetOf({
  id: "boxes",
  title: "Two folded boxes",
  description:
    "A narrow band folded to a rhombus inside a wider one, both |y| + 1.2 |x| = constant (Figure 1). Distances are lengths along the outer band, the shorter way around, with the authors' vertex at |x| = 11 where it is really at 10.83.",
  distances: {
    title: "Length along the band",
    unit: "length",
    max: Math.sqrt((2 * length * authorsTurn) ** 2 + (2 * halfWidth) ** 2),
  },
  outlines: { primary: edges("primary"), auxiliary: edges("auxiliary") },
  authorsOrder: [...repeat(25, () => inOrder("upper")), ...repeat(25, () => inOrder("lower"))].flat(),
  place(draws, perClass) {
    const points = (label: Label): BandPoint[] =>
      repeat(perClass, (at) => {
        const sheet = at < perClass / 2 ? "upper" : "lower";
        const turn = heights[label] / slope;
        const x = draws(streamOf(label, sheet, "x"), -turn, turn);
        return { sheet, x, z: draws(streamOf(label, sheet, "z"), -halfWidth, halfWidth) };
      });
    const primary = points("primary");
    return layOut(
      primary.map((point) => inSpace(point, "primary")),
      points("auxiliary").map((point) => inSpace(point, "auxiliary")),
      (a, b) => bandDistance(primary[a]!, primary[b]!),
    );
  },
});

/** [x, y, z] */
function inSpace({ sheet, x, z }: BandPoint, label: Label): readonly [number, number, number] {
  const y = heights[label] - slope * Math.abs(x);
  return [x, sheet === "upper" ? y : -y, z];
}

/** Straight on the unrolled band (`get_distance` of the authors' elastic_effect_synthetic.py). */
function bandDistance(a: BandPoint, b: BandPoint): number {
  const around = length * (2 * authorsTurn - (a.x + b.x));
  const along =
    a.sheet === b.sheet ? length * Math.abs(a.x - b.x) : Math.min(around, 4 * length * authorsTurn - around);
  return Math.sqrt(along * along + (a.z - b.z) ** 2);
}

/** Both rims of the band, and its four folds. */
function edges(label: Label): Outline {
  const turn = heights[label] / slope;
  const folds = (z: number) =>
    (
      [
        ["upper", -turn],
        ["upper", 0],
        ["upper", turn],
        ["lower", 0],
      ] as const
    ).map(([sheet, x]) => inSpace({ sheet, x, z }, label));
  const [below, above] = [folds(-halfWidth), folds(halfWidth)];
  return [[...below, below[0]!], [...above, above[0]!], ...below.map((corner, at) => [corner, above[at]!])];
}
