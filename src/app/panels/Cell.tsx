// One cell of a heatmap: both images or classes, the numbers, and the formula with these numbers filled in.
import { interval } from "../../math/stats.ts";
import { classMatrix } from "../../lab/summary.ts";
import { values, type Block } from "../../lab/table.ts";
import { useActions, useExperiment, useMeasuredTick, useTables } from "../state/context.ts";
import { Button } from "../widgets/Button.tsx";
import { Dialog } from "../widgets/Dialog.tsx";
import { epochTitle, exact, signed } from "../widgets/format.ts";
import { Formula } from "../widgets/Formula.tsx";
import type { CellRef } from "./cell.ts";
import classes from "./Cell.module.css";
import { ExampleImage, useExampleName } from "./ExampleImage.tsx";

export interface CellProps {
  readonly cell: CellRef;
  readonly onClose: () => void;
}

export function Cell({ cell, onClose }: CellProps) {
  return cell.kind === "image" ? (
    <ImageCell cell={cell} onClose={onClose} />
  ) : (
    <ClassCell cell={cell} onClose={onClose} />
  );
}

function useBlocks(): { title: string; block: Block }[] {
  const runs = useTables();
  const tick = useMeasuredTick() ?? 0;
  return runs.flatMap(({ title, table }) => {
    const block = table.at(tick);
    return block ? [{ title, block }] : [];
  });
}

function ImageCell({ cell: { anchor, probe }, onClose }: CellProps) {
  const { measure, classes: all, numbers } = useExperiment();
  const { pick } = useActions();
  const blocks = useBlocks();
  const [anchorName, probeName] = [useExampleName(anchor), useExampleName(probe)];
  const own = all[numbers.of(anchor).classIndex]!.title;
  return (
    <Dialog
      title={`${anchorName} → ${probeName}`}
      onClose={onClose}
      footer={
        <Button
          onClick={() => {
            pick(anchor);
            onClose();
          }}
        >
          Pick {anchorName}
        </Button>
      }
    >
      <div className={classes.pair}>
        <Example example={anchor} part="anchor, learned" name={anchorName} />
        <span className={classes.arrow} aria-hidden="true">
          →
        </span>
        <Example example={probe} part="probe, watched" name={probeName} />
      </div>
      <Formula tex={measure.formula} label={`${measure.title}: ${measure.symbol}`} />
      <div className={classes.models}>
        {blocks.map(({ title, block }) => {
          const row = block.anchors.indexOf(anchor);
          const column = block.probes.indexOf(probe);
          const at = row * block.probes.length + column;
          const { numerator, denominator } = block.measures[measure.id]!;
          return (
            <section key={title}>
              <h3>
                {title}, {epochTitle(block.epoch)}
              </h3>
              <Quotient top={numerator[at]!} bottom={denominator[row]!} />
              <dl>
                <dt>step size η</dt>
                <dd>{exact(block.stepSize[row]!)}</dd>
                <dt>{own} score, anchor</dt>
                <dd>{signed(block.ownChange[row]!)}</dd>
                <dt>{own} score, probe</dt>
                <dd>{signed(block.change[at]!)}</dd>
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

function ClassCell({ cell: { anchor, probe }, onClose }: CellProps) {
  const { measure, classes: all } = useExperiment();
  const blocks = useBlocks();
  const [first] = blocks;
  const ofClass = (labels: Uint8Array, ids: Int32Array, label: number): number[] =>
    Array.from(ids).filter((_id, at) => labels[at] === label);
  const anchors = first ? ofClass(first.block.anchorLabels, first.block.anchors, anchor) : [];
  const probes = first ? ofClass(first.block.probeLabels, first.block.probes, probe) : [];
  return (
    <Dialog title={`Learn ${all[anchor]!.title}, watch ${all[probe]!.title}`} onClose={onClose}>
      <div className={classes.groups}>
        <Group title={`${anchors.length} ${all[anchor]!.title} anchors`} examples={anchors} />
        <span className={classes.arrow} aria-hidden="true">
          →
        </span>
        <Group title={`${probes.length} ${all[probe]!.title} probes`} examples={probes} />
      </div>
      <Formula
        tex={String.raw`\frac{1}{n}\sum_{a}\frac{1}{m}\sum_{p\neq a}` + bodyOf(measure.formula)}
        label={`Mean over ${anchors.length} anchors of the mean over probes of ${measure.symbol}`}
      />
      <div className={classes.models}>
        {blocks.map(({ title, block }) => {
          const { mean, low, high, count } = classMatrix(block, measure.id, all.length)[anchor]![probe]!;
          return (
            <section key={title}>
              <h3>
                {title}, {epochTitle(block.epoch)}
              </h3>
              <p className={classes.mean}>{exact(mean)}</p>
              <p>
                95 % interval {exact(low)} to {exact(high)}, n = {count} anchors
              </p>
              <AnchorMeans block={block} measure={measure.id} anchor={anchor} probe={probe} mean={mean} />
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

/** The formula's right side: the name of the measure is not wanted within a sum. */
const bodyOf = (formula: string): string => formula.slice(formula.indexOf("=") + 1);

interface AnchorMeansProps {
  readonly block: Block;
  readonly measure: string;
  readonly anchor: number;
  readonly probe: number;
  readonly mean: number;
}

/** The numbers that the mean is taken of, written as the formula has them. */
function AnchorMeans({ block, measure, anchor, probe, mean }: AnchorMeansProps) {
  const cells = values(block, measure);
  const means = Array.from(block.anchors).flatMap((example, row) => {
    if (block.anchorLabels[row] !== anchor) return [];
    const own = Array.from(block.probes).flatMap((id, column) =>
      block.probeLabels[column] === probe && id !== example ? [cells[row * block.probes.length + column]!] : [],
    );
    return [interval(own).mean];
  });
  const there = means.filter((value) => !Number.isNaN(value));
  const shown = there.slice(0, 4).map((value) => exact(value));
  return (
    <p className={classes.sum}>
      ({shown.join(" + ")}
      {there.length > 4 ? " + …" : ""}) / {there.length} = {exact(mean)}
    </p>
  );
}

function Quotient({ top, bottom }: { readonly top: number; readonly bottom: number }) {
  return (
    <p className={classes.quotient}>
      <span className={classes.fraction}>
        <span>{exact(top)}</span>
        <span>{exact(bottom)}</span>
      </span>
      <span>=</span>
      <b>{exact(top / bottom)}</b>
    </p>
  );
}

function Example({ example, part, name }: { readonly example: number; readonly part: string; readonly name: string }) {
  return (
    <figure className={classes.example}>
      <div>
        <ExampleImage example={example} scale={4} named />
      </div>
      <figcaption>
        <b>{name}</b>
        {part}
      </figcaption>
    </figure>
  );
}

function Group({ title, examples }: { readonly title: string; readonly examples: readonly number[] }) {
  return (
    <figure className={classes.group}>
      <div>
        {examples.slice(0, 10).map((example) => (
          <ExampleImage key={example} example={example} />
        ))}
      </div>
      <figcaption>{title}</figcaption>
    </figure>
  );
}
