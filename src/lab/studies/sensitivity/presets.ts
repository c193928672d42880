// What the study is opened with: the four clusters, the paper's Figure 1 at a small size, and predictions held against retraining.
import type { Values } from "../../params.ts";
import type { StudyPreset } from "../../study.ts";

const clusters: Values = { data: "four clusters", trainPerClass: 50, bandwidth: 0.175 };
const networkAlone: Values = { seeds: [1], rbf: false, linear: false, features: false };

export const sensitivityPresets: readonly StudyPreset[] = [
  {
    id: "four-clusters",
    title: "Leave one out: four clusters",
    question:
      "Opposite corners of one class: how much larger is the worst case than the average, for a local kernel and a global one?",
    caption:
      "A toy of this lab, not the paper's. The order of magnitude of the ratio is the claim: it changes from draw to draw, and bandwidth, ridge and cut-off move it. Random features are of an untrained network.",
    view: { left: "rbf", right: "linear", scale: "own" },
    small: {
      params: { ...clusters, testPerClass: 200, seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], network: false },
      size: "100 points, 400 test points, 10 seeds; RBF, linear, random features of width 512",
      minutes: 0.3,
    },
  },
  {
    id: "class-to-class",
    title: "Figure 1: class to class",
    question: "Leave out a tiger: is the loss at tigers alone affected, in a trained network and with random features?",
    caption:
      "In kind as the paper's Figure 1, which is of ResNet-18 on CIFAR-10 and could not be read in numbers. Here drawn images, an MLP of one hidden layer and another loss for the features: compare patterns and ratios, not sizes. The network's sensitivity is predicted to first order, which is too small where single images matter much.",
    small: {
      params: { trainPerClass: 20, widths: [8], decay: 0.1, stepSize: 0.03, curvature: "Hessian" },
      size: "140 images, 140 test images, 3 seeds; 8 tanh units, random features of width 512",
      minutes: 3,
    },
  },
  {
    id: "influence",
    title: "Influence against retraining",
    question: "Do influence functions say what retraining without an example gives?",
    caption:
      "A small smooth network at a minimum, where the Hessian is known to double precision. Set curvature to Gauss-Newton to see the ranks fail: at a minimum with weight decay, what it leaves out is about as large as the decay.",
    small: {
      params: {
        ...clusters,
        ...networkAlone,
        testPerClass: 50,
        widths: [8],
        stepSize: 0.1,
        tolerance: 1e-6,
        curvature: "Hessian",
        retrained: 20,
      },
      size: "100 points, 100 test points, 20 left out; 8 tanh units",
      minutes: 1,
    },
  },
  {
    id: "influence-images",
    title: "Influence against retraining: images",
    question: "Does the prediction hold where each example is a large part of what the network knows?",
    caption:
      "With 10 images a class each one is fitted almost by itself, so that a prediction of first order is too small. One Newton step on the loss without the image takes that into account; set the prediction to influence functions, or the curvature to Gauss-Newton, to see both fail.",
    small: {
      params: {
        ...networkAlone,
        trainPerClass: 10,
        testPerClass: 10,
        widths: [8],
        decay: 0.1,
        stepSize: 0.03,
        estimate: "one Newton step",
        curvature: "Hessian",
        retrained: 10,
      },
      size: "70 drawn images, 70 test images, 10 left out; 8 tanh units",
      minutes: 2,
    },
  },
];
