// The way through the built page, as a person goes it: real browser, real worker, real files.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { strFromU8, unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { unpack } from "../../src/lab/archive.ts";
import { classMatrix } from "../../src/lab/summary.ts";
import { chunksOf } from "../../src/app/export/chunk.ts";
import { parseExperimentText } from "../../src/app/state/experiment.ts";
import { played, type Recording } from "../../src/app/state/recording.ts";
import { launchBrowser, serveBuild, type Served } from "../helpers/browser.ts";
import { catalogue, LabPage, linkOf, sharedOf, smallSpec, type FigureTitle } from "./labPage.ts";

let browser: Browser;
let served: Served;
const opened: LabPage[] = [];

beforeAll(async () => {
  [browser, served] = await Promise.all([launchBrowser(), serveBuild()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  const complaints = opened.flatMap((lab) => lab.complaints);
  for (const lab of opened.splice(0)) await lab.close();
  expect(complaints).toEqual([]);
});

async function open(hash = "", before?: (page: Page) => Promise<unknown>): Promise<LabPage> {
  const lab = await LabPage.open(browser, served.address + hash, {}, before);
  opened.push(lab);
  return lab;
}

async function openSmall(): Promise<LabPage> {
  const lab = await open(linkOf(smallSpec));
  await lab.live();
  return lab;
}

describe("the first view", () => {
  it("is the recorded run, before there is an engine, and the live run takes over without a jump", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const lab = await open("", (page) =>
      page.route(/worker.*\.js$/, async (route) => {
        await held;
        await route.continue();
      }),
    );
    const heatmap = /^Relative similarity between classes/;
    await lab.page.getByRole("figure", { name: heatmap }).getByText("Linear").waitFor();
    await lab.button("Backend: Starting…").waitFor();
    const recording = unpack(readFileSync("public/recorded/results.bin")) as Recording;
    const { classes } = recording.spec.dataset;
    const shown = recording.runs.flatMap(({ chunks }) => {
      const last = played(chunks).table.scheduled.at(-1)!;
      return classMatrix(last, "relative", classes.length)
        .flat()
        .map(({ mean }) => Number(mean.toFixed(2)));
    });
    expect((await lab.numbersIn(heatmap)).slice(0, shown.length)).toEqual(shown);
    expect(
      await lab.page.getByRole("grid", { name: "Images to pick from" }).getByRole("button").count(),
    ).toBeGreaterThan(9);
    const before = await lab.exported("Bars of the picked image", "CSV");
    release();
    await lab.page.getByText("now live").waitFor();
    expect(await lab.exported("Bars of the picked image", "CSV")).toEqual(before);
    // Scheduled anchors are in the recording; another image must be computed, from the recorded weights.
    await lab.pick("tiger 40");
    expect(await lab.sentence.textContent()).toMatch(/At epoch 15, .*moves its own tiger score by \+0\.100/);
  });

  it("says which backend runs and why not a better one", async () => {
    const lab = await open(linkOf(smallSpec));
    await lab.live();
    await lab.button(/^Backend:/).click();
    const card = lab.page.getByRole("dialog", { name: "Backend" });
    const items = await card.getByRole("listitem").allInnerTexts();
    expect(items.length).toBeGreaterThan(0);
    expect(items.at(-1)).toContain("Passed its trial step");
    for (const refused of items.slice(0, -1)) expect(refused).toMatch(/software|not|no /i);
  });
});

describe("a training", () => {
  it("shows its progress, pauses, goes on, stops, and is the same again after a reset", async () => {
    const lab = await openSmall();
    expect(await lab.status.textContent()).toContain("Untrained");
    await lab.train();
    expect(await lab.status.textContent()).toContain("Weights of epoch 2");
    const first = await lab.exportedBy("All results, CSV");
    const losses = await lab.rows("Loss and accuracy");
    expect(new Set(losses.map(({ epoch }) => epoch))).toEqual(new Set(["0", "1", "2"]));
    await lab.button("Reset to the same initial weights").click();
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    await lab.button("One epoch").click();
    await lab.status.filter({ hasText: "paused" }).waitFor();
    expect(await lab.status.textContent()).toContain("Epoch 1 of 2");
    await lab.train();
    expect(filesOf(await lab.exportedBy("All results, CSV"))).toEqual(filesOf(first));
    await lab.button(/^New seed/).click();
    await lab.train();
    expect(filesOf(await lab.exportedBy("All results, CSV"))["cnn/rows.csv"]).not.toEqual(
      filesOf(first)["cnn/rows.csv"],
    );
  });

  it("can be paused and stopped on its way, and says its epoch, pace and time left", async () => {
    const long = { ...smallSpec, training: { ...smallSpec.training, epochs: 400 } };
    const lab = await open(linkOf(long));
    await lab.live();
    await lab.button("Train").click();
    await lab.status.filter({ hasText: /Epoch [\d.]+ of 400.*images\/s · .* left/ }).waitFor();
    await lab.button("Pause").click();
    await lab.button("Resume").waitFor();
    await lab.rested();
    await lab.button("Resume").click();
    await lab.button("Pause").waitFor();
    await lab.button("Stop here").click();
    await lab.button("Train again").waitFor();
    expect(Number(/epoch ([\d.]+)/.exec((await lab.status.textContent())!)![1])).toBeGreaterThan(0);
  });
});

describe("an anchor", () => {
  it("is picked by mouse or keys, and its bars, its movers and the heatmap follow the timeline", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("cat").click();
    await lab.pick("cat 9");
    expect(await lab.sentence.textContent()).toContain("one SGD step on this cat");
    const bars = await lab.rows("Bars of the picked image");
    const most = await lab.moved("most");
    const values = bars.filter((row) => row.model === "CNN").map((row) => Number(row.value));
    expect(Number(most[0])).toBeCloseTo(Math.max(...values), 1);
    expect(Number((await lab.moved("least"))[0])).toBeCloseTo(Math.min(...values), 1);

    // By keys alone: to the next image of the grid, and back in time.
    await lab.button("Pick cat 9").press("ArrowRight");
    await lab.page.locator('[aria-label="Pick cat 10"]:focus').press("Enter");
    await lab.page.getByText("cat 10training image").waitFor();
    const late = await lab.exported("Heatmap of classes", "CSV");
    await lab.timeline.press("Home");
    await lab.sentence.filter({ hasText: "At epoch 0" }).waitFor();
    const early = await lab.exported("Heatmap of classes", "CSV");
    expect(early).not.toEqual(late);
    expect((await lab.rows("Bars of the picked image")).every(({ epoch }) => epoch === "0")).toBe(true);
    await lab.timeline.press("End");
    await lab.sentence.filter({ hasText: "At epoch 2" }).waitFor();
    expect(await lab.exported("Heatmap of classes", "CSV")).toEqual(late);

    await lab.page.getByRole("radio", { name: "Held out" }).check({ force: true });
    await lab.pick("cat 3 (held out)");
  });

  it("has a cell behind each number: images, and the formula with its numbers filled in", async () => {
    const lab = await openSmall();
    const heatmap = lab.page.getByRole("figure", { name: /similarity between/ });
    await heatmap.focus();
    await heatmap.press("ArrowRight");
    await heatmap.press("Enter");
    const dialog = lab.page.getByRole("dialog", { name: /^Learn tiger, watch/ });
    await dialog
      .getByText(/95 % interval/)
      .first()
      .waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.page.getByRole("radio", { name: "Images" }).check({ force: true });
    await heatmap.focus();
    await heatmap.press("ArrowDown");
    await heatmap.press("Enter");
    const cell = lab.page.getByRole("dialog", { name: /→/ });
    await cell.getByRole("button", { name: /^Pick/ }).waitFor();
    const [top, bottom, quotient] = (await cell.getByRole("paragraph").filter({ hasText: "=" }).first().innerText())
      .split(/[\s=]+/)
      .map((text) => Number(text.replace("−", "-")));
    expect(quotient).toBeGreaterThan(0);
    expect(top! / bottom!).toBeCloseTo(quotient!, 3);
    for (const part of ["anchor, learned", "probe, watched"])
      expect(await cell.getByRole("figure").filter({ hasText: part }).locator("canvas").count()).toBe(1);
  });

  it("is learned for good only when asked: a probe leaves the weights alone, the log tells both and replays", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("cat").click();
    await lab.pick("cat 9");
    const before = await lab.exported("Bars of the picked image", "CSV");
    await lab.button("Probe").click();
    await lab.page.getByRole("list", { name: "Log" }).getByText("cat 9").nth(1).waitFor();
    await lab.rested();
    expect(await lab.exported("Bars of the picked image", "CSV")).toEqual(before);
    await lab.button("Learn").click();
    await lab.page.getByRole("list", { name: "Log" }).locator("[data-verb=learn]").waitFor();
    await lab.page.getByRole("list", { name: "Log" }).getByText("cat 9").nth(3).waitFor();
    await lab.rested();
    const learned = await lab.exported("Bars of the picked image", "CSV");
    expect(learned).not.toEqual(before);
    const results = filesOf(await lab.exportedBy("All results, CSV"));
    const log = await lab.page.getByRole("list", { name: "Log" }).innerText();
    await lab.button("Replay it from the seed").click();
    await lab.status.filter({ hasText: "Replaying" }).waitFor();
    await lab.button("Train again").waitFor();
    await lab.rested();
    expect(await lab.page.getByRole("list", { name: "Log" }).innerText()).toBe(log);
    expect(await lab.exported("Bars of the picked image", "CSV")).toEqual(learned);
    expect(filesOf(await lab.exportedBy("All results, CSV"))).toEqual(results);
  });
});

