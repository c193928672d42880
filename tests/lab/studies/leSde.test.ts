// The studies of the locally elastic SDE: what they announce and find, their limits, and what they refuse.
import { beforeAll, describe, expect, it } from "vitest";
import { svgOf } from "../../../src/app/export/svg.ts";
import { isLine, isPoints } from "../../../src/app/figures/figure.ts";
import { leSdeMeasures, leSdePaths } from "../../../src/app/figures/leSdeCurves.ts";
import { lightTheme } from "../../../src/app/figures/palette.ts";
import { phases, phasesOf } from "../../../src/app/figures/phases.ts";
import {
  collapseNames,
  leSde,
  leSdeKey,
  timesOf,
  type LeSdeFinding,
  type LeSdeParams,
} from "../../../src/lab/studies/leSde.ts";
import { phaseDiagram, type PhaseFinding, type PhaseParams } from "../../../src/lab/studies/phaseDiagram.ts";
import { parseStudy, type Desk, type StudyPlugin } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";

const desk = { breathe: () => Promise.resolve() } as unknown as Desk;
const paramsOf = <C>(study: string, params: object): C => parseStudy({ study, params }, studies).params as C;

async function findingsOf<C, V>(plugin: StudyPlugin<C, V>, chosen: C): Promise<Map<string, V>> {
  const findings = new Map<string, V>();
  for await (const event of plugin.run(chosen, desk, new Set()))
    if (event.kind === "finding") findings.set(event.key, event.value);
  return findings;
}

describe("a run of the locally elastic SDE", () => {
  const params = paramsOf<LeSdeParams>("le-sde", { seeds: [3, 4], steps: 400, perClass: 20, noise: 0 });
  let findings: Map<string, LeSdeFinding>;
  beforeAll(async () => {
    findings = await findingsOf(leSde, params);
  });

  it("finds what it announced, the same bytes each time, and only what is missing", async () => {
    expect([...findings.keys()]).toEqual(leSde.keys(params));
    expect(await findingsOf(leSde, params)).toEqual(findings);
    const [first, second] = leSde.keys(params);
    const rest = [];
    for await (const event of leSde.run(params, desk, new Set([first!])))
      if (event.kind === "finding") rest.push(event.key);
    expect(rest).toEqual([second]);
  });

  it("grows as its closed form where there is no noise, but for the lag of Euler's steps", () => {
    for (const { size, known, times } of findings.values()) {
      expect(size[0]).toBeCloseTo(known[0]!, 9);
      // exp(x) against (1 + x / n)^n: late by sum of alpha^2 / (2 K^2), below 0.2 in log10 for alpha(1) = 1.
      times.forEach((_, at) => expect(Math.abs(size[at]! - known[at]!)).toBeLessThan(0.2));
    }
  });

  it("separates classes in the end, and tells it in figures and tables", () => {
    for (const { nearest, probe } of findings.values()) expect([nearest.at(-1), probe.at(-1)]).toEqual([1, 1]);
    const input = { params, findings, seed: 0, coordinate: 9, arrangement: "row" } as const;
    const paths = leSdePaths(input);
    // Eight samples of three classes and their means, of the last coordinate there is.
    expect(paths.traces).toHaveLength(27);
    expect(paths.caption).toContain("Coordinate 3");
    const measures = leSdeMeasures(input);
    expect(measures.traces.filter(isLine).map(({ panel }) => panel)).toEqual([
      0,
      0,
      1,
      1,
      1,
      ...collapseNames.map(() => 2),
    ]);
    for (const figure of [paths, measures])
      expect(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "Arial" }).length).toBeGreaterThan(1000);
    expect(leSde.tables(params, findings)[0]!.rows).toHaveLength(2 * timesOf(params).length);
    expect(leSdePaths({ ...input, findings: new Map() }).panels[0]!.note).toBe("Not measured yet");
  });

  it("takes effects drawn by hand, integrates where no closed form is known, and refuses points that are none", async () => {
    const drawn = {
      alphaPoints: ["1:0.3", "100:0"],
      betaPoints: ["1:-0.1"],
      model: "L",
      steps: 100,
      seeds: [1],
      noise: 0,
    };
    const chosen = paramsOf<LeSdeParams>("le-sde", drawn);
    const found = (await findingsOf(leSde, chosen)).get(leSdeKey(chosen, 1))!;
    found.size.forEach((value, at) => expect(Math.abs(value - found.known[at]!)).toBeLessThan(0.2));
    expect(() => paramsOf("le-sde", { alphaPoints: ["0.5:1"] })).toThrow(
      'α has the point "0.5:1"; give time:value with a time of 1 or more.',
    );
    for (const point of ["1:", ":1", "1: ", "2", "1:2:3", "1:Infinity"])
      expect(() => paramsOf("le-sde", { alphaPoints: [point] })).toThrow(`α has the point "${point}"; give time:value`);
    expect(() => paramsOf("le-sde", { betaPoints: ["1:-2e6"] })).toThrow(
      'β has the point "1:-2e6"; give a value from -1000000 to 1000000.',
    );
    expect(() => paramsOf("le-sde", { betaPoints: ["3:1", "3:2"] })).toThrow("β has two points at time 3; give one.");
  });
});

