// Which class is drawn with which feature, by default: the simple ones as `sample.ts` deals them out and the drawing code paints them,
// and above them the compound ones that they make. A table for models that are given features instead of finding them. What only
// some models of a vehicle have is passed over: a propeller plane's one wheel, the sloop's lack of windows.
import type { ClassId } from "./scene.ts";

export interface DrawnFeature {
  readonly name: string;
  /** 0: simple; 1: made of simple ones. */
  readonly level: 0 | 1;
  readonly owners: readonly ClassId[];
}

const animals: readonly ClassId[] = ["tiger", "lion", "cat", "dog"];
const vehicles: readonly ClassId[] = ["plane", "ship", "car"];
const all: readonly ClassId[] = [...animals, ...vehicles];

const simple: Readonly<Record<string, readonly ClassId[]>> = {
  // `draw.ts`: every subject is rimmed, shaded by the light, and stands before one of the seven backgrounds.
  outline: all,
  light: all,
  background: all,
  // `quadruped.ts`, `head.ts`.
  fur: animals,
  legs: animals,
  tail: animals,
  eyes: animals,
  // Bold on tigers, faint on half of the cats.
  stripes: ["tiger", "cat"],
  "round ears": ["tiger", "lion"],
  "pointed ears": ["cat"],
  "soft ears": ["dog"],
  mane: ["lion"],
  tuft: ["lion"],
  tongue: ["dog"],
  collar: ["dog"],
  "eye spots": ["tiger"],
  // `plane.ts`, `ship.ts`, `car.ts`.
  paint: vehicles,
  glass: vehicles,
  wings: ["plane"],
  fin: ["plane"],
  keel: ["ship"],
  "sails or funnels": ["ship"],
  wheels: ["car"],
  lamps: ["car"],
};

const compound: Readonly<Record<string, readonly ClassId[]>> = {
  figure: all,
  scene: all,
  body: animals,
  head: animals,
  "striped coat": ["tiger", "cat"],
  "big cat's head": ["tiger", "lion"],
  "tiger's face": ["tiger"],
  "lion's head": ["lion"],
  "cat's head": ["cat"],
  "dog's head": ["dog"],
  shell: vehicles,
  fuselage: ["plane"],
  "hull and rig": ["ship"],
  chassis: ["car"],
};

const listed = (owned: typeof simple, level: 0 | 1): DrawnFeature[] =>
  Object.entries(owned).map(([name, owners]) => ({ name, level, owners }));

export const drawnFeatures: readonly DrawnFeature[] = [...listed(simple, 0), ...listed(compound, 1)];
