// Our own drawing: whole XML, every label, one rectangle a cell, the same bytes each time.
import { describe, expect, it } from "vitest";
import { printOf } from "../../src/app/export/print.ts";
import { figureSizes } from "../../src/app/export/size.ts";
import { svgOf, type SvgOptions } from "../../src/app/export/svg.ts";
import { apart } from "../../src/app/export/text.ts";
import { anchorBars } from "../../src/app/figures/anchorBars.ts";
import { classHeatmap } from "../../src/app/figures/classHeatmap.ts";
import { elasticityCurves } from "../../src/app/figures/elasticityCurves.ts";
import { isStrip, type Figure } from "../../src/app/figures/figure.ts";
import { imageHeatmap } from "../../src/app/figures/imageHeatmap.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { trainingCurves } from "../../src/app/figures/trainingCurves.ts";
import { blockOf, classes, measure, nameOf, small, tableOf } from "./tiny.ts";
import { count, parse } from "./xml.ts";

const options: SvgOptions = { widthPx: 860, heightPx: 400, theme: lightTheme, fontFamily: "Arial" };
const runs = [
  { title: "A & B", table: tableOf(small(), small(10, 1)) },
  { title: "<Linear>", table: tableOf(small(), small(10, 1)) },
];
const input = { runs, classes, measure, nameOf, tick: 0 };
const figures: readonly Figure[] = [
  classHeatmap(input),
  imageHeatmap(input),
  elasticityCurves({ ...input, grouping: "class", anchorClass: 0, mark: 1 }),
  elasticityCurves({ ...input, grouping: "relation", anchorClass: undefined }),
  anchorBars({ ...input, anchor: 0 }),
  trainingCurves({ runs }),
];

describe.each(figures.map((figure) => [figure.name, figure] as const))("drawing of %s", (_name, figure) => {
  const svg = svgOf(figure, options);

  it("is whole XML at every width, and the same each time", () => {
    for (const widthPx of [300, 358, 860, 1000])
      for (const arrangement of ["row", "column"] as const) {
        const text = svgOf({ ...figure, arrangement }, { widthPx, theme: lightTheme, fontFamily: "Arial" });
        expect(() => parse(text)).not.toThrow();
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
      }
    expect(svgOf(figure, options)).toBe(svg);
  });

  it("carries its title, caption, panel titles and axis titles as text", () => {
    const escaped = (text: string): string =>
      text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(svg).toContain(`<title>${figure.title}</title>`);
    expect(svg).toContain(`<desc>${escaped(figure.caption)}</desc>`);
    for (const panel of figure.panels) {
      expect(svg).toContain(`>${escaped(panel.title)}</text>`);
      for (const title of [panel.x?.title, panel.y?.title, panel.rowTitle, panel.columnTitle])
        if (title) expect(svg).toContain(`>${title}</text>`);
    }
  });

  it("holds no style attribute, which a strict content policy would forbid", () => {
    expect(svg).not.toContain("style=");
  });
});

describe("heatmaps", () => {
  it("have one rectangle a cell, hatched where it is not measurable", () => {
    const svg = svgOf(classHeatmap(input), options);
    expect(count(svg, /<rect [^>]*data-row=/g)).toBe(2 * 9);
    expect(count(svg, /<rect [^>]*fill="url\(#class-heatmap-hatch\)"[^>]*data-row=/g)).toBe(2 * 6);
    for (const label of [
      "0.63",
      "0.38",
      "0.25",
      "tiger",
      "cat",
      "car",
      "not measured yet or not measurable",
      "Relative similarity",
    ])
      expect(svg).toContain(`>${label}</text>`);
  });

  it("grey an image with itself and name what lies over the scale", () => {
    const block = blockOf({
      anchors: [[10, 0]],
      probes: [
        [10, 0],
        [11, 0],
      ],
      numerator: [[1, 2]],
      denominator: [1],
    });
    const svg = svgOf(imageHeatmap({ ...input, runs: [{ title: "CNN", table: tableOf(block) }] }), options);
    expect(svg).toContain(">same image</text>");
    expect(svg).toContain(">above 1</text>");
    expect(count(svg, new RegExp(`<rect [^>]*fill="${lightTheme.own}"[^>]*data-row=`, "g"))).toBe(1);
  });

  it.each([
    { place: "a file", isFile: true, limit: 10_000 },
    { place: "the page", isFile: false, limit: 1000 },
  ])("become one picture above $limit cells in $place", ({ isFile, limit }) => {
    for (const cellCount of [limit, limit + 1]) {
      const probes = Array.from({ length: cellCount }, (_, index) => [index + 10, index % 3] as const);
      const block = blockOf({ anchors: [[0, 0]], probes, numerator: [probes.map(() => 1)], denominator: [2] });
      const runs = [{ title: "CNN", table: tableOf(block) }];
      const svg = svgOf(imageHeatmap({ ...input, runs }), { ...options, isFile });
      expect(count(svg, /<image /g)).toBe(cellCount > limit ? 1 : 0);
      expect(() => parse(svg)).not.toThrow();
    }
  });
});

describe("labels", () => {
  it("of lines are all there and none lies on another", () => {
    const svg = svgOf(elasticityCurves({ ...input, grouping: "class", anchorClass: 0 }), options);
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*font-weight="600"[^>]*>(\w+)</g)];
    expect(labels.map((label) => label[3])).toEqual([...classes, ...classes].map(({ title }) => title));
    for (const left of new Set(labels.map((label) => label[1]))) {
      const column = labels.filter((label) => label[1] === left);
      const heights = column.map((label) => Number(label[2])).sort((a, b) => a - b);
      heights.slice(1).forEach((height, index) => expect(height - heights[index]!).toBeGreaterThan(11));
    }
  });

  it("keep their order and stay within the limits when they are moved apart", () => {
    expect(apart([50, 50, 50], 10, 0, 100)).toEqual([40, 50, 60]);
    expect(apart([98, 99], 10, 0, 100)).toEqual([85, 95]);
    expect(apart([10, 90], 10, 0, 100)).toEqual([10, 90]);
    expect(apart([3, 1, 30], 10, 0, 100)).toEqual([15, 5, 30]);
  });
});

it("carries provenance as JSON when given, and none otherwise", () => {
  const provenance = { seed: 1, spec: { title: "<&>" } };
  const svg = svgOf(figures[0]!, { ...options, provenance });
  const text = /<metadata>(.*)<\/metadata>/
    .exec(svg)![1]!
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  expect(JSON.parse(text)).toEqual(provenance);
  expect(svgOf(figures[0]!, options)).not.toContain("<metadata");
});

it("prints at the sizes of journals", () => {
  expect(figureSizes.map(({ widthPx }) => widthPx)).toEqual([336, 528, 692, 960]);
  const print = printOf(figures[0]!, figureSizes[3]!);
  expect([print.widthPx, print.heightPx]).toEqual([960, 540]);
});

it("many points of a class are one element on the page, and one each in a file", () => {
  const figure = anchorBars({ ...input, anchor: 0 });
  const points = Array.from({ length: 60 }, (_, at) => at / 60);
  const strips = figure.traces
    .filter(isStrip)
    .map((trace) => ({ ...trace, points, ids: [...points.keys()], hover: String }));
  const [page, file] = [false, true].map((isFile) => svgOf({ ...figure, traces: strips }, { ...options, isFile }));
  expect(count(page!, /<circle/g)).toBe(strips.length);
  expect(count(page!, /marker-mid/g)).toBe(strips.length);
  expect(count(file!, /<circle/g)).toBe(strips.length * points.length);
  expect(() => parse(page!)).not.toThrow();
});
