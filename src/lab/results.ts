// The files of a run: the same in a browser and in a terminal.
import { matrixLines, rowLines, trainingLines } from "./csv.ts";
import { summarise, type Facts } from "./report.ts";
import type { ExperimentSpec } from "./spec.ts";
import type { Table } from "./table.ts";

/** Pieces of text by file name: `rows.csv`, `training.csv`, `matrix.csv` of the last measured moment, `summary.json`. */
export function resultFiles(spec: ExperimentSpec, table: Table, facts: Facts): Record<string, Iterable<string>> {
  const last = table.scheduled.at(-1);
  const measures = Object.keys(last?.measures ?? {});
  return {
    "rows.csv": ended(rowLines(table, spec, measures)),
    "training.csv": ended(trainingLines(table)),
    ...(last ? { "matrix.csv": ended(matrixLines(last, spec, facts.measure)) } : {}),
    "summary.json": [`${JSON.stringify(summarise(spec, table, facts), null, 2)}\n`],
  };
}

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
