// The images as points by their first two kernel principal components: colour by class, marker by cluster.
import { sideOf, wrongIn, type ClusteredCell } from "./clusteringCell.ts";
import type { Figure, FigureData, PointsTrace } from "./figure.ts";
import { niceAxis } from "./scale.ts";
import { plural } from "./wording.ts";

export interface PictureInput extends ClusteredCell {
  /** Number of an image that is looked at. */
  readonly picked?: number | undefined;
  readonly arrangement?: Figure["arrangement"];
}

const markers = ["circle", "diamond"] as const;

/** Undefined where a method has no kernel, or none was found. */
export function clusteringPicture(input: PictureInput): Figure | undefined {
  const { finding, name, arrangement = "row" } = input;
  const { picture, images } = finding;
  if (!picture) return undefined;
  const [x, y] = [0, 1].map((axis) => Array.from(images, (_, at) => picture[2 * at + axis]!)) as [number[], number[]];
  const wrong = wrongIn(finding).length;
  return {
    name: "clustering-picture",
    title: `Kernel principal components, ${name}`,
    caption: `${plural(images.length, "image")} by the first two principal components of the symmetrised similarity. Colour: true class; marker: cluster; the ${plural(wrong, "image")} on the wrong side ${wrong === 1 ? "has" : "have"} a dark rim.`,
    arrangement,
    panels: [
      {
        title: "",
        x: niceAxis("First kernel principal component", x, { fromZero: false }),
        y: niceAxis("Second kernel principal component", y, { fromZero: false }),
      },
    ],
    // Wrong ones last, hence on top.
    traces: [
      [0, 0],
      [1, 1],
      [0, 1],
      [1, 0],
    ].flatMap(([truth, label]) => traceOf(input, { x, y, truth: truth!, label: label! })),
    data: () => dataOf(input, x, y),
  };
}

interface Group {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly truth: number;
  readonly label: number;
}

function traceOf(input: PictureInput, { x, y, truth, label }: Group): PointsTrace[] {
  const { finding, picked } = input;
  const members = Array.from(finding.images.keys()).filter(
    (at) => finding.truth[at] === truth && finding.labels[at] === label,
  );
  if (members.length === 0) return [];
  const { title, colour } = sideOf(input, truth);
  const as = sideOf(input, label).title;
  const isMarked = truth !== label;
  return [
    {
      type: "points",
      panel: 0,
      title: isMarked ? `${title}, clustered with ${as}` : title,
      x: members.map((at) => x[at]!),
      y: members.map((at) => y[at]!),
      ids: members.map((at) => finding.images[at]!),
      hover: members.map((at) => `image ${finding.images[at]!}: ${title}${isMarked ? `, clustered with ${as}` : ""}`),
      colour,
      marker: markers[label]!,
      radius: isMarked ? 3.4 : 2.8,
      isMarked,
      ...(picked === undefined ? {} : { picked }),
    },
  ];
}

const dataOf = ({ finding }: PictureInput, x: readonly number[], y: readonly number[]): FigureData => ({
  columns: ["image", "true_class", "cluster", "component_1", "component_2"],
  rows: Array.from(finding.images, (image, at) => [
    image,
    finding.truth[at]!,
    finding.labels[at]!,
    Number.isNaN(x[at]!) ? "" : x[at]!,
    Number.isNaN(y[at]!) ? "" : y[at]!,
  ]),
  dictionary: {
    image: "Number of the image in the data set as chosen.",
    true_class: "0: first class of the pair; 1: second.",
    cluster: "The same, as clustered, under the labelling that agrees better with the truth.",
    component_1: "First principal component of the centred similarity matrix. Blank: not measurable.",
    component_2: "Second.",
  },
});
