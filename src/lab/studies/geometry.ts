// Synthetic geometry (He and Su, ICLR 2020, Figures 1, 4 and 7): does similarity fall with the distance along a shape?
import { rng } from "../../math/rng.ts";
import { deviation, mean } from "../../math/stats.ts";
import type { Examples, Learner } from "../contracts.ts";
import { LabError } from "../error.ts";
import { choice, int, ints, real, type ValuesOf } from "../params.ts";
import { pointSets } from "../points/catalogue.ts";
import type { PointSet, PointSetPlugin } from "../points/pointSet.ts";
import { canonical } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { epochs } from "../training.ts";
import { activationTitles, contestantsOf, networkChoices, type Contestant } from "./geometry/network.ts";
import { geometryPresets } from "./geometry/presets.ts";
import { publishedOf } from "./geometry/published.ts";
import {
  patternCosines,
  similarities,
  similarityIds,
  statisticsOf,
  type Measured,
  type SimilarityId,
  type Statistics,
} from "./geometry/similarity.ts";

const params = {
  set: choice({ title: "Points", byDefault: "torus", options: pointSets.map(({ id }) => id) }),
  source: choice({
    title: "Drawn by",
    byDefault: "authors",
    options: ["authors", "seed"],
    help: "The authors' own 50 points of each label, or fresh ones for every seed.",
  }),
  perClass: int({
    title: "Points of each label",
    byDefault: 50,
    min: 2,
    max: 250,
    help: "Of those drawn by a seed.",
  }),
  widths: ints({ title: "Hidden widths", byDefault: [512], min: 1, max: 40960, minCount: 1, maxCount: 4 }),
  compare: choice({
    title: "Side by side",
    byDefault: "networks",
    options: ["networks", "step sizes"],
    help: "Step sizes: the linear network, trained at two of them.",
  }),
  networks: choice({ title: "Networks", byDefault: "all", options: networkChoices }),
  epochs: int({
    title: "Epochs",
    byDefault: 0,
    min: 0,
    max: 20000,
    help: "Full-batch steps; 0 leaves the weights random.",
  }),
  stepSize: real({
    title: "Step size",
    byDefault: 2e-4,
    min: 1e-9,
    max: 10,
    scale: "log",
    help: "For the loss (f − y)², as the authors' code has it.",
  }),
  otherStepSize: real({
    title: "Step size beside it",
    byDefault: 2e-4,
    min: 1e-9,
    max: 10,
    scale: "log",
    help: "Where two step sizes are compared.",
  }),
  order: choice({
    title: "Probe step",
    byDefault: "limit",
    options: ["limit", "finite"],
    help: "Limit: infinitely small, the tangent kernel. Finite: one step of η on each point, as the authors do.",
  }),
  eta: real({
    title: "η of a finite probe",
    byDefault: 1e-6,
    min: 1e-12,
    max: 1,
    scale: "log",
    help: "For the loss (f − y)²; the authors take 1e-6.",
  }),
  seeds: ints({ title: "Seeds", byDefault: [1], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 100 }),
};
export type GeometryParams = ValuesOf<typeof params>;

const view = {
  similarity: choice({ title: "Similarity", byDefault: "relative", options: similarityIds }),
  moment: choice({ title: "Moment", byDefault: "trained", options: ["untrained", "trained", "both"] }),
  seedAt: int({ title: "Place of the seed shown in the list", byDefault: 0, min: 0, max: 99 }),
  anchor: int({ title: "Picked point", byDefault: 0, min: 0, max: 499 }),
  azimuth: real({ title: "Azimuth", byDefault: 0.6, min: -1000, max: 1000, help: "In radians." }),
  elevation: real({ title: "Elevation", byDefault: 0.8, min: -2, max: 2, help: "In radians." }),
};
export type GeometryLook = ValuesOf<typeof view>;

/** What training did. */
export interface GeometryTraining {
  /** Mean of (f - y)² over all points, before each step; shorter than asked for where it diverged. [step] */
  readonly losses: Float32Array;
  /** Largest eigenvalue of the tangent kernel of all points, before and after; NaN where the weights are not finite. */
  readonly topBefore: number;
  readonly topAfter: number;
}

export interface GeometryFinding extends Measured {
  readonly statistics: Readonly<Record<SimilarityId, Statistics>>;
  /** Mean of (f - y)² over all points. */
  readonly loss: number;
  /** Absent in an untrained network. */
  readonly training?: GeometryTraining;
}

export const pointSetOf = (id: string): PointSetPlugin => pointSets.find((set) => set.id === id)!;

export const pointsOf = ({ set, source, perClass }: GeometryParams, seed: number): PointSet =>
  source === "authors" ? pointSetOf(set).authors() : pointSetOf(set).draw(seed, perClass);

