// The neurashed-style model, class by class: how far learning an example of one moves the scores of the others, at one step.
import { runsOf } from "../../lab/studies/neurashed/finding.ts";
import { classesOf } from "../../lab/studies/neurashed/setting.ts";
import { interval } from "../../math/stats.ts";
import { intervalCells } from "./bands.ts";
import { cellLabel, cellText } from "./classHeatmap.ts";
import type { Figure } from "./figure.ts";
import { batchShown, momentShown, type NeurashedInput } from "./neurashedCurves.ts";
import { colourScale } from "./scale.ts";
import { missingSentence, notMeasuredYet, plural, scaleSentence, titlesOf } from "./wording.ts";

export function neurashedPairs(input: NeurashedInput): Figure {
  const { params, findings, arrangement } = input;
  const batchSize = batchShown(input);
  const runs = runsOf(params, findings, batchSize);
  const { at, step } = momentShown(input);
  const classes = classesOf(params);
  const K = classes.length;
  const cells = classes.map((_, row) =>
    classes.map((_unused, column) => interval(runs.map(({ finding }) => finding.pairs[(at * K + row) * K + column]!))),
  );
  const values = cells.map((row) => row.map(({ mean }) => mean));
  const scale = colourScale(values.flat(), { signed: false });
  const titles = titlesOf(classes);
  const ids = classes.map((_, index) => index);
  return {
    name: "neurashed-pairs",
    title: `Relative similarity between classes, step ${step}`,
    caption: [
      `Each cell is the mean relative similarity of the held-out examples of one class (column) after one step on an anchor of another (row), at step ${step} and batch size ${batchSize}:`,
      `over ${plural(params.probesPerClass, "probe")}, ${plural(params.anchorsPerClass, "anchor")} a class, and ${plural(runs.length, "seed")}.`,
      scaleSentence(scale, 1, values.flat()),
      missingSentence(runs.length > 0 && values.flat().some(Number.isNaN)),
    ]
      .filter(Boolean)
      .join(" "),
    arrangement,
    panels: [
      {
        title: "",
        rowTitle: "Anchor class (learned)",
        columnTitle: "Probe class (watched)",
        ...(runs.length > 0 ? {} : { note: notMeasuredYet }),
      },
    ],
    traces:
      runs.length > 0
        ? [
            {
              type: "heatmap",
              panel: 0,
              rows: titles,
              columns: titles,
              rowIds: ids,
              columnIds: ids,
              values,
              labels: values.map((row) => row.map((value) => cellLabel(value, scale))),
              hover: cells.map((row) => row.map(cellText)),
              scale,
              colourTitle: "Relative similarity",
            },
          ]
        : [],
    data: () => ({
      columns: ["batch_size", "step", "anchor_class", "probe_class", "mean", "low", "high", "n"],
      rows:
        runs.length === 0
          ? []
          : cells.flatMap((row, anchor) =>
              row.map((cell, probe) => [
                batchSize,
                step,
                classes[anchor]!.id,
                classes[probe]!.id,
                ...intervalCells(cell),
              ]),
            ),
      dictionary: {
        batch_size: "examples a step",
        step: "steps of training done; 0 is before training",
        anchor_class: "class of the anchors, on each of which one step is taken",
        probe_class: "class of the probes, at which the score of the anchor's class is watched",
        mean: "over seeds; blank: not measurable",
        low: "lower bound of the 95 % Student-t interval over seeds; the mean itself when n < 2",
        high: "upper bound of the same interval",
        n: "seeds in which it is measurable",
      },
    }),
  };
}
