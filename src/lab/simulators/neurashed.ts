// A neurashed-style model: a layered graph of features that fire, each with a factor that grows when it fires and decays when not.
// It follows Su's Neurashed (arXiv 2112.09741, 2021) in its three parts: a hierarchy of features shared by classes, random firing given the
// class, and amplifying factors moved step by step. How factors grow and which features there are is this lab's instance.
import { rng, type Rng } from "../../math/rng.ts";

/** A feature, or a class in the last level. */
export interface GraphNode {
  readonly name: string;
  /** 0 is the level of the simple features; classes are alone in the last one. */
  readonly level: number;
  /** Places of the nodes one level below that it is made of, rising; none at level 0. */
  readonly children: readonly number[];
}

/** Level by level from the simple features up, the classes last and in their order. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly classCount: number;
}

/** Levels of features and, above them, that of the classes. */
export const levelCount = ({ nodes }: Graph): number => nodes.at(-1)!.level + 1;

/** Places of the nodes of each level. [level] */
export const levelsOf = (graph: Graph): number[][] =>
  Array.from({ length: levelCount(graph) }, (_, level) =>
    graph.nodes.flatMap((node, at) => (node.level === level ? [at] : [])),
  );

/** Place of a class's node. */
export const classNode = ({ nodes, classCount }: Graph, label: number): number => nodes.length - classCount + label;

/** Which nodes a class is made of, itself among them: all that a path goes down to. [node] */
export function made(graph: Graph, label: number): Uint8Array {
  const isPart = new Uint8Array(graph.nodes.length);
  isPart[classNode(graph, label)] = 1;
  for (let at = graph.nodes.length - 1; at >= 0; at--)
    if (isPart[at]) for (const child of graph.nodes[at]!.children) isPart[child] = 1;
  return isPart;
}

/**
 * The nodes that an example of a class makes fire. A simple feature of its class fires with the given chance, one above with
 * the same chance where at least one child fires, and a class node, be it another class's, wherever a child of it fires.
 * @param chance from 0 to 1 @returns 1 where a node fires. [node]
 */
export function firing(graph: Graph, label: number, chance: number, random: Rng): Uint8Array {
  const isPart = made(graph, label);
  const fires = new Uint8Array(graph.nodes.length);
  const classes = graph.nodes.length - graph.classCount;
  for (const [at, { level, children }] of graph.nodes.entries()) {
    const isReached = level === 0 || children.some((child) => fires[child] === 1);
    if (at >= classes) fires[at] = isReached ? 1 : 0;
    else if (isPart[at]) fires[at] = random.uniform() < chance && isReached ? 1 : 0;
  }
  return fires;
}

/** What an example fires: drawn once, from a stream of the seed and the example's number. [node] */
export const firedBy = (graph: Graph, label: number, chance: number, seed: number, example: number): Uint8Array =>
  firing(graph, label, chance, rng(seed).fork("firing").fork(example));

/**
 * S of every node: its factor times the sum of its firing children's scores, or its factor alone at level 0; 0 where it does
 * not fire. The last `classCount` are the logits. [node]
 */
export function scores({ nodes }: Graph, factors: ArrayLike<number>, fires: Uint8Array): Float64Array {
  const s = new Float64Array(nodes.length);
  for (const [at, { level, children }] of nodes.entries()) {
    if (!fires[at]) continue;
    let below = level === 0 ? 1 : 0;
    for (const child of children) below += s[child]!;
    s[at] = factors[at]! * below;
  }
  return s;
}

/** An example at some factors: which nodes it makes fire, and their scores. */
export interface Seen {
  readonly fires: Uint8Array;
  readonly scores: Float64Array;
}

/**
 * By how much the scores change when the factors do, carried up as a difference, so that nothing is subtracted:
 * dS_F = (lambda_F + d lambda_F) sum dS_f + d lambda_F sum S_f. [node]
 * @param change of each factor. [node]
 */
export function carried({ nodes }: Graph, factors: ArrayLike<number>, change: ArrayLike<number>, seen: Seen) {
  const d = new Float64Array(nodes.length);
  for (let at = 0; at < nodes.length; at++) {
    if (!seen.fires[at]) continue;
    const { level, children } = nodes[at]!;
    let below = level === 0 ? 1 : 0;
    let moved = 0;
    for (const child of children) {
      below += seen.scores[child]!;
      moved += d[child]!;
    }
    d[at] = (factors[at]! + change[at]!) * moved + change[at]! * below;
  }
  return d;
}

/**
 * dS_k / d lambda_F of every node F, for the class node k, by one pass down: first dS_k / dS_F, then times the sum of F's firing
 * children's scores. [node]
 */
export function slopes(graph: Graph, factors: ArrayLike<number>, { fires, scores: s }: Seen, label: number) {
  const { nodes } = graph;
  const reach = new Float64Array(nodes.length);
  const input = new Float64Array(nodes.length);
  reach[classNode(graph, label)] = fires[classNode(graph, label)]!;
  for (let at = nodes.length - 1; at >= 0; at--) {
    const { level, children } = nodes[at]!;
    if (!fires[at]) continue;
    input[at] = level === 0 ? 1 : 0;
    for (const child of children) {
      input[at]! += s[child]!;
      if (fires[child]) reach[child]! += reach[at]! * factors[at]!;
    }
  }
  return { reach, input, slope: reach.map((value, at) => value * input[at]!) };
}

/** How factors move. */
export interface Growth {
  /** g of a step: a factor that fires is multiplied by 1 + g (1 - factor / most). */
  readonly rate: number;
  /** What a factor may come to. */
  readonly most: number;
  /** A factor that does not fire is multiplied by 1 - g / patience. */
  readonly patience: number;
}

/** Factors before training: of all nodes alike, from a twentieth to a tenth of the most, each from a stream of its node's name. [node] */
export const firstFactors = ({ nodes }: Graph, { most }: Pick<Growth, "most">, random: Rng): Float64Array =>
  Float64Array.from(nodes, ({ name }) => random.fork(name).uniform(most / 20, most / 10));

/** By how much a step on examples that made these nodes fire changes the factors; none falls below 0. [node] */
export function growth(factors: Float64Array, fires: Uint8Array, { rate, most, patience }: Growth): Float64Array {
  return factors.map((factor, at) =>
    fires[at] ? factor * rate * (1 - factor / most) : -factor * Math.min(1, rate / patience),
  );
}

/** The factors after a step on examples that made these nodes fire. [node] */
export function grown(factors: Float64Array, fires: Uint8Array, how: Growth): Float64Array {
  const change = growth(factors, fires, how);
  return factors.map((factor, at) => factor + change[at]!);
}

/** How many of some numbers matter: (sum)^2 / sum of squares, from 1 to how many there are; 0 where all are 0. */
export function participation(values: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    sum += values[at]!;
    squares += values[at]! ** 2;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

/**
 * The same of the weights of all paths from a simple feature up to a class, each the product of its factors: sums over paths are
 * scores where all nodes fire, and those of squares are scores of squared factors.
 */
export function pathParticipation(graph: Graph, factors: ArrayLike<number>): number {
  const all = new Uint8Array(graph.nodes.length).fill(1);
  const sum = (values: ArrayLike<number>): number =>
    scores(graph, values, all)
      .subarray(-graph.classCount)
      .reduce((total, value) => total + value, 0);
  const squares = sum(Float64Array.from(factors, (factor) => factor * factor));
  return squares > 0 ? sum(factors) ** 2 / squares : 0;
}
