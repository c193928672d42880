// The question of the lab in three numbers a model: how much of the step is seen at another tiger, a cat, a plane.
import { classMeans, contrast } from "../state/anchor.ts";
import { useExperiment, useResponses, useTables } from "../state/context.ts";
import { short, withArticle } from "../widgets/format.ts";
import { Spoken } from "../widgets/Spoken.tsx";
import classes from "./Shares.module.css";

/** As many digits as tell it from the largest one. */
const beside = (value: number, largest: number): string =>
  Math.abs(value) < 0.005 && largest >= 0.1 ? "0.00" : short(value);

export function Shares() {
  const { classes: all, measure, numbers, view } = useExperiment();
  const runs = useTables();
  const anchorClass = numbers.of(view.anchor).classIndex;
  const chosen = contrast(all, anchorClass);
  const means = useResponses().map((block) => block && classMeans(block, measure.id, all.length));
  const largest = Math.max(...means.flatMap((row) => (row ? chosen.map((at) => Math.abs(row[at]!) || 0) : [])), 1e-12);
  return (
    <table className={classes.shares}>
      <thead>
        <tr>
          <th scope="col">
            <Spoken>{measure.title} at</Spoken>
          </th>
          {runs.map(({ title }, at) => (
            <th key={at} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chosen.map((label) => (
          <tr key={label}>
            <th scope="row">
              {label === anchorClass ? `another ${all[label]!.title}` : withArticle(all[label]!.title)}
            </th>
            {means.map((row, at) => (
              <td key={at}>
                <span className={classes.value}>{row ? beside(row[label]!, largest) : "…"}</span>
                <span className={classes.bar} data-main={at === 0 || undefined} aria-hidden="true">
                  <span style={{ width: `${row ? (100 * (Math.abs(row[label]!) || 0)) / largest : 0}%` }} />
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
