// A scene: every feature of one drawing, spelled out, so that one can be changed while all others stay.
import type { Colour } from "./colour.ts";

export type AnimalId = "tiger" | "lion" | "cat" | "dog";
export type VehicleId = "plane" | "ship" | "car";
export type ClassId = AnimalId | VehicleId;

export type AnimalView = "side" | "facing" | "sitting";
/** Seen from above (planes only), from the side, or from the front (cars only). */
export type VehicleView = "side" | "above" | "front";

export const BACKGROUNDS = ["sky", "grass", "sand", "water", "plain", "dusk", "floor line"] as const;
export type BackgroundKind = (typeof BACKGROUNDS)[number];

export interface Background {
  readonly kind: BackgroundKind;
  /** Where the clouds, waves, hills and shades of this one background come from. */
  readonly seed: number;
}

export type Stripes = "none" | "faint" | "bold";
export type Ears = "round" | "pointed" | "pricked" | "hanging";

export interface Coat {
  readonly main: Colour;
  /** Belly, chest, muzzle. */
  readonly light: Colour;
  /** Stripes and ear backs. */
  readonly mark: Colour;
}

export interface Pose {
  /** How far the legs are apart, and which pair leads; -1..1. */
  readonly stride: number;
  /** Where the head looks: 0 at us, 1 to the animal's front; -1..1. */
  readonly yaw: number;
  /** Tilt of the head in degrees. */
  readonly tilt: number;
  /** How high the head is carried, -1..1. */
  readonly lift: number;
  /** How the tail is held, 0..1 from low to high. */
  readonly tail: number;
  /** Plumpness, -1..1. */
  readonly bulk: number;
}

export interface Placement {
  /** Times the usual size of the class. */
  readonly size: number;
  /** Shift in pixels. */
  readonly x: number;
  readonly y: number;
  /** Degrees. */
  readonly angle: number;
  /** Sideways shift for each unit of height. */
  readonly shear: number;
  readonly flipped: boolean;
}

export interface Light {
  readonly brightness: number;
  /** Factors of red, green and blue. */
  readonly tint: readonly [number, number, number];
  /** Standard deviation of the pixel noise, of 1. */
  readonly noise: number;
  readonly noiseSeed: number;
}

interface Staging {
  readonly background: Background;
  readonly placement: Placement;
  readonly light: Light;
}

export interface AnimalScene extends Staging {
  readonly classId: AnimalId;
  readonly view: AnimalView;
  readonly pose: Pose;
  readonly coat: Coat;
  readonly stripes: Stripes;
  /** From 0 to 1; as drawn by default where it is not given: 1. */
  readonly stripeOpacity?: number;
  readonly ears: Ears;
  /** The colour of the collar, or none. */
  readonly collar: Colour | undefined;
  /** The colour of the mane, or none. */
  readonly mane: Colour | undefined;
}

export interface Livery {
  readonly main: Colour;
  readonly accent: Colour;
  readonly glass: Colour;
}

export interface VehicleScene extends Staging {
  readonly classId: VehicleId;
  readonly view: VehicleView;
  readonly model: string;
  readonly livery: Livery;
  /** Free proportions of the model, 0..1 each: lengths, heights, counts. */
  readonly shape: readonly [number, number, number];
}

export type Scene = AnimalScene | VehicleScene;

export const isAnimal = (scene: Scene): scene is AnimalScene =>
  scene.classId === "tiger" || scene.classId === "lion" || scene.classId === "cat" || scene.classId === "dog";
