// The usual size: how large each kind of subject is drawn, so that all cover the same share of an image on average.
import type { Point } from "./geometry.ts";
import type { Scene } from "./scene.ts";

/** Pixels a unit, and the unit coordinates that come to the middle of the image; measured by drawing 400 of each. */
export interface UsualSize {
  readonly unit: number;
  readonly middle: Point;
}

const SIZES: Readonly<Record<string, UsualSize>> = {};

/** What the size of a scene's subject goes by. */
export const sizeKey = (scene: Scene): string =>
  "model" in scene ? `${scene.classId} ${scene.view} ${scene.model}` : `${scene.classId} ${scene.view}`;

export const usualSize = (scene: Scene): UsualSize => SIZES[sizeKey(scene)] ?? { unit: 0.29, middle: [0, 0] };
