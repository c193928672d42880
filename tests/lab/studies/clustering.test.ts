// The study of clustering on small drawings: what is clustered, against closed forms; what fails, and how it is said; keys,
// resuming and tables.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dealtStudy } from "../../../src/dealing.ts";
import { datasets } from "../../../src/lab/catalogue.ts";
import { openImages } from "../../../src/lab/dataset.ts";
import { localLab } from "../../../src/lab/local.ts";
import { manifests } from "../../../src/lab/manifests.ts";
import { defaults, type Values } from "../../../src/lab/params.ts";
import { numbering } from "../../../src/lab/spec.ts";
import {
  cellsOf,
  choiceOf,
  clustering,
  summaryOf,
  tasksOf,
  type ClusteringFinding,
  type ClusteringParams,
} from "../../../src/lab/studies/clustering.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { latexOfTable } from "../../../src/lab/tabular.ts";
import { studies } from "../../../src/lab/studies.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { root } from "../../../src/node.ts";
import { gram } from "../../../src/math/matrix.ts";
import { relativeError } from "../../helpers/compare.ts";
import { twoLayerKernel, twoLayersOf } from "../../helpers/closedForm.ts";
import { nodeHost } from "../../helpers/host.ts";
import { networkOf } from "../../helpers/networks.ts";

const small = {
  tasks: ["tiger-lion/cat-dog"],
  perClass: 8,
  width: 12,
  skipWidth: 6,
  epochs: 10,
  linearEpochs: 20,
  bceEpochs: 20,
  batchSize: 8,
};
const gentle = { stepSize: 3e-3, linearStepSize: 1e-3, bceStepSize: 3e-3, bceLinearStepSize: 3e-3 };

const chosenOf = (params: Values): ClusteringParams =>
  ({ ...defaults(clustering.params), ...small, ...gentle, ...params }) as unknown as ClusteringParams;

const specNames: Readonly<Record<string, string>> = {
  drawn: "clusters-drawn",
  "table-1": "table-1-mnist",
  "table-2": "table-2-cifar10",
  "table-3": "table-3-architectures",
  "table-5": "table-5-random-weights",
  "table-6": "table-6-auxiliary",
  "table-7": "table-7-normalised",
};

const lab = localLab(nodeHost);
const signal = new AbortController().signal;
const specOf = (chosen: ClusteringParams) =>
  parseStudy({ study: "clustering", params: chosen as unknown as Values }, studies);

async function found(params: Values, known?: ReadonlySet<string>): Promise<Map<string, ClusteringFinding>> {
  const findings = new Map<string, ClusteringFinding>();
  await lab.chooseBackend("wasm");
  for await (const event of lab.study(specOf(chosenOf(params)), { signal, ...(known ? { known } : {}) }))
    if (event.kind === "finding") findings.set(event.key, event.value as ClusteringFinding);
  return findings;
}

const only = async (params: Values): Promise<ClusteringFinding> => [...(await found(params)).values()][0]!;

/** Pixels of the primary images as the paper scales them, mean 1/2 and deviation 1/2. [image][pixel] */
async function pixelsOf(params: Values): Promise<Float32Array[]> {
  const chosen = chosenOf(params);
  const [task] = tasksOf(chosen);
  const choice = choiceOf(chosen, task!);
  const plugin = datasets.find(({ manifest }) => manifest.id === choice.id)!;
  const read = await openImages(plugin, { ...choice, params: defaults(plugin.params) }, nodeHost);
  const { idOf } = numbering(choice);
  return task!.primary.flatMap((name) =>
    Array.from({ length: chosen.perClass }, (_, at) =>
      Float32Array.from(read(idOf(choice.classes.indexOf(name), "train", at)), (byte) => (byte / 255 - 0.5) / 0.5),
    ),
  );
}

