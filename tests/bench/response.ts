// What the response costs, in ratios that anyone can measure again: `npm run bench -- response --peer python3`. The engine in
// a headless browser and, round by round between, the same tasks in PyTorch where the peer's Python has it; then how exact it is.
import type { Browser } from "playwright-core";
import { backendIds, type BackendId } from "../../src/lab/lab.ts";
import { launchBrowser, serveSources } from "../helpers/browser.ts";
import type { Accuracy } from "./accuracy.ts";
import { peerOf, type Peer } from "./peer.ts";
import {
  etaTitle,
  json,
  markdownTable,
  median,
  openPage,
  peakMemory,
  save,
  settingOf,
  type Setting,
} from "./report.ts";

const rounds = 5;

interface Line {
  readonly title: string;
  readonly task: string;
  readonly part: string;
  /** What it is compared with: a task of the peer, or another part of its own task but never less than some milliseconds. */
  readonly beside: { readonly peer: string } | { readonly part: string; readonly atLeast: number };
  readonly besideTitle: string;
  /** At most this share of the other's time. */
  readonly target: number;
}

const literalLoop = "literal loop in PyTorch";

const lines: readonly Line[] = [
  ...["mlp-512", "mlp-4096"].flatMap((task, at): Line[] => [
    {
      title: `${task}, 100 anchors`,
      task,
      part: "whole",
      beside: { peer: `${task} literal` },
      besideTitle: literalLoop,
      target: 0.08,
    },
    {
      title: `${task}, 100 anchors`,
      task,
      part: "whole",
      beside: { peer: `${task} propagated` },
      besideTitle: "batched propagation in PyTorch",
      target: [0.6, 0.5][at]!,
    },
  ]),
  {
    title: "cnn2, 100 anchors",
    task: "cnn2",
    part: "whole",
    beside: { peer: "cnn2 literal" },
    besideTitle: literalLoop,
    target: 0.35,
  },
  {
    title: "cnn2, one anchor at probes that are ready",
    task: "cnn2 one anchor",
    part: "matrix",
    beside: { part: "passes", atLeast: 150 },
    besideTitle: "2 forward passes over the probes here, at least 150 ms",
    target: 1,
  },
  {
    title: "cnn2, training step with a batch of 64",
    task: "cnn2 train step",
    part: "step",
    beside: { peer: "cnn2 train step" },
    besideTitle: "the same in PyTorch",
    target: 2,
  },
];

/** Done once, beside the rounds. */
const wide: Line = {
  title: "two-layer-40960, 1000 anchors, once",
  task: "two-layer-40960",
  part: "whole",
  beside: { peer: "two-layer-40960 literal" },
  besideTitle: `${literalLoop}, 10 anchors times 100`,
  target: 0.01,
};

/** Bytes that the browser's renderer may take for the wide network. */
const memoryTarget = 2e9;

/** Milliseconds by task and part, one number a round. */
type Measured = Record<string, number[]>;

const note = (measured: Measured, key: string, ms: number): void => void (measured[key] ??= []).push(ms);

interface Times {
  readonly own: Measured;
  readonly theirs: Measured;
}

/** The wide network, in a browser of its own, so that its memory is nobody else's. */
async function measureWide(
  address: string,
  peer: Peer | undefined,
  { own, theirs }: Times,
): Promise<number | undefined> {
  const browser = await launchBrowser();
  let memory: number | undefined;
  try {
    const page = await openPage(browser, address, "clock");
    for (const [part, ms] of Object.entries(await page.evaluate((name) => window.clock(name), wide.task)))
      note(own, `${wide.task} ${part}`, ms);
    memory = await peakMemory(browser);
    if (memory === undefined) console.error("two-layer-40960: no peak memory, for this system has no /proc");
  } finally {
    await browser.close();
  }
  if (peer && "peer" in wide.beside) {
    console.error("two-layer-40960: 10 anchors of the peer");
    note(theirs, wide.beside.peer, await peer.ask(wide.beside.peer));
  }
  return memory;
}

type Accuracies = Readonly<Partial<Record<BackendId, Accuracy | { readonly absent: string }>>>;

/** On every backend of the browser that computes in single precision. */
async function measureAccuracy(browser: Browser, address: string): Promise<Accuracies> {
  const found: Partial<Record<BackendId, Accuracy | { readonly absent: string }>> = {};
  for (const backend of backendIds.filter((id) => id !== "cpu")) {
    const page = await openPage(browser, address, "accuracy");
    found[backend] = await page.evaluate((id) => window.accuracy(id), backend);
    await page.close();
    console.error(`accuracy on ${backend}`);
  }
  return found;
}

interface Row {
  readonly title: string;
  readonly here: string;
  readonly beside: string;
  readonly ratio: number | undefined;
  readonly target: number;
}

