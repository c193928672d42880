// A study beyond a port: the same findings as here, taken up where it was stopped.
import { afterEach, describe, expect, it } from "vitest";
import type { Lab } from "../../src/lab/lab.ts";
import { localLab } from "../../src/lab/local.ts";
import { studies } from "../../src/lab/studies.ts";
import { parseStudy, type StudyEvent } from "../../src/lab/study.ts";
import { nodeHost } from "../helpers/host.ts";
import { across, closePorts } from "./wire.ts";

afterEach(closePorts);

const spec = parseStudy({ study: "geometry", params: { widths: [8], seeds: [1, 2] } }, studies);

async function findingsOf(lab: Lab, known: ReadonlySet<string> = new Set()): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, known }))
    if (event.kind === "finding") found.set(event.key, event.value);
  return found;
}

describe("a study beyond a port", () => {
  it("finds the same as here, under the keys that it said", async () => {
    const here = await findingsOf(localLab(nodeHost));
    const there = await findingsOf(across(localLab(nodeHost)));
    expect(there).toEqual(here);
    expect([...here.keys()]).toEqual(studies.find(({ id }) => id === spec.study)!.keys(spec.params));
  });

  it("does not repeat what is known", async () => {
    const keys = studies.find(({ id }) => id === spec.study)!.keys(spec.params);
    const rest = await findingsOf(across(localLab(nodeHost)), new Set(keys.slice(0, 4)));
    expect([...rest.keys()]).toEqual(keys.slice(4));
  });

  it("ends when it is told to stop, with what was found until then", async () => {
    const stop = new AbortController();
    const found: StudyEvent[] = [];
    const reading = async (): Promise<void> => {
      for await (const event of across(localLab(nodeHost)).study(
        parseStudy({ study: "geometry", params: { widths: [8], epochs: 20000, seeds: [1] } }, studies),
        { signal: stop.signal },
      )) {
        found.push(event);
        if (found.some(({ kind }) => kind === "finding")) stop.abort(new Error("enough"));
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: "cancelled" });
    expect(found.filter(({ kind }) => kind === "finding").length).toBeLessThan(6);
  });
});
