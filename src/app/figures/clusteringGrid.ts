// The grid of results: methods down, pairs of classes across, each cell an accuracy over seeds beside the paper's.
import {
  cellsOf,
  summaryOf,
  type ClusteringFinding,
  type ClusteringParams,
  type Method,
  type Summary,
  type Task,
} from "../../lab/studies/clustering.ts";
import { published } from "../../lab/studies/published.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type ColourScale, type Figure, type FigureData } from "./figure.ts";
import { plural } from "./wording.ts";

/** In percent; what is below 50 has its labels the wrong way round. */
export const accuracyScale: ColourScale = { kind: "sequential", low: 50, high: 100 };

export interface GridCell {
  /** Places in the parameters' own order. */
  readonly row: number;
  readonly column: number;
  readonly method: Method;
  readonly task: Task;
  readonly summary: Summary;
  /** In percent; NaN unless a seed was measured. */
  readonly accuracy: number;
  /** "75.9", or in a word what became of all seeds, or nothing while none is there. */
  readonly text: string;
  /** "± 3.1"; empty below two seeds. */
  readonly spread: string;
  /** In percent. */
  readonly paper: { readonly percent: number; readonly source: string } | undefined;
  /** Whether the lab has no greater mean in this column, and it is above chance. */
  readonly isBest: boolean;
}

export interface GridGroup {
  readonly title: string;
  readonly rows: readonly { readonly method: Method; readonly cells: readonly GridCell[] }[];
}

export interface Grid {
  readonly groups: readonly GridGroup[];
  readonly columns: readonly { readonly title: string; readonly auxiliary: string }[];
  readonly seedCount: number;
}

export const groupTitles = ["Baselines", "Linear twin", "Network", "Random weights"] as const;

export function groupOf({ network }: Method): (typeof groupTitles)[number] {
  if (!network) return "Baselines";
  if (network.weights === "random") return "Random weights";
  return network.architecture === "linear" ? "Linear twin" : "Network";
}

/** What a row is called under the title of its group. */
export const shortTitle = ({ title }: Method): string => title.replace(", random weights", "").replace(" (linear)", "");

export const pairTitle = ({ primary }: Task): string => primary.join(" v ");

export function gridOf(params: ClusteringParams, findings: Findings<ClusteringFinding>): Grid {
  const { rows, columns } = cellsOf(params);
  const summaries = rows.map((method) => columns.map((task) => summaryOf(params, findings, method, task)));
  const best = columns.map((_, column) =>
    summaries.reduce((most, row) => Math.max(most, row[column]!.mean || -Infinity), -Infinity),
  );
  const cellOf = (row: number, column: number): GridCell => {
    const [method, task, summary] = [rows[row]!, columns[column]!, summaries[row]![column]!];
    return {
      row,
      column,
      method,
      task,
      summary,
      accuracy: 100 * summary.mean,
      text: textOf(summary),
      spread: Number.isNaN(summary.sd) ? "" : `± ${(100 * summary.sd).toFixed(1)}`,
      paper: paperOf(params, method, column),
      isBest: summary.mean > 0.5 && summary.mean === best[column],
    };
  };
  return {
    groups: groupTitles
      .map((title) => ({
        title,
        rows: rows.flatMap((method, row) =>
          groupOf(method) === title ? [{ method, cells: columns.map((_, column) => cellOf(row, column)) }] : [],
        ),
      }))
      .filter((group) => group.rows.length > 0),
    columns: columns.map((task) => ({ title: pairTitle(task), auxiliary: task.auxiliary.join(", ") })),
    seedCount: params.seeds.length,
  };
}

function paperOf({ dataset, tasks }: ClusteringParams, { id }: Method, column: number): GridCell["paper"] {
  const found = published(dataset, id, tasks[column]!);
  return found && { percent: Number((100 * found.value).toFixed(2)), source: found.source };
}

const failures = ["collapsed", "diverged", "not measurable"] as const;

function textOf({ mean, statuses }: Summary): string {
  if (!Number.isNaN(mean)) return (100 * mean).toFixed(1);
  return failures.filter((status) => statuses[status] > 0).join(", ");
}

