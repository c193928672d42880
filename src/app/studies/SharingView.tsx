// Where the sharing happens: classes against classes, layer by layer; below, the picked pair against the epoch.
import { useMemo } from "react";
import { quantities, type Quantity, type SharingFinding } from "../../lab/studies/sharing/measured.ts";
import type { SharingLook, SharingParams } from "../../lab/studies/sharing/setting.ts";
import { classesOf, epochsOf } from "../../lab/studies/tangent/moments.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { onsetText, sharingPair, sharingParts, sharingRelations } from "../figures/sharingLines.ts";
import { quantityTitles, sharingMatrix, type SharingInput } from "../figures/sharingMatrix.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { EpochChoice, nearestEpoch } from "./EpochChoice.tsx";
import classes from "./SharingView.module.css";
import type { StudyView } from "./view.ts";

function inputOf({ spec, findings, view }: OpenStudy, arrangement: Arrangement): SharingInput {
  const params = spec.params as unknown as SharingParams;
  const look = view as unknown as SharingLook;
  const last = classesOf(params).length - 1;
  return {
    params,
    findings: findings as Findings<SharingFinding>,
    look: {
      ...look,
      epoch: nearestEpoch(epochsOf(params), look.epoch),
      one: Math.min(look.one, last),
      other: Math.min(look.other, last),
    },
    arrangement,
  };
}

const lines = {
  pair: { title: "The pair", figure: sharingPair },
  parts: { title: "What adds up", figure: sharingParts },
  relations: { title: "Relations", figure: sharingRelations },
} as const;

function Body({ study }: { readonly study: OpenStudy }) {
  const { look: change } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const input = useMemo(() => inputOf(study, arrangement), [study, arrangement]);
  const { params, look } = input;
  const matrix = useMemo(() => sharingMatrix(input), [input]);
  const below = useMemo(() => lines[look.lines].figure(input), [input, look.lines]);
  return (
    <div className={classes.view} data-own-height data-lines={look.lines}>
      <Panel
        title="Who shares what, where"
        note="click a cell to pick its pair"
        controls={
          <>
            <Segmented
              label="Cells"
              value={look.quantity}
              options={quantities.map((value: Quantity) => ({ value, title: quantityTitles[value] }))}
              onChange={(quantity) => change({ quantity })}
            />
            <EpochChoice epochs={epochsOf(params)} value={look.epoch} />
          </>
        }
      >
        <Chart
          figure={matrix}
          label={matrix.title}
          onCell={(_panel, one, other) =>
            change({ one, other, lines: look.lines === "relations" ? "pair" : look.lines })
          }
        />
      </Panel>
      <Panel
        title="And from when on"
        controls={
          <>
            <ClassSelect label="One class of the pair" name="one" {...{ params, look }} />
            v
            <ClassSelect label="The other class of the pair" name="other" {...{ params, look }} />
            <Segmented
              label="Lines"
              value={look.lines}
              options={Object.entries(lines).map(([value, { title }]) => ({
                value: value as keyof typeof lines,
                title,
              }))}
              onChange={(shown) => change({ lines: shown })}
            />
          </>
        }
      >
        <Chart figure={below} label={below.title} onMark={(epoch) => change({ epoch: Math.round(epoch) })} />
        <p className={classes.onset}>{onsetText(input)}</p>
      </Panel>
    </div>
  );
}

interface ClassSelectProps extends Pick<SharingInput, "params" | "look"> {
  readonly label: string;
  readonly name: "one" | "other";
}

function ClassSelect({ label, name, params, look }: ClassSelectProps) {
  const { look: change } = useStudyActions();
  return (
    <select
      aria-label={label}
      className={plots.select}
      value={look[name]}
      onChange={({ currentTarget }) => change({ [name]: Number(currentTarget.value) })}
    >
      {classesOf(params).map(({ id, title }, at) => (
        <option key={id} value={at}>
          {title}
        </option>
      ))}
    </select>
  );
}

export const sharingView: StudyView = {
  figures(study, arrangement): readonly Figure[] {
    const input = inputOf(study, arrangement);
    return [sharingMatrix(input), ...Object.values(lines).map(({ figure }) => figure(input))];
  },
  Body,
};
