// Sharing on the page: a cell of the matrices picks the pair whose lines are below, and a link keeps what is looked at. And the
// tangent kernel's page, which has no interaction of its own.
import { expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage } from "./labPage.ts";

const { open } = stage();

/** So small that it takes a second or two. */
const params = { model: "linear", epochs: [0, 1], trainPerClass: 4, imagesPerClass: 2 };
const link = `#${encodeStudy(sharedStudy({ study: "sharing", params }))}`;

it("draws the pair of the picked cell, by the keyboard and by name, fit for everyone", async () => {
  const lab = await open(link);
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Done").waitFor();
  await lab.figure(/^tiger v lion: features/).waitFor();
  const matrix = lab.figure(/^Kernel of each two classes/);
  for (const key of ["ArrowRight", "Home", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"]) await matrix.press(key);
  await lab.figure(/^tiger v dog: features/).waitFor();
  await lab.page.getByRole("combobox", { name: "One class of the pair" }).selectOption("car");
  await lab.figure(/^car v dog: features/).waitFor();
  await lab.choose("What adds up");
  await lab.figure(/^What each layer adds: car v dog/).waitFor();
  const view = { epoch: 1000, quantity: "kernel", one: 6, other: 3, lines: "parts" };
  await expect.poll(() => decodeStudy(new URL(lab.page.url()).hash).view).toEqual(view);
  expect(await violations(lab)).toEqual([]);
});

const { imagesPerClass: _images, ...common } = params;
const kernel = { ...common, anchorsPerClass: 1, probesPerClass: 2, perDecade: 1 };
const kernelLink = `#${encodeStudy(sharedStudy({ study: "linearisation", params: kernel }))}`;

it.each([
  ["sharing", link],
  ["the tangent kernel", kernelLink],
])("%s fits a phone", async (_name, hash) => {
  const lab = await open(hash, phone);
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Done").waitFor();
  expect(await violations(lab)).toEqual([]);
  expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
