// Threads change how long wasm takes, not one bit of what it computes.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, serveSources } from "../helpers/browser.ts";
import type { Bits } from "./bits.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function bitsOfPage(isolated: boolean): Promise<Bits> {
  const served = await serveSources({ isolated });
  const page = await browser.newPage();
  await page.goto(`${served.address}tests/backends/threads.html`);
  await page.waitForFunction(() => "bits" in window, undefined, { timeout: 120_000 });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
  const bits = await page.evaluate(() => window.bits);
  await page.close();
  await served.close();
  return bits;
}

it("computes the same bits with threads and without them", async () => {
  const [threaded, alone] = [await bitsOfPage(true), await bitsOfPage(false)];
  expect(threaded.report.title).toMatch(/^WebAssembly, [2-8] threads$/);
  expect(threaded.report.considered.at(-1)!.reason).toBe("Passed its trial step.");
  expect(alone.report.title).toBe("WebAssembly, 1 thread");
  expect(alone.report.considered.at(-1)!.reason).toContain("not cross-origin isolated. Reload it");
  expect(threaded.digests).toEqual(alone.digests);
});
