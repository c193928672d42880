// One line about the run: the epoch, the pace and the time left, or where the weights stand.
import { useSubject, useLab } from "../state/context.ts";
import { batchesOf, secondsLeft, stanceOf } from "../state/stance.ts";
import { count, duration, epochTitle } from "../widgets/format.ts";
import classes from "./RunStatus.module.css";

export function RunStatus() {
  const { spec } = useSubject();
  const leader = useLab((state) => state.runs[0]);
  const twin = useLab((state) => state.runs[1]);
  const stance = useLab(stanceOf);
  const moment = useLab((state) => state.view?.moment ?? "latest");
  const left = useLab(secondsLeft);
  const intent = useLab((state) => state.intent);
  const recorded = useLab((state) => state.origin === "recorded");
  if (!leader) return null;
  const progress = leader.progress ?? twin?.progress;
  const of = `Epoch ${(Math.floor(leader.epoch * 10) / 10).toFixed(leader.epoch % 1 ? 1 : 0)} of ${spec.training.epochs}`;
  const learnt = leader.stepsPerEpoch > 0 ? leader.tick - batchesOf(leader) : 0;
  const live = `${epochTitle(leader.epoch)}${learnt > 0 ? ` and ${learnt} learned ${learnt === 1 ? "step" : "steps"}` : ""}`;
  const past = moment === "latest" ? undefined : leader.table.at(moment)?.epoch;
  const behind = leader.phase === "idle" && twin?.phase === "working";
  return (
    <output className={classes.status}>
      <b>
        {intent?.do === "replay"
          ? `Replaying, step ${Math.min(intent.total - intent.rest.length + 1, intent.total)} of ${intent.total}`
          : stance === "training" || stance === "paused"
            ? of
            : stance === "untrained"
              ? leader.phase === "opening"
                ? "Opening…"
                : "Untrained"
              : past === undefined
                ? `Weights of ${live}`
                : `Showing ${epochTitle(past)}`}
      </b>
      <span>
        {progress?.unit === "images" && progress.perSecond > 0
          ? `${count(progress.perSecond)} images/s${left === undefined ? "" : ` · ${duration(left)} left`}`
          : progress?.stage === "measuring"
            ? `measuring ${progress.done} of ${progress.total} anchors`
            : behind
              ? `${twin.title} catches up`
              : past !== undefined && stance !== "untrained"
                ? `live weights: ${live}`
                : recorded
                  ? leader.phase === "recorded"
                    ? "recorded run"
                    : "recorded run, now live"
                  : stance === "untrained" && leader.phase !== "opening"
                    ? leader.phase === "working"
                      ? "measuring"
                      : "press Train"
                    : stance === "paused"
                      ? "paused"
                      : `${count(leader.parameterCount)} parameters`}
      </span>
    </output>
  );
}
