// What a person can do: the only caller of the lab. Every action ends in the store, in a table, or in a notice.
import { LabError } from "../../lab/error.ts";
import type { Command } from "../../lab/command.ts";
import type { BackendId, Lab, Snapshot } from "../../lab/lab.ts";
import { canonical, parseSpec, stepsPerEpoch, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
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
import { decode, isStudyLink } from "./link.ts";
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
import type { StudyActions } from "./studies.ts";
import type { Notice, LabState, LabStore, RunState } from "./store.ts";

/** The studies come when one is asked for: the first view does without them. */
const studyShelf = () => import("./studyShelf.ts");

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
  /** From the seed, all that was done and is under way. */
  replay(): void;
  openShared(shared: Shared): void;
  /** A ready-made experiment, with its recorded run where there is one. */
  openPreset(preset: Shared): void;
  /** The experiment of a link; of none, the usual one. */
  openLink(hash: string): Promise<void>;
  openText(text: string): Promise<void>;
  chooseBackend(wanted: BackendId | "auto"): Promise<void>;
  /** After the worker was lost: a fresh one, on this backend where it can. What is on the screen stays. */
  restartEngine(wanted: BackendId | "auto"): Promise<void>;
  /** What the page holds now, as it would be shared. */
  shared(): Shared | undefined;
  report(error: unknown, source?: Notice["source"]): void;
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
  /** Where links to studies lead. */
  readonly studies: Pick<StudyActions, "open" | "close" | "pause">;
}

interface Recorded {
  readonly results: Recording;
  readonly weights: Promise<RecordedWeights | undefined>;
}

