// A colour: 24 bits, red in the lowest byte, so that a canvas is one array of whole numbers.
export type Colour = number;

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));

export const rgb = (red: number, green: number, blue: number): Colour =>
  clamp(red) | (clamp(green) << 8) | (clamp(blue) << 16);

/** From the usual notation 0xRRGGBB. */
export const hex = (code: number): Colour => ((code >> 16) & 255) | (code & 0xff00) | ((code & 255) << 16);

/** The share `amount` in [0, 1] of `to`, the rest of `from`. */
export function mix(from: Colour, to: Colour, amount: number): Colour {
  const keep = 1 - amount;
  return rgb(
    keep * (from & 255) + amount * (to & 255),
    keep * ((from >> 8) & 255) + amount * ((to >> 8) & 255),
    keep * ((from >> 16) & 255) + amount * ((to >> 16) & 255),
  );
}

/** 0..255 */
export const brightness = (colour: Colour): number =>
  0.3 * (colour & 255) + 0.59 * ((colour >> 8) & 255) + 0.11 * ((colour >> 16) & 255);

const NIGHT = hex(0x2a1f2e);

/** A warm shadow rather than a mere multiple, so that dark sides stay colourful. */
export const darker = (colour: Colour, amount: number): Colour => mix(colour, NIGHT, amount);
export const lighter = (colour: Colour, amount: number): Colour => mix(colour, hex(0xfffaf0), amount);
