// The figures of kernel regression: what they draw of known findings, and what they say of few seeds and of none.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isHeatmap, isLine } from "../../src/app/figures/figure.ts";
import { kernelRegressionClasses } from "../../src/app/figures/kernelRegressionClasses.ts";
import {
  epochShown,
  kernelRegressionAccuracy,
  kernelRegressionMoved,
  kernelRegressionResponse,
} from "../../src/app/figures/kernelRegressionCurves.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { defaults } from "../../src/lab/params.ts";
import { kernelRegression } from "../../src/lab/studies/kernelRegression.ts";
import type { RegressionFinding } from "../../src/lab/studies/kernelRegression/measure.ts";
import { regressionKey, type RegressionParams } from "../../src/lab/studies/kernelRegression/setting.ts";
import { interval } from "../../src/math/stats.ts";
import { parse } from "./xml.ts";

const params: RegressionParams = {
  ...(defaults(kernelRegression.params) as unknown as RegressionParams),
  classes: ["tiger", "cat", "plane"],
  epochs: [4, 0, 4],
  seeds: [1, 2],
};

const findings = new Map<string, RegressionFinding>();
for (const seed of params.seeds)
  for (const epoch of [0, 4]) {
    const of = (value: number) => ({ network: value, now: value + 0.1, frozen: 0.3 });
    const cells = (same: number) => Float64Array.of(same, 0.4, 0.2, 0.4, same, 0.2, 0.2, 0.2, same);
    findings.set(regressionKey(params, seed, epoch), {
      accuracy: of(0.4 + 0.02 * seed),
      fit: of(0.9),
      response: { network: cells(0.8), now: cells(0.7), frozen: cells(0.5) },
      moved: epoch / 100,
    });
  }

const input = { params, findings, epoch: 3, arrangement: "row" } as const;

describe("the network beside kernel regression", () => {
  it("has three lines of accuracy with intervals over seeds, above chance", () => {
    const figure = kernelRegressionAccuracy(input);
    const lines = figure.traces.filter(isLine);
    expect(lines.map(({ title }) => title)).toEqual(["network", "kernel now", "kernel at start"]);
    const wanted = interval([0.42, 0.44]);
    expect(lines[0]!.x).toEqual([0, 4]);
    expect(lines[0]!.y[1]).toBeCloseTo(wanted.mean, 12);
    expect(lines[0]!.band!.high[1]).toBeCloseTo(wanted.high, 12);
    expect(figure.panels[0]!.rules![0]!.at).toBeCloseTo(1 / 3, 12);
    expect(figure.mark).toBe(4);
    expect(figure.caption).toContain("n = 2 seeds");
    expect(figure.caption).toContain("ridge 0.001 times its mean diagonal");
    expect(figure.caption).toContain("not photographs");
  });

  it("tells relations apart in each machine, on one scale", () => {
    const figure = kernelRegressionResponse(input);
    const lines = figure.traces.filter(isLine);
    expect(lines.map(({ panel, title, y }) => [panel, title, Number(y[0]!.toFixed(12))])).toEqual([
      [0, "same class", 0.8],
      [0, "sibling", 0.4],
      [0, "unrelated", 0.2],
      [1, "same class", 0.7],
      [1, "sibling", 0.4],
      [1, "unrelated", 0.2],
      [2, "same class", 0.5],
      [2, "sibling", 0.4],
      [2, "unrelated", 0.2],
    ]);
    expect(figure.panels[0]!.y).toBe(figure.panels[2]!.y);
  });

  it("shows the classes at the measured epoch that is nearest", () => {
    expect(epochShown(input)).toBe(4);
    const maps = kernelRegressionClasses(input).traces.filter(isHeatmap);
    expect(maps).toHaveLength(3);
    expect(maps[1]!.rows).toEqual(["tiger", "cat", "plane"]);
    expect(maps[1]!.values[0]).toEqual([0.7, 0.4, 0.2]);
    expect(maps.map(({ scale }) => scale.high)).toEqual([1, 1, 1]);
    expect(kernelRegressionMoved(input).traces.filter(isLine)[0]!.y).toEqual([0, 0.04]);
  });

  it("warns of a single seed", () => {
    expect(kernelRegressionAccuracy({ ...input, params: { ...params, seeds: [1] } }).caption).toContain("One seed");
  });
});

it.each([
  ["nothing", new Map<string, RegressionFinding>()],
  ["some", new Map([...findings].slice(0, 1))],
  ["all", findings],
])("can be exported with %s", (_name, there) => {
  for (const make of [
    kernelRegressionAccuracy,
    kernelRegressionResponse,
    kernelRegressionClasses,
    kernelRegressionMoved,
  ]) {
    const figure = make({ ...input, findings: there });
    parse(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "sans-serif", id: "a" }));
    const { columns, rows, dictionary } = figure.data();
    expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
});
