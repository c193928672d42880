// Presets of the locally elastic SDE beside a network.
import type { Setting, StudyPreset } from "../../study.ts";

const paperNetwork = { network: "LeNet-like CNN", iterations: 10_000, trials: 100, logits: "drawn image" } as const;

const paper = (params: Setting["params"], size: string, minutes: number): Setting => ({
  params: { ...paperNetwork, ...params },
  size,
  minutes,
});

const small =
  "Small CNN, 5,000 iterations and a few trials, where the paper has a LeNet-like network, 10,000 and 100; mean logits of fixed images, which a few trials can do with.";

export const presets: readonly StudyPreset[] = [
  {
    id: "le-sde-geomnist",
    title: "GeoMNIST: network and LE-ODE",
    question: "Do the mean logits of a network go where the equation, with effects estimated from them, takes them?",
    caption: small,
    small: { params: {}, size: "small CNN, 5,000 iterations, 8 trials", minutes: 0.5 },
    paper: paper({ trainPerClass: 800, testPerClass: 200 }, "LeNet-like CNN, 10,000 iterations, 100 trials", 60),
  },
  {
    id: "le-sde-corruption",
    title: "Label corruption and tail index",
    question:
      "As labels become noise, the intra-class effect should fall faster: does its tail index reach 1 at p = 2/3?",
    caption: small,
    small: {
      params: { corruption: ["0", "0.2", "0.4", "0.6", "2/3", "0.8"] },
      size: "small CNN, 5,000 iterations, 6 shares of 8 trials",
      minutes: 2.5,
    },
    paper: paper(
      {
        corruption: ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "2/3", "0.7", "0.8"],
        trainPerClass: 500,
        testPerClass: 500,
      },
      "LeNet-like CNN, 10,000 iterations, 10 shares of 100 trials",
      600,
    ),
  },
  {
    id: "le-sde-drawn",
    title: "Drawn cat, plane, car",
    question: "Does the equation follow a network on images that are harder to tell apart?",
    caption:
      "Drawings, not photographs, of three classes; the paper has the first classes of CIFAR-10, which the form offers, too.",
    small: {
      params: {
        dataset: "drawn",
        classes: ["cat", "plane", "car"],
        corruption: ["0", "2/3"],
        stepSize: 0.002,
        trials: 4,
      },
      size: "small CNN, 5,000 iterations, 2 shares of 4 trials",
      minutes: 0.5,
    },
  },
];
