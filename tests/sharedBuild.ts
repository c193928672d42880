// A folder for the page's build, which all test files of a run share; the first that needs it builds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The environment variable that says where it is, since test files run in processes of their own. */
export const sharedFolder = "LAB_SHARED_BUILD";

export function setup(): void {
  process.env[sharedFolder] = mkdtempSync(join(tmpdir(), "lab-build-"));
}

export function teardown(): void {
  rmSync(process.env[sharedFolder]!, { recursive: true, force: true });
}
