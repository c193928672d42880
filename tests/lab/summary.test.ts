// What a block says in few numbers, on blocks built so that the answer is known.
import { describe, expect, it } from "vitest";
import type { ClassInfo } from "../../src/lab/contracts.ts";
import { chanceOfOrder, classMatrix, relationMeans } from "../../src/lab/summary.ts";
import type { Block } from "../../src/lab/table.ts";

interface Parts {
  readonly anchors: readonly number[];
  readonly probes: readonly number[];
  readonly labelOf: (example: number) => number;
  readonly valueOf: (anchor: number, probe: number) => number;
}

function blockOf({ anchors, probes, labelOf, valueOf }: Parts): Block {
  const cells = anchors.flatMap((anchor) => probes.map((probe) => valueOf(anchor, probe)));
  return {
    tick: 0,
    epoch: 0,
    source: "schedule",
    anchors: Int32Array.from(anchors),
    probes: Int32Array.from(probes),
    anchorLabels: Uint8Array.from(anchors, labelOf),
    probeLabels: Uint8Array.from(probes, labelOf),
    stepSize: Float64Array.from(anchors, () => 1),
    ownChange: Float64Array.from(anchors, () => 2),
    change: Float32Array.from(cells, (cell) => 2 * cell),
    before: new Float32Array(probes.length * 3),
    outputCount: 3,
    measures: {
      relative: {
        // A row whose values are NaN is one that cannot be divided by.
        numerator: Float32Array.from(cells, (cell) => (Number.isNaN(cell) ? 1 : 2 * cell)),
        denominator: Float64Array.from(anchors, (anchor) => (Number.isNaN(valueOf(anchor, probes[0]!)) ? NaN : 2)),
      },
    },
  };
}

/** Examples 0..9 are of class 0, 10..19 of class 1, 20..29 of class 2. */
const labelOf = (example: number): number => Math.floor(example / 10);

describe("the class matrix", () => {
  it("is the mean over anchors of each anchor's mean over the probes of a class", () => {
    const block = blockOf({
      anchors: [0, 1, 10],
      probes: [5, 6, 15],
      labelOf,
      valueOf: (anchor, probe) => anchor + probe / 8,
    });
    const [tigers, cats, planes] = classMatrix(block, "relative", 3);
    expect(tigers![0]!.mean).toBeCloseTo((5.5 / 8 + 1 + 5.5 / 8) / 2, 6);
    expect(tigers![1]!.mean).toBeCloseTo(0.5 + 15 / 8, 6);
    expect(tigers![0]!.count).toBe(2);
    // Two anchors one apart: s = 1/sqrt 2, half width 12.706 s / sqrt 2.
    expect(tigers![0]!.high - tigers![0]!.mean).toBeCloseTo(12.706 / 2, 3);
    expect(cats![0]!.mean).toBeCloseTo(10 + 5.5 / 8, 5);
    expect(cats![0]!.count).toBe(1);
    expect(tigers![2]!.mean).toBeNaN();
    expect(planes![0]!.mean).toBeNaN();
    expect(planes![0]!.count).toBe(0);
  });

  it("leaves the anchor's own image out, which is 1 by definition", () => {
    const block = blockOf({
      anchors: [0, 1],
      probes: [0, 1, 2],
      labelOf,
      valueOf: (anchor, probe) => (anchor === probe ? 1000 : 0.5),
    });
    expect(classMatrix(block, "relative", 1)[0]![0]!.mean).toBe(0.5);
    expect(chanceOfOrder(block, "relative", { anchorClass: 0, near: 0, far: 0 })).toBe(0.5);
  });

  it("leaves out the anchors that are not measurable", () => {
    const block = blockOf({
      anchors: [0, 1, 2],
      probes: [5, 6],
      labelOf,
      valueOf: (anchor) => (anchor === 1 ? NaN : anchor + 1),
    });
    const own = classMatrix(block, "relative", 1)[0]![0]!;
    expect([own.mean, own.count]).toEqual([2, 2]);
  });
});

describe("the chance of order", () => {
  const order = { anchorClass: 0, near: 0, far: 1 };
  const probes = [5, 6, 7, 15, 16, 17];

  it.each([
    ["1 where every near probe moves more", (probe: number): number => (labelOf(probe) === 0 ? 2 : 1), 1],
    ["0 where every near probe moves less", (probe: number): number => (labelOf(probe) === 0 ? 1 : 2), 0],
    ["1/2 where all move alike", (): number => 1, 0.5],
    // near 5, 6, 7; far 4, 6, 8: pairs in order 1 + 1.5 + 2 of 9, a tie counting half.
    ["the share of pairs in order", (probe: number): number => (probe < 10 ? probe : 2 * probe - 26), 4.5 / 9],
  ])("is %s", (_name, value, chance) => {
    const block = blockOf({ anchors: [0], probes, labelOf, valueOf: (_anchor, probe) => value(probe) });
    expect(chanceOfOrder(block, "relative", order)).toBeCloseTo(chance, 12);
  });

  it("compares within an anchor, so that anchors of different size do not mix", () => {
    // Anchor 1 moves everything a hundred times more, in the same order as anchor 0.
    const block = blockOf({
      anchors: [0, 1, 10],
      probes,
      labelOf,
      valueOf: (anchor, probe) => (anchor === 10 ? probe : (anchor === 1 ? 100 : 1) * (40 - probe)),
    });
    expect(chanceOfOrder(block, "relative", order)).toBe(1);
    expect(chanceOfOrder(block, "relative", { anchorClass: 1, near: 1, far: 0 })).toBe(1);
  });

  it("is not a number where a class has no probes", () => {
    const block = blockOf({ anchors: [0], probes: [5], labelOf, valueOf: () => 1 });
    expect(chanceOfOrder(block, "relative", order)).toBeNaN();
  });
});

describe("means by relation", () => {
  const classes: readonly ClassInfo[] = [
    { id: "tiger", title: "tiger", path: ["animal", "big cat"] },
    { id: "cat", title: "cat", path: ["animal"] },
    { id: "plane", title: "plane", path: ["vehicle"] },
  ];

  it("keep same class, siblings and the unrelated apart", () => {
    const block = blockOf({
      anchors: [0, 20],
      probes: [0, 5, 15, 25],
      labelOf,
      valueOf: (anchor, probe) => (anchor === probe ? 1 : 100 * labelOf(anchor) + 10 * labelOf(probe) + 2),
    });
    const all = relationMeans(block, "relative", classes);
    expect(all.same.mean).toBe((2 + 222) / 2);
    expect(all.sibling.mean).toBe(12);
    expect(all.unrelated.mean).toBeCloseTo((22 + (202 + 202 + 212) / 3) / 2, 4);
    const tigers = relationMeans(block, "relative", classes, 0);
    expect([tigers.same.mean, tigers.sibling.mean, tigers.unrelated.mean]).toEqual([2, 12, 22]);
  });
});
