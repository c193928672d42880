// The neurashed-style model as a learner: its weights are the amplifying factors, a step on an example lets what fires grow and the
// rest decay, and what that changes at other examples is exact. In double precision; factors are kept in single precision, as
// the weights of a network are, so that a saved state goes on to the same digits.
import { exp, log } from "../../../math/elementary.ts";
import { rng } from "../../../math/rng.ts";
import type { ClassInfo, ExampleId, Examples, Learner, LossId, Response, StepRule } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { etaSearch } from "../../search.ts";
import { factorKernel, matrixOf } from "./kernel.ts";
import {
  carried,
  firedBy,
  firstFactors,
  growth,
  levelCount,
  levelsOf,
  scores,
  slopes,
  type Graph,
  type Growth,
  type Seen,
} from "../neurashed.ts";

export interface NeurashedOptions {
  readonly graph: Graph;
  readonly examples: Examples;
  /** Chance of a feature of the class to fire, drawn once for each example. */
  readonly fireChance: number;
  readonly growth: Omit<Growth, "rate">;
  /** Told about, not learned from: the update is no gradient of it. */
  readonly loss: LossId;
  readonly seed: number;
}

export interface NeurashedState {
  /** [node] */
  readonly factors: Float64Array;
}

/** @throws LabError `spec-invalid` for what has no meaning here */
export function checkTraining({
  stepSize,
  momentum,
  decay = 0,
}: {
  stepSize: number;
  momentum: number;
  decay?: number;
}): void {
  if (momentum !== 0 || decay !== 0)
    throw new LabError(
      "spec-invalid",
      `The neurashed-style model has no ${momentum === 0 ? `weight decay, but decay is ${decay}` : `momentum, but momentum is ${momentum}`}; set it to 0.`,
    );
  if (stepSize > 1)
    throw new LabError(
      "spec-invalid",
      `The step size is ${stepSize}, but as a growth rate above 1 it leaps over the largest factor; give at most 1.`,
    );
}

/** Classes without a hierarchy, where the examples say nothing of theirs. */
export const classesOf = ({ classes, outputCount }: Pick<Examples, "classes" | "outputCount">): readonly ClassInfo[] =>
  classes ??
  Array.from({ length: outputCount }, (_, label) => ({
    id: `class${label + 1}`,
    title: `class ${label + 1}`,
    path: [],
  }));

/** Half of the distance between 1 and the next number. */
const unitRoundoff = 2 ** -53;
/** So short a step that what is of second order in it is lost in rounding; a power of two, so that scaling loses nothing. */
const shortStep = 2 ** -60;

/**
 * `nudge` takes the step size as the growth rate g; it refuses momentum and decay, which mean nothing here. An example fires what
 * its own stream of the seed says, whatever else is asked. The response has no dL/df (it is NaN), since no loss is descended;
 * what divides by it is not measurable. Sensitivities are by the factors.
 * @throws LabError `spec-invalid` where the graph has other classes than the examples, or an example belongs to none
 */
