// What of a clustering study is looked at: one cell of the grid and one of its seeds, by their places.
import { cellsOf, choiceOf, type ClusteringFinding, type ClusteringParams } from "../../lab/studies/clustering.ts";
import type { DatasetChoice } from "../../lab/spec.ts";
import type { Findings } from "../../lab/study.ts";
import type { ClusteredCell } from "../figures/clusteringCell.ts";
import { pairTitle, type ClusteringInput } from "../figures/clusteringGrid.ts";
import type { OpenStudy } from "../state/studies.ts";

/** No cell is picked. */
export const nothingPicked = { method: -1, task: -1, seed: 0 };

export const inputOf = ({ spec, findings }: Pick<OpenStudy, "spec" | "findings">): ClusteringInput => ({
  params: spec.params as unknown as ClusteringParams,
  findings: findings as Findings<ClusteringFinding>,
});

/** A picked cell: what it is called, and what was found for its seed. */
export interface Picked {
  readonly row: number;
  readonly column: number;
  /** Place of the seed. */
  readonly seed: number;
  readonly pair: string;
  readonly method: string;
  readonly finding: ClusteringFinding | undefined;
  /** There once it is measured. */
  readonly cell: ClusteredCell | undefined;
  /** The images that its finding numbers. */
  readonly choice: DatasetChoice;
}

/** Undefined where nothing is picked, or the parameters have no such cell any more. */
export function pickedOf(study: Pick<OpenStudy, "spec" | "findings" | "view">): Picked | undefined {
  const { params, findings } = inputOf(study);
  const view = study.view as unknown as typeof nothingPicked;
  const { rows, columns, key } = cellsOf(params);
  const [method, task] = [rows[view.method], columns[view.task]];
  if (!method || !task) return undefined;
  const seed = Math.min(view.seed, params.seeds.length - 1);
  const finding = findings.get(key(method, task, params.seeds[seed]!));
  const name = `${pairTitle(task)}, ${method.title}, seed ${params.seeds[seed]!}`;
  const { network } = method;
  const similarity = !network ? "inputs" : network.option === "relative" ? "relative" : "kernel";
  return {
    row: view.method,
    column: view.task,
    seed,
    pair: pairTitle(task),
    method: method.title,
    finding,
    cell: finding?.status === "measured" ? { finding, pair: task.primary, name, similarity } : undefined,
    choice: choiceOf(params, task),
  };
}

/** The cell whose next seed is being computed; undefined where nothing is. */
export function underWay(study: OpenStudy): { readonly row: number; readonly column: number } | undefined {
  if (study.phase !== "running") return undefined;
  const { params, findings } = inputOf(study);
  const { rows, columns, key } = cellsOf(params);
  // What needs no network comes first.
  const inTurn = [...rows.entries()].sort(([, a], [, b]) => Number(Boolean(a.network)) - Number(Boolean(b.network)));
  for (const seed of params.seeds)
    for (const [column, task] of columns.entries())
      for (const [row, method] of inTurn) if (!findings.has(key(method, task, seed))) return { row, column };
  return undefined;
}
