// A real browser and a real server for tests: a Chromium of this machine, else the one inside an npm package.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { build, createServer, preview } from "vite";
import { sharedFolder } from "../sharedBuild.ts";

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

/** Paints pages without the graphics software that engines look for: on few cores one would wait for the other. */
export const byProcessor = ["--disable-gpu-compositing"];

export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = installed() ?? (await shipped());
  if (!existsSync(executablePath)) throw new Error(`No browser at ${executablePath}; set CHROMIUM_PATH to a Chromium.`);
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}

export interface Served {
  readonly address: string;
  close(): Promise<void>;
}

/** What a server says by default: nobody may share memory. */
const unisolated = {
  "Cross-Origin-Opener-Policy": "unsafe-none",
  "Cross-Origin-Embedder-Policy": "unsafe-none",
};

/** The sources, as `npm start` serves them, or without cross-origin isolation. */
export async function serveSources({ isolated = true } = {}): Promise<Served> {
  const headers = isolated ? {} : unisolated;
  const server = await createServer({ logLevel: "error", server: { port: 0, host: "127.0.0.1", headers } });
  await server.listen();
  return { address: addressOf(server.httpServer?.address()), close: () => server.close() };
}

interface Built {
  readonly outDir: string;
  /** Whoever looked at it has done. */
  leave(): void;
}

/** The built page: one for all test files of a run, made by the first that asks; elsewhere a build of one's own. */
async function built(): Promise<Built> {
  const shared = process.env[sharedFolder];
  const folder = shared ?? mkdtempSync(join(tmpdir(), "lab-build-"));
  const outDir = join(folder, "page");
  if (!existsSync(outDir)) {
    const unfinished = join(folder, "unfinished");
    await build({ logLevel: "error", build: { outDir: unfinished, emptyOutDir: true } });
    renameSync(unfinished, outDir);
  }
  return { outDir, leave: () => (shared ? undefined : rmSync(folder, { recursive: true, force: true })) };
}

/** The built page, as `npm run preview` serves it. */
export async function serveBuild(): Promise<Served> {
  const { outDir, leave } = await built();
  const server = await preview({ logLevel: "error", build: { outDir }, preview: { port: 0, host: "127.0.0.1" } });
  return {
    address: addressOf(server.httpServer.address()),
    async close() {
      await server.close();
      leave();
    },
  };
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The built page in a folder of the plainest of servers, which sends no headers but the types of files. */
export async function serveFiles(folder: string): Promise<Served> {
  const { outDir, leave } = await built();
  const server = createHttpServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://127.0.0.1");
    const path = join(outDir, pathname.slice(folder.length + 1) || "index.html");
    if (!pathname.startsWith(`/${folder}`) || !existsSync(path)) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": types[extname(path)] ?? "" }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `${addressOf(server.address())}${folder}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      leave();
    },
  };
}

function addressOf(address: unknown): string {
  const { port } = address as { port: number };
  return `http://127.0.0.1:${port}/`;
}
