// What decides the findings of the tangent kernel's study: its parameters, step sizes and keys.
import { LabError } from "../../error.ts";
import { choice, flag, int, real, type ValuesOf } from "../../params.ts";
import { canonical } from "../../spec.ts";
import { checkOutput, epochsOf, momentParams, networkFacts } from "../tangent/moments.ts";

export const outputs = ["sum", "own class", "one class"] as const;

export const params = {
  ...momentParams,
  anchorsPerClass: int({
    title: "Anchors a class",
    byDefault: 6,
    min: 1,
    max: 100,
    help: "The first training images of each class; a step is taken on each alone.",
  }),
  probesPerClass: int({ title: "Probes a class", byDefault: 12, min: 1, max: 300, help: "Held-out images." }),
  output: choice({
    title: "Kernel of",
    byDefault: "sum",
    options: outputs,
    help: "The sum of the kernels of all scores, that of the score of each anchor's own class, or of one class for all.",
  }),
  outputClass: int({ title: "One class: its number, from 0", byDefault: 0, min: 0, max: 9 }),
  eta: real({ title: "Step size of the pictured step, eta", byDefault: 0.01, min: 1e-8, max: 10, scale: "log" }),
  etaFrom: real({ title: "Smallest step size", byDefault: 1e-6, min: 1e-10, max: 10, scale: "log" }),
  etaTo: real({ title: "Largest step size", byDefault: 1, min: 1e-10, max: 100, scale: "log" }),
  perDecade: int({ title: "Step sizes a decade", byDefault: 2, min: 1, max: 10 }),
};
export type LinearisationParams = ValuesOf<typeof params>;

export const view = {
  epoch: int({ title: "Epoch", byDefault: 0, min: 0, max: 1000 }),
  grouping: choice({ title: "Cells", byDefault: "images", options: ["images", "classes"] }),
  normalised: flag({ title: "Normalised kernel", byDefault: false }),
};
export type LinearisationLook = ValuesOf<typeof view>;

export { epochsOf };

/** Powers of 10 to multiples of 1 / perDecade. */
export function etasOf({ etaFrom, etaTo, perDecade }: LinearisationParams): number[] {
  const first = Math.ceil(Math.log10(etaFrom) * perDecade - 1e-9);
  const last = Math.floor(Math.log10(etaTo) * perDecade + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number((10 ** ((first + at) / perDecade)).toPrecision(12)),
  );
}

export function linearisationKey(chosen: LinearisationParams, epoch: number): string {
  const { anchorsPerClass, probesPerClass, output, outputClass, eta } = chosen;
  return canonical({
    ...networkFacts(chosen, epoch),
    anchorsPerClass,
    probesPerClass,
    output: output === "one class" ? outputClass : output,
    eta,
    etas: etasOf(chosen),
  });
}

export function check(chosen: LinearisationParams): void {
  const { anchorsPerClass, trainPerClass, etaFrom, etaTo, perDecade } = chosen;
  if (anchorsPerClass > trainPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${anchorsPerClass} anchors a class, but ${trainPerClass} training images; ask for at most as many.`,
    );
  if (etasOf(chosen).length < 2)
    throw new LabError(
      "spec-invalid",
      `Step sizes from ${etaFrom} to ${etaTo} with ${perDecade} in each decade are fewer than two; widen the range.`,
    );
  if (chosen.output === "one class") checkOutput(chosen, chosen.outputClass);
}
