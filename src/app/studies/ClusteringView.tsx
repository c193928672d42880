// Clustering by local elasticity: the grid of accuracies, and beside it the picked cell or the paper's numbers.
import { useMemo } from "react";
import { cellsOf } from "../../lab/studies/clustering.ts";
import { clusteringConfusion } from "../figures/clusteringConfusion.ts";
import { clusteringGrid } from "../figures/clusteringGrid.ts";
import { clusteringMatrix } from "../figures/clusteringMatrix.ts";
import { clusteringPaper, isPublished } from "../figures/clusteringPaper.ts";
import { clusteringPicture } from "../figures/clusteringPicture.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { Chart } from "../panels/Chart.tsx";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Guard } from "../widgets/Guard.tsx";
import { Panel } from "../widgets/Panel.tsx";
import { ClusteringCell } from "./ClusteringCell.tsx";
import { ClusteringGrid, isFew } from "./ClusteringGrid.tsx";
import { ClusteringNote } from "./ClusteringNote.tsx";
import { inputOf, pickedOf } from "./clusteringPick.ts";
import classes from "./ClusteringView.module.css";
import type { StudyView } from "./view.ts";

function figures(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = { ...inputOf(study), arrangement };
  const cell = pickedOf(study)?.cell;
  const ofCell = cell && [
    clusteringMatrix(cell, arrangement),
    clusteringConfusion(cell, arrangement),
    clusteringPicture({ ...cell, arrangement }),
  ];
  return [
    clusteringGrid(input),
    ...(isPublished(input.params) ? [clusteringPaper(input)] : []),
    ...(ofCell ?? []).filter((figure) => figure !== undefined),
  ];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { spec, findings, view } = study;
  const picked = useMemo(() => pickedOf({ spec, findings, view }), [spec, findings, view]);
  const { params } = inputOf(study);
  const hasPaper = isPublished(params);
  // The note lies below a small grid, unless nothing else would lie beside it.
  const isRoomy = isFew(cellsOf(params).rows.length) && (hasPaper || picked !== undefined);
  return (
    <div className={classes.body}>
      <div className={classes.side} data-roomy={isRoomy || undefined}>
        <Guard>
          <ClusteringGrid study={study} />
        </Guard>
        {isRoomy && (
          <Panel title="How to read this" className={classes.last!}>
            <ClusteringNote />
          </Panel>
        )}
      </div>
      <Guard>
        {picked ? (
          <ClusteringCell study={study} picked={picked} />
        ) : (
          <Overview study={study} hasPaper={hasPaper} hasNote={!isRoomy} />
        )}
      </Guard>
    </div>
  );
}

interface OverviewProps {
  readonly study: OpenStudy;
  readonly hasPaper: boolean;
  readonly hasNote: boolean;
}

function Overview({ study, hasPaper, hasNote }: OverviewProps) {
  return (
    <div className={classes.side}>
      {hasPaper && <AgainstPaper study={study} />}
      {hasNote && (
        <Panel title="How to read this" className={classes.last!}>
          <ClusteringNote />
        </Panel>
      )}
    </div>
  );
}

function AgainstPaper({ study: { spec, findings } }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const input = useMemo(() => inputOf({ spec, findings }), [spec, findings]);
  const figure = useMemo(() => clusteringPaper(input), [input]);
  const columnCount = cellsOf(input.params).columns.length;
  return (
    <Panel title="Lab against paper" note="bars: 95 %, Student t over seeds; click a point for its cell">
      <div className={classes.paper}>
        <Chart
          figure={figure}
          label={`${figure.title}. ${figure.caption}`}
          onPoint={(id) => look({ method: Math.floor(id / columnCount), task: id % columnCount })}
        />
      </div>
    </Panel>
  );
}

export const clusteringView: StudyView = { figures, Body };
