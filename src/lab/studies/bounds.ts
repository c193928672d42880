// Bounds against reality: what stability promises of the generalization gap, and the gap that training at several sizes has.
import { choice, real } from "../params.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { measured, type BoundsFinding } from "./bounds/measure.ts";
import { presets } from "./bounds/presets.ts";
import { boundsKey, check, msOf, params, seedsOf, type BoundsParams } from "./bounds/setting.ts";
import { subjectOf } from "./bounds/subject.ts";
import { boundsTable, runsTable } from "./bounds/tables.ts";

const view = {
  delta: real({ title: "δ looked at", byDefault: 0, min: 0, max: 0.5, help: "0: that of the setting." }),
  reach: choice({ title: "Sample sizes shown", byDefault: "measured", options: ["measured", "beyond"] }),
  size: real({ title: "m looked at", byDefault: 0, min: 0, max: 2000, help: "0: the largest." }),
};

async function* run(
  chosen: BoundsParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<BoundsFinding>> {
  for (const seed of seedsOf(chosen)) {
    const missing = msOf(chosen).filter((m) => !known.has(boundsKey(chosen, seed, m)));
    if (missing.length === 0) continue;
    yield { kind: "progress", progress: { stage: `Seed ${seed}: getting the examples`, share: 0 } };
    const subject = await subjectOf(chosen, seed, desk);
    for (const m of missing) {
      yield {
        kind: "progress",
        progress: { stage: `Seed ${seed}, m = ${m}: learning, and leaving one out`, share: 0 },
      };
      await desk.breathe();
      const value = await measured({ chosen, subject, seed, m, desk });
      yield { kind: "finding", key: boundsKey(chosen, seed, m), value };
    }
  }
}

export const bounds: StudyPlugin<BoundsParams, BoundsFinding> = {
  id: "bounds",
  title: "Stability bounds and the true gap",
  question:
    "How much tighter is a bound that takes the mean over test examples where uniform stability takes the worst?",
  source:
    "Deng, He and Su, ICML 2021 (the theorem's wording and constants could not be read); Bousquet and Elisseeff, JMLR 2002",
  explanation: {
    words:
      "A learner is stable if leaving out one training example changes losses by no more than about β/m; then the gap Δ between held-out and training loss is small with probability 1 − δ. Uniform stability takes the worst case over all examples, M_β, locally elastic stability only the worst mean over test examples, E = sup E β.",
    tex: String.raw`\Delta\le\tfrac{2M_\beta}{m}+(4M_\beta+M_l)\sqrt{\log(1/\delta)/(2m)},\quad\Delta\lesssim\tfrac{2E}{m}+c\,(2E+\eta+M_l)\sqrt{\log(2/\delta)/m}`,
    spoken:
      "uniform: two M beta over m, plus four M beta plus M l, times the root of log one over delta over two m; locally elastic: two E over m, plus c times two E plus eta plus M l, times the root of log two over delta over m",
    source:
      "the first: Bousquet and Elisseeff, JMLR 2002; the second after Deng, He and Su, ICML 2021, its factors from memory, since the theorem could not be read",
  },
  params,
  view,
  presets,
  check,
  keys: (chosen) => seedsOf(chosen).flatMap((seed) => msOf(chosen).map((m) => boundsKey(chosen, seed, m))),
  together: (chosen) => seedsOf(chosen).map((seed) => msOf(chosen).map((m) => boundsKey(chosen, seed, m))),
  run,
  tables: (chosen, findings) => [boundsTable(chosen, findings), runsTable(chosen, findings)],
};
