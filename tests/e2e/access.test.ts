// The page for everyone: assistive technology, keys alone, a finger on a small screen, light and dark.
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { desktop, phone, stage, type LabPage } from "./labPage.ts";

const { open, openSmall } = stage();

/** Everything that opens on top of the page: what opens it, and its name. */
const overlays = (lab: LabPage): readonly (readonly [Locator, string])[] => [
  [lab.button(/^Set up/), "Set up the experiment"],
  [lab.button("Export"), "Export"],
  [lab.button("Help and keys"), "How to use the lab"],
  [lab.badge, "Backend"],
  [lab.heatmap, "Learn tiger, watch tiger"],
];

/** A heatmap's first key only shows where the cursor is. */
async function enter(opener: Locator): Promise<void> {
  if ((await opener.getAttribute("tabindex")) !== null) await opener.press("ArrowRight");
  await opener.press("Enter");
}

describe.each([
  ["a desktop", desktop],
  ["a phone", phone],
] as const)("on %s", (_name, options) => {
  it("nothing stands in the way of assistive technology, and nothing is wider than the screen", async () => {
    const lab = await open("", options);
    await lab.live();
    const found = { page: await violations(lab) };
    const widths = [await widthOf(lab)];
    for (const [opener, name] of overlays(lab))
      await lab.inDialog(
        () => enter(opener),
        name,
        async () => {
          Object.assign(found, { [name]: await violations(lab) });
          widths.push(await widthOf(lab));
        },
      );
    for (const [where, wrong] of Object.entries(found)) expect(wrong, where).toEqual([]);
    expect(Object.keys(found)).toHaveLength(6);
    for (const width of widths) expect(width).toBeLessThanOrEqual(options.viewport!.width);
  });
});

const widthOf = (lab: LabPage): Promise<number> => lab.page.evaluate(() => document.scrollingElement!.scrollWidth);

describe("by keys alone", () => {
  it("every control is reached in the order of the page, and shortcuts run the lab", async () => {
    const lab = await openSmall();
    const { keyboard } = lab.page;
    await keyboard.press("t");
    await lab.trained();
    const reached = await lab.page.evaluateHandle((): Element[] => []);
    const isNew = (): Promise<boolean> =>
      lab.page.evaluate((all) => {
        const { activeElement, body } = document;
        if (!activeElement || all.includes(activeElement)) return false;
        // From the last control the way leads through the browser to the first one.
        if (activeElement !== body) all.push(activeElement);
        return true;
      }, reached);
    do await keyboard.press("Tab");
    while (await isNew());

    const { order, missed } = await lab.page.evaluate((all) => {
      const nameOf = (element: Element): string =>
        element.getAttribute("aria-label") ?? element.closest("label")?.textContent ?? element.textContent ?? "";
      // Arrows move within a group of choices and among the images, each of which is one stop.
      const isWithin = (element: Element): boolean => {
        const group = element.closest("[role=radiogroup], [role=grid]");
        return group !== null && all.some((one) => group.contains(one));
      };
      const controls = "a[href], button, input, select, textarea, summary, [role=slider], [role=button], figure";
      const there = [...document.querySelectorAll(controls)].filter(
        (element) => !element.matches(":disabled") && element.checkVisibility({ visibilityProperty: true }),
      );
      return {
        order: all.map(nameOf),
        missed: there.filter((element) => !all.includes(element) && !isWithin(element)).map(nameOf),
      };
    }, reached);
    expect(missed).toEqual([]);
    const wanted = ["Presets", "Export", "Train again", "Epoch shown", "Pick tiger 1", "Log", "Measure", "Probe"];
    const places = wanted.map((name) => order.indexOf(name));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));

    await keyboard.press("[");
    await lab.shows(1);
    await keyboard.press("]");
    await lab.shows(2);
    await keyboard.press("p");
    await lab.logged(3, "probe tiger 1");
    await keyboard.press("h");
    await lab.figure(/between images/).waitFor();
    await keyboard.press("c");
    await lab.figure(/^Loss and accuracy/).waitFor();
    await keyboard.press("r");
    await lab.status.filter({ hasText: "press Train" }).waitFor();
    await keyboard.press("e");
    await lab.shows(1);
    expect(await lab.status.textContent()).toContain("paused");
  });

  it("what opens on top keeps the focus, closes by Escape, and gives the focus back", async () => {
    const lab = await openSmall();
    for (const [opener, name] of overlays(lab)) {
      await lab.inDialog(
        () => enter(opener),
        name,
        async (dialog) => {
          const controls = await dialog.locator("button, input, select, summary").count();
          const inside = (): Promise<boolean> => dialog.evaluate((element) => element.contains(document.activeElement));
          await expect.poll(inside, { message: name }).toBe(true);
          for (let presses = 0; presses <= controls; presses++) {
            await lab.page.keyboard.press("Tab");
            expect(await inside(), `${name}, Tab ${presses + 1}`).toBe(true);
          }
        },
      );
      await hasFocus(opener, name);
    }
    const presets = lab.button("Presets");
    await presets.press("Enter");
    await lab.page.getByRole("menuitem").first().waitFor();
    await lab.page.keyboard.press("Escape");
    await hasFocus(presets, "Presets");
  });
});

async function hasFocus(element: Locator, message: string): Promise<void> {
  await expect.poll(() => element.evaluate((own) => own === document.activeElement), { message }).toBe(true);
}

describe("by touch on a phone", () => {
  it("an image is picked, its bars are there, and a cell is opened", async () => {
    const lab = await openSmall(phone);
    await lab.button("plane").tap();
    await lab.button("Pick plane 2").tap();
    await lab.picked("plane 2");
    const bars = lab.figure(/^Response of every probe to plane 2/);
    await bars.scrollIntoViewIfNeeded();
    await bars.getByText("tiger").first().waitFor();
    expect(await lab.moved("most")).toHaveLength(6);

    const matrix = await lab.rows("Heatmap of classes");
    await lab.heatmap.scrollIntoViewIfNeeded();
    await lab.page.touchscreen.tap(...(await lab.cell(1)));
    const dialog = lab.page.getByRole("dialog", { name: "Learn tiger, watch cat" });
    await dialog.getByText(Number(matrix[1]!.mean).toPrecision(4), { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Close" }).tap();
    await dialog.waitFor({ state: "detached" });
  });
});
