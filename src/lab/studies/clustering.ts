// Clustering by local elasticity (He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7): do the similarities of a
// network that tells two classes from others, tell these two apart?
import { int } from "../params.ts";
import type { StudyPlugin } from "../study.ts";
import type { ClusteringFinding } from "./clustering/finding.ts";
import { methods } from "./clustering/method.ts";
import { presets } from "./clustering/presets.ts";
import { cellsOf, check, groupsOf, params, type ClusteringParams } from "./clustering/setting.ts";
import { gridTable, tidyTable } from "./clustering/tables.ts";

export { summaryOf, type ClusteringFinding, type Status, type Summary } from "./clustering/finding.ts";
export type { Method } from "./clustering/method.ts";
export { cellsOf, choiceOf, tasksOf, type Cells, type ClusteringParams } from "./clustering/setting.ts";
export { titleOfTask, type Task } from "./clustering/task.ts";

export const clustering: StudyPlugin<ClusteringParams, ClusteringFinding> = {
  id: "clustering",
  title: "Clustering by local elasticity",
  question: "Do a network's similarities tell apart two classes that it was never told apart?",
  source: "He and Su, ICLR 2020, Algorithm 1 and Tables 1, 2, 3, 5, 6 and 7",
  explanation: {
    words:
      "The kernelized similarity is the change at x' per unit of step and of loss slope at x; for a small step it is the inner product of the two gradients. Kernel K-means on it splits a class into the two that it was made of.",
    tex: String.raw`S_{\mathrm{ker}}(x,x')=\frac{f(x';w)-f(x';w^+)}{\eta\;\partial L/\partial f(x)}\;\xrightarrow{\;\eta\to 0\;}\;\langle\nabla_w f(x),\nabla_w f(x')\rangle`,
    spoken:
      "kernelized similarity: the change of the score at x prime over minus the step size times the loss slope at x; as the step goes to 0, the inner product of the gradients at x and x prime",
    source: "He and Su, ICLR 2020, eq. 3",
  },
  params,
  view: {
    method: int({ title: "Picked row", byDefault: -1, min: -1, max: methods.length - 1, help: "-1: none." }),
    task: int({ title: "Picked column", byDefault: -1, min: -1, max: 99, help: "-1: none." }),
    seed: int({ title: "Picked seed", byDefault: 0, min: 0, max: 99 }),
  },
  presets,
  check,
  keys: (chosen) => {
    const { rows, columns, key } = cellsOf(chosen);
    return chosen.seeds.flatMap((seed) => columns.flatMap((task) => rows.map((method) => key(method, task, seed))));
  },
  together: (chosen) => {
    const { rows, columns, key } = cellsOf(chosen);
    const pieces = [...groupsOf(rows), ...rows.filter(({ network: own }) => !own).map((row) => [row])];
    return chosen.seeds.flatMap((seed) =>
      columns.flatMap((task) => pieces.map((piece) => piece.map((row) => key(row, task, seed)))),
    );
  },
  // The libraries of clustering are for whoever computes, not for the page's first view.
  async *run(chosen, desk, known) {
    const { run } = await import("./clustering/run.ts");
    yield* run(chosen, desk, known);
  },
  tables: (chosen, findings) => [gridTable(chosen, findings), tidyTable(chosen, findings)],
  lasting: ({ similarity: _similarity, ...value }) => value,
};
