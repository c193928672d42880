// What the response costs, in ratios that anyone can measure again: `npm run bench -- response --peer python3`. The engine in
// a headless browser and, round by round between, the same tasks in PyTorch where the peer's Python has it.
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../src/node.ts";
import { launchBrowser, serveSources } from "../helpers/browser.ts";

const rounds = 5;

interface Line {
  readonly title: string;
  readonly task: string;
  readonly part: string;
  readonly peer: string;
  /** At most this share of the peer's time. */
  readonly target: number;
}

const lines: readonly Line[] = [
  ...["mlp-512", "mlp-4096"].flatMap((task, at): Line[] => [
    { title: `${task}, matrix / literal loop`, task, part: "whole", peer: `${task} literal`, target: 0.08 },
    {
      title: `${task}, matrix / batched propagation`,
      task,
      part: "whole",
      peer: `${task} propagated`,
      target: [0.6, 0.5][at]!,
    },
  ]),
  { title: "cnn2, matrix / literal loop", task: "cnn2", part: "whole", peer: "cnn2 literal", target: 0.35 },
  { title: "cnn2, training step", task: "cnn2 train step", part: "step", peer: "cnn2 train step", target: 2 },
];

interface Peer {
  readonly versions: Readonly<Record<string, string | number>>;
  ask(task: string): Promise<number>;
  close(): void;
}

/** Undefined, with a line that says so, where that Python has no PyTorch. */
async function peerOf(python: string): Promise<Peer | undefined> {
  const process = spawn(python, [join(root, "tests/bench/peer.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const said = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, never>> =>
    JSON.parse((await said.next()).value ?? '{"missing":"no answer"}');
  const { missing, versions } = await answer();
  if (missing !== undefined) {
    console.log(`No peer: ${python} has no PyTorch (${String(missing)}).`);
    return undefined;
  }
  return {
    versions: versions!,
    async ask(task) {
      process.stdin.write(`${JSON.stringify(task)}\n`);
      return Number((await answer()).ms);
    },
    close: () => process.stdin.end(),
  };
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** Milliseconds by task and part, one number a round. */
type Measured = Record<string, number[]>;

const note = (measured: Measured, key: string, ms: number): void => void (measured[key] ??= []).push(ms);

export async function benchResponse(python: string | undefined): Promise<void> {
  const peer = python === undefined ? undefined : await peerOf(python);
  const served = await serveSources();
  const browser = await launchBrowser();
  const [own, theirs]: [Measured, Measured] = [{}, {}];
  try {
    const page = await browser.newPage();
    await page.goto(`${served.address}tests/bench/engine.html`);
    await page.waitForFunction(() => "clock" in window, undefined, { timeout: 120_000 });
    const tasks = [...new Set(lines.map(({ task }) => task)), "cnn2 one anchor"];
    const asked = [...new Set(lines.map((line) => line.peer))];
    // The first round warms both up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const task of tasks)
        for (const [part, ms] of Object.entries(await page.evaluate((name) => window.clock(name), task)))
          if (round > 0) note(own, `${task} ${part}`, ms);
      for (const task of peer ? asked : []) {
        const ms = await peer!.ask(task);
        if (round > 0) note(theirs, task, ms);
      }
      console.error(round === 0 ? "warm" : `round ${round} of ${rounds}`);
    }
    const rows = lines.map(({ title, task, part, peer: other, target }) => {
      const [ms, peerMs] = [median(own[`${task} ${part}`]!), theirs[other] ? median(theirs[other]) : undefined];
      return { title, ms, peerMs, ratio: peerMs === undefined ? undefined : ms / peerMs, target };
    });
    const machine = { processor: cpus()[0]!.model, cores: cpus().length, browser: browser.version() };
    console.log(JSON.stringify({ machine, peer: peer?.versions, rounds, rows, own, theirs }, null, 2));
    console.log(markdown(rows));
  } finally {
    peer?.close();
    await browser.close();
    await served.close();
  }
}

interface Row {
  readonly title: string;
  readonly ms: number;
  readonly peerMs: number | undefined;
  readonly ratio: number | undefined;
  readonly target: number;
}

const markdown = (rows: readonly Row[]): string =>
  [
    "| task, 100 anchors, 1000 probes | here, ms | PyTorch, ms | ratio | at most |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ title, ms, peerMs, ratio, target }) =>
        `| ${title} | ${ms.toFixed(0)} | ${peerMs?.toFixed(0) ?? ""} | ${ratio?.toFixed(3) ?? ""} | ${target} |`,
    ),
  ].join("\n");
