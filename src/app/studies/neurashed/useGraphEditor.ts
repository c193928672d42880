// Editing the graph of the study: every change is one of its parameters, checked, said in a sentence, and can be undone.
import { useState } from "react";
import { LabError } from "../../../lab/error.ts";
import type { Graph } from "../../../lab/simulators/neurashed.ts";
import { renamed, toggled, withFeature, withoutFeature } from "../../../lab/simulators/neurashed/edit.ts";
import { wordsOf } from "../../../lab/simulators/neurashed/words.ts";
import type { NeurashedParams } from "../../../lab/studies/neurashed/setting.ts";
import { useStudyActions } from "../../state/context.ts";
import type { OpenStudy } from "../../state/studies.ts";
import { changed } from "../../state/studyShelf.ts";
import type { Edge } from "./paint.ts";
import { noPast, pastAfter, pastBefore, stepsBack, type GraphOf, type GraphParams, type Past } from "./undo.ts";

export interface GraphEditor {
  /** The name of the node that an edge starts from. */
  readonly picked: string | undefined;
  readonly edge: Edge | undefined;
  /** What was done last, or why not. */
  readonly said: string;
  readonly canUndo: boolean;
  pick(name: string | undefined): void;
  pickEdge(edge: Edge | undefined): void;
  /** A graph ready made. */
  load(graph: GraphParams["graph"]): void;
  /** Makes the edge between two nodes, or removes it. */
  join(from: number, to: number): void;
  add(name: string, level: number): void;
  rename(at: number, name: string): void;
  /** A feature. */
  remove(at: number): void;
  /** The edge that is picked. */
  removeEdge(): void;
  undo(): void;
}

export function useGraphEditor(study: OpenStudy, graph: Graph): GraphEditor {
  const { change } = useStudyActions();
  const [picked, setPicked] = useState<string>();
  const [held, setHeld] = useState<{ readonly graph: Graph; readonly edge: Edge }>();
  const [said, setSaid] = useState("");
  const [past, setPast] = useState(noPast);
  const params = study.spec.params as unknown as NeurashedParams;
  const steps = stepsBack(past, params);
  // Of another graph it would be another edge.
  const edge = held?.graph === graph ? held.edge : undefined;
  const nameOf = (at: number): string => graph.nodes[at]!.name;

  /** @returns whether it could be done; if not, why is said */
  function use(make: () => GraphParams, words: string, pastOf: (now: GraphOf) => Past): boolean {
    try {
      const spec = changed(study.spec, { ...study.spec.params, ...make() });
      change(spec);
      setPast(pastOf(spec.params as unknown as NeurashedParams));
      setSaid(words);
      return true;
    } catch (error) {
      setSaid(LabError.from(error).message);
      return false;
    }
  }

  const edit = (make: () => Graph, words: string): boolean =>
    use(
      () => ({ graph: params.graph, nodes: wordsOf(make()) }),
      words,
      (now) => pastAfter(past, params, now),
    );

  function join(from: number, to: number): void {
    const [child, parent] = graph.nodes[from]!.level < graph.nodes[to]!.level ? [from, to] : [to, from];
    const was = graph.nodes[parent]!.children.includes(child);
    edit(
      () => toggled(graph, from, to),
      `Edge between "${nameOf(child)}" and "${nameOf(parent)}" ${was ? "removed" : "made"}.`,
    );
  }

  return {
    picked,
    edge,
    said,
    canUndo: steps.length > 0,
    pick(name) {
      setPicked(name);
      setHeld(undefined);
      setSaid("");
    },
    pickEdge(next) {
      setPicked(undefined);
      setHeld(next && { graph, edge: next });
      setSaid("");
    },
    load: (next) =>
      void use(
        () => ({ graph: next, nodes: [] }),
        "",
        (now) => pastAfter(past, params, now),
      ),
    join,
    add(name, level) {
      const words = `"${name.trim()}" added; drag an edge from it to what it belongs to, or press Enter there.`;
      if (edit(() => withFeature(graph, name, level), words)) setPicked(name.trim());
    },
    rename(at, name) {
      const words = `"${nameOf(at)}" is now "${name.trim()}".`;
      if (edit(() => renamed(graph, at, name), words)) setPicked(name.trim());
    },
    remove: (at) => void edit(() => withoutFeature(graph, at), `"${nameOf(at)}" deleted.`),
    removeEdge() {
      if (edge) join(edge.child, edge.parent);
    },
    undo() {
      const before = steps.at(-1);
      if (before)
        use(
          () => before,
          "Undone.",
          (now) => pastBefore(past, now),
        );
    },
  };
}
