// What the trials say together: class means, estimates of the effects with intervals over trials, and the LE-ODE beside the network.
import { jackknife } from "../../../math/jackknife.ts";
import { interval, type Interval } from "../../../math/stats.ts";
import type { EffectModel } from "../../simulators/leSde.ts";
import {
  estimated,
  fittedTail,
  heightTail,
  resimulated,
  type Course,
  type Estimates,
} from "../../simulators/leSdeEstimates.ts";
import { canonical } from "../../spec.ts";
import type { Findings } from "../../study.ts";
import { burnInMoments, classesOf, iterationsOf, seedsOf, trialKey, type LeSdeNetworkParams } from "./setting.ts";
import { hasDiverged, type MeasuredTrial, type TrialFinding } from "./trial.ts";

export interface Known {
  readonly params: LeSdeNetworkParams;
  readonly findings: Findings<TrialFinding>;
}

const trialsOf = ({ params, findings }: Known, share: number): TrialFinding[] =>
  seedsOf(params).flatMap((seed) => findings.get(trialKey(params, share, seed)) ?? []);

/** How many trials diverged; they are in no summary. */
export const divergedCount = (known: Known, share: number): number => trialsOf(known, share).filter(hasDiverged).length;

/** "2 trials diverged at step size 0.5; choose a smaller one"; empty where none did. */
export function divergedWords(known: Known, share: number): string {
  const count = divergedCount(known, share);
  const { stepSize } = known.params;
  return count === 0
    ? ""
    : `${count} ${count === 1 ? "trial" : "trials"} diverged at step size ${stepSize}; choose a smaller one`;
}

/** Mean logits by label over all images of all trials; the first moment is time 1. */
function courseOf(params: LeSdeNetworkParams, { sums, counts }: Totals): Course {
  const classCount = classesOf(params).length;
  const iterations = iterationsOf(params);
  const means = iterations.map((_, moment) =>
    Float64Array.from({ length: classCount ** 2 }, (_unused, place) => {
      const label = Math.floor(place / classCount);
      return sums[moment * classCount ** 2 + place]! / counts[moment * classCount + label]!;
    }),
  );
  return { classCount, times: iterations.map((iteration) => iteration + 1), means };
}

