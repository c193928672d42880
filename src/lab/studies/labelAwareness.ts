// Label awareness (Chen, He and Su, NeurIPS 2020): how much more alike the images of one class are than those of two, to a network
// before and after training, to its kernel at infinite width, and to kernels that are told the labels.
import { choice, int } from "../params.ts";
import type { StudyPlugin } from "../study.ts";
import { lambdaChoices, type LabelAwarenessFinding } from "./labelAwareness/finding.ts";
import { estimateIds, methodIds, quantities } from "./labelAwareness/method.ts";
import { presets } from "./labelAwareness/presets.ts";
import { check, kernelsKey, networkKey, pairsOf, params, type LabelAwarenessParams } from "./labelAwareness/setting.ts";
import { differencesTable, gridTable, lambdaTable, tenClasses, tidyTable } from "./labelAwareness/tables.ts";

export type { KernelsFinding, LabelAwarenessFinding, NetworkFinding } from "./labelAwareness/finding.ts";
export type { LabelAwarenessParams, Pair } from "./labelAwareness/setting.ts";

export const labelAwareness: StudyPlugin<LabelAwarenessParams, LabelAwarenessFinding> = {
  id: "label-awareness",
  title: "Label awareness",
  question: "Are two images of one class more alike to a trained network than to its kernel, which never saw a label?",
  source: "Chen, He and Su, NeurIPS 2020, sections 3.1 and 4, Tables 1 to 3",
  explanation: {
    words:
      "The relative ratio is the mean normalised similarity within a class, over that sum of within and between: 50 is a kernel that knows nothing of the classes. A label-aware kernel adds to the expected tangent kernel an estimate Z of the product of both images' labels.",
    tex: String.raw`\mathrm{RR}(K)=\frac{\overline{K}_{\mathrm{intra}}}{\overline{K}_{\mathrm{intra}}+\overline{K}_{\mathrm{inter}}},\qquad K^{(\mathrm{HR})}(x,x')=\mathbb{E}\,K_0^{(2)}(x,x')+\lambda\,\mathcal{Z}(x,x')`,
    spoken:
      "relative ratio: the mean normalised kernel within classes over the sum of its means within and between; the label-aware kernel is the expected tangent kernel plus lambda times an estimate of the product of labels",
    source: "Chen, He and Su, NeurIPS 2020, sections 3.1 and 4.2",
  },
  params,
  view: {
    lambda: choice({ title: "Lambda", byDefault: "validation", options: lambdaChoices }),
    quantity: choice({ title: "Picked block", byDefault: "train-train", options: quantities }),
    estimate: choice({ title: "Label-aware kernel", byDefault: "kr-v1", options: estimateIds }),
    method: int({ title: "Picked row", byDefault: -1, min: -1, max: methodIds.length - 1, help: "-1: none." }),
    pair: int({ title: "Picked column", byDefault: -1, min: -1, max: 99, help: "-1: none." }),
    seed: int({ title: "Picked seed", byDefault: 0, min: 0, max: 99 }),
  },
  presets,
  check,
  keys: (chosen) =>
    chosen.seeds.flatMap((seed) =>
      pairsOf(chosen).flatMap((pair) => [kernelsKey(chosen, pair, seed), networkKey(chosen, pair, seed)]),
    ),
  // The libraries of linear algebra are for whoever computes, not for the page's first view.
  async *run(chosen, desk, known) {
    const { run } = await import("./labelAwareness/run.ts");
    yield* run(chosen, desk, known);
  },
  tables: (chosen, findings) => [
    gridTable(chosen, findings),
    differencesTable(chosen, findings),
    tidyTable(chosen, findings),
    lambdaTable(chosen, findings),
    ...(chosen.dataset === "cifar10" ? [tenClasses()] : []),
  ],
  lasting: ({ shown: _shown, ...value }) => value,
};
