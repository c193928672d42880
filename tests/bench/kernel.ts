// What a tangent kernel costs: `npm run bench -- kernel`. 500 x 500 drawn images, the CNN's seven outputs summed, in a headless
// browser: its time beside that of seven kernels of one output, its memory, and how soon it stops when asked to.
import { loadavg } from "node:os";
import { launchBrowser, serveSources } from "../helpers/browser.ts";
import { json, markdownTable, median, openPage, peakMemory, save, settingOf } from "./report.ts";

const rounds = 5;
/** Bytes that the browser's renderer may take. */
const memoryTarget = 1.5e9;

/** @param folder where kernel.json and kernel.md go */
export async function benchKernel(folder: string | undefined): Promise<void> {
  const served = await serveSources();
  const engine = `${served.address}tests/bench/engine.html`;
  try {
    const fresh = await launchBrowser();
    const first = await openPage(fresh, engine, "clock");
    const setting = await settingOf(fresh, first);
    const { told, images } = await first.evaluate(() => window.clock("kernel sum"));
    const memory = await peakMemory(fresh);
    await fresh.close();

    const browser = await launchBrowser();
    const page = await openPage(browser, engine, "clock");
    const times: Record<string, number[]> = {};
    const load = [loadavg()[0]!];
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const [part, ms] of Object.entries(await page.evaluate(() => window.clock("kernel"))))
        if (round > 0) (times[part] ??= []).push(ms);
      console.error(round === 0 ? "warm" : `round ${round} of ${rounds}`);
    }
    load.push(loadavg()[0]!);
    await browser.close();

    const [sum, singles] = [median(times.sum!), median(times.singles!)];
    const stop = Math.max(...times.stop!);
    const stopCount = times.stops!.reduce((all, count) => all + count, 0);
    const rows = [
      [`${images} x ${images} images, 7 outputs summed`, `${(sum / 1000).toFixed(2)} s`],
      ["7 kernels of one output", `${(singles / 1000).toFixed(2)} s; ratio ${(sum / singles).toFixed(2)}`],
      [`longest of ${stopCount} stops, from the wish to the end`, `${stop.toFixed(0)} ms`],
      ["how often it tells how far it is", String(told)],
      [
        "peak memory of the browser's renderer (VmHWM), summed kernel alone",
        memory === undefined
          ? "not known: this system has no /proc"
          : `${(memory / 1e9).toFixed(2)} GB, at most ${memoryTarget / 1e9} GB`,
      ],
    ];
    const table = markdownTable([["tangent kernel of the CNN, medians of 5 rounds", "here"], ...rows]);
    const where = `${setting.processor}, cores: ${setting.cores}; Chromium ${setting.browser}; TensorFlow.js ${setting.tensorflow}, wasm threads: ${setting.wasmThreads}; load ${load.map((own) => own.toFixed(1)).join(" to ")}`;
    const report = json({ setting, load, rounds, told, peakMemoryBytes: memory, times });
    save(folder, { "kernel.json": report, "kernel.md": `${where}\n\n${table}\n` });
    console.log(report);
    console.log(`${where}\n\n${table}`);
  } finally {
    await served.close();
  }
}
