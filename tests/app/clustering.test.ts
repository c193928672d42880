// The figures of a clustering study against numbers computed by hand.
import { describe, expect, it } from "vitest";
import { clusteringConfusion } from "../../src/app/figures/clusteringConfusion.ts";
import { wrongIn, type ClusteredCell } from "../../src/app/figures/clusteringCell.ts";
import { cellSentence, clusteringGrid, gridOf, shortTitle } from "../../src/app/figures/clusteringGrid.ts";
import { clusteringMatrix } from "../../src/app/figures/clusteringMatrix.ts";
import { clusteringPaper, isPublished } from "../../src/app/figures/clusteringPaper.ts";
import { clusteringPicture } from "../../src/app/figures/clusteringPicture.ts";
import { isHeatmap, isLine, isPoints } from "../../src/app/figures/figure.ts";
import { darkTheme, lightTheme } from "../../src/app/figures/palette.ts";
import { svgOf } from "../../src/app/export/svg.ts";
import { nothingPicked, pickedOf, underWay } from "../../src/app/studies/clusteringPick.ts";
import { paramsOf, sharedStudy } from "../../src/app/state/studyShelf.ts";
import {
  cellsOf,
  type ClusteringFinding,
  type ClusteringParams,
  type Status,
} from "../../src/lab/studies/clustering.ts";
import { methods } from "../../src/lab/studies/clustering/method.ts";
import { cell } from "./tiny.ts";

const params = paramsOf("clustering", {
  dataset: "mnist",
  tasks: ["5-9/4-8", "5-8/3-9"],
  methods: ["l2-relative-relu", "kmeans", "l2-kernelized-relu-random"],
  seeds: [1, 2, 3],
  perClass: 2,
}) as unknown as ClusteringParams;
const { rows, columns, key } = cellsOf(params);

const finding = (news: Partial<ClusteringFinding>): ClusteringFinding => ({
  task: "5-9/4-8",
  method: "l2-relative-relu",
  seed: 1,
  status: "measured",
  remark: "",
  accuracy: NaN,
  trainLoss: NaN,
  trainAccuracy: NaN,
  deadShare: NaN,
  labels: Uint8Array.of(0, 1, 1, 1),
  truth: Uint8Array.of(0, 0, 1, 1),
  images: Int32Array.of(10, 11, 20, 21),
  ...news,
});

/** Of each seed, by row and column. */
function findingsOf(
  cells: readonly (readonly [row: number, column: number, seed: number, accuracy: number | Status])[],
) {
  return new Map(
    cells.map(([row, column, seed, outcome]) => [
      key(rows[row]!, columns[column]!, seed),
      finding(typeof outcome === "number" ? { accuracy: outcome } : { status: outcome }),
    ]),
  );
}

const findings = findingsOf([
  [0, 0, 1, 0.7],
  [0, 0, 2, 0.8],
  [0, 0, 3, "diverged"],
  [0, 1, 1, "collapsed"],
  [0, 1, 2, "collapsed"],
  [1, 0, 1, 0.6],
  [1, 1, 1, 0.5],
]);

describe("the grid", () => {
  const grid = gridOf(params, findings);
  const [kmeans, relative, random] = grid.groups.map((group) => group.rows[0]!.cells);

  it("groups the rows, each cell knowing its place in the parameters", () => {
    expect(grid.groups.map(({ title }) => title)).toEqual(["Baselines", "Network", "Random weights"]);
    expect([kmeans![0]!.row, relative![1]!.row, relative![1]!.column]).toEqual([1, 0, 1]);
    expect(grid.columns).toEqual([
      { title: "5 v 9", auxiliary: "4, 8" },
      { title: "5 v 8", auxiliary: "3, 9" },
    ]);
  });

  it("has mean, deviation and count of the measured seeds, and the paper's number", () => {
    // 0.7 and 0.8: mean 0.75, sample deviation 0.1 / sqrt(2) = 0.0707.
    expect([relative![0]!.text, relative![0]!.spread]).toEqual(["75.0", "± 7.1"]);
    expect(relative![0]!.paper).toEqual({ percent: 89.3, source: "He and Su, ICLR 2020, Table 1" });
    expect(cellSentence(relative![0]!)).toBe("75.0 ± 7.1 %, 4 images, 2 seeds; 1 diverged; paper 89.3 %");
  });

  it("says what failed in a word, and never as 50 %", () => {
    expect([relative![1]!.text, relative![1]!.accuracy]).toEqual(["collapsed", NaN]);
    expect(cellSentence(relative![1]!)).toBe("collapsed; paper 75.9 %");
    expect([random![0]!.text, cellSentence(random![0]!)]).toEqual(["", "not computed yet; paper 56.6 %"]);
  });

  it("marks the best mean of a column, if it is above chance", () => {
    const best = [kmeans!, relative!, random!].map((cells) => cells.map(({ isBest }) => isBest));
    expect(best).toEqual([
      [false, false],
      [true, false],
      [false, false],
    ]);
  });

  it("leaves out of a row's title what the group says", () => {
    const titleOf = (id: string): string => shortTitle(methods.find((method) => method.id === id)!);
    expect(titleOf("l2-relative-linear")).toBe("ℓ2-relative");
    expect(titleOf("l2-kernelized-relu-random")).toBe("ℓ2-kernelized (ReLU)");
    expect(titleOf("kmeans")).toBe("K-means");
  });
});

