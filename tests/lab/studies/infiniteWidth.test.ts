// The study of width: errors against closed forms written out by hand, agreement that grows with width, and honest exceptions.
import { beforeAll, describe, expect, it } from "vitest";
import { localLab } from "../../../src/lab/local.ts";
import { studies } from "../../../src/lab/studies.ts";
import type { LimitFinding, WidthFinding } from "../../../src/lab/studies/infiniteWidth/finding.ts";
import { infiniteWidth } from "../../../src/lab/studies/infiniteWidth.ts";
import { keys, limitKey, networkKey, type WidthParams } from "../../../src/lab/studies/infiniteWidth/setting.ts";
import { curveOf, errorOf, networkOf, quantitiesOf, slopeOf } from "../../../src/lab/studies/infiniteWidth/summary.ts";
import { parseStudy, type StudySpec } from "../../../src/lab/study.ts";
import { pointSets } from "../../../src/lab/points/catalogue.ts";
import { twoLayerKernel } from "../../../src/math/arcCosine.ts";
import { mean } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object): StudySpec => parseStudy({ study: "infinite-width", params }, studies);
const paramsOf = (spec: StudySpec): WidthParams => spec.params as unknown as WidthParams;

async function found(spec: StudySpec, known?: ReadonlySet<string>): Promise<Map<string, WidthFinding>> {
  const lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
  const findings = new Map<string, WidthFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, ...(known ? { known } : {}) }))
    if (event.kind === "finding") findings.set(event.key, event.value as WidthFinding);
  return findings;
}

const spec = specOf({
  inputs: "torus",
  perClass: 4,
  depths: [2, 1],
  widths: [32, 512, 32],
  seeds: [1, 2, 3, 4],
});
const chosen = paramsOf(spec);

describe("networks against infinite width", () => {
  let findings = new Map<string, WidthFinding>();
  beforeAll(async () => {
    findings = await found(spec);
  }, 60000);
  const limit = (depth: number, width: number): LimitFinding =>
    findings.get(limitKey(chosen, { depth, width })) as LimitFinding;

  it("finds all that it announced, in that order, and nothing twice", async () => {
    expect([...findings.keys()]).toEqual(infiniteWidth.keys(chosen as never));
    expect(findings.size).toBe(2 * 2 * 5);
    const lost = networkKey(chosen, { depth: 1, width: 32 }, 2);
    const again = await found(spec, new Set(keys(chosen).filter((key) => key !== lost)));
    expect([...again.entries()]).toEqual([[lost, findings.get(lost)]]);
  });

  it("has the kernel of two layers as its limit, in numbers of variance 1", () => {
    const { coordinates, count, dimension } = pointSets[0]!.draw(1, 4);
    // Weights of variance 2 / 3 and a bias of variance 1/10: the same as standard normal ones at scaled inputs with a constant.
    const points = Array.from({ length: count }, (_, at) => [
      ...Array.from(
        coordinates.subarray(at * dimension, (at + 1) * dimension),
        (value) => Math.fround(value) * Math.sqrt(2 / dimension),
      ),
      Math.sqrt(0.1),
    ]);
    const inputs = { rows: count, columns: dimension + 1, data: Float64Array.from(points.flat()) };
    // s_w^2 = 2 in front of the second layer, whose own bias adds 1/10.
    const truth = twoLayerKernel(inputs).data.map((value) => 2 * value + 0.1);
    for (const width of [32, 512])
      limit(1, width).kernels.ntk.forEach((value, at) => expect(Math.abs(value / truth[at]! - 1)).toBeLessThan(1e-12));
  });

  it("grows with width by the weights themselves, and not by numbers of variance 1", () => {
    for (const depth of [1, 2]) {
      const [narrow, wide] = [limit(depth, 32), limit(depth, 512)];
      expect(wide.kernels.ntk).toEqual(narrow.kernels.ntk);
      expect(wide.kernels.standard[0]! / narrow.kernels.standard[0]!).toBeGreaterThan(5);
      for (const shares of [narrow.shares.standard, narrow.shares.ntk]) {
        expect(shares).toHaveLength(depth + 1);
        expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
      }
    }
  });

  it.each(["standard", "ntk"] as const)("holds each kernel against its own limit (%s)", (by) => {
    const shape = { depth: 2, width: 512 };
    const { kernels, errors } = networkOf(chosen, findings, { ...shape, seed: 3 })!;
    const truth = limit(2, 512).kernels[by];
    const norm = (values: Float64Array): number => Math.hypot(...values);
    expect(errors[by].whole).toBeCloseTo(norm(kernels[by].map((value, at) => value - truth[at]!)) / norm(truth), 12);
    expect(errors[by].parts).toHaveLength(3);
  });

  it("agrees better as width grows: each quantity, about as 1 / sqrt(width)", () => {
    for (const depth of [1, 2])
      for (const quantity of quantitiesOf(depth)) {
        const { points, slope } = curveOf({ chosen, findings }, { depth, quantity, by: "ntk" });
        expect(points.map(({ width }) => width)).toEqual([32, 512]);
        expect(points[1]!.error.mean).toBeLessThan(points[0]!.error.mean / 2);
        expect(slope.mean).toBeGreaterThan(-0.9);
        expect(slope.mean).toBeLessThan(-0.2);
        expect(slope.count).toBe(4);
      }
  });

  it("averages to the closed form: four networks together are nearer than each alone", () => {
    const truth = limit(1, 512).kernels.ntk;
    const each = [1, 2, 3, 4].map((seed) => networkOf(chosen, findings, { depth: 1, width: 512, seed })!);
    const together = truth.map((_, at) => mean(each.map(({ kernels }) => kernels.ntk[at]!)));
    const error = Math.hypot(...together.map((value, at) => value - truth[at]!)) / Math.hypot(...truth);
    expect(error).toBeLessThan(0.75 * mean(each.map((one) => errorOf(one, { of: "whole" }, "ntk"))));
  });

  it("writes tidy tables with a word for each column, and leaves the kernels out of files", () => {
    for (const { columns, rows, dictionary } of infiniteWidth.tables(chosen as never, findings)) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    for (const value of findings.values()) expect(infiniteWidth.lasting!(value).kernels.ntk).toHaveLength(0);
  });
});

