// Which measure the figures show, with its symbol.
import { useActions, useExperiment } from "../state/context.ts";
import { Symbol } from "../widgets/Symbol.tsx";
import classes from "./Plots.module.css";

export function MeasureSelect() {
  const { catalogue, measure } = useExperiment();
  const { look } = useActions();
  return (
    <div className={classes.measure}>
      <span className={classes.symbol} title={`${measure.title}, ${measure.unit}`}>
        <Symbol text={measure.symbol} />
      </span>
      <select
        aria-label="Measure"
        className={classes.select}
        value={measure.id}
        onChange={(event) => look({ measure: event.currentTarget.value })}
      >
        {catalogue.measures.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
