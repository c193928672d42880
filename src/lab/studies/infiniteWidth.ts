// Infinite width: do the tangent kernel and the features of drawn networks go to their closed form as networks grow wider?
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import type { WidthFinding } from "./infiniteWidth/finding.ts";
import { inputsOf, limitOf, networkFinding } from "./infiniteWidth/network.ts";
import {
  check,
  keys,
  limitKey,
  networkKey,
  params,
  seedsOf,
  shapesOf,
  together,
  view,
  type WidthParams,
} from "./infiniteWidth/setting.ts";
import { curvesTable, networksTable } from "./infiniteWidth/tables.ts";

async function* run(
  chosen: WidthParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<WidthFinding>> {
  if (keys(chosen).every((key) => known.has(key))) return;
  yield { kind: "progress", progress: { stage: "preparing the inputs", share: 0 } };
  const inputs = await inputsOf(chosen, desk);
  for (const shape of shapesOf(chosen)) {
    const seeds = seedsOf(chosen).filter((seed) => !known.has(networkKey(chosen, shape, seed)));
    const wantsLimit = !known.has(limitKey(chosen, shape));
    if (seeds.length === 0 && !wantsLimit) continue;
    const limit = limitOf(chosen, shape, inputs);
    if (wantsLimit) yield { kind: "finding", key: limitKey(chosen, shape), value: limit.finding };
    for (const seed of seeds) {
      const stage = `${shape.depth} hidden, width ${shape.width}, seed ${seed}`;
      yield { kind: "progress", progress: { stage, share: 0 } };
      await desk.breathe();
      const value = await networkFinding(chosen, desk, { inputs, limit, shape, seed });
      yield { kind: "finding", key: networkKey(chosen, shape, seed), value };
    }
  }
}

const levelling = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
/** In place of kernels, in a file. */
const none = { standard: new Float64Array(), ntk: new Float64Array() };

export const infiniteWidth: StudyPlugin<WidthParams, WidthFinding> = {
  id: "infinite-width",
  title: "Infinite width",
  question: "How wide must a network be until its tangent kernel is the one that infinite width has in closed form?",
  source: "Jacot, Gabriel and Hongler, NeurIPS 2018, Theorem 1; Chen, He and Su, NeurIPS 2020, for two layers",
  explanation: {
    words:
      "With random weights, a rectified network's tangent kernel has an average that is known in closed form, layer by layer from the angle Δ between what two inputs become. One network of width m is off by about 1/√m: a line of slope −1/2 in log-log.",
    tex: String.raw`\Theta=\sum_{l}\Sigma^{l}\prod_{j\ge l}s_w^2\,\frac{\pi-\Delta_j}{2\pi},\quad\Sigma^{l+1}=s_b^2+s_w^2\sqrt{\Sigma^l_{xx}\Sigma^l_{x'x'}}\;\frac{\sin\Delta_l+(\pi-\Delta_l)\cos\Delta_l}{2\pi}`,
    spoken:
      "the tangent kernel Theta is the sum over layers of the covariance Sigma of that layer times, over the later layers, the weights' variance times pi minus the angle, over two pi; each covariance follows from the one before by the arc-cosine kernel",
    source: "Jacot et al., NeurIPS 2018, Theorem 1; Cho and Saul, NeurIPS 2009, eq. 6",
  },
  params,
  view,
  presets: [
    {
      id: "infinite-width",
      title: "Infinite width",
      question: "Tangent kernels of one, two and three hidden layers: how fast do they go to their closed form?",
      caption:
        "Untrained networks with normal weights, 42 drawn images, five seeds. By the weights themselves the kernel grows with width, so each is held against the closed form at its own width; by numbers of variance 1 it is held against the limit.",
      small: {
        params: {},
        size: "widths 64 to 4096, 1 to 3 hidden layers, 42 images, 5 seeds",
        minutes: 1,
      },
    },
    {
      id: "infinite-width-usual",
      title: "The lab's own weights",
      question: "Uniform weights, as this lab always starts: is the closed form theirs, too?",
      caption:
        "Sums of thousands of pixels make uniform weights as good as normal. Weights of variance 1/(3n) shrink the signal from layer to layer, so nearly all of the kernel is the output layer's.",
      small: {
        params: { start: "uniform" },
        size: "widths 64 to 4096, 1 to 3 hidden layers, 42 images, 5 seeds",
        minutes: 1,
      },
    },
    {
      id: "infinite-width-points",
      title: "Three uniform weights",
      question: "Points of a torus in place of images: is the closed form still the limit of uniform weights?",
      caption:
        "It is not: three uniform weights and a bias do not add up to a normal number, and the error levels off at a few percent, however wide. With normal weights (under Set up) it falls on.",
      small: {
        params: { inputs: "torus", perClass: 20, start: "uniform", depths: [1], widths: levelling },
        size: "widths 64 to 8192, 1 hidden layer, 40 points, 5 seeds",
        minutes: 0.5,
      },
    },
  ],
  check,
  keys,
  together,
  run,
  lasting: (value) => ({ ...value, kernels: none }),
  tables: (chosen, findings) => [curvesTable(chosen, findings), networksTable(chosen, findings)],
};
