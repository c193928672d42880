// How many threads compute in the built page, and what it says where there is only one.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { serveFiles } from "../helpers/browser.ts";
import { linkOf, smallSpec, stage, type LabPage } from "./labPage.ts";

const severalThreads = /^Backend: WebAssembly, [2-8] threads$/;
const isIsolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

/** What the card of the badge says about wasm. */
async function remark(lab: LabPage): Promise<string> {
  const open = (): Promise<void> => lab.badge.click();
  const reasons = await lab.inDialog(open, "Backend", (card) => card.getByRole("listitem").allInnerTexts());
  return reasons.at(-1)!;
}

describe("where the server isolates the page", () => {
  const { open, openSmall } = stage();

  it("there are several", async () => {
    const lab = await openSmall();
    expect(await isIsolated(lab.page)).toBe(true);
    await lab.button(severalThreads).waitFor();
    expect(await remark(lab)).toBe("Wasm Passed its trial step.");
  });

  it.each([
    ["that throws", 'throw new Error("broken")', "broken"],
    ["that says nothing", "self.WasmBackendModuleThreadedSimd = () => undefined", "no answer within 10 seconds"],
  ])("there is one when threads get a script %s, and the page says so", async (_kind, body, reason) => {
    const lab = await open(linkOf(smallSpec), {}, (page) =>
      page.route(/threaded-simd-.*\.js$/, (route) =>
        route.request().resourceType() === "fetch"
          ? route.fulfill({ contentType: "text/javascript", body })
          : route.continue(),
      ),
    );
    await lab.button("Backend: WebAssembly, 1 thread").waitFor();
    expect(await remark(lab)).toMatch(new RegExp(`One thread: more could not be started here \\(.*${reason}\\)`));
    await lab.train();
  });
});

describe("where the server sends no headers", () => {
  const { openSmall } = stage(() => serveFiles("some/where/"));

  it("there is one, and from the next visit on there are several, with the same results", async () => {
    const lab = await openSmall();
    expect(await isIsolated(lab.page)).toBe(false);
    await lab.button("Backend: WebAssembly, 1 thread").waitFor();
    expect(await remark(lab)).toContain("not cross-origin isolated. Reload it");
    await lab.train();
    const results = await lab.results();
    await lab.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    // The address holds what was done, and a reload does it again.
    await lab.page.reload();
    await lab.trained();
    expect(await isIsolated(lab.page)).toBe(true);
    await lab.button(severalThreads).waitFor();
    expect(await lab.results()).toEqual(results);
  });
});
