// The page in a person's words: what is opened, pressed, picked and saved, found by the names that a screen reader says.
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import type { Browser, BrowserContextOptions, Download, Locator, Page } from "playwright-core";
import { describe as catalogueOf } from "../../src/lab/catalogue.ts";
import { parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import { defaultBeside, defaultView, type Shared } from "../../src/app/state/experiment.ts";
import { encode } from "../../src/app/state/link.ts";

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

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" };

export class LabPage {
  readonly page: Page;
  /** What went wrong in the console, in scripts and on the wire. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
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

  /** A fresh browser profile at an address; `before` may set up routes. */
  static async open(
    browser: Browser,
    address: string,
    options: BrowserContextOptions = {},
    before: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<LabPage> {
    const context = await browser.newContext({ ...desktop, ...options });
    const page = await context.newPage();
    const lab = new LabPage(page);
    await before(page);
    await page.goto(address);
    return lab;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The line about the run beside the timeline. */
  get status(): Locator {
    return this.page.getByRole("region", { name: "Run" }).getByRole("status");
  }

  get alert(): Locator {
    return this.page.getByRole("alert");
  }

  async live(): Promise<void> {
    await this.button(/^Backend: (?!Starting)/).waitFor();
    await this.rested();
  }

  /** Both models have done all they were asked, and the picked image's response is there. */
  async rested(): Promise<void> {
    await this.status.filter({ hasText: /parameters|now live|press Train|paused/ }).waitFor();
    await this.sentence.waitFor();
  }

  /** Trains to the last epoch. */
  async train(): Promise<void> {
    await this.button(/^(Train|Resume|Train again)$/).click();
    await this.button("Train again").waitFor();
    await this.rested();
  }

  async pick(name: string): Promise<void> {
    await this.button(`Pick ${name}`).click();
    await this.page.getByText(new RegExp(`^${name.replace(" (held out)", "")}(training|held-out) image$`)).waitFor();
    await this.sentence.waitFor();
  }

  /** "At epoch 2, one SGD step on this tiger ..." */
  get sentence(): Locator {
    return this.page.getByText(/one SGD step on this/);
  }

  get timeline(): Locator {
    return this.page.getByRole("slider", { name: "Epoch shown" });
  }

  /** The rows of a list of moved images, as text. */
  moved(which: "most" | "least"): Promise<string[]> {
    return this.page
      .getByRole("list", { name: new RegExp(`moved ${which}`) })
      .getByRole("listitem")
      .allInnerTexts();
  }

  /** The numbers in the cells of the figure of this name (two digits after the point, ticks have one), as drawn. */
  async numbersIn(name: string | RegExp): Promise<number[]> {
    const texts = await this.page.getByRole("figure", { name }).locator("text").allTextContents();
    return texts.filter((text) => /^−?\d+\.\d\d$/.test(text)).map((text) => Number(text.replace("−", "-")));
  }

  async saved(press: () => Promise<void>): Promise<Buffer> {
    const [file] = await Promise.all([this.page.waitForEvent("download"), press()]);
    return readDownload(file);
  }

  /** A figure's file out of the export dialog. */
  async exported(figure: FigureTitle, format: "PNG, 300 dpi" | "SVG" | "CSV" | "Everything, zip"): Promise<Buffer> {
    return this.inExport(async (dialog) => {
      await dialog.getByRole("combobox", { name: "Figure" }).selectOption({ label: figure });
      await dialog.getByRole("radio", { name: format }).check({ force: true });
      return this.saved(() => dialog.getByRole("button", { name: /^Save/ }).click());
    });
  }

  /** Presses a button at the foot of the export dialog and gives the file. */
  async exportedBy(name: string): Promise<Buffer> {
    return this.inExport((dialog) => this.saved(() => dialog.getByRole("button", { name, exact: true }).click()));
  }

  async inExport<T>(work: (dialog: Locator) => Promise<T>): Promise<T> {
    await this.button("Export").click();
    const dialog = this.page.getByRole("dialog", { name: "Export" });
    const result = await work(dialog);
    await this.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    return result;
  }

  async rows(figure: FigureTitle): Promise<Record<string, string>[]> {
    return [...csvParse((await this.exported(figure, "CSV")).toString("utf8"))];
  }
}

async function readDownload(file: Download): Promise<Buffer> {
  return readFileSync(await file.path());
}
