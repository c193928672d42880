// The drawn data set: seven classes of animals and vehicles, drawn by this code from a seed; every feature is a switch.
import manifest from "../../../datasets/drawn.json" with { type: "json" };
import type { Rng } from "../../math/rng.ts";
import { rng } from "../../math/rng.ts";
import type { DatasetManifest, DatasetPlugin, ImageSource, Split } from "../contracts.ts";
import { LabError } from "../error.ts";
import type { ValuesOf } from "../params.ts";
import { choice, int } from "../params.ts";
import { features, redrawn, silhouettes, type Feature } from "./drawing/change.ts";
import { drawScene } from "./drawing/draw.ts";
import type { Turn } from "./drawing/sample.ts";
import { sceneOf } from "./drawing/sample.ts";
import type { ClassId, Scene } from "./drawing/scene.ts";
import { BACKGROUNDS } from "./drawing/scene.ts";

const params = {
  seed: int({
    title: "Drawing seed",
    help: "Another seed gives other drawings of the same kinds.",
    min: 0,
    max: 2 ** 31 - 1,
    byDefault: 1,
  }),
  stripes: choice({
    title: "Stripes",
    help: "By class: bold on tigers, faint on half of the cats.",
    options: ["by class", "nowhere", "on every animal"],
    byDefault: "by class",
  }),
  coat: choice({
    title: "Coat colours",
    help: "By class: orange tigers, sand lions, five coats of cats and dogs. One for all animals: every animal is sand.",
    options: ["by class", "one for all animals"],
    byDefault: "by class",
  }),
  mane: choice({
    title: "Mane",
    help: "By class: on lions.",
    options: ["by class", "nowhere", "on every animal"],
    byDefault: "by class",
  }),
  ears: choice({
    title: "Ears",
    help: "By class: round on tigers and lions, pointed on cats, hanging or pricked on dogs.",
    options: ["by class", "round on every animal"],
    byDefault: "by class",
  }),
  background: choice({
    title: "Background",
    help: "Varied: sky, grass, sand, water, plain, dusk and a room, each equally often behind every class.",
    options: ["varied", "plain"],
    byDefault: "varied",
  }),
  view: choice({
    title: "View",
    help: "Varied: animals from the side, sitting or facing us; planes also from above, cars also from the front.",
    options: ["varied", "side only"],
    byDefault: "varied",
  }),
  size: choice({
    title: "Size",
    help: "Varied: from 0.86 to 1.1 times the usual size, which is the same covered area for every class.",
    options: ["varied", "one for all"],
    byDefault: "varied",
  }),
};

type DrawnValues = ValuesOf<typeof params>;

/** How many different views a class shows before they repeat; prime to the number of backgrounds. */
const VIEW_STEPS = 20;

/** The item that falls to `index` when the items are dealt out again and again, each time in a new order. */
function dealt<T>(items: readonly T[], index: number, stream: Rng): T {
  const block = Math.floor(index / items.length);
  return stream.fork(block).shuffled(items)[index % items.length]!;
}

const VIEW_SHARES: readonly number[] = Array.from({ length: VIEW_STEPS }, (_, step) => (step + 0.5) / VIEW_STEPS);

function turnOf(ofClass: Rng, index: number): Turn {
  return {
    background: dealt(BACKGROUNDS, index, ofClass.fork("backgrounds")),
    view: dealt(VIEW_SHARES, index, ofClass.fork("views")),
  };
}

const isClass = (id: string): id is ClassId => manifest.classes.some((known) => known.id === id);

/** The scene of one image of the data set: an experiment may change one feature of it and draw it again. */
export function drawnScene(values: DrawnValues, classId: string, split: Split, index: number): Scene {
  if (!isClass(classId))
    throw new LabError("spec-invalid", `"${classId}" is not a class of the drawn data set; give one of its class ids.`);
  const ofClass = rng(values.seed).fork(classId).fork(split);
  return sceneOf(classId, ofClass.fork(index), values, turnOf(ofClass, index));
}

async function open(values: DrawnValues): Promise<ImageSource> {
  return {
    image: (classId, split, index) => drawScene(drawnScene(values, classId, split, index)),
    features: {
      names: features,
      kinds: silhouettes,
      image: (classId, split, index, { feature, amount }) =>
        redrawn(drawnScene(values, classId, split, index), feature as Feature, amount),
    },
  };
}

export const drawn: DatasetPlugin<typeof params> = {
  manifest: manifest as unknown as DatasetManifest,
  params,
  open,
};
