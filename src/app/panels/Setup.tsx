// What is trained and measured: data, model, training, probing; a draft until it is used.
import { useState, type ReactNode } from "react";
import { defaults, int, type Params, type Value } from "../../lab/params.ts";
import { parseSpec, probingParams, trainingParams, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
import { twinOf, type ModelChoice } from "../state/experiment.ts";
import { useActions, useExperiment, useLab } from "../state/context.ts";
import { Button } from "../widgets/Button.tsx";
import { Drawer } from "../widgets/Dialog.tsx";
import { SelectField } from "../widgets/Field.tsx";
import { DataFacts } from "./DataFacts.tsx";
import { ParamFields, wrongPaths } from "./ParamFields.tsx";
import classes from "./Setup.module.css";

const seedParams = {
  seed: int({
    title: "Seed",
    byDefault: 1,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Of the initial weights and the order of the images.",
  }),
};

interface Draft {
  readonly spec: ExperimentSpec;
  readonly beside: ModelChoice | undefined;
  readonly typed: Readonly<Record<string, string>>;
}

/** A draft outlives its drawer until it is used or another experiment is opened. */
let kept: { of: ExperimentSpec; draft: Draft } | undefined;

export function Setup({ onClose }: { readonly onClose: () => void }) {
  const { spec: inForce, catalogue } = useExperiment();
  const besideInForce = useLab((state) => state.beside);
  const { setUp } = useActions();
  const [draft, setDraft] = useState<Draft>(() =>
    kept?.of === inForce ? kept.draft : { spec: inForce, beside: besideInForce, typed: {} },
  );
  const change = (news: Partial<Draft>): void => {
    const next = { ...draft, ...news };
    kept = { of: inForce, draft: next };
    setDraft(next);
  };
  const { spec, beside, typed } = draft;
  const type = (path: string, text: string): void => change({ typed: { ...draft.typed, [path]: text } });
  const forms = formsOf(draft, catalogue);
  const wrong = forms.flatMap(({ path, params }) => wrongPaths(path, params, typed));
  const problem = problemOf(spec, beside, catalogue);
  const form = (
    path: string,
    set: (values: Readonly<Record<string, Value>>, text: Record<string, string>) => Partial<Draft>,
    only?: readonly string[],
  ): ReactNode => {
    const found = forms.find((one) => one.path === path);
    if (!found) return null;
    return (
      <ParamFields
        path={path}
        params={found.params}
        values={found.values}
        typed={typed}
        {...(only ? { only } : {})}
        onType={type}
        onChange={(name, value) => {
          const text = Array.isArray(value) || typeof value === "number" ? typed : { ...typed };
          setDraft((now) => {
            const next = { ...now, ...set({ ...found.values, [name]: value }, text) };
            kept = { of: inForce, draft: next };
            return next;
          });
        }}
      />
    );
  };
  const setModel = (id: string): Partial<Draft> => ({
    spec: { ...spec, model: { id, params: usualOf(catalogue, id) } },
  });
  return (
    <Drawer
      title="Set up the experiment"
      onClose={onClose}
      footer={
        <>
          <output className={classes.wrong}>
            {problem ?? (wrong.length > 0 ? `Not in force: ${wrong.join(", ")}.` : "Starts from untrained weights.")}
          </output>
          <Button
            onClick={() => {
              const usual = parseSpec({}, catalogue);
              change({ spec: usual, beside: besideInForce, typed: {} });
            }}
          >
            Defaults
          </Button>
          <Button
            look="primary"
            disabled={problem !== undefined}
            onClick={() => {
              setUp(parseSpec(spec, catalogue), beside);
              onClose();
            }}
          >
            Use this
          </Button>
        </>
      }
    >
      <Section title="Data">
        <SelectField
          label="Images"
          value={spec.dataset.id}
          options={catalogue.datasets.map(({ manifest }) => ({ value: manifest.id, title: manifest.title }))}
          onChange={(id) => change({ spec: { ...spec, dataset: parseSpec({ dataset: { id } }, catalogue).dataset } })}
        />
        <ClassChoice
          spec={spec}
          catalogue={catalogue}
          onChange={(chosen) => change({ spec: { ...spec, dataset: { ...spec.dataset, classes: chosen } } })}
        />
        <div className={classes.two}>
          {form("dataset", (values) => ({ spec: { ...spec, dataset: { ...spec.dataset, ...values } } }))}
        </div>
        <details className={classes.more}>
          <summary>Features of the images</summary>
          <div className={classes.two}>
            {form("dataset.params", (params) => ({ spec: { ...spec, dataset: { ...spec.dataset, params } } }))}
          </div>
        </details>
        <DataFacts spec={spec} catalogue={catalogue} />
      </Section>
      <Section title="Model">
        <SelectField
          label="Network"
          value={spec.model.id}
          options={modelOptions(catalogue)}
          help={catalogue.models.find(({ id }) => id === spec.model.id)?.description}
          onChange={(id) => change(setModel(id))}
        />
        <div className={classes.two}>
          {form("model.params", (params) => ({ spec: { ...spec, model: { ...spec.model, params } } }))}
        </div>
        <SelectField
          label="Beside it, on the same data, seed and anchors"
          value={beside?.id ?? ""}
          options={[...modelOptions(catalogue), { value: "", title: "nothing" }]}
          onChange={(id) => change({ beside: id === "" ? undefined : { id, params: usualOf(catalogue, id) } })}
        />
        <div className={classes.two}>{form("beside", (params) => ({ beside: { id: beside!.id, params } }))}</div>
      </Section>
      <Section title="Training">
        <div className={classes.two}>
          {form("training", (values) => ({
            spec: { ...spec, training: values as unknown as ExperimentSpec["training"] },
          }))}
          {form("spec", ({ seed }) => ({ spec: { ...spec, seed: seed as number } }))}
        </div>
      </Section>
      <Section title="Probing">
        <div className={classes.two}>
          {form("probing", (values) => ({
            spec: { ...spec, probing: values as unknown as ExperimentSpec["probing"] },
          }))}
        </div>
      </Section>
    </Drawer>
  );
}

interface FormOf {
  readonly path: string;
  readonly params: Params;
  readonly values: Readonly<Record<string, Value>>;
}

function formsOf({ spec, beside }: Draft, catalogue: Catalogue): FormOf[] {
  const { manifest, params } = catalogue.datasets.find((one) => one.manifest.id === spec.dataset.id)!;
  const { trainPerClass, testPerClass } = spec.dataset;
  const modelParams = (id: string): Params => catalogue.models.find((model) => model.id === id)?.params ?? {};
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
    { path: "training", params: trainingParams, values: spec.training },
    { path: "spec", params: seedParams, values: { seed: spec.seed } },
    { path: "probing", params: probingParams, values: spec.probing },
  ];
}

