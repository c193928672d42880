// A figure as it is printed: light, on white paper, at a journal's size.
import type { Figure } from "../figures/figure.ts";
import { lightTheme } from "../figures/palette.ts";
import type { FigureSize } from "./size.ts";
import { svgOf, type Provenance } from "./svg.ts";

export interface Print {
  readonly svg: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Typefaces that every journal takes. */
const fontFamily = "Helvetica, Arial, 'Liberation Sans', sans-serif";
/** Two panels side by side in one column could not be read. */
const narrowPx = 420;

export function printOf(figure: Figure, size: FigureSize, provenance?: Provenance): Print {
  const { widthPx, heightPx, fontPx } = size;
  const arranged: Figure = { ...figure, arrangement: widthPx < narrowPx ? "column" : "row" };
  const svg = svgOf(arranged, {
    widthPx,
    heightPx,
    fontPx,
    theme: lightTheme,
    fontFamily,
    hasPaper: true,
    isFile: true,
    provenance,
  });
  return { svg, widthPx, heightPx: Number(/^<svg [^>]*height="(\d+)"/.exec(svg)![1]) };
}
