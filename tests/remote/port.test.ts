// A lab beyond a port: the same bytes, the same errors, and no more work under way than was asked for.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pack } from "../../src/lab/archive.ts";
import { Inbox, script, type Command } from "../../src/lab/command.ts";
import { errorCodes, LabError } from "../../src/lab/error.ts";
import type { Lab, RunOptions, Snapshot } from "../../src/lab/lab.ts";
import { localLab } from "../../src/lab/local.ts";
import { parseSpec, type ExperimentSpec } from "../../src/lab/spec.ts";
import type { Chunk } from "../../src/lab/table.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { connect, patienceMs, type Remote } from "../../src/remote/client.ts";
import { initialCredit, type Port, type Reply, type Request } from "../../src/remote/protocol.ts";
import { fakeLab } from "../helpers/fakeLab.ts";
import { nodeBackends, nodeHost } from "../helpers/host.ts";
import { across, closePorts, reportOf, rewound, spec, stubLab, waiting, watched } from "./wire.ts";

afterEach(closePorts);

const unstopped = (): AbortSignal => new AbortController().signal;

async function collected(run: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of run) chunks.push(chunk);
  return chunks;
}

/** What a promise is rejected with. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("It did not fail."),
    (error: unknown) => error,
  );

describe("an experiment beyond a port", () => {
  const commands: readonly Command[] = [
    { do: "train", until: 4 },
    { do: "save" },
    { do: "probe", anchors: [0, 11] },
    { do: "learn", anchor: 3 },
    { do: "save" },
    { do: "probe", anchors: [3], at: 0 },
    { do: "rewind", to: 2 },
    { do: "train", until: 6 },
    { do: "save" },
  ];

  /** Everything but the progress, which tells of time. */
  async function chunksOf(lab: Lab, own: ExperimentSpec, options: Partial<RunOptions> = {}): Promise<Chunk[]> {
    // What was before a start is not there to be looked at again.
    const asked = options.start ? commands.slice(0, 5) : commands;
    const chunks = await collected(lab.run(own, script(asked), { signal: unstopped(), ...options }));
    return chunks.filter(({ kind }) => kind !== "progress");
  }

  const saved = (chunks: readonly Chunk[]): Snapshot =>
    chunks.flatMap((chunk) => (chunk.kind === "snapshot" ? [chunk.snapshot] : []))[0]!;

  it.each(nodeBackends)("yields the same bytes as here on %s, and takes nothing that the lab needs", async (id) => {
    const here = localLab(nodeHost);
    const there = across(here);
    expect((await there.chooseBackend(id)).id).toBe(id);
    const own = await threeClasses(here);
    const before = await chunksOf(here, own);
    expect(new Set(before.map(({ kind }) => kind))).toContain("snapshot");
    expect(pack(await chunksOf(there, own))).toEqual(pack(before));
    expect(pack(await chunksOf(here, own))).toEqual(pack(before));
  });

  it("starts from the weights it is given and measures every score where that is asked for", async () => {
    const here = localLab(nodeHost);
    await here.chooseBackend("wasm");
    const own = await threeClasses(here);
    const plain = await chunksOf(here, own);
    const options = { start: saved(plain), whole: true };
    const started = await chunksOf(here, own, options);
    expect(started[0]).toMatchObject({ kind: "opened", tick: options.start.tick });
    expect(started.some((chunk) => chunk.kind === "response" && chunk.block.wholeChange)).toBe(true);
    expect(pack(await chunksOf(across(here), own, options))).toEqual(pack(started));
  });
});

/** Three classes of ten images and a small network: two batches an epoch. */
async function threeClasses(lab: Lab): Promise<ExperimentSpec> {
  return parseSpec(
    {
      dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 10, testPerClass: 4 },
      model: { id: "mlp", params: { widths: [12] } },
      training: { epochs: 3, batchSize: 16, stepSize: 0.05 },
      probing: { anchorsPerClass: 2, probesPerClass: 3, epochs: [0, 1, 3] },
    },
    await lab.describe(),
  );
}

