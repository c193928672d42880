// The synthetic geometry against the closed form of two layers, against its own limits, and against the paper's numbers.
import { beforeAll, describe, expect, it } from "vitest";
import { LabError } from "../../../src/lab/error.ts";
import type { Lab } from "../../../src/lab/lab.ts";
import { localLab } from "../../../src/lab/local.ts";
import { mlp } from "../../../src/lab/models/mlp.ts";
import { defaults } from "../../../src/lab/params.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";
import {
  geometry,
  geometryKey,
  pointsOf,
  stiffness,
  type GeometryFinding,
  type GeometryParams,
} from "../../../src/lab/studies/geometry.ts";
import { contestantsOf } from "../../../src/lab/studies/geometry/network.ts";
import { published } from "../../../src/lab/studies/geometry/published.ts";
import {
  distancesOf,
  matrixOf,
  patternCosines,
  similarities,
  type Measured,
} from "../../../src/lab/studies/geometry/similarity.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { tf } from "../../../src/lab/tensor/tf.ts";
import { rng } from "../../../src/math/rng.ts";
import { twoLayerKernel, twoLayersOf } from "../../helpers/closedForm.ts";
import { relativeError } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";

let lab: Lab;
beforeAll(async () => {
  lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
});

const chosen = (change: Partial<GeometryParams>): GeometryParams => ({
  ...(defaults(geometry.params) as unknown as GeometryParams),
  ...change,
});

type Found = Map<string, GeometryFinding>;

async function found(params: GeometryParams, known: ReadonlySet<string> = new Set()): Promise<Found> {
  const findings: Found = new Map();
  const { signal } = new AbortController();
  for await (const event of lab.study({ version: 1, study: "geometry", params }, { signal, known }))
    if (event.kind === "finding") findings.set(event.key, event.value as GeometryFinding);
  return findings;
}

/** The finding of one network, by its place side by side. */
const of = (findings: Found, params: GeometryParams, at: number, { seed = 1, epoch = 0 } = {}): GeometryFinding =>
  findings.get(geometryKey(params, contestantsOf(params)[at]!, seed, epoch))!;

const torusRows = (params: GeometryParams, count: "count" | "primaryCount"): number[][] => {
  const points = pointsOf(params, 1);
  return Array.from({ length: points[count] }, (_, at) => [...points.coordinates.subarray(at * 3, at * 3 + 3)]);
};

/** In double precision, of the weights that the seed draws. */
async function closedKernel(unit: "relu" | "linear", width: number, rows: readonly (readonly number[])[]) {
  const examples = { shape: [1, 1, 3], outputCount: 1, labels: [0], read: () => new Float32Array(3) };
  const activation = unit === "relu" ? "relu" : "none";
  const plans = mlp.build({ widths: [width], activation }, examples.shape, 1);
  const learner = networkLearner({ plans, examples, loss: "squared-error", seed: 1 });
  const state = learner.start();
  const layers = twoLayersOf(unit, await learner.weights(state));
  learner.release(state);
  return rows.map((a) => rows.map((p) => twoLayerKernel(layers, a, p)));
}

/** By power iteration. */
function topEigenvalue(matrix: readonly (readonly number[])[]): number {
  let vector = matrix.map(() => 1);
  let value = 0;
  for (let round = 0; round < 500; round++) {
    const next = matrix.map((row) => row.reduce((sum, cell, at) => sum + cell * vector[at]!, 0));
    value = Math.hypot(...next);
    vector = next.map((each) => each / value);
  }
  return value;
}

