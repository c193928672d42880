// What decides the findings of the study of sharing: its parameters and keys.
import { choice, int, type ValuesOf } from "../../params.ts";
import { canonical } from "../../spec.ts";
import { checkOutput, momentParams, networkFacts } from "../tangent/moments.ts";
import { quantities } from "./measured.ts";

export const params = {
  ...momentParams,
  imagesPerClass: int({
    title: "Images a class",
    byDefault: 10,
    min: 2,
    max: 100,
    help: "The first held-out images of each class; each is compared with all others.",
  }),
  output: choice({
    title: "Kernel of",
    byDefault: "sum",
    options: ["sum", "one class"],
    help: "The sum of the kernels of all scores, or that of the score of one class.",
  }),
  outputClass: int({ title: "One class: its number, from 0", byDefault: 0, min: 0, max: 9 }),
};
export type SharingParams = ValuesOf<typeof params>;

export const view = {
  epoch: int({ title: "Epoch", byDefault: 1000, min: 0, max: 1000 }),
  quantity: choice({ title: "Cells", byDefault: "kernel", options: quantities }),
  one: int({ title: "One class of the pair", byDefault: 0, min: 0, max: 9 }),
  other: int({ title: "The other class of the pair", byDefault: 1, min: 0, max: 9 }),
  lines: choice({ title: "Lines", byDefault: "pair", options: ["pair", "parts", "relations"] }),
};
export type SharingLook = ValuesOf<typeof view>;

export function sharingKey(chosen: SharingParams, epoch: number): string {
  const { imagesPerClass, output, outputClass } = chosen;
  return canonical({
    ...networkFacts(chosen, epoch),
    imagesPerClass,
    output: output === "one class" ? outputClass : output,
  });
}

export function check(chosen: SharingParams): void {
  if (chosen.output === "one class") checkOutput(chosen, chosen.outputClass);
}