interface Totals {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

function totalsOf(trials: readonly MeasuredTrial[]): Totals {
  const total = (of: (trial: MeasuredTrial) => ArrayLike<number>): Float64Array => {
    const all = new Float64Array(of(trials[0]!).length);
    for (const trial of trials) for (let at = 0; at < all.length; at++) all[at]! += of(trial)[at]!;
    return all;
  };
  return { sums: total(({ sums }) => sums), counts: total(({ counts }) => counts) };
}

const without = ({ sums, counts }: Totals, trial: MeasuredTrial): Totals => ({
  sums: sums.map((value, at) => value - trial.sums[at]!),
  counts: counts.map((value, at) => value - trial.counts[at]!),
});

export const effectNames = ["A", "B", "alpha", "beta"] as const;
export type EffectName = (typeof effectNames)[number];

export const tailNames = ["height alpha", "height beta", "fitted alpha", "fitted beta"] as const;
/** `height`: the authors' (`heightTail`); `fitted`: of the power law that fits best after the burn-in (`fittedTail`). */
export type TailName = (typeof tailNames)[number];

export interface Fit {
  readonly course: Course;
  readonly estimates: Estimates;
  readonly tails: Readonly<Record<TailName, number>>;
}

function tailsOf(params: LeSdeNetworkParams, { A, B }: Estimates, times: readonly number[]): Fit["tails"] {
  const from = burnInMoments(params);
  const late = times.slice(from);
  return {
    "height alpha": heightTail(A, times),
    "height beta": heightTail(B, times),
    "fitted alpha": fittedTail(A.subarray(from), late),
    "fitted beta": fittedTail(B.subarray(from), late),
  };
}

function fitted(params: LeSdeNetworkParams, model: EffectModel, totals: Totals): Fit {
  const course = courseOf(params, totals);
  const estimates = estimated(model, course, params.window);
  return { course, estimates, tails: tailsOf(params, estimates, course.times) };
}

export interface Summary extends Fit {
  /** Those that did not diverge. */
  readonly trials: readonly MeasuredTrial[];
  /** With 95 % jackknife intervals over trials. [moment] */
  readonly effects: Readonly<Record<EffectName, readonly Interval[]>>;
  readonly tailIntervals: Readonly<Record<TailName, Interval>>;
  readonly accuracy: Interval;
  readonly loss: Interval;
  readonly comparison: Comparison;
  /** Why something is not measurable, and what helps; empty where all is. */
  readonly lack: string;
}

export interface Comparison {
  /** The network, from where the LE-ODE begins. */
  readonly course: Course;
  /** The LE-ODE. [moment][label, output] */
  readonly simulated: readonly Float64Array[];
  /** Root of the sum of squares of their difference over all moments, over that of the network's mean logits; NaN where not measurable. */
  readonly error: number;
}

/** The LE-ODE under the effects estimated after the burn-in, from the network's mean logits there. */
export function comparisonOf(params: LeSdeNetworkParams, model: EffectModel, whole: Course): Comparison {
  const from = burnInMoments(params);
  const course = { ...whole, times: whole.times.slice(from), means: whole.means.slice(from) };
  const simulated = resimulated(estimated(model, course, params.window), course);
  let [apart, own] = [0, 0];
  course.means.forEach((means, at) =>
    means.forEach((value, place) => {
      apart += (simulated[at]![place]! - value) ** 2;
      own += value * value;
    }),
  );
  const error = Math.sqrt(apart / own);
  return { course, simulated, error: Number.isFinite(error) ? error : NaN };
}

/** Summaries there are already, by what they are of: figures of one look share them. */
const made = new WeakMap<Findings<TrialFinding>, Map<string, Summary>>();

/** Undefined where no trial is there yet, or all diverged. */
export function summaryOf(known: Known, share: number, model: EffectModel): Summary | undefined {
  const trials = trialsOf(known, share).filter((trial): trial is MeasuredTrial => !hasDiverged(trial));
  if (trials.length === 0) return undefined;
  const there = made.get(known.findings) ?? new Map<string, Summary>();
  made.set(known.findings, there);
  const key = canonical({ ...known.params, share, model, found: trials.length });
  const summary = there.get(key) ?? summarised(known.params, model, trials);
  there.set(key, summary);
  return summary;
}

function summarised(params: LeSdeNetworkParams, model: EffectModel, trials: readonly MeasuredTrial[]): Summary {
  const totals = totalsOf(trials);
  const fit = fitted(params, model, totals);
  const leftOut = trials.length < 2 ? [] : trials.map((trial) => fitted(params, model, without(totals, trial)));
  const comparison = comparisonOf(params, model, fit.course);
  const effects = effectNames.map((name) => [
    name,
    Array.from(fit.estimates[name], (value, at) =>
      jackknife(
        value,
        leftOut.map(({ estimates }) => estimates[name][at]!),
      ),
    ),
  ]);
  const tailIntervals = tailNames.map((name) => [
    name,
    jackknife(
      fit.tails[name],
      leftOut.map(({ tails }) => tails[name]),
    ),
  ]);
  return {
    ...fit,
    trials,
    effects: Object.fromEntries(effects) as Summary["effects"],
    tailIntervals: Object.fromEntries(tailIntervals) as Summary["tailIntervals"],
    accuracy: interval(trials.map(({ accuracy }) => accuracy)),
    loss: interval(trials.map(({ loss }) => loss)),
    comparison,
    lack: lackOf([fit, ...leftOut], comparison),
  };
}

const someNaN = (values: Float64Array): boolean => values.some(Number.isNaN);

/** @param fits to all trials, and to all but each in turn */
function lackOf(fits: readonly Fit[], { error }: Comparison): string {
  if (fits.some(({ course }) => course.means.some(someNaN)))
    return "too few draws of a label between two moments; take fewer moments or more trials";
  if (fits.some(({ estimates: { A, B } }) => someNaN(A) || someNaN(B)))
    return "growth from 0 or to 0 has no logarithm; take other seeds or more iterations";
  return Number.isNaN(error) ? "the LE-ODE grows beyond all numbers; take a wider window or a longer burn-in" : "";
}
