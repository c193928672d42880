// What a sweep of the step size is asked: which network, which anchor and probes, which step sizes; and the keys of its findings.
import type { DatasetManifest } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { howPacked, manifests } from "../../manifests.ts";
import { choice, int, real, words, type ValuesOf } from "../../params.ts";
import { canonical, type DatasetChoice } from "../../spec.ts";

const idsOf = ({ classes }: DatasetManifest): string[] => classes.map(({ id }) => id);
const classIds = [...new Set(manifests.flatMap(idsOf))];

/** "drawn: tiger, lion, ...; mnist: 0, 1, ..." */
const classWords = manifests.map((manifest) => `${manifest.id}: ${idsOf(manifest).join(", ")}`).join("; ");

export const params = {
  dataset: choice({
    title: "Images",
    byDefault: "drawn",
    options: manifests.map(({ id }) => id),
    help: howPacked(),
  }),
  trainPerClass: int({ title: "Training images of each class", byDefault: 300, min: 1, max: 5421 }),
  model: choice({
    title: "Model",
    byDefault: "cnn",
    options: ["cnn", "mlp", "skip", "linear"],
    help: "With the parameters that it usually has in this lab.",
  }),
  epochs: int({ title: "Epochs", byDefault: 3, min: 0, max: 1000, help: "0 leaves the weights random." }),
  trainingStep: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 100, scale: "log" }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 100000 }),
  seed: int({ title: "Seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }),
  anchor: choice({
    title: "Anchor",
    byDefault: "picked",
    options: ["picked", "most confident"],
    help: "Most confident: the training image of the class whose loss has the smallest slope.",
  }),
  anchorClass: choice({ title: "Class of the anchor", byDefault: "tiger", options: classIds }),
  anchorIndex: int({
    title: "Number of the picked anchor",
    byDefault: 0,
    min: 0,
    max: 5420,
    help: "Among the training images of its class, from 0.",
  }),
  probeClasses: words({
    title: "Classes of the probes",
    byDefault: ["tiger", "cat", "plane"],
    options: classIds,
    minCount: 1,
    maxCount: 6,
    help: `With commas between them. ${classWords}.`,
  }),
  probeIndex: int({
    title: "Number of each probe",
    byDefault: 0,
    min: 0,
    max: 999,
    help: "Among the held-out images of its class, from 0.",
  }),
  from: real({ title: "Smallest step size", byDefault: 1e-12, min: 1e-16, max: 1e3, scale: "log" }),
  to: real({ title: "Largest step size", byDefault: 1, min: 1e-15, max: 1e4, scale: "log" }),
  perDecade: int({ title: "Step sizes in each decade", byDefault: 5, min: 1, max: 20 }),
};
export type StepSizeParams = ValuesOf<typeof params>;

export const view = {
  scale: choice({ title: "Ratio", byDefault: "linear", options: ["linear", "log"] }),
  eta: real({ title: "Step size looked at", byDefault: 1e-9, min: 1e-16, max: 1e4, scale: "log" }),
};

export const anchorKinds = ["picked", "most confident"] as const;
export type AnchorKind = (typeof anchorKinds)[number];

const manifestOf = (chosen: StepSizeParams): DatasetManifest => manifests.find(({ id }) => id === chosen.dataset)!;

/** @throws LabError `spec-invalid` */
export function check(chosen: StepSizeParams): void {
  const { id, maxPerClass } = manifestOf(chosen);
  const known = idsOf(manifestOf(chosen));
  const names = known.join(", ");
  const wrong = (sentence: string): never => {
    throw new LabError("spec-invalid", sentence);
  };
  if (!known.includes(chosen.anchorClass))
    wrong(`anchorClass is ${chosen.anchorClass}, but ${id} has no such class; give one of: ${names}.`);
  const foreign = chosen.probeClasses.find((name) => !known.includes(name));
  if (foreign !== undefined) wrong(`probeClasses has ${foreign}, but ${id} has no such class; give some of: ${names}.`);
  if (chosen.trainPerClass > maxPerClass.train)
    wrong(
      `trainPerClass is ${chosen.trainPerClass}, but ${id} has ${maxPerClass.train} a class; give at most as many.`,
    );
  if (chosen.anchorIndex >= chosen.trainPerClass)
    wrong(
      `anchorIndex is ${chosen.anchorIndex}, but each class has ${chosen.trainPerClass} training images; give a number below that, or raise trainPerClass.`,
    );
  if (chosen.probeIndex >= maxPerClass.test)
    wrong(
      `probeIndex is ${chosen.probeIndex}, but ${id} has ${maxPerClass.test} held-out images a class; give a number below that.`,
    );
  if (etasOf(chosen).length < 2)
    wrong(
      `Step sizes from ${chosen.from} to ${chosen.to} with ${chosen.perDecade} in each decade are fewer than two; widen the range.`,
    );
}

/** Powers of 10 to multiples of 1 / perDecade, so that wider ranges hold the step sizes of narrower ones. */
export function etasOf({ from, to, perDecade }: StepSizeParams): number[] {
  const first = Math.ceil(Math.log10(from) * perDecade - 1e-9);
  const last = Math.floor(Math.log10(to) * perDecade + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number((10 ** ((first + at) / perDecade)).toPrecision(12)),
  );
}

export const choiceOf = (chosen: StepSizeParams): DatasetChoice => ({
  id: chosen.dataset,
  classes: idsOf(manifestOf(chosen)),
  trainPerClass: chosen.trainPerClass,
  testPerClass: chosen.probeIndex + 1,
  params: {},
});

/** The number of a class in the choice, which is its output in the network. */
export const classIndexOf = (chosen: StepSizeParams, id: string): number => choiceOf(chosen).classes.indexOf(id);

/** All that decides what an anchor is, what watches it and at which weights. */
function settingOf(chosen: StepSizeParams, anchor: AnchorKind): Readonly<Record<string, unknown>> {
  const { dataset, trainPerClass, model, seed, anchorClass, anchorIndex, probeClasses, probeIndex } = chosen;
  const { epochs: last, trainingStep, batchSize } = chosen;
  return {
    dataset,
    trainPerClass,
    model,
    seed,
    epochs: last,
    anchor,
    anchorClass,
    probeClasses,
    probeIndex,
    ...(last > 0 ? { trainingStep, batchSize } : {}),
    ...(anchor === "picked" ? { anchorIndex } : {}),
  };
}

export const subjectKey = (chosen: StepSizeParams, anchor: AnchorKind): string =>
  canonical({ ...settingOf(chosen, anchor), what: "subject" });
export const ruleKey = (chosen: StepSizeParams, anchor: AnchorKind): string =>
  canonical({ ...settingOf(chosen, anchor), what: "rule" });
export const stepKey = (chosen: StepSizeParams, eta: number): string =>
  canonical({ ...settingOf(chosen, chosen.anchor), what: "step", eta });

export const keys = (chosen: StepSizeParams): string[] => [
  ...anchorKinds.flatMap((anchor) => [subjectKey(chosen, anchor), ruleKey(chosen, anchor)]),
  ...etasOf(chosen).map((eta) => stepKey(chosen, eta)),
];
