// Label awareness on the page, with the engine: run, a label-aware cell opened, and lambda taken as the paper takes it.
import { expect, it } from "vitest";
import { encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { desktop, phone, stage } from "./labPage.ts";

const { open } = stage();

const link = `#${encodeStudy(
  sharedStudy({
    study: "label-awareness",
    params: { pairs: ["tiger-plane"], trainPerClass: 8, testPerClass: 8, seeds: [1, 2], width: 16, epochs: 4 },
  }),
)}`;

it("opens the kernels behind a cell, and goes from lambda to lambda without computing anew", async () => {
  const lab = await open(link, desktop);
  const { page } = lab;
  await lab.button("Run").click();
  await page.getByText("4 of 4").waitFor();
  const cells = page
    .getByRole("grid", { name: "Relative ratio and accuracy by method and pair" })
    .getByRole("gridcell");
  expect(await cells.count()).toBe(17);
  const pairs = cells.nth(5);
  expect(await pairs.innerText()).toContain("LANTK, pair features, tiger v plane: ");

  await pairs.getByRole("button").click();
  const opened = page.getByRole("region", { name: "tiger v plane" });
  await opened.getByText("Held-out accuracy").waitFor();
  await opened.getByText("Label-aware part", { exact: true }).click();
  await opened.getByRole("paragraph").getByText("A perfect estimate is one colour").waitFor();

  await page.getByLabel("Lambda of the label-aware kernels").selectOption("0.001");
  await opened.getByRole("paragraph").getByText("Lambda is 0.001.").waitFor();
  await page.getByText("4 of 4").waitFor();
  expect(await violations(lab)).toEqual([]);
  await opened.getByRole("button", { name: "Close the cell" }).click();
  await page.getByRole("region", { name: "What training and labels add" }).waitFor();
});

it("shows the label-aware part on a phone, no wider than the screen, for all", async () => {
  const params = { perClass: 2, seeds: [1, 2], draws: 200 };
  const lab = await open(`#${encodeStudy(sharedStudy({ study: "label-aware-part", params }))}`, phone);
  await lab.button("Run").click();
  await lab.page.getByText("2 of 2").waitFor();
  await lab.page.getByText("Labels shuffled").click();
  await lab.page.getByRole("figure", { name: /^Label-aware part, labels shuffled, seed 1/ }).waitFor();
  expect(await lab.page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(lab)).toEqual([]);
});
