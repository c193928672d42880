// Locally elastic stability (Deng, He and Su, ICML 2021): how far does leaving one training example out move the loss elsewhere?
import { choice, int } from "../params.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import type { Finding } from "./sensitivity/findings.ts";
import { networkFindings } from "./sensitivity/network.ts";
import { sensitivityPresets } from "./sensitivity/presets.ts";
import { ridgeSensitivity } from "./sensitivity/ridge.ts";
import {
  check,
  methodIds,
  methodsOf,
  methodTitles,
  params,
  placesOf,
  retrainingKey,
  seedsOf,
  sensitivityKey,
  type SensitivityParams,
} from "./sensitivity/setting.ts";
import { subjectOf } from "./sensitivity/subject.ts";
import { tables } from "./sensitivity/tables.ts";

const view = {
  left: choice({ title: "Left heatmap", byDefault: "network", options: methodIds }),
  right: choice({ title: "Right heatmap", byDefault: "features", options: methodIds }),
  scale: choice({ title: "Colours", byDefault: "shared", options: ["shared", "own"] }),
  seedAt: int({ title: "Place of the seed shown in the list; 0 is the mean of all", byDefault: 0, min: 0, max: 30 }),
};

async function* run(
  chosen: SensitivityParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<Finding>> {
  const wanted = keys(chosen);
  for (const [place, seed] of seedsOf(chosen).entries()) {
    const own = keysOfSeed(chosen, seed, place === 0);
    if (own.every((key) => known.has(key)) || !own.some((key) => wanted.includes(key))) continue;
    yield { kind: "progress", progress: { stage: "getting the examples", share: 0 } };
    const subject = await subjectOf(chosen, seed, desk);
    for (const method of methodsOf(chosen)) {
      const task = { chosen, subject, seed, desk, known };
      if (method === "network") {
        yield* networkFindings(task);
        continue;
      }
      const key = sensitivityKey(chosen, method, seed);
      if (known.has(key)) continue;
      yield { kind: "progress", progress: { stage: `${methodTitles[method]}, seed ${seed}`, share: 0 } };
      await desk.breathe();
      yield { kind: "finding", key, value: await ridgeSensitivity(method, task) };
    }
  }
}

const keysOfSeed = (chosen: SensitivityParams, seed: number, isFirst: boolean): string[] => [
  ...methodsOf(chosen).map((method) => sensitivityKey(chosen, method, seed)),
  ...(isFirst ? placesOf(chosen).map((place) => retrainingKey(chosen, place)) : []),
];

const keys = (chosen: SensitivityParams): string[] =>
  seedsOf(chosen).flatMap((seed, place) => keysOfSeed(chosen, seed, place === 0));

export const sensitivity: StudyPlugin<SensitivityParams, Finding> = {
  id: "sensitivity",
  title: "Leave one out",
  question:
    "One training example is left out: how much does the loss change at each test example, at worst and on average?",
  source: "Deng, He and Su, ICML 2021: locally elastic stability and Figure 1",
  explanation: {
    words:
      "β(i, z) is m times the change of the loss at a test example z when training example i is left out: exact for kernel regressions, by influence functions for a network, and checked by retraining. Uniform stability asks for its largest value M_β, locally elastic stability only for the largest mean over z.",
    tex: String.raw`\beta(i,z)=m\,\bigl|\ell(A_S,z)-\ell(A_{S^{-i}},z)\bigr|,\qquad M_\beta=\max_{i,z}\beta(i,z)\;\ge\;\max_i\,\operatorname{mean}_z\beta(i,z)`,
    spoken:
      "beta of i and z: m times the absolute change of the loss at z when example i is left out; M beta, its maximum, is at least the maximum over i of its mean over z",
    source:
      "Deng, He and Su, ICML 2021, of which only the abstract could be read: definition as commonly restated, Figure 1 without its numbers",
  },
  params,
  view,
  presets: sensitivityPresets,
  check,
  keys,
  together: (chosen) => seedsOf(chosen).map((seed, place) => keysOfSeed(chosen, seed, place === 0)),
  run,
  tables,
};
