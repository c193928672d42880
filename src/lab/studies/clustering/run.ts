// The run of a clustering: column by column, its baselines first, then one network after the other, each for all of its rows.
import { gram, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import { principalComponents } from "../../../math/spectrum.ts";
import type { Response } from "../../contracts.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import type { ClusteringFinding } from "./finding.ts";
import { groupedKernel, groupedRows, type Grouping } from "./grouping.ts";
import { methodNamed, networkTitle, type Method, type NetworkMethod } from "./method.ts";
import { trainedNetwork, type TrainedNetwork, type TrainingSet } from "./network.ts";
import { groupsOf, keyOf, manifestOf, planOf, tasksOf, type ClusteringParams } from "./setting.ts";
import { finiteEffects, limitEffects, similarityOf, type Effects } from "./similarity.ts";
import { examplesOfTask, primaryTitle, wordOf, type Task } from "./task.ts";

/** Pixels of a task's images as networks see them, from -1 to 1: mean 1/2 and deviation 1/2 taken out. */
interface Images extends TrainingSet {
  readonly truth: Uint8Array;
  /** Of the primary images. [image, pixel] */
  readonly pixels: Matrix;
}

async function imagesOf(chosen: ClusteringParams, task: Task, desk: Desk): Promise<Images> {
  const { shape } = manifestOf(chosen);
  const { choice: used, primary, auxiliary, truth } = examplesOfTask(task, chosen.perClass, manifestOf(chosen));
  const read = await desk.pictures(used);
  const inputs = new Map<number, Float32Array>();
  for (const example of [...primary, ...auxiliary]) {
    inputs.set(
      example,
      Float32Array.from(read(example), (byte) => byte / 127.5 - 1),
    );
    if (inputs.size % 16 === 0) await desk.breathe();
  }
  const pixelCount = shape[0] * shape[1] * shape[2];
  const rows = (examples: readonly number[]): Float32Array => {
    const data = new Float32Array(examples.length * pixelCount);
    examples.forEach((example, row) => data.set(inputs.get(example)!, row * pixelCount));
    return data;
  };
  const labels = new Uint8Array(used.classes.length * (used.trainPerClass + used.testPerClass)).fill(1);
  for (const example of primary) labels[example] = 0;
  return {
    primary,
    auxiliary,
    truth,
    examples: { shape, outputCount: 1, labels, read: rows },
    pixels: { rows: primary.length, columns: pixelCount, data: rows(primary) },
  };
}

type Event = StudyEvent<ClusteringFinding>;

/** One task and one seed, with the rows of its column that are not known yet. */
interface Column {
  readonly chosen: ClusteringParams;
  readonly task: Task;
  readonly seed: number;
  readonly rows: readonly Method[];
}

export async function* run(
  chosen: ClusteringParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<Event, void> {
  for (const seed of chosen.seeds)
    for (const task of tasksOf(chosen)) {
      const rows = chosen.methods.map(methodNamed).filter((row) => !known.has(keyOf(chosen, row, task, seed)));
      if (rows.length > 0) yield* column({ chosen, task, seed, rows }, desk);
    }
}

async function* column(place: Column, desk: Desk): AsyncGenerator<Event, void> {
  const images = await imagesOf(place.chosen, place.task, desk);
  const progress = (stage: string): Event => ({
    kind: "progress",
    progress: { stage: `${primaryTitle(place.task, manifestOf(place.chosen))}: ${stage}`, share: 0 },
  });
  for (const row of place.rows.filter(({ network }) => !network)) {
    yield progress(row.title);
    yield finding(place, row, { ...blank, ...(await baseline(place, row, images, desk)), ...copies(images) });
  }
  for (const rows of groupsOf(place.rows)) yield* network(place, rows, images, desk);
}

const finding = (
  { chosen, task, seed }: Column,
  row: Method,
  value: Omit<ClusteringFinding, "task" | "method" | "seed">,
): Event => ({
  kind: "finding",
  key: keyOf(chosen, row, task, seed),
  value: { task: wordOf(task), method: row.id, seed, ...value },
});

const blank = { status: "measured", remark: "", trainLoss: NaN, trainAccuracy: NaN, deadShare: NaN } as const;

/** Images, with arrays of its own for each finding, which hands them over. */
const copies = ({ primary, truth }: Pick<Images, "primary" | "truth">) => ({
  images: Int32Array.from(primary),
  truth: truth.slice(),
});

function baseline(
  { chosen, seed }: Column,
  { kind }: Method,
  { pixels, truth }: Images,
  desk: Desk,
): Promise<Grouping> {
  const options = { truth, seed, starts: chosen.starts, breathe: desk.breathe };
  if (kind === "pixels") return groupedKernel(gram(pixels), { ...options, isGram: true });
  return groupedRows(kind === "pca" ? principalComponents(pixels, componentCount).scores : pixels, options);
}

/** Of the paper's PCA. */
const componentCount = 100;

async function* network(
  place: Column,
  rows: readonly Method[],
  images: Images,
  desk: Desk,
): AsyncGenerator<Event, void> {
  const { chosen, task, seed } = place;
  const own = rows[0]!.network!;
  const title = `${primaryTitle(task, manifestOf(chosen))}: ${networkTitle(own)}`;
  const trained = yield* trainedNetwork({ ...planOf(chosen, own), seed, title }, images, desk);
  const facts = {
    status: trained.status,
    remark: trained.remark,
    trainLoss: trained.trainLoss,
    trainAccuracy: trained.trainAccuracy,
    deadShare: trained.deadShare,
  };
  const without = { accuracy: NaN, labels: new Uint8Array(0), truth: new Uint8Array(0), images: new Int32Array(0) };
  let effects: Effects | undefined;
  try {
    if (trained.status === "measured") {
      yield { kind: "progress", progress: { stage: `${title}: similarities`, share: 1 } };
      effects = await effectsOf(place, own, images, trained);
    }
  } finally {
    trained.learner.release(trained.state);
  }
  for (const row of rows) {
    if (!effects) {
      yield finding(place, row, { ...facts, ...without });
      continue;
    }
    yield { kind: "progress", progress: { stage: `${title}: ${row.title}`, share: 1 } };
    const kept = images.primary.map((_, at) => at).filter((at) => effects.measurable[at]);
    const left = images.primary.length - kept.length;
    const remark = [trained.remark, left > 0 ? lostRemark(left, images.primary.length) : ""].filter(Boolean).join(" ");
    if (kept.length < leastShare * images.primary.length) {
      yield finding(place, row, { ...facts, ...without, status: "not measurable", remark });
      continue;
    }
    const of = {
      primary: kept.map((at) => images.primary[at]!),
      truth: Uint8Array.from(kept, (at) => images.truth[at]!),
    };
    const similarity = similarityOf(effects, kept, row.network!.option);
    if (isConstant(similarity)) {
      const why = "The network collapsed: all images are equally similar to each other.";
      yield finding(place, row, { ...facts, ...without, status: "collapsed", remark: why });
      continue;
    }
    const options = { truth: of.truth, seed, starts: chosen.starts, breathe: desk.breathe };
    const grouping = await (row.network!.option === "relative"
      ? groupedRows(similarity, options, similarity)
      : groupedKernel(similarity, { ...options, isGram: chosen.order === "limit" }));
    yield finding(place, row, { ...facts, remark, ...grouping, ...copies(of) });
  }
}

/** Whether all entries are one number, but for what single precision leaves open. */
function isConstant({ data }: DoubleMatrix): boolean {
  const [most, least] = [data.reduce((a, b) => Math.max(a, b)), data.reduce((a, b) => Math.min(a, b))];
  return most - least <= 1e-6 * Math.abs(most);
}

/** Of the images: where fewer have a change that can be measured, nothing is clustered; else the others are left out. */
const leastShare = 0.9;

const lostRemark = (lost: number, total: number): string =>
  `${lost} of ${total} images are left out: a step on them changes themselves by no more than rounding, or their probability is 0 or 1 to single precision.`;

/** Step size at which finite changes are taken, for the losses (f - y)² and binary cross-entropy. */
const finiteStep = 1e-6;
async function effectsOf(
  { chosen }: Column,
  { loss }: NetworkMethod,
  { primary }: Images,
  { learner, state, scores }: TrainedNetwork,
): Promise<Effects> {
  if (chosen.order === "limit") return limitEffects(await learner.kernel(state, primary, primary), scores, loss);
  const watch = await learner.watch(state, primary);
  try {
    const responses: Response[] = [];
    // The loss of the engine is half of (f - y)².
    const eta = loss === "l2" ? 2 * finiteStep : finiteStep;
    for await (const response of watch.respond(primary, { rule: "fixed", eta })) responses.push(response);
    return finiteEffects(responses, loss);
  } finally {
    watch.release();
  }
}
