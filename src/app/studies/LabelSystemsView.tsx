// Two label systems: both ratios and the four shares against epoch, a panel a training, and how far each ratio has moved.
import { useMemo } from "react";
import { leadOf, sampleOf, type LabelSystemsFinding } from "../../lab/studies/labelSystems/finding.ts";
import {
  epochsOf,
  labellingTitles,
  momentKey,
  seedsOf,
  systems,
  type LabelSystemsParams,
  type System,
} from "../../lab/studies/labelSystems/setting.ts";
import type { Findings } from "../../lab/study.ts";
import { interval, mean } from "../../math/stats.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import {
  intervalText,
  labelSystemsRatios,
  labelSystemsShares,
  type LabelSystemsInput,
} from "../figures/labelSystemsCurves.ts";
import { Chart } from "../panels/Chart.tsx";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { NumberTable } from "../widgets/NumberTable.tsx";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./LabelSystemsView.module.css";
import type { StudyView } from "./view.ts";

interface View {
  readonly show: "level" | "change";
  readonly printed: boolean;
}

function inputOf({ spec, findings, view }: OpenStudy, arrangement: Arrangement): LabelSystemsInput {
  const { show, printed } = view as unknown as View;
  return {
    params: spec.params as unknown as LabelSystemsParams,
    findings: findings as Findings<LabelSystemsFinding>,
    show,
    printed,
    arrangement,
  };
}

function figuresOf(study: OpenStudy, arrangement: Arrangement): [Figure, Figure] {
  const input = inputOf(study, arrangement);
  return [labelSystemsRatios(input), labelSystemsShares(input)];
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const [ratios, shares] = useMemo(() => figuresOf(study, arrangement), [study, arrangement]);
  const input = inputOf(study, arrangement);
  return (
    <div className={classes.view} data-own-height>
      <div className={classes.charts} data-panels={ratios.panels.length}>
        <Panel
          title="Relative ratio of both labellings"
          note="solid: the first, dashed: the second"
          controls={
            <Segmented
              label="Shown"
              value={input.show}
              options={[
                { value: "change", title: "Change since start" },
                { value: "level", title: "Level" },
              ]}
              onChange={(show) => look({ show })}
            />
          }
        >
          <Chart figure={ratios} label={ratios.title} />
        </Panel>
        <Panel title="Which pairs are alike" note="shares of the four kinds of pairs">
          <Chart figure={shares} label={shares.title} />
        </Panel>
      </div>
      <Numbers {...input} />
    </div>
  );
}

function Numbers({ params, findings }: LabelSystemsInput) {
  const titles = labellingTitles(params);
  const isThere = (trained: System, epoch: number): boolean =>
    seedsOf(params).some((seed) => findings.has(momentKey(params, { trained, seed, epoch })));
  const trainings = systems.flatMap((trained, at) => {
    const epoch = epochsOf(params).findLast((each) => isThere(trained, each)) ?? 0;
    return epoch > 0 ? [{ trained, at, epoch }] : [];
  });
  const counts = `${4 * params.perGroup} images, ${params.perGroup} in each of the four groups`;
  return (
    <Panel title="How far the ratios move" className={classes.numbers!}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} tabIndex={0}>
        <p>
          First labelling: <b>{titles[0].title}</b>. Second: <b>{titles[1].title}</b>. {counts}.
        </p>
        {trainings.length === 0 && <p>Not measured yet.</p>}
        {trainings.map(({ trained, at, epoch }) => (
          <Training key={trained} {...{ params, findings, trained, epoch }} title={titles[at]!.title} />
        ))}
      </div>
    </Panel>
  );
}

interface TrainingProps extends Pick<LabelSystemsInput, "params" | "findings"> {
  readonly trained: System;
  readonly epoch: number;
  readonly title: string;
}

function Training({ params, findings, trained, epoch, title }: TrainingProps) {
  const titles = labellingTitles(params);
  const lead = leadOf(params, findings, { trained, epoch });
  const found = seedsOf(params).flatMap((seed) => findings.get(momentKey(params, { trained, seed, epoch })) ?? []);
  const place = systems.indexOf(trained);
  const accuracy = mean(found.map((each) => each.accuracy[place]!));
  const loss = mean(found.map((each) => each.loss[place]!));
  return (
    <>
      <h3>Trained on {title}</h3>
      <NumberTable>
        <thead>
          <tr>
            <th scope="col">RR × 100 of</th>
            <th scope="col">start</th>
            <th scope="col">epoch {epoch}</th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {systems.map((system, at) => {
            const of = (when: number, isChange: boolean) =>
              interval(sampleOf(params, findings, { trained, epoch: when, quantity: `ratio ${system}`, isChange }));
            return (
              <tr key={system} data-main={system === trained || undefined}>
                <th scope="row">{titles[at]!.title}</th>
                <td>{of(0, false).mean.toFixed(2)}</td>
                <td>{of(epoch, false).mean.toFixed(2)}</td>
                <td>{intervalText(of(epoch, true), true)}</td>
              </tr>
            );
          })}
        </tbody>
      </NumberTable>
      <p>
        {sentenceOf(lead, titles[place]!.title, titles[1 - place]!.title)} {(100 * accuracy).toFixed(0)} % of the images
        are learned, loss {loss.toPrecision(2)}.
      </p>
    </>
  );
}

function sentenceOf(lead: ReturnType<typeof leadOf>, own: string, other: string): string {
  const size = intervalText(lead, true);
  if (lead.count < 2) return `The ratio of ${own} rose by ${size} more than that of ${other}, from one seed.`;
  if (lead.low > 0) return `The ratio of ${own} rose by ${size} more than that of ${other}.`;
  if (lead.high < 0) return `The ratio of ${own} rose less than that of ${other}: difference ${size}.`;
  return `Which ratio rose more cannot be told from ${lead.count} seeds: difference ${size}.`;
}

export const labelSystemsView: StudyView = { figures: figuresOf, Body };
