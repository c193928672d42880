// The neurashed-style model: when local elasticity appears in it, how sparse its paths become, and how its scores compress.
import type { StudyPlugin } from "../study.ts";
import type { NeurashedFinding } from "./neurashed/finding.ts";
import { batchSizesOf, check, neurashedKey, params, seedsOf, view, type NeurashedParams } from "./neurashed/setting.ts";

export const neurashed: StudyPlugin<NeurashedParams, NeurashedFinding> = {
  id: "neurashed",
  title: "Neurashed-style model",
  question:
    "A graph of features whose factors grow when they fire: does it become locally elastic, and does that follow what is shared?",
  source: "He and Su, Neurashed: A Phenomenological Model for Imitating Deep Learning Training, 2021",
  explanation: {
    words:
      "An example makes features fire, at random given its class, and a feature that fires passes on the sum of what it is made of, times its factor. A step multiplies the factors of what fired and lets the others decay.",
    tex: String.raw`S_F=\lambda_F\sum_{f\to F}S_f`,
    spoken: "the score of F is lambda F times the sum of the scores of the firing nodes that F is made of",
    source: "He and Su, 2021",
  },
  params,
  view,
  presets: [],
  check,
  keys: (chosen) =>
    batchSizesOf(chosen).flatMap((batchSize) => seedsOf(chosen).map((seed) => neurashedKey(chosen, batchSize, seed))),
  async *run() {},
  tables: () => [],
};
