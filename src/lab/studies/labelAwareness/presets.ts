// Settings of label awareness: drawings, and the pairs of the paper's tables at a size for two cores and at the paper's own.
import type { Values } from "../../params.ts";
import type { StudyPreset } from "../../study.ts";
import { table1, table3 } from "./published.ts";

const cifar: Values = { dataset: "cifar10", trainPerClass: 100, testPerClass: 200 };
const paperSize: Values = { dataset: "cifar10", seeds: [66], width: 40960, epochs: 500, batchSize: 128 };

const departures =
  "100 + 100 training images instead of 5000 + 5000, width 256 instead of 40960, SGD at a fifth of the largest stable step instead of Adam, and the last epoch instead of the one that is best on the test images. Lambda is chosen by a fifth of the training images, not by the test images.";

export const presets: readonly StudyPreset[] = [
  {
    id: "label-awareness",
    title: "Label awareness: drawn",
    question: "Does learning tigers from planes make tigers more alike to the network, and planes?",
    caption:
      "Drawings, which the paper does not have; 100 + 100 training images and width 256. Kernels in closed form know no seed but that of the images.",
    small: { params: {}, size: "3 pairs, 100 + 100 images, width 256, 5 seeds", minutes: 2 },
  },
  {
    id: "label-awareness-table-3",
    title: "Table 3 of LANTK: CIFAR-10",
    question: "Are networks more locally elastic after training, and label-aware kernels more than the tangent kernel?",
    caption: `${departures} At λ = 0.1, as in the authors' script, KR-V1 gains about what the paper prints, but is mostly no positive definite kernel any more.`,
    small: {
      params: { ...cifar, pairs: table3.pairs },
      size: "6 pairs, 100 + 100 images, width 256, 5 seeds",
      minutes: 5,
    },
    paper: {
      params: { ...paperSize, pairs: table3.pairs, trainPerClass: 1000, testPerClass: 1000 },
      size: "6 pairs, 1000 + 1000 images (the paper has 5000 + 5000), width 40960, 1 seed; time extrapolated",
      minutes: 6000,
    },
  },
  {
    id: "label-awareness-table-1",
    title: "Table 1 of LANTK: CIFAR-10",
    question: "Does an estimate of the labels help regression with the tangent kernel?",
    caption: `${departures} The paper's Table 1 is about a CNN and its kernel, this is about two dense layers and theirs: compare the gains, not the levels.`,
    small: {
      params: { ...cifar, pairs: table1.pairs },
      size: "5 pairs, 100 + 100 images, width 256, 5 seeds",
      minutes: 5,
    },
  },
];
