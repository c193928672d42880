// A study on the command line that is ended by an error: what it had found is in its tables all the same.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { LabError } from "../src/lab/error.ts";
import type { Lab } from "../src/lab/lab.ts";
import { leSdeNetwork } from "../src/lab/studies/leSdeNetwork.ts";
import { parseStudy } from "../src/lab/study.ts";
import { studies } from "../src/lab/studies.ts";
import { runStudy } from "../src/studyRun.ts";

const folder = mkdtempSync(join(tmpdir(), "study-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("writes the tables of what was found before an error, which still ends it", async () => {
  const spec = { study: "le-sde-network", params: { trials: 2 } };
  const [key] = leSdeNetwork.keys(parseStudy(spec, studies).params as never);
  const error = new LabError("too-large", "There is no room left.");
  const lab = {
    chooseBackend: () => Promise.resolve({ id: "wasm" }),
    async *study() {
      yield await Promise.resolve({ kind: "finding", key, value: { divergedAt: 7 } });
      throw error;
    },
  } as unknown as Lab;
  const specPath = join(folder, "spec.json");
  writeFileSync(specPath, JSON.stringify(spec));
  const out = join(folder, "out");
  await expect(runStudy(lab, { specPath, out, backend: "wasm", workers: 1, memoryBytes: undefined })).rejects.toBe(
    error,
  );
  expect(readFileSync(join(out, "le-sde-network.csv"), "utf8")).toContain("1 trial diverged at step size 0.005");
});
