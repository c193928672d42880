// What learning one image does, in few numbers: how much of its own rise is seen elsewhere, and who moved most and least.
import type { ClassInfo } from "../../lab/contracts.ts";
import { relation } from "../../lab/relation.ts";
import { values, type Block } from "../../lab/table.ts";
import { mean } from "../../math/stats.ts";

/** Another image of the anchor's class, of a sibling class and of an unrelated one: class numbers, where there are such. */
export function contrast(classes: readonly ClassInfo[], anchorClass: number): readonly number[] {
  const own = classes[anchorClass]!;
  const others = classes.map((info, index) => ({ info, index })).filter(({ index }) => index !== anchorClass);
  const siblings = others.filter(({ info }) => relation(own, info) === "sibling");
  const cousin = siblings.find(({ info }) => info.path[1] !== own.path[1]) ?? siblings[0];
  const far = others.find(({ info }) => relation(own, info) === "unrelated");
  return [anchorClass, ...(cousin ? [cousin.index] : []), ...(far ? [far.index] : [])];
}

/** Mean over the probes of each class of a one-row block; the anchor itself and what is not measurable left out. */
export function classMeans(block: Block, measure: string, classCount: number): number[] {
  const cells = values(block, measure);
  return Array.from({ length: classCount }, (_, label) =>
    mean(cells.filter((_value, at) => block.probeLabels[at] === label && block.probes[at] !== block.anchors[0])),
  );
}

export interface Moved {
  readonly example: number;
  readonly value: number;
}

/** The probes that moved most and least, by size; the anchor itself left out. */
export function movedMost(block: Block, measure: string, count: number): { most: Moved[]; least: Moved[] } {
  const cells = values(block, measure);
  const moved = Array.from(block.probes, (example, at) => ({ example, value: cells[at]! }))
    .filter(({ example, value }) => !Number.isNaN(value) && example !== block.anchors[0])
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return { most: moved.slice(0, count), least: moved.slice(-count).reverse() };
}
