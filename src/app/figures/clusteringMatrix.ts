// The similarity of every two images, in the order in which they merge, between the strips of their classes and clusters.
import type { ClusteringFinding } from "../../lab/studies/clustering.ts";
import { sideOf, type ClusteredCell } from "./clusteringCell.ts";
import type { ClassRun, ColourScale, Figure, FigureData, HeatmapTrace } from "./figure.ts";
import { plural } from "./wording.ts";

/** Undefined where a method has no similarity, or none was found. */
export function clusteringMatrix(cell: ClusteredCell, arrangement: Figure["arrangement"] = "row"): Figure | undefined {
  const { finding, name } = cell;
  const shown = shownOf(cell);
  if (!shown) return undefined;
  const { order, values, title, caption, scale } = shown;
  const ids = order.map((at) => finding.images[at]!);
  const names = ids.map((id) => `image ${id}`);
  const trace: HeatmapTrace = {
    type: "heatmap",
    panel: 0,
    rows: names,
    columns: names,
    rowIds: ids,
    columnIds: ids,
    values,
    own: ids.map((_, at) => [at, at] as const),
    scale,
    colourTitle: title,
    strips: {
      rows: runsOf(
        order.map((at) => finding.truth[at]!),
        (side) => sideOf(cell, side),
      ),
      columns: runsOf(
        order.map((at) => finding.labels[at]!),
        (side) => sideOf(cell, side),
      ),
    },
  };
  return {
    name: "clustering-similarity",
    title: `Similarity of images, ${name}`,
    caption: `${caption} Symmetrised; ${plural(ids.length, "image")} in leaf order (average linkage); the strip on the left tells the true class, the one below the cluster.`,
    arrangement,
    panels: [{ title: "", rowTitle: "Image, by true class", columnTitle: "Image, by cluster" }],
    traces: [trace],
    data: () => dataOf(finding, order),
  };
}

interface Shown {
  readonly order: readonly number[];
  /** [row][column] */
  readonly values: readonly (readonly number[])[];
  readonly title: string;
  readonly caption: string;
  readonly scale: ColourScale;
}

function shownOf({ finding, similarity: kind }: ClusteredCell): Shown | undefined {
  const { similarity, images } = finding;
  if (!similarity) return undefined;
  const n = images.length;
  const order = finding.order ? Array.from(finding.order) : Array.from({ length: n }, (_, at) => at);
  const rowsOf = (value: (a: number, b: number) => number): number[][] =>
    order.map((a) => order.map((b) => value(a, b)));
  const raw = (a: number, b: number): number => similarity[a * n + b]!;
  if (kind === "relative")
    return {
      order,
      values: rowsOf(raw),
      title: "Relative similarity",
      caption: "Each cell is the relative similarity of two images, grey where an image meets itself.",
      scale: { kind: "sequential", low: 0, high: 1 },
    };
  const lengths = order.map((_, at) => Math.sqrt(raw(at, at)));
  // Single precision shall not make an image more than like itself.
  const values = rowsOf((a, b) => Math.max(-1, Math.min(1, raw(a, b) / (lengths[a]! * lengths[b]!))));
  return {
    order,
    values,
    title: kind === "kernel" ? "Kernelized similarity, normalised" : "Cosine of the images",
    caption:
      kind === "kernel"
        ? "Each cell is K(a, b) / √(K(a, a) K(b, b)), the kernelized similarity without the sizes of both images."
        : "Each cell is the cosine of two images as the method sees them, without a network.",
    scale: cosineScale(values),
  };
}

/** Equal limits where signs differ; otherwise up from what all but a hundredth exceed. */
function cosineScale(values: readonly (readonly number[])[]): ColourScale {
  const all = Float64Array.from(values.flat().filter(Number.isFinite)).sort();
  const low = all[Math.floor(all.length / 100)] ?? 0;
  if (low < 0) return { kind: "diverging", low: -1, high: 1 };
  return { kind: "sequential", low: Math.min(0.9, Math.floor(low * 10) / 10), high: 1 };
}

/** Neighbours of one side as a run; the longest run of a side bears its title. */
function runsOf(sides: readonly number[], sideOf: (side: number) => Pick<ClassRun, "title" | "colour">): ClassRun[] {
  const runs: { side: number; count: number }[] = [];
  for (const side of sides) {
    const last = runs.at(-1);
    if (last?.side === side) last.count += 1;
    else runs.push({ side, count: 1 });
  }
  const longest = new Map<number, number>();
  runs.forEach(({ side, count }, at) => {
    if (count > (runs[longest.get(side) ?? -1]?.count ?? 0)) longest.set(side, at);
  });
  return runs.map(({ side, count }, at) => {
    const { title, colour } = sideOf(side);
    return { title: longest.get(side) === at ? title : "", colour, count };
  });
}

/** Every two images once. */
function dataOf({ similarity, images, truth, labels }: ClusteringFinding, order: readonly number[]): FigureData {
  const n = images.length;
  return {
    columns: ["place", "image", "true_class", "cluster", "other_place", "other_image", "similarity"],
    rows: order.flatMap((a, place) =>
      order
        .slice(place)
        .map((b, further) => [
          place,
          images[a]!,
          truth[a]!,
          labels[a]!,
          place + further,
          images[b]!,
          Number.isNaN(similarity![a * n + b]!) ? "" : similarity![a * n + b]!,
        ]),
    ),
    dictionary: {
      place: "Row in the picture, from 0: the leaf order of average linkage.",
      image: "Number of the image in the data set as chosen.",
      true_class: "0: first class of the pair; 1: second.",
      cluster: "The same, as clustered, under the labelling that agrees better with the truth.",
      other_place: "Column in the picture, from 0; not less than the row, since the matrix is symmetric.",
      other_image: "Number of the other image.",
      similarity: "Symmetrised similarity, as the clustering had it. Blank: not measurable.",
    },
  };
}
