// The step-size study on the page: run, walked through by the keyboard, kept when its setting changes, fit for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage, type LabPage } from "./labPage.ts";

const { open } = stage();

/** So small that it takes a second or two. */
const params = { trainPerClass: 8, epochs: 1, model: "linear", from: 1e-9, to: 1, perDecade: 1 };
const link = `#${encodeStudy(sharedStudy({ study: "step-size", params }, { eta: 1e-9 }))}`;

async function run(lab: LabPage): Promise<void> {
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Done").waitFor();
}

describe("the step size", () => {
  it("has its numbers at each step size, by buttons and by the keyboard, in two figures", async () => {
    const lab = await open(link);
    await run(lab);
    const row = lab.page.getByRole("row", { name: /^Single precision, subtracted/ });
    await lab.page.getByRole("heading", { name: "At η = 10⁻⁹" }).waitFor();
    expect(await row.getByRole("cell").allTextContents()).toEqual(["0", "–", "–", "–"]);
    await lab.button("Larger step size").click();
    await lab.page.getByRole("heading", { name: "At η = 10⁻⁸" }).waitFor();
    const figure = lab.figure(/^Ratio against step size/);
    await figure.press("ArrowRight");
    await figure.press("End");
    await figure.press("Enter");
    await lab.page.getByRole("heading", { name: "At η = 1", exact: true }).waitFor();
    const exact = lab.page.getByRole("row", { name: /^Single precision, exact change/ }).getByRole("cell");
    const truth = lab.page.getByRole("row", { name: /^First order/ }).getByRole("cell");
    expect((await exact.allTextContents()).slice(1)).toEqual((await truth.allTextContents()).slice(1));
    await lab.choose("Log");
    const hash = (): string => new URL(lab.page.url()).hash;
    await expect.poll(() => decodeStudy(hash()).view).toEqual({ scale: "log", eta: 1 });
    const again = await open(hash());
    await again.page.getByRole("heading", { name: "At η = 1", exact: true }).waitFor();
    expect(await again.page.getByRole("radio", { name: "Log" }).isChecked()).toBe(true);
  });

  it.each([
    ["a desktop", {}],
    ["a phone", phone],
  ])("is as accessible as the rest, on %s, empty and full", async (_name, options) => {
    const lab = await open(link, options);
    await lab.badge.waitFor();
    expect(await violations(lab)).toEqual([]);
    await run(lab);
    expect(await violations(lab)).toEqual([]);
    const width = lab.page.viewportSize()!.width;
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
