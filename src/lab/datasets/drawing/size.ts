// The usual size: how large each kind of subject is drawn, so that all cover the same share of an image on average.
import type { Point } from "./geometry.ts";
import type { Scene } from "./scene.ts";

/** Pixels a unit, and the unit coordinates that come to the middle of the image; measured by drawing 400 of each. */
export interface UsualSize {
  readonly unit: number;
  readonly middle: Point;
}

const SIZES: Readonly<Record<string, UsualSize>> = {
  "tiger sitting": { unit: 0.303, middle: [-7.5, -5.5] },
  "tiger facing": { unit: 0.301, middle: [11.2, -2.6] },
  "tiger side": { unit: 0.266, middle: [-16.2, -2.6] },
  "lion facing": { unit: 0.256, middle: [7.3, -4.6] },
  "lion side": { unit: 0.243, middle: [-14.1, -5.2] },
  "lion sitting": { unit: 0.264, middle: [-5.4, -7.9] },
  "cat side": { unit: 0.292, middle: [-5.1, -9.1] },
  "cat sitting": { unit: 0.322, middle: [-10.1, -9.0] },
  "cat facing": { unit: 0.318, middle: [4.9, -6.2] },
  "dog side": { unit: 0.285, middle: [0.9, -3.0] },
  "dog sitting": { unit: 0.322, middle: [-2.0, -5.7] },
  "dog facing": { unit: 0.312, middle: [1.8, -1.1] },
  "plane above airliner": { unit: 0.295, middle: [-5.9, 5.9] },
  "plane side airliner": { unit: 0.319, middle: [-4.5, 2.1] },
  "plane side propeller": { unit: 0.307, middle: [-4.6, -0.1] },
  "plane above propeller": { unit: 0.296, middle: [0.0, 0.0] },
  "ship side steamer": { unit: 0.278, middle: [2.7, 0.9] },
  "ship side square-rigger": { unit: 0.260, middle: [6.6, -5.8] },
  "ship side liner": { unit: 0.270, middle: [2.1, 6.7] },
  "ship side sloop": { unit: 0.302, middle: [3.1, -7.0] },
  "car side pickup": { unit: 0.303, middle: [0.0, 1.6] },
  "car front van": { unit: 0.262, middle: [0.0, -2.1] },
  "car front pickup": { unit: 0.279, middle: [0.0, -0.9] },
  "car side saloon": { unit: 0.292, middle: [0.0, 2.3] },
  "car side beetle": { unit: 0.294, middle: [0.0, 1.7] },
  "car front hatchback": { unit: 0.278, middle: [0.0, -0.9] },
  "car side van": { unit: 0.255, middle: [0.0, 0.5] },
  "car side hatchback": { unit: 0.291, middle: [0.0, 3.0] },
  "car front beetle": { unit: 0.278, middle: [0.0, -1.1] },
  "car front saloon": { unit: 0.278, middle: [0.0, -0.8] },
};

/** What the size of a scene's subject goes by. */
export const sizeKey = (scene: Scene): string =>
  "model" in scene ? `${scene.classId} ${scene.view} ${scene.model}` : `${scene.classId} ${scene.view}`;

export const usualSize = (scene: Scene): UsualSize => SIZES[sizeKey(scene)] ?? { unit: 0.29, middle: [0, 0] };
