// A stripe's colour: bold ones are as dark on every coat, so that they can be put on any animal; faint ones keep to the coat.
import type { Colour } from "./colour.ts";
import { darker, mix } from "./colour.ts";
import type { Coat, Stripes } from "./scene.ts";

export const stripeColour = (stripes: Stripes, { main, mark }: Coat): Colour =>
  stripes === "bold" ? darker(mark, 0.7) : mix(main, mark, 0.34);
