// The label-aware part: the kernel and the part of one handful of images side by side, and over seeds its means and what it adds.
import { useMemo } from "react";
import {
  labelingIds,
  labelingTitles,
  printed,
  type InputSize,
  type LabelAwarePartFinding,
  type LabelingId,
} from "../../lab/studies/labelAwarePart/finding.ts";
import type { LabelAwarePartParams } from "../../lab/studies/labelAwarePart/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { partMatrices, partMeans, partRise, type PartInput } from "../figures/labelAwarePart.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./LabelAwarePartView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = (
  { spec, findings, view }: Pick<OpenStudy, "spec" | "findings" | "view">,
  arrangement: Arrangement = "row",
): PartInput => ({
  params: spec.params as unknown as LabelAwarePartParams,
  findings: findings as Findings<LabelAwarePartFinding>,
  ...(view as unknown as { labels: LabelingId; inputs: InputSize; seed: number }),
  arrangement,
});

function figures(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = inputOf(study, arrangement);
  const matrices = partMatrices(input);
  return [partMeans(input), partRise(input), ...(matrices ? [matrices.kernel, matrices.part] : [])];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const { spec, findings, view } = study;
  const input = useMemo(() => inputOf({ spec, findings, view }), [spec, findings, view]);
  const { params, labels, inputs, seed } = input;
  const matrices = useMemo(() => partMatrices(input), [input]);
  const means = useMemo(() => partMeans(input), [input]);
  const rise = useMemo(() => partRise(input), [input]);
  return (
    <div className={classes.body} data-own-height>
      <Panel
        title="One handful of images"
        note={`${params.perClass} + ${params.perClass}`}
        className={classes.matrices!}
        controls={
          <>
            {params.seeds.length > 1 && (
              <select
                aria-label="Seed shown"
                className={plots.select}
                value={Math.min(seed, params.seeds.length - 1)}
                onChange={({ currentTarget: { value } }) => look({ seed: Number(value) })}
              >
                {params.seeds.map((one, at) => (
                  <option key={one} value={at}>
                    seed {one}
                  </option>
                ))}
              </select>
            )}
            <Segmented
              label="Labels"
              value={labels}
              options={labelingIds.map((value) => ({ value, title: labelingTitles[value] }))}
              onChange={(value) => look({ labels: value })}
            />
          </>
        }
      >
        {matrices ? (
          <>
            <div className={classes.pair}>
              <Square figure={matrices.kernel} title="Expected tangent kernel" />
              <Square figure={matrices.part} title="Label-aware part × width" />
            </div>
            <p className={classes.words}>{matrices.part.caption}</p>
          </>
        ) : (
          <p className={classes.words}>
            {study.phase === "running" ? "Its turn has not come yet." : "Not computed yet: press Run."}
          </p>
        )}
      </Panel>
      <Panel title="Same label against two labels" note="means over seeds; click a point for its matrices">
        <Chart figure={means} label={`${means.title}. ${means.caption}`} onPoint={(place) => look({ seed: place })} />
        {params.dataset === "cifar10" && (
          <p className={classes.words}>
            Printed by {printed.source}, for one draw of five planes and five ships and without a unit: {printed.intra}{" "}
            within, {printed.inter} between.
          </p>
        )}
      </Panel>
      <Panel
        title="What it adds to the relative ratio"
        controls={
          <Segmented
            label="Inputs"
            value={inputs}
            options={[
              { value: "unit", title: "Unit length" },
              { value: "pixels", title: "Pixels" },
            ]}
            onChange={(value) => look({ inputs: value })}
          />
        }
      >
        <Chart figure={rise} label={`${rise.title}. ${rise.caption}`} />
      </Panel>
    </div>
  );
}

function Square({ figure, title }: { readonly figure: Figure; readonly title: string }) {
  return (
    <div className={classes.square}>
      <h3>{title}</h3>
      <Chart figure={figure} label={`${figure.title}. ${figure.caption}`} />
    </div>
  );
}

export const labelAwarePartView: StudyView = { figures, Body };