describe("what is clustered", () => {
  it.each(["relu", "linear"] as const)("is the tangent kernel in closed form for random weights, %s", async (unit) => {
    const params = { methods: [`l2-kernelized-${unit}-random`], seeds: [5] };
    const { similarity, images } = await only(params);
    const pixels = await pixelsOf(params);
    const learner = networkLearner({
      plans: networkOf("mlp").build(
        { widths: [12], activation: unit === "relu" ? "relu" : "none" } as never,
        [32, 32, 3],
        1,
      ),
      examples: { shape: [32, 32, 3], outputCount: 1, labels: [], read: () => new Float32Array(0) },
      loss: "squared-error",
      seed: 5,
    });
    const state = learner.start();
    const net = twoLayersOf(unit, await learner.weights(state));
    learner.release(state);
    const expected = pixels.flatMap((x) => pixels.map((y) => twoLayerKernel(net, x, y)));
    expect(images).toHaveLength(16);
    expect(relativeError(similarity!, expected)).toBeLessThan(1e-5);
  });

  it("are inner products of pixels for the baselines", async () => {
    const [rows, kernel] = [await only({ methods: ["kmeans"] }), await only({ methods: ["pixels"] })];
    const pixels = await pixelsOf({});
    const data = Float64Array.from(pixels.flatMap((row) => Array.from(row)));
    const expected = gram({ rows: pixels.length, columns: 3072, data }).data;
    expect(relativeError(rows.similarity!, expected)).toBeLessThan(1e-6);
    expect(relativeError(kernel.similarity!, expected)).toBeLessThan(1e-6);
  });

  it.each(["l2", "bce"] as const)("is nearly the limit for the finite steps of the paper, %s", async (loss) => {
    const methods = ["relative", "kernelized", "normalised"].map((option) => `${loss}-${option}-relu`);
    const limit = [...(await found({ methods })).values()];
    const finite = [...(await found({ methods, order: "finite" })).values()];
    for (const [at, { similarity }] of finite.entries()) {
      expect(relativeError(similarity!, limit[at]!.similarity!)).toBeLessThan(5e-3);
      expect(similarity).not.toEqual(limit[at]!.similarity);
    }
  });

  it("has the wide linear network agree with the pixels' own kernel", async () => {
    const methods = ["pixels", "l2-kernelized-linear-random"];
    const [pixels, linear] = [...(await found({ methods, perClass: 20, width: 1024, seeds: [2] })).values()];
    const same = linear!.labels.filter((label, at) => label === pixels!.labels[at]).length / 40;
    expect(Math.max(same, 1 - same)).toBeGreaterThanOrEqual(0.95);
  });

  it.each(["cnn", "skip"])("is finite and symmetric, with a picture and an order of its images, %s", async (model) => {
    const methods = [`l2-relative-${model}-random`, `bce-kernelized-${model}-random`];
    for (const { status, similarity, labels, picture, order } of (await found({ methods, perClass: 4 })).values()) {
      expect([status, labels.length, picture!.length]).toEqual(["measured", 8, 16]);
      expect([...order!].sort((a, b) => a - b)).toEqual([...Array(8).keys()]);
      for (let a = 0; a < 8; a++)
        for (let p = 0; p < 8; p++) {
          expect(Number.isFinite(similarity![a * 8 + p])).toBe(true);
          expect(similarity![a * 8 + p]).toBe(similarity![p * 8 + a]);
        }
    }
  });

  it("has the accuracy of the labels it holds, under the better labelling", async () => {
    const { labels, truth, accuracy } = await only({ methods: ["kmeans"], perClass: 20 });
    expect(labels.filter((label, at) => label === truth[at]).length / 40).toBeCloseTo(accuracy, 12);
    expect(accuracy).toBeGreaterThanOrEqual(0.5);
  });
});

describe("what fails", () => {
  it("says that a training diverged, after as many starts as asked for", async () => {
    const finding = await only({ methods: ["l2-relative-linear"], linearStepSize: 10, linearEpochs: 20, retries: 1 });
    expect([finding.status, finding.accuracy, finding.labels.length]).toEqual(["diverged", NaN, 0]);
    expect(finding.remark).toBe("The network diverged on all of 2 starts: its loss is not finite.");
  });

  it("says that a network collapsed", async () => {
    const finding = await only({ methods: ["l2-kernelized-relu"], width: 4, stepSize: 0.04, retries: 0 });
    expect([finding.status, finding.deadShare]).toEqual(["collapsed", 1]);
    expect(finding.remark).toBe("The network collapsed: no hidden unit is on at any training image.");
    expect(finding.similarity).toBeUndefined();
  });

  it("says that a training came to no more than a constant, and clusters all the same", async () => {
    const { status, remark, trainLoss } = await only({ methods: ["l2-kernelized-relu"], stepSize: 1e-9, epochs: 1 });
    expect(trainLoss).toBeGreaterThan(0.25);
    expect([status, remark]).toEqual(["measured", expect.stringContaining("is not below that of a constant, 0.250")]);
  });

  it("begins anew from other weights, and says so", async () => {
    const params = { methods: ["l2-kernelized-relu"], width: 3, stepSize: 0.03, seeds: [4] };
    const finding = await only({ ...params, retries: 10 });
    expect(finding.status).toBe("measured");
    expect(finding.remark).toMatch(/^Start \d+ is shown; .* collapsed: no hidden unit is on at any training image/);
  });
});

