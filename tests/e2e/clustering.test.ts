// A clustering study on the page, with the engine: run, walked by keys, a cell opened, shared and taken home.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { csvParse } from "d3-dsv";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, paramsOf, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { cellsOf, clustering, type ClusteringParams } from "../../src/lab/studies/clustering.ts";
import { desktop, phone, stage, type LabPage } from "./labPage.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { open } = stage();

/** Two tasks of ten images a class, with a network so small that all takes a few seconds. */
const link = `#${encodeStudy(
  sharedStudy({
    study: "clustering",
    params: {
      tasks: ["tiger-lion/cat-dog", "plane-ship/car"],
      methods: ["kmeans", "l2-kernelized-linear", "l2-kernelized-relu"],
      perClass: 10,
      width: 32,
      batchSize: 10,
      epochs: 40,
      linearEpochs: 40,
      stepSize: 5e-3,
      linearStepSize: 2e-4,
      seeds: [1, 2],
    },
  }),
)}`;

const grid = ({ page }: LabPage): Locator => page.getByRole("grid", { name: "Accuracy by method and pair" });
const cells = (lab: LabPage): Locator => grid(lab).getByRole("gridcell");
const focused = ({ page }: LabPage): Promise<string> =>
  page.evaluate(() => document.activeElement!.firstElementChild!.textContent);

async function openRun(options: typeof desktop): Promise<LabPage> {
  const lab = await open(link, options);
  await lab.button("Run").click();
  await lab.page.getByText("12 of 12").waitFor();
  return lab;
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

async function violations({ page }: LabPage): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations: all } = await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ["violations"] });
    return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

