// Each figure against numbers computed by hand.
import { describe, expect, it } from "vitest";
import { stepsSentence } from "../../src/app/figures/wording.ts";
import { describe as describeLab } from "../../src/lab/catalogue.ts";
import { anchorBars } from "../../src/app/figures/anchorBars.ts";
import { classHeatmap } from "../../src/app/figures/classHeatmap.ts";
import { elasticityCurves } from "../../src/app/figures/elasticityCurves.ts";
import { isHeatmap, isLine, isStrip } from "../../src/app/figures/figure.ts";
import { imageHeatmap } from "../../src/app/figures/imageHeatmap.ts";
import { trainingCurves } from "../../src/app/figures/trainingCurves.ts";
import { blockOf, cell, classes, measure, nameOf, signedMeasure, small, tableOf } from "./tiny.ts";

const runs = [{ title: "CNN", table: tableOf(small()) }];
/** 97.5 % point of Student's t with one degree of freedom, from the tables. */
const t1 = 12.706204736;

describe("class heatmap", () => {
  const figure = classHeatmap({ runs, classes, measure, tick: 0 });
  const [trace] = figure.traces.filter(isHeatmap);

  it("averages over probes, then over anchors", () => {
    // Tiger 0: (1/2 + 1) / 2 = 3/4; tiger 1: (1/4 + 3/4) / 2 = 1/2.
    expect(trace!.values[0]).toEqual([0.625, 0.375, 0.25]);
    expect(trace!.labels![0]).toEqual(["0.63", "0.38", "0.25"]);
  });

  it("leaves what is not measurable, or was not measured, as NaN and blank", () => {
    expect(trace!.values[1]).toEqual([NaN, NaN, NaN]);
    expect(trace!.values[2]).toEqual([NaN, NaN, NaN]);
    expect(cell(figure.data(), { anchor_class: "cat", probe_class: "tiger" }, "mean")).toBe("");
    expect(cell(figure.data(), { anchor_class: "cat", probe_class: "tiger" }, "n")).toBe(0);
  });

  it("gives each cell its Student-t interval over anchors", () => {
    // 3/4 and 1/2: deviation 1/4 * sqrt(1/2), over sqrt(2) = 1/8.
    const where = { anchor_class: "tiger", probe_class: "tiger" };
    expect(cell(figure.data(), where, "low")).toBeCloseTo(0.625 - t1 / 8, 8);
    expect(cell(figure.data(), where, "high")).toBeCloseTo(0.625 + t1 / 8, 8);
    expect(cell(figure.data(), where, "n")).toBe(2);
  });

  it("has one tidy row a cell and a word for each column", () => {
    expect(figure.data().rows).toHaveLength(9);
    expect(Object.keys(figure.data().dictionary)).toEqual(figure.data().columns);
  });

  it("fixes the scale of unsigned measures to 0..1 and says so", () => {
    expect(trace!.scale).toEqual({ kind: "sequential", low: 0, high: 1 });
    expect(figure.caption).toContain("Colours run from 0 to 1");
    expect(figure.caption).toContain("n = 1 to 2 anchors");
    expect(figure.caption).toContain("epoch 0");
    expect(figure.caption).toContain("Hatched cells are not measurable");
  });

  it("gives signed measures equal limits, the same for both models", () => {
    const large = blockOf({ anchors: [[0, 0]], probes: [[10, 1]], numerator: [[-9]], denominator: [1] });
    const two = [...runs, { title: "Linear", table: tableOf(large) }];
    const scales = classHeatmap({ runs: two, classes, measure: signedMeasure, tick: 0 }).traces.filter(isHeatmap);
    expect(scales.map(({ scale }) => scale)).toEqual([
      { kind: "diverging", low: -10, high: 10 },
      { kind: "diverging", low: -10, high: 10 },
    ]);
  });

  it("says so where a run has no results at that moment", () => {
    const two = [...runs, { title: "Linear", table: tableOf() }];
    const { panels, traces } = classHeatmap({ runs: two, classes, measure, tick: 0 });
    expect(panels.map(({ note }) => note)).toEqual([undefined, "Not measured yet"]);
    expect(traces).toHaveLength(1);
  });
});

