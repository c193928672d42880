// Exported files: CSV that reads back exactly, PNG chunks that are intact, a zip that is the same twice.
import { csvParseRows } from "d3-dsv";
import { strFromU8, unzipSync } from "fflate";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { bitmapOf } from "../../src/app/export/bitmap.ts";
import { bundle } from "../../src/app/export/bundle.ts";
import { chunksOf, crc32 } from "../../src/app/export/chunk.ts";
import { csvOf, dictionaryOf } from "../../src/app/export/csv.ts";
import { describedPng } from "../../src/app/export/png.ts";
import { classHeatmap } from "../../src/app/figures/classHeatmap.ts";
import { isHeatmap } from "../../src/app/figures/figure.ts";
import { imageHeatmap } from "../../src/app/figures/imageHeatmap.ts";
import { lightTheme, rgbOf } from "../../src/app/figures/palette.ts";
import { blockOf, classes, measure, nameOf, small, tableOf } from "./tiny.ts";

const input = { runs: [{ title: 'CNN, "wide"', table: tableOf(small()) }], classes, measure, nameOf, tick: 0 };
const figure = classHeatmap(input);

describe("CSV", () => {
  it.each([figure, imageHeatmap(input)])("reads back as the figure's very rows ($name)", (each) => {
    const data = each.data();
    const [columns, ...rows] = csvParseRows(csvOf(data));
    expect(columns).toEqual(data.columns);
    expect(rows).toHaveLength(data.rows.length);
    const numbered = rows.map((row, at) =>
      row.map((text, column) => (typeof data.rows[at]![column] === "number" ? Number(text) : text)),
    );
    expect(numbered).toEqual(data.rows);
  });

  it("keeps every digit and guards against formulas, but not against numbers", () => {
    const rows = [[0.1 + 0.2, "=1+1", "-5", "-x", "@a", "a\nb", 1e-300]];
    const text = csvOf({ columns: ["a", "b", "c", "d", "e", "f", "g"], rows, dictionary: {} });
    expect(csvParseRows(text)[1]).toEqual(["0.30000000000000004", "'=1+1", "-5", "'-x", "'@a", "a\nb", "1e-300"]);
    expect(text.endsWith("\r\n")).toBe(true);
  });

  it("comes with a word for each column", () => {
    for (const column of figure.data().columns)
      expect(dictionaryOf(figure)).toMatch(new RegExp(`^${column} +\\S`, "m"));
  });
});

describe("PNG", () => {
  it("has the CRC of the PNG specification", () => {
    expect(crc32(new TextEncoder().encode("IEND"))).toBe(0xae426082);
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  const png = Uint8Array.from(PNG.sync.write(new PNG({ width: 2, height: 1 })));

  it("gets its density and provenance right after the header, every chunk intact", () => {
    const provenance = { seed: 7, note: "é → ü" };
    const chunks = chunksOf(describedPng(png, { dpi: 300, description: "What it shows.", provenance }));
    expect(chunks.every(({ isIntact }) => isIntact)).toBe(true);
    expect(chunks.map(({ type }) => type).slice(0, 4)).toEqual(["IHDR", "pHYs", "iTXt", "iTXt"]);
    expect(new TextDecoder().decode(chunks[2]!.data)).toBe("Description\0\0\0\0\0What it shows.");
    expect(chunks.at(-1)!.type).toBe("IEND");
    const density = new DataView(chunks[1]!.data.slice().buffer);
    expect([density.getUint32(0), density.getUint32(4), density.getUint8(8)]).toEqual([11811, 11811, 1]);
    const text = new TextDecoder().decode(chunks[4]!.data);
    expect(text.startsWith("Provenance\0")).toBe(true);
    expect(JSON.parse(text.slice(text.indexOf("{")))).toEqual(provenance);
  });

  it("has no provenance unless given, and can be described twice", () => {
    const once = describedPng(png, { dpi: 600, description: "", provenance: { seed: 1 } });
    const twice = describedPng(once, { dpi: 300, description: "" });
    expect(chunksOf(twice).filter(({ type }) => type === "iTXt" || type === "pHYs")).toHaveLength(2);
    expect(PNG.sync.read(Buffer.from(twice)).width).toBe(2);
  });

  it("of a heatmap has the colours of its cells, seen by another decoder", () => {
    const block = blockOf({
      anchors: [
        [0, 0],
        [1, 0],
      ],
      probes: [
        [0, 0],
        [10, 0],
        [11, 1],
      ],
      numerator: [
        [1, 0, 2],
        [1, 1, 1],
      ],
      denominator: [1, NaN],
    });
    const { traces } = imageHeatmap({ ...input, runs: [{ title: "CNN", table: tableOf(block) }] });
    const [trace] = traces.filter(isHeatmap);
    const bytes = bitmapOf(trace!, lightTheme, 2);
    expect(chunksOf(bytes).every(({ isIntact }) => isIntact)).toBe(true);
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
    expect([width, height]).toEqual([6, 4]);
    const pixel = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
    expect(pixel(0, 0)).toEqual([...rgbOf(lightTheme.own), 255]);
    expect(pixel(3, 1)).toEqual([...rgbOf("#440154"), 255]);
    expect(pixel(5, 0)).toEqual([...rgbOf("#e8501a"), 255]);
    expect(pixel(5, 3)[3]).toBe(0);
  });
});

describe("bundle", () => {
  const again = { spec: "{}", link: "https://lab.example/#v1" };
  const files = { svg: "<svg/>", png: Uint8Array.of(1, 2, 3), again };
  const zip = bundle(figure, files);
  const entries = unzipSync(zip);

  it("holds drawing, data, words and how to make it again", () => {
    expect(Object.keys(entries).sort()).toEqual([
      "CITATION.bib",
      "caption.txt",
      "data-dictionary.txt",
      "data.csv",
      "figure.png",
      "figure.svg",
      "reproduce.url",
      "spec.json",
    ]);
    expect(strFromU8(entries["data.csv"]!)).toBe(csvOf(figure.data()));
    expect(strFromU8(entries["CITATION.bib"]!)).toContain("arXiv:1910.06943");
    expect(strFromU8(entries["reproduce.url"]!)).toContain("URL=https://lab.example/#v1");
    expect(strFromU8(entries["caption.txt"]!)).toContain(figure.caption);
  });

  it("says nothing of the experiment in a file for blind review", () => {
    const blind = unzipSync(bundle(figure, { ...files, again: undefined }));
    const known = Object.keys(entries).filter((name) => name !== "spec.json" && name !== "reproduce.url");
    expect(Object.keys(blind).sort()).toEqual(known.sort());
  });

  it("is the same bytes for the same state", () => {
    expect(bundle(figure, files)).toEqual(zip);
  });
});
