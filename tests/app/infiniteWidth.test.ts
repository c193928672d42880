// The figures of infinite width: what they draw of known findings, on axes that hold all of it, and what they say before any.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isHeatmap, isLine, isPoints } from "../../src/app/figures/figure.ts";
import { depthShown, infiniteWidthErrors, slopeText, widthShown } from "../../src/app/figures/infiniteWidthErrors.ts";
import { infiniteWidthMatrices, infiniteWidthScatter } from "../../src/app/figures/infiniteWidthMatrices.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { defaults } from "../../src/lab/params.ts";
import type { WidthFinding } from "../../src/lab/studies/infiniteWidth/finding.ts";
import { infiniteWidth } from "../../src/lab/studies/infiniteWidth.ts";
import { limitKey, networkKey, shapesOf, view, type WidthParams } from "../../src/lab/studies/infiniteWidth/setting.ts";
import { parse } from "./xml.ts";

const params: WidthParams = {
  ...(defaults(infiniteWidth.params) as unknown as WidthParams),
  inputs: "torus",
  perClass: 2,
  depths: [1, 2],
  widths: [100, 400, 1600],
  seeds: [1, 2],
};
const look = { ...defaults(view), depth: 4, width: 500 };

/** Errors of 1 / sqrt(width), half as large again for the second seed; kernels of 8 on the diagonal and 2 elsewhere. */
function findingsOf(): Map<string, WidthFinding> {
  const findings = new Map<string, WidthFinding>();
  const n = 4;
  const kernel = (factor: number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, at) => factor * (at % (n + 1) === 0 ? 8 : 2));
  for (const shape of shapesOf(params)) {
    findings.set(limitKey(params, shape), {
      kind: "limit",
      kernels: { standard: kernel(shape.width), ntk: kernel(1) },
      labels: Uint8Array.of(0, 0, 1, 1),
      classTitles: ["label 1", "label 0"],
      shares: { standard: new Float64Array(), ntk: new Float64Array() },
    });
    for (const seed of params.seeds) {
      const error = (seed === 1 ? 1 : 1.5) / Math.sqrt(shape.width);
      const errors = { whole: error, parts: new Float64Array(shape.depth + 1).fill(error) };
      findings.set(networkKey(params, shape, seed), {
        kind: "network",
        errors: { standard: errors, ntk: { ...errors, whole: 2 * error } },
        features: new Float64Array(shape.depth).fill(error),
        kernels: { standard: kernel(1.1 * shape.width), ntk: kernel(0.9) },
      });
    }
  }
  return findings;
}

const input = { params, findings: findingsOf(), look, arrangement: "row" } as const;

describe("errors against width", () => {
  const figure = infiniteWidthErrors(input);
  const lines = figure.traces.filter(isLine);

  it("draws a line a depth, then the layers and features of the depth that is shown, each with its slope", () => {
    expect([depthShown(input), widthShown(input)]).toEqual([2, 400]);
    expect(lines.map(({ panel, title }) => `${panel} ${title}`)).toEqual([
      "0 slope −1/2",
      "1 slope −1/2",
      "2 slope −1/2",
      "0 1 hidden layer: −0.50",
      "0 2 hidden layers: −0.50",
      "1 layer 1: −0.50",
      "1 layer 2: −0.50",
      "1 output layer: −0.50",
      "2 after layer 1: −0.50",
      "2 after layer 2: −0.50",
    ]);
    expect(figure.mark).toBe(400);
  });

  it("has the line of slope −1/2 where errors of that slope lie", () => {
    const [dotted, , , own] = lines;
    dotted!.y.forEach((value, at) => expect(value).toBeCloseTo(own!.y[at]!, 12));
  });

  it("keeps bands within a logarithmic axis", () => {
    const { y } = figure.panels[0]!;
    expect(y!.scale).toBe("log");
    for (const { band } of lines) expect(band?.low.every((value) => value >= y!.low) ?? true).toBe(true);
  });

  it("says which gradients, inputs and weights, and the slopes", () => {
    expect(figure.caption).toContain("closed form at the same width, which grows with it");
    expect(figure.caption).toContain("1 hidden layer −0.50 (−0.50 to −0.50)");
    expect(figure.caption).toContain("n = 2 seeds");
    expect(infiniteWidthErrors({ ...input, look: { ...look, parametrisation: "ntk" } }).caption).toContain("the limit");
    expect(slopeText({ mean: NaN, low: NaN, high: NaN, count: 0 })).toBe("no slope yet");
  });

  it("twice the error by the other gradients, and no slope from one width", () => {
    const other = infiniteWidthErrors({ ...input, look: { ...look, parametrisation: "ntk" } }).traces.filter(isLine);
    expect(other[3]!.y[0]).toBeCloseTo(2 * lines[3]!.y[0]!, 12);
    const few = infiniteWidthErrors({ ...input, params: { ...params, widths: [400] } });
    expect(few.traces.filter(isLine).map(({ title }) => title)).not.toContain("slope −1/2");
    expect(few.caption).toContain("1 hidden layer no slope yet");
  });
});

describe("one network beside its closed form", () => {
  it("tells pairs of an input with itself, its class and others, each once", () => {
    const points = infiniteWidthScatter(input).traces.filter(isPoints);
    expect(points.map(({ title, x }) => [title, x.length])).toEqual([
      ["other class", 4],
      ["same class", 2],
      ["with itself", 4],
    ]);
    expect(points[2]!.x).toEqual([1, 1, 1, 1]);
    points[2]!.y.forEach((value) => expect(value).toBeCloseTo(1.1, 12));
    expect(points[1]!.hover![0]).toBe("label 1 0, label 1 1: closed form 0.25, network 0.28");
  });

  it("shows both matrices on one scale", () => {
    const figure = infiniteWidthMatrices(input);
    const [known, drawn] = figure.traces.filter(isHeatmap);
    expect(known!.scale).toBe(drawn!.scale);
    expect(drawn!.values[0]![1]).toBeCloseTo((1.1 * 2) / 8, 12);
    expect(figure.caption).toContain("2 hidden layers of width 400, seed 1");
    expect(figure.data().rows).toHaveLength(16);
  });
});

it.each([
  ["nothing", new Map<string, WidthFinding>()],
  [
    "a file without kernels",
    new Map([...findingsOf()].map(([key, value]) => [key, infiniteWidth.lasting!(value)] as const)),
  ],
  ["all", findingsOf()],
])("can be exported with %s", (_name, findings) => {
  for (const make of [infiniteWidthErrors, infiniteWidthScatter, infiniteWidthMatrices]) {
    const figure = make({ ...input, findings });
    parse(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "sans-serif", id: "a" }));
    const { columns, rows, dictionary } = figure.data();
    expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
});
