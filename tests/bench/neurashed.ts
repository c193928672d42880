// How smoothly the graph of the neurashed study runs: `npm run bench -- neurashed`. The built page in a headless browser that paints on
// the processor, as browsers do where there is no graphics card: frames a second while a graph of 200 nodes plays, at the fastest
// speed with a wave and at the fastest one of all.
import type { Page } from "playwright-core";
import { encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { mostWaves, speeds } from "../../src/app/studies/neurashed/stage.ts";
import { manifests } from "../../src/lab/manifests.ts";
import type { Graph } from "../../src/lab/simulators/neurashed.ts";
import { features, layered } from "../../src/lab/simulators/neurashed/graphs.ts";
import { wordsOf } from "../../src/lab/simulators/neurashed/words.ts";
import { byProcessor, launchBrowser, serveBuild } from "../helpers/browser.ts";
import { median } from "./report.ts";

const playedMs = 10_000;
/** Left out: code that is compiled as it first runs, and the speed before. */
const startMs = 1000;
const { classes } = manifests.find(({ id }) => id === "drawn")!;

/** Two levels of features under all drawn classes, with a third of the edges that sharing by super-class makes. */
function largeGraph(): Graph {
  const levels = [
    { common: 20, perGroup: 12, perClass: 11 },
    { common: 14, perGroup: 8, perClass: 6 },
  ];
  const whole = layered(features(classes, "super-class", levels), classes);
  const nodes = whole.nodes.map((node, at) => ({
    ...node,
    children: node.children.filter((child) => (child + at) % 3 === 0),
  }));
  return { ...whole, nodes };
}

/** Milliseconds from one frame to the next while the page plays. */
async function framesOf(page: Page): Promise<number[]> {
  const times = await page.evaluate(async (ms) => {
    const seen: number[] = [];
    do seen.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    while (seen.at(-1)! - seen[0]! < ms);
    return seen;
  }, playedMs);
  return times.slice(1).map((time, at) => time - times[at]!);
}

const stepOf = async (page: Page): Promise<number> =>
  Number((await page.locator("span", { hasText: /^step [\d,]+$/ }).textContent())!.replace(/\D/g, ""));

export async function benchNeurashed(): Promise<void> {
  const graph = largeGraph();
  const edgeCount = graph.nodes.reduce((sum, { children }) => sum + children.length, 0);
  console.log(`A graph of ${graph.nodes.length} nodes and ${edgeCount} edges, played for ${playedMs / 1000} s`);
  const params = { classes: classes.map(({ id }) => id), nodes: wordsOf(graph) };
  const served = await serveBuild();
  const browser = await launchBrowser(byProcessor);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${served.address}#${encodeStudy(sharedStudy({ study: "neurashed", params }))}`);
    await page.getByRole("button", { name: /^Backend: (?!Starting)/ }).waitFor();
    for (const speed of [mostWaves, speeds.at(-1)!]) {
      await page.getByRole("slider", { name: "Speed" }).fill(String(speeds.findIndex((each) => each === speed)));
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.waitForTimeout(startMs);
      const from = await stepOf(page);
      const frames = await framesOf(page);
      const steps = (await stepOf(page)) - from;
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      const sorted = frames.toSorted((a, b) => a - b);
      const slow = sorted[Math.floor(0.95 * (sorted.length - 1))]!;
      console.log(
        [
          `at ${speed} steps a second ${speed <= mostWaves ? "with" : "without"} a wave:`,
          `median ${(1000 / median(frames)).toFixed(0)} frames a second,`,
          `${((1000 * frames.length) / playedMs).toFixed(1)} on average,`,
          `95 % of frames within ${slow.toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms;`,
          `${(steps / (playedMs / 1000)).toFixed(1)} steps a second made`,
        ].join(" "),
      );
    }
  } finally {
    await browser.close();
    await served.close();
  }
}
