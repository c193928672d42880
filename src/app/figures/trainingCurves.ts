// Training curves: loss and accuracy against the epoch, for training and held-out images.
import type { TrainingRow } from "../../lab/table.ts";
import { blankIfNaN, type Arrangement, type Axis, type Figure, type FigureData, type LineTrace } from "./figure.ts";
import { epochAxis, niceAxis, niceTicks, shortNumber } from "./scale.ts";
import * as say from "./wording.ts";

export interface TrainingInput {
  readonly runs: readonly say.Run[];
  readonly mark?: number | undefined;
  readonly arrangement?: Arrangement;
}

const quantities = [
  { title: "Loss", axis: "Loss (mean over images)", train: "trainLoss", test: "testLoss" },
  { title: "Accuracy", axis: "Share of images classified right", train: "trainAccuracy", test: "testAccuracy" },
] as const;
const splits = ["train", "test"] as const;

/** Runs by colour and marker, training images dashed. */
const runColours = ["#d55e00", "#0072b2"] as const;
const runMarkers = ["circle", "square"] as const;

export function trainingCurves({ runs, mark, arrangement = "row" }: TrainingInput): Figure {
  const rows = runs.flatMap(({ table }) => table.training);
  const x = epochAxis(rows.map(({ epoch }) => epoch));
  const empty = rows.length === 0 ? { note: "Not trained yet" } : {};
  return {
    name: "training-curves",
    title: "Loss and accuracy against epoch",
    caption: caption(runs),
    arrangement,
    panels: quantities.map(({ title, axis }, panel) => ({
      title,
      x,
      y: panel === 0 ? lossAxis(axis, rows) : shareAxis(axis),
      ...empty,
    })),
    traces: rows.length === 0 ? [] : tracesOf(runs),
    ...(mark === undefined ? {} : { mark }),
    data: () => data(runs),
  };
}

const lossAxis = (title: string, rows: readonly TrainingRow[]): Axis =>
  niceAxis(
    title,
    rows.flatMap(({ trainLoss, testLoss }) => [trainLoss, testLoss]),
  );

const shareAxis = (title: string): Axis => ({
  title,
  low: 0,
  high: 1,
  ticks: niceTicks(0, 1, 5).map(({ at }) => ({ at, text: `${Math.round(at * 100)} %` })),
});

function tracesOf(runs: readonly say.Run[]): LineTrace[] {
  return quantities.flatMap((quantity, panel) =>
    runs.flatMap(({ title, table }, run) =>
      splits.map((split): LineTrace => {
        const y = table.training.map((row) => row[quantity[split]]);
        return {
          type: "line",
          panel,
          title: runs.length > 1 ? `${title} ${split}` : split,
          x: table.training.map(({ epoch }) => epoch),
          y,
          colour: runColours[run % runColours.length]!,
          dash: split === "train" ? "dash" : "solid",
          marker: split === "train" ? "none" : runMarkers[run % runMarkers.length]!,
          hover: y.map((value) => (panel === 0 ? shortNumber(value) : `${(100 * value).toFixed(1)} %`)),
        };
      }),
    ),
  );
}

function caption(runs: readonly say.Run[]): string {
  const names = runs.map(({ title }) => title).join(" and ");
  return [
    `Loss (left or top) and share of images classified right (right or bottom) against the epoch, for ${names}:`,
    `held-out test images solid, training images dashed. Each value is the mean over all images of the split at the end`,
    `of an epoch; epoch 0 is before training. One run each (n = 1), linear axes from 0, no smoothing.`,
  ].join(" ");
}

function data(runs: readonly say.Run[]): FigureData {
  return {
    columns: ["model", "epoch", "tick", "split", "loss", "accuracy"],
    rows: runs.flatMap(({ title, table }) =>
      table.training.flatMap((row) => [
        [title, row.epoch, row.tick, "train", blankIfNaN(row.trainLoss), blankIfNaN(row.trainAccuracy)],
        [title, row.epoch, row.tick, "test", blankIfNaN(row.testLoss), blankIfNaN(row.testAccuracy)],
      ]),
    ),
    dictionary: {
      ...say.runColumns,
      split: "train: the images trained on. test: held-out images.",
      loss: "Mean loss over the images of the split.",
      accuracy: "Share of the images of the split that are classified right, 0 to 1.",
    },
  };
}
