// What a person does and what the page then knows, on a lab without an engine.
import { describe, expect, it } from "vitest";
import { createActions, type Actions } from "../../src/app/state/actions.ts";
import { adviceOn } from "../../src/app/state/notice.ts";
import { encode } from "../../src/app/state/link.ts";
import { pixelShelf, type PixelShelf } from "../../src/app/state/pixels.ts";
import type { FetchBytes } from "../../src/app/state/recording.ts";
import { stanceOf, type Stance } from "../../src/app/state/stance.ts";
import { createLabStore, type LabState, type LabStore } from "../../src/app/state/store.ts";
import { script } from "../../src/lab/command.ts";
import { LabError } from "../../src/lab/error.ts";
import { canonical, parseSpec } from "../../src/lab/spec.ts";
import { fakeCatalogue, fakeLab, fakeRecording, type FakeOptions } from "../helpers/fakeLab.ts";

interface Page {
  readonly store: LabStore;
  readonly actions: Actions;
  readonly pixels: PixelShelf;
  /** Resolves once something holds; a test that waits in vain runs into its own time limit. */
  until(holds: (state: LabState) => boolean): Promise<LabState>;
}

function page(options: FakeOptions = {}, fetchBytes: FetchBytes = async () => undefined): Page {
  const store = createLabStore();
  const pixels = pixelShelf();
  const actions = createActions({
    store,
    lab: fakeLab(options),
    pixels,
    fetchBytes,
    nextFrame: (draw) => void setTimeout(draw),
    whenCalm: (start) => void setTimeout(start),
    studies: { open: () => undefined, close: () => undefined, pause: () => undefined },
  });
  const until = (holds: (state: LabState) => boolean): Promise<LabState> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds(store.getState())) return;
        stop();
        resolve(store.getState());
      };
      const stop = store.subscribe(look);
      look();
    });
  return { store, actions, pixels, until };
}

const allIdle = ({ runs, intent }: LabState): boolean =>
  runs.length > 0 && intent === undefined && runs.every(({ phase }) => phase === "idle");
const stance =
  (wanted: Stance) =>
  (state: LabState): boolean =>
    stanceOf(state) === wanted;
const logOf = ({ runs }: LabState) => runs[0]!.table.log.map(({ command }) => command);
const small = parseSpec(
  {
    dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 12, testPerClass: 6 },
    training: { epochs: 3, batchSize: 12 },
    probing: { anchorsPerClass: 2, probesPerClass: 3, epochs: [0, 1, 3] },
  },
  fakeCatalogue,
);
const linear = parseSpec({ model: { id: "linear" } }, fakeCatalogue).model;

async function opened(options: FakeOptions = {}): Promise<Page> {
  const started = page(options);
  await started.actions.boot("");
  await started.actions.setUp(small, linear);
  await started.until(allIdle);
  return started;
}

const files = fakeRecording(script);
const recordedBytes: FetchBytes = async (path) => (await files).get(path);