/** "75.9 ± 3.1 %, 3 seeds; 1 collapsed; paper 89.3 %", for hovers and for reading out. */
export function cellSentence({ text, spread, accuracy, summary, paper }: GridCell): string {
  const { seeds, n } = summary;
  const isMeasured = !Number.isNaN(accuracy);
  const failed = failures.flatMap((status) => {
    const count = summary.statuses[status];
    return count > 0 && isMeasured ? [`${count} ${status}`] : [];
  });
  return [
    isMeasured
      ? `${[text, spread].filter(Boolean).join(" ")} %, ${plural(n, "image")}, ${plural(seeds, "seed")}`
      : text || "not computed yet",
    ...failed,
    ...(paper ? [`paper ${paper.percent.toFixed(1)} %`] : []),
  ].join("; ");
}

export interface ClusteringInput {
  readonly params: ClusteringParams;
  readonly findings: Findings<ClusteringFinding>;
  readonly arrangement?: Figure["arrangement"];
}

export function clusteringGrid({ params, findings, arrangement = "row" }: ClusteringInput): Figure {
  const grid = gridOf(params, findings);
  const rows = grid.groups.flatMap((group) => group.rows);
  const columns = grid.columns.map(({ title, auxiliary }) => `${title} (${auxiliary})`);
  const cells = rows.map((row) => row.cells);
  const isFailed = cells.flat().some(({ text, accuracy }) => Number.isNaN(accuracy) && text !== "");
  return {
    name: "clustering-grid",
    title: "Accuracy of clustering",
    caption: [
      `Share of ${plural(2 * params.perClass, "image")} on the right side in percent, under the better of both labelings, so that 50 is the floor;`,
      grid.seedCount > 1
        ? `mean ± standard deviation over the measured ones of ${plural(grid.seedCount, "seed")}.`
        : "one seed.",
      isFailed ? "Hatched: no seed gave a number, and the word says why." : "",
    ]
      .filter(Boolean)
      .join(" "),
    arrangement,
    panels: [{ title: "", columnTitle: "Pair (auxiliary classes)" }],
    traces: [
      {
        type: "heatmap",
        panel: 0,
        rows: rows.map(({ method }) => method.title),
        columns,
        rowIds: rows.map(({ cells: [first] }) => first!.row),
        columnIds: columns.map((_, column) => column),
        values: cells.map((row) => row.map(({ accuracy }) => accuracy)),
        labels: cells.map((row) => row.map(({ text, spread }) => [text, spread].filter(Boolean).join(" "))),
        hover: cells.map((row) => row.map(cellSentence)),
        missing: isFailed ? "no number" : "not computed yet",
        scale: accuracyScale,
        colourTitle: "Accuracy in %, 50 is chance",
      },
    ],
    data: () => dataOf(cells.flat()),
  };
}

const dataOf = (cells: readonly GridCell[]): FigureData => ({
  columns: [
    "method",
    "pair",
    "auxiliary",
    "images",
    "seeds",
    "accuracy_mean",
    "accuracy_sd",
    "accuracy_low",
    "accuracy_high",
    "collapsed",
    "diverged",
    "not_measurable",
    "paper_accuracy",
    "paper_source",
  ],
  rows: cells.map(({ method, task, summary, paper }) => [
    method.id,
    task.primary.join("-"),
    task.auxiliary.join("-"),
    summary.n,
    summary.seeds,
    blankIfNaN(summary.mean),
    blankIfNaN(summary.sd),
    blankIfNaN(summary.low),
    blankIfNaN(summary.high),
    ...failures.map((status) => summary.statuses[status]),
    paper ? Number((paper.percent / 100).toFixed(4)) : "",
    paper?.source ?? "",
  ]),
  dictionary: {
    method: "Id of the method.",
    pair: "The two primary classes, which are clustered.",
    auxiliary: "The classes that the network learned to tell them from.",
    images: "Images clustered.",
    seeds: "Seeds that gave a number.",
    accuracy_mean: "Mean over these seeds of the share of images on the right side, 0.5 to 1. Blank: no seed gave one.",
    accuracy_sd: "Sample standard deviation over these seeds. Blank: fewer than two.",
    accuracy_low: "Lowest of them.",
    accuracy_high: "Highest of them.",
    collapsed: "Seeds whose network collapsed: all its hidden units were dead.",
    diverged: "Seeds whose training diverged.",
    not_measurable: "Seeds whose similarities were not measurable.",
    paper_accuracy: "The paper's number. Blank: it has none.",
    paper_source: "Where the paper has it.",
  },
});
