// The table as CSV: another program reads back exactly the table's numbers, and a gap is a gap.
import { csvParse, csvParseRows } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { describe as describeLab } from "../../src/lab/catalogue.ts";
import { matrixLines, rowDictionary, rowLines, trainingLines } from "../../src/lab/csv.ts";
import { numbering, parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import { Table, values, type Block, type TrainingRow } from "../../src/lab/table.ts";
import { rng } from "../../src/math/rng.ts";

const spec = parseSpec(
  {
    dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 4, testPerClass: 3 },
    probing: { anchorsPerClass: 1, probesPerClass: 1 },
  },
  describeLab(),
);

interface Parts {
  readonly tick: number;
  readonly epoch: number;
  readonly anchors: readonly number[];
  readonly probes: readonly number[];
  /** Denominators of the first measure, one an anchor. */
  readonly denominator: readonly number[];
}

/** A block of numbers out of a seed, with every digit that single precision has. */
function blockOf({ tick, epoch, anchors, probes, denominator }: Parts, own = spec): Block {
  const random = rng(tick + 1);
  const normals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const label = (example: number): number => numbering(own.dataset).of(example).classIndex;
  const cells = anchors.length * probes.length;
  return {
    tick,
    epoch,
    source: "schedule",
    anchors: Int32Array.from(anchors),
    probes: Int32Array.from(probes),
    anchorLabels: Uint8Array.from(anchors, label),
    probeLabels: Uint8Array.from(probes, label),
    stepSize: Float64Array.from(anchors, () => Math.exp(random.normal())),
    ownChange: Float64Array.from(anchors, () => random.normal()),
    change: normals(cells),
    before: normals(probes.length * own.dataset.classes.length),
    outputCount: own.dataset.classes.length,
    measures: {
      relative: { numerator: normals(cells), denominator: Float64Array.from(denominator) },
      kernelized: { numerator: normals(cells), denominator: Float64Array.from(anchors, () => random.normal()) },
    },
  };
}

/** 0..3, 4..7, 8..11 are the training images of the three classes, 12..14, 15..17, 18..20 the held-out ones. */
const early = blockOf({ tick: 0, epoch: 0, anchors: [0, 5], probes: [12, 16, 20], denominator: [0.3, 0.1] });
const late = blockOf({ tick: 8, epoch: 2, anchors: [0, 5], probes: [12, 16, 20], denominator: [Math.SQRT1_2, NaN] });

function tableOf(...blocks: readonly Block[]): Table {
  const table = new Table();
  for (const block of blocks) table.append({ kind: "response", block });
  return table;
}

const text = (lines: Iterable<string>): string => [...lines].map((line) => `${line}\n`).join("");
const rows = (table: Table, own: ExperimentSpec = spec) =>
  csvParse(text(rowLines(table, own, ["relative", "kernelized"])));

