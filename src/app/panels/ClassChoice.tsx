// Which classes of a data set take part.
import type { Catalogue, ExperimentSpec } from "../../lab/spec.ts";
import classes from "./Setup.module.css";

interface ClassChoiceProps {
  readonly spec: ExperimentSpec;
  readonly catalogue: Catalogue;
  readonly onChange: (classes: readonly string[]) => void;
}

export function ClassChoice({ spec, catalogue, onChange }: ClassChoiceProps) {
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
