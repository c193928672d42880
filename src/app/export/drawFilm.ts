// A strip of small pictures below an axis as SVG, each in the middle of its place along the plot.
import { zlibSync } from "fflate";
import type { Film } from "../figures/figure.ts";
import { dataUrl } from "./bitmap.ts";
import { chunk, headerChunk, pngOfChunks } from "./chunk.ts";
import { element } from "./element.ts";
import { axisHeight, filmSide, type PanelFrame } from "./frame.ts";
import type { Ink } from "./ink.ts";

/** Every so many pictures are shown, about the one at `home`, so that none hides its neighbour. */
export const strideOf = (count: number, width: number, side: number): number =>
  Math.max(1, Math.ceil(side / (width / count)));

/** Places of the pictures that are shown. */
export const shownOf = (count: number, home: number, stride: number): number[] =>
  Array.from({ length: count }, (_, at) => at).filter((at) => (at - home) % stride === 0);

export function drawFilm({ frame: { font } }: Ink, film: Film, { plot }: PanelFrame): string {
  const count = film.pictures.length;
  const side = filmSide(font);
  const stride = strideOf(count, plot.width, side + 2);
  const top = plot.top + plot.height + axisHeight(font);
  return shownOf(count, film.home, stride)
    .map((at) => {
      const middle = plot.left + ((at + 0.5) / count) * plot.width;
      const place = { x: middle - side / 2, y: top, width: side, height: side };
      return element("image", { ...place, "image-rendering": "pixelated", href: dataUrl(pngOf(film, at)) });
    })
    .join("");
}

/** @param at number of the picture; each pixel becomes 4 x 4, for viewers that smooth small images */
function pngOf({ shape: [rows, columns, channels], pictures }: Film, at: number): Uint8Array {
  const zoom = 4;
  const picture = pictures[at]!;
  const stride = columns * zoom * channels + 1;
  const lines = new Uint8Array(stride * rows * zoom);
  for (let y = 0; y < rows * zoom; y++)
    for (let x = 0; x < columns * zoom; x++) {
      const from = (Math.floor(y / zoom) * columns + Math.floor(x / zoom)) * channels;
      lines.set(picture.subarray(from, from + channels), y * stride + 1 + x * channels);
    }
  return pngOfChunks([
    headerChunk(columns * zoom, rows * zoom, channels === 1 ? 0 : 2),
    chunk("IDAT", zlibSync(lines, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}
