// An effect drawn by hand: its points, and what becomes of them when a pen passes over them or one is moved.
import { simplifiedTo, type Corner } from "../../../math/polyline.ts";
import type { Effect } from "../../simulators/leSde.ts";

/** [time, strength], times rising from 1 on. */
export type Knot = readonly [time: number, strength: number];

export const mostKnots = 16;

/** Three digits are more than a hand has. */
const rounded = (value: number): number => Number(value.toPrecision(3));

export const wordsOf = (knots: readonly Knot[]): string[] => knots.map(([time, strength]) => `${time}:${strength}`);

const timeOf = (time: number, last: number): number => Math.min(last, Math.max(1, rounded(time)));

/** An effect through points, evenly in log time from 1 to the last. */
export const sampled = (effect: Effect, last: number, count: number): Knot[] =>
  Array.from({ length: count }, (_, at) => {
    const time = timeOf(last ** (at / (count - 1)), last);
    return [time, rounded(effect.at(time))];
  });

/** A pen on its way. */
export interface Stroke {
  readonly pen: Knot;
  /** Where it passed twice, the newer way. */
  readonly knots: readonly Knot[];
}

export function drawnOn(stroke: Stroke | undefined, pen: Knot): Stroke {
  if (!stroke) return { pen, knots: [pen] };
  const [low, high] = [Math.min(stroke.pen[0], pen[0]), Math.max(stroke.pen[0], pen[0])];
  const outside = stroke.knots.filter(([time]) => time < low || time > high);
  const ends = stroke.pen[0] === pen[0] ? [pen] : [stroke.pen, pen];
  return { pen, knots: [...outside, ...ends].toSorted(([a], [b]) => a - b) };
}

export interface Ground {
  /** What was there before. */
  readonly knots: readonly Knot[];
  /** Where time ends. */
  readonly last: number;
  /** How far strengths reach on the chart, low to high. */
  readonly span: number;
}

/** Of the chart's sides: less is the hand's trembling. */
const tremble = 0.01;

/** The curve with a stroke in the place of what lay there, in few points; what lies beyond the last time stays. */
export function drawnOver({ knots, last, span }: Ground, stroke: readonly Knot[]): Knot[] {
  const near = last ** tremble;
  const [from, to] = [stroke[0]![0] / near, stroke.at(-1)![0] * near];
  const beyond = knots.filter(([time]) => time > last);
  const within = knots.filter(([time]) => time <= last);
  const all = [...within.filter(([time]) => time < from), ...stroke, ...within.filter(([time]) => time > to)];
  const corners = all.map(([time, strength]): Corner => [Math.log(time), strength / span]);
  const kept = simplifiedTo(mostKnots - beyond.length, corners, tremble);
  const drawn = kept.map((corner) => settled(all[corners.indexOf(corner)]!, { last, span }));
  return [...once(drawn), ...beyond].slice(0, mostKnots);
}

/** Rounded; on 0 where it nearly is, for an effect that is off must be off. */
const settled = ([time, strength]: Knot, { last, span }: Pick<Ground, "last" | "span">): Knot => [
  timeOf(time, last),
  Math.abs(strength) < tremble * span ? 0 : rounded(strength),
];

/** Of points at one time, the last. */
const once = (knots: readonly Knot[]): Knot[] => knots.filter(([time], at) => knots[at + 1]?.[0] !== time);

/** One point moved; in time no farther than to its neighbours, and where it lies beyond the last time, only from there inwards. */
export function moved({ knots, ...edges }: Ground, which: number, to: Knot): Knot[] {
  const [own] = knots[which]!;
  const [asked, strength] = settled(to, edges);
  const time = own > edges.last && to[0] >= edges.last * (1 - 1e-9) ? own : asked;
  const isFree = time > (knots[which - 1]?.[0] ?? 0) && time < (knots[which + 1]?.[0] ?? Infinity);
  return knots.map((knot, at) => (at === which ? [isFree ? time : knot[0], strength] : knot));
}

/** One point more, on the curve, in the middle of its widest gap in log time. */
export function added(knots: readonly Knot[], effect: Effect, last: number): { knots: Knot[]; which: number } {
  const ends = [1, ...knots.map(([time]) => time).filter((time) => time <= last), last];
  const gaps = ends.slice(1).map((time, at) => time / ends[at]!);
  const which = gaps.indexOf(Math.max(...gaps));
  const time = timeOf(Math.sqrt(ends[which]! * ends[which + 1]!), last);
  return { knots: knots.toSpliced(which, 0, [time, rounded(effect.at(time))]), which };
}