it("growth beyond all numbers leaves measures out, not the study", async () => {
  const asked = paramsOf<LeSdeParams>("le-sde", { seeds: [1], steps: 100, perClass: 8 });
  // Beyond what can be asked for.
  const chosen = { ...asked, ratio: 1e160 };
  const findings = await findingsOf(leSde, chosen);
  const found = findings.get(leSdeKey(chosen, 1))!;
  for (const values of [found.collapse.within, found.nearest, found.probe]) {
    expect(values[0]).not.toBeNaN();
    expect(values.at(-1)).toBeNaN();
  }
  const cells = leSde.tables(chosen, findings)[0]!.rows.flat();
  expect(cells.filter((cell) => typeof cell === "number" && !Number.isFinite(cell))).toEqual([]);
  const input = { params: chosen, findings, seed: 0, coordinate: 0, arrangement: "row" } as const;
  for (const figure of [leSdePaths(input), leSdeMeasures(input)])
    expect(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "Arial" })).not.toMatch(/NaN|Infinity/);
});

describe("the phase diagram", () => {
  const params = paramsOf<PhaseParams>("phase-diagram", {
    tailCount: 2,
    lowTail: 0.3,
    highTail: 1.5,
    ratioCount: 2,
    lowRatio: 0,
    highRatio: 1.2,
    steps: 2000,
    runs: 2,
  });

  it("is 1 where the model is elastic for long, and chance elsewhere", async () => {
    const findings: Map<string, PhaseFinding> = await findingsOf(phaseDiagram, params);
    expect([...findings.keys()]).toEqual(phaseDiagram.keys(params));
    const [elastic, short, not, neither] = phasesOf({ params, findings }).map(({ accuracy }) => accuracy);
    expect(elastic).toBe(1);
    // 150 samples: five standard deviations about a third.
    for (const value of [short!, not!, neither!]) expect(Math.abs(value - 1 / 3)).toBeLessThan(0.19);
    const figure = phases({ params, findings, picked: 1, arrangement: "row" });
    expect(figure.traces.filter(isPoints)[0]!.x).toEqual([0.3, 1.5, 0.3, 1.5]);
    expect(figure.panels[0]!.rules!.map(({ at }) => at)).toEqual([1, 1]);
    expect(figure.data().rows[0]).toEqual([0.3, 0, 1]);
  });

  it("refuses a range the wrong way round", () => {
    expect(() => paramsOf("phase-diagram", { lowTail: 1, highTail: 0.5 })).toThrow(
      "The tail indices go from 1 to 0.5; let the first be below the second.",
    );
  });
});
