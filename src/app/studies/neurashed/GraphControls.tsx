// Play, pause, step, again, speed, and whether all examples are of one class.
import type { RefObject } from "react";
import { useStore } from "zustand";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { count } from "../../widgets/format.ts";
import { Segmented } from "../../widgets/Segmented.tsx";
import classes from "./GraphPanel.module.css";
import type { NewsStore } from "./GraphPanel.tsx";
import { speeds, type Stage } from "./stage.ts";

export interface GraphControlsProps {
  readonly store: NewsStore;
  readonly stage: RefObject<Stage | undefined>;
  /** Place in `speeds`. */
  readonly pace: number;
  readonly isAlone: boolean;
  /** Title of the class whose step is asked about. */
  readonly anchor: string;
  readonly onPace: (place: number) => void;
  readonly onAlone: (isAlone: boolean) => void;
  readonly onExport: () => void;
}

export function GraphControls({ store, stage, pace, isAlone, anchor, onPace, onAlone, onExport }: GraphControlsProps) {
  const isPlaying = useStore(store, ({ news }) => news?.isPlaying ?? false);
  const step = useStore(store, ({ news }) => news?.step ?? 0);
  return (
    <div className={classes.controls}>
      <Button
        look="primary"
        icon={isPlaying ? "pause" : "play"}
        className={classes.play!}
        onClick={() => (isPlaying ? stage.current!.pause() : stage.current!.play())}
      >
        {isPlaying ? "Pause" : "Play"}
      </Button>
      <IconButton icon="step" label="One step" onClick={() => stage.current!.step()} />
      <IconButton icon="reset" label="Back to step 0" onClick={() => stage.current!.restart()} />
      <label className={classes.speed}>
        Speed
        <input
          type="range"
          min={0}
          max={speeds.length - 1}
          value={pace}
          aria-valuetext={`${speeds[pace]} steps a second`}
          onChange={(event) => onPace(Number(event.currentTarget.value))}
        />
        <span>{speeds[pace]}/s</span>
      </label>
      <span className={classes.count}>
        step <b>{count(step)}</b>
      </span>
      <IconButton icon="download" label="Export the graph" onClick={onExport} />
      <Segmented
        label="Examples"
        value={isAlone ? "one" : "all"}
        options={[
          { value: "all", title: "All classes" },
          { value: "one", title: `Only ${anchor}` },
        ]}
        onChange={(value) => onAlone(value === "one")}
      />
    </div>
  );
}