describe("the grid as a figure", () => {
  const figure = clusteringGrid({ params, findings });
  const [trace] = figure.traces.filter(isHeatmap);

  it("has percent from 50 to 100, and words where there is none", () => {
    expect(trace!.scale).toEqual({ kind: "sequential", low: 50, high: 100 });
    expect(trace!.rows).toEqual(["K-means", "ℓ2-relative (ReLU)", "ℓ2-kernelized (ReLU, random weights)"]);
    expect(trace!.labels).toEqual([
      ["60.0", "50.0"],
      ["75.0 ± 7.1", "collapsed"],
      ["", ""],
    ]);
    expect(trace!.values[1]).toEqual([75, NaN]);
    expect(figure.caption).toContain("4 images");
  });

  it("has a tidy row a cell, blank where nothing was measured, and a word for each column", () => {
    const data = figure.data();
    expect(data.rows).toHaveLength(6);
    expect(Object.keys(data.dictionary)).toEqual(data.columns);
    const where = { method: "l2-relative-relu", pair: "5-8" };
    expect(cell(data, where, "accuracy_mean")).toBe("");
    expect(cell(data, where, "collapsed")).toBe(2);
    expect(cell(data, where, "paper_accuracy")).toBe(0.759);
    expect(cell(data, { method: "l2-relative-relu", pair: "5-9" }, "accuracy_sd")).toBeCloseTo(0.0707107, 6);
  });

  it.each([lightTheme, darkTheme])("writes the words of hatched cells in ink, $name", (theme) => {
    const svg = svgOf(figure, { widthPx: 700, theme, fontFamily: "sans-serif", id: "a" });
    expect(/<text[^>]*fill="([^"]+)"[^>]*>collapsed/.exec(svg)?.[1]).toBe(theme.text);
  });
});

describe("lab against paper", () => {
  const figure = clusteringPaper({ params, findings });
  const points = figure.traces.filter(isPoints);

  it("has a point a cell that both have, in the colour of its group", () => {
    expect(points.map(({ title, x, y }) => [title, x, y])).toEqual([
      ["Baselines", [56.3, 50.4], [60, 50]],
      ["Network", [89.3], [75]],
    ]);
    // Row 0, column 0 of two columns; row 1.
    expect(points.map(({ ids }) => ids)).toEqual([[2, 3], [0]]);
  });

  it("has the Student-t interval of several seeds, and none of one", () => {
    const intervals = figure.traces.filter(isLine).filter(({ x }) => x[0] === x[1]);
    expect(intervals).toHaveLength(1);
    // 70 and 80: half width 12.706 * 7.0711 / sqrt(2) = 63.53.
    expect(intervals[0]!.y[0]).toBeCloseTo(75 - 63.531, 2);
    expect(intervals[0]!.y[1]).toBeCloseTo(75 + 63.531, 2);
  });

  it("says that there is nothing to compare with yet, and is none where the paper has no number", () => {
    expect(clusteringPaper({ params, findings: new Map() }).panels[0]!.note).toMatch(/^Nothing yet/);
    expect(isPublished(params)).toBe(true);
    for (const change of [{ dataset: "drawn" }, { dataset: "mnist", tasks: ["0-1/2"] }])
      expect(isPublished(paramsOf("clustering", change) as unknown as ClusteringParams)).toBe(false);
  });
});

/** Images 10 and 11 of class 0, 20 and 21 of class 1; 11 lies with class 1. */
const clustered = (news: Partial<ClusteringFinding>, similarity: ClusteredCell["similarity"]): ClusteredCell => ({
  finding: finding({ accuracy: 0.75, ...news }),
  pair: ["5", "9"],
  name: "5 v 9",
  similarity,
});

// prettier-ignore
const kernel = Float32Array.of(
  4, 2, 1, 0,
  2, 16, 6, 4,
  1, 6, 9, 3,
  0, 4, 3, 1,
);

