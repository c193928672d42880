// Leave one out: class-to-class heatmaps of two methods, worst case against average, and influence against retraining.
import { useMemo } from "react";
import type { Finding } from "../../lab/studies/sensitivity/findings.ts";
import {
  methodsOf,
  methodTitles,
  seedsOf,
  type MethodId,
  type SensitivityParams,
} from "../../lab/studies/sensitivity/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { sensitivityAgreement } from "../figures/sensitivityAgreement.ts";
import { methodPair, sensitivityClasses, type ClassesInput } from "../figures/sensitivityClasses.ts";
import { sensitivityCurves } from "../figures/sensitivityCurves.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { SensitivityNumbers } from "./SensitivityNumbers.tsx";
import classes from "./SensitivityView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): ClassesInput => ({
  params: spec.params as unknown as SensitivityParams,
  findings: findings as Findings<Finding>,
  arrangement,
  left: view.left as MethodId,
  right: view.right as MethodId,
  scale: view.scale as ClassesInput["scale"],
  seedAt: view.seedAt as number,
});

const isRetrained = ({ params }: ClassesInput): boolean => params.network && params.retrained > 0;

function figuresOf(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = inputOf(study, arrangement);
  return [
    sensitivityClasses(input),
    sensitivityCurves(input),
    ...(isRetrained(input) ? [sensitivityAgreement(input)] : []),
  ];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const arrangement = useNarrow() ? "column" : "row";
  const [heatmaps, curves, agreement] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const classToClass = (
    <Panel
      key="classes"
      title={heatmaps!.title.split(",")[0]!}
      note="row left out, column watched"
      controls={<Controls {...input} />}
      className={classes.heatmaps!}
    >
      <Chart figure={heatmaps} label={`${heatmaps!.title}. ${heatmaps!.caption}`} />
    </Panel>
  );
  const sorted = (
    <Panel
      key="sorted"
      title="Who matters"
      note="mean effect on the test loss, sorted"
      className={agreement ? "" : classes.curves!}
    >
      <Chart figure={curves} label={`${curves!.title}. ${curves!.caption}`} />
    </Panel>
  );
  const numbers = <SensitivityNumbers key="numbers" {...input} />;
  return (
    <div
      className={classes.body}
      data-own-height
      data-panels={heatmaps!.panels.length}
      data-retrained={agreement ? true : undefined}
    >
      {agreement ? (
        <>
          <Panel
            title="Influence against retraining"
            note="one point: one example left out, one watched"
            className={classes.agreement!}
          >
            <Chart figure={agreement} label={`${agreement.title}. ${agreement.caption}`} />
            <p className={classes.words}>{agreement.caption}</p>
          </Panel>
          {classToClass}
          {sorted}
          {numbers}
        </>
      ) : (
        <>
          {classToClass}
          {numbers}
          {sorted}
        </>
      )}
    </div>
  );
}

function Controls({ params, left, right, scale, seedAt }: ClassesInput) {
  const { look } = useStudyActions();
  const seeds = seedsOf(params);
  const shown = methodPair(params, left, right);
  return (
    <>
      {methodsOf(params).length > 1 &&
        (["left", "right"] as const).map((side, at) => (
          <select
            key={side}
            aria-label={`Method on the ${side}`}
            className={plots.select}
            value={shown[at]}
            onChange={({ currentTarget: { value } }) => look({ left: shown[0]!, right: shown[1]!, [side]: value })}
          >
            {methodsOf(params).map((method) => (
              <option key={method} value={method} disabled={method === shown[1 - at]}>
                {methodTitles[method]}
              </option>
            ))}
          </select>
        ))}
      {seeds.length > 1 && (
        <select
          aria-label="Seed shown"
          className={plots.select}
          value={Math.min(seedAt, seeds.length)}
          onChange={({ currentTarget: { value } }) => look({ seedAt: Number(value) })}
        >
          <option value={0}>Mean of all seeds</option>
          {seeds.map((seed, at) => (
            <option key={seed} value={at + 1}>
              Seed {seed}
            </option>
          ))}
        </select>
      )}
      {shown.length > 1 && (
        <Segmented
          label="Colours"
          value={scale}
          options={[
            { value: "shared", title: "Shared scale" },
            { value: "own", title: "Own" },
          ]}
          onChange={(next) => look({ scale: next })}
        />
      )}
    </>
  );
}

export const sensitivityView: StudyView = { figures: figuresOf, Body };
