// Two labellings of the same images: four groups of as many images each, one for every pair of sides.
import type { DatasetManifest, ExampleId, Examples } from "../../contracts.ts";
import type { Pictures } from "../../dataset.ts";
import { LabError } from "../../error.ts";
import { numbering, type DatasetChoice } from "../../spec.ts";
import type { Desk } from "../../study.ts";

export const secondLabellings = ["background", "coat", "stripes", "classes"] as const;
export type SecondLabelling = (typeof secondLabellings)[number];

export interface Labelling {
  readonly dataset: string;
  /** Classes on the sides of the first labelling, by id; a super-class of the data set stands for all its classes. */
  readonly first: readonly string[];
  readonly other: readonly string[];
  readonly second: SecondLabelling;
  /** Classes on the first side of the second labelling, where that goes by classes; the others are on the other side. */
  readonly secondFirst: readonly string[];
  readonly perGroup: number;
}

/** How a feature of the drawn set makes a labelling: all images have it switched one way, and half of them are drawn the other. */
const switches = {
  background: { params: { background: "plain" }, sides: ["plain", "grass"] },
  coat: { params: {}, sides: ["own colours", "grey"] },
  stripes: { params: { stripes: "nowhere" }, sides: ["plain coat", "striped"] },
} as const;

export interface Sides {
  readonly title: string;
  readonly sides: readonly [string, string];
}

/** What the labellings are called, for instance "cat, dog v ship, car". */
export function titlesOf(labelling: Labelling, manifest: Manifest): readonly [Sides, Sides] {
  const { first, other, second } = labelling;
  const named = (sides: readonly [string, string]): Sides => ({ title: sides.join(" v "), sides });
  const ids = resolved(labelling, manifest);
  const byClass = (isFirst: boolean): string =>
    [...ids.first, ...ids.other].filter((id) => ids.secondFirst.includes(id) === isFirst).join(", ");
  return [
    named([first.join(", "), other.join(", ")]),
    named(second === "classes" ? [byClass(true), byClass(false)] : switches[second].sides),
  ];
}

type Manifest = Pick<DatasetManifest, "id" | "classes">;

/** Super-classes replaced by their classes. */
function resolved(labelling: Labelling, { classes }: Manifest): Labelling {
  const ids = (words: readonly string[]): string[] =>
    words.flatMap((word) =>
      classes.some(({ id }) => id === word)
        ? [word]
        : classes.filter(({ path }) => path.includes(word)).map(({ id }) => id),
    );
  const { first, other, secondFirst } = labelling;
  return { ...labelling, first: ids(first), other: ids(other), secondFirst: ids(secondFirst) };
}

const refused = (sentence: string): LabError => new LabError("spec-invalid", sentence);

/** @throws LabError `spec-invalid` with a sentence that names what is wrong and the remedy */
export function checkLabelling(labelling: Labelling, manifest: DatasetManifest): void {
  const known = [...new Set(manifest.classes.flatMap(({ id, path }) => [id, ...path]))];
  const foreign = [...labelling.first, ...labelling.other, ...labelling.secondFirst].find((id) => !known.includes(id));
  if (foreign !== undefined)
    throw refused(`${foreign} is not a class of ${manifest.title}; give some of: ${known.join(", ")}.`);
  const { dataset, first, other, second, secondFirst } = resolved(labelling, manifest);
  const twice = [first, other].flatMap((side) => side.filter((id, at) => side.indexOf(id) !== at))[0];
  if (twice !== undefined) throw refused(`${twice} is twice on one side of the first labelling; name it once.`);
  const both = first.find((id) => other.includes(id));
  if (both !== undefined) throw refused(`${both} is on both sides of the first labelling; name it on one.`);
  if (second === "classes") {
    const stray = secondFirst.find((id) => !first.includes(id) && !other.includes(id));
    if (stray !== undefined)
      throw refused(`${stray} is in the second labelling, but not in the first; name it there, too.`);
    const empty = [first, other].find(
      (side) => side.every((id) => secondFirst.includes(id)) || !side.some((id) => secondFirst.includes(id)),
    );
    if (empty)
      throw refused(
        `The second labelling does not part ${empty.join(", ")}; name some of them on its first side, and leave some.`,
      );
  } else {
    if (dataset !== "drawn")
      throw refused(
        `The second labelling is by ${second}, but only drawn images can be drawn again; choose "classes" for ${manifest.title}.`,
      );
    const vehicle = [...first, ...other].find(
      (id) => !manifest.classes.find((each) => each.id === id)!.path.includes("animal"),
    );
    if (second === "stripes" && vehicle !== undefined)
      throw refused(`A ${vehicle} has no stripes; choose animals only, or another second labelling.`);
  }
  const { trainPerClass } = choiceOf(labelling, manifest);
  if (trainPerClass > manifest.maxPerClass.train)
    throw refused(
      `${trainPerClass} images of a class are needed, but ${manifest.title} has ${manifest.maxPerClass.train}; ask for fewer a group.`,
    );
}

