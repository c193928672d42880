// An experiment that is being set up: its forms, and what is wrong with it as a whole.
import { defaults, int, type Params, type Value } from "../../lab/params.ts";
import { parseSpec, probingParams, trainingOf, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
import { twinOf, type ModelChoice } from "../state/experiment.ts";

export interface Draft {
  readonly spec: ExperimentSpec;
  readonly beside: ModelChoice | undefined;
  readonly typed: Readonly<Record<string, string>>;
}

const seedParams = {
  seed: int({
    title: "Seed",
    byDefault: 1,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Of the initial weights and the order of the images.",
  }),
};

/** Another model with its usual parameters; of the training goes with it what was as usual for the model before. */
export function withModel(spec: ExperimentSpec, id: string, { models }: Catalogue): ExperimentSpec {
  const next = models.find((model) => model.id === id);
  const [before, after] = [models.find((model) => model.id === spec.model.id), next].map((model) =>
    defaults(trainingOf(model ?? {})),
  );
  const changed = Object.entries(spec.training).map(([name, value]) => {
    const key = name as keyof typeof spec.training;
    return [name, value === before![key] ? after![key] : value];
  });
  return {
    ...spec,
    model: { id, params: defaults(next?.params ?? {}) },
    training: Object.fromEntries(changed) as ExperimentSpec["training"],
  };
}

export interface FormOf {
  readonly path: string;
  readonly params: Params;
  readonly values: Readonly<Record<string, Value>>;
}

export function formsOf({ spec, beside }: Draft, catalogue: Catalogue): FormOf[] {
  const { manifest, params } = catalogue.datasets.find((one) => one.manifest.id === spec.dataset.id)!;
  const { trainPerClass, testPerClass } = spec.dataset;
  const modelOf = (id: string) => catalogue.models.find((model) => model.id === id);
  const modelParams = (id: string): Params => modelOf(id)?.params ?? {};
  const perClass = (split: "train" | "test", title: string) =>
    int({ title, byDefault: manifest.defaultPerClass[split], min: 1, max: manifest.maxPerClass[split] });
  return [
    {
      path: "dataset",
      params: {
        trainPerClass: perClass("train", "Training images a class"),
        testPerClass: perClass("test", "Held-out images a class"),
      },
      values: { trainPerClass, testPerClass },
    },
    { path: "dataset.params", params, values: spec.dataset.params },
    { path: "model.params", params: modelParams(spec.model.id), values: spec.model.params },
    ...(beside ? [{ path: "beside", params: modelParams(beside.id), values: beside.params }] : []),
    { path: "training", params: trainingOf(modelOf(spec.model.id) ?? {}), values: spec.training },
    { path: "spec", params: seedParams, values: { seed: spec.seed } },
    { path: "probing", params: probingParams, values: spec.probing },
  ];
}

/** What is wrong with the whole, where every part is right. */
export function problemOf(
  spec: ExperimentSpec,
  beside: ModelChoice | undefined,
  catalogue: Catalogue,
): string | undefined {
  try {
    parseSpec(spec, catalogue);
    if (beside) parseSpec(twinOf(spec, beside), catalogue);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
