// Step size: the ratio in three ways, how far each is from first order, the numbers at one step size, and the authors' rule.
import { useMemo } from "react";
import { anchorKinds, type StepSizeParams } from "../../lab/studies/stepSize/setting.ts";
import { ways, type SeenImage, type StepSizeFinding } from "../../lab/studies/stepSize/findings.ts";
import { ruleRows, sweepOf, type RuleRow, type Sweep } from "../../lab/studies/stepSize/sweep.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { axisNumber } from "../figures/scale.ts";
import { stepSizeErrors } from "../figures/stepSizeErrors.ts";
import { className, gapNote, lostSentence, nearestEta, stepSizeRatios, wayTitles } from "../figures/stepSizeRatios.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { IconButton } from "../widgets/Button.tsx";
import { exact, signedShort } from "../widgets/format.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { Thumb } from "../widgets/Thumb.tsx";
import classes from "./StepSizeView.module.css";
import type { StudyView } from "./view.ts";

interface View {
  readonly scale: "linear" | "log";
  readonly eta: number;
}

function inputOf({ spec, findings, view }: OpenStudy, arrangement: Arrangement) {
  const { scale, eta } = view as unknown as View;
  return {
    params: spec.params as unknown as StepSizeParams,
    findings: findings as Findings<StepSizeFinding>,
    scale,
    eta,
    arrangement,
  };
}

const figuresOf = (study: OpenStudy, arrangement: Arrangement): readonly [Figure, Figure] => [
  stepSizeRatios(inputOf(study, arrangement)),
  stepSizeErrors(inputOf(study, arrangement)),
];

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [ratios, errors] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const { params, findings, scale } = inputOf(study, arrangement);
  const sweep = useMemo(() => sweepOf(params, findings), [params, findings]);
  const onMark = (eta: number): void => look({ eta });
  return (
    <div className={classes.view}>
      <div className={classes.charts}>
        <Panel
          title="Ratio against step size"
          note={sweep ? gapNote(sweep) : ""}
          className={classes.ratios!}
          controls={
            <Segmented
              label="Scale of the ratio"
              value={scale}
              options={[
                { value: "linear", title: "Linear" },
                { value: "log", title: "Log" },
              ]}
              onChange={(next) => look({ scale: next })}
            />
          }
        >
          <Chart figure={ratios} label={ratios.title} onMark={onMark} />
        </Panel>
        <Panel
          title="Distance from first order"
          note="rounding falls, curvature rises; click a step size for its numbers"
          className={classes.errors!}
        >
          <Chart figure={errors} label={errors.title} onMark={onMark} />
        </Panel>
      </div>
      <div className={classes.side}>
        <Numbers study={study} sweep={sweep} />
        <Rule rows={ruleRows(params, findings)} />
      </div>
    </div>
  );
}

function Numbers({ study, sweep }: { readonly study: OpenStudy; readonly sweep: Sweep | undefined }) {
  const { look } = useStudyActions();
  const { params, eta: wanted } = inputOf(study, "row");
  const eta = nearestEta(params, wanted);
  const at = sweep?.etas.indexOf(eta) ?? -1;
  const move = (by: number): void => {
    const next = sweep?.etas[(at < 0 ? 0 : at) + by];
    if (next !== undefined) look({ eta: next });
  };
  return (
    <Panel
      title={`At η = ${axisNumber(eta)}`}
      className={classes.numbers!}
      controls={
        <>
          <IconButton icon="back" label="Smaller step size" disabled={at <= 0} onClick={() => move(-1)} />
          <IconButton
            icon="back"
            className={classes.forth!}
            label="Larger step size"
            disabled={!sweep || at >= sweep.etas.length - 1}
            onClick={() => move(1)}
          />
        </>
      }
    >
      {sweep ? (
        <>
          <NumbersTable sweep={sweep} at={at} />
          <Plateaus sweep={sweep} />
          <p>{lostSentence(sweep.subject)}</p>
        </>
      ) : (
        <p>Not measured yet.</p>
      )}
    </Panel>
  );
}

