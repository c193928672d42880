// What a data set is: its balance, normalisation, split, licence and citation, in words.
import type { Catalogue, ExperimentSpec } from "../../lab/spec.ts";
import { count } from "../widgets/format.ts";
import classes from "./Setup.module.css";

export function DataFacts({ spec, catalogue }: { readonly spec: ExperimentSpec; readonly catalogue: Catalogue }) {
  const { manifest } = catalogue.datasets.find((one) => one.manifest.id === spec.dataset.id)!;
  const { trainPerClass, testPerClass, classes: chosen } = spec.dataset;
  const [rows, columns, channels] = manifest.shape;
  return (
    <dl className={classes.facts}>
      <dt>What</dt>
      <dd>
        {manifest.description} {rows} × {columns} pixels, {channels === 3 ? "colour" : "grey"}.
      </dd>
      <dt>Balance</dt>
      <dd>
        Equal: {count(trainPerClass)} training and {count(testPerClass)} held-out images in each of {chosen.length}{" "}
        classes, {count(chosen.length * (trainPerClass + testPerClass))} in all.
      </dd>
      <dt>Split</dt>
      <dd>Fixed: held-out images are never trained on, whatever the seed.</dd>
      <dt>Input</dt>
      <dd>The mean training image is subtracted, then everything is divided by one standard deviation.</dd>
      <dt>Licence</dt>
      <dd>{manifest.licence}</dd>
      <dt>Cite</dt>
      <dd>{manifest.citation}</dd>
    </dl>
  );
}
