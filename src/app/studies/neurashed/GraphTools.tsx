// The tools below the graph: what is picked, and what can be done with it.
import { useState, type FormEvent } from "react";
import type { Graph } from "../../../lab/simulators/neurashed.ts";
import { Button } from "../../widgets/Button.tsx";
import { freeName, isClass, topOf } from "../../../lab/simulators/neurashed/edit.ts";
import classes from "./GraphTools.module.css";
import type { Edge } from "./paint.ts";
import type { GraphEditor } from "./useGraphEditor.ts";

export interface GraphToolsProps {
  readonly graph: Graph;
  /** Place of the node that is picked. */
  readonly picked: number | undefined;
  readonly editor: GraphEditor;
}

export function GraphTools({ graph, picked, editor }: GraphToolsProps) {
  const { edge, said, canUndo, add, rename, remove, removeEdge, undo } = editor;
  const [isAdding, setAdding] = useState(false);
  const node = picked === undefined ? undefined : graph.nodes[picked]!;
  const isFeature = picked !== undefined && !isClass(graph, picked);
  return (
    <div className={classes.tools}>
      {isAdding ? (
        <AddForm graph={graph} onAdd={add} onCancel={() => setAdding(false)} />
      ) : (
        <Button small onClick={() => setAdding(true)}>
          Add feature
        </Button>
      )}
      {!isAdding && isFeature && (
        <NameForm key={node!.name} name={node!.name} onRename={(name) => rename(picked!, name)} />
      )}
      {!isAdding && (isFeature || edge) && (
        <Button small onClick={() => (edge ? removeEdge() : remove(picked!))}>
          {edge ? "Delete edge" : "Delete feature"}
        </Button>
      )}
      {canUndo && !isAdding && (
        <Button small look="plain" aria-keyshortcuts="Control+Z" onClick={undo}>
          Undo
        </Button>
      )}
      <output className={classes.said}>{said === "" ? hintOf(graph, node?.name, edge) : said}</output>
    </div>
  );
}

function hintOf({ nodes }: Graph, name: string | undefined, edge: Edge | undefined): string {
  if (edge) return `Edge between "${nodes[edge.child]!.name}" and "${nodes[edge.parent]!.name}".`;
  if (name !== undefined)
    return `Drag from "${name}" to a node one level above or below, or press Enter there: an edge comes or goes.`;
  return "Drag from node to node to make an edge, and again to remove it. A click on a class asks about its step.";
}

interface AddFormProps {
  readonly graph: Graph;
  readonly onAdd: (name: string, level: number) => void;
  readonly onCancel: () => void;
}

function AddForm({ graph, onAdd, onCancel }: AddFormProps) {
  const [name, setName] = useState(() => freeName(graph));
  const [level, setLevel] = useState(0);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd(name, level);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <input
        aria-label="Name of the new feature"
        value={name}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for just now
        autoFocus
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      />
      <select
        aria-label="Level of the new feature"
        value={level}
        onChange={(event) => setLevel(Number(event.currentTarget.value))}
      >
        {Array.from({ length: topOf(graph) }, (_, at) => (
          <option key={at} value={at}>
            {at === 0 ? "level 0, simple" : `level ${at}`}
          </option>
        ))}
      </select>
      <Button small type="submit">
        Add
      </Button>
      <Button small look="plain" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}

function NameForm({ name, onRename }: { readonly name: string; readonly onRename: (name: string) => void }) {
  const [text, setText] = useState(name);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onRename(text);
      }}
    >
      <input aria-label="Name of the feature" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {text.trim() !== name && (
        <Button small type="submit">
          Rename
        </Button>
      )}
    </form>
  );
}
