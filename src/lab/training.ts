// Plain training for studies: epochs of SGD on given examples, a state at a time.
import type { Rng } from "../math/rng.ts";
import { mean } from "../math/stats.ts";
import type { ExampleId, Examples, Learner } from "./contracts.ts";
import { LabError } from "./error.ts";

export interface TrainingPlan {
  readonly epochs: number;
  readonly batchSize: number;
  readonly stepSize: number;
  /** Draws the order of the examples, anew for every epoch. */
  readonly order: Rng;
  /** By which number the order of the first epoch is drawn: 1 unless given. The live lab counts from 0. */
  readonly firstEpoch?: 0 | 1;
}

export interface EpochEnd<S> {
  /** Epochs done. */
  readonly epoch: number;
  /** Mean loss over the epoch's batches, each before its step; not finite once the training has diverged. */
  readonly loss: number;
  /** Good until the next epoch is asked for; the last one is the caller's to release. */
  readonly state: S;
}

/**
 * Trains from a state, which stays good. Ends early when the loss is not finite any more, so that the last epoch tells.
 * @param breathe called after every step; may throw to end the training
 */
export async function* epochs<S>(
  learner: Learner<S>,
  start: S,
  examples: readonly ExampleId[],
  { plan, breathe }: { readonly plan: TrainingPlan; readonly breathe: () => Promise<void> },
): AsyncGenerator<EpochEnd<S>, void> {
  let state = start;
  let isOver = false;
  const move = (next: S): void => {
    if (state !== start) learner.release(state);
    state = next;
  };
  try {
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const order = plan.order.fork(epoch - 1 + (plan.firstEpoch ?? 1)).shuffled(examples);
      const losses: Promise<number>[] = [];
      for (let first = 0; first < order.length; first += plan.batchSize) {
        const batch = order.slice(first, first + plan.batchSize);
        const step = learner.nudge(state, batch, { stepSize: plan.stepSize, momentum: 0 });
        losses.push(step.loss());
        move(step.state);
        await breathe();
      }
      const loss = (await Promise.all(losses)).reduce((sum, value) => sum + value, 0) / losses.length;
      isOver = epoch === plan.epochs || !Number.isFinite(loss);
      yield { epoch, loss, state };
      if (isOver) return;
    }
  } finally {
    if (!isOver && state !== start) learner.release(state);
  }
}

export interface Moment<S> {
  /** Epochs done; 0 is before training. */
  readonly epoch: number;
  /** Good until the next moment is asked for. */
  readonly state: S;
}

/**
 * The whole course of a training, from the untrained network on, epoch by epoch. It releases all that it made.
 * @throws LabError `diverged` when the loss is not finite any more
 */
export async function* course<S>(
  learner: Learner<S>,
  examples: readonly ExampleId[],
  options: { readonly plan: TrainingPlan; readonly breathe: () => Promise<void> },
): AsyncGenerator<Moment<S>, void> {
  const start = learner.start();
  let last = start;
  try {
    yield { epoch: 0, state: start };
    if (options.plan.epochs === 0) return;
    for await (const { epoch, loss, state } of epochs(learner, start, examples, options)) {
      if (epoch === options.plan.epochs || !Number.isFinite(loss)) last = state;
      if (!Number.isFinite(loss))
        throw new LabError(
          "diverged",
          `The loss is ${loss} in epoch ${epoch} at step size ${options.plan.stepSize}; choose a smaller step size or another seed.`,
        );
      yield { epoch, state };
    }
  } finally {
    if (last !== start) learner.release(last);
    learner.release(start);
  }
}

/** Share of the examples that are classified rightly, the class of the largest score. */
export async function accuracyOf<S>(
  learner: Learner<S>,
  state: S,
  { labels }: Pick<Examples, "labels">,
  examples: readonly ExampleId[],
): Promise<number> {
  const { data, columns } = await learner.predict(state, examples);
  return mean(
    examples.map((example, row) => {
      const scores = data.subarray(row * columns, (row + 1) * columns);
      return scores.indexOf(Math.max(...scores)) === labels[example] ? 1 : 0;
    }),
  );
}
