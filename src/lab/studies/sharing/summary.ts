// What the findings of sharing say of two classes, of a relation of classes, and from which epoch on.
import { interval, mean, type Interval } from "../../../math/stats.ts";
import type { ClassInfo } from "../../contracts.ts";
import { relation, type Relation } from "../../relation.ts";
import type { Findings } from "../../study.ts";
import { epochsOf } from "../tangent/moments.ts";
import type { Quantity, SharingFinding } from "./measured.ts";
import { sharingKey, type SharingParams } from "./setting.ts";

/** A quantity of one layer; the whole kernel has its cosine alone. */
export type Place = { readonly layer: number; readonly quantity: Quantity } | "whole";

/** [image, class] */
function cellsOf({ byLayer, whole }: SharingFinding, place: Place): Float64Array {
  if (place === "whole") return whole;
  return byLayer[place.quantity].slice(place.layer * whole.length, (place.layer + 1) * whole.length);
}

const classCountOf = ({ whole, labels }: SharingFinding): number => whole.length / labels.length;

/** Mean over images of one class, with its interval over these, of their means with the other. */
export function pairOf(found: SharingFinding, place: Place, [one, other]: readonly [number, number]): Interval {
  const cells = cellsOf(found, place);
  const classCount = classCountOf(found);
  return interval(
    [...found.labels].flatMap((label, image) => (label === one ? [cells[image * classCount + other]!] : [])),
  );
}

/** Mean over all images, with its interval over these, of their means with the classes of a relation. */
export function relationOf(
  found: SharingFinding,
  place: Place,
  { name, classes }: { readonly name: Relation; readonly classes: readonly ClassInfo[] },
): Interval {
  const cells = cellsOf(found, place);
  return interval(
    [...found.labels].map((label, image) =>
      mean(
        classes.flatMap((info, other) =>
          relation(classes[label]!, info) === name ? [cells[image * classes.length + other]!] : [],
        ),
      ),
    ),
  );
}

/** What is known, moment by moment. */
export const momentsFound = (
  chosen: SharingParams,
  findings: Findings<SharingFinding>,
): { epoch: number; found: SharingFinding }[] =>
  epochsOf(chosen).flatMap((epoch) => {
    const found = findings.get(sharingKey(chosen, epoch));
    return found ? [{ epoch, found }] : [];
  });

/** By how much a pair's cosine is to exceed that of unrelated classes to count as shared. */
export const margin = 0.1;

/** The first epoch from which on, at every epoch looked at, a pair is more alike than unrelated classes by the margin. */
export function onsetOf(
  moments: readonly { readonly epoch: number; readonly found: SharingFinding }[],
  place: Place,
  { pair, classes }: { readonly pair: readonly [number, number]; readonly classes: readonly ClassInfo[] },
): number | undefined {
  const isAbove = moments.map(
    ({ found }) =>
      pairOf(found, place, pair).mean > relationOf(found, place, { name: "unrelated", classes }).mean + margin,
  );
  return moments[isAbove.lastIndexOf(false) + 1]?.epoch;
}
