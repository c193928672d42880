// Sampling: a scene of a class, with every feature from a stream of its own, so that fixing one never moves another.
import type { Rng } from "../../../math/rng.ts";
import { CAR_MODELS } from "./car.ts";
import type { Colour } from "./colour.ts";
import { darker, hex, mix } from "./colour.ts";
import { PLANE_MODELS } from "./plane.ts";
import type {
  AnimalId,
  AnimalScene,
  AnimalView,
  BackgroundKind,
  ClassId,
  Coat,
  Ears,
  Light,
  Livery,
  Placement,
  Pose,
  Scene,
  Stripes,
  VehicleId,
  VehicleScene,
  VehicleView,
} from "./scene.ts";
import { BACKGROUNDS } from "./scene.ts";
import { SHIP_MODELS } from "./ship.ts";

/** What the lab's form lets one fix for the whole data set. */
export interface Features {
  readonly stripes: "by class" | "nowhere" | "on every animal";
  readonly coat: "by class" | "one for all animals";
  readonly mane: "by class" | "nowhere" | "on every animal";
  readonly ears: "by class" | "round on every animal";
  readonly background: "varied" | "plain";
  readonly view: "varied" | "side only";
  readonly size: "varied" | "one for all";
}

/** What an image takes from its place in its class, so that every class meets every background and view equally often. */
export interface Turn {
  readonly background: BackgroundKind;
  /** 0..1, from which the view (and a vehicle's model) is read. */
  readonly view: number;
}

const coat = (main: number, light: number, mark: number): Coat => ({
  main: hex(main),
  light: hex(light),
  mark: hex(mark),
});

const COATS: Readonly<Record<AnimalId, readonly Coat[]>> = {
  tiger: [coat(0xe88a2e, 0xfff3e0, 0x2a1a18), coat(0xdd7a2a, 0xfdeed8, 0x2a1a18), coat(0xeb9a45, 0xfff5e6, 0x33201c)],
  lion: [coat(0xe0ad62, 0xf6e2ba, 0x8a5a2e), coat(0xd79d54, 0xf0d6a8, 0x7c4f28), coat(0xe8bd7a, 0xf9eacb, 0x96683a)],
  cat: [
    coat(0xe39a4c, 0xfbe9d2, 0xa8561e),
    coat(0x9b9ba6, 0xe9e8ec, 0x4c4c58),
    coat(0x4a4650, 0x8f8a94, 0x1f1c22),
    coat(0xf0e4cc, 0xffffff, 0xb99a72),
    coat(0x94704f, 0xe0cbb0, 0x4b3423),
  ],
  dog: [
    coat(0xd9a45e, 0xf5dfb8, 0xa86c32),
    coat(0x7d5238, 0xc49a74, 0x4c2f20),
    coat(0xf1ebe0, 0xffffff, 0x8a6244),
    coat(0x4b474d, 0xb5a28e, 0x2b272c),
    coat(0xa59d98, 0xe6e1dc, 0x5f5750),
  ],
};

const MANES: readonly number[] = [0x8d4c22, 0x6f3a1f, 0xa8622c, 0x7a3f25];

const COLLARS: readonly number[] = [0xc9503f, 0x3d659c, 0x3f8f7c, 0xe5c66a];

const SHELLS: readonly number[] = [
  0xdf8d45, 0xe0ad62, 0xf1ebe0, 0xf4f0ea, 0x5c5a66, 0xb08c6a, 0xa9abb4, 0xc75a4c, 0x4f86c0, 0x7fb0d6, 0x57a38a,
  0xe5c66a, 0xa3b88f, 0x71839a,
];
const ACCENTS: readonly number[] = [0xc75a4c, 0x3d659c, 0xf4efe6, 0x4a8b80, 0x4d4853, 0xe5c66a, 0x8fb7d6];

/** A little of any neighbouring colour. */
const jittered = (random: Rng, colour: Colour): Colour =>
  mix(colour, hex(random.pick([0xd9a05a, 0x8a5a44, 0xf2e6d2, 0x7a7480])), random.uniform(0, 0.16));

const EARS: Readonly<Record<AnimalId, readonly Ears[]>> = {
  tiger: ["round"],
  lion: ["round"],
  cat: ["pointed"],
  dog: ["hanging", "hanging", "pricked"],
};

const ANIMAL_VIEWS: readonly AnimalView[] = ["side", "side", "sitting", "facing"];

function coatOf(classId: AnimalId, random: Rng, features: Features): Coat {
  const palette = COATS[features.coat === "by class" ? classId : "lion"];
  const own = random.pick(palette);
  return { main: jittered(random, own.main), light: own.light, mark: own.mark };
}

