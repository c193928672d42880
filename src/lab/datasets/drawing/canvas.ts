// A canvas: 128 x 128 samples, four a pixel each way, that paths are filled on and that is then reduced to 32 x 32 pixels.
import type { Colour } from "./colour.ts";
import { mix } from "./colour.ts";
import type { Affine, Path } from "./geometry.ts";
import { compose } from "./geometry.ts";

/** Pixels a side of a finished image. */
export const SIDE = 32;
/** Samples a side of a pixel. */
export const SAMPLES = 4;
const WIDTH = SIDE * SAMPLES;
/** No path of the drawings crosses a row more often than this; further crossings would be dropped. */
const MAX_CROSSINGS = 48;

/** Parts of the subject are bits, so that a marking can be kept to several of them; 0 is the background. */
export type Parts = number;

export interface Ink {
  /** The part of the subject that the samples become. Absent: they stay what they are. */
  readonly part?: Parts;
  /** Only samples of these parts are painted. */
  readonly on?: Parts;
  /** Opacity, 1 by default. */
  readonly alpha?: number;
}

/** Fills paths given in its own coordinates. */
export interface Pen {
  fill(path: Path, colour: Colour, ink?: Ink): void;
  /** A pen whose coordinates are first mapped by `affine`. */
  within(affine: Affine): Pen;
}

export class Canvas {
  private readonly colours = new Uint32Array(WIDTH * WIDTH);
  private readonly parts = new Uint8Array(WIDTH * WIDTH);
  private readonly near = new Uint8Array(WIDTH * WIDTH);
  private readonly around = new Uint8Array(WIDTH * WIDTH);
  private readonly crossings = new Float64Array(WIDTH * MAX_CROSSINGS);
  private readonly windings = new Int8Array(WIDTH * MAX_CROSSINGS);
  private readonly counts = new Uint8Array(WIDTH);

  clear(): void {
    this.colours.fill(0);
    this.parts.fill(0);
  }

  /** A pen in samples is `pen(identity)`; the drawings use pixels or units of their own. */
  pen(affine: Affine): Pen {
    return {
      fill: (path, colour, ink = {}) => this.fill(path, affine, colour, ink),
      within: (inner) => this.pen(compose(affine, inner)),
    };
  }

  /** Paints whole rows, from `top` down to `bottom` (in pixels), in a colour that may change with the height. */
  rows(top: number, bottom: number, colourAt: (share: number) => Colour): void {
    const first = Math.max(Math.round(top * SAMPLES), 0);
    const end = Math.min(Math.round(bottom * SAMPLES), WIDTH);
    for (let row = first; row < end; row++) {
      const colour = colourAt((row - first) / Math.max(end - first - 1, 1));
      this.colours.fill(colour, row * WIDTH, (row + 1) * WIDTH);
    }
  }

  /** Fills by the non-zero rule, so that outlines which overlap themselves have no holes. */
  private fill(path: Path, { a, b, c, d, e, f }: Affine, colour: Colour, ink: Ink): void {
    let top = WIDTH;
    let bottom = -1;
    this.counts.fill(0);
    const last = path.length - 2;
    let x0 = a * path[last]! + c * path[last + 1]! + e;
    let y0 = b * path[last]! + d * path[last + 1]! + f;
    for (let at = 0; at <= last; at += 2) {
      const x1 = a * path[at]! + c * path[at + 1]! + e;
      const y1 = b * path[at]! + d * path[at + 1]! + f;
      const down = y1 > y0;
      const first = Math.max(Math.ceil((down ? y0 : y1) - 0.5), 0);
      const end = Math.min(Math.ceil((down ? y1 : y0) - 0.5), WIDTH);
      if (first < end) {
        const slope = (x1 - x0) / (y1 - y0);
        for (let row = first; row < end; row++) this.cross(row, x0 + (row + 0.5 - y0) * slope, down ? 1 : -1);
        if (first < top) top = first;
        if (end > bottom) bottom = end;
      }
      x0 = x1;
      y0 = y1;
    }
    for (let row = top; row < bottom; row++) this.fillRow(row, colour, ink);
  }

