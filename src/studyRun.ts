// A study on the command line: its findings go to a file as they come, so that it goes on where it was stopped.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hire } from "./crew.ts";
import { makeFolder, specText, written } from "./files.ts";
import { dealtStudy } from "./dealing.ts";
import { LabError } from "./lab/error.ts";
import type { BackendId, Lab } from "./lab/lab.ts";
import { studies } from "./lab/studies.ts";
import { parseStudy, type StudyPlugin, type StudySpec, type StudyTable } from "./lab/study.ts";
import { csvOfTable, latexOfTable, markdownOfTable } from "./lab/tabular.ts";

export interface StudyArguments {
  readonly specPath: string;
  readonly out: string;
  readonly backend: BackendId | "auto";
  /** Processes that share the work. */
  readonly workers: number;
  readonly memoryBytes: number | undefined;
}

const findingsFile = "findings.json";

export async function runStudy(lab: Lab, { specPath, out, backend, ...means }: StudyArguments): Promise<void> {
  const spec = studyOf(specText(specPath));
  const plugin = studies.find(({ id }) => id === spec.study)!;
  const { id } = await lab.chooseBackend(backend);
  makeFolder(out, "study.json");
  written(join(out, "study.json"), (path) => writeFileSync(path, `${JSON.stringify(spec, null, 2)}\n`));
  const findings = findingsIn(join(out, findingsFile));
  const wanted = plugin.keys(spec.params);
  const { signal } = new AbortController();
  const left = (): number => wanted.filter((key) => !findings.has(key)).length;
  const known = new Set(findings.keys());
  const crew = means.workers > 1 ? await hire(means.workers, { backend, ...means }) : undefined;
  try {
    const events = crew
      ? dealtStudy(spec, { labs: crew.labs, plugin, known, signal })
      : lab.study(spec, { signal, known });
    for await (const event of events) {
      if (event.kind === "progress") {
        showProgress(`${wanted.length - left()} of ${wanted.length} done; ${event.progress.stage}`);
        continue;
      }
      findings.set(event.key, plugin.lasting ? plugin.lasting(event.value) : event.value);
      save(out, findings);
      showProgress(`${wanted.length - left()} of ${wanted.length} done`);
    }
  } catch (error) {
    // What was found before has its tables, too.
    if (findings.size > 0) writeTables(out, plugin, spec, findings);
    throw error;
  } finally {
    crew?.dismiss();
  }
  if (process.stderr.isTTY) process.stderr.write("\n");
  writeTables(out, plugin, spec, findings);
  const printed = plugin.tables(spec.params, findings).map((table) => printedTable(table, out));
  process.stdout.write(`Computed on ${id}.\n\n${printed.join("\n")}`);
}

/** Of a table, printed; its files have all. */
const mostRows = 24;

function printedTable(table: StudyTable, out: string): string {
  const count = table.rows.length;
  if (count <= mostRows) return markdownOfTable(table);
  const first = markdownOfTable({ ...table, rows: table.rows.slice(0, mostRows) });
  return `${first}\nThese are the first ${mostRows} of ${count} rows; all are in ${join(out, `${table.name}.csv`)}.\n`;
}

function studyOf(text: string): StudySpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const cause = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new LabError(
      "spec-invalid",
      `This is not a whole JSON file (${cause}); export the study again from the lab.`,
    );
  }
  return parseStudy(value, studies);
}

/** JSON has no word for what is not finite, and none for typed arrays. */
const toJson = (_key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value)
    ? Array.from(value as Float64Array)
    : typeof value === "number" && !Number.isFinite(value)
      ? { number: String(value) }
      : value;
const fromJson = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.keys(value).join() === "number"
    ? Number((value as { number: string }).number)
    : value;

function findingsIn(path: string): Map<string, unknown> {
  if (!existsSync(path)) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, "utf8"), fromJson) as Record<string, unknown>));
  } catch {
    throw new LabError(
      "spec-invalid",
      `${path} holds no findings of a study; delete it to begin anew, or give --out another folder.`,
    );
  }
}

/** By way of another file: a study that is stopped in the middle of writing leaves the old one whole. */
function save(out: string, findings: ReadonlyMap<string, unknown>): void {
  const path = join(out, findingsFile);
  written(path, () => {
    writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(findings), toJson)}\n`);
    renameSync(`${path}.new`, path);
  });
}

function writeTables(out: string, plugin: StudyPlugin, spec: StudySpec, findings: ReadonlyMap<string, unknown>): void {
  for (const table of plugin.tables(spec.params, findings)) {
    const dictionary = Object.entries(table.dictionary).map(([column, meaning]) => `${column}: ${meaning}\n`);
    const files = {
      [`${table.name}.csv`]: csvOfTable(table),
      [`${table.name}.md`]: markdownOfTable(table),
      [`${table.name}.tex`]: latexOfTable(table),
      [`${table.name}-dictionary.txt`]: dictionary.join(""),
    };
    for (const [name, text] of Object.entries(files)) written(join(out, name), (path) => writeFileSync(path, text));
  }
}

function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(100).slice(0, 100)}`);
  else process.stderr.write(`${line}\n`);
}
