// The numbers of the sensitivity study: worst case, largest mean, their ratio and the accuracy, method by method.
import { methodsOf, methodTitles, seedsOf } from "../../lab/studies/sensitivity/setting.ts";
import { summaryQuantities, summarySample, type SummaryQuantity } from "../../lab/studies/sensitivity/tables.ts";
import { interval, type Interval } from "../../math/stats.ts";
import { shortNumber } from "../figures/scale.ts";
import type { SensitivityInput } from "../figures/sensitivityClasses.ts";
import { plural } from "../figures/wording.ts";
import { NumberTable } from "../widgets/NumberTable.tsx";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./SensitivityView.module.css";

const titles: Readonly<Record<SummaryQuantity, { readonly title: string; readonly words: string }>> = {
  worst: { title: "M_β", words: "max over i, z" },
  elastic: { title: "sup mean β", words: "max over i of the mean over z" },
  ratio: { title: "ratio", words: "M_β / sup mean β" },
  accuracy: { title: "accuracy", words: "on test examples" },
};

export function SensitivityNumbers({ params, findings }: SensitivityInput) {
  const seedCount = seedsOf(params).length;
  return (
    <Panel
      title="Worst case against average"
      note={seedCount > 1 ? `95 % intervals over ${plural(seedCount, "seed")}` : "one seed"}
    >
      {/* It scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} tabIndex={0}>
        <NumberTable look="ruled">
          <thead>
            <tr>
              <th scope="col">method</th>
              {summaryQuantities.map((quantity) => (
                <th key={quantity} scope="col">
                  {titles[quantity].title}
                  <small>{titles[quantity].words}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {methodsOf(params).map((method) => (
              <tr key={method}>
                <th scope="row">{methodTitles[method]}</th>
                {summaryQuantities.map((quantity) => (
                  <td key={quantity} data-main={quantity === "ratio" || undefined}>
                    <Cell value={interval(summarySample(params, findings, method, quantity))} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </NumberTable>
        <p className={classes.words}>
          A uniform-stability bound pays for M_β, a locally elastic one for sup mean β: the ratio is what it gains.
          Kernels and random features: square loss cut off at {params.most}, so that values are in [0, {params.most}],
          and left out exactly. Network: {params.loss}, which has no bound, predicted by {params.estimate} with the{" "}
          {params.curvature === "Hessian" ? "Hessian" : "Gauss-Newton matrix"}. Compare ratios, not sizes, between the
          two.
        </p>
      </div>
    </Panel>
  );
}

function Cell({ value: { mean, low, high, count } }: { readonly value: Interval }) {
  if (count === 0 || Number.isNaN(mean)) return <>–</>;
  return (
    <>
      {shortNumber(mean)}
      {count > 1 && (
        <small>
          {shortNumber(low)} to {shortNumber(high)}
        </small>
      )}
    </>
  );
}