describe("the similarity matrix", () => {
  const figure = clusteringMatrix(clustered({ similarity: kernel, order: Uint32Array.of(0, 1, 3, 2) }, "kernel"))!;
  const [trace] = figure.traces.filter(isHeatmap);

  it("shows a kernel in leaf order without the sizes of the images", () => {
    expect(trace!.rowIds).toEqual([10, 11, 21, 20]);
    // 2 / sqrt(4 * 16), 0, 1 / sqrt(4 * 9); 4 / sqrt(16 * 1); 6 / sqrt(16 * 9); 3 / sqrt(9).
    expect(trace!.values[0]).toEqual([1, 0.25, 0, 1 / 6]);
    expect(trace!.values[1]).toEqual([0.25, 1, 1, 0.5]);
    expect(trace!.values[2]![3]).toBe(1);
    expect(trace!.scale).toEqual({ kind: "sequential", low: 0, high: 1 });
  });

  it("shows ratios as they are, and what has both signs about 0", () => {
    const [ratios] = clusteringMatrix(clustered({ similarity: kernel }, "relative"))!.traces.filter(isHeatmap);
    expect(ratios!.values[1]).toEqual([2, 16, 6, 4]);
    const signed = kernel.map((value, at) => (Math.floor(at / 4) === at % 4 ? value : -value));
    const [both] = clusteringMatrix(clustered({ similarity: signed }, "kernel"))!.traces.filter(isHeatmap);
    expect(both!.scale).toEqual({ kind: "diverging", low: -1, high: 1 });
  });

  it("has strips of the true class and of the cluster, titled once each", () => {
    const { rows: truth, columns: cluster } = trace!.strips!;
    expect(truth.map(({ title, count }) => [title, count])).toEqual([
      ["5", 2],
      ["9", 2],
    ]);
    expect(cluster.map(({ title, count }) => [title, count])).toEqual([
      ["5", 1],
      ["9", 3],
    ]);
    const mixed = clusteringMatrix(clustered({ similarity: kernel, order: Uint32Array.of(0, 2, 1, 3) }, "kernel"))!;
    const runs = mixed.traces.filter(isHeatmap)[0]!.strips!.rows;
    expect(runs.map(({ title, count }) => [title, count])).toEqual([
      ["5", 1],
      ["9", 1],
      ["", 1],
      ["", 1],
    ]);
  });

  it("has every two images once in its data, as they were clustered", () => {
    const data = figure.data();
    expect(data.rows).toHaveLength(10);
    expect(cell(data, { image: 11, other_image: 21 }, "similarity")).toBe(4);
    expect(Object.keys(data.dictionary)).toEqual(data.columns);
  });

  it("is absent where a method has none", () => {
    expect(clusteringMatrix(clustered({}, "inputs"))).toBeUndefined();
  });
});

describe("classes, clusters and components", () => {
  const wrongOne = clustered({ picture: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) }, "kernel");

  it("counts images by true class and cluster", () => {
    const [trace] = clusteringConfusion(wrongOne).traces.filter(isHeatmap);
    expect(trace!.values).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect(wrongIn(wrongOne.finding)).toEqual([1]);
  });

  it("marks the images on the wrong side, which keep the colour of their class", () => {
    const points = clusteringPicture({ ...wrongOne, picked: 20 })!.traces.filter(isPoints);
    expect(points.map(({ title, ids, x, isMarked }) => [title, ids, x, isMarked])).toEqual([
      ["5", [10], [0], false],
      ["9", [20, 21], [4, 6], false],
      ["5, clustered with 9", [11], [2], true],
    ]);
    expect(points[2]!.colour).toBe(points[0]!.colour);
    expect(points[2]!.marker).toBe(points[1]!.marker);
    expect(points[1]!.picked).toBe(20);
  });
});

describe("what is looked at", () => {
  const shared = sharedStudy({ study: "clustering", params });
  const study = { ...shared, phase: "running", progress: undefined, findings } as const;

  it("is nothing at first, then a cell with its seed", () => {
    expect(shared.view).toEqual(nothingPicked);
    expect(pickedOf(study)).toBeUndefined();
    const picked = pickedOf({ ...study, view: { method: 0, task: 0, seed: 1 } })!;
    expect(picked.finding?.accuracy).toBe(0.8);
    expect(picked.cell?.name).toBe("5 v 9, ℓ2-relative (ReLU), seed 2");
    expect(picked.cell?.similarity).toBe("relative");
  });

  it("has no clustering to show where a seed failed, and is nothing where the parameters have no such cell", () => {
    const failed = pickedOf({ ...study, view: { method: 0, task: 1, seed: 0 } })!;
    expect([failed.finding?.status, failed.cell]).toEqual(["collapsed", undefined]);
    expect(pickedOf({ ...study, view: { method: 3, task: 0, seed: 0 } })).toBeUndefined();
    expect(pickedOf({ ...study, view: { method: 0, task: 0, seed: 99 } })?.seed).toBe(2);
  });

  it("knows what is under way: baselines before networks, seed by seed", () => {
    // Of the first seed, random weights of the first column are missing.
    expect(underWay(study)).toEqual({ row: 2, column: 0 });
    expect(underWay({ ...study, findings: new Map() })).toEqual({ row: 1, column: 0 });
    expect(underWay({ ...study, phase: "ready" })).toBeUndefined();
  });
});
