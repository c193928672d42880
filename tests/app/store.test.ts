// What is derived from the store: the stance of the run, the moment that the figures show, the anchor in few numbers.
import { describe, expect, it } from "vitest";
import { classMeans, contrast, movedMost } from "../../src/app/state/anchor.ts";
import { measuredTick, responseTick } from "../../src/app/state/response.ts";
import { secondsLeft, stanceOf } from "../../src/app/state/stance.ts";
import { createLabStore, type RunState } from "../../src/app/state/store.ts";
import { classesOf, parseSpec } from "../../src/lab/spec.ts";
import { Table, type Block } from "../../src/lab/table.ts";
import { fakeCatalogue } from "../helpers/fakeLab.ts";

const spec = parseSpec(
  { dataset: { classes: ["tiger", "cat", "plane"] }, probing: { anchorsPerClass: 1, probesPerClass: 2 } },
  fakeCatalogue,
);

function run(change: Partial<RunState> = {}): RunState {
  const facts = {
    title: "CNN",
    spec,
    table: new Table(),
    phase: "idle",
    tick: 0,
    epoch: 0,
    stepsPerEpoch: 10,
  } as const;
  return { ...facts, parameterCount: 1, dataHash: "", keptTicks: [], progress: undefined, ...change };
}

/** One anchor; two probes of each of three classes, the first of which is the anchor itself. */
function block(tick: number, anchor: number, source: Block["source"] = "schedule"): Block {
  return {
    tick,
    epoch: tick / 10,
    source,
    anchors: Int32Array.of(anchor),
    probes: Int32Array.of(anchor, 11, 20, 21, 30, 31),
    anchorLabels: Uint8Array.of(0),
    probeLabels: Uint8Array.of(0, 0, 1, 1, 2, 2),
    stepSize: Float64Array.of(0.1),
    ownChange: Float64Array.of(2),
    change: new Float32Array(6),
    before: new Float32Array(18),
    outputCount: 3,
    measures: {
      relative: { numerator: Float32Array.of(2, 1, 0.5, 0.25, 0, 0.125), denominator: Float64Array.of(2) },
    },
  };
}

function tableOf(...blocks: readonly Block[]): Table {
  const table = new Table();
  for (const one of blocks) table.append({ kind: "response", block: one });
  return table;
}

describe("stance", () => {
  const base = createLabStore().getState();
  it("follows a run from nothing to trained", () => {
    expect(stanceOf(base)).toBe("starting");
    expect(stanceOf({ ...base, runs: [run()] })).toBe("untrained");
    expect(stanceOf({ ...base, runs: [run()], intent: { do: "train", until: 20 } })).toBe("training");
    expect(stanceOf({ ...base, runs: [run({ tick: 15, epoch: 1.5 })], pausedUntil: 20 })).toBe("paused");
    expect(stanceOf({ ...base, runs: [run({ tick: 20, epoch: 2 })], pausedUntil: 20 })).toBe("trained");
    expect(stanceOf({ ...base, runs: [run({ phase: "ended" })] })).toBe("ended");
    expect(stanceOf({ ...base, origin: "recorded", runs: [run({ phase: "recorded" })] })).toBe("trained");
  });

  it("counts the seconds that are left from the pace", () => {
    const progress = { stage: "training", epoch: 1, done: 0, total: 600, unit: "images", perSecond: 100 } as const;
    expect(secondsLeft({ runs: [run({ progress })], intent: { do: "train", until: 30 } })).toBe(12);
    expect(secondsLeft({ runs: [run()], intent: { do: "train", until: 30 } })).toBeUndefined();
  });
});

describe("moment", () => {
  it("waits until a measurement is complete in every run", () => {
    const [one, two, three] = [10, 11, 12];
    const whole = (tick: number): Block[] => [block(tick, one), block(tick, two), block(tick, three)];
    const leader = run({ table: tableOf(...whole(0), ...whole(10), block(20, one)) });
    const twin = run({ table: tableOf(...whole(0)) });
    expect(measuredTick([leader], "latest")).toBe(10);
    expect(measuredTick([leader, twin], "latest")).toBe(0);
    expect(measuredTick([leader, { ...twin, phase: "ended" }], "latest")).toBe(10);
    expect(measuredTick([leader, twin], 10)).toBe(10);
    expect(measuredTick([run({ table: tableOf(block(0, one)) })], "latest")).toBe(0);
    expect(measuredTick([run()], "latest")).toBeUndefined();
  });

  it("shows an anchor's latest response that all runs have, or at least the leader's", () => {
    const leader = run({ table: tableOf(block(0, 10), block(10, 10), block(10, 99, "probe")) });
    const twin = run({ table: tableOf(block(0, 10)) });
    expect(responseTick([leader, twin], 10, "latest")).toBe(0);
    expect(responseTick([leader, twin], 99, "latest")).toBe(10);
    expect(responseTick([leader, twin], 99, 0)).toBeUndefined();
  });
});

describe("anchor", () => {
  const classes = classesOf(spec, fakeCatalogue);
  it("is contrasted with its own class, a sibling and a stranger", () => {
    expect(contrast(classes, 0)).toEqual([0, 1, 2]);
    expect(contrast(classes, 2)).toEqual([2, 0]);
  });

  it("is left out of its own class's mean, and out of who moved", () => {
    expect(classMeans(block(0, 10), "relative", 3)).toEqual([0.5, 0.1875, 0.03125]);
    const { most, least } = movedMost(block(0, 10), "relative", 2);
    expect(most).toEqual([
      { example: 11, value: 0.5 },
      { example: 20, value: 0.25 },
    ]);
    expect(least.map(({ example }) => example)).toEqual([30, 31]);
  });
});