describe("a clustering study", () => {
  it("is opened from its preset, empty, with the paper's words and how to read it", async () => {
    const [preset] = clustering.presets;
    const lab = await open("", desktop);
    await lab.live();
    await lab.openPreset(preset!.title);
    await grid(lab).waitFor();
    const { rows, columns } = cellsOf(paramsOf("clustering", preset!.small.params) as unknown as ClusteringParams);
    expect(await cells(lab).count()).toBe(rows.length * columns.length);
    await lab.page.getByText("50 % is the floor").waitFor();
    await lab.button("Run").waitFor();
  });

  it("runs, and a cell shows similarity, components and the images on the wrong side", async () => {
    const lab = await openRun(desktop);
    const { page } = lab;
    expect(await cells(lab).count()).toBe(6);
    const words = await cells(lab).allInnerTexts();
    for (const text of words) expect(text).toMatch(/: \d+\.\d ± \d+\.\d %, 20 images, 2 seeds/);

    await cells(lab).first().getByRole("button").click();
    const opened = page.getByRole("region", { name: "tiger v lion" });
    const accuracy = Number.parseFloat(
      (await opened
        .getByText(/^\d+\.\d %$/)
        .first()
        .innerText()) ?? "",
    );
    const counts = (await opened.getByRole("table").getByRole("cell").allInnerTexts()).map(Number);
    expect(counts).toHaveLength(4);
    // 20 images, the right ones on the diagonal.
    expect(counts.reduce((a, b) => a + b)).toBe(20);
    expect(accuracy).toBeCloseTo((100 * (counts[0]! + counts[3]!)) / 20, 6);

    await lab.figure(/^Similarity of images, tiger v lion, K-means, seed 1/).waitFor();
    await lab.choose("Components");
    await lab.figure(/^Kernel principal components/).waitFor();
    const wrong = counts[1]! + counts[2]!;
    await lab.choose(`Wrong side: ${wrong}`);
    const images = opened.getByRole("button", { name: /^Image \d+, (tiger|lion), clustered with/ });
    await expect.poll(() => images.count()).toBe(wrong);
    await images.first().click();
    const name = (await images.first().getAttribute("aria-label"))!;
    expect(await opened.getByRole("status").innerText()).toMatch(new RegExp(/\d+/.exec(name)![0]));
    // Drawn, not an empty frame.
    const canvas = images.first().locator("canvas");
    await expect
      .poll(() =>
        canvas.evaluate((element: HTMLCanvasElement) =>
          element
            .getContext("2d")!
            .getImageData(0, 0, element.width, element.height)
            .data.some((value) => value > 0),
        ),
      )
      .toBe(true);
  });

  it("is walked by arrows, opened by Enter, and remembered by its link", async () => {
    const lab = await openRun(desktop);
    const { page } = lab;
    await cells(lab).first().getByRole("button").focus();
    expect(await focused(lab)).toMatch(/^K-means, tiger v lion: \d/);
    await page.keyboard.press("ArrowUp");
    expect(await focused(lab)).toMatch(/^K-means, tiger v lion/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await focused(lab)).toMatch(/^ℓ2-kernelized \(ReLU\), plane v ship/);
    await page.keyboard.press("Home");
    expect(await focused(lab)).toMatch(/^ℓ2-kernelized \(ReLU\), tiger v lion/);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const opened = page.getByRole("region", { name: "plane v ship" });
    await opened.waitFor();
    await lab.choose("seed 2");
    // The link follows the screen a moment later: it is taken once it says what was picked last.
    const hash = (): string => new URL(page.url()).hash;
    await expect.poll(() => decodeStudy(hash()).view).toMatchObject({ seed: 1 });
    // One stop of the Tab key, however many cells.
    expect(await grid(lab).locator("button[tabindex='0']").count()).toBe(1);

    const again = await open(hash(), desktop);
    const there = again.page.getByRole("region", { name: "plane v ship" });
    await there.getByText("Not computed yet: press Run.").waitFor();
    expect(await there.getByRole("radio", { name: "seed 2" }).isChecked()).toBe(true);
    await there.getByRole("button", { name: "Close the cell" }).click();
    // The paper has no drawings, so the note lies where they would be held against it.
    await again.page.getByRole("region", { name: "How to read this" }).waitFor();
    expect(await again.page.getByRole("region", { name: "Lab against paper" }).count()).toBe(0);
  });

  it("gives its figures and their numbers away", async () => {
    const lab = await openRun(desktop);
    await cells(lab).nth(4).getByRole("button").click();
    await lab.inDialog(
      () => lab.button("Export").click(),
      "Export",
      async (dialog) => {
        const list = dialog.getByRole("combobox", { name: "Figure" });
        const titles = await list.locator("option").allInnerTexts();
        expect(titles.map((title) => title.split(",")[0])).toEqual([
          "Accuracy of clustering",
          "Similarity of images",
          "Classes and clusters",
          "Kernel principal components",
        ]);
        await dialog.getByRole("radio", { name: "CSV" }).check({ force: true });
        const file = await lab.saved(() => dialog.getByRole("button", { name: "Save CSV" }).click());
        const rows = csvParse(file.toString("utf8"));
        expect(rows).toHaveLength(6);
        for (const row of rows) expect(Number(row.accuracy_mean)).toBeGreaterThanOrEqual(0.5);
      },
    );
  });

  it("scrolls a wide grid within the page of a phone, its methods staying in view", async () => {
    const tasks = [
      "tiger-lion/cat",
      "tiger-lion/dog",
      "cat-dog/tiger",
      "cat-dog/lion",
      "plane-ship/car",
      "ship-car/plane",
    ];
    const wide = `#${encodeStudy(sharedStudy({ study: "clustering", params: { tasks } }))}`;
    const lab = await open(wide, phone);
    await cells(lab).last().getByRole("button").focus();
    await cells(lab).last().scrollIntoViewIfNeeded();
    const width = await lab.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(phone.viewport!.width);
    const row = await grid(lab).getByRole("rowheader").last().boundingBox();
    expect(row!.x).toBeGreaterThanOrEqual(0);
    const last = await cells(lab).last().boundingBox();
    expect(last!.x + last!.width).toBeLessThanOrEqual(phone.viewport!.width);
  });

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
  ] as const)("stands in nobody's way on %s", async (_name, options) => {
    const lab = await openRun(options);
    await lab.page.evaluate(axeSource);
    expect(await violations(lab)).toEqual([]);
    await cells(lab).nth(4).getByRole("button").click();
    await lab.figure(/^Similarity of images/).waitFor();
    expect(await violations(lab)).toEqual([]);
    await lab.page.emulateMedia({ colorScheme: "dark" });
    await lab.page.locator("html[data-mantine-color-scheme=dark]").waitFor();
    expect(await violations(lab)).toEqual([]);
    const width = await lab.page.evaluate(() => document.scrollingElement!.scrollWidth);
    expect(width).toBeLessThanOrEqual(options.viewport!.width);
  });
});
