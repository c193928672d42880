// Tangent kernel: the kernel, what it foretells of one step beside the truth and their difference, and where both part.
import { useMemo } from "react";
import { partingOf, type LinearisationFinding } from "../../lab/studies/linearisation/measured.ts";
import {
  epochsOf,
  etasOf,
  linearisationKey,
  type LinearisationLook,
  type LinearisationParams,
} from "../../lab/studies/linearisation/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import {
  linearisationChanges,
  linearisationKernel,
  linearisationResidual,
  type LinearisationInput,
} from "../figures/linearisationFigures.ts";
import { linearisationParting, partingText } from "../figures/linearisationParting.ts";
import { axisNumber } from "../figures/scale.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { EpochChoice, nearestEpoch } from "./EpochChoice.tsx";
import classes from "./LinearisationView.module.css";
import type { StudyView } from "./view.ts";

function inputOf({ spec, findings, view }: OpenStudy, arrangement: Arrangement): LinearisationInput {
  const params = spec.params as unknown as LinearisationParams;
  const look = view as unknown as LinearisationLook;
  return {
    params,
    findings: findings as Findings<LinearisationFinding>,
    look: { ...look, epoch: nearestEpoch(epochsOf(params), look.epoch) },
    arrangement,
  };
}

const figuresOf = (input: LinearisationInput): readonly [Figure, Figure, Figure, Figure] => [
  linearisationKernel(input),
  linearisationChanges(input),
  linearisationResidual(input),
  linearisationParting(input),
];

function Body({ study }: { readonly study: OpenStudy }) {
  const { look: change } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const input = useMemo(() => inputOf(study, arrangement), [study, arrangement]);
  const [kernel, changes, residual, parting] = useMemo(() => figuresOf(input), [input]);
  const { params, findings, look } = input;
  const found = findings.get(linearisationKey(params, look.epoch));
  return (
    <div className={classes.view} data-own-height>
      <Panel
        title="Tangent kernel"
        className={classes.kernel!}
        controls={
          <>
            <Segmented
              label="Kernel shown"
              value={look.normalised ? "normalised" : "raw"}
              options={[
                { value: "raw", title: "K" },
                { value: "normalised", title: "Normalised" },
              ]}
              onChange={(shown) => change({ normalised: shown === "normalised" })}
            />
            <Segmented
              label="Cells"
              value={look.grouping}
              options={[
                { value: "images", title: "Images" },
                { value: "classes", title: "Classes" },
              ]}
              onChange={(grouping) => change({ grouping })}
            />
          </>
        }
      >
        <Chart figure={kernel} label={kernel.title} />
      </Panel>
      <Panel
        title={`One step, η = ${axisNumber(params.eta)}`}
        note="change of the score of the anchor’s class"
        className={classes.step!}
        controls={<EpochChoice epochs={epochsOf(params)} value={look.epoch} />}
      >
        <div className={classes.pair}>
          <Chart figure={changes} label={changes.title} />
          <Chart figure={residual} label={residual.title} />
        </div>
      </Panel>
      <Panel
        title="Where both part"
        note={
          found
            ? `epoch ${look.epoch}: they ${partingText(params, partingOf(etasOf(params), found))} (median error 10 %)`
            : ""
        }
        className={classes.parting!}
      >
        <Chart figure={parting} label={parting.title} />
      </Panel>
    </div>
  );
}

export const linearisationView: StudyView = {
  figures: (study, arrangement) => figuresOf(inputOf(study, arrangement)),
  Body,
};
