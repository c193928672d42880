// The run: what is trained, the one primary button, and the line of epochs that shows progress and goes back in time.
import { useActions, useSubject, useLab } from "../state/context.ts";
import { stanceOf } from "../state/stance.ts";
import { Button, IconButton } from "../widgets/Button.tsx";
import { short } from "../widgets/format.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Spoken } from "../widgets/Spoken.tsx";
import classes from "./RunBar.module.css";
import { RunStatus } from "./RunStatus.tsx";
import { Timeline } from "./Timeline.tsx";

export function RunBar({ onSetup }: { readonly onSetup: () => void }) {
  const { oneEpoch, stop, reset, newSeed } = useActions();
  const { spec } = useSubject();
  const stance = useLab(stanceOf);
  const busy = stance === "training" || stance === "replaying";
  return (
    <section className={classes.bar} aria-label="Run">
      <SetupButton onSetup={onSetup} />
      <div className={classes.controls}>
        <Primary />
        <IconButton
          icon="step"
          label="One epoch"
          shortcut="E"
          disabled={busy || stance === "ended"}
          onClick={oneEpoch}
        />
        <IconButton icon="stop" label="Stop here" disabled={!busy && stance !== "paused"} onClick={stop} />
        <IconButton icon="reset" label="Reset to the same initial weights" shortcut="R" onClick={reset} />
        <IconButton icon="dice" label={`New seed (now ${spec.seed})`} onClick={newSeed} />
      </div>
      <div className={classes.time}>
        <Timeline />
        <RunStatus />
      </div>
    </section>
  );
}

function SetupButton({ onSetup }: { readonly onSetup: () => void }) {
  const { spec } = useSubject();
  const titles = useLab((state) => state.runs.map(({ title }) => title).join(" beside "));
  const { stepSize, batchSize } = spec.training;
  return (
    <button type="button" className={classes.setup} onClick={onSetup} aria-keyshortcuts="S">
      <Icon name="sliders" />
      <Spoken>Set up: </Spoken>
      <span className={classes.words}>
        <b>{titles}</b>
        <span>
          step {short(stepSize)} · batch {batchSize} · seed {spec.seed}
        </span>
      </span>
    </button>
  );
}

function Primary() {
  const { train, pause, stop } = useActions();
  const stance = useLab(stanceOf);
  const origin = useLab((state) => state.origin);
  switch (stance) {
    case "training":
      return (
        <Button look="primary" icon="pause" className={classes.primary!} onClick={pause}>
          Pause
        </Button>
      );
    case "replaying":
      return (
        <Button look="primary" icon="stop" className={classes.primary!} onClick={stop}>
          Stop
        </Button>
      );
    default:
      return (
        <Button
          look="primary"
          icon="play"
          className={classes.primary!}
          disabled={stance === "starting"}
          title={origin === "recorded" ? "Train from the seed; the recorded run stays under Presets" : undefined}
          onClick={train}
        >
          {stance === "paused" ? "Resume" : stance === "trained" && origin === "live" ? "Train again" : "Train"}
        </Button>
      );
  }
}