/** @param at place of the step size in the sweep; below 0 where it is not there yet */
function NumbersTable({ sweep, at }: { readonly sweep: Sweep; readonly at: number }) {
  const { subject, steps, ratios, truths } = sweep;
  const step = steps[at];
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Way</th>
          {subject.images.map((image, index) => (
            <th key={image.title} scope="col">
              <Seen image={image} />
              {index === 0 ? "Δ anchor" : className(image.title)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ways.map((way) => (
          <tr key={way}>
            <th scope="row">{wayTitles[way]}</th>
            <td>{step ? signedShort(step.changes[way][0]!) : ""}</td>
            {truths.map((_, probe) => (
              <td key={probe}>{step ? numberOrDash(ratios[way][probe]![at]!) : ""}</td>
            ))}
          </tr>
        ))}
        <tr className={classes.truth}>
          <th scope="row">First order</th>
          <td>{step ? signedShort(step.eta * subject.firstOrder[0]!) : ""}</td>
          {truths.map((truth, probe) => (
            <td key={probe}>{exact(truth)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** Up to the end of the sweep a plateau may go on beyond it. */
function Plateaus({ sweep: { plateaus, etas } }: { readonly sweep: Sweep }) {
  const [first, last] = [etas[0], etas.at(-1)];
  return (
    <dl className={classes.plateaus}>
      <dt>All probes within 1 % of first order</dt>
      {ways.map((way) => {
        const found = plateaus[way];
        return (
          <dd key={way}>
            <span>{wayTitles[way]}</span>
            {found
              ? `${found.from === first ? "≤ " : ""}${axisNumber(found.from)} to ${found.to === last ? "≥ " : ""}${axisNumber(found.to)}`
              : "nowhere"}
          </dd>
        );
      })}
    </dl>
  );
}

const numberOrDash = (value: number): string => (Number.isNaN(value) ? "–" : value === 0 ? "0" : exact(value));

const Seen = ({ image: { pixels, shape, title } }: { readonly image: SeenImage }) =>
  pixels.length > 0 ? (
    <span className={classes.seen}>
      <Thumb pixels={pixels} shape={shape} alt={title} />
    </span>
  ) : null;

function Rule({ rows }: { readonly rows: readonly RuleRow[] }) {
  return (
    <Panel title="“Multiply by three until it moves”" className={classes.rule!}>
      {/* What scrolls must be reached by the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role */}
      <div className={classes.scroll} tabIndex={0} role="group" aria-label="The authors’ rule">
        <p>
          The authors’ code triples η, from 10⁻⁶ up to 10⁴, while the anchor’s change is exactly 0.0. That avoids
          dividing by zero, nothing else: one unit in the last place (ulp) passes, and ratios of whole ulps come out.
        </p>
        {anchorKinds.map((kind) => (
          <RuleOf key={kind} rows={rows.filter(({ anchor }) => anchor === kind)} />
        ))}
      </div>
    </Panel>
  );
}

function RuleOf({ rows }: { readonly rows: readonly RuleRow[] }) {
  const [first] = rows;
  if (!first) return null;
  const { anchor, title, doubt, eta, tries, ulps } = first;
  const times = tries === 1 ? "at the first try" : `at try ${tries}`;
  return (
    <>
      <h3>
        {anchor === "picked" ? "Picked" : "Most confident"}: {title} <span>1 − p = {axisNumber(doubt)}</span>
      </h3>
      {eta === undefined ? (
        <p>
          Never moved in {tries} tries, so the code says “not update”. First order is{" "}
          {rows.map(({ probe, firstOrder }) => `${exact(firstOrder)} (${className(probe)})`).join(", ")}.
        </p>
      ) : (
        <>
          <p>
            Stops {times}, η = {axisNumber(eta)}: the anchor moves by {ulpText(ulps)}.
          </p>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Probe</th>
                <th scope="col">moves by</th>
                <th scope="col">its ratio</th>
                <th scope="col">exact</th>
                <th scope="col">first order</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ probe, probeUlps, ratio, exact: true_, firstOrder }) => (
                <tr key={probe}>
                  <th scope="row">{className(probe)}</th>
                  <td>{ulpText(probeUlps)}</td>
                  <td className={isFar(ratio, firstOrder) ? classes.far : undefined}>{numberOrDash(ratio)}</td>
                  <td>{numberOrDash(true_)}</td>
                  <td>{exact(firstOrder)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}

/** Whole ulps of the score before the step; halves and quarters where the score has crossed a power of two. */
const ulpText = (ulps: number): string => `${axisNumber(ulps)} ulp`;

const isFar = (ratio: number, truth: number): boolean => !(Math.abs(ratio / truth - 1) <= 0.01);

export const stepSizeView: StudyView = { figures: figuresOf, Body };
