// What the page says when something fails: error code, sentence, next action, in this one place.
import type { ErrorCode } from "../../lab/error.ts";
import { trainingParams } from "../../lab/spec.ts";
import type { Actions } from "./actions.ts";
import type { Notice } from "./store.ts";

export interface NextAction {
  readonly title: string;
  readonly act: (actions: Actions) => void;
}

interface Advice {
  readonly title: string;
  readonly next?: NextAction;
}

const again: NextAction = { title: "Start again from the seed", act: (actions) => actions.reset() };
const replay: NextAction = {
  title: "Replay what was done",
  act: (actions) => actions.replay(),
};
const smaller: NextAction = {
  title: "Try a tenth of the step size",
  act(actions) {
    const { spec, beside } = actions.shared() ?? {};
    if (!spec) return;
    const stepSize = Number((spec.training.stepSize / 10).toPrecision(6));
    const calmer = { ...spec.training, stepSize: Math.max(trainingParams.stepSize.min, stepSize) };
    actions.setUp({ ...spec, training: calmer }, beside).catch(actions.report);
  },
};
const slower: NextAction = {
  title: "Choose another backend for me",
  act: (actions) => void actions.chooseBackend("auto"),
};

const advice: Record<ErrorCode, Advice> = {
  "spec-invalid": { title: "Not done" },
  "data-unavailable": { title: "These data are not here" },
  "backend-unsupported": { title: "This backend does not work here", next: slower },
  "too-large": { title: "Too large for this machine" },
  diverged: { title: "Training diverged", next: smaller },
  cancelled: { title: "Stopped" },
  "worker-lost": { title: "The engine was lost", next: replay },
  internal: { title: "Something went wrong in the lab", next: again },
};

/** A study's own sentence says what to do, and the next actions here are the live experiment's. */
export function adviceOn({ error, source }: Notice): Advice {
  const { title, next } = advice[error.code];
  return next && (source === "experiment" || next === slower) ? { title, next } : { title };
}