describe("the kernel of the study", () => {
  it.each([
    ["relu", "ReLU"],
    ["linear", "linear"],
  ] as const)("is the closed form of two layers, %s", async (unit, networks) => {
    const params = chosen({ widths: [64], networks });
    const { kernel } = of(await found(params), params, 0);
    const truth = await closedKernel(unit, 64, torusRows(params, "primaryCount"));
    expect(relativeError(kernel, truth.flat())).toBeLessThan(1e-5);
  });

  it("has a largest eigenvalue that tells how stiff the training is", async () => {
    const params = chosen({ widths: [64], networks: "linear", epochs: 1, stepSize: 1e-5 });
    const { training } = of(await found(params), params, 0, { epoch: 1 });
    const truth = topEigenvalue(await closedKernel("linear", 64, torusRows(params, "count")));
    expect(training!.topBefore / truth).toBeCloseTo(1, 5);
    expect(stiffness(1e-5, truth, 100)).toBeCloseTo((2 * 1e-5 * truth) / 100, 12);
  });

  it("is what steps show as they get smaller: a tenth of the step is a tenth of the difference", async () => {
    const limit = chosen({ widths: [64], networks: "linear" });
    const truth = of(await found(limit), limit, 0).kernel;
    const off = async (eta: number): Promise<number> => {
      const params = chosen({ ...limit, order: "finite", eta });
      return relativeError(of(await found(params), params, 0).kernel, truth);
    };
    const [large, small] = [await off(1e-2), await off(1e-3)];
    expect(large).toBeGreaterThan(0.005);
    expect(large / small).toBeGreaterThan(9.5);
    expect(large / small).toBeLessThan(10.5);
    expect(await off(1e-6)).toBeLessThan(1e-5);
  });

  it("makes every point 1 to itself, and no other more when normalised", async () => {
    const params = chosen({ widths: [16], networks: "ReLU" });
    const finding = of(await found(params), params, 0);
    const points = pointsOf(params, 1);
    for (const id of ["relative", "normalised", "patterns"] as const) {
      const matrix = matrixOf(similarities[id], finding, points);
      const size = Math.sqrt(matrix.length);
      expect(size).toBe(id === "patterns" ? 100 : 50);
      for (let at = 0; at < size; at++) expect(matrix[at * (size + 1)]).toBeCloseTo(1, 5);
    }
    const normalised = matrixOf(similarities.normalised, finding, points);
    expect(Math.max(...normalised.map(Math.abs))).toBeLessThan(1 + 1e-5);
  });
});

describe("similarities and distances", () => {
  it("compare patterns by their cosine", () => {
    const random = rng(3).fork("patterns");
    const [rows, columns] = [7, 70];
    const data = Float32Array.from({ length: rows * columns }, (_, at) =>
      at < columns ? 0 : Number(random.uniform(0, 1) < 0.4),
    );
    const cosines = patternCosines({ rows, columns, data });
    for (let a = 0; a < rows; a++)
      for (let b = 0; b < rows; b++) {
        const [left, right] = [a, b].map((row) => data.subarray(row * columns, (row + 1) * columns));
        const inner = left!.reduce((sum, value, at) => sum + value * right![at]!, 0);
        const length = (row: Float32Array) => Math.sqrt(row.reduce((sum, value) => sum + value, 0));
        const truth = a === b ? 1 : a === 0 || b === 0 ? 0 : inner / (length(left!) * length(right!));
        expect(cosines[a * rows + b]).toBeCloseTo(truth, 6);
      }
  });

  it("keep the size and drop the sign of the relative one alone", () => {
    const measured: Measured = { kernel: Float32Array.of(2, -1, -1, 8) };
    const points = { ...pointsOf(chosen({}), 1), primaryCount: 2, count: 2 };
    expect(matrixOf(similarities.relative, measured, points)).toEqual([1, 0.5, 0.125, 1]);
    expect(matrixOf(similarities.kernelized, measured, points)).toEqual([2, -1, -1, 8]);
    expect(matrixOf(similarities.normalised, measured, points)).toEqual([1, -0.25, -0.25, 1]);
    expect(matrixOf(similarities.patterns, measured, points).every(Number.isNaN)).toBe(true);
  });

  it("measure along the shape, but straight for patterns", () => {
    const points = pointsOf(chosen({}), 1);
    const [a, b] = [points.coordinates.subarray(6, 9), points.coordinates.subarray(27, 30)];
    expect(distancesOf(similarities.relative, points)[2 * 50 + 9]).toBe(points.distance(2, 9));
    expect(distancesOf(similarities.patterns, points)[2 * 100 + 9]).toBeCloseTo(
      Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0)),
      12,
    );
  });
});