function stripesOf(classId: AnimalId, random: Rng, features: Features): Stripes {
  const faint = random.uniform() < 0.5;
  if (features.stripes === "nowhere") return "none";
  if (features.stripes === "on every animal" || classId === "tiger") return "bold";
  return classId === "cat" && faint ? "faint" : "none";
}

function maneOf(classId: AnimalId, random: Rng, features: Features): Colour | undefined {
  const colour = darker(hex(random.pick(MANES)), random.uniform(0, 0.15));
  const worn = features.mane === "on every animal" || (features.mane === "by class" && classId === "lion");
  return worn ? colour : undefined;
}

const poseOf = (random: Rng): Pose => ({
  stride: random.uniform(-1, 1),
  yaw: random.uniform(-0.15, 0.9),
  tilt: random.uniform(-8, 8),
  lift: random.uniform(-1, 1),
  tail: random.uniform(),
  bulk: random.uniform(-1, 1),
});

function placementOf(classId: ClassId, random: Rng, features: Features): Placement {
  const reach = classId === "plane" ? 25 : 8;
  const size = random.uniform(0.85, 1.08);
  return {
    size: features.size === "varied" ? size : 0.98,
    x: random.uniform(-2.2, 2.2),
    y: random.uniform(-2.2, 2.2),
    angle: random.uniform(-reach, reach),
    shear: random.uniform(-0.12, 0.12),
    flipped: random.uniform() < 0.5,
  };
}

const lightOf = (random: Rng): Light => ({
  brightness: random.uniform(0.9, 1.08),
  tint: [random.uniform(0.94, 1.06), random.uniform(0.94, 1.06), random.uniform(0.94, 1.06)],
  noise: 0.015,
  noiseSeed: random.below(2 ** 31),
});

const seatOf = (classId: ClassId, random: Rng, features: Features, turn: Turn) => ({
  background: {
    kind: features.background === "plain" ? ("plain" as const) : turn.background,
    seed: random.fork("background").below(2 ** 31),
  },
  placement: placementOf(classId, random.fork("placement"), features),
  light: lightOf(random.fork("light")),
});

const at = <T>(items: readonly T[], share: number): T =>
  items[Math.min(Math.floor(share * items.length), items.length - 1)]!;

function animalOf(classId: AnimalId, random: Rng, features: Features, turn: Turn): AnimalScene {
  const view = at(ANIMAL_VIEWS, turn.view);
  const pose = poseOf(random.fork("pose"));
  const seen = features.view === "side only" ? "side" : view;
  return {
    classId,
    view: seen,
    pose: seen === "facing" ? { ...pose, yaw: pose.yaw - 0.375 } : pose,
    coat: coatOf(classId, random.fork("coat"), features),
    stripes: stripesOf(classId, random.fork("stripes"), features),
    collar: classId === "dog" ? hex(random.fork("collar").pick(COLLARS)) : undefined,
    ears: features.ears === "by class" ? random.fork("ears").pick(EARS[classId]) : "round",
    mane: maneOf(classId, random.fork("mane"), features),
    ...seatOf(classId, random, features, turn),
  };
}

function vehicleView(classId: VehicleId, share: number, features: Features): VehicleView {
  if (features.view === "side only" || classId === "ship") return "side";
  if (classId === "plane") return share < 0.5 ? "side" : "above";
  return share < 0.7 ? "side" : "front";
}

const MODELS: Readonly<Record<VehicleId, readonly string[]>> = {
  plane: PLANE_MODELS,
  ship: SHIP_MODELS,
  car: CAR_MODELS,
};

const liveryOf = (random: Rng): Livery => ({
  main: jittered(random, hex(random.pick(SHELLS))),
  accent: jittered(random, hex(random.pick(ACCENTS))),
  glass: mix(hex(0x35506a), hex(0xc6e3ea), random.uniform(0.35, 1)),
});

function vehicleOf(classId: VehicleId, random: Rng, features: Features, turn: Turn): VehicleScene {
  const shape = random.fork("shape");
  return {
    classId,
    view: vehicleView(classId, turn.view, features),
    model: random.fork("model").pick(MODELS[classId]),
    livery: liveryOf(random.fork("livery")),
    shape: [shape.uniform(), shape.uniform(), shape.uniform()],
    ...seatOf(classId, random, features, turn),
  };
}

/** A scene of the class; `random` is the image's own stream, read by forks only. */
export function sceneOf(classId: ClassId, random: Rng, features: Features, turn: Turn = turnOf(random)): Scene {
  switch (classId) {
    case "tiger":
    case "lion":
    case "cat":
    case "dog":
      return animalOf(classId, random, features, turn);
    default:
      return vehicleOf(classId, random, features, turn);
  }
}

const turnOf = (random: Rng): Turn => {
  const stream = random.fork("turn");
  return { background: stream.pick(BACKGROUNDS), view: stream.uniform() };
};
