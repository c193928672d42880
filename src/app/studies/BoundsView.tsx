// Bounds against reality: both bounds and the measured gap against m, the bounds against delta, and where each constant is from.
import { useMemo, type ReactNode } from "react";
import {
  boundAt,
  boundIds,
  gapLaw,
  sizesOf,
  usefulFrom,
  type AtSize,
  type Used,
} from "../../lab/studies/bounds/curves.ts";
import type { BoundsFinding } from "../../lab/studies/bounds/measure.ts";
import type { BoundsParams } from "../../lab/studies/bounds/setting.ts";
import { deltasOf } from "../../lab/studies/bounds/tables.ts";
import type { Findings } from "../../lab/study.ts";
import type { Interval } from "../../math/stats.ts";
import {
  boundsAgainstDelta,
  boundsAgainstSize,
  boundTitles,
  sensitivityWords,
  sizeShown,
  type BoundsInput,
} from "../figures/boundsCurves.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { axisNumber, minus } from "../figures/scale.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { count } from "../widgets/format.ts";
import { NumberTable } from "../widgets/NumberTable.tsx";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./BoundsView.module.css";
import type { StudyView } from "./view.ts";

const worstCase = (
  <>
    M<sub>β</sub>
  </>
);
const largestLoss = (
  <>
    M<sub>l</sub>
  </>
);

