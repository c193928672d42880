// A change of one feature: the same scene drawn again with only that feature moved, by degrees or from kind to kind.
import { hex, mix, type Colour } from "./colour.ts";
import { drawScene } from "./draw.ts";
import { CAR_MODELS } from "./car.ts";
import { PLANE_MODELS } from "./plane.ts";
import { SHIP_MODELS } from "./ship.ts";
import { isAnimal, type AnimalId, type Scene, type VehicleId } from "./scene.ts";

export const features = ["stripes", "coat", "background", "size", "turn", "silhouette"] as const;
export type Feature = (typeof features)[number];

/** What everything turns into on the way of the coat: the grey of a British shorthair. */
const GREY = { main: hex(0x9b9ba6), light: hex(0xe9e8ec), mark: hex(0x4c4c58) };

const ANIMALS: readonly AnimalId[] = ["tiger", "lion", "cat", "dog"];
const VEHICLES: readonly VehicleId[] = ["plane", "ship", "car"];
const MODELS = { plane: PLANE_MODELS, ship: SHIP_MODELS, car: CAR_MODELS } as const;

/** The kinds that a class may be drawn as: its own first, then the others of its body plan. */
export function silhouettes(classId: string): readonly string[] {
  const kin: readonly string[] = (ANIMALS as readonly string[]).includes(classId) ? ANIMALS : VEHICLES;
  return [classId, ...kin.filter((id) => id !== classId)];
}

/**
 * The image of a scene with one feature changed; 0 leaves it as it is. [row, column, channel], 0..255
 * @param amount stripes: share taken away from a striped animal, or put on another (vehicles have none); coat: share of the
 * way to grey; background: share of the way to a plain one (from a plain one, to grass); size: doublings; turn: degrees,
 * clockwise, of the subject alone; silhouette: place in `silhouettes`
 */
export function redrawn(scene: Scene, feature: Feature, amount: number): Uint8Array {
  if (amount === 0) return drawScene(scene);
  switch (feature) {
    case "background":
      return blended(drawScene(scene), drawScene(elsewhere(scene)), amount);
    case "stripes":
      return drawScene(striped(scene, amount));
    case "coat":
      return drawScene(coated(scene, amount));
    case "size":
      return drawScene({
        ...scene,
        placement: { ...scene.placement, size: scene.placement.size * 2 ** amount },
      });
    case "turn":
      return drawScene({ ...scene, placement: { ...scene.placement, angle: scene.placement.angle + amount } });
    case "silhouette":
      return drawScene(reshaped(scene, silhouettes(scene.classId)[amount]!));
  }
}

const elsewhere = (scene: Scene): Scene => ({
  ...scene,
  background: { ...scene.background, kind: scene.background.kind === "plain" ? "grass" : "plain" },
});

const blended = (from: Uint8Array, to: Uint8Array, share: number): Uint8Array =>
  from.map((value, at) => Math.round(value + share * (to[at]! - value)));

function striped(scene: Scene, amount: number): Scene {
  if (!isAnimal(scene)) return scene;
  return scene.stripes === "none"
    ? { ...scene, stripes: "bold", stripeOpacity: amount }
    : { ...scene, stripeOpacity: 1 - amount };
}

function coated(scene: Scene, amount: number): Scene {
  const grey = (colour: Colour, aim: Colour): Colour => mix(colour, aim, amount);
  if (!isAnimal(scene))
    return {
      ...scene,
      livery: {
        ...scene.livery,
        main: grey(scene.livery.main, GREY.main),
        accent: grey(scene.livery.accent, GREY.light),
      },
    };
  const { main, light, mark } = scene.coat;
  return {
    ...scene,
    coat: { main: grey(main, GREY.main), light: grey(light, GREY.light), mark: grey(mark, GREY.mark) },
    mane: scene.mane === undefined ? undefined : grey(scene.mane, GREY.mark),
  };
}

/** Another body, head and tail under the same coat, stripes, ears, pose, place and light; a vehicle's first model. */
function reshaped(scene: Scene, classId: string): Scene {
  if (isAnimal(scene)) return { ...scene, classId: classId as AnimalId };
  const id = classId as VehicleId;
  return { ...scene, classId: id, view: "side", model: MODELS[id][0] };
}
