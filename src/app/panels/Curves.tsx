// When elasticity appears: the measure against the epoch, and the training itself beside it.
import { useActions, useExperiment, useTables } from "../state/context.ts";
import type { Figure } from "../figures/figure.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { Chart } from "./Chart.tsx";
import { useCurves, useTrainingCurves } from "./figures.ts";
import { useNarrow } from "./useNarrow.ts";

const kinds = [
  { value: "elasticity", title: "Elasticity" },
  { value: "training", title: "Training" },
] as const;

const groupings = [
  { value: "class", title: "By class" },
  { value: "relation", title: "By relation" },
] as const;

export function Curves() {
  const { view, numbers, classes: all } = useExperiment();
  const { look } = useActions();
  const title = all[numbers.of(view.anchor).classIndex]!.title;
  return (
    <Panel
      title={view.curves === "elasticity" ? "When it becomes elastic" : "How the training went"}
      note={view.curves === "elasticity" ? `${title} learned` : undefined}
      controls={
        <>
          {view.curves === "elasticity" && (
            <Segmented
              label="One curve for each"
              value={view.grouping}
              options={groupings}
              onChange={(grouping) => look({ grouping })}
            />
          )}
          <Segmented label="Curves of" value={view.curves} options={kinds} onChange={(curves) => look({ curves })} />
        </>
      }
    >
      {view.curves === "elasticity" ? <Elasticity /> : <Training />}
    </Panel>
  );
}

const Elasticity = () => <Drawn figure={useCurves(useNarrow() ? "column" : "row")} />;
const Training = () => <Drawn figure={useTrainingCurves(useNarrow() ? "column" : "row")} />;

/** A click on a moment goes to the measured epoch that is nearest. */
function Drawn({ figure }: { readonly figure: Figure }) {
  const { look } = useActions();
  const [leader] = useTables();
  return (
    <Chart
      figure={figure}
      label={figure.title}
      onMark={(epoch) => {
        const blocks = leader!.table.scheduled;
        const away = blocks.map((block) => Math.abs(block.epoch - epoch));
        const at = away.indexOf(Math.min(...away));
        if (at >= 0) look({ moment: at === blocks.length - 1 ? "latest" : blocks[at]!.tick });
      }}
    />
  );
}