function inputOf({ spec, findings, view }: OpenStudy, arrangement: Arrangement): BoundsInput {
  const params = spec.params as unknown as BoundsParams;
  const { delta, reach, size } = view as unknown as Pick<BoundsInput, "delta" | "reach" | "size">;
  return {
    params,
    findings: findings as Findings<BoundsFinding>,
    delta: delta === 0 ? params.delta : delta,
    reach,
    size,
    arrangement,
  };
}

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [boundsAgainstSize(input), boundsAgainstDelta(input)];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const [bySize, byDelta] = useMemo(() => figuresOf(study, "row"), [study]);
  const input = inputOf(study, "row");
  const { params, findings, delta, reach } = input;
  const sizes = sizesOf(params, findings);
  const shown = sizeShown(input);
  return (
    <div className={classes.view}>
      <div className={classes.charts} data-own-height>
        <Panel
          title="Gap against sample size"
          note="log-log"
          controls={
            <Segmented
              label="Sample sizes shown"
              value={reach}
              options={[
                { value: "measured", title: "Measured" },
                { value: "beyond", title: "As far as it takes" },
              ]}
              onChange={(next) => look({ reach: next })}
            />
          }
        >
          <Chart figure={bySize} label={bySize.title} />
        </Panel>
        <Panel
          title="Bound against confidence"
          controls={
            <>
              {sizes.length > 1 && (
                <select
                  aria-label="Sample size"
                  className={plots.select}
                  value={shown!.m}
                  onChange={({ currentTarget: { value } }) => look({ size: Number(value) })}
                >
                  {sizes.map(({ m }) => (
                    <option key={m} value={m}>
                      m = {m}
                    </option>
                  ))}
                </select>
              )}
              <Segmented
                label="Chance that a bound fails"
                value={String(delta)}
                options={[...new Set([delta, ...deltasOf(params)])]
                  .sort((a, b) => b - a)
                  .map((each) => ({ value: String(each), title: `δ ${axisNumber(each)}` }))}
                onChange={(next) => look({ delta: Number(next) })}
              />
            </>
          }
        >
          <Chart
            figure={byDelta}
            label={byDelta.title}
            onMark={(next) => look({ delta: Number(next.toPrecision(3)) })}
          />
        </Panel>
      </div>
      <Panel title={shown ? `At m = ${shown.m}` : "Bounds and constants"} className={classes.numbers!}>
        {/* It scrolls, so the keyboard must reach it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes.scroll} tabIndex={0}>
          {shown ? <Compared input={input} shown={shown} sizes={sizes} /> : <p>Not measured yet.</p>}
          <Constants input={input} shown={shown} />
          <p>
            <b>What is not known.</b> The theorem of Deng, He and Su (ICML 2021) could not be read: its form, c and the
            factor are from memory, and how large m must be is not known. {worstCase} and sup E β are the largest that a
            few samples and held-out examples show, lower estimates of suprema; so these curves tell what bounds of this
            kind look like, and prove nothing.
          </p>
        </div>
      </Panel>
    </div>
  );
}

interface ComparedProps {
  readonly input: BoundsInput;
  readonly shown: AtSize;
  readonly sizes: readonly AtSize[];
}

function Compared({ input: { params, delta }, shown, sizes }: ComparedProps) {
  const values = boundIds.map((id) => boundAt(params, id, shown, { m: shown.m, delta }));
  const from = boundIds.map((id) => usefulFrom(params, id, { at: shown, delta }));
  const law = gapLaw(sizes);
  return (
    <>
      <NumberTable className={classes.named}>
        <thead>
          <tr>
            <th scope="col">δ = {axisNumber(delta)}</th>
            <th scope="col">value</th>
            <th scope="col">below {largestLoss} from</th>
          </tr>
        </thead>
        <tbody>
          {boundIds.map((id, at) => (
            <tr key={id}>
              <th scope="row">{boundTitles[id]}</th>
              <td>{axisNumber(values[at]!)}</td>
              <td>{Number.isFinite(from[at]) ? `m = ${count(from[at]!)}` : "never"}</td>
            </tr>
          ))}
          <tr data-main>
            <th scope="row">Measured |gap|</th>
            <td>{intervalText(shown.gap)}</td>
            <td>–</td>
          </tr>
        </tbody>
      </NumberTable>
      <p>{verdict(params, shown, values)}</p>
      {law && (
        <p>
          The mean |gap| falls as m to the power {minus(law.slope.toFixed(2))} from m = {sizes[0]!.m} to{" "}
          {sizes.at(-1)!.m}.
        </p>
      )}
    </>
  );
}

/** What a bound of the size of the largest loss or more is worth. */
function verdict({ lossBound }: BoundsParams, shown: AtSize, [uniform, elastic]: readonly number[]): string {
  const level = `the largest loss, ${axisNumber(lossBound)}`;
  const times = elastic! / shown.gap.mean;
  const beside = Number.isFinite(times)
    ? ` The locally elastic one is ${axisNumber(Number(times.toPrecision(2)))} times the measured gap.`
    : "";
  if (elastic! >= lossBound && uniform! >= lossBound)
    return `Both bounds are above ${level}: here they say nothing.${beside}`;
  if (elastic! >= lossBound) return `Only the uniform bound is below ${level}.${beside}`;
  if (uniform! >= lossBound) return `The uniform bound is above ${level}, and says nothing.${beside}`;
  return `Both bounds are below ${level}.${beside}`;
}

const intervalOnly = ({ low, high, count: n }: Interval): string =>
  n < 2 ? "" : ` (${axisNumber(low)} to ${axisNumber(high)})`;

const intervalText = ({ mean, low, high, count: n }: Interval): string =>
  n < 2 ? axisNumber(mean) : `${axisNumber(mean)} (${axisNumber(low)} to ${axisNumber(high)})`;

const fromMemory = (isUsual: boolean, usual: string): string =>
  isUsual ? `setting: ${usual} is from memory, not read in the paper` : "given in the setting";

function Constants({
  input: { params, delta },
  shown,
}: {
  readonly input: BoundsInput;
  readonly shown: AtSize | undefined;
}) {
  const measured = `measured: ${sensitivityWords(params)}; the largest of the seeds`;
  const used = (of: Used | undefined, given: number, key: string, name: ReactNode) => ({
    key,
    name,
    value: of?.value ?? given,
    origin: (of?.isMeasured ?? given === 0) ? measured : "given in the setting",
  });
  const rows = [
    used(shown?.used.mBeta, params.mBeta, "worst case", worstCase),
    used(shown?.used.eBeta, params.eBeta, "worst mean", "sup E β"),
    {
      key: "largest loss",
      name: largestLoss,
      value: params.lossBound,
      origin: "setting: the loss (f − y)² is cut off there, with y = ±1",
    },
    { key: "eta", name: "η", value: params.eta, origin: "setting: any number above 0, for m large enough" },
    { key: "c", name: "c", value: params.scale, origin: fromMemory(params.scale === 2.83, "2√2") },
    { key: "inner", name: "factor of sup E β", value: params.inner, origin: fromMemory(params.inner === 2, "2") },
    { key: "delta", name: "δ", value: delta, origin: "looked at" },
    { key: "4", name: <>factor of {worstCase}</>, value: 4, origin: "Bousquet and Elisseeff, JMLR 2002" },
  ];
  return (
    <NumberTable className={`${classes.named} ${classes.constants}`}>
      <caption>Constants, and where they are from</caption>
      <thead>
        <tr>
          <th scope="col">constant</th>
          <th scope="col">value</th>
          <th scope="col">from</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, value, origin }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>{value === 0 && origin === measured ? "–" : axisNumber(value)}</td>
            <td className={classes.origin}>{origin}</td>
          </tr>
        ))}
        {shown && (
          <tr data-main>
            <th scope="row">{worstCase} / sup E β</th>
            <td>{axisNumber(shown.ratio.mean)}</td>
            <td className={classes.origin}>mean over seeds{intervalOnly(shown.ratio)}</td>
          </tr>
        )}
      </tbody>
    </NumberTable>
  );
}

export const boundsView: StudyView = { figures: figuresOf, Body };
