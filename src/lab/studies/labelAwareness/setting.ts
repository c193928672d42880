// What a study of label awareness is asked for: its parameters, the pairs of classes, their images, and the keys of its findings.
import { rng } from "../../../math/rng.ts";
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import { canonical, numbering, type DatasetChoice } from "../../spec.ts";

export const starts = ["paper", "gaussian", "usual"] as const;

export const params = {
  dataset: choice({ title: "Data set", byDefault: "drawn", options: manifests.map(({ id }) => id) }),
  pairs: words({
    title: "Pairs of classes",
    byDefault: ["tiger-plane", "cat-ship", "tiger-lion"],
    minCount: 1,
    maxCount: 45,
    help: "Two classes with a dash between them, as in frog-ship; several with commas between them.",
  }),
  trainPerClass: int({
    title: "Training images a class",
    byDefault: 100,
    min: 5,
    max: 1000,
    help: "Drawn at random by the seed. Kernel regression solves systems of twice as many equations.",
  }),
  testPerClass: int({ title: "Test images a class", byDefault: 100, min: 2, max: 1000 }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3, 4, 5],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the images, the weights and the order of training: seeds are independent repetitions.",
  }),
  width: int({ title: "Width of the network", byDefault: 256, min: 1, max: 40960 }),
  start: choice({
    title: "Start and scale of the network",
    byDefault: "paper",
    options: starts,
    help: "Paper: uniform weights as PyTorch draws them, scores over the root of the width. Gaussian: normal weights, the same scale, as the closed form assumes. Usual: as everywhere in this lab, not scaled.",
  }),
  epochs: int({ title: "Epochs", byDefault: 40, min: 1, max: 2000 }),
  batchSize: int({ title: "Batch size", byDefault: 32, min: 1, max: 10000 }),
  share: real({
    title: "Step size, share of the largest stable one",
    byDefault: 0.2,
    min: 1e-4,
    max: 10,
    scale: "log",
    help: "Of 2 n over the largest eigenvalue of the tangent kernel on the n training images at the start.",
  }),
};
export type LabelAwarenessParams = ValuesOf<typeof params>;

export interface Pair {
  readonly first: string;
  readonly second: string;
}

export const manifestOf = ({ dataset }: Pick<LabelAwarenessParams, "dataset">) =>
  manifests.find(({ id }) => id === dataset)!;

const refused = (sentence: string): LabError => new LabError("spec-invalid", sentence);

/** @throws LabError `spec-invalid` with a sentence that names the pair and the remedy */
export function pairsOf(chosen: Pick<LabelAwarenessParams, "dataset" | "pairs">): Pair[] {
  const { title, classes } = manifestOf(chosen);
  const known = classes.map(({ id }) => id);
  return chosen.pairs.map((word) => {
    const [first = "", second = "", ...more] = word.split("-").map((name) => name.trim());
    if (first === "" || second === "" || more.length > 0)
      throw refused(`The pair ${word} is not two classes with a dash; write it like ${known.slice(0, 2).join("-")}.`);
    const foreign = [first, second].find((name) => !known.includes(name));
    if (foreign !== undefined)
      throw refused(`The pair ${word} names ${foreign}, but the classes of ${title} are: ${known.join(", ")}.`);
    if (first === second) throw refused(`The pair ${word} names ${first} twice; name two different classes.`);
    return { first, second };
  });
}

export const wordOf = ({ first, second }: Pair): string => `${first}-${second}`;

/** "frog v ship". */
export const pairTitle = ({ first, second }: Pair, { classes }: ReturnType<typeof manifestOf>): string =>
  [first, second].map((name) => classes.find(({ id }) => id === name)!.title).join(" v ");

/** @throws LabError `spec-invalid` */
export function check(chosen: LabelAwarenessParams): void {
  pairsOf(chosen);
  const { title, maxPerClass } = manifestOf(chosen);
  for (const [name, split] of [
    ["trainPerClass", "train"],
    ["testPerClass", "test"],
  ] as const)
    if (chosen[name] > maxPerClass[split])
      throw refused(`${name} is ${chosen[name]}, but ${title} has ${maxPerClass[split]} a class; lower it.`);
}

/** All images of both classes, which a seed picks from; classes in the manifest's order. */
export function choiceOf(chosen: Pick<LabelAwarenessParams, "dataset">, { first, second }: Pair): DatasetChoice {
  const { id, classes, maxPerClass } = manifestOf(chosen);
  return {
    id,
    classes: classes.map((one) => one.id).filter((name) => name === first || name === second),
    trainPerClass: maxPerClass.train,
    testPerClass: maxPerClass.test,
    params: {},
  };
}

export interface Picked {
  /** Example numbers of the choice, the pair's first class first. */
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Which images a seed picks, as many of both classes. */
export function pickedImages(chosen: LabelAwarenessParams, pair: Pair, seed: number): Picked {
  const images = choiceOf(chosen, pair);
  const { idOf } = numbering(images);
  const of = (split: "train" | "test", pool: number, count: number): number[] =>
    [pair.first, pair.second].flatMap((name) => {
      const order = rng(seed)
        .fork(`images ${name} ${split}`)
        .shuffled(Array.from({ length: pool }, (_, index) => index));
      return order.slice(0, count).map((index) => idOf(images.classes.indexOf(name), split, index));
    });
  return {
    train: of("train", images.trainPerClass, chosen.trainPerClass),
    test: of("test", images.testPerClass, chosen.testPerClass),
  };
}

const common = ({ dataset, trainPerClass, testPerClass }: LabelAwarenessParams, pair: Pair, seed: number) => ({
  dataset,
  trainPerClass,
  testPerClass,
  pair: wordOf(pair),
  seed,
});

export const kernelsKey = (chosen: LabelAwarenessParams, pair: Pair, seed: number): string =>
  canonical({ ...common(chosen, pair, seed), kind: "kernels" });

export function networkKey(chosen: LabelAwarenessParams, pair: Pair, seed: number): string {
  const { width, start, epochs, batchSize, share } = chosen;
  return canonical({ ...common(chosen, pair, seed), kind: "network", width, start, epochs, batchSize, share });
}