describe("the rows as CSV", () => {
  const read = rows(tableOf(late, early));

  it("have one row an anchor, probe and moment, in order of time", () => {
    expect(read.map(({ tick, anchor, probe }) => [tick, anchor, probe].map(Number))).toEqual(
      [early, late].flatMap(({ tick, anchors, probes }) =>
        [...anchors].flatMap((anchor) => [...probes].map((probe) => [tick, anchor, probe])),
      ),
    );
  });

  it("read back as exactly the numbers of the table", () => {
    let at = 0;
    for (const block of [early, late])
      block.anchors.forEach((_anchor, row) =>
        block.probes.forEach((_probe, column) => {
          const cell = row * block.probes.length + column;
          const line = read[at++]!;
          expect(Number(line.epoch)).toBe(block.epoch);
          expect(Number(line.step_size)).toBe(block.stepSize[row]);
          expect(Number(line.own_change)).toBe(block.ownChange[row]);
          expect(Number(line.change)).toBe(block.change[cell]);
          expect(Number(line.score_before)).toBe(
            block.before[column * block.outputCount + numbering(spec.dataset).of(block.anchors[row]!).classIndex],
          );
          for (const measure of ["relative", "kernelized"]) {
            const value = values(block, measure)[cell]!;
            if (Number.isNaN(value)) expect(line[measure]).toBe("");
            else expect(Number(line[measure])).toBe(value);
          }
        }),
      );
    expect(read).toHaveLength(at);
  });

  it("name class, split and index of either image", () => {
    expect(read[5]).toMatchObject({
      anchor: "5",
      anchor_class: "cat",
      anchor_split: "train",
      anchor_index: "1",
      probe: "20",
      probe_class: "plane",
      probe_split: "test",
      probe_index: "2",
    });
  });

  it("leave a cell blank that is not measurable and flag its row, and no other", () => {
    const blank = (row: (typeof read)[number]): boolean => row.relative === "";
    expect(read.filter(blank)).toHaveLength(late.probes.length);
    for (const row of read) {
      expect(row.measurable).toBe(blank(row) ? "0" : "1");
      expect(blank(row)).toBe(Number(row.tick) === 8 && row.anchor === "5");
    }
  });

  it("leave the step blank where there is none", () => {
    const stepless = { ...early, stepSize: Float64Array.of(NaN, 0.5), change: new Float32Array(6).fill(NaN) };
    const [first, , , other] = rows(tableOf(stepless));
    expect([first!.step_size, first!.change, other!.step_size]).toEqual(["", "", "0.5"]);
  });

  it("have a word in the dictionary for every column that is no measure", () => {
    expect(read.columns).toEqual([...Object.keys(rowDictionary), "relative", "kernelized"]);
    for (const meaning of Object.values(rowDictionary)) expect(meaning).toMatch(/\S/);
  });

  it("are a header alone where nothing was measured", () => {
    const none = rows(new Table());
    expect(none).toHaveLength(0);
    expect(none.columns).toEqual(read.columns);
  });
});

describe("names with commas, quotes and line ends", () => {
  const classes = ["big, cat", 'the "cat"', "two\nlines"];
  const odd = { ...spec, dataset: { ...spec.dataset, classes } };

  it("come back whole from the rows", () => {
    const read = rows(tableOf(early), odd);
    expect(read.map((row) => row.probe_class)).toEqual([...classes, ...classes]);
    expect(read.map((row) => Number(row.kernelized))).toEqual([...values(early, "kernelized")]);
  });

  it("come back whole from the matrix", () => {
    const [header, ...lines] = csvParseRows(text(matrixLines(early, odd, "relative")));
    expect(header).toEqual(["anchor", "big, cat:test:0", 'the "cat":test:1', "two\nlines:test:2"]);
    expect(lines.map(([name]) => name)).toEqual(["big, cat:train:0", 'the "cat":train:1']);
  });
});

describe("the matrix as CSV", () => {
  it.each(["relative", "kernelized"])(
    "reads back as exactly the values of %s, blank where there is none",
    (measure) => {
      const [header, ...lines] = csvParseRows(text(matrixLines(late, spec, measure)));
      expect(header).toEqual(["anchor", "tiger:test:0", "cat:test:1", "plane:test:2"]);
      expect(lines.map(([name]) => name)).toEqual(["tiger:train:0", "cat:train:1"]);
      const cells = lines.flatMap(([, ...own]) => own.map((cell) => (cell === "" ? NaN : Number(cell))));
      expect(cells).toEqual([...values(late, measure)]);
      expect(cells.some(Number.isNaN)).toBe(measure === "relative");
    },
  );
});

describe("the training as CSV", () => {
  it("reads back as exactly the rows of the table, in their order", () => {
    const training: TrainingRow[] = [
      { tick: 0, epoch: 0, trainLoss: Math.LN2, trainAccuracy: 1 / 3, testLoss: 1e-300, testAccuracy: 0 },
      { tick: 7, epoch: 3.5, trainLoss: 0.1 + 0.2, trainAccuracy: 1, testLoss: 12345.678, testAccuracy: 2 / 3 },
    ];
    const table = new Table();
    for (const row of training) table.append({ kind: "training", row });
    const read = csvParse(text(trainingLines(table)));
    expect(read.columns).toEqual(["tick", "epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy"]);
    const numbers = read.map((row) => read.columns.map((name) => Number(row[name])));
    expect(numbers).toEqual(
      training.map((row) => [row.tick, row.epoch, row.trainLoss, row.trainAccuracy, row.testLoss, row.testAccuracy]),
    );
  });
});
