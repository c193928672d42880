// The command line as a person runs it: what it prints, what it writes, and what it says when it cannot.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse, csvParseRows } from "d3-dsv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as describeLab } from "../src/lab/catalogue.ts";
import { describedStudies } from "../src/lab/studies.ts";
import { parseSpec, parseSpecText } from "../src/lab/spec.ts";
import type { Summary } from "../src/lab/report.ts";
import { root } from "../src/node.ts";
import { relativeError } from "./helpers/compare.ts";
import { readNpz, type NumpyArray } from "./helpers/numpy.ts";

interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const folder = mkdtempSync(join(tmpdir(), "lab-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);

function written(name: string, content: unknown): string {
  writeFileSync(inFolder(name), typeof content === "string" ? content : JSON.stringify(content));
  return inFolder(name);
}

const lab = (...words: string[]): Promise<Said> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", join("src", "cli.ts"), ...words],
      { cwd: root, maxBuffer: 2 ** 26 },
      (error, out, err) => resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
  });

const catalogue = describeLab();

/** Small changes that make any spec quick to run. */
const small = {
  dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 6, testPerClass: 4 },
  model: { id: "linear" },
  training: { epochs: 2, batchSize: 8, stepSize: 0.01 },
  probing: { anchorsPerClass: 2, probesPerClass: 3, epochs: [0, 2] },
};
const [classCount, anchorCount, probeCount, momentCount] = [3, 6, 9, 2];

describe("describe", () => {
  it("lists every data set, model, measure and study with its parameters, as JSON", async () => {
    const { status, out, err } = await lab("describe");
    expect([status, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify({ ...catalogue, studies: describedStudies() })));
  });
});

describe("study", () => {
  it("writes its tables, and goes on where it was stopped", async () => {
    const study = { study: "geometry", params: { widths: [8], seeds: [1] } };
    const first = await lab("study", written("study.json", study), "--out", inFolder("study"));
    expect([first.status, first.out.includes("**")]).toEqual([0, true]);
    const before = readFileSync(join(inFolder("study"), "findings.json"), "utf8");
    const again = written("more.json", { ...study, params: { ...study.params, seeds: [1, 2] } });
    const { status, err } = await lab("study", again, "--out", inFolder("study"));
    expect([status, err.split("\n").filter((line) => line.endsWith("done")).length]).toEqual([0, 3]);
    const after = readFileSync(join(inFolder("study"), "findings.json"), "utf8");
    expect(JSON.parse(after)).toMatchObject(JSON.parse(before) as object);
    const rows = csvParse(readFileSync(join(inFolder("study"), "geometry.csv"), "utf8"));
    expect(new Set(rows.map(({ seed }) => seed))).toEqual(new Set(["1", "2"]));
  });

  it("prints short tables whole, and of long ones the first rows and where all of them are", async () => {
    const seeds = [1, 2, 3];
    const study = { study: "geometry", params: { widths: [4], source: "seed", perClass: 3, seeds } };
    const { out } = await lab("study", written("long.json", study), "--out", inFolder("long"));
    const rowsIn = (name: string) => csvParse(readFileSync(join(inFolder("long"), name), "utf8")).length;
    const tables = out.split("**").filter((_, at) => at > 0 && at % 2 === 0);
    const printed = tables.map((table) => table.split("\n").filter((line) => line.startsWith("| ")).length - 2);
    expect(printed).toEqual([rowsIn("geometry-seeds.csv"), 24]);
    expect(rowsIn("geometry.csv")).toBeGreaterThan(24);
    expect(out.trimEnd().split("\n").at(-1)).toBe(
      `These are the first 24 of ${rowsIn("geometry.csv")} rows; all are in ${join(inFolder("long"), "geometry.csv")}.`,
    );
  });

  it("says what is wrong", async () => {
    const wrong = await lab("study", written("wrong.json", { study: "geometri" }), "--out", inFolder("wrong"));
    expect([wrong.status, wrong.err.trim()]).toEqual([
      1,
      `lab: study is "geometri"; give one of: ${describedStudies()
        .map(({ id }) => id)
        .join(", ")}.`,
    ]);
    mkdirSync(inFolder("held"));
    writeFileSync(join(inFolder("held"), "findings.json"), "[");
    const held = await lab("study", written("s.json", { study: "geometry" }), "--out", inFolder("held"));
    expect([held.status, held.err]).toEqual([1, expect.stringContaining("holds no findings of a study")]);
  });
});

