// Settings of the bounds that are worth a look.
import type { StudyPreset } from "../../study.ts";

const loose =
  "Bounds of this kind are loose: below some m they exceed the largest loss and say nothing. The second one's form and factors are from memory, since the theorem of Deng, He and Su could not be read.";

export const presets: readonly StudyPreset[] = [
  {
    id: "bounds-rbf",
    title: "Bounds and gap: four clusters, RBF kernel",
    question:
      "A point matters to its own cluster alone: how much does the bound gain that takes the mean, not the worst?",
    caption: `Points of the plane, our example, not the paper's. ${loose}`,
    small: { params: {}, size: "five sample sizes up to 400, 5 seeds, 400 held-out points", minutes: 2 },
  },
  {
    id: "bounds-linear",
    title: "Bounds and gap: four clusters, linear kernel",
    question: "Every point matters to all others: what is left of the gain?",
    caption: `The same points, learned by a kernel that cannot tell the labels; every loss is near 1. ${loose}`,
    small: {
      params: { learner: "linear kernel" },
      size: "five sample sizes up to 400, 5 seeds, 400 held-out points",
      minutes: 2,
    },
  },
  {
    id: "bounds-network",
    title: "Bounds and gap: a network on drawings",
    question: "How far above the true gap of a trained network are the bounds?",
    caption: `Drawings, not photographs; a two-layer network of 256 hidden units. Its constants are those of ridge regression with its tangent kernel before training, which stands in for it. ${loose}`,
    small: {
      params: { data: "drawn", learner: "MLP", seeds: [1, 2, 3] },
      size: "five sample sizes up to 400, 3 seeds, 400 held-out drawings",
      minutes: 2,
    },
  },
];
