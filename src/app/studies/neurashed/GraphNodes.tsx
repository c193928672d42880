// The nodes of the graph as buttons over their picture: names, focus and arrow keys, and edges drawn by dragging.
import { useId, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";
import type { ClassInfo } from "../../../lab/contracts.ts";
import type { Graph } from "../../../lab/simulators/neurashed.ts";
import { readable, classColour, type Theme } from "../../figures/palette.ts";
import { isClass } from "../../../lab/simulators/neurashed/edit.ts";
import classes from "./GraphNodes.module.css";
import { nodeAt, nodeBeside, ownersOf, type GraphLayout, type Place } from "../../figures/graphLayout.ts";

export interface GraphNodesProps {
  readonly graph: Graph;
  readonly layout: GraphLayout;
  readonly classInfos: readonly ClassInfo[];
  readonly theme: Theme;
  /** Place of the node that an edge starts from. */
  readonly picked: number | undefined;
  /** @param isKey whether by the keyboard */
  readonly onPick: (at: number, isKey: boolean) => void;
  readonly onPoint: (at: number | undefined) => void;
  /** An edge is dragged so far; undefined when it is let go. */
  readonly onDrag: (drag: { readonly from: number; readonly to: Place } | undefined) => void;
  readonly onJoin: (from: number, to: number) => void;
  readonly onDelete: (at: number) => void;
  readonly onGround: (place: Place) => void;
}

/** Less is a trembling hand. */
const dragPx = 6;
const reachPx = 26;

export function GraphNodes(props: GraphNodesProps) {
  const { graph, layout, classInfos, theme, picked } = props;
  const { onPick, onPoint, onDrag, onJoin, onDelete, onGround } = props;
  const ground = useRef<HTMLDivElement>(null);
  const press = useRef<{ readonly at: number; readonly x: number; readonly y: number; isDrag: boolean }>(undefined);
  const keys = useId();
  const [focused, setFocused] = useState(0);
  const stop = Math.min(focused, graph.nodes.length - 1);
  const owners = ownersOf(graph);
  const side = Math.max(16, Math.min(34, layout.pitch - 1, 2 * layout.radius + 6));

  const placeOf = ({ clientX, clientY }: { clientX: number; clientY: number }): Place => {
    const { left, top } = ground.current!.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  function down(event: PointerEvent, at: number): void {
    if (event.button !== 0) return;
    press.current = { at, x: event.clientX, y: event.clientY, isDrag: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const begun = press.current;
    if (!begun || event.buttons === 0) return;
    begun.isDrag ||= Math.hypot(event.clientX - begun.x, event.clientY - begun.y) > dragPx;
    if (begun.isDrag) onDrag({ from: begun.at, to: placeOf(event) });
  }

  function release(event: PointerEvent): void {
    const begun = press.current;
    if (!begun?.isDrag) return;
    onDrag(undefined);
    const to = nodeAt(layout, placeOf(event), reachPx);
    if (to !== undefined && to !== begun.at) onJoin(begun.at, to);
  }

  function click(event: MouseEvent, at: number): void {
    const wasDrag = press.current?.isDrag ?? false;
    press.current = undefined;
    if (!wasDrag) onPick(at, event.detail === 0);
  }

  function key(event: KeyboardEvent, at: number): void {
    // Of the panel: play and pause.
    if (event.key === " ") return event.preventDefault();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return onDelete(at);
    }
    const next = nodeBeside(layout, at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setFocused(next);
    ground.current!.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus();
  }

  const nameOf = (at: number): string => {
    const { name, level, children } = graph.nodes[at]!;
    const made = children.length > 0 ? `, made of ${children.map((child) => graph.nodes[child]!.name).join(", ")}` : "";
    if (isClass(graph, at)) return `${name}, class${made}`;
    const own = owners[at]!.map((label) => classInfos[label]!.title).join(", ");
    return `${name}, feature of level ${level}, ${own === "" ? "of no class" : `of ${own}`}${made}`;
  };

  return (
    // A press beside the nodes looks for an edge; all that it does is done by keys at the nodes, too.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={ground}
      className={classes.nodes}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no group of fields
      role="group"
      aria-label="Nodes of the graph"
      aria-describedby={keys}
      // After a press beside the nodes, keys are about the edge that was picked.
      tabIndex={-1}
      onClick={(event) => event.target === ground.current && onGround(placeOf(event))}
    >
      <p id={keys} hidden>
        Arrow keys go from node to node, Space plays. Enter picks a node; Enter on another, one level apart, makes the
        edge between them or removes it. Delete deletes a feature, or an edge that was picked by a press.
      </p>
      {graph.nodes.map(({ name, level }, at) => (
        <button
          key={name}
          type="button"
          className={classes.node}
          data-node={at}
          data-class={isClass(graph, at) || undefined}
          data-side={layout.sides[at]}
          data-named={layout.named[level] || undefined}
          aria-label={nameOf(at)}
          aria-pressed={picked === at}
          tabIndex={at === stop ? 0 : -1}
          style={{ left: layout.places[at]!.x, top: layout.places[at]!.y, width: side, height: side }}
          onFocus={() => {
            setFocused(at);
            onPoint(at);
          }}
          onBlur={() => onPoint(undefined)}
          onPointerEnter={() => onPoint(at)}
          onPointerLeave={() => onPoint(undefined)}
          onPointerDown={(event) => down(event, at)}
          onPointerMove={move}
          onPointerUp={release}
          onPointerCancel={() => {
            press.current = undefined;
            onDrag(undefined);
          }}
          onClick={(event) => click(event, at)}
          onKeyDown={(event) => key(event, at)}
          onKeyUp={(event) => event.key === " " && event.preventDefault()}
        >
          <span
            style={{
              // Beside the largest that the node can become.
              ["--away" as string]: `${layout.radius + 5}px`,
              ...(isClass(graph, at)
                ? { color: readable(classColour(at - graph.nodes.length + graph.classCount), theme) }
                : {}),
            }}
          >
            {isClass(graph, at) ? classInfos[at - graph.nodes.length + graph.classCount]!.title : name}
          </span>
        </button>
      ))}
    </div>
  );
}
