// A study on the page: what it asks, its setting, the one primary button and how far it is, and below it what was found.
import { lazy, Suspense } from "react";
import { useStudies, useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { changed, counted, paramsOf, studyOf } from "../state/studyShelf.ts";
import type { Values } from "../../lab/params.ts";
import { canonical } from "../../lab/spec.ts";
import type { Setting, StudyPreset } from "../../lab/study.ts";
import { Button, IconButton } from "../widgets/Button.tsx";
import { Formula } from "../widgets/Formula.tsx";
import { Guard } from "../widgets/Guard.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./StudyPage.module.css";
import { studyViews } from "./views.ts";

const StudySetup = lazy(() => import("./StudySetup.tsx").then(({ StudySetup }) => ({ default: StudySetup })));
const StudyExport = lazy(() => import("./StudyExport.tsx").then(({ StudyExport }) => ({ default: StudyExport })));

export interface StudyPageProps {
  readonly dialog: "setup" | "export" | "help" | undefined;
  readonly open: (dialog: "setup" | "export" | undefined) => void;
}

export function StudyPage({ dialog, open }: StudyPageProps) {
  const study = useStudies((state) => state.open);
  if (!study) return null;
  const { Body, figures } = studyViews[study.spec.study]!;
  return (
    <>
      <StudyBar study={study} onSetup={() => open("setup")} />
      <main className={classes.desk}>
        <Words study={study} />
        <Guard key={study.spec.study}>
          <Body study={study} />
        </Guard>
      </main>
      <Suspense>
        {dialog === "setup" && <StudySetup study={study} onClose={() => open(undefined)} />}
        {dialog === "export" && (
          <StudyExport study={study} figures={figures(study, "row")} onClose={() => open(undefined)} />
        )}
      </Suspense>
    </>
  );
}

interface Named {
  readonly preset: StudyPreset;
  readonly setting: "small" | "paper";
}

/** The preset whose setting is on the screen. */
function presetOf({ spec, view }: OpenStudy): Named | undefined {
  const now = canonical(spec.params);
  const isNow = (setting: Setting | undefined): boolean =>
    setting !== undefined && canonical(paramsOf(spec.study, setting.params)) === now;
  const isSeen = (wanted: Values = {}): boolean =>
    Object.entries(wanted).every(([name, value]) => canonical(view[name]) === canonical(value));
  for (const preset of studyOf(spec.study).presets.filter((each) => isSeen(each.view)))
    for (const setting of ["small", "paper"] as const) if (isNow(preset[setting])) return { preset, setting };
  return undefined;
}

const minutesText = (minutes: number): string =>
  minutes < 1
    ? "under a minute"
    : minutes < 90
      ? `about ${Math.round(minutes)} min`
      : `about ${Math.round(minutes / 60)} h`;

function StudyBar({ study, onSetup }: { readonly study: OpenStudy; readonly onSetup: () => void }) {
  const { run, pause, close, change } = useStudyActions();
  const { done, total } = counted(study);
  const named = presetOf(study);
  const isRunning = study.phase === "running";
  const share = Math.min(1, (done + (study.progress?.share ?? 0)) / Math.max(1, total));
  const isDone = done === total;
  return (
    <section className={classes.bar} aria-label="Study">
      <IconButton icon="back" label="Back to the live lab" onClick={close} />
      <Button icon="sliders" look="plain" onClick={onSetup} aria-keyshortcuts="S">
        Set up
      </Button>
      {isRunning ? (
        <Button look="primary" icon="pause" className={classes.primary!} onClick={pause}>
          Pause
        </Button>
      ) : (
        <Button look="primary" icon="play" className={classes.primary!} disabled={isDone} onClick={run}>
          {isDone ? "Done" : done > 0 ? "Resume" : "Run"}
        </Button>
      )}
      {named?.preset.paper && (
        <Segmented
          label="Setting"
          value={named.setting}
          options={[
            { value: "small", title: "Small" },
            { value: "paper", title: "As in the paper" },
          ]}
          onChange={(setting) => change(changed(study.spec, named.preset[setting]!.params))}
        />
      )}
      <div className={classes.progress}>
        <progress value={share} max={1} aria-label="Findings" />
        <output>
          <b>
            {done} of {total}
          </b>{" "}
          {study.progress?.stage ??
            (isDone
              ? "all found"
              : named
                ? `${named.preset[named.setting]!.size}, ${minutesText(named.preset[named.setting]!.minutes)}`
                : "press Run")}
        </output>
      </div>
    </section>
  );
}

function Words({ study }: { readonly study: OpenStudy }) {
  const { title, question, source, explanation } = studyOf(study.spec.study);
  const named = presetOf(study);
  return (
    <header className={classes.words}>
      <div>
        <h2>{named?.preset.title ?? title}</h2>
        <p>
          {named?.preset.question ?? question} {named && <span>{named.preset.caption}</span>} <cite>{source}</cite>
        </p>
      </div>
      <div>
        <Formula tex={explanation.tex} label={explanation.spoken} />
        <p>
          {explanation.words} <cite>{explanation.source}</cite>
        </p>
      </div>
    </header>
  );
}