/**
 * What decides whether full-batch descent on (f - y)² is stable (He and Su's loss; its Hessian is about 2 K / n): below 2 it
 * is, above 2 the loss grows until the kernel has shrunk.
 * @param top largest eigenvalue of the tangent kernel of the n points
 */
export const stiffness = (stepSize: number, top: number, n: number): number => (2 * stepSize * top) / n;
export const stableBelow = 2;

/** The key of one network at one moment. */
export function geometryKey(chosen: GeometryParams, { activation, stepSize }: Contestant, seed: number, epoch: number) {
  const { set, source, perClass, widths, order, eta } = chosen;
  return canonical({
    set,
    source,
    ...(source === "seed" ? { perClass } : {}),
    widths,
    model: activation,
    seed,
    epoch,
    ...(epoch > 0 ? { stepSize } : {}),
    ...(order === "finite" ? { eta } : {}),
  });
}

export const momentsOf = ({ epochs: last }: GeometryParams): readonly number[] => (last > 0 ? [0, last] : [0]);

/** One finding to make. */
interface Job {
  readonly key: string;
  readonly contestant: Contestant;
  readonly seed: number;
  readonly epoch: number;
}

/** Seed by seed, untrained networks first; two step sizes share the untrained one. */
function jobsOf(chosen: GeometryParams): readonly Job[] {
  const jobs = chosen.seeds.flatMap((seed) =>
    momentsOf(chosen).flatMap((epoch) =>
      contestantsOf(chosen).map((contestant): Job => {
        return { key: geometryKey(chosen, contestant, seed, epoch), contestant, seed, epoch };
      }),
    ),
  );
  return [...new Map(jobs.toReversed().map((job) => [job.key, job])).values()].toReversed();
}

function check({ compare, epochs: last, seeds, stepSize, otherStepSize }: GeometryParams): void {
  const twice = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
  if (twice !== undefined)
    throw new LabError(
      "spec-invalid",
      `seeds holds ${twice} twice; give each seed once, for it gives the same numbers.`,
    );
  if (compare === "networks") return;
  if (last === 0)
    throw new LabError(
      "spec-invalid",
      "epochs is 0, but two step sizes differ in training only; give 1 epoch or more, or compare networks.",
    );
  if (stepSize === otherStepSize)
    throw new LabError(
      "spec-invalid",
      `stepSize and otherStepSize are both ${stepSize}; give two step sizes to compare, or compare networks.`,
    );
}

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

async function* run(
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
  const { eigenpairs } = await import("../../math/eigenpairs.ts");
  return eigenpairs({ rows: n, columns: n, data: symmetric }).values[0]!;
}

const squares = (scores: ArrayLike<number>, { count, primaryCount }: PointSet): number =>
  mean(numbers(count).map((at) => (scores[at]! - (at < primaryCount ? 1 : 0)) ** 2));

const networkName = ({ activation }: Contestant): string => (activation === "none" ? "linear" : activation);

function eachSeed(chosen: GeometryParams, findings: Findings<GeometryFinding>): StudyTable {
  const rows = jobsOf(chosen).flatMap(({ key, contestant, seed, epoch }) => {
    const found = findings.get(key);
    if (!found) return [];
    const { training, loss } = found;
    const n = pointsOf(chosen, seed).count;
    const stiff = (top: number): number | string => blank(stiffness(contestant.stepSize, top, n));
    return similarityIds.map((similarity) => {
      const { pearson, spearman, mean: average, count } = found.statistics[similarity];
      return [
        networkName(contestant),
        epoch > 0 ? contestant.stepSize : "",
        seed,
        epoch,
        similarity,
        blank(pearson),
        blank(spearman),
        blank(average),
        count,
        blank(loss),
        ...(training ? [stiff(training.topBefore), stiff(training.topAfter)] : ["", ""]),
      ];
    });
  });
  return {
    name: "geometry",
    title: `Similarity against distance, ${chosen.set}, each seed`,
    columns: [
      "network",
      "step_size",
      "seed",
      "epoch",
      "similarity",
      "pearson",
      "spearman",
      "mean",
      "pairs",
      "loss",
      "stiffness_before",
      "stiffness_after",
    ],
    rows,
    dictionary: {
      ...columnWords,
      seed: "of the initial weights, and of the points where they are not the authors'",
      pearson:
        "correlation of similarity and distance over all ordered pairs, each point with itself too; blank: not defined",
      spearman: "the same of ranks",
      mean: "mean similarity of the same pairs",
      pairs: "how many pairs are measurable",
      loss: "mean of (f - y)² over all points",
      stiffness_before: `2 step_size lambda / n before training, lambda the largest eigenvalue of the tangent kernel of all n points; stable below ${stableBelow}`,
      stiffness_after: "the same after training",
    },
  };
}

