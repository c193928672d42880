// What the blocks say in few numbers: class by class, by relation, with intervals over anchors, and the chance of order.
import { exceedance, interval, mean, type Interval } from "../math/stats.ts";
import type { ClassInfo } from "./contracts.ts";
import { relation, relations, type Relation } from "./relation.ts";
import { values, type Block } from "./table.ts";

/** The anchor's own cell (the image itself among the probes) is 1 by definition and never enters a mean. */
function eachCell(block: Block, measure: string, visit: (row: number, column: number, value: number) => void): void {
  const cells = values(block, measure);
  for (let row = 0; row < block.anchors.length; row++)
    for (let column = 0; column < block.probes.length; column++)
      if (block.anchors[row] !== block.probes[column]) visit(row, column, cells[row * block.probes.length + column]!);
}

/** Mean over the probes of each group, anchor by anchor: [anchor][group]; NaN where nothing was measurable. */
function anchorMeans(
  block: Block,
  measure: string,
  groupCount: number,
  groupOf: (row: number, column: number) => number,
): number[][] {
  const sums = Array.from({ length: block.anchors.length }, () => Array.from({ length: groupCount }, () => [0, 0]));
  eachCell(block, measure, (row, column, value) => {
    if (Number.isNaN(value)) return;
    const cell = sums[row]![groupOf(row, column)]!;
    cell[0]! += value;
    cell[1]! += 1;
  });
  return sums.map((groups) => groups.map(([sum, count]) => (count === 0 ? NaN : sum! / count!)));
}

/** What was computed of a block; blocks never change, and a figure asks for the same matrix once a line. */
const known = new WeakMap<Block, Map<string, unknown>>();

function once<T>(block: Block, key: string, compute: () => T): T {
  const results = known.get(block) ?? new Map<string, unknown>();
  known.set(block, results);
  if (!results.has(key)) results.set(key, compute());
  return results.get(key) as T;
}

/**
 * Class heatmap: [anchor class][probe class], the mean over the anchors of a class of each anchor's mean over probes,
 * with a 95 % Student-t interval over anchors.
 */
export const classMatrix = (block: Block, measure: string, classCount: number): Interval[][] =>
  once(block, `${measure} ${classCount}`, () => classMatrixOf(block, measure, classCount));

function classMatrixOf(block: Block, measure: string, classCount: number): Interval[][] {
  const means = anchorMeans(block, measure, classCount, (_row, column) => block.probeLabels[column]!);
  return Array.from({ length: classCount }, (_, anchorClass) => {
    const rows = means.filter((_means, row) => block.anchorLabels[row] === anchorClass);
    return Array.from({ length: classCount }, (_unused, probeClass) => interval(rows.map((row) => row[probeClass]!)));
  });
}

/** The same grouped by the class hierarchy, over the anchors of the given classes (all by default). */
export function relationMeans(
  block: Block,
  measure: string,
  classes: readonly ClassInfo[],
  anchorClass?: number,
): Record<Relation, Interval> {
  const groupOf = (row: number, column: number): number =>
    relations.indexOf(relation(classes[block.anchorLabels[row]!]!, classes[block.probeLabels[column]!]!));
  const means = anchorMeans(block, measure, relations.length, groupOf).filter(
    (_means, row) => anchorClass === undefined || block.anchorLabels[row] === anchorClass,
  );
  return Object.fromEntries(relations.map((name, at) => [name, interval(means.map((row) => row[at]!))])) as Record<
    Relation,
    Interval
  >;
}

/**
 * The chance that a probe of class `near` moves more than one of class `far` when an anchor of `anchorClass` is learned;
 * computed within each anchor and averaged over anchors. 1/2 says that the classes cannot be told apart.
 */
export function chanceOfOrder(
  block: Block,
  measure: string,
  { anchorClass, near, far }: { anchorClass: number; near: number; far: number },
): number {
  const rows = Array.from({ length: block.anchors.length }, () => ({ near: [] as number[], far: [] as number[] }));
  eachCell(block, measure, (row, column, value) => {
    if (block.anchorLabels[row] !== anchorClass) return;
    if (block.probeLabels[column] === near) rows[row]!.near.push(value);
    if (block.probeLabels[column] === far) rows[row]!.far.push(value);
  });
  return mean(rows.map((row) => exceedance(row.near, row.far)));
}
