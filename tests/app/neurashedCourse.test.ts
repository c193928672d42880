// Shares so far: those of the play itself, all of them for a small graph, fewer and a slice at a time for a large one.
import { describe, expect, it } from "vitest";
import { courseOf } from "../../src/app/studies/neurashed/course.ts";
import { manifests } from "../../src/lab/manifests.ts";
import { features, layered } from "../../src/lab/simulators/neurashed/graphs.ts";
import type { Graph } from "../../src/lab/simulators/neurashed.ts";
import {
  askedOf,
  begun,
  exampleAt,
  sharesOf,
  stepped,
  type Moment,
  type RunSetting,
} from "../../src/lab/simulators/neurashed/play.ts";
import { graphOf } from "../../src/lab/simulators/neurashed/words.ts";

const classes = manifests
  .find(({ id }) => id === "drawn")!
  .classes.filter(({ id }) => ["tiger", "cat", "plane", "ship"].includes(id));
const ids = classes.map(({ id }) => id);
const numbers = Array.from({ length: 98 }, (_, at) => at);
const low = numbers.map((at) => `low ${at}`);
const high = numbers.map((at) => `high ${at}`);
/** 200 nodes, and every edge there can be. */
const large = graphOf(
  [...low, ...high.map((name) => `${name}@1:${low.join("+")}`), ...ids.map((id) => `${id}@2:${high.join("+")}`)],
  ids,
);
const small = layered(features(classes, "super-class"), classes);

const settingOf = (graph: Graph): RunSetting => ({
  graph,
  classes,
  growth: { rate: 0.05, most: 1, patience: 8 },
  fireChance: 0.9,
  seed: 2,
});

function momentsOf(setting: RunSetting, steps: number): Moment[] {
  const moments = [begun(setting)];
  for (let step = 0; step < steps; step++) moments.push(stepped(setting, moments[step]!, exampleAt(setting, step)));
  return moments;
}

/** Counted anew, each by itself. */
function truth(setting: RunSetting, moments: readonly Moment[], label: number) {
  const asked = askedOf(setting);
  return moments.map(({ step, factors }) => ({ step, shares: sharesOf(setting, factors, asked, label) }));
}

describe("the shares so far", () => {
  it("are those of every step of a small graph, and of every other one once there are many", () => {
    const setting = settingOf(small);
    const moments = momentsOf(setting, 130);
    const course = courseOf(setting, 0);
    for (const moment of moments.slice(0, 31)) course.remember(moment);
    while (!course.fill());
    expect(course.upTo(moments[30]!)).toEqual(truth(setting, moments.slice(0, 31), 0));
    for (const moment of moments.slice(31)) course.remember(moment);
    while (!course.fill());
    const even = moments.filter(({ step }) => step % 2 === 0);
    expect(course.upTo(moments[130]!)).toEqual(truth(setting, even, 0));
  });

  it("are of fewer steps of a large one, counted one by one, and again once another class is learned", () => {
    const setting = settingOf(large);
    const moments = momentsOf(setting, 60);
    const course = courseOf(setting, 0);
    for (const moment of moments) course.remember(moment);
    while (!course.fill());
    const now = moments.at(-1)!;
    const counted = course.upTo(now).map(({ step }) => step);
    expect(counted.length).toBeLessThan(15);
    course.learn(1);
    expect(course.upTo(now).map(({ step }) => step)).toEqual([60]);
    const lengths = [];
    for (let isFull = false; !isFull;) {
      isFull = course.fill();
      lengths.push(course.upTo(now).length);
    }
    expect(lengths).toEqual(counted.slice(1).map((_, at) => at + 2));
    const kept = moments.filter(({ step }) => counted.includes(step));
    expect(course.upTo(now)).toEqual(truth(setting, kept, 1));
  });

  it("stay as they are while the same class is learned", () => {
    const setting = settingOf(small);
    const [start] = momentsOf(setting, 0);
    const course = courseOf(setting, 2);
    const shares = course.sharesAt(start!);
    course.learn(2);
    expect(course.sharesAt(start!)).toBe(shares);
  });
});
