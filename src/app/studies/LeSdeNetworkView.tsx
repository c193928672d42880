// The locally elastic SDE against a network: mean logits beside the LE-ODE and the fitted effects, above tail indices by corruption.
import { useMemo } from "react";
import { classesOf, corruptionsOf, type LeSdeNetworkParams } from "../../lab/studies/leSdeNetwork/setting.ts";
import type { TrialFinding } from "../../lab/studies/leSdeNetwork/trial.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import {
  classShown,
  corruptionShown,
  leSdeNetworkEffects,
  leSdeNetworkMeans,
  type LeSdeNetworkInput,
} from "../figures/leSdeNetworkCourse.ts";
import { leSdeNetworkTails } from "../figures/leSdeNetworkTails.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./LeSdeNetworkView.module.css";
import type { StudyView } from "./view.ts";

type Look = Pick<LeSdeNetworkInput, "corruption" | "shown" | "model">;

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): LeSdeNetworkInput => ({
  params: spec.params as unknown as LeSdeNetworkParams,
  findings: findings as Findings<TrialFinding>,
  arrangement,
  ...(view as unknown as Look),
});

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [leSdeNetworkMeans(input), leSdeNetworkEffects(input), leSdeNetworkTails(input)];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [means, effects, tails] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const shares = corruptionsOf(input.params);
  const at = shares.findIndex(({ share }) => share === corruptionShown(input).share);
  const nearest = (x: number): number =>
    shares.reduce(
      (best, { share }, place) => (Math.abs(share - x) < Math.abs(shares[best]!.share - x) ? place : best),
      0,
    );
  return (
    <div className={classes.view} data-own-height>
      <Panel
        title="Network and LE-ODE"
        note="solid: network, dashed: LE-ODE"
        className={classes.means!}
        controls={
          <select
            aria-label="Class shown"
            className={plots.select}
            value={classShown(input)}
            onChange={({ currentTarget: { value } }) => look({ shown: Number(value) })}
          >
            {classesOf(input.params).map(({ id, title }, place) => (
              <option key={id} value={place}>
                {title}
              </option>
            ))}
          </select>
        }
      >
        <Chart figure={means} label={means.title} />
      </Panel>
      <Panel
        title="Effects"
        note="estimated from the network"
        controls={
          <>
            <Segmented
              label="Model"
              value={input.model}
              options={[
                { value: "L", title: "L-model" },
                { value: "I", title: "I-model" },
              ]}
              onChange={(model) => look({ model })}
            />
            <select
              aria-label="Corruption shown"
              className={plots.select}
              value={at}
              onChange={({ currentTarget: { value } }) => look({ corruption: Number(value) })}
            >
              {shares.map(({ text }, place) => (
                <option key={text} value={place}>
                  p = {text}
                </option>
              ))}
            </select>
          </>
        }
      >
        <Chart figure={effects} label={effects.title} />
      </Panel>
      <Panel title="Against label corruption" note="tail indices, held-out images">
        <Chart figure={tails} label={tails.title} onMark={(x) => look({ corruption: nearest(x) })} />
      </Panel>
    </div>
  );
}

export const leSdeNetworkView: StudyView = { figures: figuresOf, Body };
