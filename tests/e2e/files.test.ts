// What goes out of the page and comes in: pictures, data, experiments, links; and what it says to those that are broken.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { unzipSync } from "fflate";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { unpack } from "../../src/lab/archive.ts";
import { rowLines } from "../../src/lab/csv.ts";
import { parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import { chunksOf } from "../../src/app/export/chunk.ts";
import { parseExperimentText } from "../../src/app/state/experiment.ts";
import { decode } from "../../src/app/state/link.ts";
import { played, type Recording } from "../../src/app/state/recording.ts";
import { catalogue, filesOf, LabPage, linkOf, sharedOf, smallSpec, stage, type FigureTitle } from "./labPage.ts";

const { open, openSmall } = stage();
const folder = mkdtempSync(join(tmpdir(), "lab-"));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The files of a run without a page. */
function commandLine(spec: ExperimentSpec, name: string): Record<string, string> {
  const out = join(folder, name);
  const words = ["src/cli.ts", "run", written(`${name}.json`, JSON.stringify(spec)), "--out", out, "--backend", "wasm"];
  const { status, stderr } = spawnSync("node_modules/.bin/tsx", words, { encoding: "utf8" });
  expect(stderr).not.toContain("lab:");
  expect(status).toBe(0);
  const names = ["rows.csv", "training.csv", "matrix.csv", "summary.json"];
  return Object.fromEntries(names.map((own) => [own, readFileSync(join(out, own), "utf8")]));
}

describe("a figure", () => {
  const figures: FigureTitle[] = [
    "Heatmap of classes",
    "Elasticity against epoch",
    "Loss and accuracy",
    "Bars of the picked image",
    "Heatmap of images",
  ];

  it("is a picture of 300 dpi, a drawing with real text and the numbers on the screen, alone or all in one", async () => {
    const lab = await openSmall();
    await lab.train();
    const zips = await lab.exported(figures.slice(0, -1).map((figure) => [figure, "Everything, zip"] as const));
    const alone = await lab.exported((["PNG, 300 dpi", "SVG", "CSV"] as const).map((format) => [figures[0]!, format]));
    const means = csvParse(alone[2]!.toString("utf8")).map(({ mean }) => Number(mean));
    expect(means).toHaveLength(18);
    expect(await lab.numbers(18)).toEqual(means.map((mean) => Number(mean.toFixed(2))));
    // Viridis grows brighter with the value; over both models at once only if they share one scale.
    const fills = [...alone[1]!.toString("utf8").matchAll(/<rect [^>]*fill="(#\w{6})" data-panel/g)];
    const brightness = fills
      .map(([, fill], at) => ({ mean: means[at]!, brightness: brightnessOf(fill!) }))
      .toSorted((a, b) => a.mean - b.mean)
      .map((cell) => cell.brightness);
    expect(brightness).toHaveLength(18);
    expect(brightness).toEqual(brightness.toSorted((a, b) => a - b));

    await lab.choose("Images");
    zips.push(...(await lab.exported([["Heatmap of images", "Everything, zip"]])));

    for (const [at, zip] of zips.entries()) {
      const files = unzipSync(zip);
      const texts = filesOf(zip);
      if (at === 0)
        expect(alone).toEqual(["figure.png", "figure.svg", "data.csv"].map((name) => Buffer.from(files[name]!)));
      const density = chunksOf(files["figure.png"]!).find(({ type }) => type === "pHYs")!.data;
      const perMetre = new DataView(density.slice().buffer);
      expect([perMetre.getUint32(0), perMetre.getUint32(4), density[8]]).toEqual([11811, 11811, 1]);
      const { data, width } = PNG.sync.read(Buffer.from(files["figure.png"]!));
      // 183 mm in whole CSS pixels, each 3.125 of the file's.
      expect(Math.abs(width - (183 / 25.4) * 300)).toBeLessThan(3.125);
      expect(new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size).toBeGreaterThan(20);

      const [title, desc, words] = await lab.page.evaluate((text) => {
        const svg = new DOMParser().parseFromString(text, "image/svg+xml");
        const textOf = (name: string): string => svg.querySelector(`svg > ${name}`)?.textContent ?? "none";
        const drawn = [...svg.querySelectorAll("text")].map((element) => element.textContent);
        return [textOf("title"), textOf("desc"), drawn.join("\n")] as const;
      }, texts["figure.svg"]!);
      expect(texts["caption.txt"]).toBe(`${title}\n\n${desc}\n`);
      expect(desc).toMatch(/24 training and 8 held-out images.*per-pixel mean/);
      expect(words).toMatch(/CNN[^]*Linear/);

      const rows = csvParse(texts["data.csv"]!);
      expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(["CNN", "Linear"]));
      expect(rows[0]!.images).toContain("24 training and 8 held-out");
      expect(parseExperimentText(texts["spec.json"]!, catalogue).spec).toEqual(smallSpec);
    }
  });
});

