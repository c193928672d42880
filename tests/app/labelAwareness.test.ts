// The figures of label awareness: what they draw of findings that are known, and what they say of what cannot be drawn.
import { describe, expect, it } from "vitest";
import { isHeatmap, isLine, isStrip, type Figure } from "../../src/app/figures/figure.ts";
import { labelAwarenessGains } from "../../src/app/figures/labelAwarenessGains.ts";
import {
  cellSentence,
  cellText,
  groupsOf,
  labelAwarenessGrids,
  openCell,
  spreadText,
} from "../../src/app/figures/labelAwarenessGrid.ts";
import {
  labelAwarenessEstimate,
  labelAwarenessKernels,
  labelAwarenessLambda,
} from "../../src/app/figures/labelAwarenessKernels.ts";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { svgOf } from "../../src/app/export/svg.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { defaults } from "../../src/lab/params.ts";
import { labelAwareness } from "../../src/lab/studies/labelAwareness.ts";
import type { LabelAwarenessFinding, Measured } from "../../src/lab/studies/labelAwareness/finding.ts";
import { estimateIds, lambdas, methodIds } from "../../src/lab/studies/labelAwareness/method.ts";
import {
  kernelsKey,
  networkKey,
  pairsOf,
  type LabelAwarenessParams,
} from "../../src/lab/studies/labelAwareness/setting.ts";
import { interval } from "../../src/math/stats.ts";
import { parse } from "./xml.ts";

const params: LabelAwarenessParams = {
  ...(defaults(labelAwareness.params) as unknown as LabelAwarenessParams),
  dataset: "cifar10",
  pairs: ["frog-ship", "deer-dog"],
  seeds: [1, 2],
};
const measured = (share: number, accuracy: number): Measured => ({
  trainTrain: { intra: share, inter: 1 - share, ratio: share },
  testTrain: { intra: share, inter: 1 - share, ratio: share - 0.01 },
  accuracy,
});
const square = (scale: number): Float32Array => Float32Array.of(4 * scale, 1, 1, scale);
const shown = { images: Int32Array.of(3, 9), sides: Uint8Array.of(0, 1) };

/** Seed 2 of the first pair diverged; KR-V1 has no ratio at lambda 1, where its held-out accuracy is the greatest. */
function findingsOf(): Map<string, LabelAwarenessFinding> {
  const findings = new Map<string, LabelAwarenessFinding>();
  for (const seed of params.seeds)
    for (const [at, pair] of pairsOf(params).entries()) {
      const shift = 0.02 * at + 0.01 * seed;
      findings.set(kernelsKey(params, pair, seed), {
        kind: "kernels",
        ntk: measured(0.55 + shift, 0.8),
        methods: Object.fromEntries(
          estimateIds.map((id) => [
            id,
            {
              scale: 2,
              byLambda: lambdas.map((lambda) => ({
                ...measured(id === "kr-v1" && lambda === 1 ? NaN : 0.55 + shift + lambda / 20, 0.8),
                lambda,
                isDefinite: lambda < 1,
                validation: 0.7 + lambda / 10,
                validationError: 0.4,
              })),
            },
          ]),
        ) as never,
        shown: { ...shown, ntk: square(1), estimates: { "kr-v1": square(0.5), "kr-v2": square(1), pairs: square(-1) } },
      });
      const isLost = at === 0 && seed === 2;
      findings.set(networkKey(params, pair, seed), {
        kind: "network",
        start: measured(0.52 + shift, 0.5),
        trained: isLost ? measured(NaN, NaN) : measured(0.6 + shift, 0.9),
        trainLoss: isLost ? NaN : 0.01,
        trainAccuracy: isLost ? NaN : 1,
        stepSize: 0.1,
        remark: isLost ? "The training diverged at a step size of 0.1; lower its share." : "",
        shown: { ...shown, start: square(1), trained: square(3) },
      });
    }
  return findings;
}

const input = { params, findings: findingsOf(), lambda: "validation" };

const isWhole = ({ data }: Figure): void => {
  const { columns, rows, dictionary } = data();
  expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
};

