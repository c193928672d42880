// Our own exp, expm1 and log against those of the engine.
import { describe, expect, it } from "vitest";
import { exp, expm1, log } from "../../src/math/elementary.ts";
import { fc, forAll } from "../helpers/property.ts";

/** Within so many units in the last place. */
function close(value: number, truth: number, units = 3): void {
  if (!Number.isFinite(truth) || truth === 0) {
    expect(value).toBe(truth);
    return;
  }
  const scale = Math.max(Math.abs(truth), 2 ** -1022);
  expect(Math.abs(value - truth) / scale).toBeLessThanOrEqual(units * Number.EPSILON);
}

describe("elementary functions", () => {
  const numbers = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

  it("exp is e^x", () => {
    forAll(numbers(-745, 709.7), (x) => close(exp(x), Math.exp(x)), 2000);
    forAll(numbers(-1, 1), (x) => close(exp(x), Math.exp(x)), 500);
  });

  it("expm1 keeps its digits near 0", () => {
    forAll(numbers(-0.5, 0.5), (x) => close(expm1(x), Math.expm1(x)), 1000);
    forAll(numbers(-40, 700), (x) => close(expm1(x), Math.expm1(x)), 1000);
    for (const x of [1e-300, -1e-20, 1e-8]) close(expm1(x), Math.expm1(x));
  });

  it("log undoes exp, down to the smallest and up to the largest number", () => {
    forAll(numbers(1e-300, 1e300), (x) => close(log(x), Math.log(x)), 1000);
    forAll(numbers(0.5, 2), (x) => close(log(x), Math.log(x)), 1000);
    for (const x of [5e-324, Number.MAX_VALUE, 1, 2, Math.E]) close(log(x), Math.log(x));
  });

  it("have their limits", () => {
    expect([exp(0), exp(-0), exp(710), exp(-746), exp(Infinity), exp(-Infinity)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect([log(0), log(Infinity), log(1)]).toEqual([-Infinity, Infinity, 0]);
    expect([exp(NaN), log(NaN), log(-1), expm1(NaN)]).toEqual([NaN, NaN, NaN, NaN]);
    expect([expm1(0), expm1(-Infinity), expm1(Infinity)]).toEqual([0, -1, Infinity]);
  });
});
