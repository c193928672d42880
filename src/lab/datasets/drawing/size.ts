// The usual size: how large each kind of subject is drawn, so that all cover the same share of an image on average.
import type { Point } from "./geometry.ts";
import type { Scene } from "./scene.ts";

/** Pixels a unit, and the unit coordinates that come to the middle of the image; measured by drawing 400 of each. */
export interface UsualSize {
  readonly unit: number;
  readonly middle: Point;
}

const SIZES: Readonly<Record<string, UsualSize>> = {
  "tiger sitting": { unit: 0.291, middle: [-7.0, -4.8] },
  "tiger facing": { unit: 0.288, middle: [8.5, -2.1] },
  "tiger side": { unit: 0.255, middle: [-13.4, -2.0] },
  "lion facing": { unit: 0.246, middle: [3.9, -6.4] },
  "lion side": { unit: 0.233, middle: [-9.7, -6.8] },
  "lion sitting": { unit: 0.254, middle: [-3.7, -6.7] },
  "cat side": { unit: 0.28, middle: [-3.6, -6.9] },
  "cat sitting": { unit: 0.308, middle: [-7.7, -8.9] },
  "cat facing": { unit: 0.304, middle: [6.4, -6.3] },
  "dog side": { unit: 0.272, middle: [1.4, -2.9] },
  "dog sitting": { unit: 0.308, middle: [-1.5, -5.9] },
  "dog facing": { unit: 0.298, middle: [5.1, 0.3] },
  "plane above airliner": { unit: 0.282, middle: [-7.8, 7.8] },
  "plane side airliner": { unit: 0.294, middle: [-4.8, 0.0] },
  "plane side propeller": { unit: 0.303, middle: [-4.6, 0.1] },
  "plane above propeller": { unit: 0.289, middle: [-4.7, 4.7] },
  "ship side steamer": { unit: 0.265, middle: [2.9, 1.6] },
  "ship side square-rigger": { unit: 0.25, middle: [6.0, -5.5] },
  "ship side liner": { unit: 0.261, middle: [2.1, 5.5] },
  "ship side sloop": { unit: 0.29, middle: [3.2, -8.3] },
  "car side pickup": { unit: 0.29, middle: [0.0, 1.0] },
  "car front van": { unit: 0.251, middle: [0.0, -4.6] },
  "car front pickup": { unit: 0.267, middle: [0.0, -0.2] },
  "car side saloon": { unit: 0.281, middle: [0.0, 2.6] },
  "car side beetle": { unit: 0.281, middle: [0.0, 1.6] },
  "car front hatchback": { unit: 0.266, middle: [0.0, -0.1] },
  "car side van": { unit: 0.245, middle: [-2.7, 0.7] },
  "car side hatchback": { unit: 0.278, middle: [-2.4, 3.9] },
  "car front beetle": { unit: 0.266, middle: [0.0, 0.0] },
  "car front saloon": { unit: 0.266, middle: [0.0, 0.0] },
};

/** What the size of a scene's subject goes by. */
export const sizeKey = (scene: Scene): string =>
  "model" in scene ? `${scene.classId} ${scene.view} ${scene.model}` : `${scene.classId} ${scene.view}`;

export const usualSize = (scene: Scene): UsualSize => SIZES[sizeKey(scene)] ?? { unit: 0.29, middle: [0, 0] };
