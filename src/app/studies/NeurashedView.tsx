// The neurashed-style model: its graph, and below it what all seeds say of elasticity, of paths and of information.
import { useMemo } from "react";
import {
  batchSizesOf,
  momentsOf,
  type NeurashedLook,
  type NeurashedParams,
} from "../../lab/studies/neurashed/setting.ts";
import type { NeurashedFinding } from "../../lab/studies/neurashed/finding.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import {
  batchShown,
  momentShown,
  nearestMoment,
  neurashedElasticity,
  neurashedInformation,
  neurashedPaths,
  type NeurashedInput,
} from "../figures/neurashedCurves.ts";
import { neurashedPairs } from "../figures/neurashedPairs.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { GraphPanel } from "./neurashed/GraphPanel.tsx";
import classes from "./NeurashedView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): NeurashedInput => ({
  params: spec.params as unknown as NeurashedParams,
  findings: findings as Findings<NeurashedFinding>,
  look: view as unknown as NeurashedLook,
  arrangement,
});

const curves = {
  elasticity: {
    title: "Elasticity",
    note: "bands: 95 %; drag the line to another step",
    figure: neurashedElasticity,
  },
  paths: { title: "Paths", note: "bands: 95 %", figure: neurashedPaths },
  information: {
    title: "Information",
    note: "bands: 95 %; drag the line to another step",
    figure: neurashedInformation,
  },
} as const;

function Body({ study }: { readonly study: OpenStudy }) {
  const { look: change } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const input = useMemo(() => inputOf(study, arrangement), [study, arrangement]);
  const { params, look } = input;
  const shown = useMemo(() => curves[look.show].figure(input), [input, look.show]);
  const pairs = useMemo(() => neurashedPairs(input), [input]);
  return (
    <div className={classes.view} data-own-height>
      <GraphPanel study={study} />
      <div className={classes.found} data-show={look.show}>
        <Panel
          title="All seeds"
          note={curves[look.show].note}
          controls={
            <Segmented
              label="Curves"
              value={look.show}
              options={Object.entries(curves).map(([value, { title }]) => ({
                value: value as keyof typeof curves,
                title,
              }))}
              onChange={(show) => change({ show })}
            />
          }
        >
          <Chart
            figure={shown}
            label={shown.title}
            onMark={(step) => change({ moment: nearestMoment(params, step) })}
          />
        </Panel>
        <Panel
          title="Class by class"
          controls={
            <>
              <BatchChoice input={input} />
              <MomentChoice input={input} />
            </>
          }
        >
          <Chart figure={pairs} label={pairs.title} />
        </Panel>
      </div>
    </div>
  );
}

function BatchChoice({ input }: { readonly input: NeurashedInput }) {
  const { look } = useStudyActions();
  const sizes = batchSizesOf(input.params);
  if (sizes.length < 2) return null;
  return (
    <select
      aria-label="Batch size"
      className={plots.select}
      value={sizes.indexOf(batchShown(input))}
      onChange={({ currentTarget }) => look({ batch: Number(currentTarget.value) })}
    >
      {sizes.map((size, at) => (
        <option key={size} value={at}>
          batch size {size}
        </option>
      ))}
    </select>
  );
}

function MomentChoice({ input }: { readonly input: NeurashedInput }) {
  const { look } = useStudyActions();
  return (
    <select
      aria-label="Step"
      className={plots.select}
      value={momentShown(input).at}
      onChange={({ currentTarget }) => look({ moment: Number(currentTarget.value) })}
    >
      {momentsOf(input.params).map((step, at) => (
        <option key={step} value={at}>
          step {step}
        </option>
      ))}
    </select>
  );
}

export const neurashedView: StudyView = {
  figures(study, arrangement): readonly Figure[] {
    const input = inputOf(study, arrangement);
    return [neurashedPairs(input), ...Object.values(curves).map(({ figure }) => figure(input))];
  },
  Body,
};
