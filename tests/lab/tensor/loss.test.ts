// The losses: slopes are those of the values, keep their digits where a chance is nearly certain, and a batch has the same.
import { beforeAll, describe, expect, it } from "vitest";
import type { LossId } from "../../../src/lab/contracts.ts";
import { units } from "../../../src/lab/tensor/factors.ts";
import { batchSlope, evaluate, slopeOf, valueOf } from "../../../src/lab/tensor/loss.ts";
import { activate, tf } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { finiteDifferences, relativeError } from "../../helpers/compare.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";
import { lossOf, lossSlope } from "../../helpers/reference.ts";
import { normals } from "../../helpers/toy.ts";

/** Loss, number of scores, label; a label beyond the scores belongs to none. */
const cases = [
  ["cross-entropy", 5, 2],
  ["squared-error", 5, 2],
  ["squared-error", 5, 5],
  ["squared-error", 1, 0],
  ["squared-error", 1, 1],
  ["binary cross-entropy", 1, 0],
  ["binary cross-entropy", 1, 1],
  ["binary cross-entropy", 3, 1],
  ["binary cross-entropy", 3, 7],
] as const satisfies readonly (readonly [LossId, number, number])[];

describe.each(cases)("%s of %s scores with label %s", (loss, outputCount, label) => {
  it("has the reference's value, and the slope of its value", () => {
    const scores = normals(rng(3), outputCount, 2);
    expect(relativeError([valueOf(loss, scores, label)], [lossOf(loss, scores, label)])).toBeLessThan(1e-14);
    expect(relativeError(slopeOf(loss, scores, label), lossSlope(loss, scores, label))).toBeLessThan(1e-10);
    const slopes = finiteDifferences((at) => valueOf(loss, at, label), scores);
    expect(relativeError(slopeOf(loss, scores, label), slopes)).toBeLessThan(1e-8);
  });

  describe.each(nodeBackends)("in batches on %s", (backend) => {
    beforeAll(() => activate(backend, nodeHost));

    it("has the same slopes, and their mean value", async () => {
      const [count, random] = [6, rng(4)];
      const scores = normals(random, count * outputCount, 3);
      // Some examples with other labels, where the loss takes them.
      const labels = Array.from({ length: count }, (_, row) => (row % 2 ? label : row % outputCount));
      const { slope, mean } = batchSlope(loss, tf.tensor(scores, [count, outputCount]), units(labels, outputCount));
      const rows = labels.map(
        (own, row) => [scores.subarray(row * outputCount, (row + 1) * outputCount), own] as const,
      );
      expect(slope.shape).toEqual([count, outputCount]);
      expect(
        relativeError(
          await slope.data(),
          rows.flatMap(([own, of]) => lossSlope(loss, own, of)),
        ),
      ).toBeLessThan(1e-6);
      const whole = rows.reduce((sum, [own, of]) => sum + lossOf(loss, own, of), 0) / count;
      expect(relativeError(await mean.data(), [whole])).toBeLessThan(1e-6);
    });
  });
});

describe("binary cross-entropy", () => {
  it.each([30, 300, 800])("keeps its digits on both sides of a score of %s", (score) => {
    const rest = Math.exp(-score) / (1 + Math.exp(-score));
    for (const [value, label] of [
      [score, 0],
      [-score, 1],
    ] as const) {
      const slope = slopeOf("binary cross-entropy", [value], label)[0]!;
      const sign = label === 0 ? -1 : 1;
      expect(Math.abs(slope - sign * rest)).toBeLessThanOrEqual(1e-14 * rest);
      expect(Math.abs(valueOf("binary cross-entropy", [value], label) - rest)).toBeLessThanOrEqual(1e-12 * rest);
      // Certain, and wrong.
      expect(slopeOf("binary cross-entropy", [value], 1 - label)[0]).toBeCloseTo(-sign, 12);
      expect(valueOf("binary cross-entropy", [value], 1 - label)).toBeCloseTo(score, 9);
    }
  });

  it.each(nodeBackends)("keeps its digits in batches on %s", async (backend) => {
    await activate(backend, nodeHost);
    const { slope, mean } = batchSlope("binary cross-entropy", tf.tensor2d([[30], [-30], [80]]), units([0, 1, 1], 1));
    expect(relativeError(await slope.data(), [-Math.exp(-30), Math.exp(-30), 1])).toBeLessThan(1e-6);
    expect((await slope.data())[0]! / -Math.exp(-30)).toBeCloseTo(1, 5);
    expect((await mean.data())[0]).toBeCloseTo(80 / 3, 4);
  });
});

it("a single score tells its label by the side on which it lies", () => {
  const scores = (data: number[]) => ({ rows: 4, columns: 1, data: Float32Array.from(data) });
  const labels = [0, 1, 0, 1];
  expect(evaluate("squared-error", scores([0.9, 0.1, 0.4, 0.7]), labels).accuracy).toBe(0.5);
  expect(evaluate("squared-error", scores([1, 0, 1, 0]), labels)).toEqual({ loss: 0, accuracy: 1 });
  expect(evaluate("binary cross-entropy", scores([0.1, -0.1, 3, 0.2]), labels).accuracy).toBe(0.75);
});
