// The figures of two label systems: one scale, paired changes, and the paper's curves apart from ours.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isLine } from "../../src/app/figures/figure.ts";
import {
  intervalText,
  labelSystemsRatios,
  labelSystemsShares,
  type LabelSystemsInput,
} from "../../src/app/figures/labelSystemsCurves.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { labelSystems } from "../../src/lab/studies/labelSystems.ts";
import type { LabelSystemsFinding } from "../../src/lab/studies/labelSystems/finding.ts";
import { momentKey, momentsOf, type LabelSystemsParams } from "../../src/lab/studies/labelSystems/setting.ts";
import { defaults } from "../../src/lab/params.ts";
import { interval } from "../../src/math/stats.ts";
import { parse } from "./xml.ts";

const params: LabelSystemsParams = {
  ...(defaults(labelSystems.params) as unknown as LabelSystemsParams),
  seeds: [1, 2, 3],
  epochs: [0, 10],
};

/** Means 4, 3, 2, 1 at the start; the first kind rises by a seed's own amount where the first labelling is learned. */
const findings = new Map<string, LabelSystemsFinding>(
  momentsOf(params).map((moment) => [
    momentKey(params, moment),
    {
      means: [4 + (moment.epoch > 0 && moment.trained === "first" ? moment.seed : 0), 3, 2, 1],
      accuracy: [1, 0.5],
      loss: [0.1, 0.25],
    },
  ]),
);

const input = (news: Partial<LabelSystemsInput> = {}): LabelSystemsInput => ({
  params,
  findings,
  show: "level",
  printed: false,
  arrangement: "row",
  ...news,
});

describe("the ratios", () => {
  it("has both labellings in a panel for each training, on one scale that is not stretched to 0", () => {
    const figure = labelSystemsRatios(input());
    expect(figure.panels.map(({ title }) => title)).toEqual([
      "Trained on cat, dog v ship, car",
      "Trained on plain v grass",
    ]);
    expect(figure.panels[0]!.y).toBe(figure.panels[1]!.y);
    expect(figure.panels[0]!.y!.low).toBeGreaterThan(40);
    const lines = figure.traces.filter(isLine);
    expect(lines.map(({ panel, title }) => `${panel} ${title}`)).toEqual([
      "0 cat, dog v ship, car",
      "0 plain v grass",
      "1 cat, dog v ship, car",
      "1 plain v grass",
    ]);
    expect(lines[0]!.y[0]).toBeCloseTo(70, 12);
    expect(lines[1]!.y[0]).toBeCloseTo(60, 12);
    // Both trainings begin at the same network.
    expect(lines[2]!.y[0]).toBe(lines[0]!.y[0]);
    expect(lines[2]!.y[1]).toBe(lines[0]!.y[0]);
  });

  it("shows changes paired by seed, from 0", () => {
    const figure = labelSystemsRatios(input({ show: "change" }));
    const [own] = figure.traces.filter(isLine);
    const wanted = interval([1, 2, 3].map((rise) => (100 * (7 + rise)) / (10 + rise) - 70));
    expect(own!.y[0]).toBe(0);
    expect(own!.y[1]).toBeCloseTo(wanted.mean, 12);
    expect(own!.band!.low[1]).toBeCloseTo(wanted.low, 12);
    expect(figure.caption).toContain("paired by seed");
    expect(figure.caption).toContain("n = 3 seeds");
  });

  it("keeps what is printed in a panel of its own, said to be so, and in rows of its own", () => {
    const figure = labelSystemsRatios(input({ printed: true }));
    expect(figure.panels[2]!.title).toContain("As printed");
    expect(figure.caption).toContain("by eye");
    const rows = figure.data().rows;
    expect(rows.filter((row) => row.at(-1) === "printed")).toHaveLength(22);
    expect(rows.filter((row) => row.at(-1) === "computed")).toHaveLength(8);
    const changed = labelSystemsRatios(input({ printed: true, show: "change" })).traces.filter(isLine);
    expect(changed.at(-2)!.y.at(-1)).toBeCloseTo(0.06, 9);
    expect(changed.at(-1)!.y.at(-1)).toBeCloseTo(0.12, 9);
  });

  it.each([
    ["level", false],
    ["change", true],
  ] as const)("is drawn by both figures, empty and full: %s", (show, printed) => {
    for (const each of [input({ show, printed }), input({ show, printed, findings: new Map() })])
      for (const figure of [labelSystemsRatios(each), labelSystemsShares(each)]) {
        const svg = svgOf(figure, { widthPx: 860, theme: lightTheme, fontFamily: "Arial" });
        expect(() => parse(svg)).not.toThrow();
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
        const { columns, dictionary, rows } = figure.data();
        expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
        expect(rows.every((row) => row.length === columns.length)).toBe(true);
        if (each.findings.size === 0) expect(figure.panels[0]!.note).toBe("Not measured yet");
      }
  });
});

describe("the shares", () => {
  it("has the four kinds of pairs in plain words, adding up to 1", () => {
    const lines = labelSystemsShares(input())
      .traces.filter(isLine)
      .filter(({ panel }) => panel === 0);
    expect(lines.map(({ title }) => title)).toEqual([
      "the same in both",
      "differ in plain v grass",
      "differ in cat, dog v ship, car",
      "different in both",
    ]);
    [0.4, 0.3, 0.2, 0.1].forEach((share, kind) => expect(lines[kind]!.y[0]).toBeCloseTo(share, 12));
    expect(lines.reduce((sum, { y }) => sum + y[1]!, 0)).toBeCloseTo(1, 12);
  });
});

it("writes an interval with its sign where it is a change", () => {
  expect(intervalText({ mean: 0.0621, low: 0.05, high: 0.07, count: 3 }, true)).toBe("+0.062 (0.050 to 0.070)");
  expect(intervalText({ mean: -0.5, low: -0.5, high: -0.5, count: 1 }, true)).toBe("−0.500");
  expect(intervalText(interval([]), false)).toBe("–");
});
