// The comparison of models, against the linear model's closed form and differences taken by hand.
import { beforeAll, describe, expect, it } from "vitest";
import { comparisonContrast, comparisonCurves } from "../../../src/app/figures/comparisonCurves.ts";
import { isLine } from "../../../src/app/figures/figure.ts";
import { drawn } from "../../../src/lab/datasets/drawn.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { relation, relations } from "../../../src/lab/relation.ts";
import {
  comparison,
  comparisonKey,
  differenceOf,
  sampleOf,
  type ComparisonFinding,
  type ComparisonParams,
} from "../../../src/lab/studies/comparison.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { exceedance, interval, mean } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object) => parseStudy({ study: "comparison", params }, studies);
const small = { cnn: false, seeds: [1, 2], epochs: [0, 1], anchorsPerClass: 2, probesPerClass: 3, trainPerClass: 4 };
const spec = specOf(small);
const params = spec.params as unknown as ComparisonParams;
const single = specOf({ ...small, seeds: [2] }).params as unknown as ComparisonParams;

describe("models compared", () => {
  const findings = new Map<string, ComparisonFinding>();
  beforeAll(async () => {
    const lab = localLab(nodeHost);
    await lab.chooseBackend("wasm");
    for await (const event of lab.study(spec, { signal: new AbortController().signal }))
      if (event.kind === "finding") findings.set(event.key, event.value as ComparisonFinding);
  }, 60000);

  it("finds all that it announced, in that order", () => {
    expect([...findings.keys()]).toEqual(comparison.keys(params));
    expect(findings.size).toBe(8);
  });

  it("agrees with the closed form |x_p . x_a + 1| / (|x_a|² + 1) of the linear model, whatever seed and epoch", async () => {
    const { anchors, probes } = await imagesOf();
    const { classes } = drawn.manifest;
    anchors.forEach((anchor, row) => {
      const of = relations.map((name) =>
        probes
          .filter((probe) => relation(classes[anchor.label]!, classes[probe.label]!) === name)
          .map((probe) => Math.abs(dot(probe.input, anchor.input) + 1) / (dot(anchor.input, anchor.input) + 1)),
      );
      for (const seed of params.seeds)
        for (const epoch of params.epochs) {
          const { means, order } = findings.get(comparisonKey(params, "linear", seed, epoch))!;
          of.forEach((values, place) => expect(means[row * 3 + place]).toBeCloseTo(mean(values), 5));
          expect(order[row]).toBeCloseTo(exceedance(of[0]!, of[2]!), 9);
        }
    });
  });

  it("pairs models by seed, images aggregated within each seed first", () => {
    const of = { model: "mlp", epoch: 1, quantity: "contrast" } as const;
    const bySeed = params.seeds.map((seed) => {
      const contrast = (model: "mlp" | "linear"): number => {
        const { means, order } = findings.get(comparisonKey(params, model, seed, 1))!;
        return mean(Array.from(order, (_, anchor) => Math.log2(means[3 * anchor]! / means[3 * anchor + 2]!)));
      };
      return contrast("mlp") - contrast("linear");
    });
    const found = differenceOf(params, findings, { ...of, reference: "linear" });
    expect(found.units).toEqual(bySeed);
    expect(found.interval).toEqual(interval(bySeed));
    expect(found.interval.count).toBe(2);
    const back = differenceOf(params, findings, { ...of, model: "linear", reference: "mlp" });
    expect(back.interval.mean).toBeCloseTo(-found.interval.mean, 12);
  });

  it("goes over anchors where there is a single seed, and its caption says what that is worth", () => {
    expect(sampleOf(single, findings, { model: "mlp", epoch: 0, quantity: "same" })).toHaveLength(14);
    const { caption } = comparisonCurves({ params: single, findings, arrangement: "row" });
    expect(caption).toContain("n = 14 anchors");
    expect(caption).toContain("Images within a seed are not independent");
  });

  it("draws a panel a model on one scale, with each of few seeds, and no more than is known", () => {
    const figure = comparisonCurves({ params, findings, arrangement: "row" });
    expect(figure.panels.map(({ title }) => title)).toEqual(["MLP", "Linear"]);
    expect(figure.panels[0]!.y).toBe(figure.panels[1]!.y);
    expect(figure.traces.filter(isLine).filter(({ faint }) => faint)).toHaveLength(12);
    expect(figure.caption).toContain("n = 2 seeds");
    const [firstKey] = comparison.keys(params);
    const part = comparisonCurves({
      params,
      findings: new Map([[firstKey!, findings.get(firstKey!)!]]),
      arrangement: "row",
    });
    expect(part.panels.map(({ note }) => note)).toEqual([undefined, "Not measured yet"]);
    expect(part.traces.filter(isLine).every(({ x }) => x.length === 1)).toBe(true);
  });

  it("draws the contrast and its difference from the reference, never from itself", () => {
    const figure = comparisonContrast({ params, findings, arrangement: "row", reference: "linear" });
    const lines = figure.traces.filter(isLine).filter(({ faint }) => !faint);
    expect(lines.map(({ panel, title }) => `${panel} ${title}`)).toEqual([
      "0 MLP",
      "0 Linear",
      "1 MLP",
      "2 MLP",
      "2 Linear",
    ]);
    const wanted = differenceOf(params, findings, {
      model: "mlp",
      reference: "linear",
      epoch: 1,
      quantity: "contrast",
    });
    expect(lines[2]!.y[1]).toBe(wanted.interval.mean);
    expect(Object.keys(figure.data().dictionary).toSorted()).toEqual([...figure.data().columns].toSorted());
    // A reference that is not among the models gives way to one that is.
    expect(comparisonContrast({ params, findings, arrangement: "row", reference: "cnn" }).title).toContain("Linear");
  });

  it("writes tidy tables with a word for each column", () => {
    const tables = comparison.tables(params, findings);
    for (const { columns, rows, dictionary } of tables) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    expect(tables.map(({ rows }) => rows.length)).toEqual([8, 10]);
  });
});

it.each([
  [{ cnn: false, mlp: false }, /Models are linear; choose two or more/],
  [{ trainPerClass: 5 }, /10 anchors a class, but 5 training images/],
])("%j is refused in one sentence", (wrong, sentence) => {
  expect(() => specOf(wrong)).toThrow(sentence);
});

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** Anchors and probes in double precision, normalised on the training images by hand. */
async function imagesOf() {
  const source = await drawn.open(defaults(drawn.params), nodeHost);
  const images = (split: "train" | "test", count: number) =>
    drawn.manifest.classes.flatMap(({ id }, label) =>
      Array.from({ length: count }, (_, index) => ({ label, bytes: source.image(id, split, index) })),
    );
  const training = images("train", params.trainPerClass);
  const middle = Float64Array.from({ length: 3072 }, (_, at) => mean(training.map(({ bytes }) => bytes[at]! / 255)));
  const spread = Math.sqrt(
    mean(training.map(({ bytes }) => mean(Array.from(bytes, (value, at) => (value / 255 - middle[at]!) ** 2)))),
  );
  const inputs = (split: "train" | "test", count: number) =>
    images(split, count).map(({ label, bytes }) => ({
      label,
      input: Float64Array.from(bytes, (value, at) => (value / 255 - middle[at]!) / spread),
    }));
  return { anchors: inputs("train", params.anchorsPerClass), probes: inputs("test", params.probesPerClass) };
}
