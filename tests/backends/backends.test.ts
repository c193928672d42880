// Every backend that this machine has, in a real browser, against double precision. One that is absent is skipped by name.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backendIds, type BackendId } from "../../src/lab/lab.ts";
import { launchBrowser, serveSources, type Served } from "../helpers/browser.ts";
import type { Findings } from "./suite.ts";

let browser: Browser;
let served: Served;

beforeAll(async () => {
  [browser, served] = await Promise.all([launchBrowser(), serveSources()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

describe.each(backendIds)("%s", (backend) => {
  it("computes what double precision does, and leaves no tensors", async ({ skip }) => {
    const page = await browser.newPage();
    await page.goto(`${served.address}tests/backends/page.html`);
    await page.waitForFunction(() => "examine" in window, undefined, { timeout: 120_000 });
    const findings = await page.evaluate((id) => window.examine(id), backend);
    await page.close();
    if ("absent" in findings) return skip(`${backend} is not here: ${findings.absent}`);
    check(backend, findings);
  });
});

it("a lost graphics device is told to the host, which silence would leave waiting", async () => {
  const page = await browser.newPage();
  await page.goto(`${served.address}tests/backends/page.html`);
  await page.waitForFunction(() => "loseDevice" in window, undefined, { timeout: 120_000 });
  expect(await page.evaluate(() => window.loseDevice())).toBe("The graphics device was lost (WebGL context lost).");
  await page.close();
});

function check(backend: BackendId, findings: Findings): void {
  const {
    report,
    responseErrors,
    firstOrderErrors,
    kernelErrors,
    work,
    closedFormError,
    trainingError,
    leakedTensors,
  } = findings;
  expect(report.considered.at(-1)?.accepted).toBe(true);
  for (const [subject, error] of Object.entries(responseErrors)) expect(error, subject).toBeLessThan(2e-5);
  for (const [subject, error] of Object.entries(firstOrderErrors)) expect(error, subject).toBeLessThan(2e-5);
  for (const [subject, error] of Object.entries(kernelErrors)) expect(error, subject).toBeLessThan(1e-5);
  for (const [subject, { operations, readbacks, layers }] of Object.entries(work)) {
    // One tile on a graphics backend; one anchor after the other on a processor.
    if (backend !== "webgpu" && backend !== "webgl") continue;
    expect(readbacks, subject).toBe(1);
    expect(operations / layers, subject).toBeLessThanOrEqual(11);
  }
  expect(closedFormError).toBeLessThan(1e-5);
  expect(trainingError).toBeLessThan(1e-4);
  expect(leakedTensors).toBe(0);
}
