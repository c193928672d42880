// The npm tarball of a data set: fetched by the ordinary npm client, and trusted only by its integrity hash.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DatasetManifest } from "../src/lab/contracts.ts";
import { PackError } from "./pack-error.ts";

type NpmPackage = NonNullable<DatasetManifest["npm"]>;
/** Puts the tarball of a package into a folder. @returns its path. */
export type FetchTarball = (npm: NpmPackage, folder: string) => Promise<string>;

const nameOf = (npm: NpmPackage): string => `${npm.package}@${npm.version}`;

/** Under `npm run` the client says where it is; else it is on the path, on Windows as a script for the shell. */
function npmCommand(): { command: string; before: readonly string[]; shell: boolean } {
  const script = process.env["npm_execpath"];
  if (script !== undefined && basename(script).startsWith("npm-cli"))
    return { command: process.execPath, before: [script], shell: false };
  return { command: "npm", before: [], shell: process.platform === "win32" };
}

/** @returns the exit code and what the client wrote to stderr. */
function runNpm(args: readonly string[], cwd: string): Promise<{ code: number; stderr: string }> {
  const { command, before, shell } = npmCommand();
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args], { cwd, shell, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    child.on("error", (cause) => reject(new PackError("The npm client could not be started; install npm.", { cause })));
    child.on("close", (code) => resolve({ code: code ?? 1, stderr }));
  });
}

/** npm's own words turned into one sentence with a remedy. */
export function npmFailure(name: string, stderr: string): PackError {
  const code = /code (\w+)/.exec(stderr)?.[1] ?? "";
  if (code === "ENOSPC") return new PackError(`No space is left to fetch ${name}; free some and run this again.`);
  if (["E404", "ETARGET", "ENOVERSIONS"].includes(code))
    return new PackError(`The package registry has no ${name}; check which registry npm is set to use.`);
  if (code === "EINTEGRITY")
    return new PackError(`${name} arrived damaged (wrong checksum); run this again to fetch it anew.`);
  if (
    /^(E5\d\d|E4\d\d|E(NOTFOUND|CONN|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH|NOTCACHED)|ERR_SOCKET|FETCH)/.test(code)
  )
    return new PackError(`The package registry is out of reach (${code}); connect to the network and run this again.`);
  const line =
    stderr.split("\n").find((each) => each.includes("npm err") || each.includes("npm ERR")) ?? "no reason given";
  return new PackError(`npm could not fetch ${name}: ${line.replace(/^npm \S+\s*/, "").trim()}.`);
}

/** Fetches by `npm pack`: the tarball alone, without its dependencies and without running its scripts. */
export const fetchByNpm: FetchTarball = async (npm, folder) => {
  const options = [
    "--ignore-scripts",
    "--loglevel=error",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ];
  const { code, stderr } = await runNpm(["pack", nameOf(npm), "--pack-destination", ".", ...options], folder);
  if (code !== 0) throw npmFailure(nameOf(npm), stderr);
  // The folder is ours and was empty: looking is surer than reading npm's output, whose form differs between versions.
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new PackError(`npm reported success but left no tarball of ${nameOf(npm)}.`);
  return join(folder, tarball);
};

/** The digest of a file, without holding the file in memory. */
export async function digestOf(path: string, algorithm: string, encoding: "hex" | "base64"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest(encoding);
}

/** @throws PackError when the tarball is not the one the manifest names. */
export async function checkIntegrity(path: string, npm: NpmPackage): Promise<void> {
  const [, algorithm, expected] = /^(sha(?:1|256|384|512))-(.+)$/.exec(npm.integrity) ?? [];
  if (algorithm === undefined || expected === undefined)
    throw new PackError(`The manifest's integrity of ${nameOf(npm)} is not a hash as npm writes it.`);
  const actual = await digestOf(path, algorithm, "base64");
  if (actual !== expected)
    throw new PackError(
      `${nameOf(npm)} has a wrong checksum: ${algorithm}-${actual}, not ${npm.integrity}; it was not used.`,
    );
}
