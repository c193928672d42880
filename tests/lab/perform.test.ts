// Experiments as commands: what a probe leaves alone, what a log replays, what a divergence keeps.
import { beforeAll, describe, expect, it } from "vitest";
import { Inbox, script, type Command } from "../../src/lab/command.ts";
import { pack } from "../../src/lab/archive.ts";
import { matrixLines, rowLines } from "../../src/lab/csv.ts";
import type { Lab, Snapshot } from "../../src/lab/lab.ts";
import { localLab } from "../../src/lab/local.ts";
import { parseSpec, type Catalogue, type ExperimentSpec } from "../../src/lab/spec.ts";
import { Table, values, type Chunk } from "../../src/lab/table.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { nodeHost } from "../helpers/host.ts";

let lab: Lab;
let catalogue: Catalogue;

beforeAll(async () => {
  lab = localLab(nodeHost);
  catalogue = await lab.describe();
  await lab.chooseBackend("wasm");
});

/** Three classes of ten images and a small network: two batches an epoch. */
function specOf(change: { stepSize?: number; model?: unknown; probeSplit?: string } = {}): ExperimentSpec {
  return parseSpec(
    {
      dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 10, testPerClass: 4 },
      model: change.model ?? { id: "mlp", params: { widths: [12] } },
      training: { epochs: 3, batchSize: 16, stepSize: change.stepSize ?? 0.05 },
      probing: { anchorsPerClass: 2, probesPerClass: 3, epochs: [0, 1, 3], probeSplit: change.probeSplit ?? "test" },
    },
    catalogue,
  );
}

interface Outcome {
  readonly table: Table;
  readonly chunks: readonly Chunk[];
  readonly snapshots: readonly Snapshot[];
}

async function carriedOut(
  spec: ExperimentSpec,
  inbox: Inbox,
  watch: (chunk: Chunk) => void = () => undefined,
): Promise<Outcome> {
  const table = new Table();
  const chunks: Chunk[] = [];
  const snapshots: Snapshot[] = [];
  for await (const chunk of lab.run(spec, inbox, { signal: new AbortController().signal })) {
    table.append(chunk);
    chunks.push(chunk);
    if (chunk.kind === "snapshot") snapshots.push(chunk.snapshot);
    watch(chunk);
  }
  return { table, chunks, snapshots };
}

const run = (commands: readonly Command[], spec = specOf()): Promise<Outcome> => carriedOut(spec, script(commands));

/** Everything that a table holds, as bytes. */
const bytesOf = (table: Table): Uint8Array =>
  pack({ training: table.training, scheduled: table.scheduled, asked: table.asked, log: table.log });

