// The study of the step size: what it finds against closed forms, what it does not find twice, and what it says of bad input.
import { beforeAll, describe, expect, it } from "vitest";
import { datasets } from "../../../src/lab/catalogue.ts";
import { openDataset } from "../../../src/lab/dataset.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { stepSize } from "../../../src/lab/studies/stepSize.ts";
import {
  etasOf,
  ruleKey,
  stepKey,
  subjectKey,
  type StepSizeParams,
} from "../../../src/lab/studies/stepSize/setting.ts";
import {
  ways,
  type RuleFinding,
  type StepFinding,
  type StepSizeFinding,
  type SubjectFinding,
} from "../../../src/lab/studies/stepSize/findings.ts";
import { firstOrderRatio, ratioOf, ruleRows, sweepOf } from "../../../src/lab/studies/stepSize/sweep.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";
import { csvOfTable } from "../../../src/lab/tabular.ts";
import { lostSentence } from "../../../src/app/figures/stepSizeRatios.ts";
import { lossSlope } from "../../../src/lab/double/loss.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { dot } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";
import { plansOf, toyDataset, toyNetworks, withScores } from "../../helpers/toy.ts";

const lab = localLab(nodeHost);
beforeAll(() => lab.chooseBackend("wasm"));

type Some = Partial<StepSizeParams>;

const paramsOf = (some: Some): StepSizeParams => ({ ...defaults(stepSize.params), ...some }) as StepSizeParams;

/** What the study yields, in order. */
async function found(some: Some, known: ReadonlySet<string> = new Set()): Promise<Map<string, StepSizeFinding>> {
  const spec = parseStudy({ study: "step-size", params: some }, studies);
  const findings = new Map<string, StepSizeFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, known }))
    if (event.kind === "finding") {
      expect(findings.has(event.key), "found twice").toBe(false);
      findings.set(event.key, event.value as StepSizeFinding);
    }
  return findings;
}

const tiny: Some = { trainPerClass: 6, epochs: 1, batchSize: 8, perDecade: 1, probeClasses: ["tiger", "cat", "plane"] };

describe("a linear network", () => {
  const linear: Some = { ...tiny, model: "linear", from: 1e-10, to: 1 };

  it("has the ratio |x'.x + 1| / (|x|^2 + 1) at every step size, exactly and to first order", async () => {
    const params = paramsOf(linear);
    const findings = await found(linear);
    const drawn = datasets.find(({ manifest }) => manifest.id === "drawn")!;
    const classes = drawn.manifest.classes.map(({ id }) => id);
    const choice = { id: "drawn", classes, trainPerClass: 6, testPerClass: 1, params: defaults(drawn.params) };
    const dataset = await openDataset(drawn, choice, nodeHost);
    const a = dataset.read([0]);
    const truths = [0, 2, 4].map((label) => {
      const x = dataset.read([7 * 6 + label]);
      return Math.abs(dot(x, a) + 1) / (dot(a, a) + 1);
    });
    const sweep = sweepOf(params, findings)!;
    truths.forEach((truth, probe) => {
      expect(sweep.truths[probe]! / truth).toBeCloseTo(1, 12);
      sweep.ratios.exact[probe]!.forEach((ratio) => expect(Math.abs(ratio / truth - 1)).toBeLessThan(1e-5));
      const last = sweep.ratios.double[probe]!.at(-1)!;
      expect(last / truth).toBeCloseTo(1, 9);
    });
    expect(sweep.plateaus.exact).toEqual({ from: 1e-10, to: 1, count: 11 });
    expect(sweep.ratios.single[0]![0]).toBeNaN();
  });
});

