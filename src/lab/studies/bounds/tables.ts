// The measured runs, and the bounds beside the gap for several confidences, as rows.
import type { Findings, StudyTable } from "../../study.ts";
import { boundAt, sizesOf } from "./curves.ts";
import type { BoundsFinding } from "./measure.ts";
import { boundsKey, msOf, seedsOf, type BoundsParams } from "./setting.ts";

export function runsTable(chosen: BoundsParams, findings: Findings<BoundsFinding>): StudyTable {
  return {
    name: "bounds-runs",
    title: "Losses, gap and sensitivity of each sample",
    columns: [
      "seed",
      "m",
      "train_loss",
      "held_out_loss",
      "gap",
      "train_accuracy",
      "held_out_accuracy",
      "m_beta",
      "e_beta",
      "ratio",
      "ridge",
    ],
    rows: seedsOf(chosen).flatMap((seed) =>
      msOf(chosen).flatMap((m) => {
        const found = findings.get(boundsKey(chosen, seed, m));
        if (!found) return [];
        const { trainLoss, heldOutLoss, trainAccuracy, heldOutAccuracy, mBeta, eBeta, ridge } = found;
        const gap = heldOutLoss - trainLoss;
        return [
          [seed, m, trainLoss, heldOutLoss, gap, trainAccuracy, heldOutAccuracy, mBeta, eBeta, mBeta / eBeta, ridge],
        ];
      }),
    ),
    dictionary: {
      seed: "of the sample and of the initial weights",
      m: "sample size",
      train_loss: "mean over the sample of min(M_l, (f - y)^2), y = +-1",
      held_out_loss: "the same over the held-out examples",
      gap: "held-out loss less training loss",
      train_accuracy: "share of the sample with a score of the right sign",
      held_out_accuracy: "the same of the held-out examples",
      m_beta: "largest m |l(A_S, z) - l(A_S without i, z)| over examples i and held-out z, of kernel ridge regression",
      e_beta: "largest mean over held-out z of the same",
      ratio: "m_beta / e_beta",
      ridge: "what was added to the kernel's diagonal for that",
    },
  };
}

export const usualDeltas = [0.1, 0.05, 0.01, 0.001];

export const deltasOf = ({ delta }: Pick<BoundsParams, "delta">): number[] =>
  [...new Set([delta, ...usualDeltas])].sort((a, b) => b - a);

export function boundsTable(chosen: BoundsParams, findings: Findings<BoundsFinding>): StudyTable {
  return {
    name: "bounds",
    title: "Bounds and measured gap (95 % Student-t intervals over seeds)",
    columns: [
      "m",
      "delta",
      "uniform_bound",
      "elastic_bound",
      "gap",
      "gap_low",
      "gap_high",
      "signed_gap",
      "n",
      "m_beta",
      "m_beta_from",
      "e_beta",
      "e_beta_from",
    ],
    rows: sizesOf(chosen, findings).flatMap((size) =>
      deltasOf(chosen).map((delta) => {
        const { m, gap, signedGap, used } = size;
        const bounds = (["uniform", "elastic"] as const).map((id) => boundAt(chosen, id, size, { m, delta }));
        const from = ({ isMeasured }: { isMeasured: boolean }): string => (isMeasured ? "measured" : "given");
        return [
          m,
          delta,
          ...bounds,
          gap.mean,
          gap.low,
          gap.high,
          signedGap.mean,
          gap.count,
          used.mBeta.value,
          from(used.mBeta),
          used.eBeta.value,
          from(used.eBeta),
        ];
      }),
    ),
    dictionary: {
      m: "sample size",
      delta: "chance that the bound fails, over samples",
      uniform_bound: "2 M_beta / m + (4 M_beta + M_l) sqrt(log(1 / delta) / (2 m)); Bousquet and Elisseeff, 2002",
      elastic_bound:
        "2 E / m + c (inner E + eta + M_l) sqrt(log(2 / delta) / m); after Deng, He and Su, 2021, whose wording and constants could not be read",
      gap: "mean over seeds of |held-out loss - training loss|",
      gap_low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
      gap_high: "upper bound of the same interval",
      signed_gap: "mean over seeds of held-out loss - training loss",
      n: "number of seeds",
      m_beta: "M_beta as used",
      m_beta_from: "measured: the largest of the seeds at this m; given: the parameter",
      e_beta: "E, the supremum over z' of the mean of beta(z', z), as used",
      e_beta_from: "the same",
    },
  };
}
