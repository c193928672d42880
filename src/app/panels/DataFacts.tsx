// What a data set is: its balance, normalisation, split, licence and citation, in words.
import { aboutData } from "../../lab/about.ts";
import type { Catalogue, ExperimentSpec } from "../../lab/spec.ts";
import classes from "./Setup.module.css";

export function DataFacts({ spec, catalogue }: { readonly spec: ExperimentSpec; readonly catalogue: Catalogue }) {
  const { manifest } = catalogue.datasets.find((one) => one.manifest.id === spec.dataset.id)!;
  const { what, balance, split, inputs, licence, citation } = aboutData(spec.dataset, manifest);
  return (
    <dl className={classes.facts}>
      <dt>What</dt>
      <dd>{what}</dd>
      <dt>Balance</dt>
      <dd>{balance}</dd>
      <dt>Split</dt>
      <dd>{split}</dd>
      <dt>Input</dt>
      <dd>{inputs}</dd>
      <dt>Licence</dt>
      <dd>{licence}</dd>
      <dt>Cite</dt>
      <dd>{citation}</dd>
    </dl>
  );
}
