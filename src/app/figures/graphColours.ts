// The colours of a graph: a class has its own, what several classes share is slate, stronger for a super-class than for all.
import type { ClassInfo } from "../../lab/contracts.ts";
import { classColour, lightTheme, mix, shown, type Theme } from "./palette.ts";

export interface NodeColours {
  /** Of a node that fires. */
  readonly full: string;
  /** Of one that does not, and its rim. */
  readonly pale: string;
  readonly rim: string;
}

/** Who has a node: nobody, one class, a super-class, or others. */
export type Ownership = "none" | "class" | "super-class" | "common";

export function ownershipOf(owners: readonly number[], classes: readonly ClassInfo[]): Ownership {
  if (owners.length === 0) return "none";
  if (owners.length === 1) return "class";
  const group = classes[owners[0]!]!.path[0];
  const isOne = group !== undefined && owners.every((label) => classes[label]!.path[0] === group);
  return isOne && owners.length < classes.length ? "super-class" : "common";
}

/** Bluish, to be told from the class whose colour is ink. */
export const sharedColours = {
  light: { "super-class": "#5f7090", common: "#9dabc4" },
  dark: { "super-class": "#93a4c4", common: "#5d6c88" },
} as const;

/** As figures name it; `shown` puts it into a theme. */
export function ownerColour(owners: readonly number[], classes: readonly ClassInfo[], theme = lightTheme): string {
  const ownership = ownershipOf(owners, classes);
  if (ownership === "class") return shown(classColour(owners[0]!), theme);
  if (ownership === "none") return theme.axis;
  return sharedColours[theme.name][ownership];
}

/** [node] */
export function nodeColours(
  owners: readonly (readonly number[])[],
  classes: readonly ClassInfo[],
  theme: Theme,
): NodeColours[] {
  return owners.map((own) => {
    const full = ownerColour(own, classes, theme);
    return { full, pale: mix(full, theme.paper, 0.78), rim: mix(full, theme.paper, 0.35) };
  });
}
