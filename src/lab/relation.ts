// How two classes are related in the hierarchy of their data set: the seminar's same class, sibling and unrelated.
import type { ClassInfo } from "./contracts.ts";

export const relations = ["same", "sibling", "unrelated"] as const;
export type Relation = (typeof relations)[number];

/** Siblings share the widest super-class (animal, vehicle); without a hierarchy every other class is unrelated. */
export function relation(a: ClassInfo, b: ClassInfo): Relation {
  if (a.id === b.id) return "same";
  return a.path.length > 0 && a.path[0] === b.path[0] ? "sibling" : "unrelated";
}
