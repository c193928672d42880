// The figures of the bounds: the values of the formulas where they belong, on logarithmic axes, and what says nothing is marked.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import {
  boundsAgainstDelta,
  boundsAgainstSize,
  sizeShown,
  type BoundsInput,
} from "../../src/app/figures/boundsCurves.ts";
import { isLine } from "../../src/app/figures/figure.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { bounds } from "../../src/lab/studies/bounds.ts";
import { usefulFrom } from "../../src/lab/studies/bounds/curves.ts";
import type { BoundsFinding } from "../../src/lab/studies/bounds/measure.ts";
import { boundsKey, type BoundsParams } from "../../src/lab/studies/bounds/setting.ts";
import { defaults } from "../../src/lab/params.ts";
import { parse } from "./xml.ts";

const params: BoundsParams = {
  ...(defaults(bounds.params) as unknown as BoundsParams),
  ms: [50, 100, 200],
  seeds: [1, 2],
  lossBound: 1,
};

/** The gap falls as 1 / m; M_beta is 10 and sup E beta 0.5. */
const findings = new Map<string, BoundsFinding>(
  params.ms.flatMap((m) =>
    params.seeds.map((seed) => [
      boundsKey(params, seed, m),
      {
        trainLoss: 0.1,
        heldOutLoss: 0.1 + (seed === 1 ? 4 : 6) / m,
        trainAccuracy: 1,
        heldOutAccuracy: 0.9,
        mBeta: 10,
        eBeta: 0.5,
        ridge: 1,
      },
    ]),
  ),
);

const input = (news: Partial<BoundsInput> = {}): BoundsInput => ({
  params,
  findings,
  delta: 0.05,
  size: 0,
  reach: "measured",
  arrangement: "row",
  ...news,
});

describe("against the sample size", () => {
  it("has both bounds by their formulas, the mean gap and its power of m", () => {
    const figure = boundsAgainstSize(input());
    const lines = figure.traces.filter(isLine).filter(({ faint }) => !faint);
    expect(lines.map(({ title }) => title)).toEqual(["Uniform stability", "Locally elastic stability", "Measured gap"]);
    expect(lines[0]!.y[1]).toBeCloseTo(20 / 100 + 41 * Math.sqrt(Math.log(20) / 200), 10);
    expect(lines[1]!.y[1]).toBeCloseTo(1 / 100 + 2.83 * 2.1 * Math.sqrt(Math.log(40) / 100), 10);
    [0.1, 0.05, 0.025].forEach((gap, at) => expect(lines[2]!.y[at]).toBeCloseTo(gap, 12));
    expect(figure.caption).toContain("to the power −1.00");
    expect(figure.panels[0]!.rules).toEqual([{ axis: "y", at: 1, title: "largest loss" }]);
    expect(figure.panels[0]!.x!.scale).toBe("log");
    // A band that reaches below 0 ends at the axis.
    const { low, high } = figure.panels[0]!.y!;
    expect(Math.min(...lines[2]!.band!.low)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...lines[0]!.y)).toBeLessThanOrEqual(high);
  });

  it("goes on to where both bounds are below the largest loss, with the constants of the largest m", () => {
    const figure = boundsAgainstSize(input({ reach: "beyond" }));
    const far = usefulFrom(params, "uniform", { at: sizeShown(input())!, delta: 0.05 });
    expect(figure.panels[0]!.x!.high).toBeGreaterThanOrEqual(3 * far);
    const faint = figure.traces.filter(isLine).filter((trace) => trace.faint && trace.title !== "fitted");
    expect(faint).toHaveLength(2);
    for (const { y } of faint) expect(y.at(-1)).toBeLessThan(1);
    expect(figure.caption).toContain("the constants stay as they are there");
  });
});

describe("against the confidence", () => {
  it("has both bounds at the size that is looked at, the nearest to what is wanted", () => {
    expect(sizeShown(input())!.m).toBe(200);
    expect(sizeShown(input({ size: 90 }))!.m).toBe(100);
    const figure = boundsAgainstDelta(input({ size: 100, delta: 0.01 }));
    expect(figure.title).toContain("m = 100");
    expect(figure.mark).toBe(0.01);
    const [uniform] = figure.traces.filter(isLine);
    const at = 24;
    expect(uniform!.y[at]).toBeCloseTo(0.2 + 41 * Math.sqrt(Math.log(1 / uniform!.x[at]!) / 200), 10);
    expect(uniform!.y[0]).toBeGreaterThan(uniform!.y.at(-1)!);
  });
});

it.each([
  ["full", input()],
  ["beyond", input({ reach: "beyond" })],
  ["empty", input({ findings: new Map() })],
  ["of one size", input({ params: { ...params, ms: [50], seeds: [1] } })],
])("is drawn and has its rows, %s", (_name, of) => {
  for (const figure of [boundsAgainstSize(of), boundsAgainstDelta(of)]) {
    const svg = svgOf(figure, { widthPx: 860, theme: lightTheme, fontFamily: "Arial" });
    expect(() => parse(svg)).not.toThrow();
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const { columns, dictionary, rows } = figure.data();
    expect(Object.keys(dictionary)).toEqual([...columns]);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    if (of.findings.size === 0) expect(figure.panels[0]!.note).toBe("Not measured yet");
    else expect(figure.caption).toContain("could not be read");
  }
});
