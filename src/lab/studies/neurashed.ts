// The neurashed-style model: when local elasticity appears in it, how sparse its paths become, and how its scores compress.
import type { StudyPlugin } from "../study.ts";
import type { NeurashedFinding } from "./neurashed/finding.ts";
import { presets } from "./neurashed/presets.ts";
import { run } from "./neurashed/run.ts";
import { batchSizesOf, check, neurashedKey, params, seedsOf, view, type NeurashedParams } from "./neurashed/setting.ts";
import { tables } from "./neurashed/tables.ts";

export const neurashed: StudyPlugin<NeurashedParams, NeurashedFinding> = {
  id: "neurashed",
  title: "Neurashed-style model",
  question:
    "A graph of features whose factors grow when they fire: does it become locally elastic, and does that follow what is shared?",
  source: "After Su, Neurashed, arXiv 2112.09741",
  explanation: {
    words:
      "An example of a class makes features of the class fire at random, and a feature that fires passes on the sum of what it is made of, times its factor λ; a class node fires wherever something that it is made of does. A step on an example lets the factors of what fired grow, with rate g up to a largest λ*, and the others decay c times as slowly.",
    tex: String.raw`S_F=\lambda_F\sum_{f\in F}S_f\;\;(\lambda_F\text{ at level }0),\quad\lambda_F\leftarrow\begin{cases}\lambda_F\,\big(1+g\,(1-\lambda_F/\lambda^*)\big)&\text{if }F\text{ fires}\\\lambda_F\,(1-g/c)&\text{if not}\end{cases}`,
    spoken:
      "the score of F is lambda F times the sum of the scores of the firing features that F is made of, at the lowest level lambda F alone; a step multiplies lambda F by one plus g times one minus lambda F over lambda star if F fires, and by one minus g over c if not",
    source:
      "The hierarchy of features, firing at random, and factors that grow when they fire and decay when not are the paper's idea; the graphs, the chance of firing, logistic growth and the rate of decay are this lab's instance.",
  },
  params,
  view,
  presets,
  check,
  keys: (chosen) =>
    batchSizesOf(chosen).flatMap((batchSize) => seedsOf(chosen).map((seed) => neurashedKey(chosen, batchSize, seed))),
  run,
  tables,
};
