// Similarity against distance as tables: over seeds beside the paper, and each seed alone.
import type { Findings, StudyTable } from "../../study.ts";
import { overSeeds, stableBelow, stiffness, type GeometryFinding } from "./finding.ts";
import { contestantsOf, type Contestant } from "./network.ts";
import { publishedOf } from "./published.ts";
import { jobsOf, momentsOf, pointsOf, type GeometryParams } from "./setting.ts";
import { similarityIds } from "./similarity.ts";

const networkName = ({ activation }: Contestant): string => (activation === "none" ? "linear" : activation);

export function eachSeed(chosen: GeometryParams, findings: Findings<GeometryFinding>): StudyTable {
  const rows = jobsOf(chosen).flatMap(({ key, contestant, seed, epoch }) => {
    const found = findings.get(key);
    if (!found) return [];
    const { training, loss } = found;
    const n = pointsOf(chosen, seed).count;
    const stiff = (top: number): number | string => blank(stiffness(contestant.stepSize, top, n));
    return similarityIds.map((similarity) => {
      const { pearson, spearman, mean: average, count } = found.statistics[similarity];
      return [
        networkName(contestant),
        epoch > 0 ? contestant.stepSize : "",
        seed,
        epoch,
        similarity,
        blank(pearson),
        blank(spearman),
        blank(average),
        count,
        blank(loss),
        ...(training ? [stiff(training.topBefore), stiff(training.topAfter)] : ["", ""]),
      ];
    });
  });
  return {
    name: "geometry",
    title: `Similarity against distance, ${chosen.set}, each seed`,
    columns: [
      "network",
      "step_size",
      "seed",
      "epoch",
      "similarity",
      "pearson",
      "spearman",
      "mean",
      "pairs",
      "loss",
      "stiffness_before",
      "stiffness_after",
    ],
    rows,
    dictionary: {
      ...columnWords,
      seed: "of the initial weights, and of the points where they are not the authors'",
      pearson:
        "correlation of similarity and distance over all ordered pairs, each point with itself too; blank: not defined",
      spearman: "the same of ranks",
      mean: "mean similarity of the same pairs",
      pairs: "how many pairs are measurable",
      loss: "mean of (f - y)² over all points",
      stiffness_before: `2 step_size lambda / n before training, lambda the largest eigenvalue of the tangent kernel of all n points; stable below ${stableBelow}`,
      stiffness_after: "the same after training",
    },
  };
}

const columnWords = {
  network: "activation between the dense layers; linear has none",
  step_size: "of training, for the loss (f - y)²; blank: untrained",
  epoch: "full-batch steps done",
  similarity:
    "relative (eq. 2), kernelized (eq. 3), normalised kernel, each against the distance along the shape among primary points; patterns: cosine of activation patterns against straight distance among all points",
};

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

export function allSeeds(chosen: GeometryParams, findings: Findings<GeometryFinding>): StudyTable {
  const rows = momentsOf(chosen).flatMap((epoch) =>
    // Before training, two step sizes are one network.
    (epoch === 0 && chosen.compare === "step sizes"
      ? contestantsOf(chosen).slice(0, 1)
      : contestantsOf(chosen)
    ).flatMap((contestant) =>
      similarityIds.flatMap((similarity) => {
        const over = overSeeds({ chosen, findings }, contestant, { epoch, similarity });
        if (over.seedCount === 0) return [];
        const paper = publishedOf(chosen.set, contestant.activation, similarity);
        return [
          [
            networkName(contestant),
            epoch > 0 ? contestant.stepSize : "",
            epoch,
            similarity,
            over.seedCount,
            ...[over.pearson, over.spearman, over.mean].flatMap((each) => [blank(each.mean), blank(each.deviation)]),
            paper?.pearson ?? "",
            paper?.mean ?? "",
            paper?.source ?? "",
          ],
        ];
      }),
    ),
  );
  return {
    name: "geometry-seeds",
    title: `Similarity against distance, ${chosen.set}, over seeds and beside the paper`,
    columns: [
      "network",
      "step_size",
      "epoch",
      "similarity",
      "seeds",
      "pearson",
      "pearson_sd",
      "spearman",
      "spearman_sd",
      "mean",
      "mean_sd",
      "paper_pearson",
      "paper_mean",
      "paper_source",
    ],
    rows,
    dictionary: {
      ...columnWords,
      seeds: "how many seeds are in the means",
      pearson: "mean over seeds of the correlation of similarity and distance",
      pearson_sd: "sample standard deviation over seeds (n - 1); blank below two",
      spearman: "mean over seeds of the rank correlation",
      spearman_sd: "its standard deviation",
      mean: "mean over seeds of the mean similarity",
      mean_sd: "its standard deviation",
      paper_pearson: "correlation that the paper prints, for its own widths, points and training",
      paper_mean: "mean similarity that the paper prints",
      paper_source: "where in He and Su, ICLR 2020",
    },
  };
}
