// Responses along paths as tables: means over the learned images, and each of them alone.
import type { Findings, StudyTable } from "../../study.ts";
import { curveOf, imagesKey, networksOf, similarityKey, type ImagePathFinding } from "./finding.ts";
import { pathsOf } from "./path.ts";
import type { ImagePathParams } from "./setting.ts";

const modelColumns = {
  model: "cnn, mlp, skip: as in the live lab by default; linear: softmax on a linear map of the pixels",
  epoch: "epochs of training done; 0 is before training",
  path: "how the image is changed; own, near, far: blended with a held-out image of the own, the second, the third class",
  position: "number of the image on the path",
  parameter: "where on the path: in the path's own unit, or the kind that it is drawn as",
} as const;

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

export function meansTable(chosen: ImagePathParams, findings: Findings<ImagePathFinding>): StudyTable {
  return {
    name: "image-path",
    title: `Relative similarity along paths from ${chosen.anchors} ${chosen.anchorClass} images`,
    columns: ["model", "epoch", "path", "position", "parameter", "distance", "mean", "low", "high", "n"],
    rows: networksOf(chosen).flatMap((network) =>
      pathsOf(chosen).flatMap((path) => {
        const curve = curveOf(chosen, findings, path, network);
        return (curve?.similarity ?? []).map(({ mean: centre, low, high, count }, k) => [
          network.model,
          network.epoch,
          path.id,
          k,
          path.steps?.[k] ?? path.at[k]!,
          curve!.distance[k]!,
          ...[centre, low, high].map(blank),
          count,
        ]);
      }),
    ),
    dictionary: {
      ...modelColumns,
      distance: "Euclidean, from the anchor, between inputs as the networks see them; mean over anchors",
      mean: "mean over anchors of |df_y(p)| / |df_y(a)|, y the anchor's class; blank: not measurable",
      low: "lower bound of the 95 % Student-t interval over anchors; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of anchors in the mean",
    },
  };
}

export function anchorsTable(chosen: ImagePathParams, findings: Findings<ImagePathFinding>): StudyTable {
  return {
    name: "image-path-anchors",
    title: `Relative similarity along paths, each ${chosen.anchorClass} image alone`,
    columns: ["model", "epoch", "path", "anchor", "position", "parameter", "distance", "relative_similarity"],
    rows: networksOf(chosen).flatMap((network) =>
      pathsOf(chosen).flatMap((path) => {
        const found = findings.get(similarityKey(chosen, path, network));
        const images = findings.get(imagesKey(chosen, path));
        if (found?.kind !== "similarity" || images?.kind !== "images") return [];
        return Array.from(found.similarity, (value, at) => {
          const position = at % path.at.length;
          return [
            network.model,
            network.epoch,
            path.id,
            Math.floor(at / path.at.length),
            position,
            path.steps?.[position] ?? path.at[position]!,
            images.distance[at]!,
            blank(value),
          ];
        });
      }),
    ),
    dictionary: {
      ...modelColumns,
      anchor: "number of the training image that the step is taken on, within its class",
      distance: "Euclidean, from the anchor, between inputs as the networks see them",
      relative_similarity: "|df_y(p)| / |df_y(a)| of the anchor's class y; blank: not measurable",
    },
  };
}
