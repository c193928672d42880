// A small image with its own pixels kept crisp: enlarged by whole numbers before the browser fits it.
import { useEffect, useRef } from "react";
import classes from "./Thumb.module.css";

export interface ThumbProps {
  /** [row, column, channel] bytes; an empty frame while they are on their way. */
  readonly pixels: Uint8Array | undefined;
  readonly shape: readonly [number, number, number];
  /** Whole-number enlargement. */
  readonly scale?: number;
  /** Empty where the image is named by what stands around it. */
  readonly alt: string;
}

export function Thumb({ pixels, shape, scale = 2, alt }: ThumbProps) {
  const [rows, columns, channels] = shape;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    if (pixels) context.putImageData(enlarged(pixels, [rows, columns, channels], scale), 0, 0);
    else context.clearRect(0, 0, columns * scale, rows * scale);
  }, [pixels, rows, columns, channels, scale]);
  return (
    <canvas
      ref={canvas}
      className={classes.thumb}
      width={columns * scale}
      height={rows * scale}
      {...(alt === "" ? { "aria-hidden": true } : { role: "img", "aria-label": alt })}
    />
  );
}

function enlarged(
  pixels: Uint8Array,
  [rows, columns, channels]: readonly [number, number, number],
  scale: number,
): ImageData {
  const image = new ImageData(columns * scale, rows * scale);
  const words = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows * scale; row++)
    for (let column = 0; column < columns * scale; column++) {
      const at = (Math.floor(row / scale) * columns + Math.floor(column / scale)) * channels;
      const red = pixels[at]!;
      const [green, blue] = channels === 1 ? [red, red] : [pixels[at + 1]!, pixels[at + 2]!];
      // Little-endian ABGR, as every browser's platform has it.
      words[row * columns * scale + column] = (255 << 24) | (blue << 16) | (green << 8) | red;
    }
  return image;
}
