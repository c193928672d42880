// Kernel regression beside the network: accuracy and response against the epoch, above the response class by class at one epoch.
import { useMemo } from "react";
import type { RegressionFinding } from "../../lab/studies/kernelRegression/measure.ts";
import { epochsOf, type RegressionParams } from "../../lab/studies/kernelRegression/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { kernelRegressionClasses } from "../figures/kernelRegressionClasses.ts";
import {
  epochShown,
  kernelRegressionAccuracy,
  kernelRegressionMoved,
  kernelRegressionResponse,
  type RegressionInput,
} from "../figures/kernelRegressionCurves.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./KernelRegressionView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): RegressionInput => ({
  params: spec.params as unknown as RegressionParams,
  findings: findings as Findings<RegressionFinding>,
  epoch: Number(view.epoch),
  arrangement,
});

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure, Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [
    kernelRegressionAccuracy(input),
    kernelRegressionResponse(input),
    kernelRegressionClasses(input),
    kernelRegressionMoved(input),
  ];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [accuracy, response, byClass, moved] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const onMark = (epoch: number): void => look({ epoch: Math.round(epoch) });
  return (
    <div className={classes.view} data-own-height>
      <Panel title="Which machine is better" note="on held-out images" className={classes.accuracy!}>
        <Chart figure={accuracy} label={accuracy.title} onMark={onMark} />
      </Panel>
      <Panel
        title="How much moves with an image"
        note="its class, siblings, the unrelated"
        className={classes.response!}
      >
        <Chart figure={response} label={response.title} onMark={onMark} />
      </Panel>
      <Panel
        title="Class by class"
        note="one image of the row is learned"
        className={classes.classes!}
        controls={
          <select
            aria-label="Epoch shown"
            className={plots.select}
            value={epochShown(input)}
            onChange={({ currentTarget: { value } }) => look({ epoch: Number(value) })}
          >
            {epochsOf(input.params).map((epoch) => (
              <option key={epoch} value={epoch}>
                epoch {epoch}
              </option>
            ))}
          </select>
        }
      >
        <Chart figure={byClass} label={byClass.title} />
      </Panel>
      <Panel title="How far the kernel has moved" className={classes.moved!}>
        <Chart figure={moved} label={moved.title} onMark={onMark} />
      </Panel>
    </div>
  );
}

export const kernelRegressionView: StudyView = { figures: figuresOf, Body };
