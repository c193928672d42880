// The page in a person's words: what is opened, trained, picked, scrubbed and saved, found by the names that a screen
// reader says.
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { strFromU8, unzipSync } from "fflate";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { describe as catalogueOf } from "../../src/lab/catalogue.ts";
import { parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import { defaultBeside, defaultView, type Shared } from "../../src/app/state/experiment.ts";
import { encode } from "../../src/app/state/link.ts";
import { byProcessor, launchBrowser, serveBuild, type Served } from "../helpers/browser.ts";

export const catalogue = catalogueOf();

/** Three classes, a network and a schedule so small that a training takes a second or two. */
export const smallSpec: ExperimentSpec = parseSpec(
  {
    seed: 5,
    dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 24, testPerClass: 8 },
    model: { id: "cnn", params: { channels: [4, 8], widths: [12] } },
    training: { epochs: 2, batchSize: 12 },
    probing: { anchorsPerClass: 2, probesPerClass: 4, epochs: [0, 1, 2] },
  },
  catalogue,
);

export function sharedOf(spec: ExperimentSpec): Shared {
  return { spec, beside: defaultBeside(spec, catalogue), log: [], view: defaultView(spec, catalogue) };
}

export const linkOf = (spec: ExperimentSpec): string => `#${encode(sharedOf(spec), catalogue)}`;

export type FigureTitle =
  | "Heatmap of classes"
  | "Heatmap of images"
  | "Elasticity against epoch"
  | "Loss and accuracy"
  | "Bars of the picked image";

export type Format = "PNG, 300 dpi" | "SVG" | "CSV" | "Everything, zip";

export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" };
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

export interface Stage {
  /** A fresh browser profile at the built page; `before` may set up routes. */
  open(hash?: string, options?: BrowserContextOptions, before?: (page: Page) => Promise<unknown>): Promise<LabPage>;
  /** The small experiment, its engine ready, nothing trained yet. */
  openSmall(options?: BrowserContextOptions): Promise<LabPage>;
}

