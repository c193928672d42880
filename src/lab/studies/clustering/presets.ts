// The paper's tables, ready to run: at a size for two cores, and at the paper's own.
import { howPacked } from "../../manifests.ts";
import type { Values } from "../../params.ts";
import type { StudyPreset } from "../../study.ts";
import { publishedTables } from "../published.ts";

/** Step size times tangent kernel as in the paper, where the width is 40960: by 23 less kernel, by 23 more step size. */
const smallMnist: Values = {
  dataset: "mnist",
  perClass: 500,
  seeds: [1],
  width: 1024,
  skipWidth: 512,
  batchSize: 50,
  epochs: 60,
  linearEpochs: 5,
  cnnEpochs: 20,
  bceEpochs: 30,
  stepSize: 0.07,
  linearStepSize: 7e-4,
  cnnStepSize: 3e-3,
  skipStepSize: 0.015,
  bceStepSize: 0.07,
  bceLinearStepSize: 0.07,
};

/** Of 0.07, 0.05, 0.03, 0.02 and 0.01, the largest step size at which no ReLU network diverged in 4 epochs, seed 1. */
const smallCifar: Values = { ...smallMnist, dataset: "cifar10", perClass: 250, stepSize: 0.03 };

const paperMnist: Values = {
  ...smallMnist,
  width: 40960,
  skipWidth: 4096,
  epochs: 200,
  linearEpochs: 200,
  cnnEpochs: 200,
  bceEpochs: 50,
  stepSize: 3e-3,
  linearStepSize: 3e-5,
  skipStepSize: 3e-3,
  bceStepSize: 3e-3,
  bceLinearStepSize: 3e-3,
};

const paperCifar: Values = { ...paperMnist, dataset: "cifar10", batchSize: 500, bceEpochs: 200 };

/** Tasks and methods as the paper's table has them. */
function asPrinted(number: number): Values {
  const { tasks, rows } = publishedTables.find((table) => table.number === number)!;
  return { tasks, methods: Object.keys(rows) };
}

const smallSize = "width 1024, 500 + 500 images, 1 seed";
/** Run whole on 16 other cores, and brought to two cores by what Table 1 took on both. */
const scaled = "time scaled from a faster machine";
const paperSize = "width 40960, 500 + 500 images, 1 seed; time extrapolated";
const regime =
  "Width 1024 instead of 40960, 60 epochs instead of 200, and a step size larger by as much as the kernel is smaller; at the paper's own step size a network of this width shows nothing. Most hidden units die early, and seeds differ by 10 to 15 points: one seed is one draw.";
const even = "Auxiliary images are as many of each class, which the authors leave to the file.";
const photographs = howPacked(["cifar10"]);
const digits = howPacked(["mnist"]);

export const presets: readonly StudyPreset[] = [
  {
    id: "drawn",
    title: "Drawn: tiger v lion",
    question: "A network tells tigers and lions from cats and dogs: does it then know tigers from lions?",
    caption:
      "Drawings, which the paper does not have, 100 of each class. Classes share their backgrounds and poses, and pixels do not tell them apart. A small ReLU network does not either; a CNN may, as far as its seed lets it.",
    small: { params: {}, size: "width 1024 and a CNN, 100 + 100 images, 1 seed; time measured", minutes: 1.2 },
  },
  {
    id: "table-1",
    title: "Table 1: MNIST",
    question: "Six pairs of digits, hard for K-means: do similarities of a network tell them apart?",
    caption: `${regime} ${even} The paper takes batches of 500 for 3 v 5, this one 50 for all. ${digits}`,
    small: { params: { ...smallMnist, ...asPrinted(1) }, size: `${smallSize}; time measured`, minutes: 11 },
    paper: { params: { ...paperMnist, ...asPrinted(1) }, size: paperSize, minutes: 1000 },
  },
  {
    id: "table-2",
    title: "Table 2: CIFAR-10",
    question: "The same with photographs: do similarities of a network tell them apart?",
    caption: `Width 1024 instead of 40960, 250 images of a class instead of 500, 60 epochs instead of 200, batches of 50 instead of 500, larger step sizes. At such a size networks gain next to nothing over pixels: do not expect the paper's numbers. ${even} ${photographs}`,
    small: {
      params: { ...smallCifar, ...asPrinted(2) },
      size: `width 1024, 250 + 250 images, 1 seed; ${scaled}`,
      minutes: 13,
    },
    paper: { params: { ...paperCifar, ...asPrinted(2) }, size: paperSize, minutes: 6600 },
  },
  {
    id: "table-3",
    title: "Table 3: architectures",
    question:
      "Two dense layers, a CNN, and three dense layers with a skip connection: which one's similarities tell most?",
    caption: `${regime} The skip MLP has width 512 instead of 4096. The CNN has the paper's channels and widths, but margins, so that its convolutions keep the size of the image; it learns for 20 epochs in batches of 50 instead of 200 in batches of 500. ${even} ${digits}`,
    small: {
      params: { ...smallMnist, ...asPrinted(3) },
      size: `widths 1024 and 512, CNN 20-50-500, 500 + 500 images, 1 seed; ${scaled}`,
      minutes: 12,
    },
    paper: {
      params: { ...paperMnist, ...asPrinted(3) },
      size: "widths 40960 and 4096, CNN 20-50-500, 500 + 500 images, 1 seed; time extrapolated",
      minutes: 1000,
    },
  },
  {
    id: "table-5",
    title: "Table 5: random weights",
    question: "Does it take training, or do random weights do?",
    caption: `${regime} ${even} ${digits}`,
    small: { params: { ...smallMnist, ...asPrinted(5) }, size: `${smallSize}; ${scaled}`, minutes: 4 },
    paper: { params: { ...paperMnist, ...asPrinted(5) }, size: paperSize, minutes: 420 },
  },
  {
    id: "table-6",
    title: "Table 6: auxiliary classes",
    question: "5 v 8 again: how much depends on what else the network was shown?",
    caption: `${regime} ${even} ${digits}`,
    small: { params: { ...smallMnist, ...asPrinted(6) }, size: `${smallSize}; ${scaled}`, minutes: 5.5 },
    paper: { params: { ...paperMnist, ...asPrinted(6) }, size: paperSize, minutes: 520 },
  },
  {
    id: "table-7",
    title: "Table 7: normalised kernel",
    question: "Does it help to divide the kernel by the sizes of both gradients?",
    caption: `${regime} ${even} ${digits}`,
    small: { params: { ...smallMnist, ...asPrinted(7) }, size: `${smallSize}; ${scaled}`, minutes: 5 },
    paper: { params: { ...paperMnist, ...asPrinted(7) }, size: paperSize, minutes: 520 },
  },
];
