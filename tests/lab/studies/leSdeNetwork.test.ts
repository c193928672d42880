// The locally elastic SDE against a network: corrupted labels, what a trial keeps, and what the trials say together.
import { beforeAll, describe, expect, it } from "vitest";
import type { DatasetPlugin } from "../../../src/lab/contracts.ts";
import { openDataset, type Dataset } from "../../../src/lab/dataset.ts";
import { geomnist } from "../../../src/lab/datasets/geomnist.ts";
import { localLab } from "../../../src/lab/local.ts";
import { cnn } from "../../../src/lab/models/cnn.ts";
import { defaults } from "../../../src/lab/params.ts";
import { integrated, powerLaw } from "../../../src/lab/simulators/leSde.ts";
import { studies } from "../../../src/lab/studies.ts";
import { leSdeNetwork } from "../../../src/lab/studies/leSdeNetwork.ts";
import { published, publishedAt } from "../../../src/lab/studies/leSdeNetwork/published.ts";
import {
  choiceOf,
  corruptionsOf,
  iterationsOf,
  networks,
  trialKey,
  type LeSdeNetworkParams,
} from "../../../src/lab/studies/leSdeNetwork/setting.ts";
import { summaryOf, type Known } from "../../../src/lab/studies/leSdeNetwork/summary.ts";
import {
  corrupted,
  fixedImages,
  type MeasuredTrial,
  type TrialFinding,
} from "../../../src/lab/studies/leSdeNetwork/trial.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { host } from "../../../src/node.ts";
import { rng } from "../../../src/math/rng.ts";

const specOf = (params: object) => parseStudy({ study: "le-sde-network", params }, studies);
const paramsOf = (params: object): LeSdeNetworkParams => specOf(params).params as unknown as LeSdeNetworkParams;
const lab = localLab(host);
beforeAll(() => lab.chooseBackend("wasm"));

async function found(params: object, known: ReadonlySet<string> = new Set()): Promise<Map<string, MeasuredTrial>> {
  const findings = new Map<string, MeasuredTrial>();
  for await (const event of lab.study(specOf(params), { signal: new AbortController().signal, known }))
    if (event.kind === "finding") findings.set(event.key, event.value as MeasuredTrial);
  return findings;
}

const small = {
  trainPerClass: 12,
  testPerClass: 5,
  iterations: 40,
  moments: 10,
  window: 5,
  trials: 2,
  imagesPerClass: 4,
  corruption: ["0", "1/2"],
};

const datasetOf = (params: LeSdeNetworkParams): Promise<Dataset> =>
  openDataset(geomnist as unknown as DatasetPlugin, { ...choiceOf(params), params: { seed: 1 } }, host);

describe("labels", () => {
  const plain = {
    outputCount: 4,
    trainCount: 48,
    labels: Uint8Array.from({ length: 60 }, (_, id) => (id < 48 ? Math.floor(id / 12) : Math.floor((id - 48) / 3))),
  } as unknown as Dataset;

  it("are corrupted in as many images of each class as asked, evenly to all others, never in held-out images", () => {
    for (const [share, count] of [
      [0, 0],
      [0.5, 6],
      [0.75, 9],
    ] as const) {
      const given = corrupted(plain, share);
      for (let own = 0; own < 4; own++) {
        const ofClass = [...given.subarray(own * 12, own * 12 + 12)];
        const moved = [0, 1, 2, 3]
          .filter((label) => label !== own)
          .map((label) => ofClass.filter((each) => each === label).length);
        expect(moved).toEqual([count / 3, count / 3, count / 3]);
      }
      expect(given.subarray(48)).toEqual(plain.labels.subarray(48));
    }
  });

  it("that a smaller share corrupts, a larger one corrupts in the same way", () => {
    const [less, more] = [corrupted(plain, 0.25), corrupted(plain, 0.75)];
    less.forEach((label, id) => {
      if (label !== plain.labels[id]) expect(more[id]).toBe(label);
    });
  });

  it("have fixed images that hold each true class as often as the label does", () => {
    const given = corrupted(plain, 0.75);
    fixedImages(given, 48, 4, 4).forEach((images, label) => {
      expect(images.map((id) => given[id])).toEqual([label, label, label, label]);
      // Three of each class have this label, so four evenly chosen ones are of four classes.
      expect(images.map((id) => plain.labels[id])).toEqual([0, 1, 2, 3]);
    });
  });
});

