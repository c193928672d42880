// The hatch that says "not measurable", as a pattern of a drawing or as a picture of its own.
import type { Theme } from "../figures/palette.ts";
import { element } from "./element.ts";
import type { Box } from "./box.ts";

/** Strokes across a tile that meet at its edges. */
export function hatchPattern(id: string, { hatchGround, hatchLine }: Theme): string {
  return element(
    "pattern",
    { id, width: 5, height: 5, patternUnits: "userSpaceOnUse" },
    element("rect", { width: 5, height: 5, fill: hatchGround }),
    element("path", { d: "M-1 1L1 -1M0 5L5 0M4 6L6 4", stroke: hatchLine, "stroke-width": 1 }),
  );
}

/** A hatched picture of a size, as an address. */
export function hatchUrl({ width, height }: Box, theme: Theme): string {
  const svg = element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height },
    element("defs", {}, hatchPattern("hatch", theme)),
    element("rect", { width, height, fill: "url(#hatch)" }),
  );
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}
