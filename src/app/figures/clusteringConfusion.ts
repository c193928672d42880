// How many images of each class lie in each cluster.
import { confusionOf, type ClusteredCell } from "./clusteringCell.ts";
import type { Figure } from "./figure.ts";
import { plural } from "./wording.ts";

export function clusteringConfusion(cell: ClusteredCell, arrangement: Figure["arrangement"] = "row"): Figure {
  const { finding, pair, name } = cell;
  const counts = confusionOf(finding);
  return {
    name: "clustering-confusion",
    title: `Classes and clusters, ${name}`,
    caption: `${plural(finding.images.length, "image")} by true class (row) and cluster (column), under the labelling of the clusters that agrees better with the truth.`,
    arrangement,
    panels: [{ title: "", rowTitle: "True class", columnTitle: "Cluster" }],
    traces: [
      {
        type: "heatmap",
        panel: 0,
        rows: pair,
        columns: pair.map((title) => `cluster of ${title}`),
        rowIds: [0, 1],
        columnIds: [0, 1],
        values: counts,
        labels: counts.map((row) => row.map(String)),
        hover: counts.map((row) => row.map((count) => plural(count, "image"))),
        scale: { kind: "sequential", low: 0, high: Math.max(1, ...counts.map(([a, b]) => a! + b!)) },
        colourTitle: "Images",
      },
    ],
    data: () => ({
      columns: ["true_class", "cluster", "images"],
      rows: counts.flatMap((row, truth) => row.map((count, cluster) => [pair[truth]!, pair[cluster]!, count])),
      dictionary: {
        true_class: "Class of the images.",
        cluster: "Class whose images the cluster holds, under the labelling that agrees better with the truth.",
        images: "How many.",
      },
    }),
  };
}
