// Text in figures: how wide it is without a browser to ask, and where labels go that would lie on each other.
import { element, escaped, type Attributes } from "./element.ts";

/** Advance widths of Arial in thousandths of the size; other sans serifs are near enough with some slack. */
const widths: readonly (readonly [characters: string, width: number])[] = [
  ["ijl'|‘’", 222],
  ["⁰¹²³⁴⁵⁶⁷⁸⁹⁻", 340],
  [" .,:;/I!ft[]()·", 285],
  ['-r"*`', 340],
  ["ckszvxyJ", 500],
  ["abdeghnopqu0123456789L?_#$«»", 556],
  ["+<>=~−×±∂", 584],
  ["ABEKPSVXYFTZ&", 667],
  ["CDHNRUw", 722],
  ["GOQ", 778],
  ["mM", 833],
  ["W%", 920],
];
const widthOf = new Map(widths.flatMap(([characters, width]) => [...characters].map((each) => [each, width] as const)));
/** System fonts run up to an eighth wider than Arial. */
const slack = 1.12;
/** And bold type is wider still. */
export const boldness = 1.1;

export function textWidth(text: string, sizePx: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += widthOf.get(character) ?? 600;
  return (thousandths / 1000) * sizePx * slack;
}

export const widest = (texts: Iterable<string>, sizePx: number): number =>
  Math.max(0, ...[...texts].map((text) => textWidth(text, sizePx)));

/** Words broken into lines no wider than `widthPx`. */
export function lines(text: string, sizePx: number, widthPx: number): string[] {
  const done: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, sizePx) > widthPx) {
      done.push(line);
      line = word;
    } else line = longer;
  }
  return [...done, line];
}

export interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly anchor?: "start" | "middle" | "end" | undefined;
  readonly weight?: number | undefined;
  readonly transform?: string | undefined;
  readonly more?: Attributes;
}

/** @param y the middle of the text's height: viewers disagree about `dominant-baseline`, so the baseline is computed */
export function text(
  x: number,
  y: number,
  content: string,
  { size, fill, anchor, weight, transform, more }: TextStyle,
): string {
  return element(
    "text",
    {
      x,
      y: y + 0.35 * size,
      "font-size": size,
      fill,
      "text-anchor": anchor === "start" ? undefined : anchor,
      "font-weight": weight,
      transform,
      ...more,
    },
    escaped(content),
  );
}

/**
 * Places for labels of one height as near to where they want to be as their not overlapping allows, within [top, bottom].
 * Neighbours that would overlap move as one block about their mean.
 */
export function apart(wanted: readonly number[], heightPx: number, top: number, bottom: number): number[] {
  interface Block {
    readonly members: readonly number[];
    readonly centre: number;
  }
  const within = (centre: number, count: number): number => {
    const half = (count * heightPx) / 2;
    return Math.max(top + half, Math.min(bottom - half, centre));
  };
  const blocks: Block[] = [];
  for (const member of [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]! || a - b)) {
    let block: Block = { members: [member], centre: within(wanted[member]!, 1) };
    for (let last = blocks.at(-1); last && overlap(last, block, heightPx); last = blocks.at(-1)) {
      blocks.pop();
      const members = [...last.members, ...block.members];
      const mean = members.reduce((sum, each) => sum + wanted[each]!, 0) / members.length;
      block = { members, centre: within(mean, members.length) };
    }
    blocks.push(block);
  }
  const places = wanted.map(() => 0);
  for (const { members, centre } of blocks)
    members.forEach((member, index) => (places[member] = centre + (index - (members.length - 1) / 2) * heightPx));
  return places;
}

const overlap = (
  above: { readonly members: readonly number[]; readonly centre: number },
  below: { readonly members: readonly number[]; readonly centre: number },
  heightPx: number,
): boolean => below.centre - above.centre < ((above.members.length + below.members.length) / 2) * heightPx - 1e-9;
