// The page: images on the left, heatmap and curves in the middle, the picked anchor on the right.
import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense, useState, type DragEvent } from "react";
import { Anchors } from "./panels/Anchors.tsx";
import { AnchorView } from "./panels/AnchorView.tsx";
import type { CellRef } from "./panels/cell.ts";
import { Curves } from "./panels/Curves.tsx";
import { Header, type DialogName } from "./panels/Header.tsx";
import { Heatmap } from "./panels/Heatmap.tsx";
import { Log } from "./panels/Log.tsx";
import { NoticeBar } from "./panels/NoticeBar.tsx";
import { RunBar } from "./panels/RunBar.tsx";
import { useShortcuts } from "./panels/shortcuts.ts";
import { useActions, useLab, useStudies } from "./state/context.ts";
import { Guard } from "./widgets/Guard.tsx";
import { Waiting } from "./widgets/Waiting.tsx";

const Setup = lazy(() => import("./panels/Setup.tsx").then(({ Setup }) => ({ default: Setup })));
const Export = lazy(() => import("./panels/Export.tsx").then(({ Export }) => ({ default: Export })));
const Help = lazy(() => import("./panels/Help.tsx").then(({ Help }) => ({ default: Help })));
const StudyPage = lazy(() => import("./studies/StudyPage.tsx").then(({ StudyPage }) => ({ default: StudyPage })));
const Cell = lazy(() => import("./panels/Cell.tsx").then(({ Cell }) => ({ default: Cell })));

export function App() {
  const [dialog, setDialog] = useState<DialogName>();
  const [cell, setCell] = useState<CellRef>();
  const ready = useLab((state) => state.spec !== undefined && state.view !== undefined && state.runs.length > 0);
  const isStudying = useStudies((state) => state.open !== undefined);
  const { openText } = useActions();
  useHotkeys(useShortcuts(setDialog));

  function drop(event: DragEvent): void {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void file.text().then(openText);
  }

  return (
    <div className="page" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Header open={setDialog} />
      {isStudying ? (
        <Suspense fallback={<Waiting />}>
          <StudyPage dialog={dialog} open={setDialog} />
        </Suspense>
      ) : ready ? (
        <>
          <RunBar onSetup={() => setDialog("setup")} />
          <main className="desk">
            <div className="column left">
              <Guard>
                <Anchors />
              </Guard>
              <Guard>
                <Log />
              </Guard>
            </div>
            <div className="column middle">
              <Guard>
                <Heatmap onCell={setCell} />
              </Guard>
              <Guard>
                <Curves />
              </Guard>
            </div>
            <div className="column right">
              <Guard>
                <AnchorView />
              </Guard>
            </div>
          </main>
          <Suspense>
            {dialog === "setup" && <Setup onClose={() => setDialog(undefined)} />}
            {dialog === "export" && <Export onClose={() => setDialog(undefined)} />}
            {cell && <Cell cell={cell} onClose={() => setCell(undefined)} />}
          </Suspense>
        </>
      ) : (
        <Waiting />
      )}
      <Suspense>{dialog === "help" && <Help onClose={() => setDialog(undefined)} />}</Suspense>
      <NoticeBar />
    </div>
  );
}