describe("the grid", () => {
  const groups = groupsOf(input);
  const cellAt = (group: number, method: string, column: number) =>
    groups[group]!.rows.find((row) => row.method === method)!.cells[column]!;

  it("has a row a method, and none for the accuracy of a start", () => {
    expect(groups.map(({ rows }) => rows.length)).toEqual([6, 6, 5]);
    expect(groups[2]!.rows.some(({ method }) => method === "start")).toBe(false);
  });

  it("takes means over seeds, beside what the paper prints", () => {
    const cell = cellAt(0, "ntk", 0);
    expect(cell.value).toEqual(interval([100 * (0.55 + 0.01), 100 * (0.55 + 0.02)]));
    expect(cellText(cell)).toBe("56.50");
    expect(spreadText(cell)).toMatch(/^± 6\.35$/);
    expect(cell.paper!.value).toBe(63.83);
    expect(cellSentence(cell)).toContain("paper 63.83 (Chen, He and Su, NeurIPS 2020, Table 3)");
    expect(cellAt(2, "pairs", 1).paper!.value).toBe(86.75);
  });

  it("leaves out a seed that diverged, and says so", () => {
    const cell = cellAt(0, "trained", 0);
    expect(cell.value.count).toBe(1);
    expect(cell.seeds).toBe(2);
    expect(spreadText(cell)).toBe("");
    expect(cellSentence(cell)).toContain("1 seed not measurable");
    expect(cellAt(2, "trained", 0).isBest).toBe(true);
    expect(cellAt(2, "ntk", 0).isBest).toBe(false);
  });

  it("passes over a lambda without a ratio, unless it is asked for", () => {
    expect(openCell(input, { method: methodIds.indexOf("kr-v1"), pair: 0, seed: 0 })!.lambda).toBe(0.1);
    expect(openCell(input, { method: methodIds.indexOf("kr-v2"), pair: 0, seed: 0 })!.lambda).toBe(1);
    const fixed = groupsOf({ ...input, lambda: "1" })[0]!.rows.find(({ method }) => method === "kr-v1")!.cells[0]!;
    expect(cellText(fixed)).toBe("not measurable");
  });

  it("can be exported, one figure a scale", () => {
    const figures = labelAwarenessGrids(input);
    expect(figures.map(({ panels }) => panels.length)).toEqual([2, 1]);
    figures.forEach(isWhole);
    const svg = svgOf(figures[0]!, { widthPx: 900, heightPx: 400, theme: lightTheme } as never);
    expect(() => parse(svg)).not.toThrow();
    expect(figures[0]!.caption).toContain("held-out fifth");
  });

  it("is empty while nothing is known", () => {
    const none = groupsOf({ ...input, findings: new Map() });
    expect(none.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells)).every((cell) => cellText(cell) === "")).toBe(
      true,
    );
    expect(labelAwarenessGrids({ ...input, findings: new Map() })[0]!.traces.filter(isHeatmap)).toHaveLength(2);
  });
});

describe("what training and labels add", () => {
  it("is paired by seed, without those that are not measurable", () => {
    const figure = labelAwarenessGains({ ...input, quantity: "train-train", estimate: "pairs" });
    expect(figure.panels.map(({ title }) => title)).toEqual(["Trained − Start", "Pair features − NTK"]);
    const strips = figure.traces.filter(isStrip);
    expect(strips.map(({ panel, category, points }) => [panel, category, points.length])).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [1, 0, 2],
      [1, 1, 2],
    ]);
    expect(strips[0]!.mean).toBeCloseTo(8, 9);
    expect(strips[2]!.mean).toBeCloseTo(5, 9);
    isWhole(figure);
  });

  it("holds the network's accuracy against the tangent kernel's, since a start has none", () => {
    const figure = labelAwarenessGains({ ...input, quantity: "accuracy", estimate: "kr-v1" });
    expect(figure.panels[0]!.title).toBe("Trained − NTK");
    expect(figure.traces.filter(isStrip)[0]!.mean).toBeCloseTo(10, 9);
  });
});

describe("an open cell", () => {
  const open = (method: (typeof methodIds)[number]) =>
    openCell(input, { method: methodIds.indexOf(method), pair: 0, seed: 0 })!;

  it("shows a network before and after", () => {
    const figure = labelAwarenessKernels(open("trained"))!;
    expect(figure.panels.map(({ title }) => title)).toEqual(["Start", "Trained"]);
    const [start, trained] = figure.traces.filter(isHeatmap);
    expect(start!.values[0]).toEqual([1, 0.5]);
    expect(trained!.values[0]![1]).toBeCloseTo(1 / 6, 6);
    expect(start!.strips!.rows.map(({ title }) => title)).toEqual(["frog", "ship"]);
    isWhole(figure);
    expect(labelAwarenessEstimate(open("trained"))).toBeUndefined();
    expect(labelAwarenessLambda(open("trained"))).toBeUndefined();
  });

  it("shows a label-aware kernel beside the tangent kernel, and what is added", () => {
    const cell = open("kr-v1");
    const [raw, whole] = labelAwarenessKernels(cell)!.traces.filter(isHeatmap);
    expect(raw!.values[0]![1]).toBeCloseTo(0.5, 9);
    // K + lambda scale Z = K + 0.2 Z.
    expect(whole!.values[0]![1]).toBeCloseTo(1.2 / Math.sqrt((4 + 0.4) * (1 + 0.1)), 6);
    const estimate = labelAwarenessEstimate(cell)!;
    expect(estimate.traces.filter(isHeatmap)[0]!.values[0]![0]).toBeCloseTo(0.4, 9);
    const lambda = labelAwarenessLambda(cell)!;
    expect(lambda.traces.filter(isLine)).toHaveLength(4);
    [estimate, lambda].forEach(isWhole);
  });

  it("has no matrices where its finding was read from a file", () => {
    const findings = new Map([...input.findings].map(([key, value]) => [key, labelAwareness.lasting!(value)]));
    const cell = openCell({ ...input, findings }, { method: 0, pair: 0, seed: 0 })!;
    expect(labelAwarenessKernels(cell)).toBeUndefined();
    expect(openCell(input, { method: -1, pair: 0, seed: 0 })).toBeUndefined();
  });
});

it("keeps what is looked at in a link", async () => {
  const shared = sharedStudy({ study: "label-awareness", params: {} }, { lambda: "0.1", method: 2, pair: 1 });
  expect(decodeStudy(encodeStudy(shared))).toEqual(shared);
});
