// The tables of sharing: pairs of classes, relations, and from when on a pair is shared.
import type { Interval } from "../../../math/stats.ts";
import { relations } from "../../relation.ts";
import type { Findings, StudyTable } from "../../study.ts";
import { classesOf } from "../tangent/moments.ts";
import { quantities, type SharingFinding } from "./measured.ts";
import type { SharingParams } from "./setting.ts";
import { margin, momentsFound, onsetOf, pairOf, relationOf, type Place } from "./summary.ts";

const known = (value: number): number | string => (Number.isNaN(value) ? "" : value);
const numbers = ({ mean, low, high, count }: Interval): (number | string)[] => [...[mean, low, high].map(known), count];

/** Everything that is told of a finding: the whole, then layer by layer. */
const placesOf = ({ layers }: SharingFinding): { title: string; quantity: string; place: Place }[] => [
  { title: "Whole", quantity: "kernel", place: "whole" },
  ...layers.flatMap(({ title }, layer) =>
    quantities.map((quantity) => ({ title, quantity, place: { layer, quantity } as const })),
  ),
];

const words = {
  epoch: "epochs of training done; 0 is before training",
  layer: "Whole: the kernel of all weights; else the layer whose weights the kernel is of",
  quantity:
    "share: the layer's part of the whole kernel's cosine, which adds up over layers; kernel, features, signals: cosines of the layer's kernel, of its inputs and of what is sent back to its outputs",
  mean: "mean over images",
  low: "lower bound of its 95 % Student-t interval over images, which are not independent; the mean itself when n < 2",
  high: "upper bound of the same interval",
  n: "number of images",
};

export function relationTable(chosen: SharingParams, findings: Findings<SharingFinding>): StudyTable {
  const classes = classesOf(chosen);
  return {
    name: "sharing-relations",
    title: "How alike images are, by relation, layer by layer",
    columns: ["epoch", "layer", "quantity", "relation", "mean", "low", "high", "n"],
    rows: momentsFound(chosen, findings).flatMap(({ epoch, found }) =>
      placesOf(found).flatMap(({ title, quantity, place }) =>
        relations.flatMap((name) => {
          const value = relationOf(found, place, { name, classes });
          return value.count === 0 ? [] : [[epoch, title, quantity, name, ...numbers(value)]];
        }),
      ),
    ),
    dictionary: { ...words, relation: "same class, sibling (same widest super-class) or unrelated" },
  };
}

export function onsetTable(chosen: SharingParams, findings: Findings<SharingFinding>): StudyTable {
  const classes = classesOf(chosen);
  const moments = momentsFound(chosen, findings);
  const [first, last] = [moments[0], moments.at(-1)];
  const places = last ? placesOf(last.found).filter(({ quantity }) => quantity === "kernel") : [];
  const pairs = classes.flatMap((_, one) =>
    classes.flatMap((_same, other) => (other > one ? [[one, other] as const] : [])),
  );
  return {
    name: "sharing-pairs",
    title: `Cosine of the kernel of two classes, and the epoch from which on it exceeds that of unrelated ones by ${margin}`,
    columns: ["class_a", "class_b", "layer", "first_cosine", "last_cosine", "from_epoch"],
    rows: pairs.flatMap((pair) =>
      places.map(({ title, place }) => [
        ...pair.map((each) => classes[each]!.id),
        title,
        ...[first, last].map((moment) => known(pairOf(moment!.found, place, pair).mean)),
        onsetOf(moments, place, { pair, classes }) ?? "",
      ]),
    ),
    dictionary: {
      class_a: "one class of the pair",
      class_b: "the other",
      layer: words.layer,
      first_cosine: "mean cosine of the kernel at the first epoch looked at",
      last_cosine: "the same at the last epoch looked at",
      from_epoch: `first epoch looked at from which on the pair's cosine exceeds the mean of unrelated classes by ${margin}; blank: not at the last one`,
    },
  };
}

export function networkTable(chosen: SharingParams, findings: Findings<SharingFinding>): StudyTable {
  return {
    name: "sharing-networks",
    title: "The network at each moment, and how far the layers' kernels are from adding up",
    columns: ["model", "epoch", "accuracy", "gap"],
    rows: momentsFound(chosen, findings).map(({ epoch, found }) => [chosen.model, epoch, found.accuracy, found.gap]),
    dictionary: {
      model: "the model",
      epoch: words.epoch,
      accuracy: "share of the images, which are held out, that are classified rightly",
      gap: "the largest |sum of the layers' kernels - whole| over sqrt(K(a, a) K(b, b))",
    },
  };
}