describe("training", () => {
  const params = chosen({
    widths: [128],
    compare: "step sizes",
    epochs: 150,
    otherStepSize: 8e-4,
    stepSize: 3.2e-3,
  });

  it("leaves the linear network's correlation alone where it is stable, and moves it where it is not", async () => {
    const findings = await found(params);
    const untrained = of(findings, params, 0).statistics.relative.pearson;
    const stable = of(findings, params, 0, { epoch: 150 });
    const unstable = of(findings, params, 1, { epoch: 150 });
    const stiff = [stable, unstable].map(({ training }, at) =>
      [training!.topBefore, training!.topAfter].map((top) => stiffness(contestantsOf(params)[at]!.stepSize, top, 100)),
    );
    expect(stiff[0]![0]).toBeLessThan(2);
    expect(stiff[1]![0]).toBeGreaterThan(2);
    expect(stiff[1]![1]).toBeLessThan(2);
    expect(Math.abs(stable.statistics.relative.pearson - untrained)).toBeLessThan(0.002);
    expect(Math.abs(unstable.statistics.relative.pearson - untrained)).toBeGreaterThan(0.05);
    const climbed = unstable.training!.losses.reduce((most, loss) => Math.max(most, loss));
    expect(climbed).toBeGreaterThan(10 * unstable.training!.losses[0]!);
    // A constant 1/2 has 1/4, and the best plane is no worse.
    expect(stable.loss).toBeLessThan(0.25);
  });

  it("ends where it diverges, and says so by blanks", async () => {
    const wild = chosen({ widths: [16], networks: "linear", epochs: 400, stepSize: 10 });
    const findings = await found(wild);
    const { training, statistics } = of(findings, wild, 0, { epoch: 400 });
    expect(training!.losses.length).toBeLessThan(400);
    expect(training!.topAfter).toBeNaN();
    expect(statistics.relative).toEqual({ pearson: NaN, spearman: NaN, mean: NaN, count: 0 });
    const [, rows] = geometry.tables(wild, findings);
    const { columns } = rows!;
    const last = rows!.rows.find((row) => row[columns.indexOf("epoch")] === 400)!;
    expect(last[columns.indexOf("pearson")]).toBe("");
    expect(last[columns.indexOf("stiffness_after")]).toBe("");
  });
});

