// Synthetic geometry: the clouds of the three networks, turned together, above similarity against distance.
import { useMemo } from "react";
import type { GeometryFinding, GeometryParams } from "../../lab/studies/geometry.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { geometryClouds } from "../figures/geometryClouds.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import type { StudyView } from "./view.ts";

/** Radians a pixel. */
const turn = 0.008;

interface View {
  readonly anchor: number;
  readonly azimuth: number;
  readonly elevation: number;
}

const cloudsOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): Figure =>
  geometryClouds({
    params: spec.params as unknown as GeometryParams,
    findings: findings as Findings<GeometryFinding>,
    ...(view as unknown as View),
    arrangement,
  });

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const figure = useMemo(() => cloudsOf(study, arrangement), [study, arrangement]);
  const { azimuth, elevation } = study.view as unknown as View;
  return (
    <Panel title="Similarity and distance" note="click a point; drag to turn">
      <Chart
        figure={figure}
        label={figure.title}
        onPoint={(anchor) => look({ anchor })}
        onDrag={(dx, dy) =>
          look({ azimuth: azimuth - dx * turn, elevation: Math.max(-1.57, Math.min(1.57, elevation + dy * turn)) })
        }
      />
    </Panel>
  );
}

export const geometryView: StudyView = { figures: (study, arrangement) => [cloudsOf(study, arrangement)], Body };
