// The loss of full-batch training step by step, and what of it was to be expected: whether the step size is stable.
import { stableBelow, stiffness } from "../../lab/studies/geometry.ts";
import { blankIfNaN, type Figure, type LineTrace } from "./figure.ts";
import { sceneOf, shownAt, type GeometryInput, type Shown } from "./geometryShown.ts";
import { axisNumber, logAxis, shortNumber } from "./scale.ts";

/** All of the first steps, then ever fewer: what a logarithmic axis can show. */
const everyStep = 100;
const growth = 1.02;

const colours = ["#0072b2", "#d55e00", "#009e73"] as const;
const dashes = ["solid", "dash", "dot"] as const;

interface Run {
  readonly name: string;
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  readonly before: number;
  readonly after: number;
}

export function geometryLoss(input: GeometryInput): Figure {
  const { points } = sceneOf(input);
  const runs = shownAt(input, input.params.epochs).flatMap((shown) => runOf(shown, points.count));
  const x = logAxis("Step", [1, Math.max(10, ...runs.flatMap(({ steps }) => steps.at(-1) ?? 1))]);
  const y = logAxis(
    "Loss, mean of (f − y)²",
    runs.flatMap(({ losses }) => losses),
  );
  return {
    name: "geometry-loss",
    title: "Loss against step of training",
    caption: runs.length === 0 ? "Nothing has been trained yet." : caption(runs, points.count),
    arrangement: input.arrangement,
    panels: [{ title: "", x, y, ...(runs.length === 0 ? { note: "Not trained yet" } : {}) }],
    traces: runs.map(traceOf),
    data: () => ({
      columns: ["network", "step", "loss"],
      rows: runs.flatMap(({ name, steps, losses }) => steps.map((step, at) => [name, step, blankIfNaN(losses[at]!)])),
      dictionary: {
        network: "Activation between the dense layers, and the step size where two are compared.",
        step: `Full-batch step, from 1; all of the first ${everyStep}, then one for every 2 % more.`,
        loss: "Mean of (f - y)² over all points, before the step.",
      },
    }),
  };
}

function runOf({ finding, name, contestant }: Shown, n: number): Run[] {
  const training = finding?.training;
  if (!training) return [];
  const steps = stepsOf(training.losses.length);
  return [
    {
      name,
      steps,
      losses: steps.map((step) => training.losses[step - 1]!),
      before: stiffness(contestant.stepSize, training.topBefore, n),
      after: stiffness(contestant.stepSize, training.topAfter, n),
    },
  ];
}

export function stepsOf(count: number): number[] {
  const steps: number[] = [];
  for (let step = 1; step <= count; step = Math.max(step + 1, step < everyStep ? 0 : Math.floor(step * growth)))
    steps.push(step);
  if (count > 0 && steps.at(-1) !== count) steps.push(count);
  return steps;
}

const traceOf = ({ name, steps, losses }: Run, at: number): LineTrace => ({
  type: "line",
  panel: 0,
  title: name.replace("Linear, ", ""),
  x: steps,
  y: losses,
  hover: losses.map((loss) => shortNumber(loss)),
  colour: colours[at % colours.length]!,
  dash: dashes[at % dashes.length]!,
  marker: "none",
});

export const isStable = (value: number): boolean => value < stableBelow;

function courseOf({ steps, losses, before, after }: Run): string {
  if (isStable(before)) return `stable: the loss ends at ${axisNumber(losses.at(-1)!)}`;
  if (Number.isNaN(after)) return `unstable: the training diverged in step ${steps.at(-1)}`;
  const peak = losses.reduce((most, loss, at) => (loss > losses[most]! ? at : most), 0);
  return `unstable: the loss climbs to ${axisNumber(losses[peak]!)} in step ${steps[peak]} and falls again once the weights have moved to where it is ${shortNumber(after)}`;
}

function caption(runs: readonly Run[], n: number): string {
  const told = runs.map((run) => `${run.name}: ${shortNumber(run.before)}, ${courseOf(run)}.`);
  return [
    `Full-batch descent on (f − y)² is stable while 2 η λ / n < ${stableBelow}, with λ the largest eigenvalue of the measured`,
    `tangent kernel of the n = ${n} points.`,
    ...told,
  ].join(" ");
}
