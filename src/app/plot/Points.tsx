// A panel whose points answer without Plotly: what they say, what a click on them hits, and how far a cloud is dragged.
import { useRef, useState, type MouseEvent, type PointerEvent, type ReactElement } from "react";
import { pixelsOf, pointText } from "../export/drawPoints.ts";
import type { Frame } from "../export/frame.ts";
import type { Figure } from "../figures/figure.ts";
import type { Theme } from "../figures/palette.ts";
import style from "../plot.module.css";
import { hitOf, placeAt, type Hit, type Place } from "./hit.ts";

export interface PointsProps {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly panel: number;
  /** Pixels to the right and down since it was last told; absent where the panel cannot be turned. */
  readonly onDrag: ((dx: number, dy: number) => void) | undefined;
  readonly onStart: () => void;
  readonly act: (hit: Hit | undefined) => void;
}

/** A hand that presses trembles: up to here it is a click. */
const stillPx = 4;

interface Drag {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly isFar: boolean;
}

export function Points({ figure, frame, theme, panel, onDrag, onStart, act }: PointsProps): ReactElement {
  const drag = useRef<Drag>(undefined);
  const [pointed, setPointed] = useState<{ readonly figure: Figure; readonly place: Place | undefined }>();
  const { plot } = frame.panels[panel]!;

  function inFigure(event: MouseEvent): [number, number] {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left + plot.left, event.clientY - top + plot.top];
  }

  function press(event: PointerEvent): void {
    if (!onDrag || event.button !== 0 || !event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { pointer: event.pointerId, x: event.clientX, y: event.clientY, isFar: false };
  }

  function move(event: PointerEvent): void {
    // Nothing here for Plotly to take over.
    event.stopPropagation();
    const { clientX: x, clientY: y, buttons } = event;
    const from = drag.current;
    if (buttons === 0 || from?.pointer !== event.pointerId) {
      if (event.pointerType !== "touch")
        setPointed({ figure, place: placeAt(figure, frame, panel, ...inFigure(event)) });
      return;
    }
    if (!from.isFar && Math.hypot(x - from.x, y - from.y) <= stillPx) return;
    if (!from.isFar) onStart();
    drag.current = { ...from, x, y, isFar: true };
    onDrag?.(x - from.x, y - from.y);
  }

  function click(event: MouseEvent): void {
    event.stopPropagation();
    if (!drag.current?.isFar) act(hitOf(figure, frame, ...inFigure(event)));
    drag.current = undefined;
  }

  return (
    // The keyboard turns it by Shift and arrows, and walks its points, from the figure.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div
      className={`${style.points} ${onDrag ? style.orbit : ""}`}
      style={plot}
      aria-hidden
      onPointerDown={press}
      onPointerMove={move}
      onPointerLeave={() => setPointed(undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      onClick={click}
    >
      {pointed?.place && pointed.figure === figure && <Tip frame={frame} theme={theme} place={pointed.place} />}
    </div>
  );
}

interface TipProps {
  readonly frame: Frame;
  readonly theme: Theme;
  readonly place: Place;
}

/** What a point says, beside it: on its right, or on its left where the right is nearer to the edge. */
function Tip({ frame, theme, place }: TipProps): ReactElement {
  const { plot } = frame.panels[place.trace.panel]!;
  const { left, top } = pixelsOf(place, plot);
  const isLeft = left > frame.width / 2;
  const gap = place.trace.radius * frame.stroke + 8;
  const at = isLeft ? { right: plot.left + plot.width - left + gap } : { left: left - plot.left + gap };
  const look = { background: theme.paper, color: theme.text, borderColor: theme.axis };
  return (
    <div className={style.tip} style={{ ...at, top: top - plot.top, ...look }}>
      {pointText(place.trace, place.index)}
    </div>
  );
}
