// What a synthetic point set is (He and Su, ICLR 2020, Figures 1, 4 and 7), and what all of them share: fresh draws from a seed
// or the authors' own, and the one way to lay points out.
import { rng, type Rng } from "../../math/rng.ts";
import { LabError } from "../error.ts";
import { authorsDraws } from "./authors.ts";

export type Point = readonly [number, number] | readonly [number, number, number];

/** Two classes of points: those of label 1 (primary, blue in the paper) and those of label 0 (auxiliary, red). */
export interface PointSet {
  readonly dimension: 2 | 3;
  /** Row-major; the primary points come first. [point, coordinate] */
  readonly coordinates: Float64Array;
  readonly count: number;
  /** Points 0 .. primaryCount - 1 have label 1, the others label 0. */
  readonly primaryCount: number;
  /**
   * How far apart two primary points are along their shape, as the authors measure it.
   * @param a @param b numbers of primary points @throws RangeError when one is not
   */
  distance(a: number, b: number): number;
}

/** What distances of a set mean. */
export interface DistanceInfo {
  readonly title: string;
  readonly unit: "radians" | "length";
  /** No two primary points of any draw are further apart. */
  readonly max: number;
}

/** Lines along the shape that points of one label are drawn from, for the eye. [line][vertex] [x, y] or [x, y, z] */
export type Outline = readonly (readonly Point[])[];

export interface PointSetPlugin {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly distances: DistanceInfo;
  readonly outlines: { readonly primary: Outline; readonly auxiliary: Outline };
  /**
   * Fresh points. The same seed gives the same points, and more of them leave the earlier ones where they are (under
   * other numbers, maybe).
   * @param seed any 32-bit unsigned integer @param perClass points of each label, at least 1
   * @throws LabError `spec-invalid` when `perClass` is no count
   */
  draw(seed: number, perClass: number): PointSet;
  /** The points that the authors' code draws, in double precision (it goes on in single): 50 of each label. */
  authors(): PointSet;
}

/** A uniform number in [low, high), the next of the stream of that name. */
export type Draws = (stream: string, low: number, high: number) => number;

/** What one file of this shelf says about its set. */
export interface Recipe extends Pick<PointSetPlugin, "id" | "title" | "description" | "distances" | "outlines"> {
  /** The names of the streams in the order in which the authors' code draws from them, over and over. */
  readonly authorsOrder: readonly string[];
  place(draws: Draws, perClass: number): PointSet;
}

export function pointSetOf({ authorsOrder, place, ...words }: Recipe): PointSetPlugin {
  return {
    ...words,
    draw(seed, perClass) {
      if (!Number.isInteger(perClass) || perClass < 1)
        throw new LabError(
          "spec-invalid",
          `${perClass} points of each class cannot be drawn: give a whole number from 1.`,
        );
      return place(freshDraws(seed, words.id), perClass);
    },
    authors: () => place(drawsInOrder(authorsOrder), 50),
  };
}

/** Every stream is a fork of its own, named after the set and the stream. */
function freshDraws(seed: number, id: string): Draws {
  const forks = new Map<string, Rng>();
  return (stream, low, high) => {
    const fork = forks.get(stream) ?? rng(seed).fork(`points ${id}`).fork(stream);
    forks.set(stream, fork);
    return fork.uniform(low, high);
  };
}

/** The authors' one sequence of draws, dealt out to the streams in `order`, over and over. */
function drawsInOrder(order: readonly string[]): Draws {
  const used = new Map<string, number>();
  return (stream, low, high) => {
    const at = authorsDraws.findIndex(
      (_, draw) => draw >= (used.get(stream) ?? 0) && order[draw % order.length] === stream,
    );
    used.set(stream, at + 1);
    return low + (high - low) * authorsDraws[at]!;
  };
}

/** `between` is the distance of two primary points, by number. */
export function layOut<P extends Point>(
  primary: readonly P[],
  auxiliary: readonly P[],
  between: (a: number, b: number) => number,
): PointSet {
  const points = [...primary, ...auxiliary];
  return {
    dimension: primary[0]!.length,
    coordinates: Float64Array.from(points.flat()),
    count: points.length,
    primaryCount: primary.length,
    distance(a, b) {
      for (const point of [a, b])
        if (primary[point] === undefined)
          throw new RangeError(`distance: ${point} is none of ${primary.length} primary points`);
      return between(a, b);
    },
  };
}

/** `count` values, in order. */
export const repeat = <T>(count: number, value: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => value(at));

/** The angle between two directions of the plane, 0 to pi; both are given from -pi to pi. */
export function angleBetween(a: number, b: number): number {
  const direct = Math.abs(a - b);
  return Math.min(direct, 2 * Math.PI - direct);
}

/** `count` steps of equal length from one value of a parameter to another, both with their places. */
export const along = <P extends Point>(low: number, high: number, count: number, place: (at: number) => P): P[] =>
  repeat(count + 1, (step) => place(low + ((high - low) * step) / count));
