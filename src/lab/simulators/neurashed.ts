// A neurashed-style model: a layered graph of features that fire, each with a factor that grows when it fires and decays when not.
// It follows He and Su's Neurashed (2021) in its three parts: a hierarchy of features shared by classes, random firing given the
// class, and amplifying factors moved step by step. How factors grow and which features there are is this lab's instance.
import type { Rng } from "../../math/rng.ts";

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

/** How factors move. */
export interface Growth {
  /** g of a step: a factor that fires is multiplied by 1 + g (1 - factor / most). */
  readonly rate: number;
  /** What a factor may come to. */
  readonly most: number;
  /** A factor that does not fire is multiplied by 1 - g / patience. */
  readonly patience: number;
}

/** The factors after a step on examples that made these nodes fire. [node] */
export function grown(factors: Float64Array, fires: Uint8Array, { rate, most, patience }: Growth): Float64Array {
  return factors.map((factor, at) =>
    fires[at] ? factor * (1 + rate * (1 - factor / most)) : factor * Math.max(0, 1 - rate / patience),
  );
}
