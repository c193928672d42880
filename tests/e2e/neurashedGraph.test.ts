// The graph of the neurashed study: it plays, pauses and steps, is edited by keys, mouse and finger, and goes home as a figure.
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { decodeStudy, encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { curveOf, pointOn } from "../../src/app/studies/neurashed/paint.ts";
import { violations } from "./axe.ts";
import { filesOf, numberOf, phone, stage, type LabPage } from "./labPage.ts";

const { open } = stage();
const link = `#${encodeStudy(sharedStudy({ study: "neurashed", params: {} }))}`;

const panel = (lab: LabPage): Locator => lab.page.getByRole("region", { name: "The graph" });
const node = (lab: LabPage, name: string): Locator =>
  panel(lab).getByRole("button", { name: new RegExp(`^${name}, `) });
const said = (lab: LabPage, text: string | RegExp): Promise<void> =>
  panel(lab).getByRole("status").filter({ hasText: text }).waitFor();
/** The link follows the page a little later. */
const nodesIn = (lab: LabPage): readonly string[] =>
  decodeStudy(new URL(lab.page.url()).hash).spec.params.nodes as readonly string[];
const isMadeOf = (lab: LabPage, name: string, child: string): boolean =>
  nodesIn(lab).some((word) => word.startsWith(`${name}@`) && word.split(/[:+]/).includes(child));
const linked = (holds: () => boolean): Promise<void> => expect.poll(holds).toBe(true);
const stepOf = async (lab: LabPage): Promise<number> =>
  numberOf(
    (await panel(lab)
      .locator("span", { hasText: /^step [\d,]+$/ })
      .textContent())!.replace(/step |,/g, ""),
  );
const sharesOf = async (lab: LabPage): Promise<string[]> => panel(lab).getByRole("definition").allInnerTexts();

async function opened(options = {}): Promise<LabPage> {
  const lab = await open(link, options);
  await lab.badge.waitFor();
  await node(lab, "tiger").waitFor();
  return lab;
}

async function middle(of: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await of.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

async function drag(lab: LabPage, from: string, to: string): Promise<void> {
  const { mouse } = lab.page;
  await node(lab, from).scrollIntoViewIfNeeded();
  await mouse.move(...(await middle(node(lab, from))));
  await mouse.down();
  await mouse.move(...(await middle(node(lab, to))), { steps: 5 });
  await mouse.up();
}

async function dragByFinger(lab: LabPage, from: string, to: string): Promise<void> {
  const client = await lab.page.context().newCDPSession(lab.page);
  const [start, end] = [await placeOf(lab, from), await placeOf(lab, to)];
  await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [start] });
  for (const share of [0.3, 0.6, 1]) {
    const point = { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share };
    await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point] });
  }
  await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Between two nodes, a quarter of the way along the curve, which leaves and arrives straight upwards. */
async function clickEdge(lab: LabPage, child: string, parent: string): Promise<void> {
  const layout = { places: [await placeOf(lab, child), await placeOf(lab, parent)], upwards: true };
  const { x, y } = pointOn(curveOf(layout, { child: 0, parent: 1 }), 0.25);
  await lab.page.mouse.click(x, y);
}

async function placeOf(lab: LabPage, name: string): Promise<{ x: number; y: number }> {
  const [x, y] = await middle(node(lab, name));
  return { x, y };
}

