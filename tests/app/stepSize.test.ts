// The figures of the step size: what they draw of findings that are known, and what they say of what cannot be drawn.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isLine } from "../../src/app/figures/figure.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { stepSizeErrors } from "../../src/app/figures/stepSizeErrors.ts";
import { nearestEta, stepSizeRatios } from "../../src/app/figures/stepSizeRatios.ts";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { stepSize } from "../../src/lab/studies/stepSize.ts";
import { etasOf, ruleKey, stepKey, subjectKey, type StepSizeParams } from "../../src/lab/studies/stepSize/setting.ts";
import type { StepSizeFinding } from "../../src/lab/studies/stepSize/findings.ts";
import { defaults } from "../../src/lab/params.ts";
import { parse } from "./xml.ts";

const params: StepSizeParams = {
  ...(defaults(stepSize.params) as unknown as StepSizeParams),
  probeClasses: ["tiger", "cat"],
  perDecade: 1,
};
const image = { classIndex: 0, shape: [1, 1, 1] as const, pixels: new Uint8Array(1) };

/** Ratios 0.8 and 0.1: single precision moves from 1e-8 on, what is exact bends at 1e-2. */
function findingsOf(): Map<string, StepSizeFinding> {
  const findings = new Map<string, StepSizeFinding>();
  findings.set(subjectKey(params, "picked"), {
    kind: "subject",
    images: [
      { ...image, title: "tiger 0, training" },
      { ...image, title: "tiger 0, held out" },
      { ...image, classIndex: 2, title: "cat 0, held out" },
    ],
    scores: Float64Array.of(1, 1, 1),
    slope: -0.5,
    firstOrder: Float64Array.of(10, 8, -1),
    engineFirstOrder: Float64Array.of(10, 8, -1),
    trainingLoss: 1,
  });
  for (const eta of etasOf(params)) {
    const exact = Float64Array.of(10 * eta, 8 * eta * (1 + eta), -eta);
    const single = eta < 1e-8 ? new Float64Array(3) : eta < 1e-6 ? Float64Array.of(eta, 5 * eta, 0) : exact;
    const step = { kind: "step", eta, changes: { single, double: exact, exact }, rounding: 1e-3 * eta } as const;
    findings.set(stepKey(params, eta), step);
    if (eta === 1e-6)
      findings.set(ruleKey(params, "picked"), { kind: "rule", tries: [{ eta, change: single[0]! }], stopped: step });
  }
  return findings;
}

const input = { params, findings: findingsOf(), scale: "linear", eta: 3e-9, arrangement: "row" } as const;

describe("the ratio against the step size", () => {
  const figure = stepSizeRatios(input);

  it("shades the plateau of each way and marks where the authors' rule stops", () => {
    expect(figure.panels.map(({ spans }) => spans!.map(({ from, to }) => [from, to]))).toEqual([
      [[1e-6, 1e-2]],
      [[1e-12, 1e-2]],
      [[1e-12, 1e-2]],
    ]);
    expect(figure.panels.map(({ rules }) => rules!.map(({ at }) => at))).toEqual([[1e-6], [], []]);
  });

  it("leaves gaps where the anchor did not move, says so, and names what lies above its axis", () => {
    const [first] = figure.traces.filter(isLine).filter(({ faint }) => !faint);
    expect(first!.y.slice(0, 5).map(Number.isNaN)).toEqual([true, true, true, true, false]);
    expect(figure.caption).toContain("single precision, subtracted: 4 of 13");
    expect(figure.caption).toMatch(/5 ratios lie above the axis, up to 5\./);
    const rows = figure
      .data()
      .rows.filter(([way, , , ratio]) => String(way).startsWith("Single precision, sub") && ratio === "");
    expect(rows).toHaveLength(8);
  });

  it("marks the step size that is nearest", () => {
    expect(figure.mark).toBe(1e-9 * 10 ** Math.round(Math.log10(3)));
    expect(nearestEta(params, 1e-30)).toBe(1e-12);
  });

  it("has a place for every first-order ratio on a logarithmic axis, too", () => {
    const { y } = stepSizeRatios({ ...input, scale: "log" }).panels[0]!;
    expect(y!.low).toBeLessThan(0.1);
    expect(y!.high).toBeGreaterThan(0.8);
  });
});

describe("the distance from first order", () => {
  it("is curvature where nothing is rounded, and a gap where nothing moves", () => {
    const lines = stepSizeErrors(input).traces.filter(isLine);
    const exact = lines.find(({ panel, title }) => panel === 0 && title === "exact")!;
    exact.x.slice(5).forEach((eta, at) => expect(exact.y[at + 5]! / eta).toBeCloseTo(1, 6));
    expect(lines.find(({ title }) => title === "single")!.y[0]).toBeNaN();
  });
});

describe.each([
  ["all", input],
  ["nothing", { ...input, findings: new Map<string, StepSizeFinding>() }],
])("drawings of %s", (_name, of) => {
  it.each([stepSizeRatios, stepSizeErrors])("are whole XML", (draw) => {
    for (const scale of ["linear", "log"] as const)
      for (const arrangement of ["row", "column"] as const) {
        const svg = svgOf(draw({ ...of, scale, arrangement }), {
          widthPx: 860,
          theme: lightTheme,
          fontFamily: "Arial",
        });
        expect(() => parse(svg)).not.toThrow();
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
  });
});

describe("a link", () => {
  it("brings the study back as it was", () => {
    const shared = sharedStudy(
      { study: "step-size", params: { model: "linear", probeClasses: ["lion", "dog"], from: 1e-9 } },
      { scale: "log", eta: 1e-7 },
    );
    expect(decodeStudy(encodeStudy(shared))).toEqual(shared);
  });
});
