// The neurashed-style model on the page: in the live lab in a network's place, and its study with its three claims.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { numberOf, phone, smallSpec, stage } from "./labPage.ts";

const { open, openSmall } = stage();

describe("the model in the live lab", () => {
  it("is chosen in the set-up, trained, and answers a clicked tiger with bars, cells and curves", async () => {
    const lab = await openSmall();
    await lab.button(/^Set up/).click();
    const dialog = lab.page.getByRole("dialog", { name: "Set up the experiment" });
    await dialog.getByRole("combobox", { name: "Model" }).selectOption({ label: "Neurashed-style" });
    await dialog.getByRole("textbox", { name: "Batch size" }).fill("1");
    await dialog.getByRole("combobox", { name: "Features shared" }).selectOption({ label: "drawn features" });
    await lab.button("Use this").click();
    await dialog.waitFor({ state: "detached" });
    await lab.live();
    await lab.train();
    await lab.pick("tiger 2");
    await lab
      .figure(/^Relative similarity of .*tiger|tiger.*learned/i)
      .first()
      .waitFor();
    // Two models, three classes: the model's own row of tigers says same > sibling > unrelated.
    const [same, sibling, unrelated] = await lab.numbers(3);
    expect(same).toBeGreaterThan(sibling!);
    expect(sibling).toBeGreaterThan(unrelated!);
    await lab.scrub("Home", 0);
    const rows = await lab.rows("Elasticity against epoch");
    const own = rows.filter((row) => row.model === "Neurashed-style");
    expect(new Set(own.map(({ epoch }) => Number(epoch)))).toEqual(new Set(smallSpec.probing.epochs));
    for (const { mean } of own) expect(numberOf(mean!)).toBeGreaterThan(0);
    expect(await violations(lab)).toEqual([]);
  });
});

describe("the study", () => {
  const params = { seeds: [1, 2, 3], steps: 200, batchSizes: [1, 100], anchorsPerClass: 3, probesPerClass: 10 };
  const link = `#${encodeStudy(sharedStudy({ study: "neurashed", params }))}`;

  it.each([
    ["on a desktop", {}],
    ["on a phone", phone],
  ])("shows elasticity, paths and information, and any moment class by class, %s", async (_name, options) => {
    const lab = await open(link, options);
    await lab.badge.waitFor();
    await lab.button("Run").click();
    await lab.button("Done").waitFor();
    await lab.figure(/^Relative similarity against step, batch size 1$/).waitFor();
    await lab.figure(/^Relative similarity between classes, step 200$/).waitFor();
    await lab.page.getByRole("combobox", { name: "Step", exact: true }).selectOption({ label: "step 100" });
    await lab.figure(/^Relative similarity between classes, step 100$/).waitFor();
    await lab.page.getByRole("combobox", { name: "Batch size", exact: true }).selectOption({ label: "batch size 100" });
    await lab.figure(/^Relative similarity against step, batch size 100$/).waitFor();
    await lab.choose("Paths");
    await lab.figure(/^Participation ratios against batch size, step 100$/).waitFor();
    expect(await violations(lab)).toEqual([]);
    await lab.choose("Information");
    await lab.figure(/^Information against step/).waitFor();
    await expect
      .poll(() => decodeStudy(new URL(lab.page.url()).hash).view)
      .toMatchObject({ show: "information", moment: 20, batch: 1 });
    expect(await violations(lab)).toEqual([]);
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      lab.page.viewportSize()!.width,
    );
  });
});
