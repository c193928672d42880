// Ready-made experiments: each a question, as differences from the default experiment.
import type { Catalogue } from "../../lab/spec.ts";
import { parseExperiment, type Shared } from "./experiment.ts";

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly experiment: unknown;
}

export const presets: readonly Preset[] = [
  {
    id: "tiger",
    title: "Tiger, cat, plane",
    question: "A convolutional network beside a linear one: does a tiger move another tiger more than a plane?",
    experiment: {},
  },
  {
    id: "mlp",
    title: "Without convolutions",
    question:
      "A multilayer perceptron in the network's place: is it the architecture or the non-linearity? Non-linear alone is not enough: features must be learned.",
    experiment: { spec: { model: { id: "mlp" } } },
  },
  {
    id: "two",
    title: "Network against network",
    question: "A convolutional network beside a multilayer perceptron, on the same data and seed.",
    experiment: { spec: { model: { id: "cnn" } }, beside: { id: "mlp" } },
  },
  {
    id: "squared",
    title: "Squared error",
    question: "The default experiment with the other loss: does elasticity hang on cross-entropy?",
    experiment: { spec: { training: { loss: "squared-error" } } },
  },
  {
    id: "animals",
    title: "Animals only",
    question: "Tiger, lion, cat and dog: how elastic is a network among relatives?",
    experiment: { spec: { dataset: { classes: ["tiger", "lion", "cat", "dog"] } } },
  },
  {
    id: "neurashed",
    title: "A model of a network",
    question:
      "The neurashed-style model beside a convolutional network, one example a step: features that fire and grow, without a look at the images.",
    experiment: {
      spec: {
        dataset: { classes: ["tiger", "cat", "plane", "ship"], trainPerClass: 25, testPerClass: 20 },
        model: { id: "neurashed" },
        training: { epochs: 15, stepSize: 0.02 },
      },
      beside: { id: "cnn" },
    },
  },
];

/** The preset's experiment, or undefined where this lab does not offer what it needs. */
export function presetExperiment({ experiment }: Preset, catalogue: Catalogue): Shared | undefined {
  try {
    return parseExperiment({ spec: {}, ...(experiment as object) }, catalogue);
  } catch {
    return undefined;
  }
}
