// A clustering task: two primary classes to be told apart without being told, and the auxiliary classes that the network is
// trained to tell them from; written "5-8/3-9".
import type { DatasetManifest } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { numbering, type DatasetChoice } from "../../spec.ts";

export interface Task {
  readonly primary: readonly [string, string];
  readonly auxiliary: readonly string[];
}

const refused = (sentence: string): LabError => new LabError("spec-invalid", sentence);

/** @throws LabError `spec-invalid` with a sentence that names the task and the remedy */
export function taskOf(word: string, { title, classes }: DatasetManifest): Task {
  const known = classes.map(({ id }) => id);
  const [primary = "", auxiliary = "", more] = word.split("/");
  const [first, second, third] = namesIn(primary);
  const others = namesIn(auxiliary);
  if (more !== undefined || first === undefined || second === undefined || third !== undefined || others.length === 0)
    throw refused(
      `The task ${word} is not two classes, a stroke and one or more others; write it like ${exampleOf(known)}.`,
    );
  const foreign = [first, second, ...others].find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw refused(`The task ${word} names ${foreign}, but the classes of ${title} are: ${known.join(", ")}.`);
  if (first === second)
    throw refused(`The task ${word} names ${first} as both primary classes; name two different ones.`);
  const both = others.find((name) => name === first || name === second);
  if (both !== undefined)
    throw refused(
      `The task ${word} has ${both} as primary and as auxiliary class; leave it out of the auxiliary ones.`,
    );
  const twice = others.find((name, at) => others.indexOf(name) !== at);
  if (twice !== undefined) throw refused(`The task ${word} names the auxiliary class ${twice} twice; name it once.`);
  return { primary: [first, second], auxiliary: others };
}

const namesIn = (part: string): string[] =>
  part
    .split("-")
    .map((name) => name.trim())
    .filter(Boolean);

const exampleOf = (known: readonly string[]): string => `${known.slice(0, 2).join("-")}/${known.slice(2, 4).join("-")}`;

export const wordOf = ({ primary, auxiliary }: Task): string => `${primary.join("-")}/${auxiliary.join("-")}`;

/** Images of each auxiliary class, so that there are as many auxiliary images as primary ones. [auxiliary class] */
export function auxiliaryCounts({ auxiliary }: Task, perClass: number): number[] {
  const total = 2 * perClass;
  return auxiliary.map((_, at) => Math.floor(total / auxiliary.length) + (at < total % auxiliary.length ? 1 : 0));
}

/** The images of a task: the training images of its classes, in the manifest's order of classes. */
export function choiceOfTask(task: Task, perClass: number, { id, classes }: DatasetManifest): DatasetChoice {
  const used = [...task.primary, ...task.auxiliary];
  return {
    id,
    classes: classes.map((one) => one.id).filter((name) => used.includes(name)),
    trainPerClass: Math.max(perClass, ...auxiliaryCounts(task, perClass)),
    testPerClass: 1,
    params: {},
  };
}

export interface TaskExamples {
  readonly choice: DatasetChoice;
  /** The first images of each primary class. [image] */
  readonly primary: readonly number[];
  /** 0 for the first primary class, 1 for the second. [image] */
  readonly truth: Uint8Array;
  readonly auxiliary: readonly number[];
}

/** Which examples of the choice a task consists of: the first ones of each class in file order, as the authors take them. */
export function examplesOfTask(task: Task, perClass: number, manifest: DatasetManifest): TaskExamples {
  const choice = choiceOfTask(task, perClass, manifest);
  const { idOf } = numbering(choice);
  const first = (name: string, count: number): number[] =>
    Array.from({ length: count }, (_, index) => idOf(choice.classes.indexOf(name), "train", index));
  const counts = auxiliaryCounts(task, perClass);
  return {
    choice,
    primary: task.primary.flatMap((name) => first(name, perClass)),
    truth: Uint8Array.from({ length: 2 * perClass }, (_, at) => (at < perClass ? 0 : 1)),
    auxiliary: task.auxiliary.flatMap((name, at) => first(name, counts[at]!)),
  };
}

const titles = (names: readonly string[], { classes }: DatasetManifest): string[] =>
  names.map((name) => classes.find(({ id }) => id === name)!.title);

/** For people: "5 v 8". */
export const primaryTitle = ({ primary }: Task, manifest: DatasetManifest): string =>
  titles(primary, manifest).join(" v ");

/** For people: "5 v 8 (3, 9)". */
export const titleOfTask = (task: Task, manifest: DatasetManifest): string =>
  `${primaryTitle(task, manifest)} (${titles(task.auxiliary, manifest).join(", ")})`;
