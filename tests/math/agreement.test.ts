// Accuracy of two clusters against counting by hand and against both namings.
import { describe, expect, it } from "vitest";
import { agreement } from "../../src/math/agreement.ts";
import { fc, forAll } from "../helpers/property.ts";

describe("agreement", () => {
  it("counts rows on the right side, and names those on the wrong one", () => {
    expect(agreement([0, 0, 0, 1, 1], [0, 0, 1, 1, 1])).toEqual({
      accuracy: 0.8,
      swapped: false,
      confusion: [
        [2, 0],
        [1, 2],
      ],
      wrong: [2],
    });
    expect(agreement(Uint8Array.of(1, 1, 1, 0, 0), Uint8Array.of(0, 0, 1, 1, 1))).toEqual({
      accuracy: 0.8,
      swapped: true,
      confusion: [
        [2, 0],
        [1, 2],
      ],
      wrong: [2],
    });
  });

  it("is 0.5 + |correct / n - 0.5|, the same under both names of the clusters, and adds up", () => {
    const pairs = fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1, maxLength: 30 });
    forAll(pairs, (both) => {
      const [labels, truth] = [both.map(([label]) => label), both.map(([, own]) => own)];
      const found = agreement(labels, truth);
      const correct = both.filter(([label, own]) => label === own).length;
      expect(found.accuracy).toBeCloseTo(0.5 + Math.abs(correct / both.length - 0.5), 12);
      const other = agreement(
        labels.map((label) => 1 - label),
        truth,
      );
      expect(other.accuracy).toBe(found.accuracy);
      const [[a, b], [c, d]] = found.confusion;
      expect(a + b).toBe(truth.filter((own) => own === 0).length);
      expect(c + d).toBe(truth.filter((own) => own === 1).length);
      expect((a + d) / both.length).toBe(found.accuracy);
      expect(found.wrong.length).toBe(b + c);
      for (const row of found.wrong) expect(labels[row] === truth[row]).toBe(found.swapped);
    });
  });

  it("refuses what are not two clusters of the same rows", () => {
    expect(() => agreement([0, 1], [0])).toThrow(/2 labels .* 1 classes/);
    expect(() => agreement([], [])).toThrow(RangeError);
    expect(() => agreement([0, 2], [0, 1])).toThrow(/cluster of row 1 is 2/);
    expect(() => agreement([0, 1], [0, -1])).toThrow(/class of row 1 is -1/);
  });
});
