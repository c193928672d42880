// The neurashed-style model beside the networks: it learns from which features fire, and never looks at an image.
import type { LearnerPlugin } from "../contracts.ts";
import { checkTraining, classesOf, neurashedLearner } from "../simulators/neurashed/learner.ts";
import { chosenGraph, modelParams } from "../simulators/neurashed/setting.ts";

export const neurashed: LearnerPlugin<typeof modelParams> = {
  id: "neurashed",
  title: "Neurashed-style",
  description:
    "No network: a graph of features whose factors grow when they fire and decay when not; the images are not looked at. The step size is the growth rate. Train with batch size 1: in large batches every feature fires, comes to its largest factor, and nothing moves any more.",
  params: modelParams,
  step: "step of growth",
  training: { batchSize: 1, stepSize: 0.05 },
  checkTraining,
  learner: ({ graph, nodes, fireChance, patience, most }, { examples, loss, seed }) =>
    neurashedLearner({
      graph: chosenGraph({ graph, nodes }, classesOf(examples)),
      examples,
      fireChance,
      growth: { patience, most },
      loss,
      seed,
    }),
};
