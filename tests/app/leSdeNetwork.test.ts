// The figures of the locally elastic SDE against a network: what they draw of known findings, of some and of none.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { isLine } from "../../src/app/figures/figure.ts";
import {
  held,
  leSdeNetworkEffects,
  leSdeNetworkMeans,
  type LeSdeNetworkInput,
} from "../../src/app/figures/leSdeNetworkCourse.ts";
import { leSdeNetworkTails } from "../../src/app/figures/leSdeNetworkTails.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { studies } from "../../src/lab/studies.ts";
import { leSdeNetwork } from "../../src/lab/studies/leSdeNetwork.ts";
import { iterationsOf, trialKey, type LeSdeNetworkParams } from "../../src/lab/studies/leSdeNetwork/setting.ts";
import { summaryOf } from "../../src/lab/studies/leSdeNetwork/summary.ts";
import type { MeasuredTrial, TrialFinding } from "../../src/lab/studies/leSdeNetwork/trial.ts";
import { parseStudy } from "../../src/lab/study.ts";
import { rng } from "../../src/math/rng.ts";
import { parse } from "./xml.ts";

const shares = [0, 0.4];
const params = parseStudy(
  {
    study: "le-sde-network",
    params: { corruption: ["0", "0.4"], iterations: 400, moments: 20, window: 5, trials: 3, seed: 4 },
  },
  studies,
).params as unknown as LeSdeNetworkParams;

/** Own logits that rise as the logarithm of time, the others half as much down; the less, the more labels are corrupted. */
const findings = new Map<string, MeasuredTrial>();
const random = rng(3);
for (const share of shares)
  for (const seed of [4, 5, 6]) {
    const iterations = iterationsOf(params);
    findings.set(trialKey(params, share, seed), {
      sums: iterations.flatMap((iteration) =>
        Array.from({ length: 9 }, (_, place) => {
          const size = place % 4 === 0 ? 1 : -0.5;
          return 30 * (size * (0.2 + (1 - share) * Math.log1p(iteration)) + 0.02 * random.normal());
        }),
      ),
      counts: Array.from({ length: 3 * iterations.length }, () => 30),
      loss: share,
      accuracy: 1 - share / 2 - seed / 100,
    });
  }

const input: LeSdeNetworkInput = { params, findings, corruption: 0, shown: 1, model: "L", arrangement: "row" };

describe("mean logits", () => {
  const figure = leSdeNetworkMeans(input);

  it("are those of the shown label, with the equation from the burn-in on and the difference below", () => {
    expect(figure.arrangement).toBe("column");
    expect(figure.panels.map(({ title }) => title)[0]).toBe("Label rectangle");
    const lines = figure.traces.filter(isLine);
    expect(lines.map(({ title, panel }) => [title, panel])).toEqual(
      ["triangle", "rectangle", "ellipse"].flatMap((title) => [
        [title, 0],
        [`${title}, LE-ODE`, 0],
        [title, 1],
      ]),
    );
    const [network, equation, apart] = lines.slice(3, 6);
    expect(network!.x.at(-1)).toBe(400);
    expect(network!.y.at(-1)).toBeCloseTo(0.2 + Math.log1p(400), 1);
    // A tenth of 20 moments.
    expect(equation!.x[0]).toBe(40);
    expect(equation!.y[0]).toBe(network!.y[2]);
    apart!.y.forEach((value, at) => expect(value).toBeCloseTo(equation!.y[at]! - network!.y[at + 2]!, 12));
  });

  it("say how large the difference is, of all labels", () => {
    const { error } = summaryOf(input, 0, "L")!.comparison;
    expect(figure.caption).toContain(`${Number((100 * error).toPrecision(2))} % of the network's mean logits`);
    expect(figure.panels[1]!.title).toContain(`${Number((100 * error).toPrecision(2))} %`);
  });
});

it("the effects are drawn with their intervals, A and B from 0 on", () => {
  const lines = leSdeNetworkEffects(input).traces.filter(isLine);
  expect(lines.map(({ title, panel }) => [title[0], panel])).toEqual([
    ["A", 0],
    ["B", 0],
    ["α", 1],
    ["β", 1],
  ]);
  expect([lines[0]!.y[0], lines[1]!.y[0]]).toEqual([0, 0]);
  lines[0]!.y.slice(1).forEach((value, at) => {
    expect(lines[0]!.band!.low[at + 1]).toBeLessThan(value);
    expect(lines[0]!.band!.high[at + 1]).toBeGreaterThan(value);
  });
});

describe("trials that diverged", () => {
  const figures = [leSdeNetworkMeans, leSdeNetworkEffects, leSdeNetworkTails];

  it("are counted in the captions, with the remedy", () => {
    const some = new Map<string, TrialFinding>(findings).set(trialKey(params, 0, 5), { divergedAt: 3 });
    for (const figure of figures)
      expect(figure({ ...input, findings: some }).caption).toContain(
        "Left out at p = 0: 1 trial diverged at step size 0.005; choose a smaller one.",
      );
    for (const figure of figures) expect(figure(input).caption).not.toContain("diverged");
  });

  it("are named in place of curves where all did", () => {
    const all = new Map([...findings.keys()].map((key) => [key, { divergedAt: 3 }]));
    for (const figure of figures) {
      const { panels, traces, caption } = figure({ ...input, findings: all });
      expect(traces).toEqual([]);
      expect(new Set(panels.map(({ note }) => note))).toEqual(new Set(["Not measurable: all trials diverged"]));
      expect(caption).toContain("3 trials diverged at step size 0.005; choose a smaller one.");
    }
  });
});

