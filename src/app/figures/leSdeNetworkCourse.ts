// A network beside its locally elastic ODE in time: mean logits of one label with their difference below, and the fitted effects.
import {
  classesOf,
  corruptionsOf,
  type Corruption,
  type LeSdeNetworkParams,
} from "../../lab/studies/leSdeNetwork/setting.ts";
import {
  divergedWords,
  effectNames,
  summaryOf,
  type EffectName,
  type Summary,
} from "../../lab/studies/leSdeNetwork/summary.ts";
import type { TrialFinding } from "../../lab/studies/leSdeNetwork/trial.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type Arrangement, type Axis, type Figure, type LineTrace } from "./figure.ts";
import { classColour, type LineStyle } from "./palette.ts";
import { axisNumber, niceAxis, niceTicks } from "./scale.ts";
import { notMeasuredYet, plural } from "./wording.ts";

export interface LeSdeNetworkInput {
  readonly params: LeSdeNetworkParams;
  readonly findings: Findings<TrialFinding>;
  /** Place of the share of corrupted labels that is shown. */
  readonly corruption: number;
  /** Class whose mean logits are shown. */
  readonly shown: number;
  readonly model: "I" | "L";
  readonly arrangement: Arrangement;
}

/** The share of corrupted labels that is shown, of those there are. */
export function corruptionShown({ params, corruption }: LeSdeNetworkInput): Corruption {
  const all = corruptionsOf(params);
  return all[Math.min(corruption, all.length - 1)]!;
}

export const classShown = ({ params, shown }: LeSdeNetworkInput): number =>
  Math.min(shown, classesOf(params).length - 1);

const summaryShown = (input: LeSdeNetworkInput): Summary | undefined =>
  summaryOf(input, corruptionShown(input).share, input.model);

/** Of the trials that diverged; empty where none did. */
export function divergedSentence(
  input: Pick<LeSdeNetworkInput, "params" | "findings">,
  { text, share }: Corruption,
): string {
  const words = divergedWords(input, share);
  return words && ` Left out at p = ${text}: ${words}.`;
}

/** What a panel says whose traces have nothing to show. */
export const unmeasured = (traces: readonly LineTrace[], lack: string): { readonly note?: string } =>
  traces.length > 0 && traces.every(({ y }) => y.every(Number.isNaN))
    ? { note: ["Not measurable", lack.split(";")[0]].filter(Boolean).join(": ") }
    : {};

/** Why something is missing; empty where nothing is. */
const lackSentence = ({ lack }: Summary): string =>
  lack ? ` Where something is missing it is not measurable: ${lack}.` : "";

/** What is said of a share of corrupted labels of which no trial can be shown. */
function nothing(input: LeSdeNetworkInput): { readonly note: string; readonly sentence: string } {
  const shown = corruptionShown(input);
  const diverged = divergedSentence(input, shown);
  return diverged
    ? { note: "Not measurable: all trials diverged", sentence: `Not measurable.${diverged}` }
    : { note: notMeasuredYet, sentence: "Nothing has been measured yet." };
}

/** What a panel says in the place of curves. */
function noteOf(input: LeSdeNetworkInput, traces: readonly LineTrace[], panel: number): { readonly note?: string } {
  const found = summaryShown(input);
  if (!found) return { note: nothing(input).note };
  return unmeasured(
    traces.filter((trace) => trace.panel === panel),
    found.lack,
  );
}

const iterationAxis = ({ iterations }: LeSdeNetworkParams): Axis => ({
  title: "Iteration",
  low: 0,
  high: iterations,
  ticks: niceTicks(0, iterations, 5),
});

/** "24 %" */
const percent = (share: number): string =>
  Number.isNaN(share) ? "not measurable" : `${axisNumber(Number((100 * share).toPrecision(2)))} %`;

