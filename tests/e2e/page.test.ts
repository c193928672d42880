// The way through the built page, as a person goes it: real browser, real worker, real numbers.
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { unpack } from "../../src/lab/archive.ts";
import { numbering } from "../../src/lab/spec.ts";
import { played, type RecordedImages, type Recording } from "../../src/app/state/recording.ts";
import { LabPage, linkOf, numberOf, smallSpec, stage } from "./labPage.ts";

const { open, openSmall } = stage();
const recorded = <T>(name: string): T => unpack(readFileSync(`public/recorded/${name}.bin`)) as T;

describe("the first view", () => {
  it("is the recorded run, before there is an engine, then live without a jump, on a backend with reasons", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const lab = await open("", {}, (page) =>
      page.route(/worker.*\.js$/, async (route) => {
        await held;
        await route.continue();
      }),
    );
    await lab.button("Backend: Starting…").waitFor();
    await lab.sentence.filter({ hasText: "At epoch 15," }).waitFor();
    // Where motion is unwanted, nothing moves, not even the light of an engine that is starting.
    await expect.poll(() => lab.page.evaluate(() => document.getAnimations().length)).toBe(0);
    const { spec, runs } = recorded<Recording>("results");
    const tables = runs.map(({ chunks }) => played(chunks).table);

    const [heatmap, curves, training, bars] = await figuresOf(lab);
    const matrix = csvParse(heatmap!);
    expect(matrix.map(({ model }) => model)).toEqual([...repeated("CNN", 49), ...repeated("Linear", 49)]);
    expect(await lab.numbers(98)).toEqual(matrix.map(({ mean }) => Number(Number(mean).toFixed(2))));
    const epochs = tables[0]!.scheduled.map(({ epoch }) => `${epoch}`);
    expect([...new Set(csvParse(curves!).map(({ epoch }) => epoch))]).toEqual(epochs);
    const losses = csvParse(training!).flatMap(({ split, loss }) => (split === "test" ? [Number(loss)] : []));
    expect(losses).toEqual(tables.flatMap((table) => table.training.map(({ testLoss }) => testLoss)));
    const first = tables[0]!.anchorAt(tables[0]!.training.at(-1)!.tick, 0)!;
    const shares = csvParse(bars!).filter(({ model }) => model === "CNN");
    expect(new Set(shares.map(({ probe }) => Number(probe)))).toEqual(new Set(first.probes));
    await expect.poll(() => pixelsOf(lab.button("Pick tiger 1").locator("canvas"))).toEqual(recordedPixels(0));

    release();
    await lab.page.getByText("now live").waitFor();
    expect(await figuresOf(lab)).toEqual([heatmap, curves, training, bars]);

    const openBadge = (): Promise<void> => lab.badge.click();
    const reasons = await lab.inDialog(openBadge, "Backend", (card) => card.getByRole("listitem").allInnerTexts());
    expect(reasons.map((reason) => reason.split(" ")[0])).toEqual(["WebGPU", "WebGL", "Wasm"]);
    for (const refused of reasons.slice(0, -1)) expect(refused).toMatch(/software|not|no /i);
    expect(reasons.at(-1)).toContain("Passed its trial step");

    // From the recorded weights this engine computes what was recorded; an image that was not an anchor works as well.
    await lab.button("Probe").click();
    await lab.logged(3, "probe tiger 1");
    await lab.rested();
    expect(await lab.data("Bars of the picked image")).toEqual([bars]);
    await lab.pick(`tiger ${spec.probing.anchorsPerClass + 1}`);
    expect(await lab.sentence.textContent()).toMatch(/At epoch 15, .*moves its own tiger score by \+0\.100/);
  });
});

/** Data of the four figures on the first screen. */
const figuresOf = (lab: LabPage): Promise<string[]> =>
  lab.data("Heatmap of classes", "Elasticity against epoch", "Loss and accuracy", "Bars of the picked image");

const repeated = (word: string, times: number): string[] => Array.from({ length: times }, () => word);

