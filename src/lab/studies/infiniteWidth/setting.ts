// What a study of width is asked: which inputs, which networks and how their weights are drawn; and the keys of its findings.
import { layersOf, normalDraw, parametrisations, uniformDraw, type RandomLayer } from "../../../math/infiniteWidth.ts";
import { LabError } from "../../error.ts";
import { choice, int, ints, real, type ValuesOf } from "../../params.ts";
import { pointSets } from "../../points/catalogue.ts";
import { canonical } from "../../spec.ts";

const imageSets = ["drawn", "mnist"] as const;

export const params = {
  inputs: choice({
    title: "Inputs",
    byDefault: "drawn",
    options: [...imageSets, ...pointSets.map(({ id }) => id)],
    help: "Images of all classes, or points of a shape in the plane or in space.",
  }),
  perClass: int({
    title: "Inputs of each class",
    byDefault: 6,
    min: 1,
    max: 50,
    help: "The first training images of each class, centred on their own mean; of points, those of each label. At most 200 in all.",
  }),
  depths: ints({
    title: "Hidden layers",
    byDefault: [1, 2, 3],
    min: 1,
    max: 4,
    minCount: 1,
    maxCount: 4,
    help: "Each network has so many, all of one width.",
  }),
  widths: ints({
    title: "Widths",
    byDefault: [64, 128, 256, 512, 1024, 2048, 4096],
    min: 1,
    max: 8192,
    minCount: 1,
    maxCount: 12,
  }),
  start: choice({
    title: "Weights",
    byDefault: "normal",
    options: ["normal", "uniform"],
    help: "Uniform: as this lab always starts, ±1/√n with n inputs of the layer. Sums of few uniform weights are not normal: with points instead of images, the closed form is not their limit.",
  }),
  weightVariance: real({
    title: "Variance of normal weights, times n",
    byDefault: 2,
    min: 0.01,
    max: 16,
    help: "2 keeps the size of signals from layer to layer.",
  }),
  biasVariance: real({ title: "Variance of normal biases", byDefault: 0.1, min: 0, max: 16 }),
  seeds: ints({ title: "Seeds", byDefault: [1, 2, 3, 4, 5], min: 0, max: 2 ** 31 - 1, minCount: 1, maxCount: 50 }),
};
export type WidthParams = ValuesOf<typeof params>;

export const view = {
  parametrisation: choice({ title: "Kernel of gradients by", byDefault: "standard", options: parametrisations }),
  depth: int({ title: "Hidden layers shown", byDefault: 2, min: 1, max: 4 }),
  width: int({ title: "Width shown", byDefault: 1024, min: 1, max: 8192 }),
};
export type WidthLook = ValuesOf<typeof view>;

/** Rising, each once. */
const distinct = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);
export const depthsOf = ({ depths }: WidthParams): readonly number[] => distinct(depths);
export const widthsOf = ({ widths }: WidthParams): readonly number[] => distinct(widths);
export const seedsOf = ({ seeds }: WidthParams): readonly number[] => [...new Set(seeds)];

export const areImages = ({ inputs }: Pick<WidthParams, "inputs">): boolean => imageSets.some((id) => id === inputs);

/** A network's shape. */
export interface Shape {
  /** Hidden layers. */
  readonly depth: number;
  /** Of each of them. */
  readonly width: number;
}

/** Narrow networks first, so that all depths grow together. */
export const shapesOf = (chosen: WidthParams): readonly Shape[] =>
  widthsOf(chosen).flatMap((width) => depthsOf(chosen).map((depth) => ({ depth, width })));

/** How the layers of a network of one output draw their weights. @param inputs numbers of one example */
export function randomLayersOf(chosen: WidthParams, { depth, width }: Shape, inputs: number): readonly RandomLayer[] {
  const { start, weightVariance, biasVariance } = chosen;
  const draw = start === "uniform" ? uniformDraw : normalDraw({ weight: weightVariance, bias: biasVariance });
  return layersOf(
    draw,
    inputs,
    Array.from({ length: depth }, () => width),
  );
}

function settingOf(chosen: WidthParams, shape: Shape): Readonly<Record<string, unknown>> {
  const { inputs, perClass, start, weightVariance, biasVariance } = chosen;
  return { inputs, perClass, start, ...(start === "normal" ? { weightVariance, biasVariance } : {}), ...shape };
}

export const limitKey = (chosen: WidthParams, shape: Shape): string =>
  canonical({ ...settingOf(chosen, shape), what: "limit" });
export const networkKey = (chosen: WidthParams, shape: Shape, seed: number): string =>
  canonical({ ...settingOf(chosen, shape), seed });

/** By shape: its networks are all held to the limit. */
export const together = (chosen: WidthParams): string[][] =>
  shapesOf(chosen).map((shape) => [
    limitKey(chosen, shape),
    ...seedsOf(chosen).map((seed) => networkKey(chosen, shape, seed)),
  ]);

export const keys = (chosen: WidthParams): string[] => together(chosen).flat();

const classCount: Readonly<Record<string, number>> = { drawn: 7, mnist: 10 };
/** More would make a matrix that no one reads. */
const most = 200;

/** @throws LabError `spec-invalid` */
export function check(chosen: WidthParams): void {
  const count = (classCount[chosen.inputs] ?? 2) * chosen.perClass;
  if (count > most)
    throw new LabError(
      "spec-invalid",
      `perClass is ${chosen.perClass}, which makes ${count} inputs of ${chosen.inputs}; give at most ${Math.floor(most / (classCount[chosen.inputs] ?? 2))}.`,
    );
}