describe("training", () => {
  it("trains both models to the last epoch and measures the schedule", async () => {
    const { actions, until } = await opened();
    actions.train();
    const state = await until(
      (now) => stance("trained")(now) && allIdle(now) && now.runs.every(({ tick }) => tick === 9),
    );
    for (const { table } of state.runs) expect(table.scheduled.map(({ epoch }) => epoch)).toEqual([0, 1, 3]);
    expect(logOf(state)).toEqual([{ do: "train", until: 9 }]);
  });

  it("pauses, goes on, and the twin stands where the leader stands", async () => {
    const { actions, until } = await opened({ stepMs: 4 });
    actions.train();
    await until(({ runs }) => runs[0]!.epoch > 0.5);
    actions.pause();
    const paused = await until(
      (now) => stance("paused")(now) && allIdle(now) && now.runs[0]!.tick === now.runs[1]!.tick,
    );
    expect(paused.runs[0]!.tick).toBeGreaterThan(0);
    expect(paused.runs[0]!.tick).toBeLessThan(9);
    actions.train();
    await until((now) => stance("trained")(now) && now.runs.every(({ tick }) => tick === 9));
  });

  it("is not asked for another epoch while it is under way, and still pauses at once", async () => {
    const { actions, until } = await opened({ stepMs: 4 });
    actions.train();
    await until(({ runs }) => runs[0]!.epoch > 0.3);
    actions.oneEpoch();
    actions.pause();
    const paused = await until((now) => stance("paused")(now) && allIdle(now));
    expect(paused.runs[0]!.tick).toBeLessThan(9);
  });

  it.each(["pause", "stop"] as const)("does not begin after a %s while the run is opening", async (halt) => {
    const { actions, store, until } = await opened({ stepMs: 4 });
    actions.reset();
    actions.train();
    expect(store.getState().runs[0]!.phase).toBe("opening");
    expect(stanceOf(store.getState())).toBe("training");
    actions[halt]();
    const state = await until((now) => stance("untrained")(now) && allIdle(now));
    expect([state.runs[0]!.tick, logOf(state)]).toEqual([0, []]);
  });

  it("takes one epoch at a time, also beyond the last", async () => {
    const { actions, until } = await opened();
    for (const epoch of [1, 2, 3, 4]) {
      actions.oneEpoch();
      const state = await until((now) => allIdle(now) && now.runs.every((run) => run.epoch === epoch));
      expect(stanceOf(state)).toBe(epoch < 3 ? "paused" : "trained");
    }
  });

  it("resets to the same seed and takes a new one on request", async () => {
    const { actions, store, until } = await opened();
    actions.train();
    await until(stance("trained"));
    actions.reset();
    await until((now) => stance("untrained")(now) && allIdle(now));
    expect(store.getState().spec).toEqual(small);
    actions.newSeed();
    expect((await until(allIdle)).spec!.seed).toBe(small.seed + 1);
  });

  it("keeps what was measured when training diverges, and says so", async () => {
    const { actions, until } = await opened({ divergesAt: 5 });
    actions.train();
    const state = await until(({ notice }) => notice !== undefined);
    expect(state.notice!.error.code).toBe("diverged");
    expect(state.runs[0]!.table.scheduled.map(({ epoch }) => epoch)).toEqual([0, 1]);
    const idle = await until(allIdle);
    expect(idle.runs[0]!.epoch).toBe(1);
  });
});

describe("anchors", () => {
  it("probes a picked image in both models, once, and never again while it is known", async () => {
    const { actions, until } = await opened();
    actions.pick(5);
    const has = ({ runs }: LabState): boolean => runs.every(({ table }) => table.anchorAt(0, 5) !== undefined);
    await until(has);
    actions.pick(0);
    actions.pick(5);
    const state = await until((now) => has(now) && allIdle(now));
    expect(logOf(state)).toEqual([{ do: "probe", anchors: [5] }]);
  });

  it("needs no probe for an anchor of the schedule", async () => {
    const { actions, store } = await opened();
    actions.pick(1);
    expect(logOf(store.getState())).toEqual([]);
  });

  it("learns for good, and then measures where the weights now stand", async () => {
    const { actions, until } = await opened();
    actions.pick(5);
    await until(({ runs }) => runs.every(({ table }) => table.anchorAt(0, 5) !== undefined));
    actions.learn();
    const state = await until(({ runs }) => runs.every(({ table }) => table.anchorAt(1, 5) !== undefined));
    expect(logOf(state).map((command) => command.do)).toEqual(["probe", "learn", "probe"]);
  });

  it("measures at an earlier epoch whose weights are kept", async () => {
    const { actions, until } = await opened();
    actions.train();
    await until((now) => stance("trained")(now) && allIdle(now));
    actions.look({ moment: 3, anchor: 5 });
    const state = await until(({ runs }) => runs.every(({ table }) => table.anchorAt(3, 5) !== undefined));
    expect(logOf(state).at(-1)).toEqual({ do: "probe", anchors: [5], at: 3 });
  });
});