/** Mean logits of the images of one label, network solid and LE-ODE dashed, and LE-ODE less network below. */
export function leSdeNetworkMeans(input: LeSdeNetworkInput): Figure {
  const { params, model } = input;
  const found = summaryShown(input);
  const label = classShown(input);
  const classes = classesOf(params);
  const K = classes.length;
  const own = classes[label]!.title;
  const of = (means: readonly ArrayLike<number>[], row: number, output: number): number[] =>
    means.map((each) => each[row * K + output]!);
  const iterations = (times: readonly number[]): number[] => times.map((time) => time - 1);
  const traces = found
    ? classes.flatMap(({ title }, output): LineTrace[] => {
        const { course, comparison } = found;
        const line = { type: "line", colour: classColour(output), marker: "none" } as const;
        const late = iterations(comparison.course.times);
        const simulated = of(comparison.simulated, label, output);
        const network = of(comparison.course.means, label, output);
        const apart = simulated.map((value, at) => value - network[at]!);
        return [
          { ...line, panel: 0, title, x: iterations(course.times), y: of(course.means, label, output), dash: "solid" },
          { ...line, panel: 0, title: `${title}, LE-ODE`, x: late, y: simulated, dash: "dash" },
          { ...line, panel: 1, title, x: late, y: apart, dash: "solid" },
        ];
      })
    : [];
  const valuesIn = (panel: number): number[] => traces.filter((trace) => trace.panel === panel).flatMap(({ y }) => y);
  const x = iterationAxis(params);
  return {
    name: "le-sde-network-means",
    title: "Mean logits, network and LE-ODE",
    caption: found
      ? `Mean logits of ${params.logits === "fixed images" ? `${params.imagesPerClass} training images` : "the drawn training images"} with the label ${own}, over ${plural(found.trials.length, "trial")}, p = ${corruptionShown(input).text}: network solid, and dashed the ${model}-model's LE-ODE under the estimated effects from ${params.burnIn} % of the iterations on, where it begins at the network's own mean logits. Below: LE-ODE less network. Of all labels the difference is ${percent(found.comparison.error)}${Number.isNaN(found.comparison.error) ? "" : " of the network's mean logits (roots of sums of squares)"}.${lackSentence(found)}${divergedSentence(input, corruptionShown(input))}`
      : nothing(input).sentence,
    arrangement: "column",
    panels: [
      {
        title: `Label ${own}`,
        x,
        y: niceAxis("Mean logit", valuesIn(0), { tickCount: 4 }),
        ...noteOf(input, traces, 0),
      },
      {
        title: found ? `LE-ODE less network: ${percent(found.comparison.error)}, all labels` : "LE-ODE less network",
        x,
        y: niceAxis("Difference", valuesIn(1), { tickCount: 4 }),
        rules: [{ axis: "y", at: 0, title: "" }],
        ...noteOf(input, traces, 1),
      },
    ],
    traces,
    data: () => ({
      columns: ["label", "output", "iteration", "network", "le_ode"],
      rows: found
        ? classes.flatMap((ofLabel, row) =>
            classes.flatMap((ofOutput, output) => {
              const skipped = found.course.times.length - found.comparison.course.times.length;
              return iterations(found.course.times).map((iteration, at) => [
                ofLabel.title,
                ofOutput.title,
                iteration,
                blankIfNaN(found.course.means[at]![row * K + output]!),
                at < skipped ? "" : blankIfNaN(found.comparison.simulated[at - skipped]![row * K + output]!),
              ]);
            }),
          )
        : [],
      dictionary: {
        label: "label of the images, as it is given",
        output: "which logit",
        iteration: "iterations done",
        network: "mean logit over images and trials",
        le_ode: "the same by the equation under the estimated effects; blank before it begins",
      },
    }),
  };
}

const styles: Readonly<Record<EffectName, LineStyle & { readonly title: string; readonly panel: number }>> = {
  A: { title: "A, own class", panel: 0, colour: "#d55e00", dash: "solid", marker: "none" },
  B: { title: "B, others", panel: 0, colour: "#0072b2", dash: "dash", marker: "none" },
  alpha: { title: "α, own class", panel: 1, colour: "#d55e00", dash: "solid", marker: "none" },
  beta: { title: "β, others", panel: 1, colour: "#0072b2", dash: "dash", marker: "none" },
};

/** The estimated effects and their integrals. */
export function leSdeNetworkEffects(input: LeSdeNetworkInput): Figure {
  const { params, model, arrangement } = input;
  const found = summaryShown(input);
  const iterations = found?.course.times.map((time) => time - 1) ?? [];
  const traces = found
    ? effectNames.map((name): LineTrace => {
        const values = found.effects[name];
        return {
          type: "line",
          ...styles[name],
          x: iterations,
          y: values.map(({ mean }) => mean),
          band: { low: values.map(({ low }) => low), high: values.map(({ high }) => high) },
        };
      })
    : [];
  const axis = (title: string, panel: number): Axis =>
    niceAxis(title, held(traces.filter((trace) => trace.panel === panel)), { tickCount: 5 });
  const x = iterationAxis(params);
  const common = (panel: number) => ({
    x,
    rules: [{ axis: "y", at: 0, title: "" }] as const,
    ...noteOf(input, traces, panel),
  });
  return {
    name: "le-sde-network-effects",
    title: "Effects estimated from the network",
    caption: found
      ? `Effects of the ${model}-model under which the mean logits would have grown as they did, p = ${corruptionShown(input).text}: α of the own class, β of the others, and their integrals A and B since the start. α and β are derivatives by Savitzky and Golay, order 2, ${params.window} moments of ${params.moments}. Bands are 95 % jackknife intervals over ${plural(found.trials.length, "trial")}; what lies beyond the axes is cut.${lackSentence(found)}${divergedSentence(input, corruptionShown(input))}`
      : nothing(input).sentence,
    arrangement,
    panels: [
      { title: "Integrals A, B", y: axis("Since the start", 0), ...common(0) },
      { title: "Effects α, β", y: axis("Per iteration", 1), ...common(1) },
    ],
    traces,
    data: () => ({
      columns: ["effect", "iteration", "value", "low", "high", "n"],
      rows: found
        ? effectNames.flatMap((name) =>
            found.effects[name].map(({ mean, low, high, count }, at) => [
              name,
              iterations[at]!,
              ...[mean, low, high].map(blankIfNaN),
              count,
            ]),
          )
        : [],
      dictionary: {
        effect: "alpha, beta; A, B: their integrals since the start",
        iteration: "iterations done",
        value: "estimate from the mean over trials",
        low: "lower bound of its 95 % jackknife interval over trials; the value itself for one trial",
        high: "upper bound of the same interval",
        n: "number of trials",
      },
    }),
  };
}

/** All values, and bands as far as they reach a quarter of the values' own range beyond them. */
export function held(traces: readonly LineTrace[]): number[] {
  const values = traces.flatMap(({ y }) => y).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) / 4;
  const within = (bound: number): number => Math.min(high + room, Math.max(low - room, bound));
  return [
    ...values,
    ...traces.flatMap(({ band }) => [...(band?.low ?? []), ...(band?.high ?? [])].filter(Number.isFinite).map(within)),
  ];
}
