// A picture moved by degrees: turned, shifted, brightened, blended with another, covered with noise.
import type { Rng } from "./rng.ts";

/** [rows, columns, channels] */
export type PictureShape = readonly [rows: number, columns: number, channels: number];

/** Values are 0 (black) to 255 (white) and need not be whole. [row, column, channel] */
export type Picture = ArrayLike<number>;

const clipped = (value: number): number => Math.min(255, Math.max(0, value));

/** (1 - share) from + share to */
export const blended = (from: Picture, to: Picture, share: number): Float32Array =>
  Float32Array.from(from, (value, at) => value + share * (to[at]! - value));

/** @param amount share of white that is added, or taken away where it is below 0; what leaves black..white is clipped */
export const brightened = (picture: Picture, amount: number): Float32Array =>
  Float32Array.from(picture, (value) => clipped(value + 255 * amount));

/** Gaussian noise, independent in each value. @param sigma as a share of white; what leaves black..white is clipped */
export const noisy = (picture: Picture, sigma: number, random: Rng): Float32Array =>
  Float32Array.from(picture, (value) => {
    const draw = random.normal();
    return sigma === 0 ? value : clipped(value + 255 * sigma * draw);
  });

/** Turned about its middle, bilinearly. @param degrees clockwise; beyond its edge a picture goes on with its edge's values */
export function rotated(picture: Picture, shape: PictureShape, degrees: number): Float32Array {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleRow, middleColumn] = [(shape[0] - 1) / 2, (shape[1] - 1) / 2];
  return sampled(picture, shape, (row, column) => {
    const [down, across] = [row - middleRow, column - middleColumn];
    return [middleRow - sin * across + cos * down, middleColumn + cos * across + sin * down];
  });
}

/** Shifted to the right, bilinearly. @param pixels need not be whole; beyond its edge a picture goes on with its edge's values */
export const shifted = (picture: Picture, shape: PictureShape, pixels: number): Float32Array =>
  sampled(picture, shape, (row, column) => [row, column - pixels]);

/** The picture whose pixel [row, column] is that of another at `from(row, column)`, between pixels bilinearly. */
function sampled(
  picture: Picture,
  [rows, columns, channels]: PictureShape,
  from: (row: number, column: number) => readonly [row: number, column: number],
): Float32Array {
  const within = (place: number, count: number): number => Math.min(count - 1, Math.max(0, place));
  const out = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [atRow, atColumn] = from(row, column);
      const [y, x] = [within(atRow, rows), within(atColumn, columns)];
      const [top, left] = [Math.floor(y), Math.floor(x)];
      const [bottom, right] = [Math.min(top + 1, rows - 1), Math.min(left + 1, columns - 1)];
      for (let channel = 0; channel < channels; channel++) {
        const value = (r: number, c: number): number => picture[(r * columns + c) * channels + channel]!;
        const upper = value(top, left) + (x - left) * (value(top, right) - value(top, left));
        const lower = value(bottom, left) + (x - left) * (value(bottom, right) - value(bottom, left));
        out[(row * columns + column) * channels + channel] = upper + (y - top) * (lower - upper);
      }
    }
  return out;
}

/** Euclidean distance. */
export function distance(a: Picture, b: Picture): number {
  let squares = 0;
  for (let at = 0; at < a.length; at++) squares += (a[at]! - b[at]!) ** 2;
  return Math.sqrt(squares);
}
