// A clustering as tables: the grid of the paper, and a tidy one with a row for each cell and seed.
import type { Findings, StudyTable } from "../../study.ts";
import { published } from "../published.ts";
import { summaryOf, type ClusteringFinding, type Summary } from "./finding.ts";
import { cellsOf, manifestOf, type ClusteringParams } from "./setting.ts";
import { titleOfTask, wordOf } from "./task.ts";

const percent = (share: number): string => (100 * share).toFixed(1);

/** Mean over seeds, its spread, the paper's number, and seeds that came to nothing. */
function cellText({ mean: share, sd, seeds, statuses }: Summary, paper: number | undefined): string {
  const failed = failures.flatMap((status) => (statuses[status] > 0 ? [`${statuses[status]} ${status}`] : []));
  const value = seeds > 0 ? percent(share) + (seeds > 1 ? ` ± ${percent(sd)}` : "") : "";
  const printed = paper === undefined ? "" : `(${percent(paper)})`;
  return [[value, printed].filter(Boolean).join(" "), ...failed].filter(Boolean).join("; ");
}

const failures = ["collapsed", "diverged", "not measurable"] as const;

const over = (count: number): string => (count === 1 ? "one seed" : `mean ± s.d. over ${count} seeds`);

export function gridTable(chosen: ClusteringParams, findings: Findings<ClusteringFinding>): StudyTable {
  const { rows, columns } = cellsOf(chosen);
  const manifest = manifestOf(chosen);
  return {
    name: "clustering",
    title: `Clustering accuracy in percent, ${manifest.title}: ${over(chosen.seeds.length)}, in brackets the paper's`,
    columns: ["method", ...columns.map((task) => titleOfTask(task, manifest))],
    rows: rows.map((method) => [
      method.title,
      ...columns.map((task) =>
        cellText(summaryOf(chosen, findings, method, task), published(chosen.dataset, method.id, wordOf(task))?.value),
      ),
    ]),
    dictionary: {
      method: "similarity and network, or baseline",
      ...Object.fromEntries(
        columns.map((task) => [
          titleOfTask(task, manifest),
          "accuracy in percent under the better of the two labelings (50 at least), for the auxiliary classes in brackets",
        ]),
      ),
    },
  };
}

export function tidyTable(chosen: ClusteringParams, findings: Findings<ClusteringFinding>): StudyTable {
  const { rows, columns, key } = cellsOf(chosen);
  const known = (value: number | undefined): number | string =>
    value === undefined || Number.isNaN(value) ? "" : value;
  return {
    name: "clustering-cells",
    title: "Clustering, a row for each cell and seed",
    columns: Object.keys(tidyColumns),
    rows: columns.flatMap((task) =>
      rows.flatMap((method) =>
        chosen.seeds.flatMap((seed) => {
          const found = findings.get(key(method, task, seed));
          if (!found) return [];
          const paper = published(chosen.dataset, method.id, wordOf(task));
          return [
            [
              chosen.dataset,
              wordOf(task),
              method.id,
              seed,
              found.status,
              known(found.accuracy),
              found.images.length,
              known(found.trainLoss),
              known(found.trainAccuracy),
              known(found.deadShare),
              found.negative?.count ?? "",
              found.negative?.ratio ?? "",
              found.agreeing ?? "",
              found.starts ?? "",
              paper?.value ?? "",
              paper?.source ?? "",
              found.remark,
            ],
          ];
        }),
      ),
    ),
    dictionary: tidyColumns,
  };
}

const tidyColumns = {
  dataset: "where the images are from",
  task: "two primary classes, a stroke, the auxiliary classes",
  method: "baseline, or loss, similarity, network, and whether its weights are random",
  seed: "of the initial weights, the order of the training images and the starts of K-means",
  status: "measured, collapsed, diverged or not measurable",
  accuracy: "share of images on the right side under the better of the two labelings, 0.5 to 1",
  images: "primary images that were clustered",
  train_loss: "mean over all training images of (f - y)², or of the binary cross-entropy",
  train_accuracy: "share of training images on the right side of 1/2, or of probability 1/2",
  dead_share: "share of hidden units that are on at no training image",
  negative_count: "eigenvalues of the kernel below 0; empty where there is none",
  negative_ratio: "size of the least of them over the greatest",
  agreeing: "starts of kernel K-means that ended at the same objective as the best one",
  starts: "starts of K-means",
  paper: "accuracy as printed in the paper",
  paper_source: "where it is printed",
  remark: "what else is to be known",
};
