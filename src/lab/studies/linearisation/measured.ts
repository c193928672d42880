// One moment: the tangent kernel of anchors and probes, and what a step of several sizes does to first order and in truth.
import { median, quantile } from "../../../math/stats.ts";
import { ownOutput, type ExampleId, type Matrix, type Response } from "../../contracts.ts";
import type { Dataset } from "../../dataset.ts";
import type { StudyEvent } from "../../study.ts";
import { accuracyOf } from "../../training.ts";
import type { Moment } from "../tangent/moments.ts";
import { etasOf, type LinearisationParams } from "./setting.ts";

/** The network at one moment. Changes are those of the score of the anchor's own class. */
export interface LinearisationFinding {
  /** K of the chosen output. [anchor, probe] */
  readonly kernel: Float32Array;
  /** K of each anchor with itself. [anchor] */
  readonly anchorDiagonal: Float32Array;
  /** K of each probe with itself; of the score of each class where the output is the anchor's own class. [1 or class, probe] */
  readonly probeDiagonal: Float32Array;
  /** To first order, at the pictured step size. [anchor, probe] */
  readonly first: Float32Array;
  /** The exact change at the same. [anchor, probe] */
  readonly finite: Float32Array;
  /** Lower quartile, median and upper quartile over all cells of |first - finite| / |finite|. [eta, 3] */
  readonly errors: Float64Array;
  /** Median over anchors of the exact rise of the anchor's own score. [eta] */
  readonly rises: Float64Array;
  /** Cells whose anchors are measurable. [eta] */
  readonly counts: Float64Array;
  /** Median over anchors of the size of the loss's slope at the own score, 1 - p. */
  readonly slope: number;
  /** Share of the probes that are classified rightly. */
  readonly accuracy: number;
}

interface Images {
  readonly dataset: Dataset;
  readonly anchors: readonly ExampleId[];
  readonly probes: readonly ExampleId[];
  readonly breathe: () => Promise<void>;
}

/** Examples whose kernel with each other is asked for, though only its diagonal is wanted. */
const together = 16;

export async function* measured(
  chosen: LinearisationParams,
  moment: Moment,
  images: Images,
): AsyncGenerator<StudyEvent<LinearisationFinding>, LinearisationFinding> {
  const { network, state, name } = moment;
  const { dataset, anchors, probes, breathe } = images;
  const etas = etasOf(chosen);
  const told = (what: string, share: number): StudyEvent<LinearisationFinding> => ({
    kind: "progress",
    progress: { stage: `${name}: ${what}`, share },
  });
  yield told("tangent kernel", 0);
  const kernels = await kernelsOf(chosen, moment, images);
  const watch = await network.watch(state, probes);
  try {
    yield told("first order", 0.3);
    const first = await stepped(watch.respond(anchors, { rule: "fixed", eta: chosen.eta, order: "first" }), breathe);
    const finite = await stepped(watch.respond(anchors, { rule: "fixed", eta: chosen.eta }), breathe);
    const errors = new Float64Array(etas.length * 3);
    const [rises, counts] = [new Float64Array(etas.length), new Float64Array(etas.length)];
    for (const [at, eta] of etas.entries()) {
      yield told(`step size ${eta}`, 0.4 + (0.6 * at) / etas.length);
      const {
        changes,
        rises: own,
        isMeasurable,
      } = await stepped(watch.respond(anchors, { rule: "fixed", eta }), breathe);
      const found = relativeErrors(changes, first.changes, { times: eta / chosen.eta, isMeasurable });
      errors.set(
        [0.25, 0.5, 0.75].map((share) => quantile(found, share)),
        3 * at,
      );
      rises[at] = median(own);
      counts[at] = found.length;
    }
    return {
      ...kernels,
      first: first.changes,
      finite: finite.changes,
      errors,
      rises,
      counts,
      slope: median(first.slopes),
      accuracy: await accuracyOf(moment.network, moment.state, dataset, probes),
    };
  } finally {
    watch.release();
  }
}

interface Steps {
  /** Of the anchor's own score. [anchor, probe] */
  readonly changes: Float32Array;
  /** The same at the anchor itself. [anchor] */
  readonly rises: readonly number[];
  /** |dL/df| of the own score. [anchor] */
  readonly slopes: readonly number[];
  /** Whether the anchor's own change exceeds its rounding error. [anchor] */
  readonly isMeasurable: readonly boolean[];
}

