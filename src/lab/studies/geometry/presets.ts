// The paper's synthetic figures, ready to run: as small as shows the same, and at the paper's own size.
import type { StudyPreset } from "../../study.ts";

const fiveSeeds = [1, 2, 3, 4, 5];

/** The shapes of Figure 4, with two-layer networks that stay as they were drawn. */
const figure4: readonly (readonly [set: string, title: string, question: string])[] = [
  ["cycles", "two cycles", "Two circles in the plane: does similarity fall with the angle?"],
  ["spheres", "two spheres", "One sphere in another: does similarity fall with the angle?"],
  ["cosines", "two cosines", "Two arches: here the linear network looks elastic too."],
  ["helix", "double helix", "Two strands: here the linear network looks elastic too."],
];

export const geometryPresets: readonly StudyPreset[] = [
  {
    id: "figure-1-torus",
    title: "Figure 1: torus",
    question: "Fifty points on a torus: does learning one move its neighbours most?",
    caption:
      "Small: width 512 instead of 40,960, 500 epochs instead of 20,000, at a step size that is stable for the linear network too (the paper’s is not: see “why −0.48”).",
    small: {
      params: { epochs: 500, seeds: fiveSeeds },
      size: "width 512, 50 + 50 points, 5 seeds, 500 epochs",
      minutes: 0.5,
    },
    paper: {
      params: { widths: [40960], epochs: 20000, stepSize: 1e-5 },
      size: "width 40,960, 50 + 50 points, 1 seed, 20,000 epochs",
      minutes: 80,
    },
  },
  {
    id: "figure-1-boxes",
    title: "Figure 1: folded boxes",
    question: "Fifty points on a folded band: does similarity fall along it, and not only straight through?",
    caption:
      "Small: widths 256 and 256 instead of 8192 and 8192. Untrained in both settings, where the paper trains for 20,000 epochs, which would take days here.",
    small: {
      params: { set: "boxes", widths: [256, 256], seeds: fiveSeeds },
      size: "widths 256 and 256, 50 + 50 points, 5 seeds, untrained",
      minutes: 0.1,
    },
    paper: {
      params: { set: "boxes", widths: [8192, 8192] },
      size: "widths 8192 and 8192, 50 + 50 points, 1 seed, untrained, 1 GB",
      minutes: 0.6,
    },
  },
  ...figure4.map(([set, title, question]): StudyPreset => ({
    id: `figure-4-${set}`,
    title: `Figure 4: ${title}`,
    question,
    caption: "Small: width 512 instead of 40,960. Untrained, as in the paper, which prints no numbers for it.",
    small: {
      params: { set, seeds: fiveSeeds },
      size: "width 512, 50 + 50 points, 5 seeds, untrained",
      minutes: 0.1,
    },
    paper: {
      params: { set, widths: [40960] },
      size: "width 40,960, 50 + 50 points, 1 seed, untrained",
      minutes: 0.2,
    },
  })),
  {
    id: "figure-7",
    title: "Figure 7: activation patterns",
    question: "Do near points switch the same hidden units on?",
    caption:
      "Cosines of binary activation patterns against straight distance, all 100 points. Figure 7(b) is the relative similarity of the sigmoid network. Untrained, where the paper trains; small: width 4096 instead of 40,960.",
    view: { similarity: "patterns" },
    small: {
      params: { widths: [4096], networks: "ReLU and sigmoid", seeds: fiveSeeds },
      size: "width 4096, 50 + 50 points, 5 seeds, untrained",
      minutes: 0.2,
    },
    paper: {
      params: { widths: [40960], networks: "ReLU and sigmoid" },
      size: "width 40,960, 50 + 50 points, 1 seed, untrained",
      minutes: 0.2,
    },
  },
  {
    id: "figure-1c-why",
    title: "Figure 1(c): why −0.48",
    question: "The linear network on the torus: is its −0.48 the network's, or the step size's?",
    caption:
      "One linear network, trained at the authors’ step size × width, where descent is unstable, and at a quarter of it. Where an unstable run ends depends on the seed; the paper’s own −0.48 is not reproduced, for its initial weights are not known. Small: width 512 instead of 40,960, 500 epochs instead of 20,000.",
    small: {
      params: { compare: "step sizes", stepSize: 8e-4, epochs: 500, seeds: fiveSeeds },
      size: "width 512, 50 + 50 points, 5 seeds, 500 epochs",
      minutes: 0.3,
    },
    paper: {
      params: { compare: "step sizes", widths: [40960], stepSize: 1e-5, otherStepSize: 2.5e-6, epochs: 20000 },
      size: "width 40,960, 50 + 50 points, 1 seed, 20,000 epochs",
      minutes: 55,
    },
  },
];