describe("replay", () => {
  it("does the same again from the seed, to the last number", async () => {
    const { actions, store, until } = await opened({ stepMs: 2 });
    actions.train();
    await until(({ runs }) => runs[0]!.epoch > 0.5);
    actions.pick(7);
    actions.learn();
    await until((now) => stance("trained")(now) && allIdle(now) && now.runs.every(({ tick }) => tick === 10));
    await until(({ runs }) => runs.every(({ table }) => table.anchorAt(10, 7) !== undefined));
    const before = store.getState();
    const log = logOf(before);
    const numbers = (state: LabState): string =>
      JSON.stringify(state.runs.map(({ table }) => [table.training, table.scheduled, table.asked]));
    actions.replay();
    const after = await until(
      (now) => allIdle(now) && now.runs !== before.runs && logOf(now).length === log.length && now.runs[1]!.tick === 10,
    );
    expect(logOf(after)).toEqual(log);
    expect(numbers(after)).toBe(numbers(before));
  });

  it("opens a link by doing what its log says", async () => {
    const shared = {
      spec: small,
      beside: linear,
      log: [{ do: "train", until: 9 } as const, { do: "probe", anchors: [8] } as const],
      view: {
        ...page().store.getState().view!,
        measure: "relative",
        anchor: 8,
        moment: "latest",
        heatmap: "image",
        curves: "training",
        grouping: "class",
      } as const,
    };
    const { actions, until } = page();
    await actions.boot(`#${encode(shared, fakeCatalogue)}`);
    const state = await until(
      (now) => allIdle(now) && now.runs.every(({ table }) => table.anchorAt(9, 8) !== undefined),
    );
    expect(logOf(state)).toEqual(shared.log);
    expect(state.view).toEqual(shared.view);
  });

  it("shares a training under way as if it were done", async () => {
    const { actions, store, until } = await opened({ stepMs: 4 });
    actions.train();
    expect(actions.shared()!.log).toEqual([{ do: "train", until: 9 }]);
    await until(({ runs }) => runs[0]!.epoch > 0.5);
    actions.learn();
    await until((now) => logOf(now).length === 2);
    expect(logOf(store.getState())[1]!.do).toBe("learn");
    expect(actions.shared()!.log.slice(1)).toEqual([logOf(store.getState())[1], { do: "train", until: 9 }]);
  });

  describe("under way", () => {
    const log = [
      { do: "train", until: 3 },
      { do: "learn", anchor: 5 },
      { do: "train", until: 9 },
      { do: "learn", anchor: 7 },
    ] as const;
    const view = { measure: "relative", anchor: 7, moment: "latest" } as const;
    const looks = { heatmap: "class", curves: "elasticity", grouping: "class" } as const;
    const shared = { spec: small, beside: linear, log, view: { ...view, ...looks } };

    async function inTheMiddle(): Promise<Page> {
      const started = await opened({ stepMs: 4 });
      started.actions.openShared(shared);
      await started.until((now) => logOf(now).length === 2);
      expect(stanceOf(started.store.getState())).toBe("replaying");
      return started;
    }
    const done = (now: LabState): boolean => allIdle(now) && now.runs.every(({ tick }) => tick === 11);

    it("is shared whole", async () => {
      const { actions, until } = await inTheMiddle();
      expect(actions.shared()).toEqual(shared);
      expect(logOf(await until(done)).slice(0, 4)).toEqual(log);
    });

    it("is begun again whole", async () => {
      const { actions, until } = await inTheMiddle();
      actions.replay();
      expect(actions.shared()!.log).toEqual(log);
      expect(logOf(await until(done)).slice(0, 4)).toEqual(log);
    });

    it("goes on whole on another backend, also when that is changed again at once", async () => {
      const { actions, until } = await inTheMiddle();
      await Promise.all([actions.chooseBackend("cpu"), actions.chooseBackend("wasm")]);
      const state = await until(done);
      expect(logOf(state).slice(0, 4)).toEqual(log);
      expect(state.engine).toMatchObject({ at: "ready", report: { id: "wasm" } });
    });
  });

  it("takes a training under way along to another backend", async () => {
    const { actions, until } = await opened({ stepMs: 4 });
    actions.train();
    await until(({ runs }) => runs[0]!.epoch > 0.5);
    await actions.chooseBackend("cpu");
    const state = await until((now) => allIdle(now) && now.runs.every(({ tick }) => tick === 9));
    expect(logOf(state)).toEqual([{ do: "train", until: 9 }]);
  });

  it("says that a link is cut off and shows the usual experiment", async () => {
    const { actions, store } = page();
    await actions.boot("#v1.zz.abc.e30");
    expect(store.getState().notice!.error.message).toMatch(/cut off/);
    expect(store.getState().spec).toEqual(parseSpec({}, fakeCatalogue));
  });

  it("loses nothing over a bad file", async () => {
    const { actions, store } = await opened();
    const before = canonical(actions.shared());
    await actions.openText('{"spec": {"seed": -1}}');
    expect(store.getState().notice!.error.message).toMatch(/seed is -1/);
    expect(canonical(actions.shared())).toBe(before);
  });

  it("keeps what is on the screen when the images of a file's experiment are not there", async () => {
    const { actions, store, until } = await opened({ missingClass: "tiger" });
    actions.train();
    const before = await until((now) => stance("trained")(now) && allIdle(now));
    await actions.openText('{"spec": {"dataset": {"classes": ["cat", "dog"]}}}');
    expect(store.getState().notice!.error.code).toBe("data-unavailable");
    expect(store.getState().runs[0]!.table).toBe(before.runs[0]!.table);
  });

  it("goes back to the last experiment, and what was done there, when another cannot be opened", async () => {
    const { actions, store, until } = await opened({ tooLargeSeed: 77 });
    actions.train();
    await until((now) => stance("trained")(now) && allIdle(now));
    await actions.openText(JSON.stringify({ spec: { ...small, seed: 77 } }));
    const state = await until((now) => now.notice !== undefined && allIdle(now) && now.runs[0]!.tick === 9);
    expect(state.notice!.error.code).toBe("too-large");
    expect(store.getState().spec).toEqual(small);
    expect(logOf(state)).toEqual([{ do: "train", until: 9 }]);
  });

  it("offers what helps a live experiment for its own trouble only, not for that of a study", () => {
    for (const code of ["diverged", "worker-lost", "internal"] as const) {
      const error = new LabError(code, "It went wrong.");
      expect(adviceOn({ error, source: "experiment" }).next).toBeDefined();
      expect(adviceOn({ error, source: "study" }).next).toBeUndefined();
    }
  });

  it("shows the usual experiment at an address without a link", async () => {
    const { actions, store, until } = await opened();
    await actions.openLink("");
    expect(store.getState().notice).toBeUndefined();
    expect((await until(allIdle)).spec).toEqual(parseSpec({}, fakeCatalogue));
  });
});

