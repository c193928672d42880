// A heatmap with too many cells for rectangles, as a small PNG with a palette, by our own encoder.
import { zlibSync } from "fflate";
import type { HeatmapTrace } from "../figures/figure.ts";
import { colourOf, rampOf, rgbOf, type Theme } from "../figures/palette.ts";
import { chunk, headerChunk, pngOfChunks } from "./chunk.ts";

/** Palette: the steps of the scale, then these. */
const stepCount = 250;
const place = { under: 250, over: 251, own: 252, missing: 253 } as const;

/** @param zoom pixels a cell and side: viewers that smooth small images then only smooth the seams */
export function bitmapOf(trace: HeatmapTrace, theme: Theme, zoom: number): Uint8Array<ArrayBuffer> {
  const [width, height] = [trace.columns.length * zoom, trace.rows.length * zoom];
  const transparency = Uint8Array.from({ length: place.missing + 1 }, (_, index) =>
    index === place.missing ? 0 : 255,
  );
  return pngOfChunks([
    headerChunk(width, height, 3),
    chunk("PLTE", palette(trace, theme)),
    chunk("tRNS", transparency),
    chunk("IDAT", zlibSync(scanlines(trace, zoom), { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function palette({ scale }: HeatmapTrace, theme: Theme): Uint8Array {
  const { under, over } = rampOf(scale.kind);
  const steps = Array.from({ length: stepCount }, (_, step) =>
    colourOf(scale.low + (step / (stepCount - 1)) * (scale.high - scale.low), scale)!,
  );
  // What is missing is transparent, and the hatch behind it shows through.
  return Uint8Array.from([...steps, under, over, theme.own, theme.hatchGround].flatMap((colour) => [...rgbOf(colour)]));
}

/** Rows of palette places, each after a 0 for "no filter". */
function scanlines({ values, columns, own, scale }: HeatmapTrace, zoom: number): Uint8Array {
  const stride = columns.length * zoom + 1;
  const bytes = new Uint8Array(stride * values.length * zoom);
  const places = values.map((row) => row.map((value) => placeOf(value, scale)));
  for (const [row, column] of own ?? []) places[row]![column] = place.own;
  places.forEach((row, at) => {
    const line = new Uint8Array(stride);
    row.forEach((each, column) => line.fill(each, 1 + column * zoom, 1 + (column + 1) * zoom));
    for (let copy = 0; copy < zoom; copy++) bytes.set(line, (at * zoom + copy) * stride);
  });
  return bytes;
}

function placeOf(value: number, { low, high }: HeatmapTrace["scale"]): number {
  if (Number.isNaN(value)) return place.missing;
  if (value > high) return place.over;
  if (value < low) return place.under;
  return Math.round(((value - low) / (high - low)) * (stepCount - 1));
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

export const dataUrl = (png: Uint8Array): string => `data:image/png;base64,${base64(png)}`;
