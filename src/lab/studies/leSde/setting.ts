// What the two studies of the locally elastic SDE share: its parameters, and how they become effects.
import { LabError } from "../../error.ts";
import { choice, int, real, words } from "../../params.ts";
import {
  closedForm,
  drawn,
  integrated,
  powerLaw,
  type Effect,
  type EffectModel,
  type Effects,
  type Means,
} from "../../simulators/leSde.ts";
import { mostKnots, type Knot } from "./drawing.ts";

export const dynamics = {
  model: choice({
    title: "Model",
    byDefault: "I",
    options: ["I", "L"],
    help: "I: an effect moves features along the class means. L: along each class's own logit direction, e_k − 1/K.",
  }),
  classCount: int({ title: "Classes, K", byDefault: 3, min: 2, max: 8 }),
  strength: real({ title: "Intra-class effect at time 1, α(1)", byDefault: 1, min: 0, max: 10 }),
};

export const sampling = {
  perClass: int({ title: "Samples a class", byDefault: 50, min: 4, max: 500 }),
  noise: real({ title: "Noise, σ", byDefault: 0.05, min: 0, max: 10, help: "Of each sample, a root of unit time." }),
  spread: real({ title: "Spread at the start", byDefault: 0.1, min: 1e-6, max: 10, scale: "log" }),
  steps: int({ title: "Last time", byDefault: 5000, min: 10, max: 100_000, help: "Steps of length 1 from time 1." }),
};

export const curve = {
  ratio: real({
    title: "Inter-class over intra-class effect, β/α",
    byDefault: 0,
    min: -4,
    max: 4,
    help: "Below 1 the model is locally elastic.",
  }),
  tail: real({ title: "Tail index, r: α(t) = α(1) t⁻ʳ", byDefault: 0.7, min: 0, max: 3 }),
  alphaPoints: words({
    title: "α drawn by hand",
    byDefault: [],
    maxCount: mostKnots,
    help: "time:value, such as 1:1, 100:0.2; straight in log time between the points. Empty: the power law.",
  }),
  betaPoints: words({
    title: "β drawn by hand",
    byDefault: [],
    maxCount: mostKnots,
    help: "time:value. Empty: β/α times α.",
  }),
};

interface Dynamics {
  readonly model: EffectModel;
  readonly classCount: number;
  readonly strength: number;
}

export const powerEffects = ({ model, classCount, strength }: Dynamics, tail: number, ratio: number): Effects => ({
  model,
  classCount,
  alpha: powerLaw(strength, tail),
  beta: powerLaw(ratio * strength, tail),
});

export interface Drawable extends Dynamics {
  readonly ratio: number;
  readonly tail: number;
  readonly alphaPoints: readonly string[];
  readonly betaPoints: readonly string[];
}

/** @throws LabError `spec-invalid` for a point that is none */
export function effectsOf(chosen: Drawable): Effects {
  const base = powerEffects(chosen, chosen.tail, chosen.ratio);
  const alpha = byHand("α", chosen.alphaPoints) ?? base.alpha;
  const scaled: Effect = {
    at: (t) => chosen.ratio * alpha.at(t),
    integral: (t) => chosen.ratio * alpha.integral(t),
  };
  return { ...base, alpha, beta: byHand("β", chosen.betaPoints) ?? (alpha === base.alpha ? base.beta : scaled) };
}

/** Whether the means are known in closed form: always in the I-model, for β a multiple of α in the L-model. */
const isClosed = ({ model, betaPoints }: Drawable): boolean => model === "I" || betaPoints.length === 0;

/**
 * The class means without noise, at rising times from 1 on: in closed form, or integrated where there is none.
 * @param steps of the integration @returns [time][class, coordinate]
 */
export function withoutNoise(chosen: Drawable, start: Means, times: readonly number[], steps: number): Means[] {
  const effects = effectsOf(chosen);
  return isClosed(chosen)
    ? times.map((time) => closedForm(effects, start, time))
    : integrated(effects, start, times, steps);
}

/** Largest size of a strength drawn by hand, far beyond what Euler's steps of length 1 can follow. */
const mostStrength = 1e6;

/** @param name of the effect @param points time:value @returns by time @throws LabError `spec-invalid` for a point that is none */
export function knotsOf(name: string, points: readonly string[]): Knot[] {
  const knots = points.map((point): Knot => {
    const [time, value, ...rest] = point.split(":").map((part) => (part.trim() === "" ? NaN : Number(part)));
    if (!(time! >= 1 && Number.isFinite(time) && Number.isFinite(value)) || rest.length > 0)
      throw new LabError("spec-invalid", `${name} has the point "${point}"; give time:value with a time of 1 or more.`);
    if (Math.abs(value!) > mostStrength)
      throw new LabError(
        "spec-invalid",
        `${name} has the point "${point}"; give a value from -${mostStrength} to ${mostStrength}.`,
      );
    return [time!, value!];
  });
  const twice = knots.find(([time], at) => knots.findIndex(([other]) => other === time) !== at);
  if (twice) throw new LabError("spec-invalid", `${name} has two points at time ${twice[0]}; give one.`);
  return knots.toSorted(([a], [b]) => a - b);
}

const byHand = (name: string, points: readonly string[]): Effect | undefined =>
  points.length === 0 ? undefined : drawn(knotsOf(name, points));
