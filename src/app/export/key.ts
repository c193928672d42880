// Where the key of heatmaps lies: the colour bar with its title, and the keys of what lies outside of it.
import { isHeatmap, type Figure, type HeatmapTrace } from "../figures/figure.ts";
import { minus } from "../figures/scale.ts";
import type { Box } from "./box.ts";
import { textWidth } from "./text.ts";

export interface KeyItem {
  readonly kind: "over" | "under" | "missing" | "own";
  readonly text: string;
  readonly left: number;
  readonly line: number;
}

/** The colour bar with its title, and the keys of what lies outside of it. */
export interface KeyFrame {
  readonly box: Box;
  readonly titleWidth: number;
  readonly bar: Box;
  readonly items: readonly KeyItem[];
}

/** Only what occurs gets a key. */
function keyKinds(heatmaps: readonly HeatmapTrace[]): Pick<KeyItem, "kind" | "text">[] {
  const [{ scale }] = heatmaps as [HeatmapTrace];
  const some = (holds: (value: number) => boolean): boolean =>
    heatmaps.some(({ values }) => values.some((row) => row.some(holds)));
  const limit = (value: number): string => minus(String(value));
  const kinds: (Pick<KeyItem, "kind" | "text"> & { readonly occurs: boolean })[] = [
    { kind: "under", text: `below ${limit(scale.low)}`, occurs: some((value) => value < scale.low) },
    { kind: "over", text: `above ${limit(scale.high)}`, occurs: some((value) => value > scale.high) },
    {
      kind: "missing",
      text: heatmaps.find(({ missing }) => missing)?.missing ?? "not measurable",
      occurs: some(Number.isNaN),
    },
    { kind: "own", text: "same image", occurs: heatmaps.some(({ own }) => own !== undefined && own.length > 0) },
  ];
  return kinds.filter(({ occurs }) => occurs);
}

export const keySwatch = 11;

export function keyFrameOf(
  figure: Figure,
  size: number,
  at: { left: number; width: number; top?: number },
): KeyFrame | undefined {
  const heatmaps = figure.traces.filter(isHeatmap);
  if (heatmaps.length === 0) return undefined;
  const titleWidth = textWidth(heatmaps[0]!.colourTitle, size) + 12;
  // On narrow pages the title stands above the bar, elsewhere before it.
  const isStacked = titleWidth + 150 > at.width * 0.75;
  const top = (at.top ?? 0) + (isStacked ? size * 1.7 : 0);
  const barWidth = Math.min(200, at.width - (isStacked ? 0 : titleWidth) - 8);
  const bar = { left: at.left + (isStacked ? 0 : titleWidth), top, width: barWidth, height: keySwatch };
  let left = bar.left + barWidth + 22;
  let line = 0;
  const items = keyKinds(heatmaps).map((kind): KeyItem => {
    const width = keySwatch + 5 + textWidth(kind.text, size) + 14;
    if (left + width - 14 > at.left + at.width && left > at.left) {
      left = at.left;
      line += 1;
    }
    const item = { ...kind, left, line };
    left += width;
    return item;
  });
  const height = (isStacked ? size * 1.7 : 0) + keySwatch + size * 1.5 + line * size * 1.7;
  return {
    box: { left: at.left, top: at.top ?? 0, width: at.width, height },
    titleWidth: isStacked ? 0 : titleWidth,
    bar,
    items,
  };
}

/** Top of a key item: the first line is beside the bar, further ones are below its ticks. */
export const keyItemTop = ({ bar }: KeyFrame, { line }: KeyItem, size: number): number =>
  line === 0 ? bar.top : bar.top + bar.height + size * 1.5 + (line - 1) * size * 1.7 + size * 0.3;
