// What is trained and measured: data, model, training, probing; a draft until it is used.
import { useEffect, useState, type ReactNode } from "react";
import { LabError } from "../../lab/error.ts";
import { defaults, type Value } from "../../lab/params.ts";
import { parseSpec, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
import { useActions, useExperiment, useLab } from "../state/context.ts";
import { Button } from "../widgets/Button.tsx";
import { Drawer } from "../widgets/Dialog.tsx";
import { SelectField } from "../widgets/Field.tsx";
import { ClassChoice } from "./ClassChoice.tsx";
import { DataFacts } from "./DataFacts.tsx";
import { formsOf, problemOf, withModel, type Draft } from "./draft.ts";
import { ParamFields, wrongPaths } from "./ParamFields.tsx";
import classes from "./Setup.module.css";

interface Stage {
  readonly isOpening: boolean;
  readonly words: string;
}
const draftStage: Stage = { isOpening: false, words: "Starts from untrained weights." };

/** A draft outlives its drawer until it is used or another experiment is opened. */
let kept: { of: ExperimentSpec; draft: Draft } | undefined;

export function Setup({ onClose }: { readonly onClose: () => void }) {
  const { spec: inForce, catalogue } = useExperiment();
  const besideInForce = useLab((state) => state.beside);
  const { setUp } = useActions();
  const [draft, setDraft] = useState<Draft>(() =>
    kept?.of === inForce ? kept.draft : { spec: inForce, beside: besideInForce, typed: {} },
  );
  /** What happens to the draft, in words. */
  const [stage, setStage] = useState<Stage>(draftStage);
  const change = (news: (now: Draft) => Partial<Draft>): void => {
    setStage(draftStage);
    setDraft((now) => ({ ...now, ...news(now) }));
  };
  useEffect(() => {
    kept = { of: inForce, draft };
  }, [inForce, draft]);
  const { spec, beside, typed } = draft;
  const type = (path: string, text: string): void => change((now) => ({ typed: { ...now.typed, [path]: text } }));
  const forms = formsOf(draft, catalogue);
  const wrong = forms.flatMap(({ path, params }) => wrongPaths(path, params, typed));
  const problem = problemOf(spec, beside, catalogue);
  const form = (path: string, set: (values: Readonly<Record<string, Value>>) => Partial<Draft>): ReactNode => {
    const found = forms.find((one) => one.path === path);
    if (!found) return null;
    return (
      <ParamFields
        path={path}
        params={found.params}
        values={found.values}
        typed={typed}
        onType={type}
        onChange={(name, value) => change(() => set({ ...found.values, [name]: value }))}
      />
    );
  };
  async function use(): Promise<void> {
    setStage({ isOpening: true, words: "Opening the images…" });
    try {
      await setUp(parseSpec(spec, catalogue), beside);
      onClose();
    } catch (error) {
      setStage({ isOpening: false, words: LabError.from(error).message });
    }
  }

  const setModel = (id: string): Partial<Draft> => ({
    spec: withModel(spec, id, catalogue),
  });
  return (
    <Drawer
      title="Set up the experiment"
      onClose={onClose}
      footer={
        <>
          <output className={classes.wrong}>
            {problem ?? (stage === draftStage && wrong.length > 0 ? `Not in force: ${wrong.join(", ")}.` : stage.words)}
          </output>
          <Button
            onClick={() => {
              const usual = parseSpec({}, catalogue);
              change(() => ({ spec: usual, beside: besideInForce, typed: {} }));
            }}
          >
            Defaults
          </Button>
          <Button look="primary" disabled={problem !== undefined || stage.isOpening} onClick={() => void use()}>
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
          onChange={(id) =>
            change(() => ({ spec: { ...spec, dataset: parseSpec({ dataset: { id } }, catalogue).dataset } }))
          }
        />
        <ClassChoice
          spec={spec}
          catalogue={catalogue}
          onChange={(chosen) => change(() => ({ spec: { ...spec, dataset: { ...spec.dataset, classes: chosen } } }))}
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
          label="Model"
          value={spec.model.id}
          options={modelOptions(catalogue)}
          help={catalogue.models.find(({ id }) => id === spec.model.id)?.description}
          onChange={(id) => change(() => setModel(id))}
        />
        <div className={classes.two}>
          {form("model.params", (params) => ({ spec: { ...spec, model: { ...spec.model, params } } }))}
        </div>
        <SelectField
          label="Beside it, on the same data, seed and anchors"
          value={beside?.id ?? ""}
          options={[...modelOptions(catalogue), { value: "", title: "nothing" }]}
          onChange={(id) => change(() => ({ beside: id === "" ? undefined : { id, params: usualOf(catalogue, id) } }))}
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

const modelOptions = ({ models }: Catalogue) => models.map(({ id, title }) => ({ value: id, title }));
const usualOf = ({ models }: Catalogue, id: string) => defaults(models.find((model) => model.id === id)?.params ?? {});

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
