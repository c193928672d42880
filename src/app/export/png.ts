// A drawing as a PNG file of a printing density, made by the browser, with what made it written into the file.
import { densityChunk, textChunk, withChunks } from "./chunk.ts";
import type { Provenance } from "./svg.ts";

export interface PngOptions {
  readonly dpi: number;
  /** Title and caption, as text inside the file. */
  readonly description: string;
  readonly provenance?: Provenance | undefined;
}

/** CSS's inch has 96 pixels. */
const cssDpi = 96;

/** @param svg drawn with the light theme and its paper @param widthPx, heightPx its size in CSS pixels */
export async function pngOf(
  svg: string,
  widthPx: number,
  heightPx: number,
  options: PngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = options.dpi / cssDpi;
  const picture = await imageOf(enlarged(svg, scale));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(widthPx * scale);
  canvas.height = Math.round(heightPx * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("png: this browser gives no canvas");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return describedPng(await bytesOf(canvas), options);
}

/** The density, the description and, if given, the provenance put into a PNG file. */
export function describedPng(png: Uint8Array, { dpi, description, provenance }: PngOptions): Uint8Array<ArrayBuffer> {
  const texts = provenance
    ? [textChunk("Software", "Local Elasticity Lab"), textChunk("Provenance", JSON.stringify(provenance))]
    : [];
  return withChunks(png, [densityChunk(dpi), textChunk("Description", description), ...texts]);
}

/** The same drawing in more pixels: some browsers rasterise an image at its own size first. */
const enlarged = (svg: string, scale: number): string =>
  svg.replace(/^<svg ([^>]*?)width="(\d+)" height="(\d+)"/, (_, before: string, width: string, height: string) => {
    const size = (px: string): number => Math.round(Number(px) * scale);
    return `<svg ${before}width="${size(width)}" height="${size(height)}"`;
  });

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.src = url;
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
  return image;
}

async function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(`png: ${canvas.width} x ${canvas.height} pixels are too many for this browser`);
  return new Uint8Array(await blob.arrayBuffer());
}