  /** Keeps each row's crossings in order of x. */
  private cross(row: number, x: number, winding: number): void {
    const count = this.counts[row]!;
    if (count === MAX_CROSSINGS) return;
    let at = row * MAX_CROSSINGS + count;
    while (at > row * MAX_CROSSINGS && this.crossings[at - 1]! > x) {
      this.crossings[at] = this.crossings[at - 1]!;
      this.windings[at] = this.windings[at - 1]!;
      at--;
    }
    this.crossings[at] = x;
    this.windings[at] = winding;
    this.counts[row] = count + 1;
  }

  private fillRow(row: number, colour: Colour, ink: Ink): void {
    const start = row * MAX_CROSSINGS;
    const end = start + this.counts[row]!;
    let winding = 0;
    for (let at = start; at < end - 1; at++) {
      winding += this.windings[at]!;
      if (winding === 0) continue;
      const from = Math.max(Math.ceil(this.crossings[at]! - 0.5), 0);
      const to = Math.min(Math.ceil(this.crossings[at + 1]! - 0.5), WIDTH);
      if (from < to) this.paint(row * WIDTH + from, row * WIDTH + to, colour, ink);
    }
  }

  private paint(from: number, to: number, colour: Colour, { part, on, alpha = 1 }: Ink): void {
    if (on === undefined && alpha === 1) this.colours.fill(colour, from, to);
    else
      for (let at = from; at < to; at++)
        if (on === undefined || (this.parts[at]! & on) !== 0)
          this.colours[at] = alpha === 1 ? colour : mix(this.colours[at]!, colour, alpha);
    if (part !== undefined) this.parts.fill(part, from, to);
  }

  /** Rims the subject: samples of the background at most `radius` samples from it are mixed with `colour`. */
  rim(radius: number, colour: Colour, alpha: number): void {
    const { parts, near, around, colours } = this;
    spread(parts, near.fill(0), radius, WIDTH, 1);
    spread(near, around.fill(0), radius, 1, WIDTH);
    for (let at = 0; at < around.length; at++)
      if (around[at] !== 0 && parts[at] === 0) colours[at] = mix(colours[at]!, colour, alpha);
  }

  /** The mean colour of every pixel; [row, column, channel], 0..255. */
  reduced(): Float32Array {
    const image = new Float32Array(SIDE * SIDE * 3);
    for (let row = 0; row < WIDTH; row++) {
      const line = (row / SAMPLES) | 0;
      for (let column = 0; column < WIDTH; column++) {
        const colour = this.colours[row * WIDTH + column]!;
        const at = (line * SIDE + ((column / SAMPLES) | 0)) * 3;
        image[at] = image[at]! + (colour & 255);
        image[at + 1] = image[at + 1]! + ((colour >> 8) & 255);
        image[at + 2] = image[at + 2]! + ((colour >> 16) & 255);
      }
    }
    for (let at = 0; at < image.length; at++) image[at] = image[at]! / (SAMPLES * SAMPLES);
    return image;
  }

  /** The share of every pixel that the subject covers; [row, column], 0..1. */
  coverage(): Float32Array {
    const mask = new Float32Array(SIDE * SIDE);
    for (let row = 0; row < WIDTH; row++)
      for (let column = 0; column < WIDTH; column++)
        if (this.parts[row * WIDTH + column] !== 0) {
          const at = ((row / SAMPLES) | 0) * SIDE + ((column / SAMPLES) | 0);
          mask[at] = mask[at]! + 1 / (SAMPLES * SAMPLES);
        }
    return mask;
  }
}

/** Marks in `to` what lies at most `radius` from a mark in `from` along lines `stride` apart, of samples `step` apart. */
function spread(from: Uint8Array, to: Uint8Array, radius: number, stride: number, step: number): void {
  for (let line = 0; line < WIDTH; line++) {
    const start = line * stride;
    // Whole numbers far off stand for "none yet": infinities would make this loop several times slower.
    let seen = -WIDTH;
    for (let at = 0; at < WIDTH; at++) {
      if (from[start + at * step] !== 0) seen = at;
      if (at - seen <= radius) to[start + at * step] = 1;
    }
    seen = 2 * WIDTH;
    for (let at = WIDTH - 1; at >= 0; at--) {
      if (from[start + at * step] !== 0) seen = at;
      if (seen - at <= radius) to[start + at * step] = 1;
    }
  }
}
