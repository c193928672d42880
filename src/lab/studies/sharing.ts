// Where the sharing happens: the tangent kernel of class pairs by layer, and within a layer by features and signals.
import { numbering } from "../spec.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { measured, type SharingFinding } from "./sharing/measured.ts";
import { check, params, sharingKey, view, type SharingParams } from "./sharing/setting.ts";
import { networkTable, onsetTable, relationTable } from "./sharing/tables.ts";
import { choiceOf, epochsOf, isMoment, moments } from "./tangent/moments.ts";

async function* run(
  chosen: SharingParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<SharingFinding>> {
  const missing = epochsOf(chosen).filter((epoch) => !known.has(sharingKey(chosen, epoch)));
  if (missing.length === 0) return;
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataChoice = choiceOf(chosen, chosen.imagesPerClass);
  const dataset = await desk.dataset(dataChoice);
  const images = numbering(dataChoice).firstOfEach("test", chosen.imagesPerClass);
  const output = chosen.output === "sum" ? chosen.output : chosen.outputClass;
  for await (const event of moments(chosen, desk, { dataset, epochs: missing })) {
    if (!isMoment(event)) {
      yield { kind: "progress", progress: event };
      continue;
    }
    yield { kind: "progress", progress: { stage: `${event.name}: kernel by layer`, share: 0 } };
    const value = await measured(event, { dataset, images, output });
    yield { kind: "finding", key: sharingKey(chosen, event.epoch), value };
  }
}

export const sharing: StudyPlugin<SharingParams, SharingFinding> = {
  id: "sharing",
  title: "Where does the sharing happen?",
  question:
    "Which layer makes two classes alike to the network, such as tiger and lion, by its features or by its signals, and from when on?",
  source: "A study of this lab, with the tangent kernel of Jacot, Gabriel and Hongler, NeurIPS 2018",
  explanation: {
    words:
      "The tangent kernel is a sum over layers of what each layer's weights share between two images. In a dense layer that is the product of shared features, its inputs h, and shared signals, the derivatives δ of the score with respect to its outputs; a convolution adds up such products over pairs of positions.",
    tex: String.raw`K=\sum_\ell K_\ell,\quad K_\ell(x,x')=(h_\ell\cdot h_\ell'+1)\,(\delta_\ell\cdot\delta_\ell')`,
    spoken:
      "K is the sum over layers of K of the layer; in a dense layer, K is the inner product of its inputs plus one, times the inner product of its signals",
    source: "The chain rule; He and Su, ICLR 2020, eq. 4, for the first layer alone",
  },
  params,
  view,
  presets: [
    {
      id: "sharing",
      title: "Where does the sharing happen?",
      question: "Which layer of the CNN makes tiger and lion alike, by features or by signals, and from when on?",
      caption:
        "The images are drawings, not photographs. It is one seed, and intervals are over images, which are not independent. In the convolutions the kernel is not features times signals: both cosines are drawn beside its own. With this seed tiger and lion come to share, while tiger and cat end hardly above unrelated classes: pick that pair and see.",
      small: { params: {}, size: "CNN, 1 seed, 6 epochs, 70 held-out images", minutes: 1 },
    },
  ],
  check,
  keys: (chosen) => epochsOf(chosen).map((epoch) => sharingKey(chosen, epoch)),
  together: (chosen) => [epochsOf(chosen).map((epoch) => sharingKey(chosen, epoch))],
  run,
  tables: (chosen, findings) => [
    relationTable(chosen, findings),
    onsetTable(chosen, findings),
    networkTable(chosen, findings),
  ],
};
