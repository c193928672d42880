// What the study of the label-aware part is asked for: a pair of classes, a handful of images of each, and how many units are drawn.
import { rng } from "../../../math/rng.ts";
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, words, type ValuesOf } from "../../params.ts";
import { canonical, numbering, type DatasetChoice } from "../../spec.ts";

export const params = {
  dataset: choice({ title: "Data set", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  pair: words({
    title: "Two classes",
    byDefault: ["plane", "ship"],
    minCount: 2,
    maxCount: 2,
    help: "With a comma between them.",
  }),
  perClass: int({
    title: "Images of each class",
    byDefault: 5,
    min: 2,
    max: 20,
    help: "Drawn at random by the seed; a draw takes time as their number cubed.",
  }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3, 4, 5],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 100,
    help: "Of the images, the shuffled labels and the draws.",
  }),
  draws: int({
    title: "Hidden units drawn",
    byDefault: 20000,
    min: 100,
    max: 10_000_000,
    help: "The expectation of K4 over Gaussian weights has no closed form; it is a mean over so many units.",
  }),
};
export type LabelAwarePartParams = ValuesOf<typeof params>;

export const manifestOf = ({ dataset }: Pick<LabelAwarePartParams, "dataset">) =>
  manifests.find(({ id }) => id === dataset)!;

/** @throws LabError `spec-invalid` */
export function check(chosen: LabelAwarePartParams): void {
  const { title, classes } = manifestOf(chosen);
  const known = classes.map(({ id }) => id);
  const foreign = chosen.pair.find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw new LabError("spec-invalid", `pair names ${foreign}, but the classes of ${title} are: ${known.join(", ")}.`);
}

/** All training images of both classes, which a seed picks from; classes in the manifest's order. */
export function choiceOf(chosen: Pick<LabelAwarePartParams, "dataset" | "pair">): DatasetChoice {
  const { id, classes, maxPerClass } = manifestOf(chosen);
  return {
    id,
    classes: classes.map((one) => one.id).filter((name) => chosen.pair.includes(name)),
    trainPerClass: maxPerClass.train,
    testPerClass: 1,
    params: {},
  };
}

/** Example numbers of the choice, the pair's first class first. */
export function pickedImages(chosen: LabelAwarePartParams, seed: number): number[] {
  const images = choiceOf(chosen);
  const { idOf } = numbering(images);
  return chosen.pair.flatMap((name) =>
    rng(seed)
      .fork(`images ${name}`)
      .shuffled(Array.from({ length: images.trainPerClass }, (_, index) => index))
      .slice(0, chosen.perClass)
      .map((index) => idOf(images.classes.indexOf(name), "train", index)),
  );
}

/** 1 for the first class, -1 for the second. [image] */
export const givenLabels = ({ perClass }: LabelAwarePartParams): number[] =>
  Array.from({ length: 2 * perClass }, (_, at) => (at < perClass ? 1 : -1));

/** As many of both labels, dealt out anew: none the wiser, and not all of them where they were, nor all turned round. */
export function shuffledLabels(chosen: LabelAwarePartParams, seed: number): number[] {
  const given = givenLabels(chosen);
  for (let attempt = 0; ; attempt++) {
    const dealt = rng(seed).fork(`labels ${attempt}`).shuffled(given);
    if (Math.abs(dealt.reduce((sum, label, at) => sum + label * given[at]!, 0)) < given.length) return dealt;
  }
}

export function partKey(chosen: LabelAwarePartParams, seed: number): string {
  const { dataset, pair, perClass, draws } = chosen;
  return canonical({ dataset, pair, perClass, draws, seed });
}