describe("example and run", () => {
  let printed: Said;
  let first: Said;
  let again: Said;
  const file = (...path: string[]): string => readFileSync(join(folder, ...path), "utf8");

  beforeAll(async () => {
    printed = await lab("example");
    const example = JSON.parse(printed.out);
    const spec = written("spec.json", {
      ...example,
      dataset: { ...example.dataset, ...small.dataset },
      model: small.model,
      training: { ...example.training, ...small.training },
      probing: { ...example.probing, ...small.probing },
    });
    first = await lab("run", spec, "--out", inFolder("one"), "--backend", "wasm", "--arrays");
    // As a shell's redirection of npm leaves it, after an editor has added its mark.
    const redirected = written("two.json", `\uFEFF\n> lab\n> tsx src/cli.ts example\n\n${file("spec.json")}`);
    again = await lab(
      "run",
      redirected,
      "--out",
      inFolder("two"),
      "--backend",
      "wasm",
      "--seeds",
      "1,2",
      "--memory",
      "1",
    );
  });

  it("agree: what example prints is a whole spec, the default one, and run accepts it", () => {
    expect([printed.status, printed.err]).toEqual([0, ""]);
    expect(parseSpecText(printed.out, catalogue)).toEqual(JSON.parse(printed.out));
    expect(JSON.parse(printed.out)).toEqual(parseSpec({}, catalogue));
    expect(first.status, first.err).toBe(0);
    expect(again.status, again.err).toBe(0);
  });

  it("write one row an anchor, probe and moment, with every measure", () => {
    const rows = csvParse(file("one", "rows.csv"));
    expect(rows).toHaveLength(momentCount * anchorCount * probeCount);
    const cells = rows.map(({ epoch, anchor, probe }) => `${epoch} ${anchor} ${probe}`);
    expect(new Set(cells).size).toBe(rows.length);
    expect(rows.columns).toEqual(expect.arrayContaining(catalogue.measures.map(({ id }) => id)));
    expect(new Set(rows.map((row) => row.anchor_class))).toEqual(new Set(small.dataset.classes));
    expect(new Set(rows.map((row) => row.probe_split))).toEqual(new Set(["test"]));
  });

  it("write the matrix of the last moment, the same numbers as in its rows", () => {
    const rows = csvParse(file("one", "rows.csv")).filter(({ epoch }) => Number(epoch) === small.training.epochs);
    const [header, ...lines] = csvParseRows(file("one", "matrix.csv"));
    expect(header).toHaveLength(1 + probeCount);
    expect(lines.flatMap(([, ...cells]) => cells)).toEqual(rows.map((row) => row.relative));
  });

  it("write a training row an epoch, each after as many steps as it takes to see every image", () => {
    const rows = csvParse(file("one", "training.csv"));
    const stepsPerEpoch = Math.ceil((classCount * small.dataset.trainPerClass) / small.training.batchSize);
    expect(rows.map(({ tick, epoch }) => [Number(tick), Number(epoch)])).toEqual(
      [0, 1, 2].map((epoch) => [epoch * stepsPerEpoch, epoch]),
    );
    for (const row of rows) {
      expect(Number(row.train_loss)).toBeGreaterThan(0);
      const right = Number(row.test_accuracy) * classCount * small.dataset.testPerClass;
      expect(right).toBeCloseTo(Math.round(right), 9);
    }
  });

  it("write a summary whose means are those of the rows", () => {
    const summary = JSON.parse(file("one", "summary.json")) as Summary;
    expect(summary.spec).toEqual(parseSpecText(file("spec.json"), catalogue));
    expect(summary.backend).toBe("wasm");
    expect(summary.parameterCount).toBe((32 * 32 * 3 + 1) * classCount);
    expect(summary.moments.map(({ epoch }) => epoch)).toEqual(small.probing.epochs);
    const rows = csvParse(file("one", "rows.csv"));
    const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    for (const { epoch, classMatrix } of summary.moments)
      summary.classes.forEach((from, anchorClass) =>
        summary.classes.forEach((to, probeClass) => {
          const cells = rows.filter(
            (row) => Number(row.epoch) === epoch && row.anchor_class === from && row.probe_class === to,
          );
          const own = classMatrix[anchorClass]![probeClass]!;
          // Every anchor has as many probes, so that the mean of means is the mean.
          expect(own.mean).toBeCloseTo(mean(cells.map((row) => Number(row.relative))), 10);
          expect(own.count).toBe(small.probing.anchorsPerClass);
        }),
      );
  });

  it("print what the first class does to the others", () => {
    expect(first.out).toContain("linear on drawn, relative, anchors: tiger, backend wasm, seed 1");
    expect(again.out).toContain("seed 1, 2 (mean ± s.d. over seeds)");
  });

  it("write the same bytes for the same seed, and others for another", () => {
    for (const name of ["rows.csv", "matrix.csv", "training.csv", "summary.json"])
      expect(file("two", "seed-1", name)).toBe(file("one", name));
    // The matrix of a linear model does not hang on its weights, and so not on the seed.
    for (const name of ["rows.csv", "training.csv"]) expect(file("two", "seed-2", name)).not.toBe(file("one", name));
  });

  describe("with --arrays", () => {
    let arrays: ReadonlyMap<string, NumpyArray>;
    const array = (name: string): NumpyArray => {
      const there = arrays.get(name);
      if (!there) throw new Error(`no ${name} among ${[...arrays.keys()].join(", ")}`);
      return there;
    };
    const row = (name: string, at: number): readonly number[] => {
      const { shape, values } = array(name);
      const length = values.length / shape[0]!;
      return values.slice(at * length, (at + 1) * length);
    };

    type Linear = { readonly weight: Float64Array; readonly bias: Float64Array };

    /** f = x W + b, in double precision. */
    const scores = ({ weight, bias }: Linear, x: readonly number[]): Float64Array =>
      bias.map((own, k) => x.reduce((sum, value, at) => sum + value * weight[at * classCount + k]!, own));

    /** One step of size eta down the cross-entropy of one example: dL/dW = x (p - y), dL/db = p - y. */
    function stepped(from: Linear, x: readonly number[], { label, eta }: { label: number; eta: number }): Linear {
      const before = scores(from, x);
      const highest = Math.max(...before);
      const odds = before.map((score) => Math.exp(score - highest));
      const total = odds.reduce((sum, value) => sum + value, 0);
      const slope = odds.map((value, k) => value / total - (k === label ? 1 : 0));
      return {
        weight: from.weight.map((value, at) => value - eta * x[Math.floor(at / classCount)]! * slope[at % classCount]!),
        bias: from.bias.map((value, k) => value - eta * slope[k]!),
      };
    }

    let model: Linear;
    beforeAll(() => {
      arrays = readNpz(new Uint8Array(readFileSync(inFolder(join("one", "arrays.npz")))));
      model = {
        weight: Float64Array.from(array("weight_0").values),
        bias: Float64Array.from(array("bias_0").values),
      };
    });

    it("hands out everything that another program needs, in its shape", () => {
      const shapes = Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape]));
      expect(shapes).toEqual({
        weight_0: [3072, classCount],
        bias_0: [classCount],
        anchor_inputs: [anchorCount, 32, 32, 3],
        probe_inputs: [probeCount, 32, 32, 3],
        anchor_labels: [anchorCount],
        probe_labels: [probeCount],
        step_sizes: [anchorCount],
        probe_outputs_before: [probeCount, classCount],
        probe_changes: [anchorCount, probeCount, classCount],
        anchor_own_changes: [anchorCount],
      });
      expect(array("anchor_labels").values).toEqual([0, 0, 1, 1, 2, 2]);
      expect(array("probe_labels").values).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    });

    it("has scores that another program finds from the weights and inputs", () => {
      for (let probe = 0; probe < probeCount; probe++)
        expect(
          relativeError(row("probe_outputs_before", probe), scores(model, row("probe_inputs", probe))),
        ).toBeLessThan(1e-5);
    });

    it("has the matrix that another program finds by one step and two forward passes in double precision", () => {
      const [, ...lines] = csvParseRows(file("one", "matrix.csv"));
      let compared = 0;
      for (let anchor = 0; anchor < anchorCount; anchor++) {
        const x = row("anchor_inputs", anchor);
        const label = array("anchor_labels").values[anchor]!;
        const after = stepped(model, x, { label, eta: array("step_sizes").values[anchor]! });
        const rise = (input: readonly number[]): Float64Array =>
          scores(after, input).map((score, k) => score - scores(model, input)[k]!);
        const own = rise(x)[label]!;
        expect(own / parseSpecText(file("spec.json"), catalogue).probing.delta).toBeCloseTo(1, 3);
        expect(array("anchor_own_changes").values[anchor]! / own).toBeCloseTo(1, 4);
        for (let probe = 0; probe < probeCount; probe++) {
          const input = row("probe_inputs", probe);
          const change = rise(input);
          const carried = row("probe_changes", anchor).slice(probe * classCount, (probe + 1) * classCount);
          expect(relativeError(carried, change)).toBeLessThan(1e-3);
          const cell = lines[anchor]![1 + probe]!;
          if (cell === "") continue;
          compared += 1;
          const truth = Math.abs(change[label]!) / Math.abs(own);
          expect(Math.abs(Number(cell) / truth - 1)).toBeLessThan(1e-3);
          // A linear model answers in closed form, whatever its weights.
          const product = (a: readonly number[], b: readonly number[]): number =>
            a.reduce((sum, value, at) => sum + value * b[at]!, 1);
          expect(Number(cell) / (Math.abs(product(input, x)) / product(x, x))).toBeCloseTo(1, 3);
        }
      }
      const { moments } = JSON.parse(file("one", "summary.json")) as Summary;
      expect(compared).toBe((anchorCount - moments.at(-1)!.notMeasurable) * probeCount);
      expect(compared).toBeGreaterThan(0);
    });
  });
});

