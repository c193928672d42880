// Results as a table of cells in groups of rows: arrows walk it, Enter opens a cell, and what is under way breathes.
/* oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid is what a table becomes by arrow keys */
/* oxlint-disable jsx-a11y/control-has-associated-label -- a cell is named by the hidden sentence within its button */
import { useRef, useState, type KeyboardEvent } from "react";
import { textOn } from "../figures/palette.ts";
import { Spoken } from "../widgets/Spoken.tsx";
import classes from "./ResultGrid.module.css";

export interface ResultCell {
  readonly text: string;
  /** "± 3.1"; empty where there is none. */
  readonly spread: string;
  /** Small print below the number. */
  readonly under: readonly string[];
  /** Read out. */
  readonly sentence: string;
  /** Shown on hover. */
  readonly hint: string;
  /** Colour; undefined where there is no number. */
  readonly ground: string | undefined;
  readonly isBest: boolean;
}

export interface ResultGroup {
  readonly title: string;
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    /** What it is called under the title of its group. */
    readonly short: string;
    readonly cells: readonly ResultCell[];
  }[];
}

/** Row among all rows, and column. */
export interface Place {
  readonly down: number;
  readonly across: number;
}

export interface ResultGridProps {
  readonly label: string;
  /** What the first column holds. */
  readonly corner: string;
  readonly columns: readonly { readonly title: string; readonly below?: string; readonly hint?: string }[];
  readonly groups: readonly ResultGroup[];
  readonly isLarge: boolean;
  readonly picked: Place | undefined;
  readonly busy: Place | undefined;
  readonly onPick: (place: Place) => void;
}

const isSame = (one: Place | undefined, other: Place): boolean =>
  one?.down === other.down && one.across === other.across;

export function ResultGrid({ label, corner, columns, groups, isLarge, picked, busy, onPick }: ResultGridProps) {
  const table = useRef<HTMLTableElement>(null);
  const [cursor, setCursor] = useState<Place>({ down: 0, across: 0 });
  const starts = groups.map((_, at) => groups.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0));
  const last = { down: groups.reduce((sum, { rows }) => sum + rows.length, 0) - 1, across: columns.length - 1 };
  const here = { down: Math.min(cursor.down, last.down), across: Math.min(cursor.across, last.across) };

  function press(event: KeyboardEvent): void {
    const next = movedBy(event, here, last);
    if (!next) return;
    event.preventDefault();
    setCursor(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.down}/${next.across}"]`)?.focus();
  }

  return (
    /* A box that scrolls; its cells are what the keyboard reaches. */
    <div className={classes.scroll}>
      <table
        ref={table}
        className={classes.table}
        data-size={isLarge ? "large" : undefined}
        role="grid"
        aria-label={label}
        onKeyDown={press}
      >
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              <Spoken>{corner}</Spoken>
            </th>
            {columns.map(({ title, below, hint }, column) => (
              <th key={column} scope="col">
                <b>{title}</b>
                {below !== undefined && <span title={hint}>({below})</span>}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group, at) => (
          <tbody key={group.title}>
            <tr className={classes.group}>
              <th scope="rowgroup" colSpan={columns.length + 1}>
                <span>{group.title}</span>
              </th>
            </tr>
            {group.rows.map((row, down) => (
              <tr key={row.id}>
                <th scope="row" title={row.title}>
                  {row.short}
                </th>
                {row.cells.map((cell, across) => {
                  const place = { down: starts[at]! + down, across };
                  return (
                    <Cell
                      key={across}
                      cell={cell}
                      name={`${row.title}, ${columns[across]!.title}`}
                      place={place}
                      isReachable={isSame(here, place)}
                      isPicked={isSame(picked, place)}
                      isBusy={isSame(busy, place)}
                      onPick={() => {
                        setCursor(place);
                        onPick(place);
                      }}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function movedBy({ key }: KeyboardEvent, { down, across }: Place, last: Place): Place | undefined {
  switch (key) {
    case "ArrowLeft":
      return { down, across: Math.max(0, across - 1) };
    case "ArrowRight":
      return { down, across: Math.min(last.across, across + 1) };
    case "ArrowUp":
      return { down: Math.max(0, down - 1), across };
    case "ArrowDown":
      return { down: Math.min(last.down, down + 1), across };
    case "Home":
      return { down, across: 0 };
    case "End":
      return { down, across: last.across };
    case "PageUp":
      return { down: 0, across };
    case "PageDown":
      return { down: last.down, across };
    default:
      return undefined;
  }
}

interface CellProps {
  readonly cell: ResultCell;
  readonly name: string;
  readonly place: Place;
  readonly isReachable: boolean;
  readonly isPicked: boolean;
  readonly isBusy: boolean;
  readonly onPick: () => void;
}

function Cell({ cell, name, place, isReachable, isPicked, isBusy, onPick }: CellProps) {
  const { text, spread, under, sentence, hint, ground, isBest } = cell;
  const isFailed = ground === undefined && text !== "";
  return (
    <td aria-selected={isPicked}>
      <button
        type="button"
        className={classes.cell}
        data-at={`${place.down}/${place.across}`}
        data-look={isFailed ? "failed" : ground === undefined ? "empty" : isBest ? "best" : "plain"}
        data-picked={isPicked || undefined}
        data-busy={isBusy || undefined}
        style={ground === undefined ? undefined : { background: ground, color: textOn(ground) }}
        tabIndex={isReachable ? 0 : -1}
        title={hint}
        onClick={onPick}
      >
        <Spoken>
          {name}: {isBusy ? "under way; " : ""}
          {sentence}
        </Spoken>
        <span className={classes.value} aria-hidden="true">
          {text !== "" ? text : isBusy ? "…" : "·"}
          {spread !== "" && <small> {spread}</small>}
        </span>
        <span className={classes.under} aria-hidden="true">
          {under.map((words) => (
            <span key={words}>{words}</span>
          ))}
        </span>
      </button>
    </td>
  );
}
