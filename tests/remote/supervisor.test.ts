// Workers that die: what the page is told, what the next worker is asked for, and when to give up.
import { afterEach, describe, expect, it, vi } from "vitest";
import { Inbox } from "../../src/lab/command.ts";
import { LabError } from "../../src/lab/error.ts";
import { backendIds, type BackendId, type Lab } from "../../src/lab/lab.ts";
import { patienceMs } from "../../src/remote/client.ts";
import { supervise, type Loss } from "../../src/remote/supervisor.ts";
import { closePorts, fakeWorker, reportOf, rewound, spec, stubLab, waiting, type FakeWorker } from "./wire.ts";

afterEach(() => {
  vi.useRealTimers();
  closePorts();
});

/** A page, its workers in the order they were made, and the backends that each was asked for. */
interface Page {
  readonly lab: Lab;
  readonly workers: FakeWorker[];
  readonly asked: (BackendId | "auto")[][];
  readonly losses: Loss[];
}

/** @param best what a worker takes when the choice is left to it */
function page(best: BackendId = "webgpu", parts: Partial<Lab> = {}): Page {
  const workers: FakeWorker[] = [];
  const asked: (BackendId | "auto")[][] = [];
  const losses: Loss[] = [];
  const makeWorker = (): FakeWorker => {
    const choices: (BackendId | "auto")[] = [];
    const worker = fakeWorker(
      stubLab({
        async chooseBackend(wanted) {
          choices.push(wanted);
          return reportOf(wanted === "auto" ? best : wanted);
        },
        run: waiting,
        ...parts,
      }),
    );
    asked.push(choices);
    workers.push(worker);
    return worker;
  };
  return { lab: supervise(makeWorker, (loss) => losses.push(loss)), workers, asked, losses };
}

const unstopped = (): AbortSignal => new AbortController().signal;

/** A run that has begun; its outcome is a loss. */
async function begun(lab: Lab): Promise<{ readonly loss: () => Promise<LabError> }> {
  const run = lab.run(spec, new Inbox(), { signal: unstopped() });
  expect(await run.next()).toEqual({ done: false, value: rewound(0) });
  return { loss: () => lossOf(run.next()) };
}

/** The error of a call whose worker was lost: one sentence. */
async function lossOf(call: Promise<unknown>): Promise<LabError> {
  const error = await call.then(
    () => expect.fail("It did not fail."),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: "worker-lost", message: expect.stringMatching(/^[A-Z][^.]*\.$/) });
  return error as LabError;
}

const lose = ({ workers }: Page): void => workers.at(-1)!.emit("error");

/** Loses a worker and waits until the next one has answered. */
async function loseAndGoOn(own: Page): Promise<void> {
  lose(own);
  await own.lab.describe();
}

