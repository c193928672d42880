// What the study of the bounds asks for, and under which keys its findings are kept.
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, int, ints, real, words, type ValuesOf } from "../../params.ts";
import { canonical } from "../../spec.ts";

export const fourClusters = "four clusters";

export const params = {
  data: choice({
    title: "Examples",
    byDefault: fourClusters,
    options: [fourClusters, ...manifests.map(({ id }) => id)],
    help: "Four clusters: points of the plane around (±2, ±2), opposite corners with one label.",
  }),
  first: words({
    title: "Images: classes of one label",
    byDefault: ["cat", "dog"],
    minCount: 1,
    maxCount: 10,
  }),
  other: words({ title: "Images: classes of the other label", byDefault: ["ship", "car"], minCount: 1, maxCount: 10 }),
  learner: choice({
    title: "Learned by",
    byDefault: "RBF kernel",
    options: ["RBF kernel", "linear kernel", "random features", "MLP", "CNN"],
    help: "Kernels and random features (the last hidden layer of an untrained MLP) by ridge regression, MLP and CNN by SGD.",
  }),
  ms: ints({
    title: "Sample sizes, m",
    byDefault: [25, 50, 100, 200, 400],
    min: 4,
    max: 2000,
    minCount: 1,
    maxCount: 12,
  }),
  heldOut: int({ title: "Held-out examples", byDefault: 400, min: 10, max: 4000 }),
  poolPerClass: int({
    title: "Images a class to draw samples from",
    byDefault: 400,
    min: 4,
    max: 5000,
    help: "Every seed draws its own samples, without replacement, the smaller ones from the larger; held-out images stay the same.",
  }),
  seeds: ints({
    title: "Seeds",
    byDefault: [1, 2, 3, 4, 5],
    min: 0,
    max: 2 ** 31 - 1,
    minCount: 1,
    maxCount: 30,
    help: "Of the sample and of the initial weights.",
  }),
  ridge: real({
    title: "Ridge an example",
    byDefault: 0.01,
    min: 1e-8,
    max: 100,
    scale: "log",
    help: "Kernels: m times it is added to the diagonal of a kernel whose mean diagonal is 1.",
  }),
  bandwidth: real({
    title: "Bandwidth of the RBF kernel",
    byDefault: 0.5,
    min: 0.01,
    max: 100,
    scale: "log",
    help: "σ of exp(−d² / 2σ²), in medians of the distances d between training examples.",
  }),
  width: int({ title: "Hidden units (MLP, random features)", byDefault: 256, min: 1, max: 8192 }),
  epochs: int({ title: "Epochs (MLP, CNN)", byDefault: 30, min: 1, max: 5000 }),
  batchSize: int({ title: "Batch size", byDefault: 25, min: 1, max: 2000 }),
  stepSize: real({ title: "Step size", byDefault: 0.02, min: 1e-8, max: 10, scale: "log" }),
  lossBound: real({
    title: "Largest loss, M_l",
    byDefault: 4,
    min: 0.01,
    max: 1000,
    scale: "log",
    help: "The loss is min(M_l, (f − y)²) with labels ±1: 4 is what a score between −1 and 1 can lose at most, predicting 0 costs 1.",
  }),
  mBeta: real({
    title: "M_β, worst case",
    byDefault: 0,
    min: 0,
    max: 1e9,
    help: "0: as measured at each m, the largest of the seeds, which is a lower estimate of the supremum over all samples.",
  }),
  eBeta: real({
    title: "sup E β, worst mean",
    byDefault: 0,
    min: 0,
    max: 1e9,
    help: "0: as measured at each m, the largest of the seeds.",
  }),
  scale: real({
    title: "c of the locally elastic bound",
    byDefault: 2.83,
    min: 0,
    max: 1000,
    help: "2√2 is from memory: the constants of the theorem in the paper could not be read.",
  }),
  inner: real({
    title: "Factor of sup E β within its bracket",
    byDefault: 2,
    min: 0,
    max: 1000,
    help: "From memory, too.",
  }),
  eta: real({
    title: "η of the locally elastic bound",
    byDefault: 0.1,
    min: 0,
    max: 1000,
    help: "Any number above 0 will do for an m that is large enough; how large could not be read.",
  }),
  delta: real({
    title: "δ, chance that a bound fails",
    byDefault: 0.05,
    min: 1e-12,
    max: 0.5,
    scale: "log",
    help: "Over the choice of the sample. The page has others to compare.",
  }),
};
export type BoundsParams = ValuesOf<typeof params>;

export const msOf = ({ ms }: BoundsParams): number[] => [...new Set(ms)].sort((a, b) => a - b);
export const seedsOf = ({ seeds }: BoundsParams): number[] => [...new Set(seeds)];
export const isNetwork = ({ learner }: BoundsParams): boolean => learner === "MLP" || learner === "CNN";
export const manifestOf = (data: string) => manifests.find(({ id }) => id === data)!;

/** The constants of the bounds decide nothing that is measured, but for the largest loss. */
export function boundsKey(chosen: BoundsParams, seed: number, m: number): string {
  const { data, first, other, learner, heldOut, poolPerClass, ridge, bandwidth, width, lossBound } = chosen;
  const { epochs, batchSize, stepSize } = chosen;
  return canonical({
    data,
    ...(data === fourClusters ? {} : { first, other, poolPerClass }),
    heldOut,
    learner,
    ...(isNetwork(chosen) ? { epochs, batchSize, stepSize } : { ridge }),
    ...(learner === "RBF kernel" ? { bandwidth } : {}),
    ...(learner === "MLP" || learner === "random features" ? { width } : {}),
    lossBound,
    seed,
    m,
  });
}

const refused = (sentence: string): LabError => new LabError("spec-invalid", sentence);

/** @throws LabError `spec-invalid` */
export function check(chosen: BoundsParams): void {
  const { data, first, other, learner, heldOut, poolPerClass, ms } = chosen;
  if (data === fourClusters) {
    if (learner === "CNN")
      throw refused("A CNN looks at images, and four clusters are points; choose another learner.");
    return;
  }
  const { title, classes, maxPerClass } = manifestOf(data);
  const known = classes.map(({ id }) => id);
  const foreign = [...first, ...other].find((id) => !known.includes(id));
  if (foreign !== undefined)
    throw refused(`${foreign} is not a class of ${title}; its classes are: ${known.join(", ")}.`);
  const both = first.find((id) => other.includes(id));
  if (both !== undefined) throw refused(`${both} has both labels; name it on one side.`);
  const count = first.length + other.length;
  if (poolPerClass > maxPerClass.train || Math.ceil(heldOut / count) > maxPerClass.test)
    throw refused(
      `${title} has ${maxPerClass.train} training and ${maxPerClass.test} held-out images a class, and more are asked for; ask for fewer, or name more classes.`,
    );
  const most = Math.max(...ms);
  if (most > count * poolPerClass)
    throw refused(
      `A sample of ${most} cannot be drawn from ${count * poolPerClass} images; ask for more images a class, or a smaller m.`,
    );
}