export function createActions(options: ActionOptions): Actions {
  const { store, lab, pixels, fetchBytes, nextFrame, whenCalm, studies } = options;
  let recorded: Recorded | undefined;
  let engineReady: Promise<void> = Promise.resolve();
  const book = createBook(store, nextFrame);
  const session = createSession({ store, book, lab, report, unopened });
  /** What the address without a link shows. */
  let usual: Shared | undefined;
  /** What goes on as soon as another backend is there. */
  let moving: Shared | undefined;
  /** Where to go back to when the next experiment cannot be opened. */
  let lastGood: Shared | undefined;

  const set = (change: Partial<LabState>): void => store.setState(change);

  function report(error: unknown, source: Notice["source"] = "experiment"): void {
    const labError = LabError.from(error);
    if (labError.code !== "cancelled") set({ notice: { error: labError, source } });
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
    moving = undefined;
  }

  function openLive(starts: readonly (Snapshot | undefined)[]): void {
    session.open(starts);
    pixels.serve((examples) => lab.images(book.runs[0]!.spec.dataset, examples));
  }

  /** A fresh run from the seed, and these commands as soon as it has opened. */
  function openFresh(spec: ExperimentSpec, beside: ModelChoice | undefined, list: readonly Command[] = []): void {
    const state = store.getState();
    const { catalogue, view, engine } = state;
    if (!catalogue) return;
    // Without an engine nothing could take the place of what is on the screen.
    if (engine.at === "failed") return report(engine.error);
    if (!["opening", "ended"].includes(book.runs[0]?.phase ?? "ended")) lastGood = sharedNow(state);
    session.close();
    present(catalogue, spec, beside);
    if (view) set({ view: { ...view, moment: "latest" }, notice: undefined });
    session.begin(list);
    const opened = book.runs;
    void engineReady.then(() => {
      if (opened === book.runs) openLive([]);
    }, report);
  }

  /** Back to the last experiment that could be opened, with what was done there. */
  function unopened(error: unknown): void {
    const back = lastGood ?? usual;
    lastGood = undefined;
    const isFate = ["data-unavailable", "too-large", "backend-unsupported", "spec-invalid"].includes(
      LabError.from(error).code,
    );
    if (isFate && back && canonical(back.spec) !== canonical(store.getState().spec)) openShared(back);
    report(error);
  }

  /** Goes through a list of commands as one piece of work. */
  function follow(list: readonly Command[]): void {
    if (list.length > 0) set({ intent: { do: "replay", rest: list, total: list.length } });
  }

  /** Goes through a log, starting from the recorded run where the log does. */
  function openLog({ spec, beside, log }: Omit<Shared, "view">): void {
    const tail = recorded && beyond(recorded.results, { spec, beside, log });
    if (recorded && tail) return openRecorded(recorded, tail);
    openFresh(spec, beside, log);
    follow(log);
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
    moving = undefined;
    session.begin(tail);
    follow(tail);
    void Promise.all([weights, engineReady]).then(([found]) => {
      if (runs === book.runs && found) openLive(found.snapshots);
    }, report);
  }

  // ---- training

  function trainTo(until: number): void {
    set({ intent: { do: "train", until }, pausedUntil: undefined, notice: undefined });
    look({ moment: "latest" });
    const { phase } = book.runs[0]!;
    if (phase === "opening" || phase === "recorded") session.begin([{ do: "train", until }]);
    else session.issue({ do: "train", until, now: true });
  }

  function train(): void {
    const { spec, beside, pausedUntil } = store.getState();
    if (!spec) return;
    const stance = stanceOf(store.getState());
    const until = spec.training.epochs * stepsPerEpoch(spec);
    if (stance === "paused") return trainTo(pausedUntil ?? until);
    if (stance === "untrained") return trainTo(until);
    openFresh(spec, beside, [{ do: "train", until }]);
    set({ intent: { do: "train", until } });
  }

  function look(news: Partial<View>): void {
    const before = store.getState().view;
    const view = before && { ...before, ...news };
    // What is asked of the engine goes out before the page draws.
    if (news.anchor !== undefined || news.moment !== undefined) session.showAnchor(view);
    if (view) set({ view });
  }

  function openShared(shared: Shared): void {
    set({ view: shared.view, notice: undefined });
    openLog(shared);
    set({ view: shared.view });
  }

  /** What is on the screen stays until the images of the other experiment are there. */
  async function openChecked(read: (catalogue: Catalogue) => Shared): Promise<void> {
    const { catalogue, spec } = store.getState();
    if (!catalogue) return;
    try {
      const shared = read(catalogue);
      if (spec && canonical(spec.dataset) !== canonical(shared.spec.dataset))
        await lab.images(shared.spec.dataset, [0]);
      openShared(shared);
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
    usual = usualOf(catalogue, found);
    let shared = usual;
    try {
      if (isStudyLink(hash)) studies.open((await studyShelf()).decodeStudy(hash));
      else if (hash.length > 1) shared = decode(hash, catalogue);
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
      const { pausedUntil, spec } = store.getState();
      if (!leader || !spec || ["training", "replaying", "ended"].includes(stanceOf(store.getState()))) return;
      const steps = stepsPerEpoch(spec);
      trainTo((Math.floor(leader.epoch + 1e-9) + 1) * steps);
      set({ pausedUntil: pausedUntil ?? spec.training.epochs * steps });
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
    replay() {
      const now = self.shared();
      if (!now) return;
      openFresh(now.spec, now.beside, now.log);
      follow(now.log);
    },
    openShared,
    openPreset(preset) {
      const log = recorded ? recordedLog(recorded.results) : [];
      const isRecorded = recorded && beyond(recorded.results, { ...preset, log });
      openShared(isRecorded ? { ...preset, log } : preset);
    },
    async openLink(hash) {
      try {
        if (isStudyLink(hash)) return studies.open((await studyShelf()).decodeStudy(hash));
      } catch (error) {
        return report(error);
      }
      await openChecked((catalogue) => (hash.length > 1 || !usual ? decode(hash, catalogue) : usual));
      studies.close();
    },
    async openText(text) {
      try {
        const study = (await studyShelf()).studyInText(text);
        if (study) return studies.open(study);
      } catch (error) {
        return report(error);
      }
      await openChecked((catalogue) => parseExperimentText(text, catalogue));
      studies.close();
    },
    async chooseBackend(wanted) {
      const { engine } = store.getState();
      const shared = self.shared();
      moving = shared;
      session.close();
      studies.pause();
      set({ engine: { at: "starting" } });
      const chosen = lab.chooseBackend(wanted).then(
        (found) => set({ engine: { at: "ready", report: found }, notice: undefined }),
        (error: unknown) => {
          set({ engine });
          report(error);
        },
      );
      engineReady = chosen;
      await chosen;
      // Whoever chose again meanwhile opens it there; whoever opened something else wants that.
      if (moving && moving === shared && engineReady === chosen) openLog(moving);
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
    shared: () => moving ?? sharedNow(store.getState()),
    report,
    dismiss: () => set({ notice: undefined }),
  };
  return self;
}

/** The page's experiment as it would be shared; its log is the leader's, with what is under way as if it were done. */
export function sharedNow({ spec, beside, view, runs, intent }: LabState): Shared | undefined {
  if (!spec || !view) return undefined;
  const done = (runs[0]?.table.log ?? []).map(({ command: { now: _now, ...command } }) => command as Command);
  return { spec, beside, view, log: [...done, ...underWay(done, intent)] };
}

function underWay(done: readonly Command[], intent: LabState["intent"]): readonly Command[] {
  if (intent?.do === "replay") return intent.rest;
  const isDone = done.some((command) => command.do === "train" && command.until >= (intent?.until ?? 0));
  return intent && !isDone ? [{ do: "train", until: intent.until }] : [];
}
