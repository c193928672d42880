// Estimates of the locally elastic SDE: they give back the effects that class means were simulated with.
import { describe, expect, it } from "vitest";
import { integrated, powerLaw, type Effects, type EffectModel } from "../../src/lab/simulators/leSde.ts";
import {
  estimated,
  heightTail,
  resimulated,
  fittedTail,
  type Course,
} from "../../src/lab/simulators/leSdeEstimates.ts";
import { rng } from "../../src/math/rng.ts";
import { relativeError } from "../helpers/compare.ts";

interface Case {
  readonly model: EffectModel;
  readonly ratio: number;
  readonly tail: number;
  readonly seed: number;
  /** So that A ends at 10 to 40, as with networks; where modes part by more, the smaller one is lost to rounding. */
  readonly strength?: number;
  readonly classCount?: number;
}

const step = 20;
const last = 5001;

function simulatedCourse({ model, ratio, tail, seed, strength = 0.2, classCount = 3 }: Case) {
  const random = rng(seed);
  const start = Float64Array.from({ length: classCount ** 2 }, () => 0.1 * random.normal());
  const effects: Effects = {
    model,
    classCount,
    alpha: powerLaw(strength, tail),
    beta: powerLaw(ratio * strength, tail),
  };
  const times = Array.from({ length: (last - 1) / step + 1 }, (_, at) => 1 + at * step);
  const course: Course = {
    classCount,
    times,
    means: integrated(effects, start, times, 40_000, { whole: true }),
  };
  return { effects, course };
}

const cases = (["I", "L"] as const).flatMap((model): Case[] => [
  { model, ratio: -0.5, tail: 0.5, seed: 1 },
  { model, ratio: 0.3, tail: 0.7, seed: 2 },
  { model, ratio: 0.3, tail: 0.9, seed: 3, strength: 1.5 },
  { model, ratio: -0.2, tail: 1.2, seed: 4, strength: 2 },
  { model, ratio: 1.4, tail: 0.6, seed: 5, strength: 0.1 },
  { model, ratio: -0.5, tail: 0.7, seed: 6, classCount: 5 },
  { model, ratio: 0.4, tail: 0.6, seed: 7, classCount: 2 },
]);

describe.each(cases)("$model-model, beta / alpha $ratio, tail index $tail, seed $seed", (one) => {
  const { effects, course } = simulatedCourse(one);
  const found = estimated(one.model, course, 5);

  it("has its integrals back", () => {
    course.times.forEach((t, at) => {
      expect(found.A[at]).toBeCloseTo(effects.alpha.integral(t), 3);
      expect(found.B[at]).toBeCloseTo(effects.beta.integral(t), 3);
    });
  });

  it("has alpha and beta back within 5 %, where the window is short beside the time", () => {
    course.times.forEach((t, at) => {
      if (t < 10 * step) return;
      expect(Math.abs(found.alpha[at]! / effects.alpha.at(t) - 1), `alpha at ${t}`).toBeLessThan(0.05);
      expect(Math.abs(found.beta[at]! / effects.beta.at(t) - 1), `beta at ${t}`).toBeLessThan(0.05);
    });
  });

  it("has its tail index back within 0.05", () => {
    expect(Math.abs(fittedTail(found.A, course.times) - one.tail)).toBeLessThan(0.05);
    expect(Math.abs(fittedTail(found.B, course.times) - one.tail)).toBeLessThan(0.05);
  });

  it("comes out the same when simulated with what was found, from where the derivative can be read", () => {
    const late = { ...course, times: course.times.slice(10), means: course.means.slice(10) };
    const again = resimulated(estimated(one.model, late, 5), late);
    expect(relativeError(again.at(-1)!, late.means.at(-1)!)).toBeLessThan(0.01);
  });
});

describe("the authors' tail index", () => {
  it.each([0.3, 0.5, 0.7])("is that of alpha = (1 - r) t^-r, r = %s", (tail) => {
    const { course } = simulatedCourse({ model: "I", ratio: 0.3, tail, seed: 8, strength: 1 - tail });
    expect(Math.abs(heightTail(estimated("I", course, 5).A, course.times) - tail)).toBeLessThan(0.05);
  });

  it("is off by log((1 - r) / c) / log t for another strength c, and is the height of what has come to rest", () => {
    const tail = 0.5;
    const { course } = simulatedCourse({ model: "L", ratio: 0.3, tail, seed: 9, strength: 0.1 });
    const off = heightTail(estimated("L", course, 5).A, course.times) - tail;
    expect(Math.abs(off - Math.log((1 - tail) / 0.1) / Math.log(last))).toBeLessThan(0.01);
    const flat = new Float64Array(course.times.length).fill(-1);
    expect(heightTail(flat, course.times)).toBe(1);
  });
});

it("finds no power law in what no tail index from -1 to 4 comes close to", () => {
  const times = Array.from({ length: 90 }, (_, at) => 100 + at);
  expect(
    fittedTail(
      Float64Array.from(times, (t) => Math.exp(t / 20)),
      times,
    ),
  ).toBeNaN();
});

it("leaves out what cannot be measured", () => {
  const { course } = simulatedCourse({ model: "I", ratio: 0.3, tail: 0.5, seed: 1 });
  const means = course.means.map((each) => each.slice());
  // One element of class 1 lies exactly on the mean of all.
  for (const now of means) now[0] = (now[3]! + now[6]!) / 2;
  const { A } = estimated("I", { ...course, means }, 5);
  expect(A.every(Number.isFinite)).toBe(true);
});