/** A folder in which a folder lies where a file should. */
function blocked(): string {
  mkdirSync(inFolder(join("blocked", "rows.csv")), { recursive: true });
  return inFolder("blocked");
}

describe("a run that cannot be", () => {
  const spec = written("small.json", small);
  const out = inFolder("never");
  const cases: readonly (readonly [name: string, words: readonly string[], ...mentions: string[]])[] = [
    ["an unknown option", [spec, "--out", out, "--precise"], "'--precise'"],
    ["a missing file", [inFolder("nowhere.json"), "--out", out], "nowhere.json", "npm run lab -- example"],
    ["a file that is no JSON", [written("words.json", "hello\nworld"), "--out", out], "not a whole JSON file"],
    ["an unknown model", [written("model.json", { model: { id: "resnet" } }), "--out", out], '"resnet"', "linear"],
    [
      "more anchors than images",
      [written("anchors.json", { ...small, probing: { ...small.probing, anchorsPerClass: 7 } }), "--out", out],
      "probing.anchorsPerClass is 7",
      "at most 6",
    ],
    ["an unknown backend", [spec, "--out", out, "--backend", "nonsense"], '"nonsense"', "wasm, cpu"],
    ["an unknown measure", [spec, "--out", out, "--measure", "cosine"], '"cosine"', "relative"],
    ["a seed that is no number", [spec, "--out", out, "--seeds", "1,x"], '"x"', "1,2,3"],
    ["no memory", [spec, "--out", out, "--memory", "0"], '"0"', "whole number of megabytes"],
    ["the same seed twice", [spec, "--out", out, "--seeds", "2,1,2"], "2 twice", "each seed once"],
    ["an empty folder", [spec, "--out", ""], "--out DIR"],
    ["an option without its value", [spec, "--out"], "--out", "help"],
    [
      "a key over two lines",
      [written("key.json", { ...small, training: { "a\nb": 1 } }), "--out", out],
      "training.a b",
    ],
    ["a file that cannot be written", [spec, "--out", blocked(), "--backend", "wasm"], "rows.csv cannot be written"],
    ["a folder that is a file", [spec, "--out", spec, "--backend", "wasm"], `--out ${spec}`, "path of a folder"],
    [
      "arrays of a moment that is not measured",
      [written("early.json", { ...small, probing: { ...small.probing, epochs: [0] } }), "--out", out, "--arrays"],
      "last epoch, 2",
      "probing.epochs 0",
    ],
  ];

  it.each([
    ["no command", [], "No command was given"],
    ["an unknown command", ["train"], '"train" is not a command'],
    ["no folder", ["run", spec], "--out DIR"],
    ["a word too many", ["describe", "--briefly"], '"--briefly"'],
  ])("says in one line what is wrong with %s", async (_name, words, mention) => {
    const { status, out: printed, err } = await lab(...words);
    expect([status, printed]).toEqual([1, ""]);
    expect(err).toMatch(/^lab: [^\n]+\n$/);
    expect(err).toContain(mention);
  });

  it.each(cases)("says in one line what is wrong with %s", async (_name, words, ...mentions) => {
    const { status, out: printed, err } = await lab("run", ...words);
    expect([status, printed]).toEqual([1, ""]);
    expect(err).toMatch(/^lab: [^\n]+\n$/);
    expect(err).not.toMatch(/\.ts:\d+|node:internal/);
    for (const mention of mentions) expect(err).toContain(mention);
  });
});