describe("an answer", () => {
  it("is that of the lab behind the port", async () => {
    const here = fakeLab();
    const there = across(here);
    expect(await there.describe()).toEqual(await here.describe());
    expect(await there.chooseBackend("wasm")).toEqual(await here.chooseBackend("wasm"));
    const images = await there.images(spec.dataset, [0, 5, 7]);
    expect(images).toEqual(await here.images(spec.dataset, [0, 5, 7]));
    expect(images).not.toEqual(await there.images(spec.dataset, [0, 5, 8]));
  });

  it("hands images over instead of copying them", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await across(stubLab({ images: async () => bytes })).images(spec.dataset, [0])).toEqual(
      Uint8Array.of(1, 2, 3),
    );
    expect(bytes.byteLength).toBe(0);
  });

  it("comes while a run is under way", async () => {
    const remote = across(stubLab({ run: waiting }));
    const run = remote.run(spec, new Inbox(), { signal: unstopped() });
    await run.next();
    expect(await remote.chooseBackend("webgl")).toEqual(reportOf("webgl"));
    await run.return();
  });

  it("on the backend comes before a run that was asked for after it begins", async () => {
    const order: string[] = [];
    let settle = (): void => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const remote = across(
      stubLab({
        async chooseBackend() {
          await settled;
          order.push("chosen");
          return reportOf("cpu");
        },
        async *run() {
          order.push("begun");
          yield rewound(0);
        },
      }),
    );
    const choice = remote.chooseBackend("cpu");
    const run = collected(remote.run(spec, new Inbox(), { signal: unstopped() }));
    await remote.describe();
    settle();
    await Promise.all([choice, run]);
    expect(order).toEqual(["chosen", "begun"]);
  });

  it("that refuses a backend keeps no later run from beginning", async () => {
    const remote = across(
      stubLab({
        chooseBackend: () => Promise.reject(new LabError("backend-unsupported", "There is none; choose cpu.")),
        run: async function* () {
          yield rewound(7);
        },
      }),
    );
    const refusal = failureOf(remote.chooseBackend("webgpu"));
    expect(await collected(remote.run(spec, new Inbox(), { signal: unstopped() }))).toEqual([rewound(7)]);
    expect(await refusal).toMatchObject({ code: "backend-unsupported" });
  });
});

describe("an error", () => {
  const failing = (error: unknown): Remote =>
    across(
      stubLab({
        describe: () => Promise.reject(error),
        images: () => Promise.reject(error),
        async *run() {
          yield rewound(0);
          throw error;
        },
      }),
    );

  const failures = async (remote: Remote): Promise<unknown[]> => [
    await failureOf(remote.describe()),
    await failureOf(remote.images(spec.dataset, [0])),
    await failureOf(collected(remote.run(spec, new Inbox(), { signal: unstopped() }))),
  ];

  it.each(errorCodes)("keeps its code and sentence: %s", async (code) => {
    const sentence = `The width 0 of layer 2 is ${code}; give 1 or more.`;
    for (const error of await failures(failing(new LabError(code, sentence)))) {
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ code, message: sentence });
    }
  });

  it("that nobody foresaw is called internal and brings its message, not its stack", async () => {
    const error = new TypeError("weights is undefined");
    expect(error.stack).toContain("port.test");
    for (const failure of await failures(failing(error)))
      expect(failure).toMatchObject({ code: "internal", message: "weights is undefined" });
  });

  it("does not take with it what came before", async () => {
    const run = failing(new Error("late")).run(spec, new Inbox(), { signal: unstopped() });
    expect(await run.next()).toEqual({ done: false, value: rewound(0) });
    await expect(run.next()).rejects.toThrow("late");
  });

  it("of a chunk that cannot cross the port fails the run", async () => {
    const remote = across(
      stubLab({
        async *run() {
          yield Object.assign(rewound(0), { call: () => undefined });
        },
      }),
    );
    const failure = await failureOf(collected(remote.run(spec, new Inbox(), { signal: unstopped() })));
    expect(failure).toMatchObject({ code: "internal" });
  });
});

