// What a person can do: the only caller of the lab. Every action ends in the store, in a table, or in a notice.
import { LabError } from "../../lab/error.ts";
import type { Command } from "../../lab/command.ts";
import type { BackendId, Lab, Snapshot } from "../../lab/lab.ts";
import { canonical, parseSpec, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
import { Table } from "../../lab/table.ts";
import { createBook } from "./book.ts";
import {
  defaultBeside,
  defaultView,
  parseExperimentText,
  twinOf,
  type ModelChoice,
  type Shared,
  type View,
} from "./experiment.ts";
import { decode } from "./link.ts";
import type { PixelShelf } from "./pixels.ts";
import {
  beyond,
  fetchRecorded,
  played,
  recordedLog,
  type FetchBytes,
  type RecordedImages,
  type RecordedWeights,
  type Recording,
} from "./recording.ts";
import { createSession } from "./session.ts";
import { stanceOf } from "./stance.ts";
import type { LabState, LabStore, RunState } from "./store.ts";

export interface Actions {
  /** Shows the recorded run, or the experiment of a link, and starts the engine. */
  boot(hash: string): Promise<void>;
  train(): void;
  pause(): void;
  oneEpoch(): void;
  stop(): void;
  /** The same experiment again from its initial weights. */
  reset(): void;
  newSeed(): void;
  pick(anchor: number): void;
  probe(): void;
  learn(): void;
  rewind(tick: number): void;
  look(change: Partial<View>): void;
  /**
   * Another experiment, untrained; the one on the screen stays until the images of the new one are there.
   * @throws LabError `data-unavailable`
   */
  setUp(spec: ExperimentSpec, beside: ModelChoice | undefined): Promise<void>;
  /** From the seed, with exactly these commands. */
  replay(log: readonly Command[]): void;
  openShared(shared: Shared): void;
  /** A ready-made experiment, with its recorded run where there is one. */
  openPreset(preset: Shared): void;
  openLink(hash: string): void;
  openText(text: string): void;
  chooseBackend(wanted: BackendId | "auto"): Promise<void>;
  /** After the worker was lost: a fresh one, on this backend where it can. What is on the screen stays. */
  restartEngine(wanted: BackendId | "auto"): Promise<void>;
  /** What the page holds now, as it would be shared. */
  shared(): Shared | undefined;
  report(error: unknown): void;
  dismiss(): void;
}

export interface ActionOptions {
  readonly store: LabStore;
  readonly lab: Lab;
  readonly pixels: PixelShelf;
  readonly fetchBytes: FetchBytes;
  /** Calls back before the next frame is drawn. */
  readonly nextFrame: (draw: () => void) => void;
  /** Calls back when the first view is on the screen and the machine has time. */
  readonly whenCalm: (start: () => void) => void;
}

interface Recorded {
  readonly results: Recording;
  readonly weights: Promise<RecordedWeights | undefined>;
}

export function createActions({ store, lab, pixels, fetchBytes, nextFrame, whenCalm }: ActionOptions): Actions {
  let recorded: Recorded | undefined;
  let engineReady: Promise<void> = Promise.resolve();
  const book = createBook(store, nextFrame);
  const session = createSession({ store, book, lab, report });

  const set = (change: Partial<LabState>): void => store.setState(change);

  function report(error: unknown): void {
    const labError = LabError.from(error);
    if (labError.code !== "cancelled") set({ notice: { error: labError } });
  }

  // ---- opening and closing runs

  const titleOf = (catalogue: Catalogue, { id }: ModelChoice): string =>
    catalogue.models.find((model) => model.id === id)?.title ?? id;

  function specsOf(spec: ExperimentSpec, beside: ModelChoice | undefined): ExperimentSpec[] {
    return beside ? [spec, twinOf(spec, beside)] : [spec];
  }

  /** Empty runs of an experiment on the screen, whether or not the engine is there yet. */
  function present(catalogue: Catalogue, spec: ExperimentSpec, beside: ModelChoice | undefined): void {
    pixels.use(canonical(spec.dataset));
    set({ catalogue, spec, beside, origin: "live" });
    const runs = specsOf(spec, beside).map((own): RunState => ({
      title: titleOf(catalogue, own.model),
      spec: own,
      table: new Table(),
      phase: "opening",
      tick: 0,
      epoch: 0,
      stepsPerEpoch: 0,
      parameterCount: 0,
      dataHash: "",
      keptTicks: [],
      progress: undefined,
    }));
    book.open(runs);
  }

  function openLive(starts: readonly (Snapshot | undefined)[]): void {
    session.open(starts);
    pixels.serve((examples) => lab.images(book.runs[0]!.spec.dataset, examples));
  }

  /** A fresh run from the seed; `then` is done as soon as it has opened. */
  function openFresh(spec: ExperimentSpec, beside: ModelChoice | undefined, then?: () => void): void {
    const { catalogue, view, engine } = store.getState();
    if (!catalogue) return;
    // Without an engine nothing could take the place of what is on the screen.
    if (engine.at === "failed") return report(engine.error);
    session.close();
    present(catalogue, spec, beside);
    if (view) set({ view: { ...view, moment: "latest" }, notice: undefined });
    session.onceOpen(then);
    const opened = book.runs;
    void engineReady.then(() => {
      if (opened === book.runs) openLive([]);
    }, report);
  }

  /** Goes through a log, starting from the recorded run where the log does. */
  function openLog({ spec, beside, log }: Omit<Shared, "view">): void {
    const tail = recorded && beyond(recorded.results, { spec, beside, log });
    if (recorded && tail) return openRecorded(recorded, tail);
    openFresh(spec, beside, () => session.begin(log));
  }

  /** The recorded run at once, and live runs from its last weights as soon as the engine is there. */
  function openRecorded({ results, weights }: Recorded, tail: readonly Command[]): void {
    const { spec, beside, catalogue } = results;
    session.close();
    pixels.use(canonical(spec.dataset));
    const runs = specsOf(spec, beside).map((own, index): RunState => ({
      ...played(results.runs[index]!.chunks),
      title: titleOf(catalogue, own.model),
      spec: own,
      phase: "recorded",
      keptTicks: [],
      progress: undefined,
    }));
    set({
      catalogue: store.getState().catalogue ?? catalogue,
      spec,
      beside,
      origin: "recorded",
      recordedOn: results.backend,
    });
    book.open(runs);
    void Promise.all([weights, engineReady]).then(([found]) => {
      if (runs !== book.runs || !found) return;
      session.begin(tail);
      openLive(found.snapshots);
    }, report);
  }

  // ---- training

  function trainTo(epoch: number): void {
    const { stepsPerEpoch } = book.runs[0]!;
    const until = Math.round(epoch * stepsPerEpoch);
    set({ intent: { do: "train", until }, pausedUntil: undefined, notice: undefined });
    look({ moment: "latest" });
    session.issue({ do: "train", until });
  }

  function train(): void {
    const { spec, beside, pausedUntil } = store.getState();
    if (!spec) return;
    const stance = stanceOf(store.getState());
    if (stance === "paused") return trainTo((pausedUntil ?? 0) / book.runs[0]!.stepsPerEpoch);
    if (stance === "untrained") {
      if (book.runs[0]!.stepsPerEpoch > 0) return trainTo(spec.training.epochs);
      session.onceOpen(() => trainTo(spec.training.epochs));
      return set({ intent: { do: "train", until: undefined } });
    }
    openFresh(spec, beside, () => trainTo(spec.training.epochs));
    set({ intent: { do: "train", until: undefined } });
  }

  function look(news: Partial<View>): void {
    const { view } = store.getState();
    if (view) set({ view: { ...view, ...news } });
    if (news.anchor !== undefined || news.moment !== undefined) session.showAnchor();
  }

  function openShared(shared: Shared): void {
    set({ view: shared.view, notice: undefined });
    openLog(shared);
    set({ view: shared.view });
  }

  function openChecked(read: (catalogue: Catalogue) => Shared): void {
    const { catalogue } = store.getState();
    if (!catalogue) return;
    try {
      openShared(read(catalogue));
    } catch (error) {
      report(error);
    }
  }

  // ---- the engine

  async function startEngine(): Promise<void> {
    await new Promise<void>(whenCalm);
    try {
      const [catalogue, backend] = await Promise.all([lab.describe(), lab.chooseBackend("auto")]);
      set({ catalogue, engine: { at: "ready", report: backend } });
    } catch (error) {
      set({ engine: { at: "failed", error: LabError.from(error) } });
      throw error;
    }
  }

  async function boot(hash: string): Promise<void> {
    const [results, images, weights] = [
      fetchRecorded<Recording>(fetchBytes, "results"),
      fetchRecorded<RecordedImages>(fetchBytes, "images"),
      fetchRecorded<RecordedWeights>(fetchBytes, "weights"),
    ];
    const found = await results;
    engineReady = startEngine();
    engineReady.catch(() => undefined);
    if (found) recorded = { results: found, weights };
    else await engineReady;
    const catalogue = found?.catalogue ?? store.getState().catalogue!;
    set({ catalogue });
    const usual: Shared = usualOf(catalogue, found);
    let shared = usual;
    try {
      if (hash.length > 1) shared = decode(hash, catalogue);
    } catch (error) {
      report(error);
    }
    const { notice } = store.getState();
    openShared(shared);
    if (notice) set({ notice });
    const shelf = await images;
    if (shelf) pixels.fill(canonical(shelf.dataset), shelf.examples, shelf.pixels);
  }

  function usualOf(catalogue: Catalogue, recording: Recording | undefined): Shared {
    const spec = recording?.spec ?? parseSpec({}, catalogue);
    return {
      spec,
      beside: recording?.beside ?? defaultBeside(spec, catalogue),
      log: recording ? recordedLog(recording) : [],
      view: defaultView(spec, catalogue),
    };
  }

  const self: Actions = {
    boot: (hash) => boot(hash).catch(report),
    train,
    pause() {
      const { intent } = store.getState();
      if (intent?.do === "train") set({ pausedUntil: intent.until });
      session.halt();
    },
    oneEpoch() {
      const leader = book.runs[0];
      if (!leader) return;
      if (leader.phase === "opening" || leader.phase === "recorded") {
        session.onceOpen(() => self.oneEpoch());
        return;
      }
      const { pausedUntil, spec } = store.getState();
      trainTo(Math.floor(leader.epoch + 1e-9) + 1);
      set({ pausedUntil: pausedUntil ?? spec!.training.epochs * leader.stepsPerEpoch });
    },
    stop() {
      set({ pausedUntil: undefined, intent: undefined });
      session.halt();
    },
    reset() {
      const { spec, beside } = store.getState();
      if (spec) openFresh(spec, beside);
    },
    newSeed() {
      const { spec, beside } = store.getState();
      if (spec) openFresh({ ...spec, seed: (spec.seed + 1) % 2 ** 31 }, beside);
    },
    pick: (anchor) => look({ anchor }),
    probe() {
      const { view } = store.getState();
      if (!view) return;
      const leader = book.runs[0]!;
      session.ask(view.anchor, view.moment === "latest" || view.moment === leader.tick ? undefined : view.moment);
    },
    learn() {
      const { view } = store.getState();
      if (!view) return;
      look({ moment: "latest" });
      session.issue({ do: "learn", anchor: view.anchor, now: true });
    },
    rewind(tick) {
      look({ moment: "latest" });
      set({ pausedUntil: undefined, intent: undefined });
      session.issue({ do: "rewind", to: tick, now: true });
    },
    look,
    async setUp(spec, beside) {
      const { catalogue, spec: before, view } = store.getState();
      if (!catalogue) return;
      const sameImages = before && canonical(before.dataset) === canonical(spec.dataset);
      if (!sameImages) await lab.images(spec.dataset, [0]);
      if (!sameImages) set({ view: { ...defaultView(spec, catalogue), ...(view ? { measure: view.measure } : {}) } });
      openFresh(spec, beside);
    },
    replay(log) {
      const { spec, beside } = store.getState();
      if (spec) openFresh(spec, beside, () => session.begin(log));
    },
    openShared,
    openPreset(preset) {
      const log = recorded ? recordedLog(recorded.results) : [];
      const isRecorded = recorded && beyond(recorded.results, { ...preset, log });
      openShared(isRecorded ? { ...preset, log } : preset);
    },
    openLink: (hash) => openChecked((catalogue) => decode(hash, catalogue)),
    openText: (text) => openChecked((catalogue) => parseExperimentText(text, catalogue)),
    async chooseBackend(wanted) {
      const { engine } = store.getState();
      const shared = sharedNow(store.getState());
      session.close();
      set({ engine: { at: "starting" } });
      engineReady = lab.chooseBackend(wanted).then(
        (chosen) => set({ engine: { at: "ready", report: chosen }, notice: undefined }),
        (error: unknown) => {
          set({ engine });
          report(error);
        },
      );
      await engineReady;
      if (shared) openLog(shared);
    },
    async restartEngine(wanted) {
      set({ engine: { at: "starting" } });
      engineReady = lab
        .chooseBackend(wanted)
        .catch(() => lab.chooseBackend("auto"))
        .then(
          (chosen) => set({ engine: { at: "ready", report: chosen } }),
          (error: unknown) => set({ engine: { at: "failed", error: LabError.from(error) } }),
        );
      await engineReady;
    },
    shared: () => sharedNow(store.getState()),
    report,
    dismiss: () => set({ notice: undefined }),
  };
  return self;
}

/** The page's experiment as it would be shared; its log is the leader's. */
export function sharedNow({ spec, beside, view, runs }: LabState): Shared | undefined {
  if (!spec || !view) return undefined;
  const log = (runs[0]?.table.log ?? []).map(({ command: { now: _now, ...command } }) => command as Command);
  return { spec, beside, view, log };
}
