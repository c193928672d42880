// GeoMNIST: triangles, rectangles and ellipses in grey, turned and blurred, drawn by this code after the recipe of Zhang, Wang and
// Su (NeurIPS 2021).
import json from "../../../datasets/geomnist.json" with { type: "json" };
import { exp } from "../../math/elementary.ts";
import type { Rng } from "../../math/rng.ts";
import { rng } from "../../math/rng.ts";
import type { DatasetPlugin } from "../contracts.ts";
import { LabError } from "../error.ts";
import { int, type ValuesOf } from "../params.ts";
import { Canvas, SAMPLES, SIDE } from "./drawing/canvas.ts";
import { hex } from "./drawing/colour.ts";
import {
  box,
  compose,
  ellipse,
  polygon,
  radians,
  rotation,
  scaling,
  translation,
  type Path,
} from "./drawing/geometry.ts";
import { manifestFrom } from "./manifest.ts";

const params = {
  seed: int({
    title: "Drawing seed",
    help: "Another seed gives other drawings of the same kinds.",
    min: 0,
    max: 2 ** 31 - 1,
    byDefault: 1,
  }),
};

const manifest = manifestFrom(json);

/** In pixels around the middle of the image; triangle and rectangle are moved by up to a pixel each way. */
const outlines: Readonly<Record<string, (random: Rng) => Path>> = {
  triangle(random) {
    const [x, y] = shift(random);
    return polygon([x - 10, y + 8], [x + 10, y + 8], [x, y - 8]);
  },
  rectangle(random) {
    const [x, y] = shift(random);
    return box(x - 8, y - 4, x + 8, y + 4);
  },
  ellipse(random) {
    const radius = random.uniform(5, 7);
    return ellipse(0, 0, 2 * radius, radius);
  },
};

const shift = (random: Rng): [x: number, y: number] => [random.uniform(-1, 1), random.uniform(-1, 1)];

let canvas: Canvas | undefined;

/** White on black. @returns the share of each pixel that is covered, from 0 to 255. [row, column] */
function filled(path: Path, degrees: number): Float64Array {
  canvas ??= new Canvas();
  canvas.clear();
  const middle = compose(scaling(SAMPLES), translation(SIDE / 2, SIDE / 2));
  canvas.pen(compose(middle, rotation(radians(degrees)))).fill(path, hex(0xffffff));
  const colours = canvas.reduced();
  return Float64Array.from({ length: SIDE * SIDE }, (_, pixel) => colours[3 * pixel]!);
}

/** Pixels that a blur reaches: more than four of its largest standard deviations. */
const reach = 5;

/** A Gaussian blur along rows, then along columns; what lies beyond the image is black. [row, column] */
function blurred(image: Float64Array, sigma: number): Float64Array {
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) => exp(-((at - reach) ** 2) / (2 * sigma * sigma)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (from: Float64Array, step: number, place: (at: number) => number): Float64Array =>
    from.map((_, at) => {
      const first = place(at) - reach;
      let sum = 0;
      weights.forEach((weight, tap) => {
        if (first + tap >= 0 && first + tap < SIDE) sum += weight * from[at + (tap - reach) * step]!;
      });
      return sum / all;
    });
  return along(
    along(image, 1, (at) => at % SIDE),
    SIDE,
    (at) => Math.floor(at / SIDE),
  );
}

/** @param random the image's own stream, read by forks only @returns [row, column] bytes */
function drawing(classId: string, random: Rng): Uint8Array {
  const outline = outlines[classId];
  if (!outline)
    throw new LabError("spec-invalid", `"${classId}" is not a class of GeoMNIST; give one of its class ids.`);
  const image = filled(outline(random.fork("outline")), random.fork("angle").uniform(0, 176));
  return Uint8Array.from(blurred(image, random.fork("blur").uniform(0.9, 1.1)), Math.round);
}

export const geomnist: DatasetPlugin<typeof params> = {
  manifest,
  params,
  open: async ({ seed }: ValuesOf<typeof params>) => ({
    image: (classId, split, index) => drawing(classId, rng(seed).fork(classId).fork(split).fork(index)),
  }),
};