describe("trials", () => {
  let fixed: Map<string, MeasuredTrial>;
  let drawn: Map<string, MeasuredTrial>;
  beforeAll(async () => {
    fixed = await found(small);
    drawn = await found({ ...small, logits: "drawn image" });
  });

  it("are those that were announced, the same numbers each time, and only the missing ones", async () => {
    const keys = leSdeNetwork.keys(paramsOf(small));
    expect([...fixed.keys()]).toEqual(keys);
    expect(new Set(keys).size).toBe(4);
    const again = await found(small, new Set(keys.slice(0, 3)));
    expect([...again]).toEqual([[keys[3], fixed.get(keys[3]!)]]);
  });

  it("keep the mean logits of a network trained by hand, before each step and at the end", async () => {
    const params = paramsOf(small);
    const dataset = await datasetOf(params);
    const [seed, share] = [2, 0.5];
    const given = corrupted(dataset, share);
    const learner = networkLearner({
      plans: cnn.build({ ...defaults(cnn.params), ...networks["small CNN"].params } as never, dataset.shape, 3),
      examples: { ...dataset, labels: given, read: (ids) => dataset.read(ids) },
      loss: "cross-entropy",
      seed,
    });
    const order = rng(seed).fork("drawn images");
    const watched = fixedImages(given, 36, 3, 4);
    const ofLabel = async (state: unknown): Promise<number[]> => {
      const sums = [];
      for (const images of watched) {
        const { data } = await learner.predict(state as never, images);
        for (let output = 0; output < 3; output++)
          sums.push(images.reduce((sum, _id, row) => sum + data[row * 3 + output]!, 0));
      }
      return sums;
    };
    let state = learner.start();
    const wantedFixed: number[] = [];
    const wantedDrawn = new Float64Array(10 * 9);
    const wantedCounts = new Float64Array(10 * 3);
    for (let iteration = 0; iteration < 40; iteration++) {
      if (iteration % 4 === 0) wantedFixed.push(...(await ofLabel(state)));
      const id = order.below(36);
      const { data } = await learner.predict(state, [id]);
      const place = Math.floor(iteration / 4) * 3 + given[id]!;
      wantedCounts[place]! += 1;
      for (let output = 0; output < 3; output++) wantedDrawn[place * 3 + output]! += data[output]!;
      const step = learner.nudge(state, [id], { stepSize: params.stepSize, momentum: 0 });
      await step.loss();
      learner.release(state);
      state = step.state;
    }
    wantedFixed.push(...(await ofLabel(state)));
    const key = trialKey(params, share, seed);
    const { sums, counts, loss } = fixed.get(key)!;
    wantedFixed.forEach((value, at) => expect(sums[at]).toBeCloseTo(value, 4));
    expect([...new Set(Array.from(counts))]).toEqual([4]);
    const other = drawn.get(trialKey(paramsOf({ ...small, logits: "drawn image" }), share, seed))!;
    expect(Array.from(other.counts)).toEqual([...wantedCounts]);
    wantedDrawn.forEach((value, at) => expect(other.sums[at]).toBeCloseTo(value, 4));
    // How logits are looked at changes nothing of the training.
    expect(other.loss).toBe(loss);
    learner.release(state);
  });
});

describe("trials that diverge", () => {
  const wild = { ...small, stepSize: 1, network: "MLP", corruption: ["0"] };
  const params = paramsOf(wild);

  it("are findings, so that the study comes to its end", async () => {
    const findings = await found({ ...wild, iterations: 200 });
    expect([...findings.keys()]).toEqual(leSdeNetwork.keys(paramsOf({ ...wild, iterations: 200 })));
    for (const finding of findings.values())
      expect((finding as unknown as { divergedAt: number }).divergedAt).toBeGreaterThan(0);
  });

  it("are counted, and left out of what the others say together", () => {
    const settled = simulated("L", { ...params, iterations: 400, moments: 20, trials: 3 });
    const few = { ...settled.params, trials: 2 };
    const findings = new Map<string, TrialFinding>(settled.findings);
    findings.set(trialKey(settled.params, 0, 3), { divergedAt: 9 });
    const [row, alone] = [
      leSdeNetwork.tables(settled.params, findings)[0]!.rows[0]!,
      leSdeNetwork.tables(few, settled.findings)[0]!.rows[0]!,
    ];
    expect(row.slice(2, 5)).toEqual([2, 1, "1 trial diverged at step size 1; choose a smaller one"]);
    expect(alone.slice(2, 5)).toEqual([2, 0, ""]);
    expect(row.slice(5)).toEqual(alone.slice(5));
  });

  it("all of them, have a row that says so and nothing else", () => {
    const findings = new Map(leSdeNetwork.keys(params).map((key) => [key, { divergedAt: 9 }]));
    const [summary, effects] = leSdeNetwork.tables(params, findings);
    expect(summary!.rows).toHaveLength(2);
    expect(summary!.rows[0]!.slice(2, 5)).toEqual([0, 2, "2 trials diverged at step size 1; choose a smaller one"]);
    expect(new Set(summary!.rows[0]!.slice(5))).toEqual(new Set([""]));
    expect(summary!.rows[0]).toHaveLength(summary!.columns.length);
    expect(effects!.rows).toEqual([]);
  });
});

/** Trials whose mean logits are those of an equation, each of another size. */
function simulated(model: "I" | "L", params: LeSdeNetworkParams, noise = 0): Known {
  const random = rng(7);
  const start = Float64Array.from({ length: 9 }, () => 0.3 * random.normal());
  const effects = { model, classCount: 3, alpha: powerLaw(0.3, 0.6), beta: powerLaw(-0.1, 0.6) };
  const times = iterationsOf(params).map((iteration) => iteration + 1);
  const means = integrated(effects, start, times, 20_000, { whole: true });
  const findings = new Map<string, MeasuredTrial>();
  for (let seed = params.seed; seed < params.seed + params.trials; seed++)
    findings.set(trialKey(params, 0, seed), {
      sums: means.flatMap((each) => Array.from(each, (value) => 5 * value * (1 + noise * random.normal()))),
      counts: Array.from({ length: 3 * times.length }, () => 5),
      loss: 0.1 * seed,
      accuracy: 0.9,
    });
  return { params, findings };
}

