// Synthetic geometry (He and Su, ICLR 2020, Figures 1, 4 and 7): does similarity fall with the distance along a shape?
import { pearson, spearman, mean } from "../../math/stats.ts";
import { rng } from "../../math/rng.ts";
import type { Examples, LossId } from "../contracts.ts";
import { choice, int, ints, real, type ValuesOf } from "../params.ts";
import { pointSets } from "../points/catalogue.ts";
import type { PointSet } from "../points/pointSet.ts";
import { canonical } from "../spec.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { epochs } from "../training.ts";

const params = {
  set: choice({ title: "Points", byDefault: "torus", options: pointSets.map(({ id }) => id) }),
  source: choice({ title: "Drawn by", byDefault: "authors", options: ["authors", "seed"] }),
  perClass: int({ title: "Points of each label", byDefault: 50, min: 2, max: 500 }),
  widths: ints({ title: "Hidden widths", byDefault: [512], min: 1, max: 40960, minCount: 1, maxCount: 4 }),
  epochs: int({
    title: "Epochs",
    byDefault: 0,
    min: 0,
    max: 20000,
    help: "Full-batch steps; 0 leaves the weights random.",
  }),
  stepSize: real({
    title: "Step size",
    byDefault: 8e-4,
    min: 1e-9,
    max: 10,
    scale: "log",
    help: "For the loss (f - y)², as the authors' code has it.",
  }),
  seeds: ints({ title: "Seeds", byDefault: [1], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 100 }),
};
export type GeometryParams = ValuesOf<typeof params>;

const view = {
  anchor: int({ title: "Picked point", byDefault: 0, min: 0, max: 499 }),
  azimuth: real({ title: "Azimuth", byDefault: 0.6, min: -1000, max: 1000, help: "In radians." }),
  elevation: real({ title: "Elevation", byDefault: 0.5, min: -2, max: 2, help: "In radians." }),
};

export const geometryModels = ["relu", "sigmoid", "none"] as const;
type Activation = (typeof geometryModels)[number];

export interface GeometryFinding {
  /** Empirical tangent kernel of the primary points. [anchor, probe] */
  readonly kernel: Float32Array;
  /** Over all ordered pairs of primary points, each with itself too: of |K(a, p)| / K(a, a) and the distance. */
  readonly pearson: number;
  readonly spearman: number;
  /** Mean relative similarity of the same pairs. */
  readonly mean: number;
  /** Mean of (f - y)² over all points. */
  readonly loss: number;
}

export const pointsOf = ({ set, source, perClass }: GeometryParams, seed: number): PointSet => {
  const plugin = pointSets.find(({ id }) => id === set)!;
  return source === "authors" ? plugin.authors() : plugin.draw(seed, perClass);
};

/** The key of one network at one moment. */
export function geometryKey(chosen: GeometryParams, model: Activation, seed: number, epoch: number): string {
  const { set, source, perClass, widths, stepSize } = chosen;
  return canonical({
    set,
    source,
    ...(source === "seed" ? { perClass } : {}),
    widths,
    model,
    seed,
    epoch,
    ...(epoch > 0 ? { stepSize } : {}),
  });
}

const momentsOf = ({ epochs: last }: GeometryParams): number[] => (last > 0 ? [0, last] : [0]);

