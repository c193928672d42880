// Takes what is on the screen home: a figure at a journal's size, its data, all of it in one file, or the whole experiment.
import { useState } from "react";
import { bundle } from "../export/bundle.ts";
import { csvOf } from "../export/csv.ts";
import { download } from "../export/download.ts";
import { pngOf } from "../export/png.ts";
import { printOf } from "../export/print.ts";
import { figureSizes } from "../export/size.ts";
import { allResults } from "../export/allResults.ts";
import { stated } from "../export/stated.ts";
import type { Figure } from "../figures/figure.ts";
import { aboutData, type AboutData } from "../../lab/about.ts";
import { DataTable } from "../plot/DataTable.tsx";
import { experimentText } from "../state/experiment.ts";
import { useActions, useExperiment, useLab } from "../state/context.ts";
import { computedOn } from "../state/stance.ts";
import { Button } from "../widgets/Button.tsx";
import { Dialog } from "../widgets/Dialog.tsx";
import { FlagField, SelectField } from "../widgets/Field.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./Export.module.css";
import { useAnchorBars, useCurves, useHeatmap, useTrainingCurves } from "./figures.ts";
import { useProvenance } from "./provenance.ts";

const formats = [
  { value: "zip", title: "Everything, zip" },
  { value: "png", title: "PNG, 300 dpi" },
  { value: "svg", title: "SVG" },
  { value: "csv", title: "CSV" },
] as const;
type Format = (typeof formats)[number]["value"];

export function Export({ onClose }: { readonly onClose: () => void }) {
  const { spec, dataset, measure } = useExperiment();
  const about = aboutData(spec.dataset, dataset.manifest);
  const figures = useFiguresOnScreen(about);
  const runs = useLab((state) => state.runs);
  const backend = useLab(computedOn);
  const { shared, report } = useActions();
  const [name, setName] = useState(figures[0]!.name);
  const [sizeId, setSize] = useState("page");
  const [format, setFormat] = useState<Format>("zip");
  const [named, setNamed] = useState(true);
  const provenance = useProvenance();
  const figure = figures.find((one) => one.name === name) ?? figures[0]!;
  const size = figureSizes.find(({ id }) => id === sizeId)!;
  const print = printOf(figure, size, named ? provenance : undefined);

  async function save(): Promise<void> {
    const experiment = shared();
    if (!experiment) return;
    const { svg, widthPx, heightPx } = print;
    const description = `${figure.title}. ${figure.caption}`;
    const made = named ? provenance : undefined;
    const png = () => pngOf(svg, widthPx, heightPx, { dpi: 300, description, provenance: made });
    try {
      if (format === "svg") download(`${figure.name}.svg`, svg, "image/svg+xml");
      if (format === "csv") download(`${figure.name}.csv`, csvOf(figure.data()), "text/csv");
      if (format === "png") download(`${figure.name}.png`, await png(), "image/png");
      if (format === "zip") {
        const again = named ? { spec: experimentText(experiment), link: location.href } : undefined;
        download(`${figure.name}.zip`, bundle(figure, { svg, png: await png(), again }), "application/zip");
      }
    } catch (error) {
      report(error);
    }
  }

  function saveExperiment(): void {
    const experiment = shared();
    if (experiment) download("experiment.json", experimentText(experiment), "application/json");
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
    <Dialog
      title="Export"
      width={980}
      onClose={onClose}
      footer={
        <>
          <p className={classes.note}>The experiment file opens in any lab: drop it on the page.</p>
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
          <Button look="primary" icon="download" onClick={() => void save()}>
            {format === "zip" ? "Save zip" : `Save ${format.toUpperCase()}`}
          </Button>
        </>
      }
    >
      <div className={classes.sides}>
        <div className={classes.form}>
          <SelectField
            label="Figure"
            value={figure.name}
            options={figures.map((one) => ({ value: one.name, title: titles[one.name] ?? one.title }))}
            onChange={setName}
          />
          <SelectField
            label="Size"
            value={sizeId}
            options={figureSizes.map(({ id, title }) => ({ value: id, title }))}
            onChange={setSize}
          />
          <div className={classes.formats}>
            <span>Format</span>
            <Segmented label="Format" value={format} options={formats} onChange={setFormat} />
          </div>
          <FlagField
            label="Carries its experiment"
            help="Spec, seed and backend inside the file; leave it out for a blind review."
            value={named}
            onChange={setNamed}
          />
          <p className={classes.caption}>{figure.caption}</p>
        </div>
        <figure className={classes.preview} aria-label={`Preview of ${figure.title}`}>
          {format === "csv" ? (
            <DataTable figure={figure} />
          ) : (
            <img src={`data:image/svg+xml;utf8,${encodeURIComponent(print.svg)}`} alt={figure.title} />
          )}
          <figcaption>
            {format === "csv" ? "" : `${size.title}, `}
            {figure.data().rows.length.toLocaleString("en")} rows of data
          </figcaption>
        </figure>
      </div>
    </Dialog>
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