describe.each(["I", "L"] as const)("trials that follow the %s-model", (model) => {
  const params = paramsOf({ iterations: 4000, moments: 200, window: 5, trials: 3 });

  it("give its effects and tail index back, and are laid over by its LE-ODE", () => {
    const summary = summaryOf(simulated(model, params), 0, model)!;
    const at = 100;
    const t = summary.course.times[at]!;
    expect(Math.abs(summary.estimates.alpha[at]! / powerLaw(0.3, 0.6).at(t) - 1)).toBeLessThan(0.05);
    expect(Math.abs(summary.estimates.beta[at]! / powerLaw(-0.1, 0.6).at(t) - 1)).toBeLessThan(0.05);
    for (const name of ["fitted alpha", "fitted beta"] as const) {
      const { mean, low, high } = summary.tailIntervals[name];
      expect(Math.abs(mean - 0.6)).toBeLessThan(0.05);
      expect(high - low).toBeLessThan(0.01);
    }
    expect(summary.comparison.course.times[0]).toBe(401);
    expect(summary.comparison.error).toBeLessThan(0.01);
    expect(summary.loss.mean).toBeCloseTo(0.2, 12);
  });

  it("have intervals that hold the truth where the trials differ", () => {
    const { effects } = summaryOf(simulated(model, { ...params, trials: 12 }, 0.05), 0, model)!;
    const { low, high } = effects.A.at(-1)!;
    const truth = powerLaw(0.3, 0.6).integral(4001);
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
    expect(high - low).toBeGreaterThan(0.01);
  });
});

describe("what the trials say together", () => {
  const params = paramsOf({ iterations: 1000, moments: 50, window: 5, trials: 3, corruption: ["0", "0.4"] });
  const known = simulated("L", params);
  const moments = iterationsOf(params).length;
  const halved: MeasuredTrial = {
    sums: Array.from({ length: 4 * moments }, (_, at) => (at % 3 ? 1 : -1) * (1 + at)),
    counts: Array.from({ length: 2 * moments }, () => 1),
    loss: 1,
    accuracy: 0.5,
  };

  it("is nothing where there are none, and follows the findings as they come", () => {
    expect(summaryOf(known, 0.4, "L")).toBeUndefined();
    const findings = new Map([...known.findings].slice(0, 1));
    expect(summaryOf({ params, findings }, 0, "L")!.trials).toHaveLength(1);
    const [key, value] = [...known.findings][1]!;
    findings.set(key, value);
    expect(summaryOf({ params, findings }, 0, "L")!.trials).toHaveLength(2);
  });

  it("is written in tidy tables with a word for each column, beside what the paper shows", () => {
    const tables = leSdeNetwork.tables(params, known.findings);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect(tables.map(({ rows }) => rows.length)).toEqual([2, 2 * 51]);
    expect(tables[0]!.rows[0]!.slice(-4)).toEqual([0.68, 1.13, 1, 0]);
    expect(publishedAt(0.667)).toBe(published.find(({ share }) => share === 2 / 3));
    expect(publishedAt(0.45)).toBeUndefined();
    // Two shapes are not the paper's images.
    const two = { ...params, classes: ["triangle", "ellipse"] };
    const [row] = leSdeNetwork.tables(two, new Map([[trialKey(two, 0, 1), halved]]))[0]!.rows;
    expect(row!.slice(-4)).toEqual(["", "", "", ""]);
  });
});

it("takes shares as fractions and decimals, in rising order", () => {
  expect(corruptionsOf({ corruption: ["2/3", "0.25", "0"] }).map(({ text }) => text)).toEqual(["0", "0.25", "2/3"]);
});

it.each([
  [{ corruption: ["1"] }, 'corruption has "1"; give a share from 0 to below 1, such as 0.4 or 2/3.'],
  [{ corruption: ["some"] }, 'corruption has "some"; give a share'],
  [{ corruption: ["1/2", "0.5"] }, "corruption has 0.5 twice; give each share once."],
  [{ classes: ["triangle"] }, "classes is triangle alone; give two or more, or none for all."],
  [{ classes: ["cat"] }, 'classes has "cat"; geomnist has: triangle, rectangle, ellipse.'],
  [
    { testPerClass: 1000, dataset: "geomnist", trainPerClass: 5000, imagesPerClass: 6, window: 8 },
    "window is 8; give an odd number of at most 91 moments.",
  ],
  [{ trainPerClass: 20 }, "imagesPerClass is 30, but there are 20 training images a class; give at most as many."],
  [{ dataset: "drawn", testPerClass: 1001 }, "params.testPerClass is 1001"],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => paramsOf(wrong)).toThrow(sentence);
});
