// The studies of the page: which one is open, how far it is, and what was found. Findings outlive a change of parameters,
// since their keys say all that decides them.
import { createStore, type StoreApi } from "zustand/vanilla";
import { LabError } from "../../lab/error.ts";
import type { Lab } from "../../lab/lab.ts";
import type { Values } from "../../lab/params.ts";
import type { DatasetChoice } from "../../lab/spec.ts";
import type { Findings, StudyProgress, StudySpec } from "../../lab/study.ts";

/** A study on the screen, and what is looked at in it. */
export interface StudyShared {
  readonly spec: StudySpec;
  readonly view: Values;
}

export interface OpenStudy extends StudyShared {
  readonly phase: "ready" | "running";
  readonly progress: StudyProgress | undefined;
  /** Of this study under any parameters, by key. */
  readonly findings: Findings;
}

export interface StudiesState {
  readonly open: OpenStudy | undefined;
}

export type StudiesStore = StoreApi<StudiesState>;

export const createStudiesStore = (): StudiesStore => createStore<StudiesState>(() => ({ open: undefined }));

export interface StudyActions {
  open(shared: StudyShared): void;
  /** Back to the live lab; what was found is kept. */
  close(): void;
  /** The same study under other parameters, checked. */
  change(spec: StudySpec): void;
  look(view: Values): void;
  run(): void;
  pause(): void;
  /** Raw images by example number, in the numbering of the choice. [example, row, column, channel] @throws LabError */
  images(choice: DatasetChoice, examples: readonly number[]): Promise<Uint8Array>;
}

export interface StudyOptions {
  readonly store: StudiesStore;
  readonly lab: Lab;
  readonly report: (error: unknown) => void;
  /** Calls back before the next frame is drawn. */
  readonly nextFrame: (draw: () => void) => void;
}

export function createStudyActions({ store, lab, report, nextFrame }: StudyOptions): StudyActions {
  /** By study: all that was found since the page was opened. */
  const kept = new Map<string, Map<string, unknown>>();
  let stop: AbortController | undefined;
  /** What the next frame is to show; several workers say more than anyone could read. */
  let news: { readonly progress?: StudyProgress | undefined; readonly hasGrown?: boolean } | undefined;

  const keptOf = (id: string): Map<string, unknown> => {
    const there = kept.get(id) ?? new Map<string, unknown>();
    kept.set(id, there);
    return there;
  };

  function set(news: Partial<OpenStudy>): void {
    const { open } = store.getState();
    if (open) store.setState({ open: { ...open, ...news } });
  }

  function show(more: NonNullable<typeof news>): void {
    const isDue = news !== undefined;
    news = { ...news, ...more };
    if (isDue) return;
    nextFrame(() => {
      const { progress, hasGrown } = news!;
      news = undefined;
      const { open } = store.getState();
      if (!open) return;
      // A new map, so that figures see that it has grown.
      if (hasGrown) set({ findings: new Map(keptOf(open.spec.study)) });
      if (progress && stop) set({ progress });
    });
  }

  async function work(spec: StudySpec, own: AbortController): Promise<void> {
    const found = keptOf(spec.study);
    const isCurrent = (): boolean => stop === own;
    try {
      for await (const event of lab.study(spec, { signal: own.signal, known: new Set(found.keys()) })) {
        if (event.kind === "finding") {
          found.set(event.key, event.value);
          show({ hasGrown: true });
        } else if (isCurrent()) show({ progress: event.progress });
      }
    } catch (error) {
      if (LabError.from(error).code !== "cancelled") report(error);
    }
    if (!isCurrent()) return;
    stop = undefined;
    show({ hasGrown: true });
    set({ phase: "ready", progress: undefined });
  }

  function halt(): void {
    stop?.abort(new LabError("cancelled", "Stopped as asked."));
    stop = undefined;
    if (news) news = { ...news, progress: undefined };
    set({ phase: "ready", progress: undefined });
  }

  return {
    open({ spec, view }) {
      halt();
      store.setState({
        open: { spec, view, phase: "ready", progress: undefined, findings: new Map(keptOf(spec.study)) },
      });
    },
    close() {
      halt();
      store.setState({ open: undefined });
    },
    change(spec) {
      halt();
      set({ spec });
    },
    look(view) {
      const { open } = store.getState();
      if (open) set({ view: { ...open.view, ...view } });
    },
    run() {
      const { open } = store.getState();
      if (!open || open.phase === "running") return;
      stop = new AbortController();
      set({ phase: "running" });
      void work(open.spec, stop);
    },
    pause: halt,
    images: (choice, examples) => lab.images(choice, examples),
  };
}
