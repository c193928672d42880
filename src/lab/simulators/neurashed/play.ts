// A run of the graph, step by step: which example comes, how the factors move, and what one more step would change elsewhere.
// Everything follows from the seed and the number of the step, so any moment can be come to again.
import type { ClassInfo } from "../../contracts.ts";
import { relation, relations, type Relation } from "../../relation.ts";
import {
  carried,
  classNode,
  firing,
  firstFactors,
  growth as growthOf,
  grown,
  scores,
  type Graph,
  type Growth,
  type Seen,
} from "../neurashed.ts";
import { rng } from "../../../math/rng.ts";

export interface RunSetting {
  readonly graph: Graph;
  readonly classes: readonly ClassInfo[];
  readonly growth: Growth;
  readonly fireChance: number;
  readonly seed: number;
}

/** An example: its class and the nodes that it makes fire. */
export interface Example {
  readonly label: number;
  readonly fires: Uint8Array;
}

/** The factors after so many steps. */
export interface Moment {
  readonly step: number;
  /** [node] */
  readonly factors: Float64Array;
}

/** The very factors that training starts from. */
export const begun = ({ graph, growth, seed }: RunSetting): Moment => ({
  step: 0,
  factors: firstFactors(graph, growth, rng(seed).fork("initial weights")),
});

/** The example that comes at a step. @param only a class, where all examples are to be of one */
export function exampleAt({ graph, fireChance, seed }: RunSetting, step: number, only?: number): Example {
  const random = rng(seed).fork("shown").fork(step);
  const drawn = random.below(graph.classCount);
  const label = only ?? drawn;
  return { label, fires: firing(graph, label, fireChance, random) };
}

export const stepped = ({ growth }: RunSetting, { step, factors }: Moment, { fires }: Example): Moment => ({
  step: step + 1,
  factors: grown(factors, fires, growth),
});

/** How many examples of each class are asked. */
const askedCount = 8;

/** Mean relative similarity of one step on examples of a class, by how the asked class is related to it. */
export type Shares = Readonly<Record<Relation, number>>;

/** Firing patterns of learned and asked examples, which stay the same from step to step. [class][example] */
export interface Asked {
  readonly learned: readonly (readonly Uint8Array[])[];
  readonly asked: readonly (readonly Uint8Array[])[];
}

/** Every class has the same draws, so that classes that share everything differ in nothing. */
export function askedOf({ graph, fireChance, seed }: RunSetting): Asked {
  const patterns = (name: string): Uint8Array[][] =>
    Array.from({ length: graph.classCount }, (_, label) =>
      Array.from({ length: askedCount }, (_unused, at) =>
        firing(graph, label, fireChance, rng(seed).fork(name).fork(at)),
      ),
    );
  return { learned: patterns("learned"), asked: patterns("asked") };
}

/**
 * |change at the asked example| / |change at the learned one| of the score of the learned one's class, the measure `relative`,
 * averaged over all pairs; NaN where no learned example moves its own score, or where there is no class so related.
 */
export function sharesOf(
  { graph, classes, growth }: RunSetting,
  factors: Float64Array,
  { learned, asked }: Asked,
  label: number,
): Shares {
  const own = classNode(graph, label);
  const seenAt = (fires: Uint8Array): Seen => ({ fires, scores: scores(graph, factors, fires) });
  const probes = asked.map((each) => each.map(seenAt));
  const sums = { same: 0, sibling: 0, unrelated: 0 };
  const counts = { same: 0, sibling: 0, unrelated: 0 };
  for (const fires of learned[label]!) {
    const change = growthOf(factors, fires, growth);
    const moved = (seen: Seen): number => Math.abs(carried(graph, factors, change, seen)[own]!);
    const ownChange = moved(seenAt(fires));
    if (!(ownChange > 0)) continue;
    for (const [other, each] of probes.entries()) {
      const kind = relation(classes[label]!, classes[other]!);
      for (const probe of each) sums[kind] += moved(probe) / ownChange;
      counts[kind] += each.length;
    }
  }
  return Object.fromEntries(relations.map((kind) => [kind, sums[kind] / counts[kind]])) as unknown as Shares;
}