describe("the findings", () => {
  const params = chosen({ widths: [8], epochs: 2, seeds: [1, 7] });

  it("come under the keys that were promised, in order", async () => {
    const keys = geometry.keys(params);
    expect(keys).toHaveLength(12);
    expect([...(await found(params)).keys()]).toEqual(keys);
  });

  it("share what the parameters do not decide", () => {
    const steps = chosen({ compare: "step sizes", epochs: 5, stepSize: 1e-3 });
    expect(geometry.keys(steps)).toHaveLength(3);
    expect(geometry.keys(chosen({ perClass: 9, stepSize: 1, eta: 1e-3 }))).toEqual(geometry.keys(chosen({})));
    const drawn = chosen({ source: "seed" });
    expect(geometry.keys({ ...drawn, perClass: 9 })).not.toEqual(geometry.keys(drawn));
    expect(geometry.keys(chosen({ order: "finite" }))).not.toEqual(geometry.keys(chosen({})));
  });

  it("are the same when taken up again, and nothing is computed twice", async () => {
    const whole = await found(params);
    const keys = geometry.keys(params);
    const rest = await found(params, new Set(keys.slice(0, 5)));
    expect([...rest.keys()]).toEqual(keys.slice(5));
    for (const [key, finding] of rest) expect(finding).toEqual(whole.get(key));
  });

  it("leave no tensor behind, when stopped in the middle of a training either", async () => {
    const before = tf.memory().numTensors;
    await found(params);
    const controller = new AbortController();
    const long = chosen({ widths: [8], epochs: 20000, networks: "ReLU" });
    const stopped = (async () => {
      const spec = { version: 1, study: "geometry", params: long } as const;
      for await (const event of lab.study(spec, { signal: controller.signal }))
        if (event.kind === "progress" && event.progress.share > 0) controller.abort(new LabError("cancelled", "Stop."));
    })();
    await expect(stopped).rejects.toThrow("Stop.");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("differ by seed in drawn points, too", async () => {
    const drawn = chosen({ widths: [8], source: "seed", perClass: 5, networks: "ReLU", seeds: [1, 2] });
    const findings = await found(drawn);
    expect(of(findings, drawn, 0).kernel).toHaveLength(25);
    expect(of(findings, drawn, 0, { seed: 2 }).kernel).not.toEqual(of(findings, drawn, 0).kernel);
  });
});

describe("the tables", () => {
  it("have a word for every column, a cell in each, and the paper's numbers beside the lab's", async () => {
    const params = chosen({ widths: [16], seeds: [1, 2, 3] });
    const findings = await found(params);
    const [seeds, each] = geometry.tables(params, findings);
    for (const table of [seeds!, each!]) {
      expect(Object.keys(table.dictionary).sort()).toEqual([...table.columns].sort());
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    }
    const cell = (name: string) => seeds!.rows[0]![seeds!.columns.indexOf(name)];
    const values = [1, 2, 3].map((seed) => of(findings, params, 0, { seed }).statistics.relative.pearson);
    const mean = values.reduce((sum, value) => sum + value, 0) / 3;
    expect([cell("network"), cell("similarity"), cell("seeds")]).toEqual(["relu", "relative", 3]);
    expect(cell("pearson")).toBeCloseTo(mean, 12);
    expect(cell("pearson_sd")).toBeCloseTo(Math.hypot(...values.map((value) => value - mean)) / Math.SQRT2, 12);
    expect([cell("paper_pearson"), cell("paper_mean"), cell("paper_source")]).toEqual([
      -0.97,
      0.44,
      "Figure 1(b), mean in its text",
    ]);
    const kept = new Map([...findings].map(([key, finding]) => [key, geometry.lasting!(finding)]));
    expect(geometry.tables(params, kept)).toEqual([seeds, each]);
    expect(geometry.tables(params, new Map()).map(({ rows }) => rows)).toEqual([[], []]);
  });
});

describe("bad input", () => {
  const said = (params: object): string => {
    try {
      parseStudy({ study: "geometry", params }, studies);
      return "";
    } catch (error) {
      expect(LabError.from(error).code).toBe("spec-invalid");
      return LabError.from(error).message;
    }
  };

  it("is refused in a sentence that names the value and the remedy", () => {
    expect(said({ seeds: [3, 3] })).toBe("seeds holds 3 twice; give each seed once, for it gives the same numbers.");
    expect(said({ compare: "step sizes" })).toContain("epochs is 0");
    expect(said({ compare: "step sizes", epochs: 1, stepSize: 0.01, otherStepSize: 0.01 })).toContain("both 0.01");
    expect(said({ set: "moebius" })).toContain("torus, boxes");
    expect(said({ widths: [] })).toContain("params.widths");
  });

  it("is none in any preset", () => {
    for (const { small, paper } of geometry.presets)
      for (const setting of [small, paper]) if (setting) expect(said(setting.params)).toBe("");
  });
});

describe("the paper's numbers", () => {
  it("are told apart by set, network and similarity", () => {
    const names = published.map(({ set, activation, similarity }) => [set, activation, similarity].join());
    expect(new Set(names).size).toBe(names.length);
  });

  it("are met on the torus at width 512, untrained, by ten seeds (the linear network's by what a stable run has)", async () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const params = chosen({ seeds });
    const findings = await found(params);
    const within = (at: number, [low, high]: [number, number], [least, most]: [number, number]) => {
      for (const seed of seeds) {
        const { pearson, mean } = of(findings, params, at, { seed }).statistics.relative;
        expect(pearson).toBeGreaterThanOrEqual(low);
        expect(pearson).toBeLessThanOrEqual(high);
        expect(mean).toBeGreaterThanOrEqual(least);
        expect(mean).toBeLessThanOrEqual(most);
      }
    };
    within(0, [-0.968, -0.959], [0.432, 0.443]);
    within(1, [-0.993, -0.98], [0.653, 0.677]);
    within(2, [-0.08, -0.066], [0.66, 0.7]);
    for (const seed of seeds)
      expect(of(findings, params, 0, { seed }).statistics.patterns.pearson).toBeCloseTo(-0.97, 1);
  });

  it("are met on the boxes at widths 256 and 256, untrained", async () => {
    const params = chosen({ set: "boxes", widths: [256, 256], networks: "ReLU and linear" });
    const findings = await found(params);
    expect(Math.abs(of(findings, params, 0).statistics.relative.pearson + 0.92)).toBeLessThan(0.03);
    expect(Math.abs(of(findings, params, 1).statistics.relative.pearson + 0.14)).toBeLessThan(0.03);
  });

  it("are far from the linear network's signed kernel, which looks elastic", async () => {
    const params = chosen({ networks: "linear" });
    const { statistics } = of(await found(params), params, 0);
    expect(statistics.normalised.pearson).toBeLessThan(-0.98);
    expect(statistics.relative.pearson).toBeGreaterThan(-0.1);
  });
});
