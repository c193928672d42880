// The keys of the page, once for the hands and once for the help.
import { useMemo } from "react";
import type { Actions } from "../state/actions.ts";
import { useActions, useLabStore, useStudiesStore, useStudyActions } from "../state/context.ts";
import { measuredTick } from "../state/response.ts";
import { stanceOf } from "../state/stance.ts";
import type { LabState, LabStore } from "../state/store.ts";
import type { OpenStudy, StudyActions } from "../state/studies.ts";
import type { DialogName } from "./Header.tsx";

interface Shortcut {
  readonly key: string;
  readonly shown: string;
  readonly does: string;
  /** What it does while a study is on the screen; nothing unless given. */
  readonly inStudy?: (tools: { actions: StudyActions; study: OpenStudy; open: (dialog: DialogName) => void }) => void;
  readonly act: (tools: { actions: Actions; state: LabState; open: (dialog: DialogName) => void }) => void;
}

/** One measured epoch back or forth. */
function scrub(by: number): Shortcut["act"] {
  return ({ actions, state: { runs, view } }) => {
    const blocks = runs[0]?.table.scheduled ?? [];
    if (!view || blocks.length === 0) return;
    const now = blocks.findIndex(({ tick }) => tick === measuredTick(runs, view.moment));
    const next = Math.max(0, Math.min(blocks.length - 1, now + by));
    actions.look({ moment: next === blocks.length - 1 ? "latest" : blocks[next]!.tick });
  };
}

export const shortcuts: readonly Shortcut[] = [
  {
    key: "T",
    shown: "T",
    does: "train, pause, resume",
    inStudy: ({ actions, study }) => (study.phase === "running" ? actions.pause() : actions.run()),
    act({ actions, state }) {
      const stance = stanceOf(state);
      if (stance === "training") actions.pause();
      else if (stance === "replaying") actions.stop();
      else if (stance !== "starting") actions.train();
    },
  },
  { key: "E", shown: "E", does: "one epoch", act: ({ actions }) => actions.oneEpoch() },
  { key: "R", shown: "R", does: "reset to the same initial weights", act: ({ actions }) => actions.reset() },
  { key: "[", shown: "[", does: "one measured epoch back", act: scrub(-1) },
  { key: "]", shown: "]", does: "one measured epoch on", act: scrub(1) },
  { key: "P", shown: "P", does: "probe the picked image again", act: ({ actions }) => actions.probe() },
  { key: "L", shown: "L", does: "learn the picked image for good", act: ({ actions }) => actions.learn() },
  {
    key: "H",
    shown: "H",
    does: "heatmap of classes or images",
    act: ({ actions, state }) => actions.look({ heatmap: state.view?.heatmap === "class" ? "image" : "class" }),
  },
  {
    key: "C",
    shown: "C",
    does: "curves of elasticity or training",
    act: ({ actions, state }) =>
      actions.look({ curves: state.view?.curves === "elasticity" ? "training" : "elasticity" }),
  },
  {
    key: "S",
    shown: "S",
    does: "set up the experiment",
    inStudy: ({ open }) => open("setup"),
    act: ({ open }) => open("setup"),
  },
  { key: "X", shown: "X", does: "export", inStudy: ({ open }) => open("export"), act: ({ open }) => open("export") },
  {
    key: "shift+?",
    shown: "?",
    does: "this help",
    inStudy: ({ open }) => open("help"),
    act: ({ open }) => open("help"),
  },
];

type Hotkey = [string, () => void];

export function useShortcuts(open: (dialog: DialogName) => void): Hotkey[] {
  const actions = useActions();
  const studyActions = useStudyActions();
  const store: LabStore = useLabStore();
  const studies = useStudiesStore();
  return useMemo(
    () =>
      shortcuts.map(({ key, act, inStudy }): Hotkey => [
        key,
        () => {
          const study = studies.getState().open;
          if (study) inStudy?.({ actions: studyActions, study, open });
          else act({ actions, state: store.getState(), open });
        },
      ]),
    [actions, studyActions, store, studies, open],
  );
}
