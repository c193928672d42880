// The study of the label-aware part from end to end on a few drawings, its tables and figures.
import { beforeAll, describe, expect, it } from "vitest";
import { isHeatmap, isLine, isStrip } from "../../../src/app/figures/figure.ts";
import { partMatrices, partMeans, partRise, type PartInput } from "../../../src/app/figures/labelAwarePart.ts";
import { localLab } from "../../../src/lab/local.ts";
import { intraWithSelf, ratioAt, type LabelAwarePartFinding } from "../../../src/lab/studies/labelAwarePart/finding.ts";
import {
  partKey,
  pickedImages,
  shuffledLabels,
  type LabelAwarePartParams,
} from "../../../src/lab/studies/labelAwarePart/setting.ts";
import { labelAwarePart } from "../../../src/lab/studies/labelAwarePart.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { diagonal, relativeRatio } from "../../../src/math/relativeRatio.ts";
import { interval } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object) => parseStudy({ study: "label-aware-part", params }, studies);
const spec = specOf({ perClass: 3, seeds: [4, 5], draws: 2000 });
const params = spec.params as unknown as LabelAwarePartParams;

describe("the label-aware part of drawings", () => {
  const findings = new Map<string, LabelAwarePartFinding>();
  beforeAll(async () => {
    const lab = localLab(nodeHost);
    await lab.chooseBackend("wasm");
    for await (const event of lab.study(spec, { signal: new AbortController().signal }))
      if (event.kind === "finding") findings.set(event.key, event.value as LabelAwarePartFinding);
  }, 60000);
  const found = (seed = 4): LabelAwarePartFinding => findings.get(partKey(params, seed))!;

  it("finds all that it announced, in that order, of images that the seed picks", () => {
    expect([...findings.keys()]).toEqual(labelAwarePart.keys(params));
    expect([...found().images]).toEqual(pickedImages(params, 4));
    expect(pickedImages(params, 5)).not.toEqual(pickedImages(params, 4));
  });

  it("shuffles labels, as many of both, neither as they were nor all turned round", () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const dealt = shuffledLabels(params, seed);
      expect(dealt.reduce((sum, label) => sum + label, 0)).toBe(0);
      expect(Math.abs(dealt.slice(0, 3).reduce((sum, label) => sum + label, 0))).toBeLessThan(3);
    }
  });

  it("makes images more alike that bear one label, right or wrong", () => {
    for (const finding of findings.values())
      for (const { difference } of Object.values(finding.labelings))
        expect(difference.mean).toBeGreaterThan(2 * difference.error);
  });

  it("adds the part as 1/m, and less to longer inputs", () => {
    const { kernel, labelings, size } = found();
    const { labels, part } = labelings.given;
    const whole = { rows: 6, columns: 6, data: kernel.map((value, at) => value / size + part[at]! / 30) };
    const by = (inputs: "unit" | "pixels", width: number): number => ratioAt(found(), "given", { width, inputs });
    expect(by("unit", 30)).toBeCloseTo(100 * relativeRatio(whole, { labels, own: diagonal(whole) }).ratio, 10);
    expect(by("unit", Infinity)).toBeCloseTo(by("pixels", Infinity), 8);
    expect(by("unit", 30)).toBeGreaterThan(by("pixels", 30));
    expect(by("pixels", 30)).toBeCloseTo(by("unit", 30 * size), 8);
  });

  it("has tables with a word for each column", () => {
    const tables = labelAwarePart.tables(params, findings);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect(tables.map(({ rows }) => rows.length)).toEqual([2, 4]);
    const [row] = tables[1]!.rows;
    expect(row![8]).toBeCloseTo(intraWithSelf(found().labelings.given), 12);
  });

  const input: PartInput = { params, findings, labels: "given", inputs: "unit", seed: 0 };

  it("draws images by the labels in use, and a standard error with each cell", () => {
    const { part, kernel } = partMatrices({ ...input, labels: "shuffled" })!;
    const heatmap = part.traces.find(isHeatmap)!;
    const labelsOf = (ids: readonly number[]): number[] =>
      ids.map((id) => found().labelings.shuffled.labels[found().images.indexOf(id)]!);
    expect(labelsOf(heatmap.rowIds)).toEqual([1, 1, 1, -1, -1, -1]);
    expect(heatmap.strips!.rows.map(({ title, count }) => [title, count])).toEqual([
      ["labelled plane", 3],
      ["labelled ship", 3],
    ]);
    expect(kernel.traces.find(isHeatmap)!.rowIds).toEqual(heatmap.rowIds);
    const { columns, rows, dictionary } = part.data();
    expect(rows).toHaveLength(36);
    expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
    expect(part.caption).toContain("standard errors of the draws");
  });

  it("draws means over seeds, and the rise at each width", () => {
    const strips = partMeans(input).traces.filter(isStrip);
    expect(strips).toHaveLength(4);
    const intra = params.seeds.map((seed) => found(seed).labelings.given.intra.mean);
    expect(strips[0]!.mean).toBeCloseTo(interval(intra).mean, 12);
    const lines = partRise(input).traces.filter(isLine);
    expect(lines.map(({ title }) => title)).toEqual(["as they are", "shuffled"]);
    for (const { y } of lines) expect(y[0]).toBeGreaterThan(y.at(-1)!);
  });

  it("says so while nothing is known", () => {
    const empty = { ...input, findings: new Map() };
    expect(partMatrices(empty)).toBeUndefined();
    expect(partMeans(empty).panels[0]!.note).toBe("Not measured yet");
    expect(partRise(empty).panels[0]!.note).toBe("Not measured yet");
  });
});

it.each([
  [{ pair: ["plane", "truck"] }, /pair names truck, but the classes/],
  [{ pair: ["plane"] }, /pair/],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => specOf(wrong)).toThrow(sentence);
});
