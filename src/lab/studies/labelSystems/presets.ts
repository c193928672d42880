// Settings of the two label systems that are worth a look.
import type { StudyPreset } from "../../study.ts";

export const presets: readonly StudyPreset[] = [
  {
    id: "label-systems",
    title: "Two label systems, where features are learned",
    question: "Pets or vehicles, plain ground or grass: does what the network finds alike follow what it learns?",
    caption:
      "Drawings, not photographs; each class is on plain ground for one half and on grass for the other. The network is narrow and its steps are large, so that its features move: the effect is many times the paper's.",
    small: { params: {}, size: "256 hidden units, 200 drawings, 100 epochs, 5 seeds", minutes: 3 },
  },
  {
    id: "label-systems-paper",
    title: "Figure 1(b), (c) of label-aware NTK: two label systems",
    question: "A lazy network on the same images, labelled in two ways: how small is the effect in the paper's regime?",
    caption:
      "Cats and dogs on plain ground or grass, drawn, in place of cats and dogs with chairs or benches of MS-COCO, which the paper has. A narrower network, with steps as much larger as it is narrower. The paper's curves, read by eye, stand beside on a scale of their own: its images are others, so levels do not compare.",
    view: { printed: true },
    small: {
      params: {
        first: ["cat"],
        other: ["dog"],
        width: 512,
        stepSize: 0.0048,
        seeds: [1, 2, 3],
        epochs: [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200],
      },
      size: "512 hidden units, 200 drawings, 200 epochs, 3 seeds",
      minutes: 4,
    },
    paper: {
      params: {
        first: ["cat"],
        other: ["dog"],
        width: 4096,
        stepSize: 0.0006,
        seeds: [1, 2, 3],
        epochs: [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200],
      },
      size: "4096 hidden units, step size 3·10⁻⁴ of (f − y)², 200 drawings, 200 epochs, 3 seeds",
      minutes: 40,
    },
  },
  {
    id: "label-systems-cifar10",
    title: "Two label systems by classes: CIFAR-10",
    question: "Animal or vehicle, or a labelling across it: is what is alike learned either way?",
    caption:
      "Cat and dog v ship and truck, then cat and ship v dog and truck: the second labelling parts what looks alike. 200 photographs. Any data set with a class for each pair of two labels can be asked the same.",
    small: {
      params: {
        dataset: "cifar10",
        first: ["cat", "dog"],
        other: ["ship", "truck"],
        second: "classes",
        secondFirst: ["cat", "ship"],
      },
      size: "256 hidden units, 200 photographs, 100 epochs, 5 seeds",
      minutes: 3,
    },
  },
];