describe("a convolutional network", () => {
  it("changes the same exactly and literally in double precision, where neither rounding nor curvature is in the way", async () => {
    const findings = await found({ ...tiny, from: 1e-5, to: 1e-3 });
    const params = paramsOf({ ...tiny, from: 1e-5, to: 1e-3 });
    const subject = findings.get(subjectKey(params, "picked")) as SubjectFinding;
    for (const eta of etasOf(params)) {
      const step = findings.get(stepKey(params, eta)) as StepFinding;
      step.changes.double.forEach((change, image) =>
        expect(Math.abs(step.changes.exact[image]! - change)).toBeLessThan(1e-5 * Math.abs(step.changes.double[0]!)),
      );
      expect(Math.abs(step.changes.single[0]! / step.changes.double[0]! - 1)).toBeLessThan(0.05);
    }
    subject.firstOrder.forEach((change, image) =>
      expect(Math.abs(subject.engineFirstOrder[image]! - change)).toBeLessThan(1e-5 * subject.firstOrder[0]!),
    );
    expect(subject.images.map(({ title }) => title)).toEqual([
      "tiger 0, training",
      "tiger 0, held out",
      "cat 0, held out",
      "plane 0, held out",
    ]);
    const rule = findings.get(ruleKey(params, "picked")) as RuleFinding;
    expect(rule.stopped!.eta).toBe(rule.tries.at(-1)!.eta);
    expect(rule.stopped!.changes.single[0]).toBe(rule.tries.at(-1)!.change);
    const other = findings.get(subjectKey(params, "most confident")) as SubjectFinding;
    expect(-other.slope).toBeLessThanOrEqual(-subject.slope);
  });
});

describe("findings", () => {
  const some: Some = { ...tiny, model: "linear", epochs: 0, from: 1e-4, to: 1e-2 };

  it("are those of the keys, and only what is missing is found again", async () => {
    const keys = stepSize.keys(paramsOf(some));
    expect(new Set(keys).size).toBe(keys.length);
    const all = await found(some);
    expect([...all.keys()].toSorted()).toEqual([...keys].toSorted());
    const half = keys.filter((_, at) => at % 2 === 0);
    const rest = await found(some, new Set(half));
    expect([...rest.keys()].toSorted()).toEqual(keys.filter((_, at) => at % 2 === 1).toSorted());
    for (const [key, value] of rest) expect(value).toEqual(all.get(key));
    expect((await found(some, new Set(keys))).size).toBe(0);
  });

  it("of a narrower range are part of a wider or finer one", () => {
    const narrow = stepSize.keys(paramsOf({ from: 1e-6, to: 1e-3 }));
    expect(stepSize.keys(paramsOf({ from: 1e-9, to: 1 }))).toEqual(expect.arrayContaining([...narrow]));
    expect(stepSize.keys(paramsOf({ from: 1e-6, to: 1e-3, perDecade: 10 }))).toEqual(
      expect.arrayContaining([...narrow]),
    );
  });

  it("change their keys with all that decides them, and with nothing else", () => {
    const [base, ...others] = [
      {},
      { seed: 2 },
      { epochs: 4 },
      { model: "mlp" },
      { anchorIndex: 1 },
      { probeIndex: 1 },
      { probeClasses: ["lion"] },
      { trainPerClass: 200 },
      { trainingStep: 0.1 },
      { batchSize: 32 },
    ].map((each) => subjectKey(paramsOf(each as Some), "picked"));
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
    const confident = (index: number): string => subjectKey(paramsOf({ anchorIndex: index }), "most confident");
    expect(confident(3)).toBe(confident(4));
    const untrained = (trainingStep: number): string => subjectKey(paramsOf({ epochs: 0, trainingStep }), "picked");
    expect(untrained(0.1)).toBe(untrained(0.2));
  });

  it("are written as tidy tables, blank where nothing can be divided by", async () => {
    const params = paramsOf({ ...some, from: 1e-12, to: 1e-11 });
    const findings = await found({ ...some, from: 1e-12, to: 1e-11 });
    const tables = stepSize.tables(params, findings);
    expect(tables.map(({ name }) => name)).toEqual(["step-size-plateaus", "step-size-rule", "step-size"]);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary)).toEqual(columns);
      for (const row of rows) expect(row).toHaveLength(columns.length);
    }
    const sweep = tables[2]!;
    expect(sweep.rows).toHaveLength(2 * ways.length * 3);
    expect(csvOfTable(sweep)).not.toMatch(/NaN|Infinity|undefined/);
    const single = sweep.rows.find((row) => row[1] === "single")!;
    expect([single[3], single[5], single[7]]).toEqual([0, "", ""]);
  });
});

