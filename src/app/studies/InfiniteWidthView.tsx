// Infinite width: errors against width, above one network beside its closed form, as points and as matrices.
import { useMemo } from "react";
import type { Parametrisation } from "../../math/infiniteWidth.ts";
import type { WidthFinding } from "../../lab/studies/infiniteWidth/finding.ts";
import { depthsOf, widthsOf, type WidthLook, type WidthParams } from "../../lab/studies/infiniteWidth/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import {
  depthShown,
  hiddenText,
  infiniteWidthErrors,
  widthShown,
  type WidthInput,
} from "../figures/infiniteWidthErrors.ts";
import { infiniteWidthMatrices, infiniteWidthScatter } from "../figures/infiniteWidthMatrices.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./InfiniteWidthView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): WidthInput => ({
  params: spec.params as unknown as WidthParams,
  findings: findings as Findings<WidthFinding>,
  look: view as unknown as WidthLook,
  arrangement,
});

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [infiniteWidthErrors(input), infiniteWidthScatter(input), infiniteWidthMatrices(input)];
}

const ways: readonly { readonly value: Parametrisation; readonly title: string }[] = [
  { value: "standard", title: "By the weights" },
  { value: "ntk", title: "NTK scaling" },
];

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [errors, scatter, matrices] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const depth = depthShown(input);
  const width = widthShown(input);
  const at = `${hiddenText(depth)} of ${width}`;
  return (
    <div className={classes.view} data-own-height>
      <Panel
        title="Error against width"
        note="in log-log, with the slope of each; dotted: −1/2"
        className={classes.errors!}
        controls={
          <>
            <Segmented
              label="Kernel of gradients by"
              value={input.look.parametrisation}
              options={ways}
              onChange={(parametrisation) => look({ parametrisation })}
            />
            <select
              aria-label="Hidden layers shown"
              className={plots.select}
              value={depth}
              onChange={({ currentTarget: { value } }) => look({ depth: Number(value) })}
            >
              {depthsOf(input.params).map((each) => (
                <option key={each} value={each}>
                  {hiddenText(each)}
                </option>
              ))}
            </select>
            <select
              aria-label="Width shown"
              className={plots.select}
              value={width}
              onChange={({ currentTarget: { value } }) => look({ width: Number(value) })}
            >
              {widthsOf(input.params).map((each) => (
                <option key={each} value={each}>
                  width {each}
                </option>
              ))}
            </select>
          </>
        }
      >
        <Chart figure={errors} label={errors.title} onMark={(next) => look({ width: Math.round(next) })} />
      </Panel>
      <Panel title="Pair by pair" note={at} className={classes.scatter!}>
        <Chart figure={scatter} label={scatter.title} />
      </Panel>
      <Panel title="Closed form and drawn network" note={at} className={classes.matrices!}>
        <Chart figure={matrices} label={matrices.title} />
      </Panel>
    </div>
  );
}

export const infiniteWidthView: StudyView = { figures: figuresOf, Body };
