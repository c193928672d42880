// Images grouped in two: by K-means on rows or by kernel K-means, held against their classes, with a picture and an order.
import { agreement } from "../../../math/agreement.ts";
import { kernelClusters, rowClusters, type ClusterOptions } from "../../../math/clusters.ts";
import { gram, normalised, type Matrix } from "../../../math/matrix.ts";
import { leafOrder } from "../../../math/order.ts";
import { inertia, leadingScores } from "../../../math/spectrum.ts";

export interface Grouping {
  readonly accuracy: number;
  /** Under the better labelling. [image] */
  readonly labels: Uint8Array;
  readonly negative?: { readonly count: number; readonly ratio: number };
  readonly agreeing?: number;
  readonly starts: number;
  readonly similarity: Float32Array;
  readonly order: Uint32Array;
  /** [image, 2] */
  readonly picture: Float32Array;
}

export interface GroupingOptions extends Required<ClusterOptions> {
  readonly truth: Uint8Array;
  readonly breathe: () => Promise<void>;
}

/**
 * K-means on rows. The picture has their principal components.
 * @param rows [image, number] @param similarity [image, image], for the order; the inner products of the rows unless given
 */
export async function groupedRows(
  rows: Matrix,
  { truth, seed, starts, breathe }: GroupingOptions,
  similarity?: Matrix,
): Promise<Grouping> {
  const { labels } = await inTurn(rowClusters(rows, 2, { seed, starts }), breathe);
  const shown = similarity ?? gram(rows);
  const order = leafOrder(similarity ?? normalised(shown));
  await breathe();
  const picture = singles(leadingScores(gram(rows)));
  return { ...named(labels, truth), starts, similarity: singles(shown), order, picture };
}

/**
 * Kernel K-means. The picture has the kernel principal components.
 * @param kernel [image, image], its diagonal above 0; `isGram` where it is one of inner products, so that none of its eigenvalues is below 0
 */
export async function groupedKernel(
  kernel: Matrix,
  { truth, seed, starts, breathe, isGram }: GroupingOptions & { readonly isGram: boolean },
): Promise<Grouping> {
  const { labels, agreeing } = await inTurn(kernelClusters(kernel, 2, { seed, starts }), breathe);
  const order = leafOrder(normalised(kernel));
  await breathe();
  const picture = singles(leadingScores(kernel));
  return {
    ...named(labels, truth),
    ...(isGram ? {} : negativeOf(kernel)),
    agreeing,
    starts,
    similarity: singles(kernel),
    order,
    picture,
  };
}

/** A long piece of work, with messages let in after each of its steps. */
async function inTurn<T>(work: Generator<undefined, T>, breathe: () => Promise<void>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    await breathe();
    step = work.next();
  }
  return step.value;
}

function named(labels: Uint8Array, truth: Uint8Array): Pick<Grouping, "accuracy" | "labels"> {
  const { accuracy, swapped } = agreement(labels, truth);
  return { accuracy, labels: swapped ? labels.map((label) => 1 - label) : labels };
}

/** Nothing where no eigenvalue is below what single precision can tell from 0. */
function negativeOf(kernel: Matrix): Pick<Grouping, "negative"> {
  const { negative: count, ratio } = inertia(kernel, 2 ** -23);
  return count > 0 ? { negative: { count, ratio } } : {};
}

const singles = ({ data }: Matrix): Float32Array => Float32Array.from(data);