describe("what is measured", () => {
  const step: StepFinding = {
    kind: "step",
    eta: 1,
    changes: {
      single: Float64Array.of(0, 1),
      double: Float64Array.of(-2, 1),
      exact: Float64Array.of(1e-7, 1e-8),
    },
    rounding: 1e-7,
  };
  it("is no ratio over 0 or over what may be rounding", () => {
    expect(ways.map((way) => ratioOf(step, way, 1))).toEqual([NaN, 0.5, NaN]);
    expect(ratioOf({ ...step, rounding: 9e-8 }, "exact", 1)).toBeCloseTo(0.1, 12);
  });

  it("is said of an anchor that never moves", () => {
    const params = paramsOf({ probeClasses: ["cat"] });
    const image = { classIndex: 0, title: "tiger 0, training", shape: [1, 1, 1] as const, pixels: new Uint8Array(1) };
    const subject: SubjectFinding = {
      kind: "subject",
      images: [image, { ...image, title: "cat 0, held out" }],
      scores: Float64Array.of(20, 1),
      slope: -1e-12,
      firstOrder: Float64Array.of(2, -1),
      engineFirstOrder: Float64Array.of(2, -1),
      trainingLoss: 0,
    };
    const findings = new Map<string, StepSizeFinding>([
      [subjectKey(params, "picked"), subject],
      [ruleKey(params, "picked"), { kind: "rule", tries: [{ eta: 1e-6, change: 0 }], stopped: null }],
    ]);
    expect(firstOrderRatio(subject, 1)).toBe(0.5);
    const [row] = ruleRows(params, findings);
    expect(row).toMatchObject({ eta: undefined, tries: 1, ulps: 0, ratio: NaN, exact: NaN, firstOrder: 0.5 });
  });
});

describe("an anchor of which the network is sure", () => {
  it("has a slope that is 0 in single precision, so that no literal step moves its own score, though every one should", async () => {
    const dataset = toyDataset({ shape: [1, 2, 1], classCount: 3, trainPerClass: 1, testPerClass: 1 });
    const learner = networkLearner({
      plans: plansOf(withScores(toyNetworks.linear!, 3)),
      examples: dataset,
      loss: "cross-entropy",
      seed: 1,
    });
    // 1 - p = 2 / (e^18 + 2), below 2^-24.
    const state = learner.restore([new Float32Array(6), Float32Array.of(18, 0, 0)]);
    const { state: next, loss } = learner.nudge(state, [0], { stepSize: 1e6, momentum: 0 });
    await loss();
    const [before, after] = [await learner.predict(state, [0]), await learner.predict(next, [0])];
    expect(after.data[0]).toBe(before.data[0]);
    expect(after.data[1]).toBeLessThan(before.data[1]!);
    const slope = lossSlope("cross-entropy", before.data, 0);
    expect(-slope[0]!).toBeGreaterThan(0);
    expect(-slope[0]!).toBeLessThan(2 ** -24);
    const image = { classIndex: 0, title: "", shape: [1, 1, 1] as const, pixels: new Uint8Array(1) };
    const subject = (of: number): SubjectFinding => ({
      kind: "subject",
      images: [image],
      scores: Float64Array.of(18),
      slope: of,
      firstOrder: Float64Array.of(1),
      engineFirstOrder: Float64Array.of(1),
      trainingLoss: 0,
    });
    expect(lostSentence(subject(slope[0]!))).toMatch(/points elsewhere/);
    expect(lostSentence(subject(-1e-6))).toBe("");
    [state, next].forEach((each) => learner.release(each));
  });
});

describe("bad input", () => {
  it.each<[string, Some, RegExp]>([
    ["a class that is not there", { anchorClass: "deer" }, /anchorClass is deer.*drawn.*tiger, lion/],
    ["a probe's class that is not there", { probeClasses: ["tiger", "7"] }, /probeClasses has 7.*tiger.*car/],
    ["a class twice", { probeClasses: ["cat", "cat"] }, /probeClasses has "cat" twice.*once/],
    ["an image that is not trained on", { anchorIndex: 300 }, /anchorIndex is 300.*trainPerClass/],
    ["more images than there are", { trainPerClass: 5200 }, /trainPerClass is 5200.*5000/],
    [
      "a probe that is not there",
      { dataset: "mnist", anchorClass: "0", probeClasses: ["1"], probeIndex: 900 },
      /probeIndex is 900.*892/,
    ],
    ["a range that is empty", { from: 1e-3, to: 1e-6 }, /0\.001 to 0\.000001.*widen/],
    ["a model that is not there", { model: "gpt" as never }, /model is "gpt"; give one of: cnn/],
  ])("is refused with a sentence: %s", (_name, params, sentence) => {
    expect(() => parseStudy({ study: "step-size", params }, studies)).toThrow(sentence);
  });

  it("a training that diverges is said to, and nothing is found", async () => {
    await expect(found({ ...tiny, model: "mlp", trainingStep: 100, epochs: 20 })).rejects.toThrow(/diverged.*100/);
  });
});
