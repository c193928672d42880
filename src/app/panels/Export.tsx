// Takes what is on the screen home: a figure, all results, or the whole experiment.
import { download } from "../export/download.ts";
import { allResults } from "../export/allResults.ts";
import { stated } from "../export/stated.ts";
import type { Figure } from "../figures/figure.ts";
import { aboutData, type AboutData } from "../../lab/about.ts";
import { experimentText } from "../state/experiment.ts";
import { useActions, useExperiment, useLab } from "../state/context.ts";
import { computedOn } from "../state/stance.ts";
import { Button } from "../widgets/Button.tsx";
import { FigureExport } from "./FigureExport.tsx";
import { useAnchorBars, useCurves, useHeatmap, useTrainingCurves } from "./figures.ts";
import { useProvenance } from "./provenance.ts";

export function Export({ onClose }: { readonly onClose: () => void }) {
  const { spec, dataset, measure } = useExperiment();
  const about = aboutData(spec.dataset, dataset.manifest);
  const figures = useFiguresOnScreen(about);
  const runs = useLab((state) => state.runs);
  const backend = useLab(computedOn);
  const { shared, report } = useActions();
  const provenance = useProvenance();
  const again = (): string | undefined => {
    const experiment = shared();
    return experiment && experimentText(experiment);
  };

  function saveExperiment(): void {
    const text = again();
    if (text !== undefined) download("experiment.json", text, "application/json");
  }

  async function saveResults(): Promise<void> {
    try {
      const results = await allResults(runs, { measure: measure.id, backend, data: about });
      download("results.zip", results, "application/zip");
    } catch (error) {
      report(error);
    }
  }

  return (
    <FigureExport
      figures={figures}
      titles={titles}
      provenance={provenance}
      again={again}
      note="The experiment file opens in any lab: drop it on the page."
      buttons={
        <>
          <Button
            icon="download"
            title="Every anchor at every probe and measured epoch, as the command line writes it"
            onClick={() => void saveResults()}
          >
            All results, CSV
          </Button>
          <Button icon="download" onClick={saveExperiment}>
            Experiment, JSON
          </Button>
        </>
      }
      onClose={onClose}
    />
  );
}

const titles: Readonly<Record<string, string>> = {
  "class-heatmap": "Heatmap of classes",
  "image-heatmap": "Heatmap of images",
  "elasticity-curves": "Elasticity against epoch",
  "training-curves": "Loss and accuracy",
  "anchor-bars": "Bars of the picked image",
};

function useFiguresOnScreen(about: AboutData): readonly Figure[] {
  const [heatmap, curves, training, bars] = [
    useHeatmap("row"),
    useCurves("row"),
    useTrainingCurves("row"),
    useAnchorBars("row"),
  ];
  return [heatmap, curves, training, ...(bars ? [bars] : [])].map((figure) => stated(figure, about));
}