function examplesOf(points: PointSet): Examples {
  const { coordinates, dimension, count, primaryCount } = points;
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
  for (const seed of chosen.seeds) {
    const points = pointsOf(chosen, seed);
    const examples = examplesOf(points);
    const all = Array.from({ length: points.count }, (_, at) => at);
    for (const model of geometryModels) {
      const missing = momentsOf(chosen).filter((epoch) => !known.has(geometryKey(chosen, model, seed, epoch)));
      if (missing.length === 0) continue;
      const loss: LossId = "squared-error";
      const network = desk.network({
        model: { id: "mlp", params: { widths: chosen.widths, activation: model } },
        examples,
        loss,
        seed,
      });
      const start = network.start();
      let last = start;
      try {
        const finding = async (state: unknown): Promise<GeometryFinding> => {
          const primary = all.slice(0, points.primaryCount);
          const { data } = await network.kernel(state, primary, primary);
          const scores = await network.predict(state, all);
          return { kernel: data as Float32Array, ...summary(points, data), loss: squares(scores.data, points) };
        };
        if (missing.includes(0))
          yield { kind: "finding", key: geometryKey(chosen, model, seed, 0), value: await finding(start) };
        if (!missing.includes(chosen.epochs) || chosen.epochs === 0) continue;
        // The loss of the engine is half of the authors'.
        const plan = {
          epochs: chosen.epochs,
          batchSize: points.count,
          stepSize: 2 * chosen.stepSize,
          order: rng(seed).fork("training order"),
        };
        for await (const { epoch, state } of epochs(network, start, all, { plan, breathe: desk.breathe })) {
          last = state;
          if (epoch % 50 === 0)
            yield {
              kind: "progress",
              progress: { stage: `${model}, seed ${seed}: epoch ${epoch}`, share: epoch / chosen.epochs },
            };
        }
        yield { kind: "finding", key: geometryKey(chosen, model, seed, chosen.epochs), value: await finding(last) };
      } finally {
        if (last !== start) network.release(last);
        network.release(start);
      }
    }
  }
}

/** Pearson, Spearman and mean of the relative similarity over all ordered pairs, the diagonal among them. */
function summary(points: PointSet, kernel: ArrayLike<number>): Pick<GeometryFinding, "pearson" | "spearman" | "mean"> {
  const n = points.primaryCount;
  const similarity = Array.from({ length: n * n }, (_, at) =>
    Math.abs(kernel[at]! / kernel[Math.floor(at / n) * (n + 1)]!),
  );
  const distance = similarity.map((_, at) => points.distance(Math.floor(at / n), at % n));
  return { pearson: pearson(similarity, distance), spearman: spearman(similarity, distance), mean: mean(similarity) };
}

const squares = (scores: ArrayLike<number>, { count, primaryCount }: PointSet): number =>
  Array.from({ length: count }, (_, at) => (scores[at]! - (at < primaryCount ? 1 : 0)) ** 2).reduce(
    (a, b) => a + b,
    0,
  ) / count;

export const geometry: StudyPlugin<GeometryParams, GeometryFinding> = {
  id: "geometry",
  title: "Synthetic geometry",
  question: "Does similarity fall with the distance along a shape, and does it in a linear network?",
  source: "He and Su, ICLR 2020, Figures 1, 4 and 7",
  params,
  view,
  presets: [
    {
      id: "figure-1-torus",
      title: "Figure 1: torus",
      question: "Fifty points on a torus: does learning one move its neighbours most?",
      caption: "Width 512 instead of 40960, and untrained: on this set the correlation does not depend on either.",
      small: { params: {}, size: "width 512, 50 + 50 points, 1 seed, untrained", minutes: 0.1 },
      paper: {
        params: { widths: [40960], epochs: 20000, stepSize: 1e-5 },
        size: "width 40960, 50 + 50 points, 1 seed, 20,000 epochs",
        minutes: 60,
      },
    },
  ],
  keys: (chosen) =>
    chosen.seeds.flatMap((seed) =>
      geometryModels.flatMap((model) => momentsOf(chosen).map((epoch) => geometryKey(chosen, model, seed, epoch))),
    ),
  run,
  tables: (chosen, findings) => [
    {
      name: "geometry",
      title: `Relative similarity against distance, ${chosen.set}`,
      columns: ["model", "seed", "epoch", "pearson", "spearman", "mean", "loss"],
      rows: chosen.seeds.flatMap((seed) =>
        geometryModels.flatMap((model) =>
          momentsOf(chosen).flatMap((epoch) => {
            const found = findings.get(geometryKey(chosen, model, seed, epoch));
            return found ? [[model, seed, epoch, found.pearson, found.spearman, found.mean, found.loss]] : [];
          }),
        ),
      ),
      dictionary: {
        model: "activation between the dense layers; none is the linear twin",
        seed: "of the initial weights",
        epoch: "full-batch steps",
        pearson: "correlation of relative similarity and distance over all ordered pairs of primary points",
        spearman: "the same of ranks",
        mean: "mean relative similarity of the same pairs",
        loss: "mean of (f - y)² over all points",
      },
    },
  ],
};
