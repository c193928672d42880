// A study shared by workers of a page: who is started for it, what is found, and what happens when one is lost or told to stop.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { BackendId, Lab, StudyOptions } from "../src/lab/lab.ts";
import { localLab } from "../src/lab/local.ts";
import { LabError } from "../src/lab/error.ts";
import { studies } from "../src/lab/studies.ts";
import { parseStudy, type StudyEvent, type StudySpec } from "../src/lab/study.ts";
import { withTeam } from "../src/team.ts";
import { nodeHost } from "./helpers/host.ts";
import { closePorts, fakeWorker, reportOf, stubLab, type FakeWorker } from "./remote/wire.ts";

afterEach(closePorts);

const specOf = (params: object, study = "phase-diagram"): StudySpec => parseStudy({ study, params }, studies);
const small = { tailCount: 2, ratioCount: 6, steps: 50, runs: 1 };
const keysOf = ({ study, params }: StudySpec): readonly string[] =>
  studies.find(({ id }) => id === study)!.keys(params);

interface Found {
  readonly findings: Map<string, unknown>;
  readonly events: StudyEvent[];
}

async function found(lab: Lab, spec: StudySpec, options: Partial<StudyOptions> = {}): Promise<Found> {
  const result: Found = { findings: new Map(), events: [] };
  for await (const event of lab.study(spec, { signal: new AbortController().signal, ...options })) {
    result.events.push(event);
    if (event.kind === "finding") result.findings.set(event.key, event.value);
  }
  return result;
}

/** A lab whose findings are its name, each after a while or when it is let. */
function named(name: string, gate: (key: string) => Promise<unknown> = () => wait(5)): Lab {
  return stubLab({
    async *study(spec, { signal, known = new Set() }) {
      const stopped = new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new LabError("cancelled", "Stopped as asked."))),
      );
      stopped.catch(() => undefined);
      for (const key of keysOf(spec).filter((each) => !known.has(each))) {
        yield { kind: "progress", progress: { stage: name, share: 0.5 } };
        await Promise.race([gate(key), stopped]);
        yield { kind: "finding", key, value: name };
      }
    },
  });
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = (): Promise<never> => new Promise(() => undefined);

interface Page {
  readonly lab: Lab;
  readonly workers: FakeWorker[];
  /** What each was told of how many share the machine. */
  readonly shares: number[];
}

async function page(
  own: Lab,
  others: readonly Lab[],
  { most = 2, patienceMs = 0, backend = "wasm" } = {},
): Promise<Page> {
  const workers: FakeWorker[] = [];
  const shares: number[] = [];
  const hire = (shareCount: number): FakeWorker => {
    shares.push(shareCount);
    workers.push(fakeWorker(others[workers.length]));
    return workers.at(-1)!;
  };
  const lab = withTeam(own, { hire, most, patienceMs });
  await lab.chooseBackend(backend as BackendId);
  return { lab, workers, shares };
}

const whoOf = ({ findings }: Found): Set<unknown> => new Set(findings.values());