describe("what is taken home", () => {
  const figures: FigureTitle[] = [
    "Heatmap of classes",
    "Heatmap of images",
    "Elasticity against epoch",
    "Loss and accuracy",
    "Bars of the picked image",
  ];

  it("is a picture of 300 dpi, a drawing with real text, and data that parse back, for every figure", async () => {
    const lab = await openSmall();
    await lab.train();
    for (const figure of figures) {
      if (figure === "Heatmap of images") await lab.page.getByRole("radio", { name: "Images" }).check({ force: true });
      if (figure === "Elasticity against epoch")
        await lab.page.getByRole("radio", { name: "Classes" }).check({ force: true });
      const png = Uint8Array.from(await lab.exported(figure, "PNG, 300 dpi"));
      const density = chunksOf(png).find(({ type }) => type === "pHYs")!.data;
      expect(new DataView(density.slice().buffer).getUint32(0)).toBe(Math.round(300 / 0.0254));
      const { data, width } = PNG.sync.read(Buffer.from(png));
      // Whole CSS pixels, each 3.125 of the file's.
      expect(Math.abs(width - (183 / 25.4) * 300)).toBeLessThan(3.125);
      expect(new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size).toBeGreaterThan(20);
      const svg = (await lab.exported(figure, "SVG")).toString("utf8");
      const faults = await lab.page.evaluate(
        (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length,
        svg,
      );
      expect(faults).toBe(0);
      expect(svg).toMatch(/>CNN[^<]*<\/text>/);
      expect(svg).toMatch(/<desc>.*24 training and 8 held-out images.*per-pixel mean/);
      const rows = await lab.rows(figure);
      expect(rows.length).toBeGreaterThan(2);
      expect(rows[0]).toMatchObject({ model: "CNN" });
      expect(rows[0]!.images).toContain("24 training and 8 held-out");
    }
  });

  it("holds the numbers on the screen", async () => {
    const lab = await openSmall();
    await lab.train();
    const rows = await lab.rows("Heatmap of classes");
    const means = rows.map(({ mean }) => Number(Number(mean).toFixed(2)));
    expect(means).toHaveLength(18);
    expect((await lab.numbersIn(/similarity between classes/)).slice(0, 18)).toEqual(means);
  });

  it("opens again: the experiment's file and the address give the same numbers elsewhere", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("plane").click();
    await lab.pick("plane 5");
    const results = filesOf(await lab.exportedBy("All results, CSV"));
    const bars = await lab.exported("Bars of the picked image", "CSV");
    const file = await lab.exportedBy("Experiment, JSON");
    const experiment = parseExperimentText(file.toString("utf8"), catalogue);
    expect(experiment.spec).toEqual(smallSpec);
    expect(experiment.log.map(({ do: verb }) => verb)).toEqual(["train", "probe"]);
    const { hash } = new URL(lab.page.url());

    const elsewhere = await open(hash);
    await elsewhere.live();
    await elsewhere.button("Train again").waitFor();
    await elsewhere.rested();
    expect(filesOf(await elsewhere.exportedBy("All results, CSV"))).toEqual(results);
    expect(await elsewhere.exported("Bars of the picked image", "CSV")).toEqual(bars);

    const empty = await open();
    await empty.live();
    const path = join(mkdtempSync(join(tmpdir(), "lab-")), "experiment.json");
    writeFileSync(path, file);
    await empty.page.getByLabel("Experiment file").setInputFiles(path);
    await empty.page.getByText("plane 5training image").waitFor();
    await empty.button("Train again").waitFor();
    await empty.rested();
    expect(filesOf(await empty.exportedBy("All results, CSV"))).toEqual(results);
  });

  it("is what the command line computes on the same backend, byte for byte", async () => {
    const lab = await openSmall();
    await lab.button(/^Backend:/).click();
    await lab.page.getByRole("dialog", { name: "Backend" }).getByRole("radio", { name: "Wasm" }).check({ force: true });
    await lab.button(/^Backend: (?!Starting)/).waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.rested();
    await lab.train();
    const page = filesOf(await lab.exportedBy("All results, CSV"));
    const folder = mkdtempSync(join(tmpdir(), "lab-"));
    const { spec, beside } = sharedOf(smallSpec);
    for (const model of [spec.model, beside!]) {
      const [specPath, out] = [join(folder, `${model.id}.json`), join(folder, model.id)];
      writeFileSync(specPath, JSON.stringify({ ...spec, model }));
      execFileSync("npx", ["tsx", "src/cli.ts", "run", specPath, "--out", out, "--backend", "wasm"], { stdio: "pipe" });
      for (const name of ["rows.csv", "training.csv", "matrix.csv", "summary.json"])
        expect(page[`${model.id}/${name}`], `${model.id}/${name}`).toBe(readFileSync(join(out, name), "utf8"));
    }
    expect(csvParse(page["cnn/rows.csv"]!)).toHaveLength(3 * 6 * 12);
  });
});

