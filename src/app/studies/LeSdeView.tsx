// The locally elastic SDE: its effects, to be drawn by hand, and sample paths of one seed, above what all seeds say.
import { useMemo } from "react";
import { seedsOf, type LeSdeFinding, type LeSdeParams } from "../../lab/studies/leSde.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { coordinateShown, leSdeMeasures, leSdePaths, seedShown, type LeSdeInput } from "../figures/leSdeCurves.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import { leSdeEffects } from "../figures/leSdeEffects.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { LeSdeEffects } from "./LeSdeEffects.tsx";
import classes from "./LeSdeView.module.css";
import type { StudyView } from "./view.ts";

interface Look {
  readonly seed: number;
  readonly coordinate: number;
}

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): LeSdeInput => ({
  params: spec.params as unknown as LeSdeParams,
  findings: findings as Findings<LeSdeFinding>,
  arrangement,
  ...(view as unknown as Look),
});

function resultsOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [leSdePaths(input), leSdeMeasures(input)];
}

function figuresOf(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = inputOf(study, arrangement);
  return [
    ...resultsOf(study, arrangement),
    leSdeEffects({ params: input.params, seed: seedShown(input), arrangement }),
  ];
}

/** With more seeds than this only the first have a button. */
const mostSeeds = 6;

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [paths, measures] = useMemo(() => resultsOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const seeds = seedsOf(input.params);
  return (
    <div className={classes.panels} data-own-height>
      <LeSdeEffects study={study} seed={seedShown(input)} arrangement={arrangement} />
      <Panel
        title="Sample paths"
        note="a colour a class; over the root mean square of all samples"
        controls={
          <>
            <Segmented
              label="Coordinate"
              value={String(coordinateShown(input))}
              options={Array.from({ length: input.params.classCount }, (_, at) => ({
                value: String(at),
                title: `x${at + 1}`,
              }))}
              onChange={(at) => look({ coordinate: Number(at) })}
            />
            <Segmented
              label="Seed"
              value={String(Math.min(input.seed, seeds.length - 1))}
              options={seeds.slice(0, mostSeeds).map((seed, at) => ({ value: String(at), title: `seed ${seed}` }))}
              onChange={(at) => look({ seed: Number(at) })}
            />
          </>
        }
      >
        <Chart figure={paths} label={paths.title} />
      </Panel>
      <Panel title="Growth, separability and collapse" note="all seeds; bands: 95 %" className={classes.measures!}>
        <Chart figure={measures} label={measures.title} />
      </Panel>
    </div>
  );
}

export const leSdeView: StudyView = { figures: figuresOf, Body };
