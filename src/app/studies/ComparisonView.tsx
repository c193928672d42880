// Which model is more elastic: the three relations model by model, above the contrast and its difference from a reference.
import { useMemo } from "react";
import { modelsOf, type ComparisonFinding, type ComparisonParams, type ModelId } from "../../lab/studies/comparison.ts";
import type { Findings } from "../../lab/study.ts";
import { comparisonContrast, comparisonCurves, modelTitles, referenceOf } from "../figures/comparisonCurves.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./ComparisonView.module.css";
import type { StudyView } from "./view.ts";

const paramsIn = ({ spec }: OpenStudy): ComparisonParams => spec.params as unknown as ComparisonParams;

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure] {
  const input = {
    params: paramsIn(study),
    findings: study.findings as Findings<ComparisonFinding>,
    arrangement,
  };
  return [comparisonCurves(input), comparisonContrast({ ...input, reference: study.view.reference as ModelId })];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [curves, contrast] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const params = paramsIn(study);
  return (
    <div className={classes.panels} data-own-height>
      <Panel title="How much moves with an image" note="its class, siblings, the unrelated">
        <Chart figure={curves} label={curves.title} />
      </Panel>
      <Panel
        title="Which model tells them apart"
        controls={
          <Segmented
            label="Compared with"
            value={referenceOf(params, study.view.reference as ModelId)}
            options={modelsOf(params).map((id) => ({ value: id, title: `v ${modelTitles[id]}` }))}
            onChange={(reference) => look({ reference })}
          />
        }
      >
        <Chart figure={contrast} label={contrast.title} />
      </Panel>
    </div>
  );
}

export const comparisonView: StudyView = { figures: figuresOf, Body };
