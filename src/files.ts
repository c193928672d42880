// Files of the command line: specs in, results out, and one sentence where that fails.
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "./lab/error.ts";

/** Made, and its first file opened for writing, before anything is computed: so a wrong folder costs no run. */
export function makeFolder(path: string, first: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code = "unknown cause" } = error as NodeJS.ErrnoException;
    throw new LabError("spec-invalid", `--out ${path} cannot be made (${code}); give the path of a folder.`);
  }
  written(join(path, first), (file) => closeSync(openSync(file, "a")));
}

/** @throws LabError that names the file and what to do, whatever the system says */
export function written(path: string, write: (path: string) => void): void {
  try {
    write(path);
  } catch (error) {
    const { code = "unknown cause" } = error as NodeJS.ErrnoException;
    throw new LabError(
      "spec-invalid",
      `${path} cannot be written (${code}); give --out a folder that can be written to and has room.`,
    );
  }
}

/** A byte order mark, and the two lines that npm prints before `npm run lab -- example > spec.json`. */
const beforeSpec = /^\uFEFF?(?:\s*\n|> .*\n)*/;

/** The text of a spec's file. @throws LabError `spec-invalid` */
export function specText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(beforeSpec, "");
  } catch {
    throw new LabError(
      "spec-invalid",
      `${path} cannot be read; give the path of a spec, or make one by "npm run lab -- example".`,
    );
  }
}