/** Classes of the four groups, which are numbered 2 times the first side plus the second. [group] */
function classesOfGroups(labelling: Labelling, manifest: Manifest): readonly (readonly string[])[] {
  const { first, other, second, secondFirst } = resolved(labelling, manifest);
  return [first, other].flatMap((side) =>
    [true, false].map((isFirst) =>
      second === "classes" ? side.filter((id) => secondFirst.includes(id) === isFirst) : side,
    ),
  );
}

/** The images of all groups come from this choice; groups of one class take turns there. */
function choiceOf(labelling: Labelling, manifest: Manifest): DatasetChoice {
  const { second, perGroup } = labelling;
  const isDrawn = second !== "classes";
  const groups = classesOfGroups(labelling, manifest);
  const most = Math.max(...groups.map((group) => Math.ceil(perGroup / group.length)));
  return {
    id: manifest.id,
    classes: manifest.classes.map(({ id }) => id).filter((id) => groups.some((group) => group.includes(id))),
    trainPerClass: isDrawn ? 2 * most : most,
    testPerClass: 0,
    params: isDrawn ? switches[second].params : {},
  };
}

export interface LabelledImages extends Pick<Examples, "shape" | "read"> {
  /** Examples 0, 1, ... in the order of the groups. */
  readonly count: number;
  /** 0 on the first side, 1 on the other: labels of the first and of the second labelling. [labelling][example] */
  readonly labels: readonly [Uint8Array, Uint8Array];
}

/**
 * The images of the four groups. The classes of a group take turns, first images first; where the second labelling is a feature
 * of the drawing, the even images of a class are on its first side and the odd ones are drawn again for the other, so that no
 * drawing is on both. Pixels run from -1 to 1, as the authors scale them: centred on their mean, half of all pairs would have a
 * negative kernel, and a ratio of means would say nothing.
 * @throws LabError `data-unavailable`
 */
export async function labelledImages(labelling: Labelling, desk: Desk): Promise<LabelledImages> {
  const manifest = desk.manifest(labelling.dataset);
  const choice = choiceOf(labelling, manifest);
  const numbers = numbering(choice);
  const { second, perGroup } = labelling;
  const isDrawn = second !== "classes";
  const ids: ExampleId[] = classesOfGroups(labelling, manifest).flatMap((group, number) =>
    Array.from({ length: perGroup }, (_, at) => {
      const turn = Math.floor(at / group.length);
      const index = isDrawn ? 2 * turn + (number % 2) : turn;
      return numbers.idOf(choice.classes.indexOf(group[at % group.length]!), "train", index);
    }),
  );
  const pixels = isDrawn ? await half(choice, second, desk) : await desk.pictures(choice);
  const size = manifest.shape.reduce((product, side) => product * side, 1);
  const groups = ids.map((_, example) => Math.floor(example / perGroup));
  return {
    shape: manifest.shape,
    count: ids.length,
    labels: [Uint8Array.from(groups, (group) => group >> 1), Uint8Array.from(groups, (group) => group & 1)],
    read(examples) {
      const inputs = new Float32Array(examples.length * size);
      examples.forEach((example, row) =>
        inputs.set(
          Float32Array.from(pixels(ids[example]!), (byte) => byte / 127.5 - 1),
          row * size,
        ),
      );
      return inputs;
    },
  };
}

/** Even images of each class as they are, odd ones drawn again with the feature changed. */
async function half(choice: DatasetChoice, feature: string, desk: Desk): Promise<Pictures> {
  const own = await desk.pictures(choice);
  const features = await desk.features(choice);
  if (!features) throw new LabError("internal", `The images of ${choice.id} cannot be drawn again.`);
  const { of } = numbering(choice);
  const changed = new Map<ExampleId, Uint8Array>();
  return (example) => {
    const { classIndex, split, index } = of(example);
    if (index % 2 === 0) return own(example);
    const image =
      changed.get(example) ?? features.image(choice.classes[classIndex]!, split, index, { feature, amount: 1 });
    changed.set(example, image);
    return image;
  };
}