describe("image heatmap", () => {
  const mixed = blockOf({
    anchors: [
      [7, 1],
      [3, 0],
    ],
    probes: [
      [12, 1],
      [3, 0],
    ],
    numerator: [
      [2, 4],
      [6, 5],
    ],
    denominator: [8, NaN],
  });
  const figure = imageHeatmap({ runs: [{ title: "CNN", table: tableOf(mixed) }], classes, measure, nameOf, tick: 0 });
  const [trace] = figure.traces.filter(isHeatmap);

  it("orders rows and columns by class", () => {
    expect(trace!.rowIds).toEqual([3, 7]);
    expect(trace!.columnIds).toEqual([3, 12]);
    expect(trace!.values).toEqual([
      [NaN, NaN],
      [0.5, 0.25],
    ]);
    expect(trace!.strips!.rows.map(({ title, count }) => [title, count])).toEqual([
      ["tiger", 1],
      ["cat", 1],
    ]);
  });

  it("marks an image with itself", () => {
    expect(trace!.own).toEqual([[0, 0]]);
  });

  it("has one tidy row a cell, with numerator and denominator", () => {
    expect(figure.data().rows).toHaveLength(4);
    const of = (anchor: number, probe: number, column: string): unknown =>
      cell(figure.data(), { anchor, probe }, column);
    expect([of(7, 12, "value"), of(7, 12, "numerator"), of(7, 12, "denominator"), of(7, 12, "measurable")]).toEqual([
      0.25, 2, 8, 1,
    ]);
    expect([of(3, 12, "value"), of(3, 12, "numerator"), of(3, 12, "denominator"), of(3, 12, "measurable")]).toEqual([
      "",
      6,
      "",
      0,
    ]);
  });

  it("does not stretch a signed scale for one outlier in two hundred", () => {
    const probes = Array.from({ length: 200 }, (_, index) => [100 + index, 0] as const);
    const row = probes.map((_, index) => (index === 0 ? 1000 : index % 2 === 0 ? 1 : -1));
    const block = blockOf({ anchors: [[0, 0]], probes, numerator: [row], denominator: [1] });
    const { traces } = imageHeatmap({
      runs: [{ title: "CNN", table: tableOf(block) }],
      classes,
      measure: signedMeasure,
      nameOf,
      tick: 0,
    });
    expect(traces.filter(isHeatmap)[0]!.scale).toEqual({ kind: "diverging", low: -1, high: 1 });
  });
});

describe("elasticity curves", () => {
  const later = blockOf({
    tick: 20,
    epoch: 2,
    anchors: [
      [0, 0],
      [1, 0],
    ],
    probes: [
      [10, 0],
      [12, 1],
      [13, 2],
    ],
    numerator: [
      [1, 0.5, 0],
      [1, 0.25, 0.5],
    ],
    denominator: [1, 1],
  });
  const table = tableOf(later, small());
  const input = { runs: [{ title: "CNN", table }], classes, measure, mark: 2 } as const;

  it("draws one line a probe class over the epochs, mean over the anchors of a class", () => {
    const figure = elasticityCurves({ ...input, grouping: "class", anchorClass: 0 });
    const lines = figure.traces.filter(isLine).filter(({ faint }) => !faint);
    expect(lines.map(({ title, x, y }) => [title, x, y])).toEqual([
      ["tiger", [0, 2], [0.625, 1]],
      ["cat", [0, 2], [0.375, 0.375]],
      ["car", [0, 2], [0.25, 0.25]],
    ]);
    // 0 and 1/2: deviation sqrt(1/8), over sqrt(2) = 1/4.
    expect(lines[2]!.band!.high[1]).toBeCloseTo(0.25 + t1 / 4, 8);
    expect(figure.mark).toBe(2);
    expect(figure.caption).toContain("n = 2 tiger anchors");
  });

  it("draws the single anchors when there are few, and lists them in the data", () => {
    const figure = elasticityCurves({ ...input, grouping: "class", anchorClass: 0 });
    const faint = figure.traces.filter(isLine).filter(({ faint: isFaint }) => isFaint);
    expect(faint).toHaveLength(6);
    expect(cell(figure.data(), { anchor: 1, probe_class: "car", epoch: 2 }, "mean")).toBe(0.5);
    expect(cell(figure.data(), { anchor: "all", probe_class: "car", epoch: 2 }, "mean")).toBe(0.25);
    expect(figure.data().rows).toHaveLength((6 + 3) * 2);
  });

  it("groups by relation", () => {
    const figure = elasticityCurves({ ...input, grouping: "relation", anchorClass: undefined });
    const lines = figure.traces.filter(isLine).filter(({ faint }) => !faint);
    expect(lines.map(({ title, y }) => [title, y])).toEqual([
      ["same class", [0.625, 1]],
      ["sibling", [0.375, 0.375]],
      ["unrelated", [0.25, 0.25]],
    ]);
  });

  it("takes all anchors alike when no class is chosen", () => {
    const block = blockOf({
      anchors: [
        [0, 0],
        [2, 1],
        [4, 2],
      ],
      probes: [[10, 0]],
      numerator: [[1], [0.5], [0]],
      denominator: [1, 1, 1],
    });
    const figure = elasticityCurves({
      ...input,
      runs: [{ title: "CNN", table: tableOf(block) }],
      grouping: "class",
      anchorClass: undefined,
    });
    expect(cell(figure.data(), { anchor: "all", probe_class: "tiger" }, "mean")).toBe(0.5);
    expect(cell(figure.data(), { anchor: "all", probe_class: "tiger" }, "n")).toBe(3);
  });

  it("has linear axes from 0 that all panels share", () => {
    const { panels } = elasticityCurves({
      ...input,
      runs: [...input.runs, { title: "Linear", table: tableOf() }],
      grouping: "relation",
      anchorClass: 0,
    });
    expect(panels[0]!.x).toBe(panels[1]!.x);
    expect(panels[0]!.y).toBe(panels[1]!.y);
    expect([panels[0]!.x!.low, panels[0]!.x!.high, panels[0]!.y!.low]).toEqual([0, 2, 0]);
    expect(panels[1]!.note).toBe("Not measured yet");
  });
});

