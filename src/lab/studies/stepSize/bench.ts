// One anchor and its probes at trained weights, ready for steps of any size, each computed in three ways.
import { movedAt, untilMoved } from "../../../math/untilMoved.ts";
import type { ExampleId, Learner, Watch } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import { lossSlope } from "../../double/loss.ts";
import { dealt, doubleNetwork, scoresOf, type DoubleNetwork, type NetworkWeights } from "../../double/network.ts";
import { firstOrderChanges, lossGradient, moved } from "../../double/step.ts";
import { wordsOf } from "../../double/words.ts";
import type { Desk } from "../../study.ts";
import type { RuleFinding, SeenImage, StepFinding, SubjectFinding } from "./findings.ts";

/** A network, trained. */
export interface Trained {
  readonly desk: Desk;
  readonly dataset: Dataset;
  readonly learner: Learner<unknown>;
  readonly state: unknown;
  readonly trainingLoss: number;
}

interface Place extends Trained {
  readonly watch: Watch;
  readonly anchor: ExampleId;
  readonly probes: readonly ExampleId[];
}

/** One anchor and its probes, ready for steps of any size. */
export async function benchOf({ desk, dataset, learner, state, trainingLoss, watch, anchor, probes }: Place) {
  const examples = [anchor, ...probes];
  const output = dataset.labels[anchor]!;
  const inputs = examples.map((example) => dataset.read([example]));
  const net = doubleNetwork(wordsOf(learner.layers), dataset.shape);
  const weights = dealt(net, await learner.weights(state));
  const before = inputs.map((x) => Array.from(scoresOf(net, weights, x)));
  const gradient = lossGradient(net, weights, { x: inputs[0]!, label: output }, "cross-entropy");
  const singleBefore = await ownScores(learner, state, examples, output);

  async function single(eta: number, watched = examples): Promise<Float64Array> {
    const { state: next, loss } = learner.nudge(state, [anchor], { stepSize: eta, momentum: 0 });
    try {
      await loss();
      const after = await ownScores(learner, next, watched, output);
      return after.map((score, at) => score - singleBefore[at]!);
    } finally {
      learner.release(next);
    }
  }

  async function exact(eta: number, order: "finite" | "first") {
    for await (const response of watch.respond([anchor], { rule: "fixed", eta, order })) {
      const own = response.anchorChange.data[output]!;
      const others = probes.map((_, at) => response.change.data[at * dataset.outputCount + output]!);
      return { changes: Float64Array.of(own, ...others), rounding: response.anchorRounding[0]! };
    }
    throw new RangeError("step size: an anchor without a response");
  }

  async function step(eta: number): Promise<StepFinding> {
    const { changes, rounding } = await exact(eta, "finite");
    const double = await doubleChanges({ net, weights, before, inputs, output, breathe: desk.breathe }, gradient, eta);
    return { kind: "step", eta, changes: { single: await single(eta), double, exact: changes }, rounding };
  }

  return {
    step,
    async subject(): Promise<SubjectFinding> {
      const engine = await exact(1, "first");
      return {
        kind: "subject",
        images: examples.map((example) => seen(dataset, example)),
        scores: Float64Array.from(before, (scores) => scores[output]!),
        slope: lossSlope("cross-entropy", before[0]!, output)[output]!,
        firstOrder: Float64Array.from(firstOrderChanges(net, weights, gradient, { inputs, output })),
        engineFirstOrder: engine.changes,
        trainingLoss,
      };
    },
    async rule(): Promise<RuleFinding> {
      const tries = await untilMoved(async (eta) => (await single(eta))[0]!);
      const last = movedAt(tries);
      return { kind: "rule", tries, stopped: last ? await step(last.eta) : null };
    },
  };
}

/** Scores of one output in single precision. [example] */
async function ownScores(
  learner: Learner<unknown>,
  state: unknown,
  examples: readonly ExampleId[],
  output: number,
): Promise<Float64Array> {
  const { columns, data } = await learner.predict(state, examples);
  return Float64Array.from(examples, (_, row) => data[row * columns + output]!);
}

interface Double {
  readonly net: DoubleNetwork;
  readonly weights: NetworkWeights;
  /** [input][output] */
  readonly before: readonly (readonly number[])[];
  readonly inputs: readonly Float32Array[];
  readonly output: number;
  readonly breathe: () => Promise<void>;
}

async function doubleChanges(
  { net, weights, before, inputs, output, breathe }: Double,
  gradient: NetworkWeights,
  eta: number,
): Promise<Float64Array> {
  const after = moved(weights, gradient, eta);
  const changes = new Float64Array(inputs.length);
  for (const [at, x] of inputs.entries()) {
    changes[at] = scoresOf(net, after, x)[output]! - before[at]![output]!;
    await breathe();
  }
  return changes;
}

function seen(dataset: Dataset, example: ExampleId): SeenImage {
  const classIndex = dataset.labels[example]!;
  const isTraining = example < dataset.trainCount;
  const perClass = (isTraining ? dataset.trainCount : dataset.testCount) / dataset.classes.length;
  const number = (isTraining ? example : example - dataset.trainCount) % perClass;
  return {
    classIndex,
    title: `${dataset.classes[classIndex]!.title} ${number}, ${isTraining ? "training" : "held out"}`,
    shape: dataset.shape,
    pixels: Uint8Array.from(dataset.pixels(example)),
  };
}
