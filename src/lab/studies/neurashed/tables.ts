// The neurashed-style model as tables: every run at every moment, and the three claims in numbers.
import { interval } from "../../../math/stats.ts";
import { relations } from "../../relation.ts";
import { levelCount } from "../../simulators/neurashed.ts";
import type { Findings, StudyTable } from "../../study.ts";
import { gapsOf, relationCurve, runsOf, tenth, type NeurashedFinding, type Run } from "./finding.ts";
import { batchSizesOf, classesOf, graphOfStudy, momentsOf, type NeurashedParams } from "./setting.ts";

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

const levelsOf = (chosen: NeurashedParams): number[] =>
  Array.from({ length: levelCount(graphOfStudy(chosen)) }, (_, level) => level);

function runsTable(chosen: NeurashedParams, findings: Findings<NeurashedFinding>): StudyTable {
  const levels = levelsOf(chosen);
  const information = ["input", "label"].flatMap((name) => levels.map((level) => `${name}_information_${level}`));
  return {
    name: "neurashed",
    title: "The neurashed-style model, each run at each moment",
    columns: ["batch_size", "seed", "step", ...relations, "participation", "paths", "accuracy", ...information],
    rows: batchSizesOf(chosen).flatMap((batchSize) =>
      runsOf(chosen, findings, batchSize).flatMap(({ seed, finding }) => {
        const curves = relations.map((name) => relationCurve(chosen, finding, name));
        const at = (values: Float64Array, moment: number): number[] =>
          levels.map((level) => values[moment * levels.length + level]!);
        return Array.from(finding.steps, (step, moment) => [
          batchSize,
          seed,
          step,
          ...curves.map((curve) => blank(curve[moment]!)),
          finding.participation[moment]!,
          finding.paths[moment]!,
          finding.accuracy[moment]!,
          ...at(finding.inputInformation, moment),
          ...at(finding.labelInformation, moment),
        ]);
      }),
    ),
    dictionary: {
      batch_size: "examples a step",
      seed: "of the factors at the start, of what fires and of the order of training",
      step: "steps of training done; 0 is before training",
      same: "mean relative similarity of probes of the anchor's class to the anchor, after one step on it at the growth rate; blank: not measurable",
      sibling: "the same of other classes of the widest super-class",
      unrelated: "the same of all other classes",
      participation: "(sum of factors)^2 / sum of their squares, over all nodes",
      paths: "the same of the weights of all paths from simple features to classes, each the product of its factors",
      accuracy: "share of the probes that are classified rightly",
      ...Object.fromEntries(
        levels.flatMap((level) => [
          [
            `input_information_${level}`,
            `I(X; T), bits: X is which probe it is, T the binned scores of level ${level}`,
          ],
          [`label_information_${level}`, `I(Y; T), bits: Y is the class of the probe`],
        ]),
      ),
    },
  };
}

function pairsTable(chosen: NeurashedParams, findings: Findings<NeurashedFinding>): StudyTable {
  const classes = classesOf(chosen);
  const K = classes.length;
  return {
    name: "neurashed-pairs",
    title: "Relative similarity by class pair (95 % Student-t intervals over seeds)",
    columns: ["batch_size", "step", "anchor_class", "probe_class", "mean", "low", "high", "n"],
    rows: batchSizesOf(chosen).flatMap((batchSize) => {
      const runs = runsOf(chosen, findings, batchSize);
      if (runs.length === 0) return [];
      return momentsOf(chosen).flatMap((step, moment) =>
        classes.flatMap((anchor, row) =>
          classes.map((probe, column) => {
            const value = interval(runs.map(({ finding }) => finding.pairs[(moment * K + row) * K + column]!));
            return [
              batchSize,
              step,
              anchor.id,
              probe.id,
              ...[value.mean, value.low, value.high].map(blank),
              value.count,
            ];
          }),
        ),
      );
    }),
    dictionary: {
      batch_size: "examples a step",
      step: "steps of training done; 0 is before training",
      anchor_class: "class of the anchors, on each of which one step is taken",
      probe_class: "class of the probes, at which the score of the anchor's class is watched",
      mean: "mean over seeds of the mean over anchors and probes; blank: not measurable",
      low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "seeds in which it is measurable",
    },
  };
}

function claimsTable(chosen: NeurashedParams, findings: Findings<NeurashedFinding>): StudyTable {
  const levels = levelsOf(chosen);
  const last = momentsOf(chosen).length - 1;
  const quantities: readonly (readonly [string, (run: Run) => number])[] = [
    ...relations.flatMap((name) =>
      (["first", "last"] as const).map(
        (which) =>
          [
            `${name}, ${which} tenth`,
            ({ finding }: Run) => tenth(chosen, relationCurve(chosen, finding, name), which),
          ] as const,
      ),
    ),
    ["gap, first tenth", ({ finding }) => gapsOf(chosen, finding).first],
    ["gap, last tenth", ({ finding }) => gapsOf(chosen, finding).last],
    ["gap, last over first", ({ finding }) => gapsOf(chosen, finding).last / gapsOf(chosen, finding).first],
    ["participation, end", ({ finding }) => finding.participation[last]!],
    ["paths, end", ({ finding }) => finding.paths[last]!],
    ...levels.flatMap((level) =>
      [0, last].flatMap((moment) => {
        const when = moment === 0 ? "start" : "end";
        const at = moment * levels.length + level;
        return [
          [`I(X; T), level ${level}, ${when}`, ({ finding }: Run) => finding.inputInformation[at]!] as const,
          [`I(Y; T), level ${level}, ${when}`, ({ finding }: Run) => finding.labelInformation[at]!] as const,
        ];
      }),
    ),
  ];
  return {
    name: "neurashed-claims",
    title: "The three claims in numbers (95 % Student-t intervals over seeds)",
    columns: ["batch_size", "quantity", "mean", "low", "high", "n"],
    rows: batchSizesOf(chosen).flatMap((batchSize) => {
      const runs = runsOf(chosen, findings, batchSize);
      return quantities.flatMap(([name, of]) => {
        const { mean, low, high, count } = interval(runs.map(of));
        return count === 0 ? [] : [[batchSize, name, mean, low, high, count]];
      });
    }),
    dictionary: {
      batch_size: "examples a step",
      quantity:
        "same, sibling, unrelated: mean relative similarity over the first or last tenth of the run; gap: same less unrelated; participation and paths: participation ratios; I(X; T), I(Y; T): bits",
      mean: "over seeds",
      low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "seeds",
    },
  };
}

export const tables = (chosen: NeurashedParams, findings: Findings<NeurashedFinding>): StudyTable[] => [
  claimsTable(chosen, findings),
  runsTable(chosen, findings),
  pairsTable(chosen, findings),
];