const columnWords = {
  network: "activation between the dense layers; linear has none",
  step_size: "of training, for the loss (f - y)²; blank: untrained",
  epoch: "full-batch steps done",
  similarity:
    "relative (eq. 2), kernelized (eq. 3), normalised kernel, each against the distance along the shape among primary points; patterns: cosine of activation patterns against straight distance among all points",
};

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

/** What the seeds of one network at one moment have in common. */
export interface OverSeeds {
  readonly seedCount: number;
  readonly pearson: { readonly mean: number; readonly deviation: number };
  readonly spearman: { readonly mean: number; readonly deviation: number };
  readonly mean: { readonly mean: number; readonly deviation: number };
}

export function overSeeds(
  { chosen, findings }: { readonly chosen: GeometryParams; readonly findings: Findings<GeometryFinding> },
  contestant: Contestant,
  { epoch, similarity }: { readonly epoch: number; readonly similarity: SimilarityId },
): OverSeeds {
  const found = chosen.seeds.flatMap((seed) => {
    const finding = findings.get(geometryKey(chosen, contestant, seed, epoch));
    return finding ? [finding.statistics[similarity]] : [];
  });
  const of = (name: "pearson" | "spearman" | "mean") => {
    const values = found.map((statistics) => statistics[name]);
    return { mean: mean(values), deviation: deviation(values) };
  };
  return { seedCount: found.length, pearson: of("pearson"), spearman: of("spearman"), mean: of("mean") };
}

function allSeeds(chosen: GeometryParams, findings: Findings<GeometryFinding>): StudyTable {
  const rows = momentsOf(chosen).flatMap((epoch) =>
    // Before training, two step sizes are one network.
    (epoch === 0 && chosen.compare === "step sizes"
      ? contestantsOf(chosen).slice(0, 1)
      : contestantsOf(chosen)
    ).flatMap((contestant) =>
      similarityIds.flatMap((similarity) => {
        const over = overSeeds({ chosen, findings }, contestant, { epoch, similarity });
        if (over.seedCount === 0) return [];
        const paper = publishedOf(chosen.set, contestant.activation, similarity);
        return [
          [
            networkName(contestant),
            epoch > 0 ? contestant.stepSize : "",
            epoch,
            similarity,
            over.seedCount,
            ...[over.pearson, over.spearman, over.mean].flatMap((each) => [blank(each.mean), blank(each.deviation)]),
            paper?.pearson ?? "",
            paper?.mean ?? "",
            paper?.source ?? "",
          ],
        ];
      }),
    ),
  );
  return {
    name: "geometry-seeds",
    title: `Similarity against distance, ${chosen.set}, over seeds and beside the paper`,
    columns: [
      "network",
      "step_size",
      "epoch",
      "similarity",
      "seeds",
      "pearson",
      "pearson_sd",
      "spearman",
      "spearman_sd",
      "mean",
      "mean_sd",
      "paper_pearson",
      "paper_mean",
      "paper_source",
    ],
    rows,
    dictionary: {
      ...columnWords,
      seeds: "how many seeds are in the means",
      pearson: "mean over seeds of the correlation of similarity and distance",
      pearson_sd: "sample standard deviation over seeds (n - 1); blank below two",
      spearman: "mean over seeds of the rank correlation",
      spearman_sd: "its standard deviation",
      mean: "mean over seeds of the mean similarity",
      mean_sd: "its standard deviation",
      paper_pearson: "correlation that the paper prints, for its own widths, points and training",
      paper_mean: "mean similarity that the paper prints",
      paper_source: "where in He and Su, ICLR 2020",
    },
  };
}

export const geometry: StudyPlugin<GeometryParams, GeometryFinding> = {
  id: "geometry",
  title: "Synthetic geometry",
  question: "Does similarity fall with the distance along a shape, and does it in a linear network?",
  source: "He and Su, ICLR 2020, Figures 1, 4 and 7",
  explanation: {
    words:
      "One step of gradient descent on x moves the score everywhere; the relative similarity is how far it moves at x' beside how far at x itself. A locally elastic network's falls with the distance along the shape.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}`,
    spoken: "relative similarity: the change of the score at x prime over the change at x, after one step on x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: geometryPresets,
  check,
  keys: (chosen) => jobsOf(chosen).map(({ key }) => key),
  run,
  // Patterns are four times as many numbers as kernels, and their statistics stay.
  lasting: ({ patterns: _patterns, ...rest }) => rest,
  tables: (chosen, findings) => [allSeeds(chosen, findings), eachSeed(chosen, findings)],
};