function brightnessOf(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

describe("an experiment", () => {
  it("opens again elsewhere, from its address and from its file dropped on an empty page: the same numbers", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("plane").click();
    await lab.pick("plane 5");
    const results = await lab.results();
    const bars = await lab.data("Bars of the picked image");
    const file = (await lab.experiment()).toString("utf8");
    const experiment = parseExperimentText(file, catalogue);
    expect(experiment).toMatchObject({ ...sharedOf(smallSpec), log: experiment.log, view: experiment.view });
    expect(experiment.log.map(({ do: verb }) => verb)).toEqual(["train", "probe"]);
    await expect.poll(() => decode(new URL(lab.page.url()).hash, catalogue)).toEqual(experiment);

    const elsewhere = await open(new URL(lab.page.url()).hash);
    // Its engine may still be starting.
    const empty = await open();
    await empty.sentence.waitFor();
    const transfer = await empty.page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "experiment.json", { type: "application/json" }));
      return data;
    }, file);
    await empty.page.dispatchEvent("main", "drop", { dataTransfer: transfer });
    for (const other of [elsewhere, empty]) {
      await other.trained();
      await other.picked("plane 5");
      expect(await other.results()).toEqual(results);
      expect(await other.data("Bars of the picked image")).toEqual(bars);
    }
  });

  it("is computed by the page and by the command line on the same backend byte for byte", async () => {
    const lab = await openSmall();
    await lab.inDialog(
      () => lab.badge.click(),
      "Backend",
      async () => {
        await lab.choose("Wasm");
        await lab.badge.waitFor();
      },
    );
    await lab.rested();
    await lab.train();
    const page = await lab.results();
    const { spec, beside } = sharedOf(smallSpec);
    for (const model of [spec.model, beside!]) {
      const files = commandLine({ ...spec, model }, model.id);
      for (const [name, text] of Object.entries(files))
        expect(page[`${model.id}/${name}`], `${model.id}/${name}`).toBe(text);
    }
    expect(csvParse(page["cnn/rows.csv"]!)).toHaveLength(3 * 6 * 12);
  });

  it("was recorded for the first view as the page computes it before any training", async () => {
    const { spec, beside, runs } = unpack(readFileSync("public/recorded/results.bin")) as Recording;
    const recorded = runs.map(({ chunks }) => {
      const { table } = played(chunks);
      const measures = Object.keys(table.scheduled[0]!.measures);
      return [...rowLines(table, spec, measures)].filter((line, at) => at === 0 || line.startsWith("0,0,"));
    });
    const untrained = parseSpec({ ...spec, probing: { ...spec.probing, epochs: [0] } }, catalogue);
    const lab = await open(linkOf(untrained));
    await lab.live();
    await lab.shows(0);
    const page = await lab.results();
    for (const [at, { id }] of [spec.model, beside].entries())
      expect(page[`${id}/rows.csv`] === `${recorded[at]!.join("\n")}\n`, id).toBe(true);
    const { anchorsPerClass, probesPerClass } = spec.probing;
    expect(recorded[0]).toHaveLength(1 + 7 * anchorsPerClass * 7 * probesPerClass);
  });
});

