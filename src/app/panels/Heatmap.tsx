// Who moves whom: anchors in rows, probes in columns, both models on one scale.
import { useActions, useExperiment } from "../state/context.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import type { CellRef } from "./cell.ts";
import { Chart } from "./Chart.tsx";
import { useHeatmap } from "./figures.ts";
import { MeasureSelect } from "./MeasureSelect.tsx";
import classes from "./Plots.module.css";
import { useNarrow } from "./useNarrow.ts";

const kinds = [
  { value: "class", title: "Classes" },
  { value: "image", title: "Images" },
] as const;

export function Heatmap({ onCell }: { readonly onCell: (cell: CellRef) => void }) {
  const { view, measure } = useExperiment();
  const { look } = useActions();
  const figure = useHeatmap(useNarrow() ? "column" : "row");
  return (
    <Panel
      title="Who moves whom"
      controls={
        <>
          <MeasureSelect />
          <Segmented
            label="Heatmap of"
            value={view.heatmap}
            options={kinds}
            onChange={(heatmap) => look({ heatmap })}
          />
        </>
      }
    >
      {measure.caution !== undefined && <p className={classes.caution}>{measure.caution}</p>}
      <Chart
        figure={figure}
        label={figure.title}
        onCell={(panel, row, column) => {
          const trace = figure.traces.find((one) => one.type === "heatmap" && one.panel === panel);
          if (trace?.type !== "heatmap") return;
          onCell({ kind: view.heatmap, anchor: trace.rowIds[row]!, probe: trace.columnIds[column]! });
        }}
      />
    </Panel>
  );
}
