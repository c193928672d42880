// Puts the page on the screen for a lab and a way to fetch files: the real ones, or those of a test.
import { MantineProvider, localStorageColorSchemeManager } from "@mantine/core";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/Tooltip.css";
import { createRoot } from "react-dom/client";
import type { Lab } from "../lab/lab.ts";
import "./app.css";
import { App } from "./App.tsx";
import { followAddress } from "./state/address.ts";
import { createActions, type Actions } from "./state/actions.ts";
import { LabContext } from "./state/context.ts";
import { pixelShelf } from "./state/pixels.ts";
import type { FetchBytes } from "./state/recording.ts";
import { createLabStore, type LabStore } from "./state/store.ts";
import { createStudiesStore, createStudyActions } from "./state/studies.ts";
import { theme } from "./theme.ts";

/** Figures and panels follow the results at most this often: the eye needs no more, and the worker needs the cores. */
const drawIntervalMs = 60;

export interface Started {
  readonly store: LabStore;
  readonly actions: Actions;
}

export function start(root: Element, { lab, fetchBytes }: { lab: Lab; fetchBytes: FetchBytes }): Started {
  const store = createLabStore();
  const pixels = pixelShelf();
  const studies = createStudiesStore();
  const report = (error: unknown): void => actions.report(error, "study");
  const studyActions = createStudyActions({ store: studies, lab, report, nextFrame });
  const actions = createActions({ store, lab, pixels, fetchBytes, nextFrame, whenCalm, studies: studyActions });
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: "lab-color-scheme" })}
    >
      <LabContext value={{ store, actions, pixels, studies, studyActions }}>
        <App />
      </LabContext>
    </MantineProvider>,
  );
  void actions.boot(location.hash).then(() => followAddress({ store, actions, studies }));
  return { store, actions };
}

let lastDraw = 0;

function nextFrame(draw: () => void): void {
  const wait = Math.max(0, lastDraw + drawIntervalMs - performance.now());
  setTimeout(() => {
    // A page in the background draws no frames, but its results must not pile up.
    const once = document.hidden ? setTimeout : requestAnimationFrame;
    once(() => {
      lastDraw = performance.now();
      draw();
    });
  }, wait);
}

/** After the first view was painted: the engine's megabytes must not delay it. */
function whenCalm(begin: () => void): void {
  requestAnimationFrame(() => setTimeout(begin, 50));
}
