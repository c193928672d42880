// A study on the page: run, paused, changed and taken up again without losing anything; its link and its file.
import { describe, expect, it } from "vitest";
import { isStudyLink } from "../../src/app/state/link.ts";
import {
  changed,
  counted,
  decodeStudy,
  encodeStudy,
  sharedStudy,
  studyInText,
  studyText,
} from "../../src/app/state/studyShelf.ts";
import { createStudiesStore, createStudyActions } from "../../src/app/state/studies.ts";
import { LabError } from "../../src/lab/error.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { Values } from "../../src/lab/params.ts";
import { studies } from "../../src/lab/studies.ts";
import type { StudyEvent } from "../../src/lab/study.ts";
import { stubLab } from "../remote/wire.ts";

const geometry = (params: Values = {}, view: Values = {}) => sharedStudy({ study: "geometry", params }, view);

/** A lab that finds what it is let to, a key at a time. */
function slowLab(): Lab & { next(): Promise<void>; asked: string[] } {
  const gates: (() => void)[] = [];
  const waiters: (() => void)[] = [];
  const asked: string[] = [];
  const lab = stubLab({
    async *study(spec, { signal, known = new Set() }): AsyncGenerator<StudyEvent, void> {
      for (const key of studies.find(({ id }) => id === spec.study)!.keys(spec.params)) {
        if (known.has(key)) continue;
        asked.push(key);
        await new Promise<void>((resolve, reject) => {
          gates.push(resolve);
          signal.addEventListener("abort", () => {
            gates.splice(gates.indexOf(resolve), 1);
            reject(new LabError("cancelled", "Stopped as asked."));
          });
          waiters.shift()?.();
        });
        yield { kind: "finding", key, value: { key } };
      }
    },
  });
  return {
    ...lab,
    asked,
    async next() {
      if (gates.length === 0) await new Promise<void>((resolve) => waiters.push(resolve));
      gates.shift()!();
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

function page() {
  const store = createStudiesStore();
  const lab = slowLab();
  const errors: unknown[] = [];
  const actions = createStudyActions({
    store,
    lab,
    report: (error) => errors.push(error),
    nextFrame: (draw) => void setTimeout(draw),
  });
  const open = () => store.getState().open!;
  return { store, lab, errors, actions, open };
}

describe("a study on the page", () => {
  it("finds one after the other, and stands still when all is found", async () => {
    const { lab, actions, open } = page();
    actions.open(geometry());
    expect(counted(open())).toEqual({ done: 0, total: 3 });
    actions.run();
    expect(open().phase).toBe("running");
    for (let at = 0; at < 3; at++) await lab.next();
    expect(counted(open())).toEqual({ done: 3, total: 3 });
    expect(open().phase).toBe("ready");
  });

  it("keeps what was found through a pause, other parameters and the live lab", async () => {
    const { lab, actions, open, errors } = page();
    actions.open(geometry());
    actions.run();
    await lab.next();
    actions.pause();
    expect(open().phase).toBe("ready");
    actions.change(changed(open().spec, { ...open().spec.params, seeds: [1, 2] }));
    expect(counted(open())).toEqual({ done: 1, total: 6 });
    actions.close();
    actions.open(geometry());
    expect(counted(open())).toEqual({ done: 1, total: 3 });
    actions.run();
    await lab.next();
    expect(lab.asked).toHaveLength(4);
    expect(new Set(lab.asked).size).toBe(3);
    expect(errors).toEqual([]);
  });

  it("refuses parameters that do not go together, and goes on with those that do", () => {
    const { actions, open } = page();
    actions.open(geometry());
    expect(() => changed(open().spec, { ...open().spec.params, perClass: 0 })).toThrow(/perClass is 0/);
    expect(open().spec).toEqual(geometry().spec);
  });
});

describe("a study's link and file", () => {
  const shared = geometry({ set: "boxes", widths: [64, 64] }, { anchor: 7 });

  it("hold the study and the view of it", () => {
    expect(decodeStudy(`#${encodeStudy(shared)}`)).toEqual(shared);
    expect(isStudyLink(`#${encodeStudy(shared)}`)).toBe(true);
    expect(isStudyLink("#v1.0.0.")).toBe(false);
    expect(studyInText(studyText(shared))).toEqual(shared);
  });

  it("say when they were cut off, altered, or out of range", () => {
    const link = encodeStudy(shared);
    expect(() => decodeStudy(link.slice(0, -3))).toThrow(/cut off/);
    expect(() => decodeStudy(`${link.slice(0, -1)}_`)).toThrow(/altered/);
    expect(() => studyInText('{"study": "geometry", "params": {"widths": []}}')).toThrow(/widths/);
    expect(studyInText('{"spec": {}}')).toBeUndefined();
    expect(studyInText("not JSON")).toBeUndefined();
  });
});
