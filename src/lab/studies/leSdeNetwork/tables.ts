// The locally elastic SDE beside a network as tables: what each corruption comes to, beside the paper, and the fitted effects in time.
import type { Interval } from "../../../math/stats.ts";
import type { StudyTable } from "../../study.ts";
import { isPublished, publishedAt, tolerance } from "./published.ts";
import { corruptionsOf } from "./setting.ts";
import { divergedCount, divergedWords, summaryOf, tailNames, type Known } from "./summary.ts";

const models = ["L", "I"] as const;

const blank = (value: number | undefined): number | string =>
  value !== undefined && Number.isFinite(value) ? value : "";
const bounds = ({ mean, low, high }: Interval): (number | string)[] => [blank(mean), blank(low), blank(high)];
const boundsOf = (name: string): string[] => [name, `${name}_low`, `${name}_high`];

export function summaryTable(known: Known): StudyTable {
  const columns = [
    "corruption",
    "model",
    "trials",
    "diverged",
    "remark",
    "A_end",
    "B_end",
    ...tailNames.flatMap((name) => boundsOf(`tail_${name.replace(" ", "_")}`)),
    "ode_error",
    ...boundsOf("accuracy"),
    ...boundsOf("loss"),
    "published_tail_alpha",
    "published_tail_beta",
    "published_accuracy",
    "published_loss",
  ];
  const tailWords = {
    height: "1 - mean of log |integral| / log t over the last tenth of the iterations, as the authors compute it",
    fitted:
      "r of the power law c t^-r whose integral fits best after the burn-in; blank where none from -1 to 4 does, with all trials or without one of them",
  };
  return {
    name: "le-sde-network",
    title: "Effects, tail indices and held-out images at the end, by the share of corrupted labels",
    columns,
    rows: corruptionsOf(known.params).flatMap(({ text, share }) =>
      models.flatMap((model) => {
        const found = summaryOf(known, share, model);
        const diverged = divergedCount(known, share);
        const first = [text, model, found?.trials.length ?? 0, diverged];
        const lack = found?.lack ? `not measurable in part: ${found.lack}` : "";
        const remark = [divergedWords(known, share), lack].filter(Boolean).join("; ");
        if (!found) return diverged > 0 ? [[...first, remark, ...columns.slice(first.length + 1).map(() => "")]] : [];
        const { estimates, tailIntervals, comparison, accuracy, loss } = found;
        const shown = isPublished(known.params) ? publishedAt(share) : undefined;
        return [
          [
            ...first,
            remark,
            blank(estimates.A.at(-1)),
            blank(estimates.B.at(-1)),
            ...tailNames.flatMap((name) => bounds(tailIntervals[name])),
            blank(comparison.error),
            ...bounds(accuracy),
            ...bounds(loss),
            ...[shown?.tailAlpha, shown?.tailBeta, shown?.accuracy, shown?.loss].map(blank),
          ],
        ];
      }),
    ),
    dictionary: {
      corruption: "share of the training labels that are changed to another class",
      model: "estimator and LE-ODE: L, along each class's own logit, or I, along the class means",
      trials: "how many networks, those that diverged left out",
      diverged: "how many networks whose loss was no number any more; a smaller step size helps",
      remark: "what is missing, why, and what helps; blank where nothing is",
      A_end: "integral of alpha over all iterations",
      B_end: "integral of beta over all iterations",
      ...Object.fromEntries(
        tailNames.flatMap((name) => {
          const [kind, effect] = name.split(" ") as ["height" | "fitted", string];
          const column = `tail_${kind}_${effect}`;
          return [
            [column, `tail index of ${effect}: ${tailWords[kind]}`],
            [`${column}_low`, "lower bound of its 95 % jackknife interval over trials; the value itself for one trial"],
            [`${column}_high`, "upper bound of the same interval"],
          ];
        }),
      ),
      ode_error:
        "LE-ODE less network, after the burn-in: root of the sum of squares over that of the network's mean logits",
      accuracy: "share of the held-out images classified rightly at the end, mean over trials",
      accuracy_low: "lower bound of its 95 % Student-t interval over trials",
      accuracy_high: "upper bound of the same interval",
      loss: "mean cross-entropy of the held-out images at the end, mean over trials",
      loss_low: "lower bound of its 95 % Student-t interval over trials",
      loss_high: "upper bound of the same interval",
      published_tail_alpha: `tail index of alpha in the paper's figures, by eye, to ${tolerance.tail} (GeoMNIST, another network)`,
      published_tail_beta: "the same of beta",
      published_accuracy: `validation accuracy in the paper's figures, by eye, to ${tolerance.accuracy}`,
      published_loss: `validation loss in the paper's figures, by eye, to ${tolerance.loss}`,
    },
  };
}

export function effectsTable(known: Known): StudyTable {
  return {
    name: "le-sde-network-effects",
    title: "The fitted effects at each moment",
    columns: ["corruption", "model", "iteration", "A", "B", "alpha", "beta"],
    rows: corruptionsOf(known.params).flatMap(({ text, share }) =>
      models.flatMap((model) => {
        const found = summaryOf(known, share, model);
        if (!found) return [];
        const { A, B, alpha, beta } = found.estimates;
        return found.course.times.map((time, at) => [
          text,
          model,
          time - 1,
          ...[A[at], B[at], alpha[at], beta[at]].map(blank),
        ]);
      }),
    ),
    dictionary: {
      corruption: "share of the training labels that are changed to another class",
      model: "L, along each class's own logit, or I, along the class means",
      iteration: "iterations done; time is one more",
      A: "integral of alpha since the start",
      B: "integral of beta since the start",
      alpha: "intra-class effect an iteration: derivative of A by Savitzky and Golay",
      beta: "inter-class effect an iteration",
    },
  };
}
