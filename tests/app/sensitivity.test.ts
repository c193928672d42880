// The figures of the sensitivity study: what they draw of findings that are known, and what they say while there are none.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isHeatmap, isLine, isPoints } from "../../src/app/figures/figure.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { sensitivityAgreement } from "../../src/app/figures/sensitivityAgreement.ts";
import { methodPair, sensitivityClasses, type ClassesInput } from "../../src/app/figures/sensitivityClasses.ts";
import { sensitivityCurves } from "../../src/app/figures/sensitivityCurves.ts";
import { defaults } from "../../src/lab/params.ts";
import { sensitivity } from "../../src/lab/studies/sensitivity.ts";
import type { Finding, SensitivityFinding } from "../../src/lab/studies/sensitivity/findings.ts";
import {
  methodIds,
  retrainingKey,
  sensitivityKey,
  type SensitivityParams,
} from "../../src/lab/studies/sensitivity/setting.ts";
import { parse } from "./xml.ts";

const params: SensitivityParams = {
  ...(defaults(sensitivity.params) as unknown as SensitivityParams),
  data: "four clusters",
  seeds: [1, 2],
  retrained: 2,
};

/** Two training and four test examples, a group each; example i moves test example z by (i + 1) / (z + 1), times `size`. */
const findingOf = (size: number): SensitivityFinding => ({
  kind: "sensitivity",
  changes: Float32Array.from({ length: 8 }, (_, cell) => (size * (1 + Math.floor(cell / 4))) / (1 + (cell % 4))),
  trainGroups: Uint8Array.of(0, 1),
  testGroups: Uint8Array.of(0, 1, 2, 3),
  accuracy: 1,
  loss: 0,
  trainLoss: 0,
});

function findingsOf(): Map<string, Finding> {
  const findings = new Map<string, Finding>();
  for (const seed of params.seeds)
    methodIds.forEach((method, at) => findings.set(sensitivityKey(params, method, seed), findingOf((at + 1) * seed)));
  const retrained = { kind: "retraining", steps: 1, gradientNorm: 0 } as const;
  const measured = Float32Array.of(0.001, -0.001);
  findings.set(retrainingKey(params, -1), {
    ...retrained,
    row: -1,
    why: "none",
    predicted: new Float32Array(2),
    measured,
  });
  (["largest", "random"] as const).forEach((why, place) =>
    findings.set(retrainingKey(params, place), {
      ...retrained,
      row: place,
      why,
      predicted: Float32Array.of(1, 3 + place),
      measured: Float32Array.of(2, 5 + place),
    }),
  );
  return findings;
}

const inputOf = (change: Partial<ClassesInput> = {}): ClassesInput => ({
  params,
  findings: findingsOf(),
  arrangement: "row",
  left: "network",
  right: "features",
  scale: "shared",
  seedAt: 0,
  ...change,
});

describe("class-to-class heatmaps", () => {
  it("show two methods on one scale, mean of the seeds", () => {
    const figure = sensitivityClasses(inputOf());
    const [left, right] = figure.traces.filter(isHeatmap);
    expect(figure.panels.map(({ title }) => title)).toEqual(["Network", "Random features"]);
    // m = 2; the network is 4 and 8 in the two seeds.
    expect(left!.values[0]).toEqual([12, 6, expect.closeTo(4, 5), 3]);
    expect(left!.values[2]).toEqual([NaN, NaN, NaN, NaN]);
    expect(right!.values[1]![0]).toBe(18);
    expect(left!.scale).toBe(right!.scale);
    expect(left!.scale.high).toBe(25);
    expect(figure.caption).toContain("could not be read");
  });

  it("show shares of each method's largest cell on scales of their own, and one seed where it is picked", () => {
    const [left] = sensitivityClasses(inputOf({ scale: "own", seedAt: 1 })).traces.filter(isHeatmap);
    expect(left!.scale).toEqual({ kind: "sequential", low: 0, high: 1 });
    expect(left!.values[1]!.slice(0, 2)).toEqual([1, 0.5]);
    expect(left!.labels![1]![0]).toBe("16.0");
  });

  it("give way to methods that there are", () => {
    expect(methodPair({ ...params, network: false }, "network", "features")).toEqual(["features", "linear"]);
    expect(methodPair({ ...params, rbf: false, linear: false, features: false }, "rbf", "linear")).toEqual(["network"]);
  });
});

it("sorts training examples by their mean effect, and names the worst", () => {
  const figure = sensitivityCurves(inputOf());
  const lines = figure.traces.filter(isLine);
  expect(lines.map(({ title }) => title)).toEqual(["RBF kernel", "Linear kernel", "Random features", "Network"]);
  // 2 (1 + 1/2 + 1/3 + 1/4) / 4 times 2 and 1, mean of sizes 1 and 2.
  expect(lines[0]!.y).toEqual([expect.closeTo(3.125, 6), expect.closeTo(1.5625, 6)]);
  expect(figure.caption).toContain("RBF kernel 6,");
});

describe("influence against retraining", () => {
  it("draws single test examples and sums, with the correlation of each and the noise", () => {
    const figure = sensitivityAgreement(inputOf());
    expect(figure.panels.map(({ title }) => title)).toEqual([
      "Single test examples: ρ = 1.000",
      "Summed over test examples: ρ = 1.000",
    ]);
    const points = figure.traces.filter(isPoints);
    expect(points.map(({ panel, title, x }) => [panel, title, x])).toEqual([
      [0, "left out at random", [1, 4]],
      [0, "largest predicted effect", [1, 3]],
      [1, "left out at random", [5]],
      [1, "largest predicted effect", [4]],
    ]);
    expect(figure.caption).toContain("n = 4.");
    expect(figure.caption).toContain("moves the loss by 0.001 (root mean square)");
  });
});

it("says in each figure that nothing has been measured, draws all of them, and explains every column", () => {
  const empty = inputOf({ findings: new Map() });
  for (const make of [sensitivityClasses, sensitivityCurves, sensitivityAgreement]) {
    expect(make(empty).panels.every(({ note }) => note !== undefined)).toBe(true);
    for (const input of [empty, inputOf(), inputOf({ arrangement: "column" })]) {
      const figure = make(input);
      expect(() => parse(svgOf(figure, { widthPx: 900, theme: lightTheme, fontFamily: "Arial" }))).not.toThrow();
      const { columns, rows, dictionary } = figure.data();
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
  }
});
