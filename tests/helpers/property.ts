// Properties for all inputs of a kind, the same inputs in every run: a failure is never a matter of luck.
import fc from "fast-check";

export { fc };

/** @throws with the smallest counterexample found */
export function forAll<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, runs = 60): void {
  fc.assert(fc.property(arbitrary, holds), { seed: 20240229, numRuns: runs });
}