it("holds the lab's own uniform weights against their closed form, images and points apart", async () => {
  /** Of the mean of the networks' kernels: what is left of it is no chance. */
  const errorOfMean = async (inputs: string, perClass: number, width: number): Promise<number> => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const own = specOf({ inputs, perClass, depths: [1], widths: [width], seeds, start: "uniform" });
    const [findings, params] = [await found(own), paramsOf(own)];
    const truth = (findings.get(limitKey(params, { depth: 1, width })) as LimitFinding).kernels.standard;
    const each = seeds.map((seed) => networkOf(params, findings, { depth: 1, width, seed })!);
    const average = truth.map((_, at) => mean(each.map(({ kernels }) => kernels.standard[at]!)));
    return Math.hypot(...average.map((value, at) => value - truth[at]!)) / Math.hypot(...truth);
  };
  // 4096 units in all, then 32,768, whose chance is about 1 %.
  expect(await errorOfMean("drawn", 1, 512)).toBeLessThan(0.04);
  // Three uniform weights do not add up to a normal number.
  expect(await errorOfMean("torus", 4, 4096)).toBeGreaterThan(0.02);
}, 60000);

it.each([1, 2])("is within 5 % of its closed form at width 4096, %s hidden", async (depth) => {
  const wide = specOf({ inputs: "torus", perClass: 6, depths: [depth], widths: [4096], seeds: [1] });
  const findings = await found(wide);
  for (const by of ["standard", "ntk"] as const)
    for (const quantity of quantitiesOf(depth)) {
      const { points } = curveOf({ chosen: paramsOf(wide), findings }, { depth, quantity, by });
      expect(points[0]!.error.mean, JSON.stringify(quantity)).toBeLessThan(0.05);
    }
});

it("knows the slope of a power", () => {
  expect(slopeOf([10, 20, 80].map((x) => [x, 3 * x ** -0.7]))).toBeCloseTo(-0.7, 12);
  expect(slopeOf([10, 20].map((x) => [x, 3]))).toBe(0);
  expect(slopeOf([[10, 3]])).toBeNaN();
});

it("refuses more inputs than a matrix can be read with", () => {
  expect(() => specOf({ inputs: "drawn", perClass: 30 })).toThrow(
    "perClass is 30, which makes 210 inputs of drawn; give at most 28.",
  );
});
