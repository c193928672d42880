// The phase diagram on the page, from which the sample paths of a point are opened; both fit for everyone.
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { violations } from "./axe.ts";
import { phone, stage, type LabPage } from "./labPage.ts";

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

describe("effects drawn by hand", () => {
  const steps = { steps: 500, seeds: [1, 2] };
  const drawing = `#${encodeStudy(sharedStudy({ study: "le-sde", params: steps }))}`;
  const drawn = (lab: LabPage): Record<string, unknown> => decodeStudy(new URL(lab.page.url()).hash).spec.params;
  const pointsOf = (lab: LabPage, name: string) =>
    lab.page.getByRole("slider", { name: new RegExp(`^${name}, point`) });

  /** Drags across the chart by shares of its width and height. */
  async function drag(lab: LabPage, way: readonly (readonly [right: number, up: number])[]): Promise<void> {
    const chart = lab.figure(/^Effects of the locally elastic SDE/);
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.locator("[data-pen]").boundingBox())!;
    const at = ([right, up]: readonly [number, number]) => [x + right * width, y + (1 - up) * height] as const;
    await lab.page.mouse.move(...at(way[0]!));
    await lab.page.mouse.down();
    for (const place of way.slice(1)) await lab.page.mouse.move(...at(place), { steps: 8 });
    await lab.page.mouse.up();
  }

  it.each([
    ["on a desktop", {}],
    ["on a phone", phone],
  ])("become the study's parameters, and it runs with them, %s", async (_name, options) => {
    const lab = await open(drawing, options);
    await lab.badge.waitFor();
    await drag(lab, [
      [0.001, 0.6],
      [0.5, 0.9],
      [0.999, 0.6],
    ]);
    // The ends of the stroke, and its tip at the root of the last time.
    await expect.poll(() => drawn(lab).alphaPoints).toHaveLength(3);
    const [first, tip, end] = (drawn(lab).alphaPoints as string[]).map((point) => point.split(":").map(Number));
    expect(first![0]).toBeCloseTo(1, 1);
    expect(Math.abs(Math.log(tip![0]! / Math.sqrt(500)))).toBeLessThan(0.15);
    expect(end![0]).toBeGreaterThan(480);
    // On an axis from -0.5 to 1.5.
    for (const [[, strength], up] of [
      [first!, 0.7],
      [tip!, 1.3],
      [end!, 0.7],
    ] as const)
      expect(strength).toBeCloseTo(up, 1);
    expect(drawn(lab).betaPoints).toEqual([]);
    expect(await violations(lab)).toEqual([]);
    expect(await lab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      lab.page.viewportSize()!.width,
    );
    await lab.button("Run").click();
    await lab.button("Done").waitFor();
    await lab.choose("β");
    await lab.button("Add a point to β").click();
    await expect.poll(() => drawn(lab).betaPoints).toHaveLength(5);
    await lab.button("Run").waitFor();
    await lab.choose("α");
    await lab.button("Back to power law").click();
    await expect.poll(() => drawn(lab).alphaPoints).toEqual([]);
  });

  it("can be made without a pointer, and points removed by keys, by a button and by a double click", async () => {
    const lab = await open(drawing);
    await lab.badge.waitFor();
    await lab.button("Add a point to α").press("Enter");
    const points = pointsOf(lab, "α");
    await expect.poll(() => drawn(lab).alphaPoints).toHaveLength(5);
    const before = drawn(lab).alphaPoints as string[];
    const focused = lab.page.locator(":focus");
    expect(await focused.getAttribute("aria-label")).toBe("α, point 1 of 5");
    await focused.press("Tab");
    await focused.press("ArrowUp");
    await focused.press("ArrowRight");
    const number = (which: number, part: 0 | 1, of = drawn(lab).alphaPoints as string[]): number =>
      Number(of[which]!.split(":")[part]);
    await expect.poll(() => number(1, 0)).toBeGreaterThan(number(1, 0, before));
    const after = drawn(lab).alphaPoints as string[];
    expect(number(1, 1)).toBeGreaterThan(number(1, 1, before));
    expect(after.toSpliced(1, 1)).toEqual(before.toSpliced(1, 1));
    expect(await focused.getAttribute("aria-label")).toBe("α, point 2 of 5");
    await focused.press("Delete");
    await expect.poll(() => points.count()).toBe(4);
    expect(await focused.getAttribute("aria-label")).toBe("α, point 2 of 4");
    await lab.button("Remove the picked point of α").click();
    await expect.poll(() => points.count()).toBe(3);
    await points.nth(1).dblclick();
    await expect.poll(() => points.count()).toBe(2);
    await expect.poll(() => drawn(lab).alphaPoints).toEqual([before[0], before[4]]);
    // A point is moved by the pointer, too: to the top.
    const { x, y } = (await points.nth(0).boundingBox())!;
    await lab.page.mouse.move(x + 5, y + 5);
    await lab.page.mouse.down();
    await lab.page.mouse.move(x + 60, y - 20, { steps: 5 });
    await lab.page.mouse.up();
    await expect.poll(() => number(0, 0)).toBeGreaterThan(1.5);
    expect(number(0, 1)).toBeGreaterThan(1);
  });
});
