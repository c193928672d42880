// Descent to a minimum of the mean loss plus decay / 2 |w|^2: some epochs of mini-batches, then all examples at once with momentum.
import type { Rng } from "../../../math/rng.ts";
import type { ExampleId, Learner } from "../../contracts.ts";
import { LabError } from "../../error.ts";

export interface DescentPlan {
  /** Epochs of mini-batches before the full batches; none where they only go on. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Draws the order of the examples in these epochs. */
  readonly order: Rng;
  readonly stepSize: number;
  /** Of the full batches. */
  readonly momentum: number;
  /** Acts on all weights and biases. */
  readonly decay: number;
  /** Full-batch steps at most. */
  readonly steps: number;
  /** Ends when the gradient's norm is no more than this. */
  readonly tolerance: number;
}

export interface Settled<S> {
  /** The caller's to release. */
  readonly state: S;
  /** Full-batch steps taken. */
  readonly steps: number;
  /** Norm of the gradient of mean loss plus decay / 2 |w|^2 at the end. */
  readonly gradientNorm: number;
}

export interface DescentMeans {
  readonly breathe: () => Promise<void>;
  /** Called with the full-batch steps taken and the norm of the gradient, now and then. */
  readonly progress?: (steps: number, gradientNorm: number) => void;
}

/** Full-batch steps between two looks at the gradient. */
const stretch = 100;

/**
 * Leaves the start as it was.
 * @throws LabError `diverged` when the gradient is not finite any more
 */
export async function descend<S>(
  learner: Learner<S>,
  start: S,
  examples: readonly ExampleId[],
  plan: DescentPlan,
  means: DescentMeans,
): Promise<Settled<S>> {
  let state = start;
  const { stepSize, decay } = plan;
  const move = async (batch: readonly ExampleId[], momentum: number): Promise<void> => {
    const step = learner.nudge(state, batch, { stepSize, momentum, decay });
    if (state !== start) learner.release(state);
    state = step.state;
    await step.loss();
    await means.breathe();
  };
  try {
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const order = plan.order.fork(epoch).shuffled(examples);
      for (let first = 0; first < order.length; first += plan.batchSize)
        await move(order.slice(first, first + plan.batchSize), 0);
    }
    let steps = 0;
    let gradientNorm = await gradientNormOf(learner, state, examples, decay);
    while (steps < plan.steps && gradientNorm > plan.tolerance) {
      const goal = Math.min(plan.steps, steps + stretch);
      for (; steps < goal; steps++) await move(examples, plan.momentum);
      gradientNorm = await gradientNormOf(learner, state, examples, decay);
      if (!Number.isFinite(gradientNorm))
        throw new LabError(
          "diverged",
          `The gradient is not finite after ${steps} steps at step size ${stepSize}; choose a smaller step size or less momentum.`,
        );
      means.progress?.(steps, gradientNorm);
    }
    // Nothing was to be done: a state of its own nevertheless, for the caller releases it.
    if (state === start) state = learner.restore(await learner.weights(start));
    return { state, steps, gradientNorm };
  } catch (error) {
    if (state !== start) learner.release(state);
    throw error;
  }
}

/** A step so large that what single precision loses of w - eta g is small beside it. */
const look = 16;

async function gradientNormOf<S>(
  learner: Learner<S>,
  state: S,
  examples: readonly ExampleId[],
  decay: number,
): Promise<number> {
  const before = await learner.weights(state);
  const { state: next, loss } = learner.nudge(state, examples, { stepSize: look, momentum: 0, decay });
  try {
    await loss();
    const after = await learner.weights(next);
    let sum = 0;
    before.forEach((part, at) => part.forEach((weight, which) => (sum += (weight - after[at]![which]!) ** 2)));
    return Math.sqrt(sum) / look;
  } finally {
    learner.release(next);
  }
}