/** One browser and one build for the tests of a block; after each test, no page may have complained. */
export function stage(serve: () => Promise<Served> = serveBuild): Stage {
  let browser: Browser;
  let served: Served;
  const opened: LabPage[] = [];

  beforeAll(async () => {
    [browser, served] = await Promise.all([launchBrowser(byProcessor), serve()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  afterEach(async () => {
    const complaints = opened.flatMap((lab) => lab.complaints);
    for (const lab of opened.splice(0)) await lab.page.context().close();
    expect(complaints).toEqual([]);
  });

  async function open(...[hash = "", options = {}, before]: Parameters<Stage["open"]>): Promise<LabPage> {
    const context = await browser.newContext({ ...desktop, ...options });
    const lab = new LabPage(await context.newPage());
    opened.push(lab);
    await before?.(lab.page);
    await lab.page.goto(served.address + hash);
    return lab;
  }

  return {
    open,
    async openSmall(options) {
      const lab = await open(linkOf(smallSpec), options);
      await lab.live();
      return lab;
    },
  };
}

export class LabPage {
  readonly page: Page;
  /** What went wrong in the console, in scripts and on the wire. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        this.complaints.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`script: ${error.message}`));
    page.on("requestfailed", (request) => this.complaints.push(`request: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`answer ${response.status()}: ${response.url()}`);
    });
  }

  // ---- what is on the page

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** One of a few choices side by side: its control lies invisible under its words. */
  async choose(name: string): Promise<void> {
    await this.page.getByRole("radio", { name, exact: true }).check({ force: true });
  }

  /** Opens a study from the shelf of presets; a live experiment lies on "Live experiments". */
  async openPreset(title: string, theme = "Local elasticity"): Promise<void> {
    await this.button("Presets").click();
    await this.choose(theme);
    await this.page.getByRole("menuitem").filter({ hasText: title }).first().click();
    await this.page.getByRole("heading", { name: title }).waitFor();
  }

  /** What computes, once it does. */
  get badge(): Locator {
    return this.button(/^Backend: WebAssembly/);
  }

  figure(name: RegExp): Locator {
    return this.page.getByRole("figure", { name });
  }

  get heatmap(): Locator {
    return this.figure(/similarity between/);
  }

  /** The line about the run beside the timeline. */
  get status(): Locator {
    return this.page.getByRole("region", { name: "Run" }).getByRole("status");
  }

  get alert(): Locator {
    return this.page.getByRole("alert");
  }

  /** "At epoch 2, one SGD step on this tiger ..." */
  get sentence(): Locator {
    return this.page.getByText(/one (SGD step|step of growth) on this/);
  }

  get timeline(): Locator {
    return this.page.getByRole("slider", { name: "Epoch shown" });
  }

  /** The entries of the log: "start from seed 5", "train to epoch 2". */
  get log(): Locator {
    return this.page.getByRole("list", { name: "Log" }).getByRole("listitem");
  }

  /** Waits for the last entry of the log, when there are that many. */
  async logged(count: number, entry: string): Promise<void> {
    await this.log
      .nth(count - 1)
      .filter({ hasText: entry })
      .waitFor();
  }

  /** The cells' numbers in the class heatmap, panel by panel and row by row; ticks of other figures have fewer digits. */
  get cells(): Locator {
    return this.heatmap.locator("text").filter({ hasText: /^−?\d+\.\d\d$/ });
  }

  /** The middle of a cell on the screen, whoever draws its number just now. */
  async cell(at: number): Promise<[number, number]> {
    let middle: [number, number] | undefined;
    await expect
      .poll(async () => {
        const box = await this.cells.nth(at).boundingBox();
        middle = box ? [box.x + box.width / 2, box.y + box.height / 2] : undefined;
        return middle;
      })
      .toBeDefined();
    return middle!;
  }

  async numbers(count: number): Promise<number[]> {
    const texts = await this.cells.allTextContents();
    return texts.slice(0, count).map(numberOf);
  }

  /** The rows of a list of moved images, as numbers. */
  async moved(which: "most" | "least"): Promise<number[]> {
    const list = this.page.getByRole("list", { name: new RegExp(`moved ${which}`) });
    return (await list.getByRole("listitem").allInnerTexts()).map(numberOf);
  }

  // ---- what a person does

  async live(): Promise<void> {
    await this.badge.waitFor();
    await this.rested();
  }

  /** The run has done all that it was asked, and the picked image's response is there, in both models. */
  async rested(): Promise<void> {
    await this.status.filter({ hasText: /parameters|now live|press Train|paused|live weights/ }).waitFor();
    await this.sentence.waitFor();
    await this.page.getByRole("cell", { name: "…" }).first().waitFor({ state: "detached" });
  }

  /** Trains to the last epoch. */
  async train(): Promise<void> {
    await this.button(/^(Train|Resume|Train again)$/).click();
    await this.trained();
  }

  async trained(): Promise<void> {
    await this.button("Train again").waitFor();
    await this.shows(smallSpec.training.epochs);
  }

  /** Waits until the figures show this epoch, which they do once both models are measured there. */
  async shows(epoch: number): Promise<void> {
    await this.page.locator(`[role=slider][aria-valuetext="epoch ${epoch}"]`).waitFor();
    await this.sentence.filter({ hasText: `At epoch ${epoch},` }).waitFor();
    await this.rested();
  }

  async scrub(key: "Home" | "End" | "ArrowLeft" | "ArrowRight", epoch: number): Promise<void> {
    await this.timeline.press(key);
    await this.shows(epoch);
  }

  async pick(name: string): Promise<void> {
    await this.button(`Pick ${name}`).click();
    await this.picked(name);
  }

  async picked(name: string): Promise<void> {
    const split = name.endsWith(" (held out)") ? "held-out" : "training";
    await this.page.getByText(`${name.replace(" (held out)", "")}${split} image`, { exact: true }).waitFor();
    await this.rested();
  }

  /** Opens something, works in its dialog, and closes it by Escape. */
  async inDialog<T>(open: () => Promise<unknown>, name: string | RegExp, work: (dialog: Locator) => Promise<T>) {
    await open();
    const dialog = this.page.getByRole("dialog", { name });
    await dialog.waitFor();
    const result = await work(dialog);
    await this.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    return result;
  }

  async saved(press: () => Promise<void>): Promise<Buffer> {
    const [file] = await Promise.all([this.page.waitForEvent("download"), press()]);
    return readFileSync(await file.path());
  }

  /** Files out of the export dialog, each a figure in a format. */
  async exported(wanted: readonly (readonly [FigureTitle, Format])[]): Promise<Buffer[]> {
    return this.#inExport(async (dialog) => {
      const files: Buffer[] = [];
      for (const [figure, format] of wanted) {
        await dialog.getByRole("combobox", { name: "Figure" }).selectOption({ label: figure });
        await dialog.getByRole("radio", { name: format }).check({ force: true });
        files.push(await this.saved(() => dialog.getByRole("button", { name: /^Save/ }).click()));
      }
      return files;
    });
  }

  /** The data of figures, as the CSV files of the export dialog hold them. */
  async data(...figures: FigureTitle[]): Promise<string[]> {
    const files = await this.exported(figures.map((figure) => [figure, "CSV"]));
    return files.map((file) => file.toString("utf8"));
  }

  async rows(figure: FigureTitle): Promise<Record<string, string>[]> {
    const [text] = await this.data(figure);
    return [...csvParse(text!)];
  }

  /** Everything measured, by file name, as soon as both models are equally far. */
  async results(): Promise<Record<string, string>> {
    let files: Record<string, string> = {};
    await this.#inExport((dialog) =>
      expect
        .poll(
          async () => {
            files = filesOf(await this.saved(() => dialog.getByRole("button", { name: "All results, CSV" }).click()));
            return ["rows.csv", "training.csv"].map((name) => lengthsOf(files, name)).every(([a, b]) => a === b);
          },
          { timeout: 30_000 },
        )
        .toBe(true),
    );
    return files;
  }

  async experiment(): Promise<Buffer> {
    return this.#inExport((dialog) =>
      this.saved(() => dialog.getByRole("button", { name: "Experiment, JSON" }).click()),
    );
  }

  async #inExport<T>(work: (dialog: Locator) => Promise<T>): Promise<T> {
    return this.inDialog(() => this.button("Export").click(), "Export", work);
  }
}

/** How long a file is in each run's folder. */
const lengthsOf = (files: Record<string, string>, name: string): number[] =>
  Object.keys(files)
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => files[path]!.split("\n").length);

/** A number as the page writes it. */
export const numberOf = (text: string): number => Number(text.trim().replaceAll("−", "-"));

export const filesOf = (zip: Uint8Array): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));
