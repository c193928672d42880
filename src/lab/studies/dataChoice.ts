// The choice of images that several studies ask for: classes of a data set by id, none for all, and how many of each.
import type { DatasetManifest } from "../contracts.ts";
import { LabError } from "../error.ts";

export interface DataChoice {
  readonly classes: readonly string[];
  readonly trainPerClass: number;
  readonly testPerClass: number;
}

/** @throws LabError `spec-invalid` */
export function checkDataChoice(chosen: DataChoice, { id, classes, maxPerClass }: DatasetManifest): void {
  const wrong = (sentence: string): never => {
    throw new LabError("spec-invalid", sentence);
  };
  const foreign = chosen.classes.find((word) => !classes.some((each) => each.id === word));
  if (foreign !== undefined)
    wrong(`classes has "${foreign}"; ${id} has: ${classes.map((each) => each.id).join(", ")}.`);
  if (chosen.classes.length === 1) wrong(`classes is ${chosen.classes[0]} alone; give two or more, or none for all.`);
  for (const [name, most] of [
    ["trainPerClass", maxPerClass.train],
    ["testPerClass", maxPerClass.test],
  ] as const)
    if (chosen[name] > most) wrong(`${name} is ${chosen[name]}, but ${id} has ${most} a class; give at most as many.`);
}
