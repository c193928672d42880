// Elements of an SVG as text: escaped, rounded, the same bytes each time.

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// XML 1.0 has no way to write most control characters.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escaped = (text: string): string =>
  text.replace(forbidden, "").replace(/[&<>"]/g, (character) => entities[character]!);

/** A hundredth of a pixel is finer than any printer's dot. */
export const rounded = (value: number): string => String(Math.round(value * 100) / 100 + 0);

const attribute = ([name, value]: [string, string | number | undefined]): string =>
  value === undefined ? "" : ` ${name}="${typeof value === "number" ? rounded(value) : escaped(value)}"`;

/** @param children already markup */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const opening = name + Object.entries(attributes).map(attribute).join("");
  const content = children.join("");
  return content === "" ? `<${opening}/>` : `<${opening}>${content}</${name}>`;
}

export type Point = readonly [x: number, y: number];

/** Path data; a point that is NaN breaks the line. */
export function pathOf(points: readonly Point[]): string {
  let isBroken = true;
  return points
    .map(([x, y]) => {
      if (Number.isNaN(x) || Number.isNaN(y)) {
        isBroken = true;
        return "";
      }
      const step = `${isBroken ? "M" : "L"}${rounded(x)} ${rounded(y)}`;
      isBroken = false;
      return step;
    })
    .join("");
}
