// The run of a study of points: one network after the other, measured untrained or trained.
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import type { Examples, Learner } from "../../contracts.ts";
import type { PointSet } from "../../points/pointSet.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import { epochs } from "../../training.ts";
import type { GeometryFinding } from "./finding.ts";
import { activationTitles } from "./network.ts";
import { jobsOf, pointsOf, type GeometryParams, type Job } from "./setting.ts";
import { patternCosines, similarities, similarityIds, statisticsOf, type Measured } from "./similarity.ts";

function examplesOf({ coordinates, dimension, count, primaryCount }: PointSet): Examples {
  return {
    shape: [1, 1, dimension],
    outputCount: 1,
    labels: Uint8Array.from({ length: count }, (_, at) => (at < primaryCount ? 0 : 1)),
    read: (examples) =>
      Float32Array.from(
        examples.flatMap((at) => Array.from(coordinates.subarray(at * dimension, (at + 1) * dimension))),
      ),
  };
}

export async function* run(
  chosen: GeometryParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<GeometryFinding>> {
  for (const job of jobsOf(chosen)) {
    if (known.has(job.key)) continue;
    const points = pointsOf(chosen, job.seed);
    const { activation } = job.contestant;
    const name = `${activationTitles[activation]}, seed ${job.seed}`;
    yield { kind: "progress", progress: { stage: `${name}: untrained`, share: 0 } };
    await desk.breathe();
    const network = desk.network({
      model: { id: "mlp", params: { widths: chosen.widths, activation } },
      examples: examplesOf(points),
      loss: "squared-error",
      seed: job.seed,
    });
    const bench: Bench = { chosen, points, network, desk, name };
    const start = network.start();
    try {
      if (job.epoch === 0) yield { kind: "finding", key: job.key, value: await measure(bench, start) };
      else yield* train(bench, start, job);
    } finally {
      network.release(start);
    }
  }
}

interface Bench {
  readonly chosen: GeometryParams;
  readonly points: PointSet;
  readonly network: Learner<unknown>;
  readonly desk: Desk;
  /** For the page. */
  readonly name: string;
}

/** Leaves the start as it was. */
async function* train(
  bench: Bench,
  start: unknown,
  { key, seed, contestant: { stepSize } }: Job,
): AsyncGenerator<StudyEvent<GeometryFinding>> {
  const { chosen, points, network, desk, name } = bench;
  const all = numbers(points.count);
  const topBefore = await topOf(bench, start);
  const losses: number[] = [];
  // The loss of the engine is half of the authors'.
  const plan = {
    epochs: chosen.epochs,
    batchSize: points.count,
    stepSize: 2 * stepSize,
    order: rng(seed).fork("training order"),
  };
  let last = start;
  try {
    for await (const { epoch, loss, state } of epochs(network, start, all, { plan, breathe: desk.breathe })) {
      last = state;
      losses.push(2 * loss);
      if (epoch % progressSteps === 0)
        yield {
          kind: "progress",
          progress: { stage: `${name}: step ${epoch} of ${chosen.epochs}`, share: epoch / chosen.epochs },
        };
    }
    const training = { losses: Float32Array.from(losses), topBefore, topAfter: await topOf(bench, last) };
    yield { kind: "finding", key, value: { ...(await measure(bench, last)), training } };
  } finally {
    if (last !== start) network.release(last);
  }
}

const progressSteps = 20;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

async function measure({ chosen, points, network }: Bench, state: unknown): Promise<GeometryFinding> {
  const all = numbers(points.count);
  const primary = numbers(points.primaryCount);
  const kernel =
    chosen.order === "limit"
      ? ((await network.kernel(state, primary, primary)).data as Float32Array)
      : await probed(network, state, { primary, eta: chosen.eta });
  const patterns = await network.patterns(state, all);
  const measured: Measured = { kernel, ...(patterns.columns > 0 ? { patterns: patternCosines(patterns) } : {}) };
  const statistics = Object.fromEntries(
    similarityIds.map((id) => [id, statisticsOf(similarities[id], measured, points)]),
  ) as unknown as GeometryFinding["statistics"];
  const scores = await network.predict(state, all);
  return { ...measured, statistics, loss: squares(scores.data, points) };
}

interface Probing {
  readonly primary: readonly number[];
  /** For the loss (f - y)². */
  readonly eta: number;
}

/**
 * Kernelized similarity by one finite step on each point, eq. 3: -change / (eta dL/df). A row whose own change is within its
 * rounding is NaN. [anchor, probe]
 */
async function probed(network: Learner<unknown>, state: unknown, { primary, eta }: Probing): Promise<Float32Array> {
  const kernel = new Float32Array(primary.length ** 2);
  const watch = await network.watch(state, primary);
  try {
    let row = 0;
    // Twice the authors' eta, for the engine's loss is half of theirs.
    for await (const response of watch.respond(primary, { rule: "fixed", eta: 2 * eta })) {
      const count = response.anchorLabels.length;
      for (let anchor = 0; anchor < count; anchor++, row++) {
        const isLost = Math.abs(response.anchorChange.data[anchor]!) <= response.anchorRounding[anchor]!;
        const force = -response.stepSize[anchor]! * response.lossSlope.data[anchor]!;
        for (let probe = 0; probe < primary.length; probe++)
          kernel[row * primary.length + probe] = isLost
            ? NaN
            : response.change.data[anchor * primary.length + probe]! / force;
      }
    }
  } finally {
    watch.release();
  }
  return kernel;
}

/** Largest eigenvalue of the tangent kernel of all points; NaN where it is not finite. */
async function topOf({ points, network }: Bench, state: unknown): Promise<number> {
  const all = numbers(points.count);
  const { data } = await network.kernel(state, all, all);
  if (!data.every(Number.isFinite)) return NaN;
  const n = points.count;
  // Rounding may have made the two halves differ by a last digit.
  const symmetric = Float64Array.from(data, (value, at) => (value + data[(at % n) * n + Math.floor(at / n)]!) / 2);
  // Its library is for whoever computes, not for the page's first view.
  const { eigenpairs } = await import("../../../math/eigenpairs.ts");
  return eigenpairs({ rows: n, columns: n, data: symmetric }).values[0]!;
}

const squares = (scores: ArrayLike<number>, { count, primaryCount }: PointSet): number =>
  mean(numbers(count).map((at) => (scores[at]! - (at < primaryCount ? 1 : 0)) ** 2));
