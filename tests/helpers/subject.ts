// One network twice, with the same data and weights: the lab's learner and the float64 reference.
import type { Examples, LossId, Response, StepRule } from "../../src/lab/contracts.ts";
import { networkLearner, type NetworkState } from "../../src/lab/tensor/learner.ts";
import type { Learner } from "../../src/lab/contracts.ts";
import { dot, relativeError } from "./compare.ts";
import {
  dealt,
  gradientOf,
  literalChange,
  lossSlope,
  referenceNetwork,
  scoresOf,
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
  readonly dataset: Examples;
  readonly loss: LossId;
  readonly seed?: number;
}

export const inputOf = (dataset: Examples, example: number): Float32Array => dataset.read([example]);

export const exampleOf = (dataset: Examples, example: number): Example => ({
  x: inputOf(dataset, example),
  label: dataset.labels[example]!,
});

export async function subjectOf({ specs, dataset, loss, seed = 1 }: SubjectOptions): Promise<Subject> {
  const learner = networkLearner({ plans: plansOf(specs), examples: dataset, loss, seed });
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

/** Relative Frobenius error of the whole response, anchors x probes x scores, against literal steps in double precision. */
export async function responseError(
  options: SubjectOptions,
  { anchors, probes, eta }: Pick<Question, "anchors" | "probes"> & { readonly eta: number },
): Promise<number> {
  const subject = await subjectOf(options);
  const { dataset, loss } = options;
  const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta } });
  const inputs = probes.map((probe) => inputOf(dataset, probe));
  const literal = anchors.map((anchor) =>
    literalChange(subject.reference, subject.weights, { anchor: exampleOf(dataset, anchor), loss, eta }, inputs),
  );
  subject.release();
  return relativeError(
    responses.flatMap(({ change }) => [...change.data]),
    literal.flat(2),
  );
}

/** The same of the first-order response, against products of gradients in double precision. */
export async function firstOrderError(
  options: SubjectOptions,
  { anchors, probes, eta }: Pick<Question, "anchors" | "probes"> & { readonly eta: number },
): Promise<number> {
  const subject = await subjectOf(options);
  const { dataset, loss } = options;
  const { reference, weights } = subject;
  const responses = await responsesOf(subject, { anchors, probes, rule: { rule: "fixed", eta, order: "first" } });
  const truth = anchors.map((anchor) => {
    const { x, label } = exampleOf(dataset, anchor);
    const slope = lossSlope(loss, scoresOf(reference, weights, x), label);
    const step = gradientOf(reference, weights, x, slope).weights.flat();
    return probes.map((probe) =>
      slope.map((_, output) => {
        const unit = slope.map((_other, at) => (at === output ? 1 : 0));
        const own = gradientOf(reference, weights, inputOf(dataset, probe), unit).weights.flat();
        return -eta * own.reduce((sum, part, at) => sum + dot(part, step[at]!), 0);
      }),
    );
  });
  subject.release();
  return relativeError(
    responses.flatMap(({ change }) => [...change.data]),
    truth.flat(2),
  );
}