function rowOf({ title, task, part, beside, besideTitle, target }: Line, { own, theirs }: Times): Row {
  const ms = median(own[`${task} ${part}`]!);
  const others = "peer" in beside ? theirs[beside.peer] : own[`${task} ${beside.part}`];
  const measured = others && median(others);
  const other = measured && "atLeast" in beside ? Math.max(measured, beside.atLeast) : measured;
  return {
    title,
    here: `${ms.toFixed(0)} ms`,
    beside: measured === undefined ? besideTitle : `${measured.toFixed(0)} ms, ${besideTitle}`,
    ratio: other && ms / other,
    target,
  };
}

const memoryRow = (bytes: number): Row => ({
  title: "two-layer-40960, peak memory of the browser's renderer (VmHWM)",
  here: `${(bytes / 1e9).toFixed(2)} GB`,
  beside: `${(memoryTarget / 1e9).toFixed(2)} GB, the limit`,
  ratio: bytes / memoryTarget,
  target: 1,
});

const timesTable = (rows: readonly Row[]): string =>
  markdownTable([
    ["task, 1000 probes", "here", "beside", "ratio", "at most"],
    ...rows.map(({ title, here, beside, ratio, target }) => [
      title,
      here,
      beside,
      ratio?.toFixed(ratio < 0.1 ? 4 : 3) ?? "",
      String(target),
    ]),
  ]);

function accuracyTable(accuracies: Accuracies): string {
  const present = Object.entries(accuracies).filter((entry): entry is [string, Accuracy] => !("absent" in entry[1]));
  const etas = present[0]?.[1].etas ?? [];
  return markdownTable([
    ["relative error against float64", "backend", ...etas.map(etaTitle)],
    ...present.flatMap(([backend, { errors }]) =>
      Object.entries(errors).map(([network, own]) => [network, backend, ...own.map((error) => error.toExponential(1))]),
    ),
  ]);
}

function settingLine(setting: Setting, versions: Peer["versions"] | undefined): string {
  const { processor, cores, memory, browser, tensorflow, isCrossOriginIsolated, wasmThreads, helpers } = setting;
  const peer = Object.entries(versions ?? {}).map(([name, version]) => `${name} ${version}`);
  return [
    `${processor}, cores: ${cores}, ${memory} GiB`,
    `Chromium ${browser}, ${isCrossOriginIsolated ? "" : "not "}cross-origin isolated`,
    `TensorFlow.js ${tensorflow}, its wasm threads: ${wasmThreads}, our helpers: ${helpers}`,
    ...(peer.length > 0 ? [peer.join(", ")] : []),
    `medians of ${rounds} rounds`,
  ].join("; ");
}

export interface ResponseOptions {
  /** The peer's Python. */
  readonly python?: string | undefined;
  /** Where response.json and response.md go. */
  readonly folder?: string | undefined;
  /** Without the wide network, which takes minutes. */
  readonly isQuick: boolean;
}

export async function benchResponse({ python, folder, isQuick }: ResponseOptions): Promise<void> {
  const peer = python === undefined ? undefined : await peerOf(python);
  const served = await serveSources();
  const browser = await launchBrowser();
  const times: Times = { own: {}, theirs: {} };
  try {
    const engine = `${served.address}tests/bench/engine.html`;
    const page = await openPage(browser, engine, "clock");
    const setting = await settingOf(browser, page);
    const tasks = [...new Set(lines.map(({ task }) => task))];
    const asked = [...new Set(lines.flatMap(({ beside }) => ("peer" in beside ? [beside.peer] : [])))];
    // The first round warms both up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const task of tasks)
        for (const [part, ms] of Object.entries(await page.evaluate((name) => window.clock(name), task)))
          if (round > 0) note(times.own, `${task} ${part}`, ms);
      for (const task of peer ? asked : []) {
        const ms = await peer!.ask(task);
        if (round > 0) note(times.theirs, task, ms);
      }
      console.error(round === 0 ? "warm" : `round ${round} of ${rounds}`);
    }
    await page.close();
    const memory = isQuick ? undefined : await measureWide(engine, peer, times);
    const accuracy = await measureAccuracy(browser, `${served.address}tests/bench/accuracy.html`);
    const rows = [...lines, ...(isQuick ? [] : [wide])].map((line) => rowOf(line, times));
    if (memory !== undefined) rows.push(memoryRow(memory));
    const report = json({ setting, peer: peer?.versions, rounds, rows, ...times, peakMemoryBytes: memory, accuracy });
    const tables = [settingLine(setting, peer?.versions), timesTable(rows), accuracyTable(accuracy)].join("\n\n");
    save(folder, { "response.json": report, "response.md": `${tables}\n` });
    console.log(report);
    console.log(tables);
  } finally {
    peer?.close();
    await browser.close();
    await served.close();
  }
}