const modelOptions = ({ models }: Catalogue) => models.map(({ id, title }) => ({ value: id, title }));
const usualOf = ({ models }: Catalogue, id: string) => defaults(models.find((model) => model.id === id)?.params ?? {});

/** What is wrong with the whole, where every part is right. */
function problemOf(spec: ExperimentSpec, beside: ModelChoice | undefined, catalogue: Catalogue): string | undefined {
  try {
    parseSpec(spec, catalogue);
    if (beside) parseSpec(twinOf(spec, beside), catalogue);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface ClassChoiceProps {
  readonly spec: ExperimentSpec;
  readonly catalogue: Catalogue;
  readonly onChange: (classes: readonly string[]) => void;
}

function ClassChoice({ spec, catalogue, onChange }: ClassChoiceProps) {
  const { manifest } = catalogue.datasets.find((one) => one.manifest.id === spec.dataset.id)!;
  const chosen = spec.dataset.classes;
  return (
    <fieldset className={classes.classes}>
      <legend>Classes, at least two</legend>
      {manifest.classes.map(({ id, title }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            disabled={chosen.includes(id) && chosen.length <= 2}
            onChange={() =>
              onChange(
                manifest.classes
                  .map((info) => info.id)
                  .filter((one) => (one === id ? !chosen.includes(id) : chosen.includes(one))),
              )
            }
          />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