describe("bad input", () => {
  it("a link that was cut off or altered gets one clear message, and the page goes on", async () => {
    const whole = linkOf(smallSpec);
    const lab = await open(whole.slice(0, -1));
    expect(await lab.alert.textContent()).toMatch(/cut off: \d+ of \d+ characters arrived/);
    await lab.live();
    expect(await lab.sentence.textContent()).toContain("At epoch 15");
    const before = await lab.data("Heatmap of classes");
    const altered = whole.replace(/.(.{9})$/, (end) => (end.startsWith("A") ? "B" : "A") + end.slice(1));
    for (const [hash, words] of [
      [whole.slice(0, 3), "cut off"],
      [whole.slice(0, 6), "cut off"],
      [whole.slice(0, whole.length / 2), "cut off"],
      [altered, "altered"],
      [whole.replace("#v1", "#v2"), "newer lab"],
      ["#figures", "not one of the lab's"],
    ] as const) {
      await lab.page.evaluate((text) => (location.hash = text), hash);
      await lab.alert.filter({ hasText: words }).waitFor();
      expect(await lab.alert.count()).toBe(1);
      await lab.button("Close this message").click();
    }
    expect(await lab.data("Heatmap of classes")).toEqual(before);
    await lab.pick("tiger 12");
    await lab.page.evaluate((text) => (location.hash = text), whole);
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    expect(await lab.alert.allTextContents()).toEqual([]);
    await lab.shows(0);
  });

  it("a foreign or damaged file gets a sentence, and nothing is lost", async () => {
    const lab = await openSmall();
    const before = await lab.data("Heatmap of classes");
    const whole = (await lab.experiment()).toString("utf8");
    for (const [content, words] of [
      ["a shopping list", "no JSON"],
      [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255), "no JSON"],
      [whole.slice(0, 100), "ends too early"],
      ["[1, 2]", "give an object"],
      ['{"spec": {"training": {"epochs": -3}}}', "-3"],
      ['{"version": 99}', "newer lab"],
    ] as const) {
      await lab.page.getByLabel("Experiment file").setInputFiles(written("file.json", content));
      await lab.alert.filter({ hasText: words }).waitFor();
      await lab.button("Close this message").click();
    }
    expect(await lab.data("Heatmap of classes")).toEqual(before);
    expect((await lab.experiment()).toString("utf8")).toBe(whole);
  });

  it("a number out of range is named with its range, stays typed and is not used; absent data likewise", async () => {
    const lab = await openSmall();
    await setUp(lab, async (drawer) => {
      const field = drawer.getByRole("textbox", { name: "Batch size" });
      for (const [typed, named] of [
        ["many", '"many"'],
        ["2.5", "2.5"],
        ["0", "0"],
      ] as const) {
        await field.fill(typed);
        expect(await drawer.getByRole("alert").allTextContents()).toEqual([
          `Batch size is ${named}; give a whole number between 1 and 100000. 12 stays in force.`,
        ]);
      }
      expect(await drawer.getByRole("status").textContent()).toContain("Not in force: Batch size");
    });
    await setUp(lab, async (drawer) => {
      expect(await drawer.getByRole("textbox", { name: "Batch size" }).inputValue()).toBe("0");
      await drawer.getByRole("textbox", { name: "Anchors per class" }).fill("25");
      expect(await drawer.getByRole("status").textContent()).toMatch(/anchorsPerClass is 25.*24 images a class/);
      expect(await drawer.getByRole("button", { name: "Use this" }).isDisabled()).toBe(true);
      await drawer.getByRole("textbox", { name: "Anchors per class" }).fill("3");
      await drawer.getByRole("button", { name: "Use this" }).click();
      await drawer.waitFor({ state: "detached" });
    });
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    await lab.shows(0);
    const { spec } = parseExperimentText((await lab.experiment()).toString("utf8"), catalogue);
    expect(spec).toEqual({ ...smallSpec, probing: { ...smallSpec.probing, anchorsPerClass: 3 } });

    // A data set that was not packed is named with the command that gets it, and the experiment stays.
    await lab.page.route("**/data/**", (route) => route.fulfill({ status: 404 }));
    const before = await lab.data("Heatmap of classes");
    await setUp(lab, async (drawer) => {
      await drawer.getByRole("combobox", { name: "Images" }).selectOption({ label: "CIFAR-10" });
      await drawer.getByRole("button", { name: "Use this" }).click();
      await drawer.getByText("npm run datasets -- cifar10").waitFor();
    });
    await lab.pick("tiger 2");
    expect(await lab.data("Heatmap of classes")).toEqual(before);
    const missing = lab.complaints.splice(0);
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.filter((complaint) => !/404|data\/cifar10/.test(complaint))).toEqual([]);
  });
});

const setUp = (lab: LabPage, work: Parameters<LabPage["inDialog"]>[2]): Promise<unknown> =>
  lab.inDialog(() => lab.button(/^Set up/).click(), "Set up the experiment", work);
