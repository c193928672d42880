// The four ways to say how alike two points are to a network (He and Su, ICLR 2020), and how each goes with distance.
import { mean, pearson, spearman } from "../../../math/stats.ts";
import type { Matrix } from "../../contracts.ts";
import type { PointSet } from "../../points/pointSet.ts";

export const similarityIds = ["relative", "kernelized", "normalised", "patterns"] as const;
export type SimilarityId = (typeof similarityIds)[number];

/** What is measured of one network at one moment. */
export interface Measured {
  /**
   * S_ker(a, p), eq. 3: the change of f(p) for a step on a, divided by that step's own -eta dL/df(a); in the limit of small
   * steps the tangent kernel. NaN in rows that are not measurable. Primary points. [anchor, probe]
   */
  readonly kernel: Float32Array;
  /** Cosines of the binary patterns of active hidden units, of all points; absent where no unit has an activation. [point, point] */
  readonly patterns?: Float32Array;
}

export interface Similarity {
  readonly id: SimilarityId;
  readonly title: string;
  /** a: the anchor, learned; p: the probe, watched. */
  readonly symbol: string;
  readonly signed: boolean;
  /** Among which points, and against which distance: along the shape is known among primary points only. */
  readonly among: "primary" | "all";
  /** One row of the matrix. [probe]; NaN where it is not measurable */
  row(measured: Measured, size: number, anchor: number): number[];
}

const kernelRow = ({ kernel }: Measured, size: number, anchor: number): number[] =>
  Array.from({ length: size }, (_, probe) => kernel[anchor * size + probe]!);

export const similarities: Readonly<Record<SimilarityId, Similarity>> = {
  relative: {
    id: "relative",
    title: "Relative similarity",
    symbol: "|Δf(p)| / |Δf(a)|",
    signed: false,
    among: "primary",
    row(measured, size, anchor) {
      const row = kernelRow(measured, size, anchor);
      return row.map((value) => Math.abs(value / row[anchor]!));
    },
  },
  kernelized: {
    id: "kernelized",
    title: "Kernelized similarity",
    symbol: "Δf(p) / (−η L′(a))",
    signed: true,
    among: "primary",
    row: kernelRow,
  },
  normalised: {
    id: "normalised",
    title: "Normalised kernel",
    symbol: "K(a, p) / √(K(a, a) K(p, p))",
    signed: true,
    among: "primary",
    row(measured, size, anchor) {
      const { kernel } = measured;
      const own = kernel[anchor * (size + 1)]!;
      return kernelRow(measured, size, anchor).map(
        (value, probe) => value / Math.sqrt(own * kernel[probe * (size + 1)]!),
      );
    },
  },
  patterns: {
    id: "patterns",
    title: "Cosine of activation patterns",
    symbol: "cos(pattern of a, pattern of p)",
    signed: false,
    among: "all",
    row: ({ patterns }, size, anchor) =>
      Array.from({ length: size }, (_, probe) => (patterns ? patterns[anchor * size + probe]! : NaN)),
  },
};

export const sizeOf = ({ among }: Similarity, { count, primaryCount }: PointSet): number =>
  among === "all" ? count : primaryCount;

/** All ordered pairs, each point with itself too, as the authors count them. [anchor * size + probe] */
export function matrixOf(similarity: Similarity, measured: Measured, points: PointSet): number[] {
  const size = sizeOf(similarity, points);
  return Array.from({ length: size }, (_, anchor) => similarity.row(measured, size, anchor)).flat();
}

/** Along the shape, or straight where the similarity is of all points. [anchor * size + probe] */
export function distancesOf(similarity: Similarity, points: PointSet): number[] {
  const size = sizeOf(similarity, points);
  const between = similarity.among === "all" ? straight(points) : points.distance;
  return Array.from({ length: size * size }, (_, at) => between(Math.floor(at / size), at % size));
}

const straight =
  ({ coordinates, dimension }: PointSet) =>
  (a: number, b: number): number =>
    Math.hypot(
      ...Array.from(
        { length: dimension },
        (_, at) => coordinates[a * dimension + at]! - coordinates[b * dimension + at]!,
      ),
    );

export interface Statistics {
  readonly pearson: number;
  readonly spearman: number;
  /** Mean similarity. */
  readonly mean: number;
  /** Pairs that are measurable. */
  readonly count: number;
}

export function statisticsOf(similarity: Similarity, measured: Measured, points: PointSet): Statistics {
  const [values, distances] = [matrixOf(similarity, measured, points), distancesOf(similarity, points)];
  return {
    pearson: pearson(values, distances),
    spearman: spearman(values, distances),
    mean: mean(values),
    count: values.filter((value) => !Number.isNaN(value)).length,
  };
}

/**
 * Cosines of rows of zeros and ones; a row without ones is like no other, and like itself. [row, row]
 * @param patterns [point, unit]
 */
export function patternCosines({ rows, columns, data }: Matrix): Float32Array {
  const words = Math.ceil(columns / 32);
  const bits = new Uint32Array(rows * words);
  for (let row = 0; row < rows; row++)
    for (let unit = 0; unit < columns; unit++)
      if (data[row * columns + unit] === 1) bits[row * words + (unit >> 5)]! |= 1 << (unit & 31);
  const common = (a: number, b: number): number => {
    let sum = 0;
    for (let word = 0; word < words; word++) sum += onesIn(bits[a * words + word]! & bits[b * words + word]!);
    return sum;
  };
  const own = Array.from({ length: rows }, (_, row) => common(row, row));
  return Float32Array.from({ length: rows * rows }, (_, at) => {
    const [a, b] = [Math.floor(at / rows), at % rows];
    if (a === b) return 1;
    return own[a] === 0 || own[b] === 0 ? 0 : common(a, b) / Math.sqrt(own[a]! * own[b]!);
  });
}

/** How many of 32 bits are set, adding up neighbours in parallel. */
function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
