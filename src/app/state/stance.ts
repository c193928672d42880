// Where the lab stands, in the words of its primary button; derived from the store, never stored.
import type { LabState, RunState } from "./store.ts";

export type Stance = "starting" | "untrained" | "training" | "replaying" | "paused" | "trained" | "ended";

export function stanceOf({
  runs,
  intent,
  pausedUntil,
  origin,
}: Pick<LabState, "runs" | "intent" | "pausedUntil" | "origin">): Stance {
  const leader = runs[0];
  if (!leader) return "starting";
  if (leader.phase === "ended") return "ended";
  if (intent?.do === "replay") return "replaying";
  if (intent?.do === "train") return "training";
  if (origin === "recorded") return "trained";
  if (leader.tick === 0) return "untrained";
  return pausedUntil !== undefined && batchesOf(leader) < pausedUntil ? "paused" : "trained";
}

/** The backend of what is on the screen, or both where a recorded run goes on with another one. */
export function computedOn({ origin, recordedOn, engine }: Pick<LabState, "origin" | "recordedOn" | "engine">): string {
  const live = engine.at === "ready" ? engine.report.id : undefined;
  if (origin === "live" || recordedOn === undefined) return live ?? "none";
  return live === undefined || live === recordedOn ? recordedOn : `${recordedOn} (recorded), ${live} (live)`;
}

/** Whether results are on their way: a training, a measurement, a probe. */
export const isComputing = ({ runs }: Pick<LabState, "runs">): boolean =>
  runs.some(({ phase }) => phase === "opening" || phase === "working");

/** Training batches done, `learn` steps left out. */
export const batchesOf = ({ epoch, stepsPerEpoch }: RunState): number => Math.round(epoch * stepsPerEpoch);

/** Seconds until the training's target, from the images that are left; undefined while the pace is unknown. */
export function secondsLeft({ runs, intent }: Pick<LabState, "runs" | "intent">): number | undefined {
  const progress = runs[0]?.progress;
  if (!progress || progress.unit !== "images" || progress.perSecond <= 0) return undefined;
  if (intent?.do !== "train") return undefined;
  const epochsLeft = intent.until / runs[0]!.stepsPerEpoch - progress.epoch;
  return Math.max(0, (epochsLeft * progress.total) / progress.perSecond);
}