describe("recorded run", () => {
  it("is there before the engine, and live from its last weights after", async () => {
    const { actions, store, pixels, until } = page({ stepMs: 2 }, recordedBytes);
    await actions.boot("");
    const first = store.getState();
    expect(first.runs.map(({ phase }) => phase)).toEqual(["recorded", "recorded"]);
    expect(first.runs[0]!.table.scheduled.at(-1)!.epoch).toBe(15);
    expect(pixels.get(0)).toHaveLength(3072);
    const live = await until((state) => allIdle(state) && state.engine.at === "ready");
    expect(live.runs[0]!.table).toBe(first.runs[0]!.table);
    actions.pick(200);
    const tick = live.runs[0]!.tick;
    const state = await until(({ runs }) => runs.every(({ table }) => table.anchorAt(tick, 200) !== undefined));
    expect(logOf(state).at(-1)).toEqual({ do: "probe", anchors: [200] });
  });

  it("serves a link that only goes on from it, without training again", async () => {
    const first = page({}, recordedBytes);
    await first.actions.boot("");
    await first.until(allIdle);
    first.actions.pick(200);
    await first.until(({ runs }) => logOf({ runs } as LabState).length === 2);
    const link = encode(first.actions.shared()!, fakeCatalogue);
    const second = page({}, recordedBytes);
    await second.actions.boot(`#${link}`);
    expect(second.store.getState().origin).toBe("recorded");
    const state = await second.until((now) => allIdle(now) && logOf(now).length === 2);
    expect(logOf(state)).toEqual(logOf(first.store.getState()));
  });

  it("starts from the seed when Train is pressed", async () => {
    const { actions, until } = page({}, recordedBytes);
    await actions.boot("");
    await until(allIdle);
    actions.train();
    const state = await until((now) => now.origin === "live" && stance("trained")(now));
    expect(state.runs[0]!.table.scheduled[0]!.epoch).toBe(0);
    expect(logOf(state)).toEqual([{ do: "train", until: 495 }]);
  });
});