describe("what is not measurable", () => {
  const change = (of: (trial: MeasuredTrial) => MeasuredTrial) =>
    new Map([...findings].map(([key, trial]) => [key, of(trial)]));
  /** All logits are 0 at the start, or throughout, or a label is not drawn between two moments. */
  const cases = {
    start: change((trial) => ({ ...trial, sums: Array.from(trial.sums, (value, at) => (at < 9 ? 0 : value)) })),
    nothing: change((trial) => ({ ...trial, sums: Array.from(trial.sums, () => 0) })),
    draws: change((trial) => ({
      ...trial,
      sums: Array.from(trial.sums, (value, at) => (at >= 45 && at < 48 ? 0 : value)),
      counts: Array.from(trial.counts, (value, at) => (at === 15 ? 0 : value)),
    })),
  };

  it.each(Object.keys(cases) as (keyof typeof cases)[])("is neither drawn nor printed nor titled: %s", (which) => {
    for (const model of ["L", "I"] as const) {
      const there = { ...input, model, findings: cases[which] };
      for (const figure of [leSdeNetworkMeans(there), leSdeNetworkEffects(there), leSdeNetworkTails(there)]) {
        const { caption, panels } = figure;
        const text = [caption, ...panels.flatMap(({ title, note }) => [title, note ?? ""])].join(" ");
        expect(text).not.toMatch(/NaN|Infinity/);
        expect(svgOf(figure, { widthPx: 900, theme: lightTheme, fontFamily: "Arial" })).not.toMatch(/NaN|Infinity/);
        expect(JSON.stringify(figure.data().rows)).not.toContain("null");
        for (const { y, band } of figure.traces.filter(isLine))
          for (const value of [...y, ...(band?.low ?? []), ...(band?.high ?? [])])
            expect(Math.abs(value)).not.toBe(Infinity);
      }
    }
    for (const { rows } of leSdeNetwork.tables(params, cases[which]))
      expect(rows.flat().filter((cell) => typeof cell === "number" && !Number.isFinite(cell))).toEqual([]);
  });

  it("is said to be so, and why", () => {
    const start = { ...input, findings: cases.start };
    expect(leSdeNetworkEffects(start).panels.map(({ note }) => note)).toEqual(
      Array.from({ length: 2 }, () => "Not measurable: growth from 0 or to 0 has no logarithm"),
    );
    expect(leSdeNetworkTails(start).caption).toContain("at p = 0: growth from 0 or to 0 has no logarithm");
    const nothing = leSdeNetworkMeans({ ...input, findings: cases.nothing });
    expect(nothing.panels[1]!.title).toBe("LE-ODE less network: not measurable, all labels");
    expect(nothing.caption).toContain("the difference is not measurable.");
    const draws = { ...input, findings: cases.draws };
    expect(leSdeNetworkEffects(draws).caption).toContain("too few draws of a label between two moments; take fewer");
    expect(leSdeNetwork.tables(params, cases.draws)[0]!.rows[0]![4]).toContain("too few draws of a label");
  });
});

describe("tail indices", () => {
  it("stand beside the paper's, with the share at which labels are noise", () => {
    const figure = leSdeNetworkTails(input);
    const ofPaper = figure.traces.filter(isLine).filter(({ title }) => title.startsWith("paper"));
    expect(ofPaper.map(({ panel, y }) => [panel, y[0]])).toEqual([
      [0, 0.68],
      [0, 1.13],
      [2, 1],
    ]);
    const [one, noise] = figure.panels[0]!.rules!;
    expect([one!.at, noise!.at]).toEqual([1, 2 / 3]);
    expect(figure.mark).toBe(0);
    const [alpha] = figure.traces.filter(isLine);
    expect(alpha!.x).toEqual(shares);
    expect(alpha!.y[1]).toBe(summaryOf(input, 0.4, "L")!.tails["height alpha"]);
    expect(figure.caption).toContain("n = 3 trials");
    expect(figure.caption).toContain("by eye");
  });

  it("stand alone for other images than the paper's", () => {
    const other = { ...params, dataset: "drawn", classes: ["cat", "plane", "car"] } as const;
    const moved = shares.flatMap((share) =>
      [4, 5, 6].map((seed) => [trialKey(other, share, seed), findings.get(trialKey(params, share, seed))!] as const),
    );
    const figure = leSdeNetworkTails({ ...input, params: other, findings: new Map(moved) });
    expect(figure.traces).toHaveLength(5);
    expect(figure.traces.some((trace) => isLine(trace) && trace.title.startsWith("paper"))).toBe(false);
  });
});

it("an axis holds all values, but of wide bands no more than a quarter of their range", () => {
  const line = leSdeNetworkEffects(input).traces.filter(isLine)[0]!;
  const wide = { ...line, y: [0, 4, NaN], band: { low: [-9, 3, NaN], high: [1, 99, NaN] } };
  expect([Math.min(...held([wide])), Math.max(...held([wide]))]).toEqual([-1, 5]);
});

it.each([
  ["nothing", new Map<string, MeasuredTrial>()],
  ["some", new Map([...findings].slice(0, 1))],
  ["all", findings],
])("can be exported with %s", (_name, there) => {
  for (const make of [leSdeNetworkMeans, leSdeNetworkEffects, leSdeNetworkTails]) {
    const figure = make({ ...input, findings: there });
    parse(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "sans-serif", id: "a" }));
    const { columns, rows, dictionary } = figure.data();
    expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    if (there.size === 0) expect(figure.panels.every(({ note }) => note === "Not measured yet")).toBe(true);
  }
});
