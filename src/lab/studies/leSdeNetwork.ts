// Simulator against network: are the mean logits of a network that learns image by image those of a locally elastic ODE, with which
// effects, and how do these fall as labels become noise?
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { presets } from "./leSdeNetwork/presets.ts";
import {
  check,
  choiceOf,
  corruptionsOf,
  params,
  seedsOf,
  trialKey,
  view,
  type LeSdeNetworkParams,
} from "./leSdeNetwork/setting.ts";
import { effectsTable, summaryTable } from "./leSdeNetwork/tables.ts";
import { trial, type TrialFinding } from "./leSdeNetwork/trial.ts";

/** Trial by trial, so that all shares of corrupted labels can be compared early. */
const all = (chosen: LeSdeNetworkParams) =>
  seedsOf(chosen).flatMap((seed) =>
    corruptionsOf(chosen).map((corruption) => ({
      corruption,
      seed,
      key: trialKey(chosen, corruption.share, seed),
    })),
  );

async function* run(
  chosen: LeSdeNetworkParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<TrialFinding>> {
  const missing = all(chosen).filter(({ key }) => !known.has(key));
  if (missing.length === 0) return;
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataset = await desk.dataset(choiceOf(chosen));
  for (const { corruption, seed, key } of missing) {
    const course = trial(chosen, desk, { dataset, corruption, seed });
    let next = await course.next();
    for (; !next.done; next = await course.next()) yield { kind: "progress", progress: next.value };
    yield { kind: "finding", key, value: next.value };
  }
}

export const leSdeNetwork: StudyPlugin<LeSdeNetworkParams, TrialFinding> = {
  id: "le-sde-network",
  title: "LE-SDE against a network",
  question: "Do the mean logits of a network follow a locally elastic equation, and how fast do its effects fall?",
  source: "Zhang, Wang and Su, NeurIPS 2021: abstract and code, since the text could not be read",
  explanation: {
    words:
      "From the mean logits of each class, X̄ᵏ, follow the effects α (of the own class) and β (of the others) under which the equation would have moved them so; with these it is run again, and laid over the network. The tail index says how fast α falls, below 1 slowly enough to separate classes; the authors read it off the height of the integral A, and a power law is fitted beside.",
    tex: String.raw`\frac{\mathrm{d}\overline X^k}{\mathrm{d}t}=\frac1K\Big[\alpha(t)H_k\overline X^k+\beta(t)\sum_{l\ne k}H_l\overline X^l\Big],\qquad \hat r=1-\frac{\log\hat A(t)}{\log t},\quad \hat A=\textstyle\int\hat\alpha`,
    spoken:
      "the derivative of the mean logits of class k is one over K times alpha times H k of them plus beta times the sum over the other classes; the tail index is one minus log of the integral of alpha over log t",
    source: "mean equation and tail index as in the code of Zhang, Wang and Su, data_analyzer",
  },
  params,
  view,
  presets,
  check,
  keys: (chosen) => all(chosen).map(({ key }) => key),
  run,
  tables: (chosen, findings) => {
    const known = { params: chosen, findings };
    return [summaryTable(known), effectsTable(known)];
  },
};