describe("bad input", () => {
  const refusal = (params: Values): string => {
    try {
      parseStudy({ study: "clustering", params }, studies);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it.each([
    [{ tasks: ["tiger-tiger/cat"] }, "The task tiger-tiger/cat names tiger as both primary classes"],
    [{ tasks: ["tiger-lion/lion"] }, "has lion as primary and as auxiliary class"],
    [{ tasks: ["tiger-lion/cat-cat"] }, "names the auxiliary class cat twice"],
    [{ tasks: ["tiger-lynx/cat"] }, /names lynx, but the classes of .+ are: tiger, lion, cat, dog, plane, ship, car/],
    [{ tasks: ["tiger-lion"] }, "write it like tiger-lion/cat-dog"],
    [{ tasks: ["tiger/cat"] }, "write it like tiger-lion/cat-dog"],
    [{ tasks: ["tiger-lion-car/cat"] }, "write it like tiger-lion/cat-dog"],
    [{ tasks: ["tiger-lion/cat", "tiger-lion/cat"] }, 'has "tiger-lion/cat" twice'],
    [{ tasks: [] }, "give a list of 1 to 100 words"],
    [{ tasks: [3] }, "params.tasks[0] is 3; give a short text without a comma"],
    [{ methods: ["spectral"] }, 'params.methods[0] is "spectral"; give some of: kmeans, pca, pixels,'],
    [{ dataset: "mnist", tasks: ["3-8/5"], perClass: 1000 }, ""],
    [
      { dataset: "cifar10", tasks: ["cat-dog/frog"], perClass: 1001 },
      /perClass is 1001; give a whole number between 2 and 1000/,
    ],
  ])("is refused in a sentence: %j", (params, sentence) => {
    if (sentence === "") expect(refusal(params)).toBe("");
    else expect(refusal(params as unknown as Values)).toMatch(sentence);
  });

  it("names how many images there are, where there are fewer than asked for", () => {
    expect(() => clustering.check!({ ...chosenOf({}), dataset: "mnist", tasks: ["3-8/5"], perClass: 2711 })).toThrow(
      "The task 3-8/5 asks for 5422 images of a class, but MNIST has 5421; lower perClass or name more auxiliary classes.",
    );
  });

  it("knows the classes of every data set of the lab", () => {
    expect(manifests).toEqual(datasets.map(({ manifest }) => manifest));
  });
});

describe("keys", () => {
  const params = {
    methods: ["kmeans", "l2-relative-linear", "l2-kernelized-linear", "bce-relative-relu"],
    seeds: [1, 2],
  };

  it("are those of the findings, in their order, and once each", async () => {
    const findings = await found(params);
    expect([...findings.keys()]).toEqual(clustering.keys(chosenOf(params)));
    expect(findings.size).toBe(8);
    for (const { truth, images } of findings.values()) expect([truth.length, images.length]).toEqual([16, 16]);
  });

  it("that are known are not computed again", async () => {
    const keys = clustering.keys(chosenOf(params));
    const missing = [keys[2]!, keys[4]!];
    const findings = await found(params, new Set(keys.filter((key) => !missing.includes(key))));
    expect([...findings.keys()]).toEqual(missing);
  });

  it("change with what decides a finding, and with nothing else", () => {
    const key = (changed: Values, method: string): string => {
      const chosen = chosenOf({ ...changed, methods: [method] });
      return clustering.keys(chosen)[0]!;
    };
    expect(key({ stepSize: 0.01 }, "l2-relative-relu")).not.toBe(key({}, "l2-relative-relu"));
    expect(key({ stepSize: 0.01 }, "bce-relative-relu")).toBe(key({}, "bce-relative-relu"));
    expect(key({ stepSize: 0.01, epochs: 7 }, "l2-relative-relu-random")).toBe(key({}, "l2-relative-relu-random"));
    expect(key({ width: 5 }, "kmeans")).toBe(key({}, "kmeans"));
    expect(key({ order: "finite" }, "l2-relative-relu")).not.toBe(key({}, "l2-relative-relu"));
    expect(key({ starts: 3 }, "kmeans")).not.toBe(key({}, "kmeans"));
  });

  it("are dealt out network by network, and lead to the same findings in several labs as in one", async () => {
    const pieces = clustering.together!(chosenOf(params));
    expect(pieces.flat().sort()).toEqual([...clustering.keys(chosenOf(params))].sort());
    expect(pieces.map(({ length }) => length)).toEqual([2, 1, 1, 2, 1, 1]);
    const dealt = new Map<string, unknown>();
    const other = localLab(nodeHost);
    await other.chooseBackend("wasm");
    const deal = { labs: [lab, other], plugin: clustering as never, known: new Set<string>(), signal };
    for await (const event of dealtStudy(specOf(chosenOf(params)), deal))
      if (event.kind === "finding") dealt.set(event.key, event.value);
    const alone = await found(params);
    expect(dealt.size).toBe(alone.size);
    for (const [key, value] of alone) expect(dealt.get(key)).toEqual(value);
  });

  it("pass on the error of the lab that fails", async () => {
    const broken = {
      study: () => {
        throw new Error("no power");
      },
    };
    const deal = { labs: [broken as never, lab], plugin: clustering as never, known: new Set<string>(), signal };
    const read = async (): Promise<void> => {
      for await (const _event of dealtStudy(specOf(chosenOf(params)), deal));
    };
    await expect(read()).rejects.toThrow("no power");
  });
});

describe("tables and summaries", () => {
  const params = { dataset: "mnist", tasks: ["5-9/4-8"], methods: ["l2-kernelized-relu", "kmeans"], seeds: [1, 2, 3] };
  const chosen = chosenOf(params);
  const { rows, columns, key } = cellsOf(chosen);
  const [relu, kmeans] = rows;
  const [task] = columns;
  const finding = (accuracy: number, more: Partial<ClusteringFinding> = {}): ClusteringFinding => ({
    task: "5-9/4-8",
    method: "l2-kernelized-relu",
    seed: 1,
    status: "measured",
    remark: "",
    accuracy,
    trainLoss: NaN,
    trainAccuracy: NaN,
    deadShare: NaN,
    labels: new Uint8Array(10),
    truth: new Uint8Array(10),
    images: new Int32Array(10),
    ...more,
  });
  const findings = new Map([
    [key(relu!, task!, 1), finding(0.6)],
    [key(relu!, task!, 2), finding(0.8)],
    [key(relu!, task!, 3), finding(NaN, { status: "collapsed", remark: "It collapsed.", images: new Int32Array(0) })],
    [key(kmeans!, task!, 1), finding(0.563)],
  ]);

  it("sum up a cell over its seeds", () => {
    const summary = summaryOf(chosen, findings, relu!, task!);
    expect(summary).toMatchObject({ low: 0.6, high: 0.8, n: 10, seeds: 2, remarks: ["It collapsed."] });
    expect(summary.mean).toBeCloseTo(0.7, 12);
    expect(summary.sd).toBeCloseTo(Math.SQRT2 / 10, 12);
    expect(summary.statuses).toEqual({ measured: 2, collapsed: 1, diverged: 0, "not measurable": 0 });
  });

  it("have the mean, its spread, the paper's number and what failed in a cell", () => {
    const [grid] = clustering.tables(chosen, findings);
    expect(grid!.title).toBe(
      "Clustering accuracy in percent, MNIST: mean ± s.d. over 3 seeds, in brackets the paper's",
    );
    expect(latexOfTable(grid!)).toContain("\\ensuremath{\\ell}2-kernelized (ReLU)");
    expect(grid!.columns).toEqual(["method", "5 v 9 (4, 8)"]);
    expect(grid!.rows).toEqual([
      ["ℓ2-kernelized (ReLU)", "70.0 ± 14.1 (67.8); 1 collapsed"],
      ["K-means", "56.3 (56.3)"],
    ]);
  });

  it("have a row for each cell and seed, with nothing in it that is not a number or a text", () => {
    const tidy = clustering.tables(chosen, findings)[1]!;
    expect(tidy.rows).toHaveLength(4);
    expect(Object.keys(tidy.dictionary)).toEqual(tidy.columns);
    for (const row of tidy.rows) {
      expect(row).toHaveLength(tidy.columns.length);
      for (const value of row) expect(typeof value === "string" || Number.isFinite(value)).toBe(true);
    }
    expect(tidy.rows.map((row) => row[tidy.columns.indexOf("paper")])).toEqual([0.678, 0.678, 0.678, 0.563]);
  });

  it("keep all but the similarity in a file", () => {
    const kept = clustering.lasting!(finding(0.6, { similarity: new Float32Array(4), order: new Uint32Array(2) }));
    expect(Object.keys(kept)).not.toContain("similarity");
    expect(kept.order).toHaveLength(2);
  });
});

describe("presets", () => {
  it("are committed as specs, in their small setting", () => {
    for (const { id, small: own } of clustering.presets) {
      const text = readFileSync(join(root, "public", "specs", `${specNames[id]}.json`), "utf8");
      expect(parseStudy(JSON.parse(text), studies)).toEqual(
        parseStudy({ study: "clustering", params: own.params }, studies),
      );
    }
  });

  it("are allowed, small and large", () => {
    for (const { small: own, paper } of clustering.presets)
      for (const setting of [own, ...(paper ? [paper] : [])])
        expect(() => parseStudy({ study: "clustering", params: setting.params }, studies)).not.toThrow();
  });
});
