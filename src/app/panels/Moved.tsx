// Which probes moved most and least when the picked image was learned, as images with their values.
import { useDeferredValue, useMemo } from "react";
import { movedMost, type Moved as MovedProbe } from "../state/anchor.ts";
import { useActions, useExperiment, useResponses, useTables } from "../state/context.ts";
import { short } from "../widgets/format.ts";
import { ExampleImage, useExampleName } from "./ExampleImage.tsx";
import classes from "./Moved.module.css";

const shownCount = 6;

export function Moved() {
  const { measure, spec } = useExperiment();
  const [leader] = useTables();
  const [newest] = useResponses();
  // The bars come first: a dozen images take as long to draw.
  const drawn = useDeferredValue(useMemo(() => ({ block: newest, spec }), [newest, spec]));
  // Its examples have no names in another experiment.
  const block = drawn.spec === spec ? drawn.block : undefined;
  const { most, least } = useMemo(
    () => (block ? movedMost(block, measure.id, shownCount) : { most: [], least: [] }),
    [block, measure],
  );
  return (
    <div className={classes.moved}>
      <Row title="moved most" model={leader!.title} probes={most} />
      <Row title="moved least" model={leader!.title} probes={least} />
    </div>
  );
}

interface RowProps {
  readonly title: string;
  readonly model: string;
  readonly probes: readonly MovedProbe[];
}

function Row({ title, model, probes }: RowProps) {
  return (
    <div className={classes.row}>
      <h3 className={classes.title}>
        {title} <span>{model}</span>
      </h3>
      <ul className={classes.list} aria-label={`Images that ${title} in the ${model}`}>
        {probes.length > 0
          ? probes.map((probe) => <Probe key={probe.example} {...probe} />)
          : Array.from({ length: shownCount }, (_, at) => <li key={at} className={classes.empty} aria-hidden="true" />)}
      </ul>
    </div>
  );
}

function Probe({ example, value }: MovedProbe) {
  const { pick } = useActions();
  const name = useExampleName(example);
  return (
    <li>
      <button
        type="button"
        className={classes.probe}
        title={`${name}: learn this one instead`}
        onClick={() => pick(example)}
      >
        <span className={classes.image}>
          <ExampleImage example={example} />
        </span>
        <span className={classes.value}>{short(value)}</span>
      </button>
    </li>
  );
}
