// Takes a study home: its figures, its tables as CSV, Markdown and LaTeX, and the study itself.
import { strToU8, zipSync } from "fflate";
import { version } from "../../../package.json";
import { csvOfTable, latexOfTable, markdownOfTable } from "../../lab/tabular.ts";
import { zipTime } from "../export/bundle.ts";
import { download } from "../export/download.ts";
import type { Figure } from "../figures/figure.ts";
import { FigureExport } from "../panels/FigureExport.tsx";
import { useLab } from "../state/context.ts";
import { computedOn } from "../state/stance.ts";
import type { OpenStudy } from "../state/studies.ts";
import { studyOf, studyText } from "../state/studyShelf.ts";
import { Button } from "../widgets/Button.tsx";

export interface StudyExportProps {
  readonly study: OpenStudy;
  readonly figures: readonly Figure[];
  readonly onClose: () => void;
}

export function StudyExport({ study, figures, onClose }: StudyExportProps) {
  const backend = useLab(computedOn);
  const text = studyText(study);
  return (
    <FigureExport
      figures={figures}
      provenance={{
        lab: `Local Elasticity Lab ${version}`,
        backend,
        dataHash: "",
        experiment: JSON.parse(text) as object,
      }}
      again={() => text}
      note="The study file opens in any lab: drop it on the page, or give it to the command line."
      buttons={
        <>
          <Button
            icon="download"
            title="As CSV, Markdown and LaTeX"
            onClick={() => download("tables.zip", tablesOf(study), "application/zip")}
          >
            Tables
          </Button>
          <Button icon="download" onClick={() => download("study.json", text, "application/json")}>
            Study, JSON
          </Button>
        </>
      }
      onClose={onClose}
    />
  );
}

function tablesOf({ spec, findings }: OpenStudy): Uint8Array<ArrayBuffer> {
  const files = studyOf(spec.study)
    .tables(spec.params, findings)
    .flatMap((table): [string, Uint8Array][] => [
      [`${table.name}.csv`, strToU8(csvOfTable(table))],
      [`${table.name}.md`, strToU8(markdownOfTable(table))],
      [`${table.name}.tex`, strToU8(latexOfTable(table))],
    ]);
  return zipSync(Object.fromEntries(files), { mtime: zipTime, level: 6 }) as Uint8Array<ArrayBuffer>;
}