describe("a probe", () => {
  it("leaves the weights as they were, bit for bit", async () => {
    const { snapshots } = await run([
      { do: "train", until: 3 },
      { do: "save" },
      { do: "probe", anchors: [0, 11] },
      { do: "save" },
    ]);
    expect(snapshots[1]).toEqual(snapshots[0]);
  });

  it("does not change the training that goes on after it", async () => {
    const probed = await run([
      { do: "train", until: 1 },
      { do: "probe", anchors: [4] },
      { do: "train", until: 6 },
      { do: "save" },
    ]);
    const straight = await run([{ do: "train", until: 6 }, { do: "save" }]);
    expect(probed.snapshots).toEqual(straight.snapshots);
  });

  it("gives the image itself 1 where it is among the probes", async () => {
    const spec = specOf({ probeSplit: "train" });
    const { table } = await run([{ do: "train", until: 2 }], spec);
    const block = table.at(2)!;
    const cells = values(block, "relative");
    block.anchors.forEach((anchor, row) => {
      const column = block.probes.indexOf(anchor);
      expect(cells[row * block.probes.length + column]).toBeCloseTo(1, 5);
    });
  });

  it("gives what the schedule gave, at any kept moment, whichever was looked at before", async () => {
    const places = [
      { anchor: 0, at: 2 },
      { anchor: 10, at: 2 },
      { anchor: 10, at: 6 },
      { anchor: 0, at: 0 },
      { anchor: 20, at: 6 },
    ];
    const looked = places.map(({ anchor, at }): Command => ({ do: "probe", anchors: [anchor], at }));
    const { table, chunks } = await run([{ do: "train", until: 6 }, ...looked]);
    const asked = chunks.flatMap((chunk) =>
      chunk.kind === "response" && chunk.block.source === "probe" ? [chunk.block] : [],
    );
    expect(asked).toHaveLength(places.length);
    asked.forEach((block, which) => {
      const { anchor, at } = places[which]!;
      const scheduled = table.at(at)!;
      const row = scheduled.anchors.indexOf(anchor);
      for (const { id } of catalogue.measures) {
        const whole = values(scheduled, id);
        expect(values(block, id)).toEqual(whole.slice(row * block.probes.length, (row + 1) * block.probes.length));
      }
    });
  });

  it("is answered before the rest of the scheduled anchors, which then come all the same", async () => {
    const inbox = new Inbox();
    inbox.push({ do: "train", until: 2 });
    let isAsked = false;
    const live = await carriedOut(specOf(), inbox, (chunk) => {
      if (isAsked || chunk.kind !== "response" || chunk.block.tick !== 2) return;
      isAsked = true;
      inbox.push({ do: "probe", anchors: [7], now: true });
      inbox.push({ do: "probe", anchors: [999], now: true });
      inbox.push({ do: "probe", anchors: [8], at: 0, now: true });
      inbox.close();
    });
    const blocks = live.chunks.flatMap((chunk) => (chunk.kind === "response" ? [chunk.block] : []));
    const order = blocks.slice(6).map(({ source, anchors }) => `${source} ${anchors.join()}`);
    expect(order.indexOf("probe 7")).toBe(1);
    expect(order.indexOf("probe 8")).toBeLessThan(order.length - 1);
    expect(live.chunks.filter(({ kind }) => kind === "refused")).toHaveLength(1);
    const replayed = await run(live.table.log.map(({ command }) => command));
    expect(live.table.scheduled).toHaveLength(2);
    expect(bytesOf(replayed.table)).toEqual(bytesOf(live.table));
  });

  it("answers with a sentence where the weights of a moment are not kept", async () => {
    await expect(run([{ do: "probe", anchors: [0], at: 99 }])).rejects.toThrow(
      "The weights of tick 99 are not kept; kept are: 0.",
    );
    await expect(run([{ do: "probe", anchors: [999] }])).rejects.toThrow("Example 999 does not exist");
  });
});

describe("learning", () => {
  it("is the step that a probe foretells", async () => {
    const { table, snapshots } = await run([
      { do: "train", until: 2 },
      { do: "probe", anchors: [0] },
      { do: "save" },
      { do: "learn", anchor: 0 },
      { do: "probe", anchors: [0] },
      { do: "save" },
    ]);
    expect(snapshots[1]!.tick).toBe(snapshots[0]!.tick + 1);
    const [before, after] = [table.anchorAt(2, 0)!, table.anchorAt(3, 0)!];
    before.probes.forEach((_, probe) => {
      const own = probe * before.outputCount + before.anchorLabels[0]!;
      expect(after.before[own]! - before.before[own]!).toBeCloseTo(before.change[probe]!, 4);
    });
  });
});

describe("a log", () => {
  it("replays a live session with interruptions byte for byte", async () => {
    const inbox = new Inbox();
    inbox.push({ do: "train", until: 6 });
    const asked = new Set<string>();
    const once = (name: string, commands: Command[]): void => {
      if (asked.has(name)) return;
      asked.add(name);
      for (const command of commands) inbox.push(command);
    };
    const live = await carriedOut(specOf(), inbox, (chunk) => {
      if (chunk.kind === "training" && chunk.row.epoch === 1)
        once("interrupt", [
          { do: "probe", anchors: [7], now: true },
          { do: "pause", now: true },
          { do: "learn", anchor: 3, now: true },
          { do: "probe", anchors: [3], at: 0, now: true },
        ]);
      if (chunk.kind === "log" && chunk.entry.command.do === "probe" && chunk.entry.command.at === 0)
        once("go on", [{ do: "train", until: 6 }]);
      if (chunk.kind === "training" && chunk.row.epoch === 3) inbox.close();
    });
    const log = live.table.log.map(({ command }) => command);
    expect(log.map((command) => command.do)).toEqual(["train", "probe", "learn", "probe", "train"]);
    expect(log.some((command) => "now" in command && command.now)).toBe(false);
    const replayed = await run(log);
    expect(bytesOf(replayed.table)).toEqual(bytesOf(live.table));
  });

  it("trains on from a rewind as if nothing had happened since", async () => {
    const back = await run([
      { do: "train", until: 6 },
      { do: "rewind", to: 2 },
      { do: "train", until: 6 },
      { do: "save" },
    ]);
    const straight = await run([{ do: "train", until: 6 }, { do: "save" }]);
    expect(back.snapshots).toEqual(straight.snapshots);
    expect(pack(back.table.scheduled)).toEqual(pack(straight.table.scheduled));
  });
});

