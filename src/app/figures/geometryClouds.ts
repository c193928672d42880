// Points on their shape, seen from a direction and coloured by how alike they are to the picked one, for each network.
import { orbit } from "../../math/orbit.ts";
import type { Outline, PointSet } from "../../lab/points/pointSet.ts";
import {
  blankIfNaN,
  type ColourScale,
  type Figure,
  type FigureData,
  type LineTrace,
  type Panel,
  type PointsTrace,
} from "./figure.ts";
import {
  epochsShown,
  labelColours,
  sceneOf,
  shownAt,
  type GeometryInput,
  type Scene,
  type Shown,
} from "./geometryShown.ts";
import { colourScale, equalAxes, shortNumber } from "./scale.ts";

export function geometryClouds(input: GeometryInput): Figure {
  const { params, look, arrangement } = input;
  const scene = sceneOf(input);
  const { similarity, anchor, set } = scene;
  const shown = shownAt(input, epochsShown(params, look).at(-1)!);
  const rows = shown.map((one) => rowOf(one, scene));
  const scale = scaleOf(scene, rows);
  const view = viewOf(scene.points, look);
  const camera = (coordinates: ArrayLike<number>) => orbit(coordinates, view);
  const seen = camera(inSpace(scene.points));
  const axes = axesOf(scene.points);
  const panels = shown.map(({ name, moment }): Panel => ({ title: `${name}, ${moment}`, view: "equal", ...axes }));
  const outlines = outlinesOf(scene, camera);
  return {
    name: "geometry-clouds",
    title: `${similarity.title} to the picked point, ${set.title.toLowerCase()}`,
    caption: caption(scene, shown, scale),
    arrangement,
    panels,
    traces: shown.flatMap((_, panel) => [
      ...outlines.map((line): LineTrace => ({ ...line, panel })),
      ...cloud({ panel, scene, values: rows[panel]!, scale, seen }),
    ]),
    data: () => data(scene, shown, { rows, picked: anchor }),
  };
}

type Seen = ReturnType<typeof orbit>;

/** Flat sets are seen from above, whatever the direction. */
const viewOf = ({ dimension }: PointSet, { azimuth, elevation }: { azimuth: number; elevation: number }) =>
  dimension === 3 ? { azimuth, elevation } : { azimuth: 0, elevation: Math.PI / 2 };

const inSpace = ({ coordinates, dimension, count }: PointSet): Float64Array =>
  Float64Array.from({ length: count * 3 }, (_, at) =>
    at % 3 < dimension ? coordinates[Math.floor(at / 3) * dimension + (at % 3)]! : 0,
  );

/** Room for the points at any turn, or for the plane as it lies. */
function axesOf(points: PointSet) {
  const space = inSpace(points);
  if (points.dimension === 2) {
    const of = (axis: number) => Array.from({ length: points.count }, (_, at) => space[at * 3 + axis]!);
    const [x, y] = [of(0), of(1)];
    const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
    const half = Math.max(...[x, y].map((values) => (Math.max(...values) - Math.min(...values)) / 2));
    return equalAxes(half * 1.1, [middle(x), middle(y)]);
  }
  const sizes = Array.from({ length: points.count }, (_, at) =>
    Math.hypot(space[at * 3]!, space[at * 3 + 1]!, space[at * 3 + 2]!),
  );
  return equalAxes(Math.max(...sizes) * 1.03);
}

function outlinesOf({ set }: Scene, camera: (coordinates: ArrayLike<number>) => Seen): Omit<LineTrace, "panel">[] {
  const drawn = (outline: Outline, colour: string) =>
    outline.map((line): Omit<LineTrace, "panel"> => {
      const { x, y } = camera(line.flatMap(([left, up, out = 0]) => [left, up, out]));
      return { type: "line", title: "", x: [...x], y: [...y], colour, dash: "solid", marker: "none", faint: true };
    });
  const { primary, auxiliary } = set.outlines;
  return [...drawn(auxiliary, labelColours.auxiliary), ...drawn(primary, labelColours.primary)];
}

/** NaN where there is nothing yet. [point] */
const rowOf = ({ finding }: Shown, { similarity, size, anchor }: Scene): number[] => {
  if (!finding) return Array.from({ length: size }, () => NaN);
  const row = similarity.row(finding, size, anchor);
  // Kernels of different networks differ by orders of magnitude: each in its own unit.
  const unit = similarity.id === "kernelized" ? unitOf(finding.kernel, size) : 1;
  return row.map((value) => value / unit);
};

