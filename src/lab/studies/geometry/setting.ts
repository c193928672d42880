// What a study of points is asked for: its points, networks, training and probe; and which findings that makes.
import { LabError } from "../../error.ts";
import { choice, int, ints, real, type ValuesOf } from "../../params.ts";
import { pointSets } from "../../points/catalogue.ts";
import type { PointSet, PointSetPlugin } from "../../points/pointSet.ts";
import { canonical } from "../../spec.ts";
import { contestantsOf, networkChoices, type Contestant } from "./network.ts";
import { similarityIds } from "./similarity.ts";

export const params = {
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

export const view = {
  similarity: choice({ title: "Similarity", byDefault: "relative", options: similarityIds }),
  moment: choice({ title: "Moment", byDefault: "trained", options: ["untrained", "trained", "both"] }),
  seedAt: int({ title: "Place of the seed shown in the list", byDefault: 0, min: 0, max: 99 }),
  anchor: int({ title: "Picked point", byDefault: 0, min: 0, max: 499 }),
  azimuth: real({ title: "Azimuth", byDefault: 0.6, min: -1000, max: 1000, help: "In radians." }),
  elevation: real({ title: "Elevation", byDefault: 0.8, min: -2, max: 2, help: "In radians." }),
};
export type GeometryLook = ValuesOf<typeof view>;

export const pointSetOf = (id: string): PointSetPlugin => pointSets.find((set) => set.id === id)!;

export const pointsOf = ({ set, source, perClass }: GeometryParams, seed: number): PointSet =>
  source === "authors" ? pointSetOf(set).authors() : pointSetOf(set).draw(seed, perClass);

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
export interface Job {
  readonly key: string;
  readonly contestant: Contestant;
  readonly seed: number;
  readonly epoch: number;
}

/** Seed by seed, untrained networks first; two step sizes share the untrained one. */
export function jobsOf(chosen: GeometryParams): readonly Job[] {
  const jobs = chosen.seeds.flatMap((seed) =>
    momentsOf(chosen).flatMap((epoch) =>
      contestantsOf(chosen).map((contestant): Job => {
        return { key: geometryKey(chosen, contestant, seed, epoch), contestant, seed, epoch };
      }),
    ),
  );
  return [...new Map(jobs.toReversed().map((job) => [job.key, job])).values()].toReversed();
}

export function check({ compare, epochs: last, seeds, stepSize, otherStepSize }: GeometryParams): void {
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
