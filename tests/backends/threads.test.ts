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

/** What a page of a server computes as if the machine had so many cores, one after another. */
async function bitsOfPage(isolated: boolean, cores: readonly number[]): Promise<Bits[]> {
  const served = await serveSources({ isolated });
  const page = await browser.newPage();
  await page.goto(`${served.address}tests/backends/threads.html`);
  await page.waitForFunction(() => "bits" in window, undefined, { timeout: 120_000 });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
  const bits = [];
  for (const count of cores) bits.push(await page.evaluate((own) => window.bits(own), count));
  await page.close();
  await served.close();
  return bits;
}

it("computes the same bits with any number of threads and with one", async () => {
  const threaded = await bitsOfPage(true, [2, 3, 8, 16]);
  const [alone] = await bitsOfPage(false, [8]);
  expect(threaded.map(({ report }) => report.title)).toEqual(
    [2, 3, 8, 8].map((count) => `WebAssembly, ${count} threads`),
  );
  expect(threaded[0]!.report.considered.at(-1)!.reason).toBe("Passed its trial step.");
  expect(alone!.report.title).toBe("WebAssembly, 1 thread");
  expect(alone!.report.considered.at(-1)!.reason).toContain("not cross-origin isolated. Reload it");
  for (const { digests } of threaded) expect(digests).toEqual(alone!.digests);
});
