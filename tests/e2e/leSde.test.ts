// The phase diagram on the page, from which the sample paths of a point are opened; both fit for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage } from "./labPage.ts";

const { open } = stage();
const params = { tailCount: 3, lowTail: 0.5, highTail: 1.5, ratioCount: 2, lowRatio: 0, highRatio: 1.2, steps: 500 };
const link = `#${encodeStudy(sharedStudy({ study: "phase-diagram", params: { ...params, runs: 1 } }))}`;

describe("the phases of local elasticity", () => {
  it.each([
    ["on a desktop", {}],
    ["on a phone", phone],
  ])("are picked point by point, and lead to its sample paths, %s", async (_name, options) => {
    const lab = await open(link, options);
    await lab.badge.waitFor();
    await lab.button("Run").click();
    await lab.button("Done").waitFor();
    const figure = lab.figure(/^Phases of local elasticity/);
    await figure.press("Home");
    await figure.press("Enter");
    const hash = (): string => new URL(lab.page.url()).hash;
    await lab.page.getByText(/^(Locally elastic for long enough|Not locally elastic)/).waitFor();
    expect(await violations(lab)).toEqual([]);
    await lab.button("Open its sample paths").click();
    await lab.page.getByRole("heading", { name: "Locally elastic SDE" }).waitFor();
    await expect.poll(() => decodeStudy(hash()).spec.params).toMatchObject({ steps: 500 });
    await lab.button("Run").click();
    await lab.button("Done").waitFor();
    await lab.choose("seed 2");
    await lab.choose("x3");
    await lab.figure(/^Sample paths/).waitFor();
    expect(await violations(lab)).toEqual([]);
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      lab.page.viewportSize()!.width,
    );
  });
});
