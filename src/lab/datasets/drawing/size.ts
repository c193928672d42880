// The usual size: how large each kind of subject is drawn, so that all cover the same share of an image on average.
import { LabError } from "../../error.ts";
import type { Point } from "./geometry.ts";
import type { Scene } from "./scene.ts";

/** Pixels a unit, and the unit coordinates that come to the middle of the image; measured by drawing 600 images a class. */
export interface UsualSize {
  readonly unit: number;
  readonly middle: Point;
}

const SIZES: Readonly<Record<string, UsualSize>> = {
  "tiger sitting": { unit: 0.291, middle: [-7.1, -4.9] },
  "tiger facing": { unit: 0.288, middle: [8.5, -2.2] },
  "tiger side": { unit: 0.255, middle: [-13.4, -2.0] },
  "lion facing": { unit: 0.246, middle: [3.9, -5.4] },
  "lion side": { unit: 0.233, middle: [-9.7, -6.8] },
  "lion sitting": { unit: 0.254, middle: [-3.7, -6.7] },
  "cat side": { unit: 0.28, middle: [-4.8, -8.6] },
  "cat sitting": { unit: 0.308, middle: [-9.1, -8.8] },
  "cat facing": { unit: 0.304, middle: [6.4, -6.3] },
  "dog side": { unit: 0.272, middle: [1.4, -3.3] },
  "dog sitting": { unit: 0.308, middle: [-1.4, -4.4] },
  "dog facing": { unit: 0.298, middle: [5.0, -0.1] },
  "plane above airliner": { unit: 0.283, middle: [-4.7, 4.7] },
  "plane side airliner": { unit: 0.294, middle: [-4.8, 0.0] },
  "plane side propeller": { unit: 0.303, middle: [-4.6, 0.1] },
  "plane above propeller": { unit: 0.289, middle: [-4.7, 4.7] },
  "ship side steamer": { unit: 0.264, middle: [2.6, 3.8] },
  "ship side square-rigger": { unit: 0.249, middle: [6.3, -5.4] },
  "ship side liner": { unit: 0.261, middle: [2.1, 5.5] },
  "ship side sloop": { unit: 0.288, middle: [3.2, -6.8] },
  "car side pickup": { unit: 0.29, middle: [0.0, 1.0] },
  "car front van": { unit: 0.251, middle: [0.0, -4.6] },
  "car front pickup": { unit: 0.267, middle: [0.0, -0.2] },
  "car side saloon": { unit: 0.281, middle: [0.0, 2.6] },
  "car side beetle": { unit: 0.281, middle: [0.0, 1.6] },
  "car front hatchback": { unit: 0.266, middle: [0.0, -0.1] },
  "car side van": { unit: 0.245, middle: [0.0, 0.7] },
  "car side hatchback": { unit: 0.278, middle: [-0.0, 3.8] },
  "car front beetle": { unit: 0.266, middle: [0.0, 0.0] },
  "car front saloon": { unit: 0.266, middle: [0.0, 0.0] },
};

/** What the size of a scene's subject goes by. */
export const sizeKey = (scene: Scene): string =>
  "model" in scene ? `${scene.classId} ${scene.view} ${scene.model}` : `${scene.classId} ${scene.view}`;

/** @throws LabError `internal` for a view or model that no size was measured for. */
export function usualSize(scene: Scene): UsualSize {
  const size = SIZES[sizeKey(scene)];
  if (size === undefined) throw new LabError("internal", `There is no usual size for "${sizeKey(scene)}".`);
  return size;
}
