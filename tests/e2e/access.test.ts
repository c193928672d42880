// The page for everyone: assistive technology, keys alone, a finger on a small screen, light and dark.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, serveBuild, type Served } from "../helpers/browser.ts";
import { LabPage, linkOf, smallSpec } from "./labPage.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let served: Served;

beforeAll(async () => {
  [browser, served] = await Promise.all([launchBrowser(), serveBuild()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function openTrained(options: BrowserContextOptions): Promise<LabPage> {
  const lab = await LabPage.open(browser, served.address + linkOf(smallSpec), options);
  await lab.live();
  return lab;
}

/** What axe finds wrong, each as its rule and the elements it is about. */
async function violations(lab: LabPage): Promise<string[]> {
  await lab.page.evaluate(axeSource);
  return lab.page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}

describe.each([
  ["a desktop, light", { ...desktop, colorScheme: "light" }],
  ["a desktop, dark", { ...desktop, colorScheme: "dark" }],
  ["a phone, light", { ...phone, colorScheme: "light" }],
  ["a phone, dark", { ...phone, colorScheme: "dark" }],
] as const)("on %s", (_name, options) => {
  it("nothing stands in the way of assistive technology, on the page and in its dialogs", async () => {
    const lab = await openTrained(options);
    const found: Record<string, string[]> = { page: await violations(lab) };
    for (const [name, button] of [
      ["setup", /^Set up/],
      ["export", "Export"],
      ["help", "Help and keys"],
    ] as const) {
      await lab.button(button).click();
      await lab.page.getByRole("dialog").waitFor();
      found[name] = await violations(lab);
      await lab.page.keyboard.press("Escape");
      await lab.page.getByRole("dialog").waitFor({ state: "detached" });
    }
    const heatmap = lab.page.getByRole("figure", { name: /similarity between/ });
    await heatmap.press("ArrowRight");
    await heatmap.press("Enter");
    await lab.page.getByRole("dialog").waitFor();
    found.cell = await violations(lab);
    expect(found).toEqual({ page: [], setup: [], export: [], help: [], cell: [] });
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});

describe("by keys alone", () => {
  it("every control is reached in the order of the page, and a closed dialog gives the focus back", async () => {
    const lab = await openTrained(desktop);
    const focused = (): Promise<string> =>
      lab.page.evaluate(() => {
        const element = document.activeElement!;
        const label = element.closest("label")?.textContent;
        return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").slice(0, 80);
      });
    const seen: string[] = [];
    for (let presses = 0; presses < 80; presses++) {
      await lab.page.keyboard.press("Tab");
      const name = (await focused()).trim();
      if (seen.length > 0 && name === seen[0]) break;
      seen.push(name);
    }
    const wanted = ["Presets", "Export", "Train", "Epoch shown", "Pick tiger 1", "Probe", "Learn"];
    const order = wanted.map((name) => seen.findIndex((own) => own === name));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const reachable = await lab.page.evaluate(
      () => [...document.querySelectorAll("button:not(:disabled):not([tabindex='-1'])")].length,
    );
    expect(seen.length).toBeGreaterThan(reachable / 2);

    await lab.button("Export").focus();
    await lab.page.keyboard.press("Enter");
    await lab.page.getByRole("dialog", { name: "Export" }).waitFor();
    await lab.page.keyboard.press("Escape");
    await lab.page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Export");
    await lab.page.keyboard.press("t");
    await lab.button("Train again").waitFor();
    await lab.rested();
    await lab.page.keyboard.press("[");
    await lab.sentence.filter({ hasText: "At epoch 1" }).waitFor();
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});

describe("by touch on a phone", () => {
  it("an image is picked, a cell opened, and nothing scrolls sideways", async () => {
    const lab = await openTrained(phone);
    await lab.button("plane").tap();
    await lab.button("Pick plane 2").tap();
    await lab.page.getByText("plane 2training image").waitFor();
    await lab.sentence.filter({ hasText: "this plane" }).waitFor();
    const heatmap = lab.page.getByRole("figure", { name: /similarity between/ });
    await heatmap.scrollIntoViewIfNeeded();
    const { width } = (await heatmap.boundingBox())!;
    await heatmap.tap({ position: { x: width / 2, y: 80 } });
    await lab.page.getByRole("dialog", { name: /^Learn .*, watch/ }).waitFor();
    const [wide, inner] = await lab.page.evaluate(() => [document.scrollingElement!.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(inner!);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
