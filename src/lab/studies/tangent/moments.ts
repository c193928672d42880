// One network in training, looked at after some epochs: what the studies of its tangent kernel have in common.
import { rng } from "../../../math/rng.ts";
import type { ClassInfo, Learner } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { LabError } from "../../error.ts";
import { manifests } from "../../manifests.ts";
import { choice, defaults, int, ints, real, type ValuesOf } from "../../params.ts";
import type { DatasetChoice } from "../../spec.ts";
import type { Desk, StudyProgress } from "../../study.ts";
import { course } from "../../training.ts";

export const momentParams = {
  model: choice({ title: "Model", byDefault: "cnn", options: ["cnn", "mlp", "skip", "linear"] }),
  dataset: choice({ title: "Images", byDefault: "drawn", options: ["drawn", "cifar10", "mnist"] }),
  seed: int({ title: "Seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }),
  epochs: ints({
    title: "Looked at after epochs",
    byDefault: [0, 1, 2, 4, 8, 15],
    min: 0,
    max: 1000,
    minCount: 1,
    maxCount: 30,
  }),
  trainPerClass: int({ title: "Training images a class", byDefault: 300, min: 2, max: 5000 }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 10000 }),
  stepSize: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 10, scale: "log" }),
};
export type MomentParams = ValuesOf<typeof momentParams>;

export const epochsOf = ({ epochs }: Pick<MomentParams, "epochs">): number[] =>
  [...new Set(epochs)].sort((a, b) => a - b);

export const classesOf = ({ dataset }: Pick<MomentParams, "dataset">): readonly ClassInfo[] =>
  manifests.find(({ id }) => id === dataset)!.classes;

/** What decides the network at an epoch; for the key of a finding. The training images decide the inputs, too. */
export function networkFacts(chosen: MomentParams, epoch: number): Readonly<Record<string, string | number>> {
  const { model, dataset, seed, trainPerClass, batchSize, stepSize } = chosen;
  return { model, dataset, seed, trainPerClass, epoch, ...(epoch > 0 ? { batchSize, stepSize, order: "live" } : {}) };
}

/** All classes, and every switch of the drawn set where it is by default. */
export const choiceOf = (chosen: MomentParams, testPerClass: number): DatasetChoice => ({
  id: chosen.dataset,
  classes: classesOf(chosen).map(({ id }) => id),
  trainPerClass: chosen.trainPerClass,
  testPerClass,
  params: {},
});

/** @throws LabError `spec-invalid` where an output is not among the classes */
export function checkOutput(chosen: Pick<MomentParams, "dataset">, output: number): void {
  const count = classesOf(chosen).length;
  if (output >= count)
    throw new LabError("spec-invalid", `Class number is ${output}, but there are ${count} classes, counted from 0.`);
}

export interface Moment {
  readonly epoch: number;
  readonly network: Learner<unknown>;
  /** Good until the next moment is asked for. */
  readonly state: unknown;
  /** For what is said while it is looked at. */
  readonly name: string;
}

export interface Wanted {
  readonly dataset: Dataset;
  readonly epochs: readonly number[];
}

/** Trains the network and stops at the wanted epochs; between them it says how far it is. @throws LabError `diverged` */
export async function* moments(
  chosen: MomentParams,
  desk: Desk,
  { dataset, epochs }: Wanted,
): AsyncGenerator<Moment | StudyProgress, void> {
  if (epochs.length === 0) return;
  const plugin = desk.model(chosen.model);
  const network = desk.network({
    model: { id: plugin.id, params: defaults(plugin.params) },
    examples: dataset,
    loss: "cross-entropy",
    seed: chosen.seed,
  });
  const { batchSize, stepSize } = chosen;
  const last = Math.max(...epochs);
  // As the live lab trains, so that the same settings make the same network.
  const order = rng(chosen.seed).fork("training order");
  const plan = { epochs: last, batchSize, stepSize, order, firstEpoch: 0 } as const;
  const training = Array.from({ length: dataset.trainCount }, (_, id) => id);
  for await (const { epoch, state } of course(network, training, { plan, breathe: desk.breathe })) {
    if (epochs.includes(epoch)) yield { epoch, state, network, name: `${plugin.title}, epoch ${epoch}` };
    else yield { stage: `${plugin.title}: training, epoch ${epoch} of ${last}`, share: 0 };
  }
}

export const isMoment = (event: Moment | StudyProgress): event is Moment => "state" in event;
