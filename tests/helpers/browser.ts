// A real browser and a real server for tests: a Chromium of this machine, else the one inside an npm package.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { build, createServer, preview } from "vite";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Real WebGPU and WebGL 2 on software, no sandbox (tests run as root), and no traffic of the browser's own. */
const flags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

function installed(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of names) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}

async function shipped(): Promise<string> {
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = installed() ?? (await shipped());
  if (!existsSync(executablePath)) throw new Error(`No browser at ${executablePath}; set CHROMIUM_PATH to a Chromium.`);
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}

export interface Served {
  readonly address: string;
  close(): Promise<void>;
}

/** The sources, as `npm start` serves them. */
export async function serveSources(): Promise<Served> {
  const server = await createServer({ logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
  return { address: addressOf(server.httpServer?.address()), close: () => server.close() };
}

/** A fresh build, as `npm run preview` serves it. */
export async function serveBuild(): Promise<Served> {
  const outDir = mkdtempSync(join(tmpdir(), "lab-build-"));
  await build({ logLevel: "error", build: { outDir, emptyOutDir: true } });
  const server = await preview({ logLevel: "error", build: { outDir }, preview: { port: 0, host: "127.0.0.1" } });
  return {
    address: addressOf(server.httpServer.address()),
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

function addressOf(address: unknown): string {
  const { port } = address as { port: number };
  return `http://127.0.0.1:${port}/`;
}
