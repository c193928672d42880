// Takes figures home: one of them at a journal's size, its data, or both with all that makes it again.
import { useState, type ReactNode } from "react";
import { bundle } from "../export/bundle.ts";
import { csvOf } from "../export/csv.ts";
import { download } from "../export/download.ts";
import { pngOf } from "../export/png.ts";
import { printOf } from "../export/print.ts";
import { figureSizes } from "../export/size.ts";
import type { Provenance } from "../export/svg.ts";
import type { Figure } from "../figures/figure.ts";
import { DataTable } from "../plot/DataTable.tsx";
import { useActions } from "../state/context.ts";
import { Button } from "../widgets/Button.tsx";
import { Dialog } from "../widgets/Dialog.tsx";
import { FlagField, SelectField } from "../widgets/Field.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./Export.module.css";

const formats = [
  { value: "zip", title: "Everything, zip" },
  { value: "png", title: "PNG, 300 dpi" },
  { value: "svg", title: "SVG" },
  { value: "csv", title: "CSV" },
] as const;
type Format = (typeof formats)[number]["value"];

export interface FigureExportProps {
  /** At least one. */
  readonly figures: readonly Figure[];
  /** What figures are called in the list, by name, where it is not by their title. */
  readonly titles?: Readonly<Record<string, string>>;
  readonly provenance: Provenance;
  /** The text of the file that makes it all again. */
  readonly again: () => string | undefined;
  /** What the file of the whole is called, and what is said of it. */
  readonly note: string;
  /** More ways out. */
  readonly buttons: ReactNode;
  readonly onClose: () => void;
}

export function FigureExport({ figures, titles = {}, provenance, again, note, buttons, onClose }: FigureExportProps) {
  const { report } = useActions();
  const [name, setName] = useState(figures[0]!.name);
  const [sizeId, setSize] = useState("page");
  const [format, setFormat] = useState<Format>("zip");
  const [named, setNamed] = useState(true);
  const figure = figures.find((one) => one.name === name) ?? figures[0]!;
  const size = figureSizes.find(({ id }) => id === sizeId)!;
  const print = printOf(figure, size, named ? provenance : undefined);

  async function save(): Promise<void> {
    const spec = again();
    if (spec === undefined) return;
    const { svg, widthPx, heightPx } = print;
    const description = `${figure.title}. ${figure.caption}`;
    const made = named ? provenance : undefined;
    const png = () => pngOf(svg, widthPx, heightPx, { dpi: 300, description, provenance: made });
    try {
      if (format === "svg") download(`${figure.name}.svg`, svg, "image/svg+xml");
      if (format === "csv") download(`${figure.name}.csv`, csvOf(figure.data()), "text/csv");
      if (format === "png") download(`${figure.name}.png`, await png(), "image/png");
      if (format === "zip") {
        const whole = named ? { spec, link: location.href } : undefined;
        download(`${figure.name}.zip`, bundle(figure, { svg, png: await png(), again: whole }), "application/zip");
      }
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
          <p className={classes.note}>{note}</p>
          {buttons}
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