export function neurashedLearner({
  graph,
  examples,
  fireChance,
  growth: how,
  loss,
  seed,
}: NeurashedOptions): Learner<NeurashedState> {
  const { labels, outputCount } = examples;
  const nodeCount = graph.nodes.length;
  if (graph.classCount !== outputCount || Array.from(labels).some((label) => label >= outputCount))
    throw new LabError(
      "spec-invalid",
      `A graph of ${graph.classCount} classes cannot learn ${outputCount} outputs, or examples of no class; give a class to each.`,
    );
  const fired = new Map<ExampleId, Uint8Array>();
  function firesOf(example: ExampleId): Uint8Array {
    const fires = fired.get(example) ?? firedBy(graph, labels[example]!, fireChance, seed, example);
    fired.set(example, fires);
    return fires;
  }
  const seenAt = (factors: Float64Array, example: ExampleId): Seen => {
    const fires = firesOf(example);
    return { fires, scores: scores(graph, factors, fires) };
  };
  const logits = (all: Float64Array): Float64Array => all.subarray(nodeCount - outputCount);
  /** What a step of that rate on an anchor changes of the scores of whatever is seen, exactly or to first order. */
  function mover(factors: Float64Array, fires: Uint8Array, rate: number, { order }: StepRule) {
    const isFirst = order === "first";
    const change = growth(factors, fires, { ...how, rate: isFirst ? shortStep : rate });
    const power = isFirst ? rate / shortStep : 1;
    return (seen: Seen): Float64Array => {
      const moved = carried(graph, factors, change, seen);
      return isFirst ? moved.map((value) => value * power) : moved;
    };
  }

  function* responses(factors: Float64Array, watched: Watched, anchors: readonly ExampleId[], rule: StepRule) {
    for (const anchor of anchors) {
      const label = labels[anchor]!;
      const own = seenAt(factors, anchor);
      const rate = rateOf(rule, (tried) => logits(mover(factors, own.fires, tried, rule)(own))[label]!);
      const moved = mover(factors, own.fires, rate, rule);
      const changes = watched.seen.map((seen) => logits(moved(seen)));
      yield {
        anchorLabels: Uint8Array.of(label),
        stepSize: Float64Array.of(rate),
        lossSlope: { rows: 1, columns: outputCount, data: new Float64Array(outputCount).fill(NaN) },
        anchorBefore: matrixOf([logits(own.scores)], outputCount),
        anchorChange: matrixOf([logits(moved(own))], outputCount),
        anchorRounding: Float64Array.of(roundingOf(factors, own, rate, label)),
        anchorSensitivity: Float64Array.of(norm(slopes(graph, factors, own, label).slope)),
        before: matrixOf(
          watched.seen.map((seen) => logits(seen.scores)),
          outputCount,
        ),
        change: { ...matrixOf(changes, outputCount), rows: 1, columns: changes.length * outputCount },
        sensitivity: { rows: 1, columns: changes.length, data: watched.sensitivity(label) },
      } satisfies Response;
    }
  }

  /** The same sums with what the change of each factor is made of, taken as positive, times what so many terms may lose. */
  function roundingOf(factors: Float64Array, seen: Seen, rate: number, label: number): number {
    const sizes = factors.map((factor, at) =>
      seen.fires[at] ? factor * rate * (1 + factor / how.most) : factor * Math.min(1, rate / how.patience),
    );
    const widest = Math.max(...graph.nodes.map(({ children }) => children.length));
    const terms = levelCount(graph) * (widest + 4);
    return terms * unitRoundoff * logits(carried(graph, factors, sizes, seen))[label]!;
  }

  const kernels = factorKernel(graph, seenAt);

  return {
    layers: levelsOf(graph).map((nodes, level, levels) => ({
      kind: "features",
      inputShape: [levels[Math.max(0, level - 1)]!.length],
      outputShape: [nodes.length],
    })),
    parameterCount: nodeCount,
    stateBytes: nodeCount * 8,
    start: () => ({ factors: single(firstFactors(graph, how, rng(seed).fork("initial weights"))) }),
    restore: ([factors]) => ({ factors: Float64Array.from(factors!) }),
    weights: ({ factors }) => Promise.resolve([Float32Array.from(factors)]),
    nudge({ factors }, batch, options) {
      const { stepSize } = options;
      checkTraining(options);
      const any = new Uint8Array(nodeCount);
      for (const example of batch) firesOf(example).forEach((fires, at) => (any[at]! |= fires));
      const change = growth(factors, any, { ...how, rate: stepSize });
      return {
        state: { factors: single(factors.map((factor, at) => factor + change[at]!)) },
        loss: () =>
          Promise.resolve(
            batch.reduce(
              (sum, example) =>
                sum + lossOf(loss, logits(seenAt(factors, example).scores), labels[example]!) / batch.length,
              0,
            ),
          ),
      };
    },
    predict: ({ factors }, of) =>
      Promise.resolve(
        matrixOf(
          of.map((example) => logits(seenAt(factors, example).scores)),
          outputCount,
        ),
      ),
    watch({ factors }, probes) {
      const seen = probes.map((probe) => seenAt(factors, probe));
      const known = new Map<number, Float64Array>();
      function sensitivity(label: number): Float64Array {
        const norms =
          known.get(label) ?? Float64Array.from(seen, (each) => norm(slopes(graph, factors, each, label).slope));
        known.set(label, norms);
        return norms;
      }
      return Promise.resolve({
        async *respond(anchors: readonly ExampleId[], rule: StepRule) {
          yield* responses(factors, { seen, sensitivity }, anchors, rule);
        },
        release: () => undefined,
      });
    },
    kernel: async ({ factors }, rows, columns, options) => kernels.whole(factors, rows, columns, options),
    kernelParts: async ({ factors }, rows, columns, options) => kernels.byLevel(factors, rows, columns, options),
    patterns(_state, of) {
      const hidden = nodeCount - outputCount;
      const data = new Float32Array(of.length * hidden);
      of.forEach((example, row) => data.set(firesOf(example).subarray(0, hidden), row * hidden));
      return Promise.resolve({ rows: of.length, columns: hidden, data });
    },
    release: () => undefined,
  };
}

interface Watched {
  readonly seen: readonly Seen[];
  /** Of each probe to one output. [probe] */
  sensitivity(label: number): Float64Array;
}

const single = (values: Float64Array): Float64Array => values.map(Math.fround);
const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** The growth rate of a step on an anchor; NaN where none up to 1 makes the own score rise by delta. */
function rateOf(rule: StepRule, change: (rate: number) => number): number {
  const search = etaSearch(rule, 1);
  let state = search.next();
  while (!state.done) state = search.next(change(state.value));
  return rule.rule === "own rise" && !(state.value <= 1) ? NaN : state.value;
}

/** Of one example, as the engine's losses. */
function lossOf(loss: LossId, f: Float64Array, label: number): number {
  const target = (at: number): number => (at === label ? 1 : 0);
  if (loss === "squared-error") return f.reduce((sum, value, at) => sum + (value - target(at)) ** 2, 0) / 2;
  if (loss === "binary cross-entropy")
    return f.reduce((sum, value, at) => {
      const z = target(at) === 1 ? -value : value;
      return sum + Math.max(z, 0) + log(1 + exp(-Math.abs(z)));
    }, 0);
  const highest = Math.max(...f);
  return highest + log(f.reduce((sum, value) => sum + exp(value - highest), 0)) - f[label]!;
}
