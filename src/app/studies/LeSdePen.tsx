// A pen over a chart of one effect: draws freehand by a pointer, and moves points by a pointer or by keys.
import { useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import { drawnOn, type Knot, type Stroke } from "../../lab/studies/leSde/drawing.ts";
import { shareOf, type Axes, type Box } from "../export/box.ts";
import { shortNumber } from "../figures/scale.ts";
import classes from "./LeSdePen.module.css";

export interface PenProps {
  /** "α" */
  readonly name: string;
  readonly colour: string;
  /** Where the chart's data are. */
  readonly plot: Box;
  /** Time, logarithmic, and strength. */
  readonly axes: Axes;
  readonly knots: readonly Knot[];
  readonly picked: number | undefined;
  readonly onPick: (which: number | undefined) => void;
  /** The stroke so far; `isDone` once the pointer is up. */
  readonly onStroke: (stroke: readonly Knot[], isDone: boolean) => void;
  readonly onMove: (which: number, to: Knot, isDone: boolean) => void;
  readonly onRemove: (which: number) => void;
  /** What was begun is not meant. */
  readonly onCancel: () => void;
}

/** A hand that presses trembles: up to here it is a click. */
const stillPx = 3;

/** Of the chart, by a press of an arrow key; a fifth of it with Shift. */
const keyShare = 0.025;
const keys: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Drag {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  /** The point that is moved; undefined for a stroke. */
  readonly which: number | undefined;
  readonly isFar: boolean;
}

export function LeSdePen({ name, colour, plot, axes, knots, picked, onPick, ...on }: PenProps): ReactElement {
  const surface = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag>(undefined);
  const stroke = useRef<Stroke>(undefined);
  /** Clicks come to the surface, which has captured the pointer. */
  const pressed = useRef<number>(undefined);

  const within = (share: number): number => Math.min(1, Math.max(0, share));
  const knotAt = (right: number, up: number): Knot => [
    axes.x.low * (axes.x.high / axes.x.low) ** within(right),
    axes.y.low + up * (axes.y.high - axes.y.low),
  ];
  function under({ clientX, clientY }: PointerEvent): Knot {
    const { left, bottom, width, height } = surface.current!.getBoundingClientRect();
    return knotAt((clientX - left) / width, within((bottom - clientY) / height));
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    const place = (event.target as HTMLElement).dataset.which;
    const which = place === undefined ? undefined : Number(place);
    surface.current!.setPointerCapture(event.pointerId);
    pressed.current = which;
    drag.current = { pointer: event.pointerId, x: event.clientX, y: event.clientY, which, isFar: false };
    if (which === undefined) stroke.current = drawnOn(undefined, under(event));
    onPick(which);
  }

  function move(event: PointerEvent): void {
    // Nothing here for Plotly to take over.
    event.stopPropagation();
    const from = drag.current;
    if (from?.pointer !== event.pointerId) return;
    if (!from.isFar && Math.hypot(event.clientX - from.x, event.clientY - from.y) <= stillPx) return;
    drag.current = { ...from, isFar: true };
    tell(from, under(event), false);
  }

  function tell({ which }: Drag, at: Knot, isDone: boolean): void {
    if (which !== undefined) return on.onMove(which, at, isDone);
    stroke.current = drawnOn(stroke.current, at);
    on.onStroke(stroke.current.knots, isDone);
  }

  function release(event: PointerEvent): void {
    const from = drag.current;
    if (from?.pointer !== event.pointerId) return;
    drag.current = undefined;
    if (from.isFar) tell(from, under(event), true);
  }

  function pressKey(event: KeyboardEvent, which: number): void {
    const [time, strength] = knots[which]!;
    const way = keys[event.key];
    if (way) {
      event.preventDefault();
      const share = event.shiftKey ? keyShare / 5 : keyShare;
      const [right, up] = [within(shareOf(axes.x, time)) + way[0] * share, shareOf(axes.y, strength) + way[1] * share];
      on.onMove(which, knotAt(right, up), true);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      on.onRemove(which);
    }
  }

  return (
    // Points have the keyboard; drawing freehand is for pointers.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div
      ref={surface}
      className={classes.surface}
      style={plot}
      data-pen
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        drag.current = undefined;
        on.onCancel();
      }}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={() => pressed.current !== undefined && on.onRemove(pressed.current)}
    >
      {knots.map(([time, strength], which) => (
        <div
          key={which}
          data-which={which}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="slider"
          tabIndex={0}
          className={classes.knot}
          style={{
            // What lies beyond the last time is held by the edge.
            left: `${100 * within(shareOf(axes.x, time))}%`,
            bottom: `${100 * shareOf(axes.y, strength)}%`,
            borderColor: colour,
          }}
          aria-label={`${name}, point ${which + 1} of ${knots.length}`}
          aria-orientation="vertical"
          aria-valuemin={axes.y.low}
          aria-valuemax={axes.y.high}
          aria-valuenow={strength}
          aria-valuetext={`${shortNumber(strength)} at time ${shortNumber(time)}`}
          title="Arrow keys move it, Delete removes it"
          data-picked={which === picked || undefined}
          onFocus={() => onPick(which)}
          onKeyDown={(event) => pressKey(event, which)}
        />
      ))}
    </div>
  );
}