/** Mean of a kernel over its diagonal. */
export function unitOf(kernel: ArrayLike<number>, size: number): number {
  const own = Array.from({ length: size }, (_, at) => kernel[at * (size + 1)]!).filter((value) => !Number.isNaN(value));
  return own.reduce((sum, value) => sum + value, 0) / own.length;
}

function scaleOf({ similarity }: Scene, rows: readonly (readonly number[])[]): ColourScale {
  if (similarity.id === "normalised") return { kind: "diverging", low: -1, high: 1 };
  return colourScale(rows.flat(), { signed: similarity.signed });
}

interface Cloud {
  readonly panel: number;
  readonly scene: Scene;
  readonly values: readonly number[];
  readonly scale: ColourScale;
  readonly seen: Seen;
}

function cloud({ panel, scene: { points, size, anchor, similarity }, values, scale, seen }: Cloud): PointsTrace[] {
  const part = (all: Float64Array, from: number, to: number): number[] => Array.from(all.subarray(from, to));
  const place = (from: number, to: number) => ({
    x: part(seen.x, from, to),
    y: part(seen.y, from, to),
    depth: part(seen.depth, from, to),
    ids: Array.from({ length: to - from }, (_, at) => from + at),
  });
  const common = { type: "points", panel, marker: "circle" } as const;
  const others: PointsTrace = {
    ...common,
    ...place(size, points.count),
    title: "the other class",
    hover: Array.from({ length: points.count - size }, () => "of the other class: trained on, not compared"),
    colour: labelColours.auxiliary,
    opacity: 0.35,
    radius: 2.4,
  };
  const compared: PointsTrace = {
    ...common,
    ...place(0, size),
    title: "",
    hover: values.map((value, probe) => `point ${probe}${probe === anchor ? ", picked" : ""}: ${shortNumber(value)}`),
    radius: size > 150 ? 3.6 : 5,
    picked: anchor,
    colour: {
      values,
      missing: "not there yet, or not measurable",
      scale,
      title: similarity.id === "kernelized" ? "Kernelized similarity / mean K(a, a)" : similarity.title,
    },
  };
  return size < points.count ? [others, compared] : [compared];
}

function caption({ points, similarity, size, anchor, seed, set }: Scene, shown: readonly Shown[], scale: ColourScale) {
  const names = shown.map(({ name, moment }) => `${name} (${moment})`).join(", ");
  const who = size === points.primaryCount ? `the ${size} points of label 1` : `all ${size} points`;
  return [
    `${set.title}: ${similarity.title.toLowerCase()} ${similarity.symbol} of ${who} (p) to point ${anchor} (a, ringed)`,
    `for ${names}, seed ${seed}.`,
    size < points.count
      ? `Faint: the ${points.count - size} points of label 0. Thin lines: the shape.`
      : "Thin lines: the shape.",
    `One colour scale for all panels, ${shortNumber(scale.low)} to ${shortNumber(scale.high)}.`,
    similarity.id === "kernelized" ? "In units of each network's mean K(a, a)." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function data(
  { points, similarity, size }: Scene,
  shown: readonly Shown[],
  { rows, picked }: { readonly rows: readonly (readonly number[])[]; readonly picked: number },
): FigureData {
  const axes = ["x", "y", "z"].slice(0, points.dimension);
  return {
    columns: ["network", "epoch", "point", "label", ...axes, "picked", "similarity", "value"],
    rows: shown.flatMap(({ name, epoch }, panel) =>
      Array.from({ length: points.count }, (_, at) => [
        name,
        epoch,
        at,
        at < points.primaryCount ? 1 : 0,
        ...points.coordinates.slice(at * points.dimension, (at + 1) * points.dimension),
        at === picked ? 1 : 0,
        similarity.id,
        at < size ? blankIfNaN(rows[panel]![at]!) : "",
      ]),
    ),
    dictionary: {
      network: "Activation between the dense layers, and the step size where two are compared.",
      epoch: "Full-batch steps done.",
      point: "Number of the point.",
      label: "1: compared (blue in the paper). 0: the other class (red in the paper).",
      ...Object.fromEntries(axes.map((axis) => [axis, "Coordinate, as the network is given it."])),
      picked: "1 for the anchor a.",
      similarity: `Which similarity: ${similarity.title}, ${similarity.symbol}.`,
      value: "Similarity of the picked point to this one. Blank: not measurable, not compared, or not there yet.",
    },
  };
}
