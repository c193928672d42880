// What edits of the graph can be undone: those that led to the graph as it is. Once anything else has changed it, be it the set-up
// or another preset, they are none of its own.
import { canonical } from "../../../lab/spec.ts";
import type { NeurashedParams } from "../../../lab/studies/neurashed/setting.ts";

/** The parameters that an edit changes. */
export type GraphParams = Pick<NeurashedParams, "graph" | "nodes">;
/** All that a graph follows from. */
export type GraphOf = Pick<NeurashedParams, "dataset" | "classes" | "graph" | "nodes">;

export interface Past {
  /** The graph as the last edit, or its undo, left it. */
  readonly left: string;
  /** Before each edit, the last one last. */
  readonly steps: readonly GraphParams[];
}

export const noPast: Past = { left: "", steps: [] };
const mostUndone = 50;

const keyOf = ({ dataset, classes, graph, nodes }: GraphOf): string => canonical({ dataset, classes, graph, nodes });

export const stepsBack = ({ left, steps }: Past, now: GraphOf): readonly GraphParams[] =>
  left === keyOf(now) ? steps : [];

/** With an edit. */
export const pastAfter = (past: Past, before: GraphOf, after: GraphOf): Past => ({
  left: keyOf(after),
  steps: [...stepsBack(past, before), { graph: before.graph, nodes: before.nodes }].slice(-mostUndone),
});

/** With the last edit undone. */
export const pastBefore = ({ steps }: Past, undone: GraphOf): Past => ({
  left: keyOf(undone),
  steps: steps.slice(0, -1),
});
