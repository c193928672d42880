// The label-aware part (Chen, He and Su, NeurIPS 2020, section 3.2): what the first step of the tangent hierarchy adds to the
// expected tangent kernel once labels are learned, for a handful of images; and whether it follows labels that are wrong.
import { choice, int } from "../params.ts";
import type { StudyPlugin } from "../study.ts";
import { inputSizes, labelingIds, type LabelAwarePartFinding } from "./labelAwarePart/finding.ts";
import { check, params, partKey, type LabelAwarePartParams } from "./labelAwarePart/setting.ts";
import { seedsTable, summaryTable } from "./labelAwarePart/tables.ts";

export const labelAwarePart: StudyPlugin<LabelAwarePartParams, LabelAwarePartFinding> = {
  id: "label-aware-part",
  title: "The label-aware part",
  question: "Does learning make two images more alike because they bear one label, whatever that label is?",
  source: "Chen, He and Su, NeurIPS 2020, sections 3.2 and 3.3, for f(x) = a · σ(W x) / √m with rectified units",
  explanation: {
    words:
      "While a network of width m learns labels y, its tangent kernel moves; the hierarchy K2, K3, K4 says how, and on average over the start it ends at E K2 plus a part that is quadratic in y. That part falls as 1/m and is shown times m: the mean within labels against the mean between them.",
    tex: String.raw`K^{(\mathrm{NTH})}=H+y^{\top}H^{-1}\,\mathbb{E}[K^{(4)}]\,H^{-1}y-y^{\top}PQP^{\top}y,\qquad H=\mathbb{E}K^{(2)}`,
    spoken:
      "the label-aware kernel is the expected kernel H plus y transposed H inverse times the expected K4 times H inverse y, less y transposed P Q P transposed y, where P holds the eigenvectors of H on the training images",
    source: "Chen, He and Su, NeurIPS 2020, section 3.2",
  },
  params,
  view: {
    labels: choice({ title: "Labels", byDefault: "given", options: labelingIds }),
    inputs: choice({
      title: "Inputs",
      byDefault: "unit",
      options: inputSizes,
      help: "Of unit length on average, or pixels from -1 to 1; the label-aware part is the same for both.",
    }),
    seed: int({ title: "Seed shown, by its place", byDefault: 0, min: 0, max: 99 }),
  },
  presets: [
    {
      id: "label-aware-part",
      title: "The label-aware part: drawn",
      question:
        "Five planes and five ships: what does learning them add to the kernel, and what if labels are shuffled?",
      caption:
        "Drawings; the paper's five planes and five ships are photographs. The expectation of K4 is a mean over 20,000 drawn units, with its standard error. Intra and inter leave out pairs of an image and itself.",
      small: { params: {}, size: "5 + 5 images, 20,000 units, 5 seeds", minutes: 0.3 },
    },
    {
      id: "label-aware-part-cifar10",
      title: "LANTK-NTH: five planes, five ships",
      question: "The paper's demonstration: does the label-aware part raise the similarity within classes?",
      caption:
        "Photographs, as in the paper, which prints 98 within and 48 between, without a unit and for one draw of images; here the part is shown times the width, so only which is greater, and by how much, can be compared.",
      small: {
        params: { dataset: "cifar10", pair: ["airplane", "ship"] },
        size: "5 + 5 images, 20,000 units, 5 seeds",
        minutes: 0.3,
      },
    },
  ],
  check,
  keys: (chosen) => chosen.seeds.map((seed) => partKey(chosen, seed)),
  // The libraries of linear algebra are for whoever computes, not for the page's first view.
  async *run(chosen, desk, known) {
    const { run } = await import("./labelAwarePart/run.ts");
    yield* run(chosen, desk, known);
  },
  tables: (chosen, findings) => [summaryTable(chosen, findings), seedsTable(chosen, findings)],
};