async function stepped(responses: AsyncIterable<Response>, breathe: () => Promise<void>): Promise<Steps> {
  const rows: number[][] = [];
  const [rises, slopes, isMeasurable] = [[] as number[], [] as number[], [] as boolean[]];
  for await (const { anchorLabels, anchorChange, anchorRounding, lossSlope, change, before } of responses) {
    const output = ownOutput(anchorLabels[0]!, before.columns);
    rows.push(Array.from({ length: before.rows }, (_, probe) => change.data[probe * before.columns + output]!));
    const rise = anchorChange.data[output]!;
    rises.push(rise);
    slopes.push(Math.abs(lossSlope.data[output]!));
    isMeasurable.push(Math.abs(rise) > anchorRounding[0]! && Number.isFinite(rise));
    await breathe();
  }
  return { changes: Float32Array.from(rows.flat()), rises, slopes, isMeasurable };
}

interface Against {
  /** By how much the first-order changes are to be scaled: they are those of another step size. */
  readonly times: number;
  readonly isMeasurable: readonly boolean[];
}

/** |first - finite| / |finite| of all cells of measurable anchors; 0 where both are 0. */
export function relativeErrors(finite: Float32Array, first: Float32Array, { times, isMeasurable }: Against): number[] {
  const probeCount = finite.length / isMeasurable.length;
  return [...finite].flatMap((change, cell) => {
    if (!isMeasurable[Math.floor(cell / probeCount)]) return [];
    const distance = Math.abs(first[cell]! * times - change);
    return [distance === 0 ? 0 : distance / Math.abs(change)];
  });
}

type Kernels = Pick<LinearisationFinding, "kernel" | "anchorDiagonal" | "probeDiagonal">;

async function kernelsOf(
  { output, outputClass }: LinearisationParams,
  { network, state }: Moment,
  { dataset, anchors, probes }: Images,
): Promise<Kernels> {
  const between = (rows: readonly ExampleId[], columns: readonly ExampleId[], own: number | "sum"): Promise<Matrix> =>
    network.kernel(state, rows, columns, { output: own });
  async function diagonal(examples: readonly ExampleId[], own: number | "sum"): Promise<number[]> {
    const all: number[] = [];
    for (let first = 0; first < examples.length; first += together) {
      const some = examples.slice(first, first + together);
      const { data, columns } = await between(some, some, own);
      all.push(...some.map((_, at) => data[at * columns + at]!));
    }
    return all;
  }
  /** Anchors of one class follow each other, so that rows can be put one below the other. */
  const groups =
    output === "own class"
      ? dataset.classes.map((_, label) => ({ own: label, rows: anchors.filter((id) => dataset.labels[id] === label) }))
      : [{ own: output === "sum" ? output : outputClass, rows: anchors }];
  const parts: { kernel: Matrix["data"]; anchors: number[]; probes: number[] }[] = [];
  for (const { own, rows } of groups)
    parts.push({
      kernel: (await between(rows, probes, own)).data,
      anchors: await diagonal(rows, own),
      probes: await diagonal(probes, own),
    });
  return {
    kernel: Float32Array.from(parts.flatMap(({ kernel }) => [...kernel])),
    anchorDiagonal: Float32Array.from(parts.flatMap((part) => part.anchors)),
    probeDiagonal: Float32Array.from(parts.flatMap((part) => part.probes)),
  };
}

/** K(a, p) / sqrt(K(a, a) K(p, p)), between -1 and 1. [anchor, probe] */
export function normalisedKernel({ kernel, anchorDiagonal, probeDiagonal }: Kernels): Float64Array {
  const anchorCount = anchorDiagonal.length;
  const probeCount = kernel.length / anchorCount;
  const perGroup = anchorCount / (probeDiagonal.length / probeCount);
  return Float64Array.from(kernel, (value, cell) => {
    const [anchor, probe] = [Math.floor(cell / probeCount), cell % probeCount];
    const own = probeDiagonal[Math.floor(anchor / perGroup) * probeCount + probe]!;
    const cosine = value / Math.sqrt(anchorDiagonal[anchor]! * own);
    return Math.max(-1, Math.min(1, cosine));
  });
}

/** Where first order counts as left. */
export const tolerance = 0.1;

/** The step size at which the median error passes the tolerance, between two of the sweep by their logarithms. */
export type Parting = { readonly at: number } | { readonly beyond: "below" | "above" };

export function partingOf(etas: readonly number[], { errors }: Pick<LinearisationFinding, "errors">): Parting {
  const medians = etas.map((_, at) => errors[3 * at + 1]!);
  const next = medians.findIndex((error) => error > tolerance);
  if (next < 0) return { beyond: "above" };
  if (next === 0) return { beyond: "below" };
  const [low, high] = [medians[next - 1]!, medians[next]!];
  // An error of 0 has no logarithm, and is taken for a tiny one.
  const start = Math.log(Math.max(low, 1e-12));
  const share = Number.isFinite(high) ? (Math.log(tolerance) - start) / (Math.log(high) - start) : 1;
  return { at: Math.exp(Math.log(etas[next - 1]!) + share * Math.log(etas[next]! / etas[next - 1]!)) };
}
