// One network twice, with the same data and weights: the lab's learner and the float64 reference.
import type { LossId, Response, StepRule } from "../../src/lab/contracts.ts";
import type { Dataset } from "../../src/lab/dataset.ts";
import { networkLearner, type NetworkState } from "../../src/lab/tensor/learner.ts";
import type { Learner } from "../../src/lab/contracts.ts";
import {
  dealt,
  referenceNetwork,
  type Example,
  type LayerSpec,
  type NetworkWeights,
  type ReferenceNetwork,
} from "./reference.ts";
import { plansOf } from "./toy.ts";

export interface Subject {
  readonly learner: Learner<NetworkState>;
  readonly state: NetworkState;
  readonly reference: ReferenceNetwork;
  /** The same weights as those of `state`. */
  readonly weights: NetworkWeights;
  release(): void;
}

export interface SubjectOptions {
  readonly specs: readonly LayerSpec[];
  readonly dataset: Dataset;
  readonly loss: LossId;
  readonly seed?: number;
}

export const inputOf = (dataset: Dataset, example: number): Float32Array => dataset.read([example]);

export const exampleOf = (dataset: Dataset, example: number): Example => ({
  x: inputOf(dataset, example),
  label: dataset.labels[example]!,
});

export async function subjectOf({ specs, dataset, loss, seed = 1 }: SubjectOptions): Promise<Subject> {
  const learner = networkLearner({ plans: plansOf(specs), dataset, loss, seed });
  const state = learner.start();
  const reference = referenceNetwork(specs, dataset.shape);
  const weights = dealt(reference, await learner.weights(state));
  return { learner, state, reference, weights, release: () => learner.release(state) };
}

export interface Question {
  readonly anchors: readonly number[];
  readonly probes: readonly number[];
  readonly rule: StepRule;
}

/** One response an anchor, at the subject's state. */
export async function responsesOf(
  { learner, state }: Pick<Subject, "learner" | "state">,
  { anchors, probes, rule }: Question,
): Promise<Response[]> {
  const watch = await learner.watch(state, probes);
  const responses: Response[] = [];
  for await (const response of watch.respond(anchors, rule)) responses.push(response);
  watch.release();
  return responses;
}
