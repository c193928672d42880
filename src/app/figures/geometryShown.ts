// What is looked at in the synthetic geometry: which networks side by side, at which moment, by which similarity.
import {
  contestantsOf,
  activationTitles,
  type Comparison,
  type Contestant,
} from "../../lab/studies/geometry/network.ts";
import { similarities, sizeOf, type Similarity } from "../../lab/studies/geometry/similarity.ts";
import {
  geometryKey,
  pointSetOf,
  pointsOf,
  type GeometryFinding,
  type GeometryLook,
  type GeometryParams,
} from "../../lab/studies/geometry.ts";
import type { PointSet, PointSetPlugin } from "../../lab/points/pointSet.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement } from "./figure.ts";
import { axisNumber } from "./scale.ts";

export interface GeometryInput {
  readonly params: GeometryParams;
  readonly findings: Findings<GeometryFinding>;
  readonly look: GeometryLook;
  readonly arrangement: Arrangement;
}

/** One network at one moment. */
export interface Shown {
  readonly contestant: Contestant;
  /** "ReLU", or "Linear, step 2·10⁻⁴" where step sizes are compared. */
  readonly name: string;
  /** "untrained" or "1,000 epochs". */
  readonly moment: string;
  readonly epoch: number;
  readonly finding: GeometryFinding | undefined;
}

/** What of the look and the parameters all figures share. */
export interface Scene {
  readonly seed: number;
  readonly points: PointSet;
  readonly set: PointSetPlugin;
  readonly similarity: Similarity;
  /** Points among which the similarity is. */
  readonly size: number;
  readonly anchor: number;
  /** Whether learning a and watching p is the same as the other way round. */
  readonly isSymmetric: boolean;
  /** How the response was probed. */
  readonly probeText: string;
}

export function sceneOf({ params, look }: Pick<GeometryInput, "params" | "look">): Scene {
  const seed = params.seeds[Math.min(look.seedAt, params.seeds.length - 1)]!;
  const points = kept(params, seed);
  const similarity = similarities[look.similarity];
  const size = sizeOf(similarity, points);
  const isFinite = params.order === "finite";
  return {
    seed,
    points,
    set: pointSetOf(params.set),
    similarity,
    size,
    anchor: Math.min(look.anchor, size - 1),
    isSymmetric: similarity.id === "patterns" || (similarity.id !== "relative" && !isFinite),
    probeText: isFinite ? `Probed by one step of η = ${axisNumber(params.eta)}` : "Probed in the limit of small steps",
  };
}

/** While a cloud is turned, its points are asked for many times a second. */
const drawn = new WeakMap<GeometryParams, Map<number, PointSet>>();

function kept(params: GeometryParams, seed: number): PointSet {
  const own = drawn.get(params) ?? new Map<number, PointSet>();
  drawn.set(params, own);
  const points = own.get(seed) ?? pointsOf(params, seed);
  own.set(seed, points);
  return points;
}

export const networkName = ({ activation, stepSize }: Contestant, { compare }: Pick<Comparison, "compare">): string =>
  `${activationTitles[activation]}${compare === "step sizes" ? `, step ${axisNumber(stepSize)}` : ""}`;

/** The moments that are asked for. */
export const epochsShown = ({ epochs }: GeometryParams, { moment }: GeometryLook): readonly number[] =>
  epochs === 0 || moment === "untrained" ? [0] : moment === "trained" ? [epochs] : [0, epochs];

/** The same, with the untrained moment in place of a trained one that nothing of the seed shown has reached. */
export function epochsThere({ params, findings, look }: Omit<GeometryInput, "arrangement">): readonly number[] {
  const asked = epochsShown(params, look);
  const { seed } = sceneOf({ params, look });
  const isThere = contestantsOf(params).some((one) => findings.has(geometryKey(params, one, seed, asked.at(-1)!)));
  return asked.length > 1 || isThere ? asked : [0];
}

/** All networks at one moment; before its training is over, a network is shown untrained unless that is shown beside it. */
export function shownAt({ params, findings, look }: Omit<GeometryInput, "arrangement">, epoch: number): Shown[] {
  const { seed } = sceneOf({ params, look });
  return contestantsOf(params).map((contestant) => {
    const at = (moment: number) => findings.get(geometryKey(params, contestant, seed, moment));
    const isThere = at(epoch) !== undefined || look.moment === "both";
    const told = isThere ? epoch : 0;
    return {
      contestant,
      name: networkName(contestant, params),
      moment: momentText(told),
      epoch: told,
      finding: at(told),
    };
  });
}

export const momentText = (epoch: number): string =>
  epoch === 0 ? "untrained" : `${epoch.toLocaleString("en")} epoch${epoch === 1 ? "" : "s"}`;

/** Of the two labels; grey rather than the paper's red, which would read as a similarity above 1. */
export const labelColours = { primary: "#0072b2", auxiliary: "#8f8f8f" } as const;
