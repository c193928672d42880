// A study on the command line in several processes: the same findings as in one.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root } from "../src/node.ts";

const folder = mkdtempSync(join(tmpdir(), "lab-crew-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = join(folder, "study.json");
writeFileSync(
  spec,
  JSON.stringify({
    study: "clustering",
    params: {
      methods: ["kmeans", "l2-relative-linear", "l2-kernelized-relu-random", "bce-normalised-relu-random"],
      tasks: ["tiger-lion/cat-dog"],
      perClass: 6,
      width: 8,
      linearEpochs: 2,
      seeds: [1, 2],
    },
  }),
);

const lab = (...words: string[]): Promise<{ status: number; err: string }> =>
  new Promise((resolve) => {
    const command = ["--import", "tsx", join("src", "cli.ts"), "study", spec, ...words];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 2 ** 26 }, (error, _out, err) =>
      resolve({ status: error ? Number(error.code) : 0, err }),
    );
  });

const findingsIn = (name: string): unknown => JSON.parse(readFileSync(join(folder, name, "findings.json"), "utf8"));

it("finds the same in two processes as in one", async () => {
  expect((await lab("--out", join(folder, "one"))).status).toBe(0);
  expect((await lab("--out", join(folder, "two"), "--workers", "2")).status).toBe(0);
  expect(findingsIn("two")).toEqual(findingsIn("one"));
  expect(readFileSync(join(folder, "two", "clustering.csv"), "utf8")).toBe(
    readFileSync(join(folder, "one", "clustering.csv"), "utf8"),
  );
});

it("says which numbers of processes there are", async () => {
  const { status, err } = await lab("--out", join(folder, "none"), "--workers", "0");
  expect([status, err]).toEqual([1, 'lab: --workers is "0"; give a whole number of processes from 1 to 64.\n']);
});
