// The three claims of the neurashed-style model, and the graphs that they are held against.
import type { StudyPreset } from "../../study.ts";

const noNumbers = "A model, simulated: there is no network in it, and no published number to compare with.";

export const presets: readonly StudyPreset[] = [
  {
    id: "neurashed",
    title: "Elasticity appears late",
    question:
      "Most features are common to all classes, some belong to a super-class, some to one class: who moves with whom, and from when on?",
    caption: `${noNumbers} Training first makes all classes move alike: common features fire in nearly every step and grow first. Then these come to rest near their largest factor, and a step moves what is left to grow, the features of the anchor's own.`,
    view: { show: "elasticity" },
    small: { params: {}, size: "4 classes, 26 nodes, 600 steps, 10 seeds", minutes: 0.2 },
  },
  {
    id: "neurashed-everything",
    title: "Everything shared: none",
    question: "As many features for each class, all of them common: same class, sibling and unrelated coincide.",
    caption: `${noNumbers} Late, nearly everything is at rest: an anchor hardly moves itself, and shares of so little pass 1.`,
    view: { show: "elasticity" },
    small: { params: { graph: "everything" }, size: "4 classes, 18 nodes, 600 steps, 10 seeds", minutes: 0.2 },
  },
  {
    id: "neurashed-none",
    title: "Nothing shared: from the start",
    question: "Every class has features of its own only: nothing but the own class ever moves.",
    caption: noNumbers,
    view: { show: "elasticity" },
    small: { params: { graph: "none" }, size: "4 classes, 600 steps, 10 seeds", minutes: 0.2 },
  },
  {
    id: "neurashed-drawn",
    title: "The drawn set's own features",
    question: "Stripes for tiger and cat, fur for animals, paint and glass for vehicles: the graph of what is drawn.",
    caption: `${noNumbers} Which class has which feature is read off the drawing code; images are not looked at.`,
    view: { show: "elasticity" },
    small: { params: { graph: "drawn features" }, size: "4 classes, 600 steps, 10 seeds", minutes: 0.2 },
  },
  {
    id: "neurashed-batches",
    title: "Small batches give sparser paths",
    question: "In a large batch everything fires and grows; in a small one, rare features decay between their turns.",
    caption: `${noNumbers} Features decay twice as fast here as in the other experiments, so that rare ones do not recover.`,
    view: { show: "paths" },
    small: {
      params: { batchSizes: [1, 2, 4, 8, 20, 100], patience: 4 },
      size: "6 batch sizes, 600 steps, 10 seeds",
      minutes: 1,
    },
  },
  {
    id: "neurashed-information",
    title: "Do scores compress?",
    question: "Do the scores of higher levels come to say less about which example it is, and still tell its class?",
    caption: `${noNumbers} The estimator is this lab's: scores in equal bins up to the largest, frequencies over the probes. How much is lost hangs on the bins: the dip on the way is that of 20 bins, and with 1,000 there is none.`,
    view: { show: "information" },
    small: { params: {}, size: "4 classes, 26 nodes, 600 steps, 10 seeds", minutes: 0.2 },
  },
];
