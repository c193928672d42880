// Changes of a graph: each gives a new one that is sound, or refuses in one sentence.
import { LabError } from "../../error.ts";
import { modelParams } from "./setting.ts";
import { classNode, type Graph, type GraphNode } from "../neurashed.ts";

const refuse = (sentence: string): never => {
  throw new LabError("spec-invalid", sentence);
};

export const isClass = ({ nodes, classCount }: Graph, at: number): boolean => at >= nodes.length - classCount;

/** The level of the classes. */
export const topOf = (graph: Graph): number => graph.nodes[classNode(graph, 0)]!.level;

/** Two nodes as child and parent. @throws LabError `spec-invalid` where they are not one level apart */
function ordered({ nodes }: Graph, a: number, b: number): { child: number; parent: number } {
  const [one, other] = [nodes[a]!, nodes[b]!];
  if (Math.abs(one.level - other.level) !== 1)
    refuse(
      one.level === other.level
        ? `"${one.name}" and "${other.name}" are both of level ${one.level}; an edge leads one level up or down.`
        : `"${one.name}" of level ${one.level} and "${other.name}" of level ${other.level} are more than one level apart; put a feature between them.`,
    );
  return one.level < other.level ? { child: a, parent: b } : { child: b, parent: a };
}

/**
 * The graph with an edge between two nodes where there was none, without it where there was one.
 * @param a @param b places, in either order @throws LabError `spec-invalid` where they are not one level apart
 */
export function toggled(graph: Graph, a: number, b: number): Graph {
  const { child, parent } = ordered(graph, a, b);
  const { children } = graph.nodes[parent]!;
  const now = children.includes(child)
    ? children.filter((each) => each !== child)
    : [...children, child].sort((one, other) => one - other);
  return { ...graph, nodes: graph.nodes.map((node, at) => (at === parent ? { ...node, children: now } : node)) };
}

/** The name as it will be written in files and links. @throws LabError `spec-invalid` */
function checkedName({ nodes }: Graph, name: string, own?: number): string {
  const trimmed = name.trim();
  if (trimmed === "") refuse("The feature has no name; give it one.");
  const bad = /[@:+,;\r\n]/.exec(trimmed)?.[0];
  const what = bad === "\r" || bad === "\n" ? "a line break" : `"${bad}"`;
  if (bad !== undefined) refuse(`The name "${trimmed}" has ${what} in it, which links and files need; leave it out.`);
  if (nodes.some((node, at) => node.name === trimmed && at !== own))
    refuse(`There is a node "${trimmed}" already; give this one another name.`);
  return trimmed;
}

/** The nodes in another order, with the children that move along. @param order old places, in the new order */
function arranged(graph: Graph, order: readonly number[], nodes: readonly GraphNode[]): Graph {
  const placeOf = new Map(order.map((old, place) => [old, place]));
  return {
    ...graph,
    nodes: order.map((old) => ({
      ...nodes[old]!,
      children: nodes[old]!.children.flatMap((child) => placeOf.get(child) ?? []).sort((a, b) => a - b),
    })),
  };
}

/** Adds a feature with no edges yet, behind the others of its level. @throws LabError `spec-invalid` */
export function withFeature(graph: Graph, name: string, level: number): Graph {
  const [top, most] = [topOf(graph), modelParams.nodes.maxCount];
  if (!Number.isInteger(level) || level < 0 || level >= top)
    refuse(`Level ${level} is no level of features; give one from 0 to ${top - 1}.`);
  if (graph.nodes.length >= most) refuse(`The graph has ${most} nodes, as many as there may be; delete one first.`);
  const nodes = [...graph.nodes, { name: checkedName(graph, name), level, children: [] }];
  const at = graph.nodes.findIndex((node) => node.level > level);
  return arranged(graph, [...graph.nodes.keys()].toSpliced(at, 0, graph.nodes.length), nodes);
}

/** @throws LabError `spec-invalid` for a class */
export function withoutFeature(graph: Graph, at: number): Graph {
  const { name } = graph.nodes[at]!;
  if (isClass(graph, at))
    refuse(`"${name}" is a class, and classes stay in the graph; choose other classes under Set up.`);
  const order = [...graph.nodes.keys()].filter((each) => each !== at);
  return arranged(graph, order, graph.nodes);
}

/** @throws LabError `spec-invalid` for a class, or a name that cannot be */
export function renamed(graph: Graph, at: number, name: string): Graph {
  if (isClass(graph, at)) refuse(`"${graph.nodes[at]!.name}" is a class, which keeps its name; rename features.`);
  const checked = checkedName(graph, name, at);
  return { ...graph, nodes: graph.nodes.map((node, each) => (each === at ? { ...node, name: checked } : node)) };
}

/** A name that no node has yet. */
export function freeName({ nodes }: Graph): string {
  const taken = new Set(nodes.map(({ name }) => name));
  for (let number = 1; ; number++) if (!taken.has(`feature ${number}`)) return `feature ${number}`;
}
