// The grid of results as a table: arrows walk it, Enter opens a cell, and what is under way breathes.
/* oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid is what a table becomes by arrow keys */
/* oxlint-disable jsx-a11y/control-has-associated-label -- a cell is named by the hidden sentence within its button */
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { accuracyScale, cellSentence, gridOf, shortTitle, type GridCell } from "../figures/clusteringGrid.ts";
import { colourOf, rampOf, textOn } from "../figures/palette.ts";
import { plural } from "../figures/wording.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Spoken } from "../widgets/Spoken.tsx";
import classes from "./ClusteringGrid.module.css";
import { inputOf, pickedOf, underWay } from "./clusteringPick.ts";

interface Place {
  readonly down: number;
  readonly across: number;
}

export function ClusteringGrid({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const { spec, findings } = study;
  const grid = useMemo(() => {
    const { params, findings: found } = inputOf({ spec, findings });
    return gridOf(params, found);
  }, [spec, findings]);
  const picked = pickedOf(study);
  const busy = underWay(study);
  const table = useRef<HTMLTableElement>(null);
  const rows = grid.groups.flatMap((group) => group.rows);
  const [cursor, setCursor] = useState<Place>({ down: 0, across: 0 });
  const here = {
    down: Math.min(cursor.down, rows.length - 1),
    across: Math.min(cursor.across, grid.columns.length - 1),
  };
  const count = Math.max(...rows.flatMap(({ cells }) => cells.map(({ summary }) => summary.n)));

  function press(event: KeyboardEvent): void {
    const next = movedBy(event, here, { down: rows.length - 1, across: grid.columns.length - 1 });
    if (!next) return;
    event.preventDefault();
    setCursor(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.down}/${next.across}"]`)?.focus();
  }

  return (
    <Panel
      title="Accuracy"
      note={`% of images on the right side, mean ± s.d. over seeds${count > 0 ? `, ${count} images` : ""}`}
      className={classes.panel!}
    >
      {/* A box that scrolls; its cells are what the keyboard reaches. */}
      <div className={classes.scroll}>
        <table
          ref={table}
          className={classes.table}
          data-size={isFew(rows.length) ? "large" : undefined}
          role="grid"
          aria-label="Accuracy by method and pair"
          onKeyDown={press}
        >
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                <Spoken>Method</Spoken>
              </th>
              {grid.columns.map(({ title, auxiliary }, column) => (
                <th key={column} scope="col">
                  <b>{title}</b>
                  <span title="Auxiliary classes, which the network learns to tell them from">({auxiliary})</span>
                </th>
              ))}
            </tr>
          </thead>
          {grid.groups.map((group) => (
            <tbody key={group.title}>
              <tr className={classes.group}>
                <th scope="rowgroup" colSpan={grid.columns.length + 1}>
                  <span>{group.title}</span>
                </th>
              </tr>
              {group.rows.map((row) => (
                <tr key={row.method.id}>
                  <th scope="row" title={row.method.title}>
                    {shortTitle(row.method)}
                  </th>
                  {row.cells.map((cell) => {
                    const place = { down: rows.indexOf(row), across: cell.column };
                    return (
                      <Cell
                        key={cell.column}
                        cell={cell}
                        place={place}
                        seedCount={grid.seedCount}
                        isReachable={place.down === here.down && place.across === here.across}
                        isPicked={picked?.row === cell.row && picked.column === cell.column}
                        isBusy={busy?.row === cell.row && busy.column === cell.column}
                        onPick={() => {
                          setCursor(place);
                          look({ method: cell.row, task: cell.column });
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
      <Legend seedCount={grid.seedCount} />
    </Panel>
  );
}

/** So few rows that they may be large and leave room for the note below them. */
export const isFew = (rowCount: number): boolean => rowCount <= 6;

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
  readonly cell: GridCell;
  readonly place: Place;
  readonly seedCount: number;
  readonly isReachable: boolean;
  readonly isPicked: boolean;
  readonly isBusy: boolean;
  readonly onPick: () => void;
}

function Cell({ cell, place, seedCount, isReachable, isPicked, isBusy, onPick }: CellProps) {
  const { text, spread, accuracy, summary, paper } = cell;
  const ground = colourOf(accuracy, accuracyScale);
  const isFailed = ground === undefined && text !== "";
  const sentence = cellSentence(cell);
  return (
    <td aria-selected={isPicked}>
      <button
        type="button"
        className={classes.cell}
        data-at={`${place.down}/${place.across}`}
        data-look={isFailed ? "failed" : ground === undefined ? "empty" : cell.isBest ? "best" : "plain"}
        data-picked={isPicked || undefined}
        data-busy={isBusy || undefined}
        style={ground === undefined ? undefined : { background: ground, color: textOn(ground) }}
        tabIndex={isReachable ? 0 : -1}
        title={[sentence, ...summary.remarks].join("\n")}
        onClick={onPick}
      >
        <Spoken>
          {cell.method.title}, {cell.task.primary.join(" v ")}: {isBusy ? "under way; " : ""}
          {sentence}
        </Spoken>
        <span className={classes.value} aria-hidden="true">
          {text !== "" ? text : isBusy ? "…" : "·"}
          {spread !== "" && <small> {spread}</small>}
        </span>
        <span className={classes.under} aria-hidden="true">
          {ground !== undefined && seedCount > 1 && <span>n {summary.seeds}</span>}
          {paper && <span>paper {paper.percent.toFixed(1)}</span>}
        </span>
      </button>
    </td>
  );
}

function Legend({ seedCount }: { readonly seedCount: number }) {
  const { low, high } = accuracyScale;
  const ramp = rampOf("sequential").stops.join(", ");
  return (
    <footer className={classes.legend}>
      <span className={classes.bar}>
        {low} %, chance
        <span style={{ background: `linear-gradient(90deg, ${ramp})` }} />
        {high} %
      </span>
      <span className={classes.key} data-look="failed">
        no number: the word says why
      </span>
      <span>
        <b>bold</b> best of its column, here
      </span>
      <span>n seeds measured, of {plural(seedCount, "seed")}</span>
    </footer>
  );
}
