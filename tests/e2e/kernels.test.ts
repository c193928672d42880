// Infinite width and kernel regression on the page: run, looked at elsewhere, kept in the link, fit for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage, type LabPage } from "./labPage.ts";

const { open } = stage();

/** So small that each takes a second or two. */
const width = {
  study: "infinite-width",
  params: { inputs: "torus", perClass: 3, depths: [1, 2], widths: [8, 32, 128] },
};
const regression = {
  study: "kernel-regression",
  params: { model: "linear", trainPerClass: 3, testPerClass: 2, anchorsPerClass: 1, epochs: [0, 1], seeds: [1, 2] },
};
const linkOf = (spec: object): string => `#${encodeStudy(sharedStudy(spec as never, {}))}`;

async function run(lab: LabPage): Promise<void> {
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Done").waitFor();
}

describe("the studies of kernels", () => {
  it("show another network when it is chosen, by a list or on the chart", async () => {
    const lab = await open(linkOf(width));
    await run(lab);
    await lab.page.getByRole("combobox", { name: "Width shown" }).selectOption("32");
    await lab.page.getByRole("combobox", { name: "Hidden layers shown" }).selectOption("1");
    await lab.page.getByText("1 hidden layer of 32", { exact: true }).first().waitFor();
    await lab.choose("NTK scaling");
    const hash = (): string => new URL(lab.page.url()).hash;
    await expect.poll(() => decodeStudy(hash()).view).toEqual({ parametrisation: "ntk", depth: 1, width: 32 });
    const figure = lab.figure(/^Error against width/);
    await figure.press("ArrowRight");
    await figure.press("End");
    await figure.press("Enter");
    await lab.page.getByText("1 hidden layer of 128", { exact: true }).first().waitFor();
  });

  it.each([
    ["infinite width, on a phone", width, phone],
    ["kernel regression, on a desktop", regression, {}],
  ])("are as accessible as the rest: %s", async (_name, spec, options) => {
    const lab = await open(linkOf(spec), options);
    await run(lab);
    expect(await violations(lab)).toEqual([]);
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      lab.page.viewportSize()!.width,
    );
  });
});
