// What learning the picked image does: the step in numbers, every probe by class, who moved most and least, and what to do.
import { useActions, useExperiment, useLab, useResponses } from "../state/context.ts";
import { stanceOf } from "../state/stance.ts";
import { Button } from "../widgets/Button.tsx";
import { epochTitle, short, signedShort } from "../widgets/format.ts";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./AnchorView.module.css";
import { Chart } from "./Chart.tsx";
import { ExampleImage, useExampleName } from "./ExampleImage.tsx";
import { useAnchorBars } from "./figures.ts";
import { Moved } from "./Moved.tsx";
import { Shares } from "./Shares.tsx";

export function AnchorView() {
  const { spec, view, classes: all, numbers, catalogue } = useExperiment();
  const { pick } = useActions();
  const figure = useAnchorBars("column");
  const [block] = useResponses();
  const { classIndex, split } = numbers.of(view.anchor);
  const title = all[classIndex]!.title;
  const { step = "SGD step" } = catalogue.models.find(({ id }) => id === spec.model.id)!;
  const name = useExampleName(view.anchor);
  return (
    <Panel title="If it learns this one" controls={<Steps />} className={classes.panel!}>
      <div className={classes.head}>
        <div className={classes.image}>
          <ExampleImage example={view.anchor} scale={4} />
        </div>
        <div className={classes.words} aria-live="polite">
          <p className={classes.name}>
            {name.replace(" (held out)", "")}
            <span className={classes.split}>{split === "train" ? "training image" : "held-out image"}</span>
          </p>
          {block ? (
            <>
              <p className={classes.sentence}>
                At {epochTitle(block.epoch)}, one {step} on this {title} moves its own {title} score by{" "}
                {signedShort(block.ownChange[0]!)}
                {spec.probing.order === "first" && " to first order"}
                {spec.probing.rule === "own rise" ? ", which takes " : ", with "}
                <span className={classes.whole}>
                  <var>η</var> = {short(block.stepSize[0]!)}
                </span>
                .
              </p>
              <Shares />
            </>
          ) : (
            <Unknown />
          )}
        </div>
      </div>
      <div className={classes.bars}>
        <Chart figure={figure} onPoint={pick} label={`Response of every probe to ${name}, by class`} />
      </div>
      <Moved />
    </Panel>
  );
}

/** Why there is nothing to show for this anchor at this moment, and what to do. */
function Unknown() {
  const { view } = useExperiment();
  const { look } = useActions();
  const leader = useLab((state) => state.runs[0]);
  const engine = useLab((state) => state.engine.at);
  const past = view.moment !== "latest" && view.moment !== leader?.tick && !leader?.keptTicks.includes(view.moment);
  if (past)
    return (
      <p className={classes.sentence}>
        Not measured at this epoch, whose weights are not kept.{" "}
        <button type="button" className={classes.inline} onClick={() => look({ moment: "latest" })}>
          Go to the latest epoch
        </button>
      </p>
    );
  if (engine === "starting") return <p className={classes.sentence}>Measured as soon as the engine has started…</p>;
  return <p className={classes.sentence}>Measuring its response…</p>;
}

function Steps() {
  const { view, numbers, classes: all } = useExperiment();
  const { probe, learn } = useActions();
  const leader = useLab((state) => state.runs[0]);
  const stance = useLab(stanceOf);
  const live = leader?.phase === "idle" || leader?.phase === "working";
  const title = all[numbers.of(view.anchor).classIndex]!.title;
  return (
    <>
      <Button
        small
        icon="probe"
        onClick={probe}
        disabled={!live || stance === "replaying"}
        title="Measure this image again; the weights stay as they are (P)"
      >
        Probe
      </Button>
      <Button
        small
        icon="learn"
        onClick={learn}
        disabled={!live || stance === "replaying"}
        title={`Take the step on this ${title} for good: the newest weights${leader ? `, those of ${epochTitle(leader.epoch)},` : ""} change (L)`}
      >
        Learn
      </Button>
    </>
  );
}
