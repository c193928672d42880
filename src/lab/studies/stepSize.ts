// Step size: what one anchor's step does to a few probes, against eta over twelve decades, computed in three ways.
import { rng } from "../../math/rng.ts";
import type { ExampleId } from "../contracts.ts";
import { lossSlope } from "../double/loss.ts";
import { LabError } from "../error.ts";
import { defaults } from "../params.ts";
import { numbering } from "../spec.ts";
import type { Desk, StudyEvent, StudyPlugin } from "../study.ts";
import { epochs } from "../training.ts";
import { benchOf, type Trained } from "./stepSize/bench.ts";
import type { StepSizeFinding } from "./stepSize/findings.ts";
import {
  anchorKinds,
  check,
  choiceOf,
  classIndexOf,
  etasOf,
  keys,
  params,
  ruleKey,
  stepKey,
  subjectKey,
  view,
  type StepSizeParams,
} from "./stepSize/setting.ts";
import { ruleRows, sweepOf } from "./stepSize/sweep.ts";
import { plateauTable, ruleTable, sweepTable } from "./stepSize/tables.ts";

async function* run(
  chosen: StepSizeParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<StepSizeFinding>> {
  if (keys(chosen).every((key) => known.has(key))) return;
  yield { kind: "progress", progress: { stage: "preparing the images", share: 0 } };
  const dataset = await desk.dataset(choiceOf(chosen));
  const learner = desk.network({
    model: { id: chosen.model, params: defaults(desk.model(chosen.model).params) },
    examples: dataset,
    loss: "cross-entropy",
    seed: chosen.seed,
  });
  const start = learner.start();
  let state = start;
  let trainingLoss = NaN;
  try {
    const plan = {
      epochs: chosen.epochs,
      batchSize: chosen.batchSize,
      stepSize: chosen.trainingStep,
      order: rng(chosen.seed).fork("training order"),
    };
    const all = Array.from({ length: dataset.trainCount }, (_, example) => example);
    if (chosen.epochs > 0)
      yield { kind: "progress", progress: { stage: `training: epoch 1 of ${chosen.epochs}`, share: 0 } };
    for await (const end of epochs(learner, start, all, { plan, breathe: desk.breathe })) {
      ({ state, loss: trainingLoss } = end);
      const stage = `training: epoch ${Math.min(end.epoch + 1, chosen.epochs)} of ${chosen.epochs}`;
      yield { kind: "progress", progress: { stage, share: end.epoch / chosen.epochs } };
    }
    if (chosen.epochs > 0 && !Number.isFinite(trainingLoss))
      throw new LabError(
        "diverged",
        `The training diverged with a step size of ${chosen.trainingStep}; make trainingStep smaller.`,
      );
    yield* measured(chosen, { desk, dataset, learner, state, trainingLoss }, known);
  } finally {
    if (state !== start) learner.release(state);
    learner.release(start);
  }
}

async function* measured(
  chosen: StepSizeParams,
  trained: Trained,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<StepSizeFinding>> {
  const { idOf } = numbering(choiceOf(chosen));
  const probes = chosen.probeClasses.map((name) => idOf(classIndexOf(chosen, name), "test", chosen.probeIndex));
  const watch = await trained.learner.watch(trained.state, probes);
  try {
    for (const anchor of anchorKinds) {
      const wanted = anchor === chosen.anchor ? etasOf(chosen) : [];
      const etas = wanted.filter((eta) => !known.has(stepKey(chosen, eta)));
      const [wantsSubject, wantsRule] = [!known.has(subjectKey(chosen, anchor)), !known.has(ruleKey(chosen, anchor))];
      if (!wantsSubject && !wantsRule && etas.length === 0) continue;
      const id =
        anchor === "picked"
          ? idOf(classIndexOf(chosen, chosen.anchorClass), "train", chosen.anchorIndex)
          : await mostConfident(chosen, trained);
      const bench = await benchOf({ ...trained, watch, anchor: id, probes });
      if (wantsSubject) yield { kind: "finding", key: subjectKey(chosen, anchor), value: await bench.subject() };
      if (wantsRule) yield { kind: "finding", key: ruleKey(chosen, anchor), value: await bench.rule() };
      for (const [done, eta] of etas.entries()) {
        yield {
          kind: "progress",
          progress: { stage: `${anchor} anchor: step size ${eta.toExponential(1)}`, share: done / etas.length },
        };
        yield { kind: "finding", key: stepKey(chosen, eta), value: await bench.step(eta) };
      }
    }
  } finally {
    watch.release();
  }
}

/** The training image of the anchor's class whose own score the loss has the smallest slope by; the first of several. */
async function mostConfident(chosen: StepSizeParams, { learner, state }: Trained): Promise<ExampleId> {
  const { idOf } = numbering(choiceOf(chosen));
  const own = classIndexOf(chosen, chosen.anchorClass);
  const examples = Array.from({ length: chosen.trainPerClass }, (_, at) => idOf(own, "train", at));
  const { columns, data } = await learner.predict(state, examples);
  const slopes = examples.map((_, row) =>
    Math.abs(lossSlope("cross-entropy", data.subarray(row * columns, (row + 1) * columns), own)[own]!),
  );
  return examples[slopes.indexOf(Math.min(...slopes))]!;
}

export const stepSize: StudyPlugin<StepSizeParams, StepSizeFinding> = {
  id: "step-size",
  title: "Step size",
  question: "How large must a step be to be measured, how small to be a derivative, and what lies between?",
  source: "He and Su, ICLR 2020, eq. 1 and 2; step-size rule of the authors' code",
  explanation: {
    words:
      "The ratio of two changes depends on the step that makes them: too small a step drowns in rounding, too large a one is no derivative any more. Between them lies a plateau, at the ratio of first order.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}\;\xrightarrow{\;\eta\to 0\;}\;\frac{|\langle\nabla_w f(x),\nabla_w f(x')\rangle|}{\lVert\nabla_w f(x)\rVert^2}`,
    spoken:
      "relative similarity; as the step goes to 0, the inner product of the gradients at x and x prime over the squared norm of the gradient at x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: [
    {
      id: "step-size-tiger",
      title: "Step size: tiger, cat, plane",
      question:
        "Learn one tiger: at which step sizes is the ratio at another tiger, a cat and a plane a number at all?",
      caption: "Not a figure of the paper, whose code begins at η = 10⁻⁶; images and network are the lab's own.",
      small: { params: {}, size: "61 step sizes, 3 epochs", minutes: 0.5 },
    },
    {
      id: "step-size-saturated",
      title: "A saturated anchor",
      question: "What is left of the ratio once the network is sure of the anchor?",
      caption:
        "The most confident tiger after 15 epochs: its loss is all but flat, so that a step changes less than single precision can hold.",
      small: {
        params: { epochs: 15, anchor: "most confident", from: 1e-10, to: 1e4 },
        size: "71 step sizes, 15 epochs",
        minutes: 1,
      },
    },
    {
      id: "step-size-linear",
      title: "Linear network",
      question: "The ratio is |x′·x + 1| / (|x|² + 1) at every step size: who finds it?",
      caption: "No curvature, so all that bends the curves here is rounding.",
      small: { params: { model: "linear" }, size: "61 step sizes, 3 epochs", minutes: 0.3 },
    },
  ],
  check,
  keys,
  together: (chosen) => [keys(chosen)],
  run,
  tables(chosen, findings) {
    const sweep = sweepOf(chosen, findings);
    const rows = ruleRows(chosen, findings);
    return [...(sweep ? [plateauTable(sweep)] : []), ruleTable(rows), ...(sweep ? [sweepTable(sweep)] : [])];
  },
  lasting: (value) =>
    value.kind === "subject"
      ? { ...value, images: value.images.map((image) => ({ ...image, pixels: new Uint8Array() })) }
      : value,
};
