// Clustering by local elasticity: the grid of accuracies, and beside it the picked cell or the paper's numbers.
import { useMemo } from "react";
import { cellsOf, type ClusteringParams } from "../../lab/studies/clustering.ts";
import { clusteringConfusion } from "../figures/clusteringConfusion.ts";
import { clusteringGrid } from "../figures/clusteringGrid.ts";
import { clusteringMatrix } from "../figures/clusteringMatrix.ts";
import { clusteringPaper } from "../figures/clusteringPaper.ts";
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
  return [clusteringGrid(input), clusteringPaper(input), ...(ofCell ?? []).filter((figure) => figure !== undefined)];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { spec, findings, view } = study;
  const picked = useMemo(() => pickedOf({ spec, findings, view }), [spec, findings, view]);
  const isRoomy = isFew(cellsOf(spec.params as unknown as ClusteringParams).rows.length);
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
        {picked ? <ClusteringCell study={study} picked={picked} /> : <Overview study={study} hasNote={!isRoomy} />}
      </Guard>
    </div>
  );
}

function Overview({ study, hasNote }: { readonly study: OpenStudy; readonly hasNote: boolean }) {
  const { look } = useStudyActions();
  const { spec, findings } = study;
  const figure = useMemo(() => clusteringPaper(inputOf({ spec, findings })), [spec, findings]);
  const columnCount = cellsOf(spec.params as unknown as ClusteringParams).columns.length;
  return (
    <div className={classes.side}>
      <Panel title="Lab against paper" note="bars: 95 %, Student t over seeds; click a point for its cell">
        <div className={classes.paper}>
          <Chart
            figure={figure}
            label={`${figure.title}. ${figure.caption}`}
            onPoint={(id) => look({ method: Math.floor(id / columnCount), task: id % columnCount })}
          />
        </div>
      </Panel>
      {hasNote && (
        <Panel title="How to read this" className={classes.last!}>
          <ClusteringNote />
        </Panel>
      )}
    </div>
  );
}

export const clusteringView: StudyView = { figures, Body };