describe("a worker", () => {
  it("is one for all calls, made by the first of them", async () => {
    const { lab, workers } = page();
    expect(workers).toHaveLength(0);
    await lab.describe();
    await lab.chooseBackend("auto");
    await lab.images(spec.dataset, [0]);
    expect(workers).toHaveLength(1);
  });

  it.each(["error", "messageerror"] as const)("that emits %s fails the calls open on it and is ended", async (type) => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const { lab, workers, losses } = page("webgpu", { images: never });
    const run = await begun(lab);
    const calls = [run.loss(), lossOf(lab.images(spec.dataset, [0]))];
    workers[0]!.emit(type);
    const sentences = (await Promise.all(calls)).map(({ message }) => message);
    expect(new Set(sentences).size).toBe(1);
    expect(sentences[0]).toContain("press Train");
    expect(losses).toEqual([{ count: 1, next: "auto" }]);
    expect(workers[0]!.terminated).toBe(true);
  });

  it("is lost once, however often it says so", async () => {
    const { lab, workers, losses } = page();
    await lab.describe();
    workers[0]!.emit("error");
    workers[0]!.emit("error");
    await lab.describe();
    workers[0]!.emit("messageerror");
    await lab.describe();
    expect(losses).toHaveLength(1);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it("that stays silent after a cancel counts as lost", async () => {
    vi.useFakeTimers();
    const silent = fakeWorker();
    const losses: Loss[] = [];
    const lab = supervise(
      () => silent,
      (loss) => losses.push(loss),
    );
    const abort = new AbortController();
    const outcome = lossOf(lab.run(spec, new Inbox(), { signal: abort.signal }).next());
    abort.abort();
    vi.advanceTimersByTime(patienceMs);
    await outcome;
    expect(losses).toEqual([{ count: 1, next: "auto" }]);
    expect(silent.terminated).toBe(true);
  });
});

describe("after a loss", () => {
  it("the next call reaches a fresh worker, which is asked for the chosen backend first", async () => {
    const own = page();
    await own.lab.chooseBackend("wasm");
    lose(own);
    await begun(own.lab);
    expect(own.workers).toHaveLength(2);
    expect(own.asked).toEqual([["wasm"], ["wasm"]]);
  });

  it("no worker is made before there is a call for it", async () => {
    const own = page();
    await own.lab.describe();
    lose(own);
    expect(own.workers).toHaveLength(1);
  });

  it("a backend that was refused is not asked for again", async () => {
    const refusing: Lab["chooseBackend"] = async (wanted) => {
      if (wanted !== "webgl") return reportOf("cpu");
      throw new LabError("backend-unsupported", "webgl: there is none.");
    };
    const choose = vi.fn(refusing);
    const own = page("cpu", { chooseBackend: choose });
    await own.lab.chooseBackend("cpu");
    await expect(own.lab.chooseBackend("webgl")).rejects.toThrow("there is none");
    await loseAndGoOn(own);
    expect(choose.mock.calls.map(([wanted]) => wanted)).toEqual(["cpu", "webgl", "cpu"]);
  });

  it("a fresh worker that refuses the backend still carries out runs", async () => {
    let known = true;
    const chooseBackend: Lab["chooseBackend"] = async () => {
      if (known) return reportOf("webgl");
      throw new LabError("backend-unsupported", "webgl: it is gone.");
    };
    const own = page("webgl", { chooseBackend });
    await own.lab.chooseBackend("webgl");
    known = false;
    lose(own);
    await begun(own.lab);
    expect(own.workers).toHaveLength(2);
  });
});

describe("a second loss", () => {
  it.each([
    ["webgpu", "webgl"],
    ["webgl", "wasm"],
    ["wasm", "cpu"],
  ] as const)("steps down from %s to %s and says so", async (best, safer) => {
    const own = page(best);
    await own.lab.chooseBackend("auto");
    await loseAndGoOn(own);
    const run = await begun(own.lab);
    lose(own);
    expect((await run.loss()).message).toContain(safer);
    expect(own.losses).toEqual([
      { count: 1, next: "auto" },
      { count: 2, next: safer },
    ]);
    await begun(own.lab);
    expect(own.asked).toEqual([["auto"], ["auto"], [safer]]);
  });

  it("stays on the last backend of the ladder, below which there is none", async () => {
    const last = backendIds.at(-1)!;
    const own = page();
    await own.lab.chooseBackend(last);
    await loseAndGoOn(own);
    await loseAndGoOn(own);
    expect(own.losses).toEqual([
      { count: 1, next: last },
      { count: 2, next: last },
    ]);
    expect(own.asked).toEqual([[last], [last], [last]]);
  });
});

describe("a third loss", () => {
  it("is the last: no worker is made, and every call says to reload", async () => {
    const own = page();
    await own.lab.chooseBackend("auto");
    await loseAndGoOn(own);
    await loseAndGoOn(own);
    const run = await begun(own.lab);
    lose(own);
    const { lab } = own;
    const errors = [
      await run.loss(),
      await lossOf(lab.describe()),
      await lossOf(lab.chooseBackend("cpu")),
      await lossOf(lab.images(spec.dataset, [0])),
      await lossOf(lab.run(spec, new Inbox(), { signal: unstopped() }).next()),
    ];
    for (const { message } of errors) expect(message).toContain("reload the page");
    expect(own.workers.map(({ terminated }) => terminated)).toEqual([true, true, true]);
    expect(own.losses.at(-1)).toMatchObject({ count: 3 });
  });
});

describe("a loss with nobody listening", () => {
  it("leaves no rejection unhandled", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    try {
      const never = (): Promise<never> => new Promise(() => undefined);
      const own = page("webgpu", { chooseBackend: never });
      // The second and the third worker are lost while they are being asked for their backend.
      for (let count = 0; count < 3; count++) {
        await own.lab.describe();
        lose(own);
      }
      await lossOf(own.lab.describe());
      // Node tells of unhandled rejections after the microtasks of a turn.
      await new Promise((resolve) => setImmediate(resolve));
      expect(own.losses).toHaveLength(3);
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });
});
