// The paper's tables: complete, on tasks and methods of the study, and found under them.
import { describe, expect, it } from "vitest";
import { manifests } from "../../../src/lab/manifests.ts";
import { methods } from "../../../src/lab/studies/clustering/method.ts";
import { taskOf } from "../../../src/lab/studies/clustering/task.ts";
import { published, publishedTables } from "../../../src/lab/studies/published.ts";

describe("publishedTables", () => {
  it("have as many numbers as the paper", () => {
    const counts = publishedTables.map(({ number, rows }) => [number, Object.values(rows).flat().length]);
    expect(counts).toEqual([
      [1, 60],
      [2, 60],
      [3, 36],
      [5, 24],
      [6, 24],
      [7, 12],
    ]);
  });

  it("have a number for each task in every row, none below the floor of 50 %", () => {
    for (const { rows, tasks } of publishedTables)
      for (const row of Object.values(rows)) {
        expect(row).toHaveLength(tasks.length);
        for (const percent of row) expect(percent >= 50 && percent < 100).toBe(true);
      }
  });

  it("are about methods and tasks of the study", () => {
    const known = methods.map(({ id }) => id);
    for (const { dataset, rows, tasks } of publishedTables) {
      const manifest = manifests.find(({ id }) => id === dataset)!;
      expect(known).toEqual(expect.arrayContaining(Object.keys(rows)));
      for (const task of tasks) expect(() => taskOf(task, manifest)).not.toThrow();
    }
  });

  it("agree where two of them print the same cell", () => {
    const seen = new Map<string, number>();
    for (const { dataset, rows, tasks } of publishedTables)
      for (const [method, row] of Object.entries(rows))
        for (const [at, percent] of row.entries()) {
          const cell = [dataset, method, tasks[at]].join();
          expect(seen.get(cell) ?? percent).toBe(percent);
          seen.set(cell, percent);
        }
  });
});

describe("published", () => {
  it("finds a cell, in whatever order the classes are named", () => {
    const cell = { value: 0.893, source: "He and Su, ICLR 2020, Table 1" };
    expect(published("mnist", "l2-relative-relu", "5-9/4-8")).toEqual(cell);
    expect(published("mnist", "l2-relative-relu", "9-5/8-4")).toEqual(cell);
    expect(published("cifar10", "bce-kernelized-relu", "automobile-horse/cat-bird")?.value).toBe(0.597);
    expect(published("mnist", "bce-normalised-relu", "3-8/5")?.source).toContain("Table 7");
    expect(published("mnist", "l2-kernelized-relu", "5-8/9")?.source).toContain("Table 6");
  });

  it("finds nothing that is not printed", () => {
    expect(published("mnist", "l2-relative-relu", "1-7/2")).toBeUndefined();
    expect(published("mnist", "pixels", "5-9/4-8")).toBeUndefined();
    expect(published("drawn", "kmeans", "5-9/4-8")).toBeUndefined();
  });
});