describe("the graph of features", () => {
  it("plays, pauses, steps and begins again, by keys alone", async () => {
    const lab = await opened();
    expect(await stepOf(lab)).toBe(0);
    await panel(lab)
      .getByText(/^Step 1: an? \w+ lights \d+ of 22 features/)
      .waitFor();
    await lab.button("One step").press("Enter");
    await lab.button("One step").press("Enter");
    await expect.poll(() => stepOf(lab)).toBe(2);
    const shares = await sharesOf(lab);
    await lab.page.getByRole("slider", { name: "Speed" }).press("End");
    await lab.button("Play").press("Enter");
    await expect.poll(() => stepOf(lab)).toBeGreaterThan(20);
    await lab.button("Pause").press("Enter");
    const paused = await stepOf(lab);
    expect(await sharesOf(lab)).not.toEqual(shares);
    await node(lab, "tiger 0a").focus();
    await lab.page.keyboard.press("Space");
    await expect.poll(() => stepOf(lab)).toBeGreaterThan(paused);
    await lab.page.keyboard.press("Space");
    await lab.button("Play").waitFor();
    await lab.button("Back to step 0").press("Enter");
    await expect.poll(() => stepOf(lab)).toBe(0);
    await lab.button("One step").press("Enter");
    await lab.button("One step").press("Enter");
    await expect.poll(() => sharesOf(lab)).toEqual(shares);
  });

  it("gets and loses an edge by keys, and each edit can be undone", async () => {
    const lab = await opened();
    await node(lab, "cat 0a").focus();
    await lab.page.keyboard.press("ArrowUp");
    const above = await lab.page.evaluate(() => document.activeElement!.getAttribute("aria-label"));
    expect(above).toMatch(/feature of level 1/);
    await node(lab, "cat 0a").press("Enter");
    await node(lab, "tiger 1a").press("Enter");
    await said(lab, 'Edge between "cat 0a" and "tiger 1a" made.');
    await linked(() => isMadeOf(lab, "tiger 1a", "cat 0a"));
    expect(await panel(lab).getByRole("radio", { name: "By hand" }).isChecked()).toBe(true);
    await node(lab, "tiger").press("Enter");
    await said(lab, /"cat 0a" of level 0 and "tiger" of level 2 are more than one level apart; put a feature between/);
    await node(lab, "tiger").press("Delete");
    await said(lab, /"tiger" is a class, and classes stay/);
    await node(lab, "tiger 1a").press("Enter");
    await said(lab, 'Edge between "cat 0a" and "tiger 1a" removed.');
    await lab.page.keyboard.press("Control+Z");
    await linked(() => isMadeOf(lab, "tiger 1a", "cat 0a"));
    await lab.page.keyboard.press("Control+Z");
    await panel(lab).getByRole("radio", { name: "By hand" }).waitFor({ state: "detached" });
    await linked(() => nodesIn(lab).length === 0);
  });

  it("gets an edge by the mouse, which is then picked and deleted; a click on a class asks about its step", async () => {
    const lab = await opened();
    await drag(lab, "cat 0a", "tiger 1a");
    await said(lab, 'Edge between "cat 0a" and "tiger 1a" made.');
    await drag(lab, "ship 0a", "ship");
    await said(lab, /more than one level apart/);
    await clickEdge(lab, "ship 0a", "ship 1a");
    await said(lab, 'Edge between "ship 0a" and "ship 1a".');
    await lab.button("Delete edge").click();
    await said(lab, 'Edge between "ship 0a" and "ship 1a" removed.');
    await linked(() => !isMadeOf(lab, "ship 1a", "ship 0a"));
    await node(lab, "plane").click();
    expect(await lab.page.getByRole("combobox", { name: "Class that is learned" }).inputValue()).toBe("2");
    await lab.choose("Only plane");
    await panel(lab)
      .getByText(/^Step 1: a plane lights/)
      .waitFor();
    for (let step = 0; step < 3; step++) {
      await lab.button("One step").click();
      await panel(lab)
        .getByText(/: a plane lights/)
        .waitFor();
    }
  });

  it("loses by the Delete key the node that has the focus, or the edge that was pressed last", async () => {
    const lab = await opened();
    await node(lab, "cat 0a").focus();
    await clickEdge(lab, "ship 0a", "ship 1a");
    await said(lab, 'Edge between "ship 0a" and "ship 1a".');
    await node(lab, "cat 0a").focus();
    await lab.page.keyboard.press("Delete");
    await said(lab, '"cat 0a" deleted.');
    await linked(() => isMadeOf(lab, "ship 1a", "ship 0a"));
    await clickEdge(lab, "ship 0a", "ship 1a");
    await said(lab, 'Edge between "ship 0a" and "ship 1a".');
    await lab.page.keyboard.press("Delete");
    await said(lab, 'Edge between "ship 0a" and "ship 1a" removed.');
    await linked(() => !isMadeOf(lab, "ship 1a", "ship 0a"));
  });

  it("stays at its step and can be undone under another set-up of the rest, but not under other classes", async () => {
    const lab = await opened();
    const setUp = async (field: string, text: string): Promise<void> => {
      await lab.button(/^Set up/).click();
      const dialog = lab.page.getByRole("dialog", { name: /^Set up/ });
      await dialog.getByRole("textbox", { name: field, exact: true }).fill(text);
      await dialog.getByRole("button", { name: "Use this" }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await lab.choose("Everything");
    await lab.button("One step").click();
    await lab.button("One step").click();
    await expect.poll(() => stepOf(lab)).toBe(2);
    await setUp("Bins of a score", "7");
    await linked(() => decodeStudy(new URL(lab.page.url()).hash).spec.params.bins === 7);
    expect(await stepOf(lab)).toBe(2);
    await lab.button("Undo").waitFor();
    await setUp("Classes", "tiger, cat");
    await expect.poll(() => stepOf(lab)).toBe(0);
    await lab.button("Undo").waitFor({ state: "detached" });
    await node(lab, "tiger").focus();
    await lab.page.keyboard.press("Control+Z");
    expect(await panel(lab).getByRole("radio", { name: "Everything" }).isChecked()).toBe(true);
  });

  it("gets a feature, gives it another name, and loses it", async () => {
    const lab = await opened();
    await lab.button("Add feature").click();
    await lab.page.getByRole("textbox", { name: "Name of the new feature" }).fill("whiskers: long");
    await lab.page.getByRole("combobox", { name: "Level of the new feature" }).selectOption("1");
    await lab.button("Add").click();
    await said(lab, 'The name "whiskers: long" has ":" in it');
    await lab.page.getByRole("textbox", { name: "Name of the new feature" }).fill("whiskers");
    await lab.button("Add").click();
    await node(lab, "whiskers").waitFor();
    await lab.page.getByRole("textbox", { name: "Name of the feature" }).fill("long whiskers");
    await lab.button("Rename").click();
    await node(lab, "cat").press("Enter");
    await said(lab, 'Edge between "long whiskers" and "cat" made.');
    await linked(() => isMadeOf(lab, "cat", "long whiskers"));
    await lab.button("Delete feature").click();
    await said(lab, '"long whiskers" deleted.');
    await linked(() => nodesIn(lab).length > 0 && !nodesIn(lab).join().includes("whiskers"));
  });

  it("moves all classes alike once everything is shared", async () => {
    const lab = await opened();
    expect(new Set(await sharesOf(lab)).size).toBe(3);
    await lab.choose("Everything");
    await lab.button("One step").click();
    await expect.poll(async () => new Set(await sharesOf(lab)).size).toBe(1);
  });

  it("goes home as a figure of the moment", async () => {
    const lab = await opened();
    await lab.button("One step").click();
    await expect.poll(() => stepOf(lab)).toBe(1);
    const files = await lab.inDialog(
      () => lab.button("Export the graph").click(),
      "Export",
      async (dialog) => filesOf(await lab.saved(() => dialog.getByRole("button", { name: "Save zip" }).click())),
    );
    const csv = Object.entries(files).find(([name]) => name.endsWith(".csv"))!;
    expect(csv[1].split("\n")[1]).toMatch(/^1,1,/);
    expect(Object.values(files).join("")).toContain("The graph at step 1");
  });

  it.each([
    ["a desktop", {}],
    ["a phone", phone],
  ])("stands in nobody's way on %s", async (_name, options) => {
    const lab = await opened(options);
    await lab.choose("As drawn");
    await node(lab, "stripes").waitFor();
    await lab.button("One step").press("Enter");
    // Away from what would show its name on top of all.
    await lab.page.mouse.move(0, 0);
    await lab.page.getByRole("tooltip").waitFor({ state: "detached" });
    expect(await violations(lab)).toEqual([]);
    const width = await lab.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(lab.page.viewportSize()!.width);
    if (options === phone) {
      await node(lab, "stripes").tap();
      await said(lab, /Drag from "stripes"/);
      await dragByFinger(lab, "stripes", "fuselage");
      await said(lab, 'Edge between "stripes" and "fuselage" made.');
    }
  });
});
