// Graphs ready made: a feature belongs to some classes, and is made of the features one level below that belong to all of them.
import type { ClassInfo } from "../../contracts.ts";
import { drawnFeatures } from "../../datasets/drawing/owners.ts";
import { LabError } from "../../error.ts";
import type { Graph, GraphNode } from "../neurashed.ts";

export const sharings = ["super-class", "none", "everything"] as const;
export type Sharing = (typeof sharings)[number];

/** A feature and the classes it belongs to. */
export interface Feature {
  readonly name: string;
  readonly level: number;
  readonly owners: readonly number[];
}

/** How many features of a level belong to all classes, to each super-class, and to each class alone. */
export interface Counts {
  readonly common: number;
  readonly perGroup: number;
  readonly perClass: number;
}

/**
 * Levels 0, 1, ... of the default graph. Most of what an example fires is common to all classes, so that at first most of every
 * score goes along paths that all examples share.
 */
export const byDefault: readonly Counts[] = [
  { common: 6, perGroup: 1, perClass: 1 },
  { common: 4, perGroup: 1, perClass: 1 },
];

/** The features of a sharing: the same number for each class of a super-class, whoever else has them. */
export function features(classes: readonly ClassInfo[], sharing: Sharing, levels = byDefault): Feature[] {
  const all = classes.map((_, label) => label);
  const groups = [...new Set(classes.map(({ path }) => path[0]))].filter((name) => name !== undefined);
  const several = (owners: readonly number[], stem: string, level: number, count: number): Feature[] =>
    Array.from({ length: count }, (_, at) => ({
      name: `${stem} ${level}${"abcdefghijklmnopqrstuvwxyz"[at] ?? at}`,
      level,
      owners,
    }));
  return levels.flatMap(({ common, perGroup, perClass }, level) => {
    const own = (count: number): Feature[] =>
      all.flatMap((label) => several([label], classes[label]!.title, level, count));
    if (sharing === "everything") return several(all, "common", level, common + perGroup + perClass);
    if (sharing === "none") return own(common + perGroup + perClass);
    return [
      ...several(all, "common", level, common),
      ...groups.flatMap((group) =>
        several(
          all.filter((label) => classes[label]!.path[0] === group),
          group,
          level,
          perGroup,
        ),
      ),
      ...own(perClass),
    ];
  });
}

/** What the drawn data set draws its classes with. @throws LabError `spec-invalid` for a class that is not drawn */
export function drawnWith(classes: readonly ClassInfo[]): Feature[] {
  const owned = (id: string) => drawnFeatures.filter(({ owners }) => (owners as readonly string[]).includes(id));
  const foreign = classes.find(({ id }) => owned(id).length === 0);
  if (foreign)
    throw new LabError(
      "spec-invalid",
      `What ${foreign.title} is drawn with is not known; choose another graph, or classes of the drawn data set.`,
    );
  return drawnFeatures.flatMap(({ name, level, owners }) => {
    const own = classes.flatMap(({ id }, label) => ((owners as readonly string[]).includes(id) ? [label] : []));
    return own.length > 0 ? [{ name, level, owners: own }] : [];
  });
}

/** The graph of given features under the classes. */
export function layered(given: readonly Feature[], classes: readonly ClassInfo[]): Graph {
  const top = 1 + Math.max(...given.map(({ level }) => level));
  const all: Feature[] = [
    ...given.toSorted((a, b) => a.level - b.level),
    ...classes.map(({ id }, label) => ({ name: id, level: top, owners: [label] })),
  ];
  const nodes = all.map(({ name, level, owners }): GraphNode => ({
    name,
    level,
    children: all.flatMap((below, place) =>
      below.level === level - 1 && owners.every((owner) => below.owners.includes(owner)) ? [place] : [],
    ),
  }));
  return { nodes, classCount: classes.length };
}
