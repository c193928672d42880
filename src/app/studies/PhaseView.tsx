// The phase diagram, and beside it what is known of the picked point, with the way to its paths.
import { useMemo } from "react";
import { phaseDiagram, type PhaseFinding, type PhaseParams } from "../../lab/studies/phaseDiagram.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { phases, phasesOf, type PhasesInput } from "../figures/phases.ts";
import { axisNumber } from "../figures/scale.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { sharedStudy } from "../state/studyShelf.ts";
import { Button } from "../widgets/Button.tsx";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./PhaseView.module.css";
import type { StudyView } from "./view.ts";

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): PhasesInput => ({
  params: spec.params as unknown as PhaseParams,
  findings: findings as Findings<PhaseFinding>,
  picked: view.picked as number,
  arrangement,
});

const figuresOf = (study: OpenStudy, arrangement: Arrangement): [Figure] => [phases(inputOf(study, arrangement))];

function Body({ study }: { readonly study: OpenStudy }) {
  const { look, open } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [figure] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  const all = useMemo(() => phasesOf(inputOf(study, arrangement)), [study, arrangement]);
  const point = all[Math.min(input.picked, all.length - 1)]!;
  const { model, classCount, strength, perClass, noise, spread, steps } = input.params;
  const shared = { model, classCount, strength, perClass, noise, spread, steps };
  return (
    <div className={classes.view} data-own-height>
      <Panel title={phaseDiagram.title} note="accuracy at the end; click a point">
        <Chart figure={figure} label={figure.title} onPoint={(picked) => look({ picked })} />
      </Panel>
      <Panel title="The picked point">
        <dl className={classes.facts}>
          <dt>Tail index r</dt>
          <dd>{axisNumber(point.tail)}</dd>
          <dt>β/α</dt>
          <dd>{axisNumber(point.ratio)}</dd>
          <dt>Accuracy</dt>
          <dd>{Number.isNaN(point.accuracy) ? "not computed yet" : axisNumber(point.accuracy)}</dd>
          <dt>Chance</dt>
          <dd>{axisNumber(1 / classCount)}</dd>
        </dl>
        <p className={classes.said}>{sentence(input.params, point.tail, point.ratio)}</p>
        <Button
          icon="play"
          onClick={() =>
            open(sharedStudy({ study: "le-sde", params: { ...shared, tail: point.tail, ratio: point.ratio } }))
          }
        >
          Open its sample paths
        </Button>
      </Panel>
    </div>
  );
}

/** What theory says of the limit of all time. */
function sentence({ model, strength }: PhaseParams, tail: number, ratio: number): string {
  if (strength === 0 || ratio === 1 || (model === "I" && ratio > 1))
    return "Not locally elastic: no class moves itself more than others move it.";
  if (tail < 1 && model === "L" && ratio > 0)
    return "In the L-model effects between classes have a mode of their own here: the classes come apart in the end, though not in their own directions.";
  if (tail < 1) return "Locally elastic for long enough: the classes come apart in the end.";
  if (tail > 1) return "The effects are too short-lived: what they separate stays bounded while noise grows.";
  return "On the line: growth is a power of t, and its exponent decides.";
}

export const phaseView: StudyView = { figures: figuresOf, Body };