/** RGB of an image on the page, a pixel of its own each two of the canvas. */
const pixelsOf = (canvas: Locator): Promise<number[]> =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    const pixels: number[] = [];
    for (let y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2) pixels.push(...data.slice((y * width + x) * 4, (y * width + x) * 4 + 3));
    return pixels;
  });

function recordedPixels(example: number): number[] {
  const { examples, pixels } = recorded<RecordedImages>("images");
  const size = pixels.length / examples.length;
  const at = examples.indexOf(example);
  return [...pixels.subarray(at * size, (at + 1) * size)];
}

describe("a training", () => {
  it("goes in one piece or epoch by epoch, probed on its way or not, and again after a reset: the same", async () => {
    const lab = await openSmall();
    expect(await lab.status.textContent()).toContain("Untrained");
    const untrained = await lab.data("Heatmap of classes");
    await lab.train();
    expect(await lab.status.textContent()).toContain("Weights of epoch 2");
    const whole = await lab.results();
    const losses = await lab.rows("Loss and accuracy");
    for (const split of ["train", "test"])
      expect(losses.filter((row) => row.model === "CNN" && row.split === split).map(({ epoch }) => epoch)).toEqual([
        "0",
        "1",
        "2",
      ]);

    await lab.button("Reset to the same initial weights").click();
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    await lab.shows(0);
    expect(await lab.data("Heatmap of classes")).toEqual(untrained);
    await lab.button("One epoch").click();
    await lab.status.filter({ hasText: "paused" }).waitFor();
    expect(await lab.status.textContent()).toContain("Epoch 1 of 2");
    await lab.button("plane").click();
    await lab.pick("plane 7");
    await lab.button("Probe").click();
    await lab.logged(4, "probe plane 7");
    await lab.train();
    expect(await lab.results()).toEqual(whole);

    await lab.button("New seed (now 5)").click();
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    await lab.shows(0);
    expect(await lab.data("Heatmap of classes")).not.toEqual(untrained);
    await lab.button("New seed (now 6)").waitFor();
  });

  it("says its epoch, pace and time left, pauses, stops between two epochs, and replays to the same batch", async () => {
    const long = { ...smallSpec, training: { ...smallSpec.training, epochs: 400 } };
    const lab = await open(linkOf(long));
    await lab.live();
    await lab.button("Train").click();
    await lab.status.filter({ hasText: /Epoch [\d.]+ of 400[\d,]+ images\/s · .* left/ }).waitFor();
    await lab.button("Pause").click();
    await lab.button("Resume").waitFor();
    await lab.rested();
    const pausedAt = epochIn((await lab.log.nth(1).textContent())!);
    expect(epochIn((await lab.status.textContent())!)).toBe(Math.floor(pausedAt * 10) / 10);
    await lab.button("Resume").click();
    await lab.status.filter({ hasText: "images/s" }).waitFor();
    await lab.button("Stop here").click();
    await lab.button("Train again").waitFor();
    const stopped = await lab.results();
    const sentence = (await lab.status.textContent())!;
    expect(epochIn(sentence)).toBeGreaterThan(pausedAt);

    await lab.button("Replay it from the seed").click();
    await lab.status.filter({ hasText: "Replaying" }).waitFor();
    await lab.button("Train again").waitFor();
    expect(await lab.results()).toEqual(stopped);
    expect(await lab.status.textContent()).toBe(sentence);
  });
});

const epochIn = (text: string): number => Number(/epoch ([\d.]+)/i.exec(text)![1]);

