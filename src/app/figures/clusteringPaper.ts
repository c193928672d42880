// The lab's accuracies against the paper's: one point a cell, with its interval over seeds, about the line where both agree.
import { interval } from "../../math/stats.ts";
import { cellsOf, type ClusteringParams } from "../../lab/studies/clustering.ts";
import { published } from "../../lab/studies/published.ts";
import { cellSentence, gridOf, groupTitles, type ClusteringInput, type GridCell } from "./clusteringGrid.ts";
import type { Axis, Figure, LineTrace, Marker, PointsTrace } from "./figure.ts";
import { classColour } from "./palette.ts";
import { niceTicks } from "./scale.ts";
import { plural } from "./wording.ts";

const looks: Readonly<Record<string, { readonly colour: string; readonly marker: Marker }>> = {
  Baselines: { colour: classColour(3), marker: "x" },
  "Linear twin": { colour: classColour(4), marker: "square" },
  Network: { colour: classColour(0), marker: "circle" },
  "Random weights": { colour: classColour(2), marker: "diamond" },
};

const axis = (title: string): Axis => ({ title, low: 48, high: 100, ticks: niceTicks(50, 100, 5) });

/** A cell that both have, and the interval of the lab's mean. */
interface Both {
  readonly cell: GridCell;
  readonly paper: number;
  readonly low: number;
  readonly high: number;
}

/** Whether the paper has a number for any of the cells; without one there is nothing to draw. */
export const isPublished = ({ dataset, methods, tasks }: ClusteringParams): boolean =>
  methods.some((method) => tasks.some((task) => published(dataset, method, task) !== undefined));

export function clusteringPaper(input: ClusteringInput): Figure {
  const { params, arrangement = "row" } = input;
  const groups = gridOf(params, input.findings).groups.map(({ title, rows }) => ({
    title,
    cells: rows.flatMap((row) => row.cells.flatMap((cell) => bothOf(cell, input))),
  }));
  const all = groups.flatMap(({ cells }) => cells);
  const columnCount = cellsOf(params).columns.length;
  return {
    name: "clustering-against-paper",
    title: "Accuracy: lab against paper",
    caption: `${plural(all.length, "cell")} that the paper has too: its accuracy across, the lab's mean over ${plural(params.seeds.length, "seed")} upwards, in percent${params.seeds.length > 1 ? ", with 95 % intervals (Student t over seeds)" : ""}. On the dashed line both agree.`,
    arrangement,
    panels: [
      {
        title: "",
        x: axis("Accuracy in the paper, %"),
        y: axis("Accuracy here, %"),
        ...(all.length === 0 ? { note: "Nothing yet that the paper has too" } : {}),
      },
    ],
    traces: [
      line([50, 100], [50, 100], "dash"),
      ...all.filter(({ low, high }) => low < high).map(({ paper, low, high }) => line([paper, paper], [low, high])),
      ...groupTitles.flatMap((title): PointsTrace[] => {
        const cells = groups.find((group) => group.title === title)?.cells ?? [];
        return cells.length === 0
          ? []
          : [
              {
                type: "points",
                panel: 0,
                title,
                x: cells.map(({ paper }) => paper),
                y: cells.map(({ cell }) => cell.accuracy),
                ids: cells.map(({ cell: { row, column } }) => row * columnCount + column),
                hover: cells.map(
                  ({ cell }) => `${cell.method.title}, ${cell.task.primary.join(" v ")}: ${cellSentence(cell)}`,
                ),
                ...looks[title]!,
                radius: 4,
              },
            ];
      }),
    ],
    data: () => ({
      columns: ["method", "pair", "auxiliary", "paper", "lab", "low", "high", "seeds"],
      rows: all.map(({ cell, paper, low, high }) => [
        cell.method.id,
        cell.task.primary.join("-"),
        cell.task.auxiliary.join("-"),
        paper,
        cell.accuracy,
        low,
        high,
        cell.summary.seeds,
      ]),
      dictionary: {
        method: "Id of the method.",
        pair: "The two primary classes.",
        auxiliary: "The auxiliary classes.",
        paper: "The paper's accuracy in percent.",
        lab: "Mean accuracy over seeds in percent.",
        low: "Lower bound of the 95 % confidence interval of the mean (Student t over seeds; the mean itself below two).",
        high: "Upper bound of the same interval.",
        seeds: "Number of seeds in the mean.",
      },
    }),
  };
}

function bothOf(cell: GridCell, { params, findings }: ClusteringInput): Both[] {
  if (!cell.paper || cell.summary.seeds === 0) return [];
  const { key } = cellsOf(params);
  const accuracies = params.seeds.flatMap((seed) => {
    const found = findings.get(key(cell.method, cell.task, seed));
    return found?.status === "measured" ? [100 * found.accuracy] : [];
  });
  const { low, high } = interval(accuracies);
  return [{ cell, paper: cell.paper.percent, low, high }];
}

const line = (x: readonly number[], y: readonly number[], dash: LineTrace["dash"] = "solid"): LineTrace => ({
  type: "line",
  panel: 0,
  title: "",
  x,
  y,
  colour: "#000000",
  dash,
  marker: "none",
  faint: true,
});
