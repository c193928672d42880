// What the page costs, in numbers anyone can measure again: `npm run bench -- page`. The built page in a headless browser without a
// graphics card, the default experiment on wasm: its first view, the longest tasks of its main thread, and a click's way to its
// response, there and at a thousand probes.
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { defaultBeside, defaultView } from "../../src/app/state/experiment.ts";
import { encode } from "../../src/app/state/link.ts";
import { describe as catalogueOf } from "../../src/lab/catalogue.ts";
import { parseSpec } from "../../src/lab/spec.ts";
import { byProcessor, launchBrowser, serveBuild } from "../helpers/browser.ts";
import { median } from "./report.ts";

const probeClicks = 15;
const trainedEpochs = 4;
const measuredEpochs = 3;
/** Beyond the scheduled anchors, whose responses are there already. */
const firstPicked = 14;
/** Between two clicks, as a person looks. */
const restMs = 500;

declare global {
  interface Window {
    readonly longTasks: { readonly start: number; readonly duration: number }[];
  }
}

async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const longTasks: { start: number; duration: number }[] = [];
    Object.assign(window, { longTasks });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) longTasks.push({ start: startTime, duration });
    }).observe({ type: "longtask", buffered: true });
  });
}

/** Does the work and says which tasks of more than 50 ms the main thread had meanwhile. */
async function during(page: Page, title: string, work: () => Promise<void>): Promise<void> {
  const from = await page.evaluate(() => performance.now());
  await work();
  // The browser reports a long task some time after it has ended.
  await page.waitForTimeout(restMs);
  const long = await page.evaluate(
    (start) => window.longTasks.filter((task) => task.start >= start).map(({ duration }) => Math.round(duration)),
    from,
  );
  const longest = long.length > 0 ? `longest ${Math.max(...long)} ms` : "none";
  console.log(`tasks over 50 ms ${title}: ${long.length}, ${longest}${long.length > 0 ? ` (${long.join(", ")})` : ""}`);
}

/** Clicks an image of the grid, in the page; how many milliseconds until the bars of its response stand there. */
async function clickUntilDrawn(page: Page, place: number): Promise<number> {
  const { name, started } = await page.evaluate((at) => {
    const picked = document.querySelector<HTMLElement>(`[data-at="${at}"]`)!;
    const now = performance.now();
    picked.click();
    return { name: picked.getAttribute("aria-label")!.replace("Pick ", ""), started: now };
  }, place);
  const drawn = await page.waitForFunction((of) => {
    const bars = document.querySelector(`figure[aria-label^="Response of every probe to ${of},"] svg`);
    return bars && performance.now();
  }, name);
  return (await drawn.jsonValue())! - started;
}

/** How often the page is asked whether it has come so far: looking through it is work of its main thread as well. */
const polling = 100;

/** Everything at rest: no busy main thread for a second. */
const atRest = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () => {
      const last = window.longTasks.at(-1);
      return performance.now() > 1000 + (last ? last.start + last.duration : 0);
    },
    undefined,
    { polling },
  );

/** The run is that far, as its status line says. */
const epochReached = (page: Page, epoch: number): Promise<unknown> =>
  page.waitForFunction(
    (from) => Number(/^Epoch ([\d.]+) of/.exec(document.querySelector("output")?.textContent ?? "")?.[1]) >= from,
    epoch,
    { polling, timeout: 300_000 },
  );

/** Clicks at so many probes take longer, so fewer of them do. */
const manyProbes = { perClass: 143, clicks: 5 } as const;

/** The default experiment with a thousand probes, opened by its link, untrained: how long a click on a new anchor takes. */
async function benchManyProbes(browser: Browser, address: string): Promise<void> {
  const catalogue = catalogueOf();
  const { perClass, clicks } = manyProbes;
  const spec = parseSpec({ dataset: { testPerClass: perClass }, probing: { probesPerClass: perClass } }, catalogue);
  const shared = { spec, beside: defaultBeside(spec, catalogue), log: [], view: defaultView(spec, catalogue) };
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await watchLongTasks(page);
  await page.goto(`${address}#${encode(shared, catalogue)}`);
  await page.getByRole("button", { name: /^Backend: (?!Starting)/ }).waitFor();
  // Said when all scheduled anchors are measured and the linear model has caught up.
  await page.getByText("press Train").waitFor({ timeout: 300_000 });
  await atRest(page);
  const delays: number[] = [];
  for (let at = 0; at < clicks; at++) {
    delays.push(await clickUntilDrawn(page, firstPicked + at));
    await page.waitForTimeout(restMs);
  }
  const probeCount = spec.dataset.classes.length * perClass;
  console.log(`a click at ${probeCount} probes until its response is drawn: median ${median(delays).toFixed(0)} ms`);
}

export async function benchPage(): Promise<void> {
  const served = await serveBuild();
  const browser = await launchBrowser(byProcessor);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const scripts: { address: string; bytes: number }[] = [];
    page.on("response", (response) => {
      if (!new URL(response.url()).pathname.endsWith(".js")) return;
      void response.body().then(
        (body) => scripts.push({ address: response.url(), bytes: gzipSync(body).length }),
        () => undefined,
      );
    });
    await watchLongTasks(page);
    await page.goto(served.address);
    await page.getByRole("figure").first().waitFor();
    const figure = await page.evaluate(() => performance.now());
    // What the file itself asks for; the page adds to its head what it fetches later.
    const html = await (await fetch(served.address)).text();
    const needed = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => new URL(path!, page.url()).href);
    await page.getByRole("button", { name: /^Backend: (?!Starting)/ }).waitFor();
    await atRest(page);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]!.startTime);
    const bytes = scripts.filter(({ address }) => needed.includes(address)).reduce((sum, own) => sum + own.bytes, 0);
    console.log(`first contentful paint ${paint.toFixed(0)} ms, first figure ${figure.toFixed(0)} ms`);
    console.log(`JavaScript needed for it ${(bytes / 1000).toFixed(0)} kB gzip`);

    for (const heatmap of ["Classes", "Images"]) {
      console.log(`With the heatmap of ${heatmap.toLowerCase()}`);
      await page.getByRole("radio", { name: heatmap, exact: true }).check({ force: true });
      await page.getByRole("button", { name: "Reset to the same initial weights" }).click();
      await page.getByText(/moves its own/).waitFor();
      await atRest(page);
      await during(page, `while ${trainedEpochs} epochs are trained, ${measuredEpochs} of them measured`, async () => {
        await page.getByRole("button", { name: "Train", exact: true }).click();
        await epochReached(page, trainedEpochs + 0.1);
      });
      await page.getByRole("button", { name: "Stop here" }).click();
      await atRest(page);

      const delays: number[] = [];
      await during(page, `over ${probeClicks} probe clicks`, async () => {
        for (let at = 0; at < probeClicks; at++) {
          delays.push(await clickUntilDrawn(page, firstPicked + at));
          await page.waitForTimeout(restMs);
        }
      });
      console.log(`a click until its response is drawn: median ${median(delays).toFixed(0)} ms`);
    }
    await page.close();
    await benchManyProbes(browser, served.address);
  } finally {
    await browser.close();
    await served.close();
  }
}
