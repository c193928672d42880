// The label-aware part as tables: its means by labelling, and what it does to the relative ratio; and every cell.
import { interval } from "../../../math/stats.ts";
import type { Findings, StudyTable } from "../../study.ts";
import { intraWithSelf, labelingIds, labelingTitles, printed, ratioAt, type LabelAwarePartFinding } from "./finding.ts";
import { partKey, type LabelAwarePartParams } from "./setting.ts";

type All = Findings<LabelAwarePartFinding>;

const widths = [1, 64, 40960] as const;

export function seedsTable(params: LabelAwarePartParams, findings: All): StudyTable {
  return {
    name: "label-aware-part",
    title:
      "Label-aware part times width: means within and between labels, and relative ratios × 100 of inputs of unit length",
    columns: Object.keys(seedColumns),
    rows: params.seeds.flatMap((seed) => {
      const found = findings.get(partKey(params, seed));
      if (!found) return [];
      return labelingIds.map((id) => {
        const own = found.labelings[id];
        return [
          seed,
          labelingTitles[id],
          own.intra.mean,
          own.intra.error,
          own.inter.mean,
          own.inter.error,
          own.difference.mean,
          own.difference.error,
          intraWithSelf(own),
          ...[Infinity, ...widths].map((width) => ratioAt(found, id, { width, inputs: "unit" })),
        ];
      });
    }),
    dictionary: seedColumns,
  };
}

const seedColumns = {
  seed: "of the images, the shuffled labels and the draws",
  labels: "as they are, or as many of both dealt out anew",
  intra: "mean of m times the part over pairs of different images of one label, m the width",
  intra_error: "its standard error, from the draws of units alone",
  inter: "the same over pairs of two labels",
  inter_error: "its standard error",
  difference: "intra less inter",
  difference_error: "its standard error",
  intra_with_self: "intra with pairs of an image and itself",
  ratio_kernel: "relative ratio × 100 of the expected kernel alone, by these labels",
  ratio_width_1: "the same with the part added at width 1",
  ratio_width_64: "the same at width 64",
  ratio_width_40960: "the same at width 40960",
};

export function summaryTable(params: LabelAwarePartParams, findings: All): StudyTable {
  const rows = labelingIds.flatMap((id) => {
    const own = params.seeds.flatMap((seed) => findings.get(partKey(params, seed))?.labelings[id] ?? []);
    if (own.length === 0) return [];
    const of = (values: readonly number[]): number[] => {
      const { mean, low, high } = interval(values);
      return [mean, low, high];
    };
    return [
      [
        labelingTitles[id],
        ...of(own.map(({ intra }) => intra.mean)),
        ...of(own.map(({ inter }) => inter.mean)),
        own.filter(({ difference }) => difference.mean > 2 * difference.error).length,
        own.length,
      ],
    ];
  });
  const paper =
    params.dataset === "cifar10"
      ? [[`Published: ${printed.source} (no unit named)`, printed.intra, "", "", printed.inter, "", "", "", 1]]
      : [];
  return {
    name: "label-aware-part-summary",
    title: "Label-aware part times width, means over seeds with 95 % Student-t intervals",
    columns: Object.keys(summaryColumns),
    rows: [...rows, ...paper],
    dictionary: summaryColumns,
  };
}

const summaryColumns = {
  labels: "as they are, or as many of both dealt out anew",
  intra: "mean over pairs of different images of one label",
  intra_low: "lower bound of its interval over seeds",
  intra_high: "upper bound",
  inter: "mean over pairs of two labels",
  inter_low: "lower bound of its interval over seeds",
  inter_high: "upper bound",
  above: "seeds whose intra exceeds inter by more than two standard errors",
  n: "seeds",
};
