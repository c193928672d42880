// A stripe's colour: bold ones are as dark on every coat, so that they can be put on any animal; faint ones keep to the coat.
import type { Colour } from "./colour.ts";
import { hex, mix } from "./colour.ts";
import type { AnimalScene, Coat, Stripes } from "./scene.ts";

const SOOT = hex(0x261614);

export const stripeColour = (stripes: Stripes, { main, mark }: Coat): Colour =>
  stripes === "bold" ? mix(mark, SOOT, 0.75) : mix(main, mark, 0.34);

/** How opaque stripes are painted. */
export const stripeInk = ({ stripeOpacity = 1 }: AnimalScene): { readonly alpha: number } => ({ alpha: stripeOpacity });
