// The table as text: tidy rows, one observation each, and the matrix of one moment. The same bytes in a browser and in a terminal.
import { numbering, type ExperimentSpec } from "./spec.ts";
import { values, type Block, type Table } from "./table.ts";

/** What each column of `rowLines` means. */
export const rowDictionary: Readonly<Record<string, string>> = {
  tick: "weight updates since the start",
  epoch: "epochs of training done",
  anchor: "number of the example that the one SGD step is taken on",
  anchor_class: "its class",
  anchor_split: "train or test (held out)",
  anchor_index: "its number within class and split",
  probe: "number of the example that is watched",
  probe_class: "its class",
  probe_split: "train or test (held out)",
  probe_index: "its number within class and split",
  step_size: "eta of the step; blank where no step makes the anchor's own score rise as asked",
  own_change: "change of the score of the anchor's class at the anchor itself",
  change: "change of the score of the anchor's class at the probe",
  score_before: "score of the anchor's class at the probe before the step",
  measurable: "1, or 0 where the anchor's own change is too small to divide by; the measures are then blank",
};

/** Text as a field of CSV (RFC 4180). */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const shown = (value: number): string => (Number.isFinite(value) ? String(value) : "");

/** Lines of CSV without line ends, the header first; one row an anchor, probe and measured moment. */
export function* rowLines(table: Table, spec: ExperimentSpec, measures: readonly string[]): Generator<string> {
  yield [...Object.keys(rowDictionary), ...measures].join(",");
  for (const block of table.scheduled) yield* blockLines(block, spec, measures);
}

function* blockLines(block: Block, spec: ExperimentSpec, measures: readonly string[]): Generator<string> {
  const where = placesOf(spec);
  const fields = (example: number): (string | number)[] =>
    where(example).map((part) => (typeof part === "string" ? quoted(part) : part));
  const [anchors, probes] = [Array.from(block.anchors, fields), Array.from(block.probes, fields)];
  const columns = measures.map((measure) => values(block, measure));
  const probeCount = block.probes.length;
  for (let row = 0; row < block.anchors.length; row++)
    for (let column = 0; column < probeCount; column++) {
      const cell = row * probeCount + column;
      const measured = columns.map((own) => own[cell]!);
      yield [
        block.tick,
        block.epoch,
        ...anchors[row]!,
        ...probes[column]!,
        shown(block.stepSize[row]!),
        shown(block.ownChange[row]!),
        shown(block.change[cell]!),
        shown(block.before[column * block.outputCount + block.anchorLabels[row]!]!),
        measured.every(Number.isFinite) ? 1 : 0,
        ...measured.map(shown),
      ].join(",");
    }
}

/** Number, class, split and index of an example. */
function placesOf(spec: ExperimentSpec): (example: number) => (string | number)[] {
  const numbers = numbering(spec.dataset);
  return (example) => {
    const { classIndex, split, index } = numbers.of(example);
    return [example, spec.dataset.classes[classIndex]!, split, index];
  };
}

/** Lines of CSV: anchors down, probes across, `class:split:index` as names; blank where not measurable. */
export function* matrixLines(block: Block, spec: ExperimentSpec, measure: string): Generator<string> {
  const where = placesOf(spec);
  const name = (example: number): string => quoted(where(example).slice(1).join(":"));
  const cells = values(block, measure);
  yield ["anchor", ...Array.from(block.probes, name)].join(",");
  for (let row = 0; row < block.anchors.length; row++)
    yield [
      name(block.anchors[row]!),
      ...Array.from(cells.subarray(row * block.probes.length, (row + 1) * block.probes.length), shown),
    ].join(",");
}

/** Lines of CSV: loss and accuracy, one row an epoch. */
export function* trainingLines(table: Table): Generator<string> {
  yield "tick,epoch,train_loss,train_accuracy,test_loss,test_accuracy";
  for (const row of table.training)
    yield [row.tick, row.epoch, row.trainLoss, row.trainAccuracy, row.testLoss, row.testAccuracy].map(shown).join(",");
}
