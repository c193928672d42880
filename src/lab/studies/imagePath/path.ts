// The paths away from a learned image: what changes along each, by how much, and what that is called.
import { choice, int, type ValuesOf } from "../../params.ts";
import type { ImagePathParams } from "./setting.ts";

export const pathIds = [
  "own",
  "near",
  "far",
  "rotation",
  "shift",
  "brightness",
  "noise",
  "stripes",
  "coat",
  "background",
  "size",
  "turn",
  "silhouette",
] as const;
export type PathId = (typeof pathIds)[number];
const redrawnPaths: readonly PathId[] = ["stripes", "coat", "background", "size", "turn", "silhouette"];

export const view = {
  path: choice({ title: "Path", byDefault: "near", options: pathIds }),
  axis: choice({ title: "Axis", byDefault: "path", options: ["path", "distance"] }),
  show: choice({ title: "Show", byDefault: "one", options: ["one", "all"] }),
  position: int({ title: "Marked image of the path", byDefault: 15, min: 0, max: 100 }),
  anchor: int({ title: "Learned image of the filmstrip", byDefault: 0, min: 0, max: 99 }),
};
export type ImagePathView = ValuesOf<typeof view>;

export interface Path {
  readonly id: PathId;
  readonly title: string;
  /** Title of its axis, with the unit. */
  readonly axis: string;
  /** What the positions are; one of them is that of the learned image itself. */
  readonly at: readonly number[];
  /** The position of the learned image itself. */
  readonly home: number;
  /** An image of the path in words, for instance "turned by 45°". */
  name(at: number): string;
  /** Steps from kind to kind rather than by degrees: what each position is called. */
  readonly steps?: readonly string[];
}

const animals = ["tiger", "lion", "cat", "dog"];
const silhouettesOf = (id: string): string[] => {
  const kin = animals.includes(id) ? animals : ["plane", "ship", "car"];
  return [id, ...kin.filter((each) => each !== id)];
};

/** To three digits, with a true minus sign. */
const signed = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
const articleOf = (noun: string): string => (/^[aeiou]/.test(noun) ? "an" : "a");
const percent = (share: number): string => `${signed(100 * share)} %`;

/** The paths that a setting has, in order; those of drawn features only where images are drawn. */
export function pathsOf(chosen: ImagePathParams): Path[] {
  const last = chosen.positions - 1;
  const oneSided = (reach: number): Pick<Path, "at" | "home"> => ({
    at: Array.from({ length: chosen.positions }, (_, k) => (reach * k) / last),
    home: 0,
  });
  const twoSided = (reach: number): Pick<Path, "at" | "home"> => ({
    at: Array.from({ length: chosen.positions }, (_, k) => (reach * (2 * k - last)) / last),
    home: last / 2,
  });
  const blend = (id: PathId, classId: string, article: string): Path => ({
    id,
    title: `blend: ${article} ${classId}`,
    axis: `Share of ${article} ${classId} in the blend`,
    name: (at) => `${percent(at)} ${article} ${classId}`,
    ...oneSided(1),
  });
  const steps = silhouettesOf(chosen.anchorClass);
  const isAnimal = animals.includes(chosen.anchorClass);
  const all: Path[] = [
    blend("own", chosen.anchorClass, "another"),
    blend("near", chosen.nearClass, articleOf(chosen.nearClass)),
    blend("far", chosen.farClass, articleOf(chosen.farClass)),
    {
      id: "rotation",
      title: "rotation",
      axis: "Rotation (degrees)",
      name: (at) => `turned by ${signed(at)}°`,
      ...twoSided(chosen.degrees),
    },
    {
      id: "shift",
      title: "shift",
      axis: "Shift to the right (pixels)",
      name: (at) => `shifted by ${signed(at)} px`,
      ...twoSided(chosen.pixels),
    },
    {
      id: "brightness",
      title: "brightness",
      axis: "Brightness added (share of white)",
      name: (at) => `brightness ${at > 0 ? "+" : ""}${percent(at)}`,
      ...twoSided(chosen.brightness),
    },
    {
      id: "noise",
      title: "noise",
      axis: "Noise σ (share of white)",
      name: (at) => `noise σ = ${signed(at)}`,
      ...oneSided(chosen.noise),
    },
    {
      id: "stripes",
      title: "stripes",
      axis: chosen.anchorClass === "tiger" ? "Stripes taken away (share)" : "Stripes put on, or taken away (share)",
      name: (at) => `stripes ${percent(at)} ${chosen.anchorClass === "tiger" ? "gone" : "changed"}`,
      ...oneSided(1),
    },
    {
      id: "coat",
      title: isAnimal ? "coat" : "paint",
      axis: "Share of the way to grey",
      name: (at) => `${isAnimal ? "coat" : "paint"} ${percent(at)} grey`,
      ...oneSided(1),
    },
    {
      id: "background",
      title: "background",
      axis: "Share of the way to a plain background",
      name: (at) => `background ${percent(at)} plain`,
      ...oneSided(1),
    },
    {
      id: "size",
      title: "size",
      axis: "Size (doublings)",
      name: (at) => `${signed(2 ** at)} times the size`,
      ...twoSided(0.6),
    },
    {
      id: "turn",
      title: "turn of the subject",
      axis: "Turn of the subject alone (degrees)",
      name: (at) => `subject turned by ${signed(at)}°`,
      ...twoSided(60),
    },
    {
      id: "silhouette",
      title: "silhouette",
      axis: "Drawn in the shape of",
      name: (at) => `in the shape of a ${steps[at]!}`,
      at: steps.map((_, k) => k),
      home: 0,
      steps,
    },
  ];
  const isThere = ({ id }: Path): boolean =>
    chosen.dataset === "drawn" ? id !== "stripes" || isAnimal : !redrawnPaths.includes(id);
  return all.filter(isThere);
}
