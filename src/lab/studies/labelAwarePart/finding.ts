// What is found about one handful of images: the expected tangent kernel and the label-aware part under two labelings.
import { diagonal, relativeRatio } from "../../../math/relativeRatio.ts";
import type { Matrix } from "../../../math/matrix.ts";
import type { Estimate } from "./hierarchy.ts";

export const labelingIds = ["given", "shuffled"] as const;
export type LabelingId = (typeof labelingIds)[number];

export const labelingTitles: Readonly<Record<LabelingId, string>> = {
  given: "Labels as they are",
  shuffled: "Labels shuffled",
};

export interface Labelled {
  /** 1 or -1. [image] */
  readonly labels: Int8Array;
  /** m times the label-aware part, m the width: it falls as 1/m, and does not change with the size of the inputs. [image, image] */
  readonly part: Float64Array;
  /** Its standard error, from the draws alone. [image, image] */
  readonly errors: Float64Array;
  /** Means of m times the part over pairs of different images of one label, of two, and their difference. */
  readonly intra: Estimate;
  readonly inter: Estimate;
  readonly difference: Estimate;
}

export interface LabelAwarePartFinding {
  /** Numbers of the images in `choiceOf(params)`, the pair's first class first. [image] */
  readonly images: Int32Array;
  /** The expected tangent kernel of pixels from -1 to 1 and a constant 1. [image, image] */
  readonly kernel: Float64Array;
  /** Mean of x . x, by which inputs are brought to unit length on average. */
  readonly size: number;
  readonly labelings: Readonly<Record<LabelingId, Labelled>>;
}

export const inputSizes = ["unit", "pixels"] as const;
/** Whether inputs are taken as pixels from -1 to 1, or brought to unit length on average; the part is the same for both. */
export type InputSize = (typeof inputSizes)[number];

/** Relative ratio × 100 of the expected kernel with the part added at a width; Infinity for none. By the labels of the labelling. */
export function ratioAt(
  { kernel, size, labelings, images }: LabelAwarePartFinding,
  id: LabelingId,
  { width, inputs }: { readonly width: number; readonly inputs: InputSize },
): number {
  const { labels, part } = labelings[id];
  const scale = inputs === "unit" ? size : 1;
  const n = images.length;
  const whole: Matrix = { rows: n, columns: n, data: kernel.map((value, at) => value / scale + part[at]! / width) };
  return 100 * relativeRatio(whole, { labels, own: diagonal(whole) }).ratio;
}

/** Mean of m times the part over pairs of one label, an image and itself among them. */
export function intraWithSelf({ labels, part }: Labelled): number {
  const n = labels.length;
  let [sum, count] = [0, 0];
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      if (labels[row] === labels[column]) {
        sum += part[row * n + column]!;
        count += 1;
      }
  return sum / count;
}

/** What Chen, He and Su print of their demonstration on five planes and five ships of CIFAR-10; they name no unit. */
export const printed = { intra: 98, inter: 48, source: "Chen, He and Su, NeurIPS 2020, section 3.3" } as const;