describe("bad input", () => {
  it("a link cut off by a mail client gets a sentence, and the page goes on", async () => {
    const whole = linkOf(smallSpec);
    for (const length of [3, Math.floor(whole.length / 2), whole.length - 1]) {
      const lab = await open(whole.slice(0, length));
      expect(await lab.alert.textContent()).toContain("cut off");
      await lab.live();
      expect(await lab.sentence.textContent()).toContain("At epoch 15");
    }
  });

  it("a foreign or damaged file gets a sentence, and nothing is lost", async () => {
    const lab = await openSmall();
    const before = await lab.exported("Heatmap of classes", "CSV");
    const whole = (await lab.exportedBy("Experiment, JSON")).toString("utf8");
    const folder = mkdtempSync(join(tmpdir(), "lab-"));
    for (const [text, words] of [
      ["a shopping list", "no JSON"],
      [whole.slice(0, 100), "ends too early"],
      ['{"version": 99}', "newer lab"],
    ] as const) {
      const path = join(folder, "file.json");
      writeFileSync(path, text);
      await lab.page.getByLabel("Experiment file").setInputFiles(path);
      await lab.alert.filter({ hasText: words }).waitFor();
      await lab.button("Close this message").click();
    }
    expect(await lab.exported("Heatmap of classes", "CSV")).toEqual(before);
  });

  it("a number out of range is named with its range, stays typed, and is not used", async () => {
    const lab = await openSmall();
    await lab.button(/^Set up/).click();
    const drawer = lab.page.getByRole("dialog", { name: "Set up the experiment" });
    const field = drawer.getByRole("textbox", { name: "Batch size" });
    await field.fill("0");
    const sentence = await drawer.getByRole("alert").textContent();
    expect(sentence).toContain("Batch size is 0");
    expect(sentence).toContain("12 stays in force");
    await lab.page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await lab.button(/^Set up/).click();
    expect(await field.inputValue()).toBe("0");
    await drawer.getByRole("textbox", { name: "Anchors per class" }).fill("25");
    expect(await drawer.getByRole("status").textContent()).toMatch(/25.*24/);
    expect(await drawer.getByRole("button", { name: "Use this" }).isDisabled()).toBe(true);
  });

  it("a data set that is not there is named with the command that gets it, and the experiment stays", async () => {
    const lab = await open(linkOf(smallSpec), (page) =>
      page.route("**/data/**", (route) => route.fulfill({ status: 404 })),
    );
    await lab.live();
    await lab.button(/^Set up/).click();
    const drawer = lab.page.getByRole("dialog", { name: "Set up the experiment" });
    await drawer.getByRole("combobox", { name: "Images" }).selectOption({ label: "CIFAR-10" });
    await drawer.getByRole("button", { name: "Use this" }).click();
    await drawer.getByText("npm run datasets -- cifar10").waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.pick("tiger 2");
    expect(lab.complaints.splice(0).filter((complaint) => !/404|data\/cifar10/.test(complaint))).toEqual([]);
  });
});

function filesOf(zip: Uint8Array): Record<string, string> {
  return Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));
}
