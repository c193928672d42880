// Two label systems: the same start is trained on one labelling of the images and on another, and how alike images are to the
// network follows the labelling that it learns.
import { rng } from "../../math/rng.ts";
import { interval, mean } from "../../math/stats.ts";
import type { Learner } from "../contracts.ts";
import { defaults, choice, flag, type Values } from "../params.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { course } from "../training.ts";
import {
  leadOf,
  pairKinds,
  pairMeans,
  quantities,
  quantityOf,
  sampleOf,
  type LabelSystemsFinding,
} from "./labelSystems/finding.ts";
import { labelledImages, type LabelledImages } from "./labelSystems/groups.ts";
import { presets } from "./labelSystems/presets.ts";
import {
  check,
  epochsOf,
  labellingTitles,
  momentKey,
  momentsOf,
  params,
  seedsOf,
  systems,
  type LabelSystemsParams,
  type System,
} from "./labelSystems/setting.ts";

const view = {
  show: choice({ title: "Shown", byDefault: "change", options: ["level", "change"] }),
  printed: flag({ title: "The paper's curves beside", byDefault: false }),
};

async function* run(
  chosen: LabelSystemsParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<LabelSystemsFinding>> {
  const moments = momentsOf(chosen).filter((moment) => !known.has(momentKey(chosen, moment)));
  if (moments.length === 0) return;
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const images = await labelledImages(chosen, desk);
  // Seed by seed, so that both labellings can be compared as soon as the first seed is through.
  for (const seed of seedsOf(chosen))
    for (const trained of systems) {
      const missing = moments.filter((one) => one.seed === seed && one.trained === trained).map(({ epoch }) => epoch);
      if (missing.length > 0) yield* measured(chosen, desk, { images, seed, trained, missing });
    }
}

interface Measuring {
  readonly images: LabelledImages;
  readonly seed: number;
  readonly trained: System;
  readonly missing: readonly number[];
}

async function* measured(
  chosen: LabelSystemsParams,
  desk: Desk,
  { images, seed, trained, missing }: Measuring,
): AsyncGenerator<StudyEvent<LabelSystemsFinding>> {
  const place = systems.indexOf(trained);
  const { model, width, batchSize, stepSize } = chosen;
  const plugin = desk.model(model);
  const learner = desk.network({
    model: {
      id: model,
      params: { ...defaults(plugin.params), ...(model === "mlp" ? { widths: [width] } : {}) } as Values,
    },
    examples: { shape: images.shape, outputCount: 1, labels: images.labels[place]!, read: images.read },
    loss: "squared-error",
    seed,
  });
  const all = Array.from({ length: images.count }, (_, example) => example);
  const last = Math.max(...missing);
  const plan = { epochs: last, batchSize, stepSize, order: rng(seed).fork("training order") };
  const name = `Trained on ${labellingTitles(chosen)[place]!.title}, seed ${seed}`;
  for await (const { epoch, state } of course(learner, all, { plan, breathe: desk.breathe })) {
    yield {
      kind: "progress",
      progress: { stage: `${name}: epoch ${epoch} of ${last}`, share: epoch / Math.max(1, last) },
    };
    if (!missing.includes(epoch)) continue;
    const value = await measure(learner, state, images, all);
    yield { kind: "finding", key: momentKey(chosen, { trained, seed, epoch }), value };
    await desk.breathe();
  }
}

async function measure(
  learner: Learner<unknown>,
  state: unknown,
  { labels }: LabelledImages,
  all: readonly number[],
): Promise<LabelSystemsFinding> {
  const kernel = await learner.kernel(state, all, all);
  const { data: scores } = await learner.predict(state, all);
  const of = (labelling: Uint8Array, value: (score: number, target: number) => number): number =>
    mean(all.map((example) => value(scores[example]!, 1 - labelling[example]!)));
  const [first, second] = labels;
  const right = (score: number, target: number): number => Number(score > 0.5 === (target === 1));
  const loss = (score: number, target: number): number => (score - target) ** 2 / 2;
  return {
    means: pairMeans(kernel, labels),
    accuracy: [of(first, right), of(second, right)],
    loss: [of(first, loss), of(second, loss)],
  };
}

function runsTable(chosen: LabelSystemsParams, findings: Findings<LabelSystemsFinding>): StudyTable {
  return {
    name: "label-systems",
    title: "Normalised kernel by the labellings in which two images differ, each network at each moment",
    columns: [
      "trained",
      "seed",
      "epoch",
      "ratio_first",
      "ratio_second",
      ...pairKinds.map((kind) => `share_${kind}`),
      "mean",
      "accuracy_first",
      "accuracy_second",
      "loss_first",
      "loss_second",
    ],
    rows: seedsOf(chosen).flatMap((seed) =>
      systems.flatMap((trained) =>
        epochsOf(chosen).flatMap((epoch) => {
          const found = findings.get(momentKey(chosen, { trained, seed, epoch }));
          if (!found) return [];
          const values = quantities.map((quantity) => quantityOf(found, quantity));
          return [[trained, seed, epoch, ...values, mean(found.means), ...found.accuracy, ...found.loss]];
        }),
      ),
    ),
    dictionary: {
      trained: `the labelling that is learned; first: ${labellingTitles(chosen)[0].title}, second: ${labellingTitles(chosen)[1].title}`,
      seed: "of the initial weights and the order of training, the same for both labellings",
      epoch: "epochs of training done; 0 is before training, hence the same network for both labellings",
      ratio_first: "relative ratio of the first labelling, times 100: intra / (intra + inter) of the normalised kernel",
      ratio_second: "the same of the second labelling",
      share_neither: "mean over pairs that differ in neither labelling, over the sum of all four means",
      share_second: "the same of pairs that differ in the second labelling only",
      share_first: "the same of pairs that differ in the first labelling only",
      share_both: "the same of pairs that differ in both",
      mean: "mean normalised kernel over all pairs; what the shares were divided by is four times that",
      accuracy_first: "share of the images whose score lies on their side of 1/2 by the first labelling",
      accuracy_second: "the same by the second labelling",
      loss_first: "mean of (f - y)^2 / 2 by the first labelling",
      loss_second: "the same by the second labelling",
    },
  };
}

function changesTable(chosen: LabelSystemsParams, findings: Findings<LabelSystemsFinding>): StudyTable {
  const epochs = epochsOf(chosen).filter((epoch) => epoch > 0);
  return {
    name: "label-systems-changes",
    title: "Changes since epoch 0, paired by seed (95 % Student-t intervals over seeds)",
    columns: ["trained", "epoch", "quantity", "change", "low", "high", "n"],
    rows: systems.flatMap((trained) =>
      epochs.flatMap((epoch) =>
        [
          ...quantities.map((quantity) => ({
            name: quantity.replace(" ", "_"),
            value: interval(sampleOf(chosen, findings, { trained, epoch, quantity, isChange: true })),
          })),
          { name: "lead", value: leadOf(chosen, findings, { trained, epoch }) },
        ].flatMap(({ name, value: { mean: change, low, high, count } }) =>
          count === 0 ? [] : [[trained, epoch, name, change, low, high, count]],
        ),
      ),
    ),
    dictionary: {
      trained: "the labelling that is learned",
      epoch: "epochs of training done",
      quantity:
        "ratio_first, ratio_second: relative ratio times 100; neither, second, first, both: shares of the pair means; lead: rise of the learned labelling's ratio less that of the other",
      change: "mean over seeds of the change since epoch 0",
      low: "lower bound of its 95 % Student-t interval; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of seeds",
    },
  };
}

export const labelSystems: StudyPlugin<LabelSystemsParams, LabelSystemsFinding> = {
  id: "label-systems",
  title: "Two label systems",
  question: "The same images, labelled in two ways: does what a network finds alike follow the labels that it learns?",
  source: "Chen, He and Su, NeurIPS 2020, Figure 1(b) and (c)",
  explanation: {
    words:
      "The tangent kernel K of a network, divided by its lengths, says how alike two images are to it. The relative ratio of a labelling is the mean over pairs of the same label beside that over pairs of different labels: one half where labels make no difference.",
    tex: String.raw`\mathrm{RR}=\frac{\operatorname{mean}_{y=y'}\bar K(x,x')}{\operatorname{mean}_{y=y'}\bar K(x,x')+\operatorname{mean}_{y\neq y'}\bar K(x,x')},\quad\bar K(x,x')=\frac{K(x,x')}{\sqrt{K(x,x)\,K(x',x')}}`,
    spoken:
      "relative ratio: the mean normalised kernel over pairs of the same label, over that mean plus the mean over pairs of different labels",
    source: "Chen, He and Su, NeurIPS 2020, section 4",
  },
  params,
  view,
  presets,
  check,
  keys: (chosen) => momentsOf(chosen).map((moment) => momentKey(chosen, moment)),
  // A training each; the start goes with the first.
  together: (chosen) =>
    seedsOf(chosen).flatMap((seed) =>
      systems.map((trained) =>
        momentsOf(chosen)
          .filter((moment) => moment.seed === seed && moment.trained === trained)
          .map((moment) => momentKey(chosen, moment)),
      ),
    ),
  run,
  tables: (chosen, findings) => [runsTable(chosen, findings), changesTable(chosen, findings)],
};
