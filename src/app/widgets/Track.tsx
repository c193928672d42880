// A line of moments to go back and forth on: filled as far as things have come, a dot for each moment, a knob on the chosen one.
import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import classes from "./Track.module.css";

export interface TrackProps {
  readonly label: string;
  /** The end of the line; it begins at 0. */
  readonly max: number;
  /** How far things have come. */
  readonly filled: number;
  /** Moments that can be chosen, in order. */
  readonly moments: readonly number[];
  /** Moments that are still to come. */
  readonly planned: readonly number[];
  /** Index of the chosen moment; -1 where there is none. */
  readonly chosen: number;
  readonly valueText: string;
  readonly onChoose: (index: number) => void;
}

export function Track({ label, max, filled, moments, planned, chosen, valueText, onChoose }: TrackProps) {
  const line = useRef<HTMLDivElement>(null);
  const at = (value: number): string => `${(100 * Math.min(value, max)) / Math.max(max, 1e-9)}%`;

  function choose(event: PointerEvent): void {
    if (event.buttons !== 1 || !line.current || moments.length === 0) return;
    const { left, width } = line.current.getBoundingClientRect();
    const value = (max * (event.clientX - left)) / width;
    const distances = moments.map((moment) => Math.abs(moment - value));
    onChoose(distances.indexOf(Math.min(...distances)));
  }

  function press(event: KeyboardEvent): void {
    const last = moments.length - 1;
    const next = {
      ArrowLeft: chosen - 1,
      ArrowDown: chosen - 1,
      ArrowRight: chosen + 1,
      ArrowUp: chosen + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(last, next)));
  }

  return (
    <div
      className={classes.track}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a range input has even steps, measured epochs have not
      role="slider"
      tabIndex={moments.length > 0 ? 0 : -1}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, moments.length - 1)}
      aria-valuenow={Math.max(0, chosen)}
      aria-valuetext={valueText}
      aria-disabled={moments.length === 0}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        choose(event);
      }}
      onPointerMove={choose}
    >
      <div className={classes.line} ref={line}>
        <div className={classes.filled} style={{ width: at(filled) }} />
        {planned.map((moment) => (
          <span key={`planned ${moment}`} className={classes.planned} style={{ left: at(moment) }} />
        ))}
        {moments.map((moment, index) => (
          <span
            key={moment}
            className={classes.moment}
            data-chosen={index === chosen || undefined}
            style={{ left: at(moment) }}
          />
        ))}
        {[...new Set([...moments, ...planned, max])].map((moment) => (
          <span
            key={`text ${moment}`}
            className={classes.text}
            style={{ left: at(moment) }}
            data-chosen={moments[chosen] === moment || undefined}
          >
            {Number.isInteger(moment) ? moment : ""}
          </span>
        ))}
      </div>
    </div>
  );
}
