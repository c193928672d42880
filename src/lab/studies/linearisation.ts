// Tangent kernel: whether one step of SGD follows it, and up to which step size.
import type { StudyEvent, StudyPlugin, Desk } from "../study.ts";
import { numbering } from "../spec.ts";
import { check, epochsOf, linearisationKey, params, view, type LinearisationParams } from "./linearisation/setting.ts";
import { measured, type LinearisationFinding } from "./linearisation/measured.ts";
import { partingTable, sweepTable } from "./linearisation/tables.ts";
import { choiceOf, isMoment, moments } from "./tangent/moments.ts";

async function* run(
  chosen: LinearisationParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<LinearisationFinding>> {
  const missing = epochsOf(chosen).filter((epoch) => !known.has(linearisationKey(chosen, epoch)));
  if (missing.length === 0) return;
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataChoice = choiceOf(chosen, chosen.probesPerClass);
  const dataset = await desk.dataset(dataChoice);
  const numbers = numbering(dataChoice);
  const anchors = numbers.firstOfEach("train", chosen.anchorsPerClass);
  const probes = numbers.firstOfEach("test", chosen.probesPerClass);
  for await (const event of moments(chosen, desk, { dataset, epochs: missing })) {
    if (!isMoment(event)) {
      yield { kind: "progress", progress: event };
      continue;
    }
    const value = yield* measured(chosen, event, { dataset, anchors, probes, breathe: desk.breathe });
    yield { kind: "finding", key: linearisationKey(chosen, event.epoch), value };
  }
}

export const linearisation: StudyPlugin<LinearisationParams, LinearisationFinding> = {
  id: "linearisation",
  title: "Tangent kernel: does one step follow it?",
  question:
    "One step on an image changes the scores of all others as the tangent kernel says, if the step is small. How small?",
  source: "A study of this lab, with the tangent kernel of Jacot, Gabriel and Hongler, NeurIPS 2018",
  explanation: {
    words:
      "The tangent kernel K of the weights as they are now says to first order how one step of size η on an image x changes the scores f at every other image x'. What the step does beyond that, the residual, comes from units that switch and from gradients that turn on the way.",
    tex: String.raw`\Delta f_l(x')\approx-\eta\sum_k\underbrace{\big\langle\nabla f_k(x),\nabla f_l(x')\big\rangle}_{K_{kl}(x,x')}\,\frac{\partial L(x)}{\partial f_k}`,
    spoken:
      "a step on x changes the score at x prime by about minus eta times the sum, over the scores of x, of K times the slope of the loss; K is the inner product of the gradients of both scores",
    source: "Jacot, Gabriel and Hongler, NeurIPS 2018; He and Su, ICLR 2020, eq. 3, in the limit of small steps",
  },
  params,
  view,
  presets: [
    {
      id: "linearisation",
      title: "Does one step follow the tangent kernel?",
      question:
        "The CNN's kernel before and in training, the change it foretells beside the true one, and where they part.",
      caption:
        "The images are drawings, not photographs, and it is one seed. As the loss falls its slopes shrink, so a step of the same η moves a trained network less: the step size at which both part says nothing by itself of how curved the network is.",
      small: {
        params: {},
        size: "CNN, 1 seed, 6 epochs, 42 anchors, 84 probes, 13 step sizes",
        minutes: 2,
      },
    },
  ],
  check,
  keys: (chosen) => epochsOf(chosen).map((epoch) => linearisationKey(chosen, epoch)),
  together: (chosen) => [epochsOf(chosen).map((epoch) => linearisationKey(chosen, epoch))],
  run,
  tables: (chosen, findings) => [sweepTable(chosen, findings), partingTable(chosen, findings)],
};
