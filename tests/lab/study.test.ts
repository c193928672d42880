// Studies as values: what is read, what is refused, and that everything on the shelf can be opened as it is.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { studies } from "../../src/lab/studies.ts";
import { parseStudy } from "../../src/lab/study.ts";
import { themes } from "../../src/lab/themes.ts";
import { csvOfTable, latexOfTable, markdownOfTable } from "../../src/lab/tabular.ts";
import { int } from "../../src/lab/params.ts";
import { root } from "../../src/node.ts";

const shelf = [{ id: "one", params: { count: int({ title: "Count", byDefault: 3, min: 1, max: 9 }) } }];

describe("parseStudy", () => {
  it("completes what is missing", () => {
    expect(parseStudy({ study: "one" }, shelf)).toEqual({ version: 1, study: "one", params: { count: 3 } });
  });

  it.each([
    [7, /The study is 7; give an object/],
    [{ study: "two" }, /study is "two"; give one of: one/],
    [{ study: "one", seed: 1 }, /seed is not known here/],
    [{ study: "one", version: 2 }, /version is 2, but this lab reads studies of version 1/],
    [{ study: "one", version: "1" }, /version is "1"; give 1/],
    [{ study: "one", params: { count: 10 } }, /params.count is 10; give a whole number between 1 and 9/],
    [{ study: "one", params: { size: 1 } }, /params.size is not a parameter here/],
  ])("says what is wrong with %j", (value, sentence) => {
    expect(() => parseStudy(value, shelf)).toThrow(sentence);
  });
});

describe("the shelf", () => {
  it("lies under themes, every study once", () => {
    expect(themes.flatMap((theme) => theme.studies)).toEqual(studies.map(({ id }) => id));
  });

  it("has a line for every study of its folder", () => {
    const files = readdirSync(join(root, "src", "lab", "studies"), { recursive: true, encoding: "utf8" });
    for (const { id } of studies)
      expect(files.some((file) => file.toLowerCase().includes(id.replaceAll("-", "").toLowerCase()))).toBe(true);
    expect(new Set(studies.map(({ id }) => id)).size).toBe(studies.length);
  });

  for (const study of studies)
    for (const preset of study.presets)
      it(`opens the preset ${preset.title} as it is, small and as in the paper`, () => {
        for (const setting of [preset.small, ...(preset.paper ? [preset.paper] : [])]) {
          const { params } = parseStudy({ study: study.id, params: setting.params }, studies);
          const keys = study.keys(params);
          expect(keys.length).toBeGreaterThan(0);
          expect(new Set(keys).size).toBe(keys.length);
          const pieces = study.together?.(params) ?? [];
          if (study.together) expect(pieces.flat().toSorted()).toEqual(keys.toSorted());
          expect(setting.minutes).toBeGreaterThan(0);
          for (const { columns, rows, dictionary } of study.tables(params, new Map())) {
            for (const row of rows) expect(row.length).toBe(columns.length);
            for (const name of Object.keys(dictionary)) expect(columns).toContain(name);
          }
        }
      });
});

describe("a table as text", () => {
  const table = {
    name: "t",
    title: "50 % & more",
    columns: ["pair", "accuracy"],
    rows: [
      ['5 "v" 8', 0.123456],
      ["a|b, c", ""],
    ],
    dictionary: {},
  };

  it("is tidy CSV with all digits", () => {
    expect(csvOfTable(table)).toBe('pair,accuracy\n"5 ""v"" 8",0.123456\n"a|b, c",\n');
  });

  it("is Markdown", () => {
    expect(markdownOfTable(table).split("\n").slice(2, 6)).toEqual([
      "| pair | accuracy |",
      "| --- | --- |",
      '| 5 "v" 8 | 0.1235 |',
      "| a\\|b, c |  |",
    ]);
  });

  it("is LaTeX with its signs escaped", () => {
    const text = latexOfTable(table);
    expect(text).toContain("\\caption{50 \\% \\& more}");
    expect(text).toContain("\\begin{tabular}{lr}");
    expect(text).toContain('    5 "v" 8 & 0.1235 \\\\');
  });
});
