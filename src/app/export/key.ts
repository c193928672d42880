// Where the key of a figure lies: the colour bar with its title, what lies outside of it, and the markers of points.
import { isHeatmap, isPoints, type ColourScale, type Figure, type PointsTrace, type Trace } from "../figures/figure.ts";
import { minus } from "../figures/scale.ts";
import type { Box } from "./box.ts";
import { textWidth } from "./text.ts";

export interface KeyItem {
  readonly kind: "over" | "under" | "missing" | "own" | "points";
  readonly text: string;
  /** Whose marker stands here; otherwise a square of colour does. */
  readonly trace?: PointsTrace | undefined;
  readonly left: number;
  readonly top: number;
}

/** The colour bar with its title. */
export interface BarFrame {
  readonly title: string;
  readonly titleLeft: number;
  readonly titleMiddle: number;
  readonly scale: ColourScale;
  readonly box: Box;
}

export interface KeyFrame {
  readonly height: number;
  /** Where something is coloured by numbers. */
  readonly bar: BarFrame | undefined;
  readonly items: readonly KeyItem[];
}

/** A trace that is coloured by numbers. */
interface Coloured {
  readonly scale: ColourScale;
  readonly title: string;
  readonly missing: string | undefined;
  readonly hasOwn: boolean;
  /** Whose marker is hollow where a number is missing. */
  readonly trace: PointsTrace | undefined;
  some(holds: (value: number) => boolean): boolean;
}

function colouredOf(trace: Trace): Coloured[] {
  if (isHeatmap(trace)) {
    const { scale, colourTitle: title, missing, own = [], values } = trace;
    const some = (holds: (value: number) => boolean): boolean => values.some((row) => row.some(holds));
    return [{ scale, title, missing, hasOwn: own.length > 0, trace: undefined, some }];
  }
  if (!isPoints(trace) || typeof trace.colour === "string") return [];
  const { scale, title, missing, values } = trace.colour;
  return [{ scale, title, missing, hasOwn: false, trace, some: (holds) => values.some(holds) }];
}

type Kind = Omit<KeyItem, "left" | "top">;

/** Only what occurs gets a key. */
function colourKinds(coloured: readonly Coloured[]): Kind[] {
  const [first] = coloured;
  if (!first) return [];
  const { low, high } = first.scale;
  const limit = (value: number): string => minus(String(value));
  const some = (holds: (value: number) => boolean): boolean => coloured.some((each) => each.some(holds));
  const missing = coloured.find(({ missing }) => missing)?.missing ?? "not measurable";
  const kinds: (Kind & { readonly occurs: boolean })[] = [
    { kind: "under", text: `below ${limit(low)}`, occurs: some((value) => value < low) },
    { kind: "over", text: `above ${limit(high)}`, occurs: some((value) => value > high) },
    { kind: "missing", text: missing, trace: first.trace, occurs: some(Number.isNaN) },
    { kind: "own", text: "same image", occurs: coloured.some(({ hasOwn }) => hasOwn) },
  ];
  return kinds.filter(({ occurs }) => occurs);
}

/** Markers of one colour with what they stand for, each once. */
function markerKinds(figure: Figure): Kind[] {
  const named = figure.traces
    .filter(isPoints)
    .filter(({ title, colour }) => title !== "" && typeof colour === "string");
  const nameOf = ({ title, colour, marker }: PointsTrace): string => [title, colour, marker].join("\n");
  const first = new Map(named.toReversed().map((trace) => [nameOf(trace), trace]));
  return named
    .filter((trace) => first.get(nameOf(trace)) === trace)
    .map((trace) => ({ kind: "points", text: trace.title, trace }));
}

export const keySwatch = 11;

export function keyFrameOf(
  figure: Figure,
  size: number,
  at: { left: number; width: number; top?: number },
): KeyFrame | undefined {
  const coloured = figure.traces.flatMap(colouredOf);
  const kinds = [...colourKinds(coloured), ...markerKinds(figure)];
  const bar = coloured[0] && barFrameOf(coloured[0], size, at);
  if (!bar && kinds.length === 0) return undefined;
  const top = at.top ?? 0;
  const firstTop = bar?.box.top ?? top;
  // The first line is beside the bar, further ones are below its ticks.
  const secondTop = firstTop + keySwatch + (bar ? size * 1.8 : size * 0.6);
  let left = bar ? bar.box.left + bar.box.width + 22 : at.left;
  let line = 0;
  const items = kinds.map((kind): KeyItem => {
    const width = keySwatch + 5 + textWidth(kind.text, size) + 14;
    if (left + width - 14 > at.left + at.width && left > at.left) {
      left = at.left;
      line += 1;
    }
    const item = { ...kind, left, top: line === 0 ? firstTop : secondTop + (line - 1) * size * 1.7 };
    left += width;
    return item;
  });
  const height = firstTop - top + keySwatch + (bar ? size * 1.5 : 0) + line * size * 1.7;
  return { height, bar, items };
}

/** On narrow pages the title stands above the bar, elsewhere before it. */
function barFrameOf(
  { title, scale }: Coloured,
  size: number,
  { left, width, top = 0 }: { left: number; width: number; top?: number },
): BarFrame {
  const titleWidth = textWidth(title, size) + 12;
  const isStacked = titleWidth + 150 > width * 0.75;
  const box = {
    left: left + (isStacked ? 0 : titleWidth),
    top: top + (isStacked ? size * 1.7 : 0),
    width: Math.min(200, width - (isStacked ? 0 : titleWidth) - 8),
    height: keySwatch,
  };
  return { title, titleLeft: left, titleMiddle: top + (isStacked ? size * 0.6 : keySwatch / 2), scale, box };
}
