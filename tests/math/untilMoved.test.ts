// The authors' rule on anchors that are known.
import { describe, expect, it } from "vitest";
import { movedAt, unitInLastPlace, untilMoved } from "../../src/math/untilMoved.ts";

/** The change of a score that single precision keeps, of an anchor that rises by `slope` eta. */
const single =
  (score: number, slope: number) =>
  (eta: number): Promise<number> =>
    Promise.resolve(Math.fround(Math.fround(score) + slope * eta) - Math.fround(score));

describe("multiply by three until it moves", () => {
  it("stops at once where the anchor moves at 1e-6", async () => {
    const tries = await untilMoved(single(1, 10));
    expect(tries).toHaveLength(1);
    expect(tries[0]!.eta).toBe(1e-6);
    expect(movedAt(tries)).toBe(tries[0]);
  });

  it("stops at the first step that is rounded to one unit in the last place, far from the true change", async () => {
    const tries = await untilMoved(single(1.5, 1e-3));
    const last = movedAt(tries)!;
    expect(last).toBe(tries.at(-1));
    expect(tries.slice(0, -1).every(({ change }) => change === 0)).toBe(true);
    expect(last.change).toBe(unitInLastPlace(1.5));
    expect(Math.abs(last.change / (1e-3 * last.eta) - 1)).toBeGreaterThan(0.1);
    tries.forEach(({ eta }, at) => expect(eta / (1e-6 * 3 ** at)).toBeCloseTo(1, 12));
  });

  it("gives up below 1e4 where the anchor never moves", async () => {
    const tries = await untilMoved(() => Promise.resolve(0));
    expect(tries).toHaveLength(21);
    expect(tries.at(-1)!.eta).toBeLessThan(1e4);
    expect(tries.at(-1)!.eta * 3).toBeGreaterThan(1e4);
    expect(movedAt(tries)).toBeUndefined();
  });

  it("takes a fall for a move as well", async () => {
    expect(movedAt(await untilMoved(single(1, -10)))!.change).toBeLessThan(0);
  });
});

describe("a unit in the last place", () => {
  it.each([1, -1, 1.5, 0.999_999_9, 2, 1e-3, 123456, 3e38, 1e-40])(
    "is the distance to the next number, of %s",
    (value) => {
      const bits = new Int32Array(Float32Array.of(Math.abs(value)).buffer);
      const [here] = new Float32Array(bits.buffer);
      const [next] = new Float32Array(Int32Array.of(bits[0]! + 1).buffer);
      expect(unitInLastPlace(value)).toBe(next! - here!);
    },
  );
});
