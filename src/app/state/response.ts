// Which moment the figures show: the chosen one, or the latest that every run on the screen has reached.
import { numbering, type ExperimentSpec } from "../../lab/spec.ts";
import type { Block, Table } from "../../lab/table.ts";
import type { RunState } from "./store.ts";

type Moment = number | "latest";

/** Runs that still get results; a run that ended keeps what it has and nobody waits for it. */
const awaited = (runs: readonly RunState[]): readonly RunState[] =>
  runs.filter(({ phase }, index) => index === 0 || phase !== "ended");

/** How many anchors a measured moment has once it is complete. */
const anchorCount = ({ dataset, probing }: ExperimentSpec): number => dataset.classes.length * probing.anchorsPerClass;

/**
 * The tick of the heatmaps. The latest is the last that is complete in all runs, so that a measurement under way does not
 * tear holes into a figure; before the first is complete, whatever there is.
 */
export function measuredTick(runs: readonly RunState[], moment: Moment): number | undefined {
  if (moment !== "latest") return moment;
  const isComplete = (tick: number): boolean =>
    awaited(runs).every(({ table, spec }) => table.at(tick)?.anchors.length === anchorCount(spec));
  const blocks = runs[0]?.table.scheduled ?? [];
  return (blocks.findLast(({ tick }) => isComplete(tick)) ?? blocks.at(-1))?.tick;
}

function ticksOf(table: Table, anchor: number): number[] {
  return [
    ...table.asked.filter(({ anchors }) => anchors[0] === anchor).map(({ tick }) => tick),
    ...table.scheduled.filter(({ anchors }) => anchors.includes(anchor)).map(({ tick }) => tick),
  ];
}

/** The tick of the picked anchor's response: the latest that all runs have, or at least the leader. */
export function responseTick(runs: readonly RunState[], anchor: number, moment: Moment): number | undefined {
  if (moment !== "latest") return runs[0]?.table.anchorAt(moment, anchor) ? moment : undefined;
  const [leader = [], ...others] = awaited(runs).map(({ table }) => ticksOf(table, anchor));
  const common = leader.filter((tick) => others.every((ticks) => ticks.includes(tick)));
  const ticks = common.length > 0 ? common : leader;
  return ticks.length > 0 ? Math.max(...ticks) : undefined;
}

/** The picked anchor's response in one run: a block of one row. */
export function responseOf(
  runs: readonly RunState[],
  index: number,
  anchor: number,
  moment: Moment,
): Block | undefined {
  const tick = responseTick(runs, anchor, moment);
  return tick === undefined ? undefined : runs[index]?.table.anchorAt(tick, anchor);
}

/** Whether an example is one of the anchors that are measured without being asked for. */
export function isScheduled({ dataset, probing }: ExperimentSpec, example: number): boolean {
  const { split, index } = numbering(dataset).of(example);
  return split === probing.anchorSplit && index < probing.anchorsPerClass;
}