describe("a run", () => {
  it("is the same bytes twice, and other bytes for another seed", async () => {
    const [first, second] = [await run([{ do: "train", until: 6 }]), await run([{ do: "train", until: 6 }])];
    expect(bytesOf(second.table)).toEqual(bytesOf(first.table));
    const other = await run([{ do: "train", until: 6 }], { ...specOf(), seed: 2 });
    expect(bytesOf(other.table)).not.toEqual(bytesOf(first.table));
  });

  it("is the closed form for the linear model at every epoch", async () => {
    const spec = specOf({ model: { id: "linear" } });
    const { table } = await run([{ do: "train", until: 6 }], spec);
    const [first, , last] = table.scheduled;
    const early = values(first!, "relative");
    values(last!, "relative").forEach((value, at) => expect(value).toBeCloseTo(early[at]!, 5));
  });

  it("leaves no tensors, whether it ends or is stopped", async () => {
    const before = tf.memory().numTensors;
    await run([
      { do: "train", until: 6 },
      { do: "probe", anchors: [0] },
      { do: "rewind", to: 2 },
    ]);
    expect(tf.memory().numTensors).toBe(before);
    const abort = new AbortController();
    const stopped = async (): Promise<void> => {
      for await (const chunk of lab.run(specOf(), script([{ do: "train", until: 6 }]), { signal: abort.signal }))
        if (chunk.kind === "response") abort.abort();
    };
    await expect(stopped()).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("goes back to its last good epoch when it diverges, says where, and can be probed there", async () => {
    const calm = specOf({ model: { id: "linear" } });
    const wild = {
      ...calm,
      training: { ...calm.training, batchSize: 4, stepSize: 100, loss: "squared-error" as const },
    };
    const { table, chunks } = await run(
      [
        { do: "train", until: 24 },
        { do: "probe", anchors: [0] },
      ],
      wild,
    );
    const trouble = chunks.find((chunk) => chunk.kind === "diverged");
    expect(trouble).toBeDefined();
    expect(trouble!.message).toContain(`step ${trouble!.step}`);
    expect(trouble!.message).toContain("lower the step size 100");
    expect(table.training.every(({ trainLoss }) => Number.isFinite(trainLoss))).toBe(true);
    expect(table.anchorAt(trouble!.tick, 0)).toBeDefined();
  });

  it("refuses a training that its model does not have before anything is opened", async () => {
    const spec = specOf({ model: { id: "neurashed" } });
    const opened: Chunk[] = [];
    for (const training of [
      { ...spec.training, momentum: 0.9 },
      { ...spec.training, stepSize: 5 },
    ])
      await expect(carriedOut({ ...spec, training }, new Inbox(), (chunk) => opened.push(chunk))).rejects.toThrow(
        /momentum is 0.9|step size is 5/,
      );
    expect(opened).toEqual([]);
  });

  it("refuses a live command that cannot be carried out, and goes on", async () => {
    const inbox = new Inbox();
    inbox.push({ do: "probe", anchors: [999], now: true });
    inbox.push({ do: "train", until: 2 });
    inbox.close();
    const { chunks, table } = await carriedOut(specOf(), inbox);
    expect(chunks.find((chunk) => chunk.kind === "refused")?.message).toContain("Example 999 does not exist");
    expect(table.training.at(-1)!.epoch).toBe(1);
  });
});

describe("CSV", () => {
  it("parses back to what the table holds", async () => {
    const spec = specOf();
    const { table } = await run([{ do: "train", until: 2 }], spec);
    const [header, ...rows] = [...rowLines(table, spec, ["relative"])].map((line) => line.split(","));
    const cells = table.scheduled.flatMap((block) => [...values(block, "relative")]);
    expect(rows.map((row) => Number(row[header!.indexOf("relative")]))).toEqual(cells);
    const [, ...matrix] = [...matrixLines(table.at(2)!, spec, "relative")].map((line) => line.split(","));
    expect(matrix.flatMap((row) => row.slice(1).map(Number))).toEqual([...values(table.at(2)!, "relative")]);
  });
});