describe("a study that several workers share", () => {
  it("finds the same as in one, under the same keys", async () => {
    const spec = specOf(small);
    const alone = await found(localLab(nodeHost), spec);
    const { lab, workers } = await page(localLab(nodeHost), [localLab(nodeHost), localLab(nodeHost)]);
    const together = await found(lab, spec);
    expect(new Map([...together.findings].toSorted())).toEqual(new Map([...alone.findings].toSorted()));
    expect(workers).toHaveLength(2);
  });

  it("goes over to those hired for it, once each is through with what it began", async () => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const own = named("own", () => begun);
    const { lab, workers, shares } = await page(own, [named("one", () => wait(5).then(begin)), named("two")]);
    const result = await found(lab, specOf({ ...small, ratioCount: 12 }));
    expect(whoOf(result)).toEqual(new Set(["own", "one", "two"]));
    expect([...result.findings.values()].filter((who) => who === "own")).toHaveLength(1);
    expect(shares).toEqual([2, 2]);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it("has progress that counts all pieces under way", async () => {
    const gates = new Map<string, () => void>();
    const gate = (key: string): Promise<void> => new Promise((resolve) => gates.set(key, resolve));
    const { lab } = await page(named("own", gate), [named("one", gate), named("two", gate)]);
    const shares: number[] = [];
    const spec = specOf({ ...small, ratioCount: 3 });
    for await (const event of lab.study(spec, { signal: new AbortController().signal })) {
      if (event.kind === "progress") shares.push(event.progress.share);
      if (shares.length === 3) for (const open of gates.values()) open();
    }
    expect(shares).toEqual([0.5, 1, 1.5]);
  });

  it("gives each a share of the machine where there are fewer pieces than workers", async () => {
    const labs = [named("one"), named("two")];
    const { lab, shares } = await page(
      named("own", () => wait(20)),
      labs,
      { most: 8 },
    );
    await found(lab, specOf({ ...small, ratioCount: 3 }));
    // The own worker is at the third.
    expect(shares).toEqual([3, 3]);
  });
});

describe("nobody is started", () => {
  it.each([
    ["for a study that is soon over", { patienceMs: 10_000 }, small, "phase-diagram"],
    ["on one core", { most: 1 }, small, "phase-diagram"],
    ["on a graphics device", { backend: "webgpu" }, small, "phase-diagram"],
    ["for one piece", {}, { seeds: [1] }, "le-sde"],
    ["for findings that share their work", {}, {}, "step-size"],
  ])("%s", async (_why, means, params, study) => {
    const { lab, workers } = await page(named("own"), [], means);
    expect(whoOf(await found(lab, specOf(params, study)))).toEqual(new Set(["own"]));
    expect(workers).toHaveLength(0);
  });
});

describe("a worker that is lost", () => {
  it("leaves its piece to another", async () => {
    const own = named("own", () => wait(30));
    const started = vi.fn<(key: string) => Promise<never>>(never);
    const { lab, workers } = await page(own, [named("lost", started), named("other", () => wait(10))]);
    const spec = specOf(small);
    const study = found(lab, spec);
    await expect.poll(() => started.mock.calls.length).toBe(1);
    workers[0]!.emit("error");
    const result = await study;
    expect([...result.findings.keys()].toSorted()).toEqual([...keysOf(spec)].toSorted());
    expect(whoOf(result)).toEqual(new Set(["own", "other"]));
  });

  it("leaves it to the page's own worker where no other is left, also before it began", async () => {
    const started = vi.fn<(key: string) => Promise<never>>(never);
    const broken = stubLab({ chooseBackend: () => Promise.reject(new LabError("internal", "No memory.")) });
    const { lab, workers } = await page(
      named("own", () => wait(10)),
      [named("lost", started), broken],
    );
    const spec = specOf(small);
    const study = found(lab, spec);
    await expect.poll(() => started.mock.calls.length).toBe(1);
    workers[0]!.emit("error");
    const result = await study;
    expect(whoOf(result)).toEqual(new Set(["own"]));
    expect(result.findings.size).toBe(6);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it("is told where no other comes", async () => {
    const broken = stubLab({ chooseBackend: () => Promise.reject(new LabError("internal", "No memory.")) });
    const own = stubLab({
      study: () => {
        throw new LabError("worker-lost", "The computing worker stopped.");
      },
    });
    const { lab } = await page(own, [broken, broken]);
    await expect(found(lab, specOf(small))).rejects.toThrow("The computing worker stopped.");
  });
});

describe("a study that several share", () => {
  it("stops in a moment, and with it whoever was hired", async () => {
    const stop = new AbortController();
    const started = vi.fn<(key: string) => Promise<never>>(never);
    const { lab, workers } = await page(named("own", never), [named("one", started), named("two", started)]);
    const outcome = found(lab, specOf(small), { signal: stop.signal }).catch((error: unknown) => error);
    await expect.poll(() => started.mock.calls.length).toBe(2);
    stop.abort();
    expect(await outcome).toMatchObject({ code: "cancelled" });
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it("stops with a sentence when the backend changes under it", async () => {
    const started = vi.fn<(key: string) => Promise<never>>(never);
    const { lab, workers } = await page(
      named("own", () => wait(5)),
      [named("one", started), named("two", started)],
    );
    const outcome = found(lab, specOf(small)).catch((error: unknown) => error);
    await expect.poll(() => started.mock.calls.length).toBe(2);
    expect(await lab.chooseBackend("cpu")).toEqual(reportOf("cpu"));
    expect(await outcome).toMatchObject({ message: expect.stringContaining("press Resume") });
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it("repeats nothing that is known", async () => {
    const spec = specOf(small);
    const keys = keysOf(spec);
    const { lab } = await page(named("own"), [named("one"), named("two")]);
    const { findings } = await found(lab, spec, { known: new Set(keys.slice(0, 3)) });
    expect([...findings.keys()].toSorted()).toEqual(keys.slice(3).toSorted());
  });
});
