// The grid of accuracies: methods down, pairs of classes across.
import { useMemo } from "react";
import { accuracyScale, cellSentence, gridOf, shortTitle, type GridCell } from "../figures/clusteringGrid.ts";
import { colourOf, rampOf } from "../figures/palette.ts";
import { plural } from "../figures/wording.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { inputOf, pickedOf, underWay } from "./clusteringPick.ts";
import { ResultGrid, type Place, type ResultCell } from "./ResultGrid.tsx";
import classes from "./ResultGrid.module.css";

export function ClusteringGrid({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const { spec, findings } = study;
  const grid = useMemo(() => {
    const { params, findings: found } = inputOf({ spec, findings });
    return gridOf(params, found);
  }, [spec, findings]);
  const rows = grid.groups.flatMap((group) => group.rows);
  const count = Math.max(...rows.flatMap(({ cells }) => cells.map(({ summary }) => summary.n)));
  /** Rows of the parameters are in another order than those of the groups. */
  const placeOf = (cell: { readonly row: number; readonly column: number } | undefined): Place | undefined =>
    cell && { down: rows.findIndex(({ cells }) => cells[0]!.row === cell.row), across: cell.column };
  return (
    <Panel
      title="Accuracy"
      note={`% of images on the right side, mean ± s.d. over seeds${count > 0 ? `, ${count} images` : ""}`}
      className={classes.panel!}
    >
      <ResultGrid
        label="Accuracy by method and pair"
        corner="Method"
        columns={grid.columns.map(({ title, auxiliary }) => ({
          title,
          below: auxiliary,
          hint: "Auxiliary classes, which the network learns to tell them from",
        }))}
        groups={grid.groups.map((group) => ({
          title: group.title,
          rows: group.rows.map(({ method, cells }) => ({
            id: method.id,
            title: method.title,
            short: shortTitle(method),
            cells: cells.map((cell) => shown(cell, grid.seedCount)),
          })),
        }))}
        isLarge={isFew(rows.length)}
        picked={placeOf(pickedOf(study))}
        busy={placeOf(underWay(study))}
        onPick={({ down, across }) => look({ method: rows[down]!.cells[across]!.row, task: across })}
      />
      <Legend seedCount={grid.seedCount} />
    </Panel>
  );
}

/** So few rows that they may be large and leave room for the note below them. */
export const isFew = (rowCount: number): boolean => rowCount <= 6;

function shown(cell: GridCell, seedCount: number): ResultCell {
  const { text, spread, accuracy, summary, paper, isBest } = cell;
  const ground = colourOf(accuracy, accuracyScale);
  const sentence = cellSentence(cell);
  return {
    text,
    spread,
    under: [
      ...(ground !== undefined && seedCount > 1 ? [`n ${summary.seeds}`] : []),
      ...(paper ? [`paper ${paper.percent.toFixed(1)}`] : []),
    ],
    sentence,
    hint: [sentence, ...summary.remarks].join("\n"),
    ground,
    isBest,
  };
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
