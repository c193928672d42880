// The pictures along the paths, for the eye and as the networks see them.
import { blended, brightened, distance, noisy, rotated, shifted, type Picture } from "../../../math/picture.ts";
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import type { FeatureSource } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { numbering } from "../../spec.ts";
import type { Desk } from "../../study.ts";
import type { PathImages } from "./finding.ts";
import type { Path } from "./path.ts";
import { choiceOf, classesOf, type ImagePathParams } from "./setting.ts";

/** The pictures of one anchor's paths: [path][position][draw]; only noise has several draws. */
export type Course = (anchor: number, path: Path) => Float32Array[][];

export function courseOf(chosen: ImagePathParams, dataset: Dataset, features: FeatureSource | undefined): Course {
  const { idOf } = numbering(choiceOf(chosen));
  const classes = classesOf[chosen.dataset]!;
  const own = (anchor: number): Picture => dataset.pixels(idOf(classes.indexOf(chosen.anchorClass), "train", anchor));
  const other = (anchor: number, classId: string): Picture =>
    dataset.pixels(idOf(classes.indexOf(classId), "test", anchor));
  const noise = rng(chosen.seed).fork("noise along paths");
  const { shape } = dataset;
  return (anchor, { id, at }) => {
    const picture = own(anchor);
    const one = (of: (t: number) => Float32Array): Float32Array[][] => at.map((t) => [of(t)]);
    switch (id) {
      case "own":
        return one((t) => blended(picture, other(anchor, chosen.anchorClass), t));
      case "near":
        return one((t) => blended(picture, other(anchor, chosen.nearClass), t));
      case "far":
        return one((t) => blended(picture, other(anchor, chosen.farClass), t));
      case "rotation":
        return one((t) => rotated(picture, shape, t));
      case "shift":
        return one((t) => shifted(picture, shape, t));
      case "brightness":
        return one((t) => brightened(picture, t));
      case "noise":
        // The same draw at every strength, so that the path is one line of images.
        return at.map((t) =>
          Array.from({ length: chosen.draws }, (_, draw) => noisy(picture, t, noise.fork(anchor).fork(draw))),
        );
      default:
        return one((amount) =>
          Float32Array.from(features!.image(chosen.anchorClass, "train", anchor, { feature: id, amount })),
        );
    }
  };
}

/** A picture as the networks see it: (value / 255 - mean) / deviation. */
export const inputOf = (picture: Picture, { mean: middle, deviation }: Pick<Dataset, "mean" | "deviation">) =>
  Float32Array.from(picture, (value, at) => (value / 255 - middle[at]!) / deviation);

interface Gallery {
  readonly dataset: Dataset;
  readonly courseAt: Course;
  readonly desk: Desk;
}

export async function imagesOf(
  chosen: ImagePathParams,
  path: Path,
  { dataset, courseAt, desk }: Gallery,
): Promise<PathImages> {
  const { shape, deviation } = dataset;
  const size = shape[0] * shape[1] * shape[2];
  const count = path.at.length;
  const pixels = new Uint8Array(chosen.anchors * count * size);
  const distances = new Float64Array(chosen.anchors * count);
  for (let anchor = 0; anchor < chosen.anchors; anchor++) {
    const course = courseAt(anchor, path);
    const home = course[path.home]![0]!;
    course.forEach((draws, position) => {
      const at = anchor * count + position;
      pixels.set(
        draws[0]!.map((value) => Math.round(value)),
        at * size,
      );
      // The mean that inputs are centred by falls out of the difference.
      distances[at] = mean(draws.map((picture) => distance(picture, home) / 255 / deviation));
    });
    await desk.breathe();
  }
  return { kind: "images", shape, pixels, distance: distances };
}
