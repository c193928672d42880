// Two label systems and the bounds on the page: run, looked at in other ways, kept in the link, fit for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage, type LabPage } from "./labPage.ts";

const { open } = stage();

/** So small that each takes a second or two. */
const labels = { perGroup: 4, width: 4, seeds: [1, 2], epochs: [2], stepSize: 0.001 };
const sizes = { ms: [10, 20], seeds: [1, 2], heldOut: 20 };
const linkOf = (study: string, params: object): string => `#${encodeStudy(sharedStudy({ study, params }, {}))}`;

async function run(lab: LabPage): Promise<void> {
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Done").waitFor();
}

const viewIn = (lab: LabPage) => decodeStudy(new URL(lab.page.url()).hash).view;

async function isFit(lab: LabPage): Promise<void> {
  expect(await violations(lab)).toEqual([]);
  const width = lab.page.viewportSize()!.width;
  expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}

describe("two label systems and the bounds", () => {
  it("shows the change since the start, or the level", async () => {
    const lab = await open(linkOf("label-systems", labels));
    await run(lab);
    await lab.figure(/^Relative ratio of both labellings, change since the start/).waitFor();
    await lab.choose("Level");
    await expect.poll(() => lab.figure(/change since the start/).count()).toBe(0);
    await expect.poll(() => viewIn(lab)).toEqual({ show: "level", printed: false });
    await lab.page.getByRole("heading", { name: "Trained on plain v grass" }).waitFor();
    await isFit(lab);
  });

  it("has the bounds at another confidence and another sample size", async () => {
    const lab = await open(linkOf("bounds", sizes));
    await run(lab);
    const bound = lab.page
      .getByRole("row", { name: /^Uniform stability/ })
      .getByRole("cell")
      .first();
    const usual = Number(await bound.textContent());
    await lab.choose("δ 0.001");
    await expect.poll(async () => Number(await bound.textContent())).toBeGreaterThan(usual);
    await lab.page.getByRole("combobox", { name: "Sample size" }).selectOption("10");
    await lab.page.getByRole("heading", { name: "At m = 10", exact: true }).waitFor();
    await expect.poll(() => viewIn(lab)).toEqual({ delta: 0.001, reach: "measured", size: 10 });
    await isFit(lab);
  });

  it.each([
    ["label-systems", labels],
    ["bounds", sizes],
  ])("is fit for a phone, empty and full: %s", async (study, params) => {
    const lab = await open(linkOf(study, params), phone);
    await lab.badge.waitFor();
    await isFit(lab);
    await run(lab);
    await isFit(lab);
  });
});