describe("a run that is cancelled", () => {
  /** A training without an end, thirty steps an epoch; all that is measured is every image at the start. */
  async function endless() {
    const here = localLab(nodeHost);
    await here.chooseBackend("wasm");
    const own = await threeClasses(here);
    const { lab, over } = watched(here);
    const run = (signal: AbortSignal): AsyncGenerator<Chunk> =>
      across(lab).run(
        {
          ...own,
          // Steps so small that the loss stays finite for as long as anybody looks.
          training: { ...own.training, batchSize: 1, stepSize: 1e-5 },
          probing: { ...own.probing, anchorSplit: "train", anchorsPerClass: 10, epochs: [0] },
        },
        script([{ do: "train", until: 1e9 }]),
        { signal },
      );
    return { run, over };
  }

  const isTrained = (chunk: Chunk): boolean => chunk.kind === "training" && chunk.row.epoch === 2;

  it("ends in the middle of a training and leaves no tensors", async () => {
    const { run, over } = await endless();
    const before = tf.memory().numTensors;
    const abort = new AbortController();
    let whileTraining = 0;
    const stopped = async (): Promise<void> => {
      for await (const chunk of run(abort.signal)) {
        if (!isTrained(chunk)) continue;
        whileTraining = tf.memory().numTensors;
        abort.abort();
      }
    };
    expect(await failureOf(stopped())).toMatchObject({ code: "cancelled" });
    await over;
    expect(whileTraining).toBeGreaterThan(before);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("ends when its reader leaves, and leaves no tensors", async () => {
    const { run, over } = await endless();
    const before = tf.memory().numTensors;
    for await (const chunk of run(unstopped())) if (isTrained(chunk)) break;
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    await over;
    expect(tf.memory().numTensors).toBe(before);
  });

  it("ends while it is being measured", async () => {
    const { run, over } = await endless();
    const before = tf.memory().numTensors;
    const abort = new AbortController();
    let measured = 0;
    const stopped = async (): Promise<void> => {
      for await (const chunk of run(abort.signal)) {
        if (chunk.kind !== "response") continue;
        measured += 1;
        abort.abort();
      }
    };
    expect(await failureOf(stopped())).toMatchObject({ code: "cancelled" });
    expect(measured).toBeLessThan(30);
    await over;
    expect(tf.memory().numTensors).toBe(before);
  });

  it("ends while it waits for a command", async () => {
    const { lab, over } = watched(stubLab({ run: waiting }));
    const abort = new AbortController();
    const run = across(lab).run(spec, new Inbox(), { signal: abort.signal });
    await run.next();
    abort.abort();
    expect(await failureOf(run.next())).toMatchObject({ code: "cancelled" });
    await over;
  });

  it("ends while it waits for its reader", async () => {
    const { lab, over } = watched(counting().lab);
    const abort = new AbortController();
    const remote = across(lab);
    const run = remote.run(spec, new Inbox(), { signal: abort.signal });
    await run.next();
    await remote.describe();
    abort.abort();
    await over;
    expect(await failureOf(collected(run))).toMatchObject({ code: "cancelled" });
  });

  it("ends at once when it was cancelled before it began", async () => {
    const abort = new AbortController();
    abort.abort();
    const run = across(stubLab({ run: waiting })).run(spec, new Inbox(), { signal: abort.signal });
    expect(await failureOf(collected(run))).toMatchObject({ code: "cancelled" });
  });

  it("leaves another run alone", async () => {
    const remote = across(stubLab({ run: waiting }));
    const abort = new AbortController();
    const inbox = new Inbox();
    const [stopped, kept] = [
      remote.run(spec, new Inbox(), { signal: abort.signal }),
      remote.run(spec, inbox, { signal: unstopped() }),
    ];
    await Promise.all([stopped.next(), kept.next()]);
    abort.abort();
    await failureOf(stopped.next());
    inbox.close();
    expect(await kept.next()).toEqual({ done: true, value: undefined });
  });
});

/** A lab that yields without end, and how many chunks were taken from it. */
function counting(): { lab: Lab; count: () => number } {
  let taken = 0;
  const lab = stubLab({
    async *run() {
      for (;;) yield rewound(taken++);
    },
  });
  return { lab, count: () => taken };
}

describe("a reader that is slow", () => {
  it("has no more waiting for it than the credit it gave, and one in the lab's hand", async () => {
    const { lab, count } = counting();
    const remote = across(lab);
    const run = remote.run(spec, new Inbox(), { signal: unstopped() });
    // Each item taken gives credit for one more when the next is asked for; the answer comes after all it sets off.
    for (let read = 1; read <= 3 * initialCredit; read++) {
      expect(await run.next()).toEqual({ done: false, value: rewound(read - 1) });
      await remote.describe();
      const credit = initialCredit + read - 1;
      expect(count()).toBeGreaterThanOrEqual(credit);
      expect(count()).toBeLessThanOrEqual(credit + 1);
    }
    await run.return();
  });

  it("does not hold up another", async () => {
    const remote = across(counting().lab);
    const slow = remote.run(spec, new Inbox(), { signal: unstopped() });
    await slow.next();
    const fast = remote.run(spec, new Inbox(), { signal: unstopped() });
    for (let read = 0; read < 3 * initialCredit; read++) expect((await fast.next()).done).toBe(false);
    await Promise.all([slow.return(), fast.return()]);
  });
});

describe("what a run yields", () => {
  it("is handed over, not copied, once for all arrays on one buffer", async () => {
    const shared = new Float32Array([1, 2, 3, 4]);
    const weights = [new Float32Array([0.5, -0.5]), shared.subarray(0, 2), shared.subarray(2)];
    const chunk: Chunk = { kind: "snapshot", snapshot: { tick: 1, epoch: 1, weights } };
    const copy = structuredClone(chunk);
    const remote = across(
      stubLab({
        async *run() {
          yield chunk;
        },
      }),
    );
    expect(await collected(remote.run(spec, new Inbox(), { signal: unstopped() }))).toEqual([copy]);
    expect(weights.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0]);
  });

  it("stays its own, in order, when two run at once, and so do their commands", async () => {
    const echoing = stubLab({
      async *run({ seed }, inbox, { signal }) {
        for (;;) {
          const command = await inbox.next(signal);
          if (!command) return;
          yield { kind: "log", entry: { command, tick: seed } };
        }
      },
    });
    const remote = across(echoing);
    const commands = Array.from({ length: 3 * initialCredit }, (_, until): Command => ({ do: "train", until }));
    const [first, second] = [1, 2].map((seed) => {
      const inbox = new Inbox();
      return { inbox, chunks: collected(remote.run({ ...spec, seed }, inbox, { signal: unstopped() })) };
    });
    commands.forEach((command, at) => (at % 3 === 0 ? first! : second!).inbox.push(command));
    for (const { inbox } of [first!, second!]) inbox.close();
    const told = (tick: number, mine: (at: number) => boolean): Chunk[] =>
      commands.filter((_, at) => mine(at)).map((command) => ({ kind: "log", entry: { command, tick } }));
    expect(await first!.chunks).toEqual(told(1, (at) => at % 3 === 0));
    expect(await second!.chunks).toEqual(told(2, (at) => at % 3 !== 0));
  });
});

describe("patience with a cancelled run", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A client whose far side is the test itself. */
  function alone() {
    const posted: Request[] = [];
    const whenStuck = vi.fn<() => void>();
    let listen: (event: MessageEvent) => void = () => undefined;
    const port: Port = {
      postMessage: (message) => void posted.push(message as Request),
      addEventListener: (_type, listener) => (listen = listener),
    };
    const remote = connect(port, whenStuck);
    return {
      remote,
      whenStuck,
      reply: (reply: Reply) => listen({ data: reply } as MessageEvent),
      opened: () => posted.filter(({ kind }) => kind === "open").at(-1)!.id,
    };
  }

  /** A run with a reader, told to stop where that is asked for. */
  function running({ remote, opened }: ReturnType<typeof alone>) {
    const abort = new AbortController();
    const outcome = failureOf(collected(remote.run(spec, new Inbox(), { signal: abort.signal })));
    return { id: opened(), stop: () => abort.abort(), outcome };
  }

  const ended = (id: number): Reply => ({ kind: "fail", id, code: "cancelled", message: "Stopped as asked." });

  it("ends when the far side has been silent for so long", () => {
    const far = alone();
    running(far).stop();
    vi.advanceTimersByTime(patienceMs - 1);
    expect(far.whenStuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(far.whenStuck).toHaveBeenCalledTimes(1);
  });

  it("starts anew with whatever comes, and only with that", () => {
    const far = alone();
    const other = running(far);
    running(far).stop();
    void far.remote.describe();
    const news: Reply[] = [
      { kind: "item", id: other.id, value: rewound(0) },
      { kind: "end", id: far.opened() },
      { kind: "ready" },
      { kind: "item", id: other.id, value: rewound(1) },
    ];
    for (const reply of news) {
      vi.advanceTimersByTime(0.8 * patienceMs);
      far.reply(reply);
    }
    expect(far.whenStuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0.8 * patienceMs);
    other.stop();
    vi.advanceTimersByTime(0.2 * patienceMs);
    expect(far.whenStuck).toHaveBeenCalledTimes(1);
  });

  it("is not needed once the run has ended", async () => {
    const far = alone();
    const { id, stop, outcome } = running(far);
    stop();
    vi.advanceTimersByTime(0.8 * patienceMs);
    far.reply(ended(id));
    expect(await outcome).toMatchObject({ code: "cancelled" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lasts until the last of the cancelled runs has ended", () => {
    const far = alone();
    const [first, second] = [running(far), running(far)];
    first.stop();
    second.stop();
    far.reply(ended(first.id));
    expect(vi.getTimerCount()).toBe(1);
    far.reply(ended(second.id));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not lost when the reader leaves before the end", async () => {
    const far = alone();
    const run = far.remote.run(spec, new Inbox(), { signal: unstopped() });
    const first = run.next();
    far.reply({ kind: "item", id: far.opened(), value: rewound(0) });
    await first;
    await run.return();
    vi.advanceTimersByTime(patienceMs);
    expect(far.whenStuck).toHaveBeenCalledTimes(1);
  });

  it("is not asked of a run that nobody cancelled", () => {
    const far = alone();
    const { id } = running(far);
    far.reply({ kind: "item", id, value: rewound(0) });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is over when the far side is given up, and so are the calls to come", async () => {
    const far = alone();
    const { stop, outcome } = running(far);
    stop();
    const lost = new LabError("worker-lost", "The worker stopped; reload the page.");
    far.remote.fail(lost);
    expect(await outcome).toBe(lost);
    expect(await failureOf(far.remote.describe())).toBe(lost);
    expect(await running(far).outcome).toBe(lost);
    expect(vi.getTimerCount()).toBe(0);
  });
});
