// What the benchmarks share: medians, the page of the engine, what it ran on and how much memory it took, and files of results.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { EngineFacts } from "./engine.ts";

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

export interface Setting extends EngineFacts {
  readonly processor: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly browser: string;
}

/** A page of the benchmarks, once its script has put `name` on the window. */
export async function openPage(browser: Browser, address: string, name: keyof Window): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeFunction("tell", (line: string) => console.error(line));
  await page.goto(address);
  await page.waitForFunction((own) => own in window, name, { timeout: 120_000 });
  return page;
}

/** @param page of the engine */
export const settingOf = async (browser: Browser, page: Page): Promise<Setting> => ({
  processor: cpus()[0]!.model,
  cores: cpus().length,
  memory: Math.round(totalmem() / 2 ** 30),
  browser: browser.version(),
  ...(await page.evaluate(() => window.facts)),
});

/**
 * The most memory that any renderer of a browser ever had resident, in bytes: VmHWM of its process, all its workers and the
 * browser's own code included. Undefined where the system has no /proc.
 */
export async function peakMemory(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  try {
    const peaks = processInfo
      .filter(({ type }) => type === "renderer")
      .map(({ id }) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))![1]) * 1024);
    return Math.max(...peaks);
  } catch {
    return undefined;
  }
}

/** Writes files, by name, where a folder was given. */
export function save(folder: string | undefined, files: Readonly<Record<string, string>>): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const etaTitle = (eta: number): string => `eta ${eta < 0.01 ? eta.toExponential() : eta}`;

/** @param rows of cells; the first one is the head */
export function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...rows.map(line)].join("\n");
}
