// How the cost of the full matrix grows with anchors, probes and width: `npm run bench -- growth --save FOLDER`. The engine in a
// headless browser; a log-log chart of each, drawn by the lab's own writer, and the numbers that they were drawn from.
import type { Page } from "playwright-core";
import { svgOf } from "../../src/app/export/svg.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { launchBrowser, serveSources } from "../helpers/browser.ts";
import { chartOf, type Sweep } from "./growthChart.ts";
import { json, markdownTable, median, openPage, save, settingOf } from "./report.ts";
import type { MatrixTask, MatrixTimes } from "./tasks.ts";

const rounds = 3;
/** A series ends before a size that would take longer than this, in milliseconds. */
const longest = 60_000;

interface SeriesPlan {
  readonly title: string;
  readonly sizes: readonly number[];
  readonly task: (size: number) => MatrixTask;
}

interface SweepPlan {
  readonly name: string;
  readonly xTitle: string;
  readonly fixed: string;
  readonly series: readonly SeriesPlan[];
}

const mlp = { title: "MLP 512", network: 512 } as const;
const cnn = { title: "CNN", network: "cnn2" } as const;

const anchorCounts = [10, 30, 100, 300, 1000];
const probeCounts = [100, 200, 500, 1000, 2000, 5000];

const plans: readonly SweepPlan[] = [
  {
    name: "anchors",
    xTitle: "Anchors K",
    fixed: "1000 probes",
    series: [mlp, cnn].map(({ title, network }) => ({
      title,
      sizes: anchorCounts,
      task: (anchorCount) => ({ network, anchorCount, probeCount: 1000 }),
    })),
  },
  {
    name: "probes",
    xTitle: "Probes P",
    fixed: "100 anchors",
    series: [mlp, cnn].map(({ title, network }) => ({
      title,
      sizes: network === "cnn2" ? probeCounts.filter((count) => count <= 2000) : probeCounts,
      task: (probeCount) => ({ network, anchorCount: 100, probeCount }),
    })),
  },
  {
    name: "width",
    xTitle: "Width of the hidden layer, units",
    fixed: "100 anchors, 1000 probes",
    series: [
      {
        title: "MLP",
        sizes: [128, 512, 2048, 8192, 40960],
        task: (width) => ({ network: width, anchorCount: 100, probeCount: 1000 }),
      },
    ],
  },
];

/** The times of one size, one a round. */
interface Measured {
  readonly size: number;
  readonly whole: number[];
  readonly matrix: number[];
}

/** Round by round through all sizes, so that a slow minute of the machine does not hit one size alone. */
async function measured(page: Page, { sizes, task }: SeriesPlan): Promise<Measured[]> {
  const all: Measured[] = [];
  const timesOf = (size: number): Promise<MatrixTimes> => page.evaluate((own) => window.clockMatrix(own), task(size));
  for (let round = 0; round < rounds; round++)
    for (const [at, size] of sizes.entries()) {
      const before = all[at - 1];
      if (!all[at]) {
        const expected = before ? (before.whole[0]! * size) / before.size : 0;
        if (round > 0 || expected > longest) break;
        all.push({ size, whole: [], matrix: [] });
      }
      const { whole, matrix } = await timesOf(size);
      all[at]!.whole.push(whole);
      all[at]!.matrix.push(matrix);
    }
  return all;
}

export async function benchGrowth(folder: string | undefined): Promise<void> {
  const served = await serveSources();
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, `${served.address}tests/bench/engine.html`, "clockMatrix");
    const setting = await settingOf(browser, page);
    for (const { network } of [mlp, cnn])
      await page.evaluate((task) => window.clockMatrix(task), { network, anchorCount: 10, probeCount: 250 });
    const sweeps: Sweep[] = [];
    for (const { name, xTitle, fixed, series } of plans) {
      const done = [];
      for (const plan of series) {
        done.push({ title: plan.title, points: await measured(page, plan) });
        console.error(`${name}: ${plan.title} done`);
      }
      sweeps.push({
        name,
        xTitle,
        fixed,
        rounds,
        series: done.map(({ title, points }) => ({
          title,
          points: points.map((point) => ({ ...point, wholeMs: median(point.whole), matrixMs: median(point.matrix) })),
        })),
      });
    }
    const charts = sweeps.map((sweep): [string, string] => [
      `${sweep.name}.svg`,
      svgOf(chartOf(sweep), {
        widthPx: 760,
        heightPx: 400,
        fontPx: 13,
        theme: lightTheme,
        fontFamily: "Helvetica, Arial, 'Liberation Sans', sans-serif",
        hasPaper: true,
        isFile: true,
      }),
    ]);
    save(folder, { ...Object.fromEntries(charts), "growth.json": json({ setting, rounds, sweeps }) });
    console.log(tablesOf(sweeps));
  } finally {
    await browser.close();
    await served.close();
  }
}

const tablesOf = (sweeps: readonly Sweep[]): string =>
  sweeps
    .map(({ xTitle, fixed, series }) =>
      markdownTable([
        [`${xTitle} (${fixed})`, "network", "whole, ms", "matrix, ms"],
        ...series.flatMap(({ title, points }) =>
          points.map(({ size, wholeMs, matrixMs }) => [String(size), title, wholeMs.toFixed(1), matrixMs.toFixed(1)]),
        ),
      ]),
    )
    .join("\n\n");