describe("bars of one anchor", () => {
  it("shows each probe, with mean and interval by class", () => {
    const figure = anchorBars({ runs, classes, measure, nameOf, tick: 0, anchor: 0 });
    const strips = figure.traces.filter(isStrip);
    expect(strips.map(({ title, mean, points, ids }) => [title, mean, points, ids])).toEqual([
      ["tiger", 0.75, [0.5, 1], [10, 11]],
      ["cat", 0.5, [0.5], [12]],
      ["car", 0.25, [0.25], [13]],
    ]);
    // 1/2 and 1: deviation sqrt(1/8), over sqrt(2) = 1/4.
    expect(strips[0]!.high).toBeCloseTo(0.75 + t1 / 4, 8);
    expect(figure.data().rows).toHaveLength(4);
    expect(figure.caption).toContain("image 0");
    expect(figure.panels[0]!.x!.low).toBe(0);
  });

  it("leaves the anchor itself out and keeps unmeasurable probes blank", () => {
    const block = blockOf({
      anchors: [[10, 0]],
      probes: [
        [10, 0],
        [11, 0],
      ],
      numerator: [[1, NaN]],
      denominator: [1],
    });
    const figure = anchorBars({
      runs: [{ title: "CNN", table: tableOf(block) }],
      classes,
      measure,
      nameOf,
      tick: 0,
      anchor: 10,
    });
    expect(figure.data().rows).toHaveLength(1);
    expect(cell(figure.data(), { probe: 11 }, "value")).toBe("");
  });

  it("says so when the anchor's own prediction hardly moved", () => {
    const { panels } = anchorBars({ runs, classes, measure, nameOf, tick: 0, anchor: 2 });
    expect(panels[0]!.note).toContain("Not measurable");
  });
});

describe("training curves", () => {
  const table = tableOf();
  const row = { tick: 0, epoch: 0, trainLoss: 2, trainAccuracy: 0.25, testLoss: 1.5, testAccuracy: 0.5 };
  table.append({ kind: "training", row });
  table.append({ kind: "training", row: { ...row, tick: 5, epoch: 1, trainLoss: 1 } });
  const figure = trainingCurves({ runs: [{ title: "CNN", table }] });

  it("draws loss and accuracy in a panel each, of both splits", () => {
    expect(figure.traces.filter(isLine).map(({ panel, title, y }) => [panel, title, y])).toEqual([
      [0, "train", [2, 1]],
      [0, "test", [1.5, 1.5]],
      [1, "train", [0.25, 0.25]],
      [1, "test", [0.5, 0.5]],
    ]);
    expect(cell(figure.data(), { epoch: 1, split: "train" }, "loss")).toBe(1);
  });

  it("says so before training", () => {
    expect(trainingCurves({ runs: [{ title: "CNN", table: tableOf() }] }).panels[0]!.note).toBe("Not trained yet");
  });
});

describe("a caption", () => {
  it("says which models take steps that are not of SGD", () => {
    const shown = (ids: readonly string[]) => describeLab().models.filter(({ id }) => ids.includes(id));
    expect(stepsSentence(shown(["cnn", "linear"]))).toBe("");
    expect(stepsSentence(shown(["cnn", "neurashed"]))).toBe(
      "For Neurashed-style the step is a step of growth, not one of SGD.",
    );
  });
});