describe("an anchor", () => {
  it("is picked by mouse; its bars, its movers and the heatmap follow the timeline back and forth", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("cat").click();
    await lab.pick("cat 2");
    expect(await lab.sentence.textContent()).toContain("one SGD step on this cat");
    const late = await lab.data("Heatmap of classes", "Bars of the picked image");
    const lateNumbers = await lab.numbers(18);
    const values = csvParse(late[1]!).flatMap(({ model, value }) => (model === "CNN" ? [Number(value)] : []));
    const sorted = values.toSorted((a, b) => b - a).map((value) => Number(value.toFixed(2)));
    expect(await lab.moved("most")).toEqual(sorted.slice(0, 6));
    expect(await lab.moved("least")).toEqual(sorted.slice(-6).reverse());

    await lab.scrub("Home", 0);
    const early = await lab.data("Heatmap of classes", "Bars of the picked image");
    for (const text of early) expect(new Set(csvParse(text).map(({ epoch }) => epoch))).toEqual(new Set(["0"]));
    const earlyNumbers = csvParse(early[0]!).map(({ mean }) => Number(Number(mean).toFixed(2)));
    expect(await lab.numbers(18)).toEqual(earlyNumbers);
    expect(earlyNumbers).not.toEqual(lateNumbers);
    await lab.scrub("ArrowRight", 1);
    await lab.scrub("ArrowRight", 2);
    expect(await lab.data("Heatmap of classes", "Bars of the picked image")).toEqual(late);
    expect(await lab.numbers(18)).toEqual(lateNumbers);

    // What a step does to a linear model depends on the images alone, whatever was learned before.
    const linear = csvParse(late[0]!).filter(({ model }) => model === "Linear");
    const before = csvParse(early[0]!).filter(({ model }) => model === "Linear");
    linear.forEach(({ mean }, at) => expect(Number(mean)).toBeCloseTo(Number(before[at]!.mean), 4));
  });

  it("is picked by keys alone, among one class and the held-out images", async () => {
    const lab = await openSmall();
    const { keyboard } = lab.page;
    await lab.button("cat").focus();
    await keyboard.press("Space");
    await lab.button("Pick cat 1").press("ArrowRight");
    await focusOn(lab, "Pick cat 2").press("End");
    await focusOn(lab, `Pick cat ${smallSpec.dataset.trainPerClass}`).press("Enter");
    await lab.picked(`cat ${smallSpec.dataset.trainPerClass}`);
    // Faster than frames are drawn.
    await lab.page.evaluate(() => {
      const press = (key: string): void =>
        void document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      for (const key of ["Home", "ArrowRight", "ArrowRight", "Enter"]) press(key);
    });
    await lab.picked("cat 3");
    await lab.page.getByRole("radio", { name: "Train", exact: true }).focus();
    await keyboard.press("ArrowRight");
    await lab.button("Pick cat 3 (held out)").focus();
    await keyboard.press("Enter");
    await lab.picked("cat 3 (held out)");
    const { testPerClass, classes } = smallSpec.dataset;
    const anchor = numbering(smallSpec.dataset).idOf(classes.indexOf("cat"), "test", 2);
    const bars = await lab.rows("Bars of the picked image");
    expect(new Set(bars.map((row) => row.anchor))).toEqual(new Set([`${anchor}`]));
    // It is a probe as well, and its own response is no news.
    expect(bars.map(({ probe }) => probe)).not.toContain(`${anchor}`);
    expect(bars).toHaveLength(2 * (smallSpec.probing.probesPerClass * classes.length - 1));
    expect(testPerClass).toBeGreaterThan(smallSpec.probing.probesPerClass);
  });

  it("has a cell behind each number: images, and the formula with its numbers filled in", async () => {
    const lab = await openSmall();
    const matrix = await lab.rows("Heatmap of classes");
    // A cell in the panel of either model, by mouse, where its number stands: at once, and after the pointer has rested.
    for (const at of [1, 9 + 2 * 3]) {
      if (at > 9) {
        // Once, and then it rests: what it points at is said as soon as Plotly is there.
        await lab.page.mouse.move(...(await lab.cell(at)));
        await lab.heatmap.locator(".hovertext").first().waitFor();
      }
      const { anchor_class, probe_class, mean } = matrix[at]!;
      const title = `Learn ${anchor_class}, watch ${probe_class}`;
      const cell = await lab.inDialog(async () => lab.page.mouse.click(...(await lab.cell(at))), title, sectionsOf);
      expect(numberOf(cell[Math.floor(at / 9)]!.split(/\n+/)[1]!)).toBe(Number(Number(mean).toPrecision(4)));
      for (const text of cell) {
        const [, sum, count, result] = /\(([^)]*)\) \/ (\d+) = (\S+)/.exec(text)!;
        const parts = sum!.split(" + ").map(numberOf);
        expect(parts).toHaveLength(Number(count));
        expect(parts.reduce((a, b) => a + b) / parts.length).toBeCloseTo(numberOf(result!), 3);
      }
    }

    // Two images, by keys: the second anchor, the third probe.
    const results = await lab.results();
    const behind = ["cnn", "linear"].map((model) =>
      csvParse(results[`${model}/rows.csv`]!).find(
        (row) => row.anchor_class + row.anchor_index! === "tiger1" && row.probe_class + row.probe_index! === "tiger2",
      )!,
    );
    await lab.choose("Images");
    await lab.heatmap.focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await lab.heatmap.press(key);
    const open = (): Promise<void> => lab.heatmap.press("Enter");
    await lab.inDialog(open, "tiger 2 → tiger 3 (held out)", async (dialog) => {
      for (const part of ["anchor, learned", "probe, watched"])
        expect(await dialog.getByRole("figure").filter({ hasText: part }).locator("canvas").count()).toBe(1);
      for (const [at, text] of (await sectionsOf(dialog)).entries()) {
        const [top, bottom, quotient] = /(\S+)\s+(\S+)\s+=\s+(\S+)/.exec(text)!.slice(1).map(numberOf);
        expect(top! / bottom!).toBeCloseTo(quotient!, 3);
        const told = (name: string): number => numberOf(new RegExp(`${name}\\s+(\\S+)`).exec(text)![1]!);
        expect(Math.abs(told("tiger score, probe"))).toBe(top);
        expect(Math.abs(told("tiger score, anchor"))).toBe(bottom);
        expect(quotient).toBe(Number(Number(behind[at]!.relative).toPrecision(4)));
        expect(told("step size η")).toBe(Number(Number(behind[at]!.step_size).toPrecision(4)));
      }
    });
  });

  it("is learned for good only when asked: a probe leaves the weights alone, the log tells both and replays", async () => {
    const lab = await openSmall();
    await lab.train();
    await lab.button("cat").click();
    await lab.pick("cat 9");
    const before = await lab.data("Bars of the picked image");
    await lab.button("Probe").click();
    await lab.logged(4, "probe cat 9");
    expect(await lab.data("Bars of the picked image")).toEqual(before);
    await lab.button("Learn").click();
    await lab.logged(6, "probe cat 9");
    // 6 batches an epoch, 2 epochs, and the step itself; shown as soon as both models have taken it.
    const ticks = async (): Promise<unknown> =>
      new Set((await lab.rows("Bars of the picked image")).map(({ tick }) => tick));
    await expect.poll(ticks, { timeout: 20_000 }).toEqual(new Set(["13"]));
    const learned = await lab.data("Bars of the picked image");
    const values = (text: string): unknown => csvParse(text).map(({ value }) => value);
    expect(values(learned[0]!)).not.toEqual(values(before[0]!));
    const results = await lab.results();
    const log = await lab.log.allTextContents();
    expect(log.map((entry) => entry.split(" ")[0])).toEqual(["start", "train", "probe", "probe", "learn", "probe"]);

    await lab.button("Replay it from the seed").click();
    await lab.status.filter({ hasText: "Replaying" }).waitFor();
    await lab.trained();
    await expect.poll(ticks, { timeout: 20_000 }).toEqual(new Set(["13"]));
    expect(await lab.log.allTextContents()).toEqual(log);
    expect(await lab.data("Bars of the picked image")).toEqual(learned);
    expect(await lab.results()).toEqual(results);
  });
});

/** The button of this name once it has the focus. */
const focusOn = (lab: LabPage, name: string): Locator => lab.page.locator(`[aria-label="${name}"]:focus`);

/** What a cell's dialog says of each model. */
const sectionsOf = async (dialog: Locator): Promise<string[]> => {
  const sections = dialog.locator("section");
  await sections.nth(1).waitFor();
  return sections.allInnerTexts();
};
