// The locally elastic SDE against a network on the page: run, looked at class by class and share by share; it fits for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage } from "./labPage.ts";

const { open } = stage();
const params = {
  corruption: ["0", "2/3"],
  iterations: 60,
  moments: 15,
  window: 5,
  trials: 2,
  trainPerClass: 10,
  testPerClass: 5,
  imagesPerClass: 4,
};
const link = `#${encodeStudy(sharedStudy({ study: "le-sde-network", params }))}`;

describe("a network and its LE-ODE", () => {
  it.each([
    ["on a desktop", {}],
    ["on a phone", phone],
  ])("are shown by class, model and corruption, %s", async (_name, options) => {
    const lab = await open(link, options);
    await lab.badge.waitFor();
    await lab.button("Run").click();
    await lab.button("Done").waitFor();
    const view = () => decodeStudy(new URL(lab.page.url()).hash).view;
    await lab.page.getByLabel("Class shown").selectOption({ label: "ellipse" });
    await lab.page.getByLabel("Corruption shown").selectOption({ label: "p = 2/3" });
    await lab.choose("I-model");
    await expect.poll(view).toMatchObject({ shown: 2, corruption: 1, model: "I" });
    for (const title of [/^Mean logits/, /^Effects/, /^Tail index/]) await lab.figure(title).waitFor();
    expect(await violations(lab)).toEqual([]);
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      lab.page.viewportSize()!.width,
    );
  });
});
