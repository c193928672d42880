// The tangent kernel's study against the linear model's closed form, the response's own sensitivities, and numbers by hand.
import { beforeAll, describe, expect, it } from "vitest";
import { ownOutput } from "../../../src/lab/contracts.ts";
import { openDataset, type Dataset } from "../../../src/lab/dataset.ts";
import { drawn } from "../../../src/lab/datasets/drawn.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { linearisation } from "../../../src/lab/studies/linearisation.ts";
import {
  normalisedKernel,
  partingOf,
  relativeErrors,
  type LinearisationFinding,
} from "../../../src/lab/studies/linearisation/measured.ts";
import { etasOf, type LinearisationParams } from "../../../src/lab/studies/linearisation/setting.ts";
import { choiceOf } from "../../../src/lab/studies/tangent/moments.ts";
import { studies } from "../../../src/lab/studies.ts";
import { kernelStudyOf } from "../../../src/app/state/studyShelf.ts";
import { script } from "../../../src/lab/command.ts";
import { parseSpec } from "../../../src/lab/spec.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { Table, values } from "../../../src/lab/table.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { dot, relativeError } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";
import { networkOf } from "../../helpers/networks.ts";

const small = { epochs: [0, 1], trainPerClass: 4, anchorsPerClass: 2, probesPerClass: 3, etaFrom: 1e-4, perDecade: 1 };
const specOf = (params: object) => parseStudy({ study: "linearisation", params: { ...small, ...params } }, studies);
const paramsOf = (params: object = {}) => specOf(params).params as unknown as LinearisationParams;

const lab = localLab(nodeHost);
beforeAll(() => lab.chooseBackend("wasm"));

async function found(params: object): Promise<LinearisationFinding[]> {
  const spec = specOf(params);
  const findings = new Map<string, LinearisationFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal }))
    if (event.kind === "finding") findings.set(event.key, event.value as LinearisationFinding);
  expect([...findings.keys()]).toEqual(linearisation.keys(paramsOf(params)));
  for (const { columns, rows, dictionary } of linearisation.tables(paramsOf(params), findings)) {
    expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
  return [...findings.values()];
}

const imagesOf = (params: LinearisationParams): Promise<Dataset> =>
  openDataset(drawn, { ...choiceOf(params, params.probesPerClass), params: defaults(drawn.params) }, nodeHost);

/** Examples as the study numbers them. */
const anchors = Array.from({ length: 14 }, (_, at) => Math.floor(at / 2) * 4 + (at % 2));
const probes = Array.from({ length: 21 }, (_, at) => 28 + at);

describe("of the live lab's own network", () => {
  it("is asked for by what is live, and is of the same weights", async () => {
    const catalogue = await lab.describe();
    const live = (change: object = {}) =>
      parseSpec(
        {
          seed: 5,
          dataset: { trainPerClass: 4, testPerClass: 3 },
          training: { epochs: 2, batchSize: 8 },
          probing: { anchorsPerClass: 2, probesPerClass: 3, epochs: [2], rule: "fixed", eta: 0.01 },
          ...change,
        },
        catalogue,
      );
    const own = kernelStudyOf(live(), catalogue)!;
    expect(own.spec.params).toMatchObject({ model: "cnn", seed: 5, trainPerClass: 4, batchSize: 8, epochs: [0, 1, 2] });
    const table = new Table();
    for await (const chunk of lab.run(live(), script([{ do: "train", until: 8 }]), {
      signal: new AbortController().signal,
    }))
      table.append(chunk);
    const shares = (cells: ArrayLike<number>): number[] => {
      const sizes = Array.from(cells, Math.abs);
      return sizes.map((size, at) => {
        const row = sizes.slice(at - (at % probes.length), at - (at % probes.length) + probes.length);
        return size / row.reduce((sum, value) => sum + value, 0);
      });
    };
    const [finding] = await found({ ...own.spec.params, ...small, epochs: [2], eta: 0.01 });
    const relative = shares(values(table.at(8)!, "relative"));
    expect(relativeError(shares(finding!.finite), relative)).toBeLessThan(1e-5);

    for (const change of [
      { model: { id: "mlp", params: { widths: [12] } } },
      { dataset: { classes: ["tiger", "cat"] } },
      { training: { momentum: 0.5 } },
      { training: { loss: "squared-error" } },
    ])
      expect(kernelStudyOf(live(change), catalogue)).toBeUndefined();
  });
});

describe("of the linear model", () => {
  it("is its Gram matrix, which every step follows, whatever its size and the epoch", async () => {
    const dataset = await imagesOf(paramsOf());
    const inputs = (ids: readonly number[]) => ids.map((id) => Float64Array.from(dataset.read([id])));
    const [down, across] = [inputs(anchors), inputs(probes)];
    const gram = down.flatMap((a) => across.map((p) => 7 * (dot(a, p) + 1)));
    const cosines = down.flatMap((a) =>
      across.map((p) => (dot(a, p) + 1) / Math.sqrt((dot(a, a) + 1) * (dot(p, p) + 1))),
    );
    for (const finding of await found({ model: "linear" })) {
      expect(relativeError(finding.kernel, gram)).toBeLessThan(1e-5);
      expect(relativeError(normalisedKernel(finding), cosines)).toBeLessThan(1e-5);
      expect(relativeError(finding.first, finding.finite)).toBeLessThan(1e-5);
      etasOf(paramsOf()).forEach((_, at) => expect(finding.errors[3 * at + 1]).toBeLessThan(1e-5));
      expect(partingOf(etasOf(paramsOf()), finding)).toEqual({ beyond: "above" });
      expect([...finding.counts]).toEqual(etasOf(paramsOf()).map(() => 14 * 21));
    }
  });
});

describe("of a network", () => {
  it("is followed by small steps and left by large ones", async () => {
    for (const finding of await found({ model: "mlp" })) {
      const medians = etasOf(paramsOf()).map((_, at) => finding.errors[3 * at + 1]!);
      expect(medians[0]).toBeLessThan(0.01);
      expect(medians.at(-1)).toBeGreaterThan(0.1);
      expect(partingOf(etasOf(paramsOf()), finding)).toHaveProperty("at");
      expect(finding.rises.every((rise) => rise > 0)).toBe(true);
    }
  });

  it("of each anchor's own class has the squared sensitivities of the response on its diagonals", async () => {
    const params = paramsOf();
    const [finding] = await found({ model: "cnn", output: "own class", epochs: [0], etaFrom: 0.1 });
    const cnn = networkOf("cnn");
    const dataset = await imagesOf(params);
    const learner = networkLearner({
      plans: cnn.build(defaults(cnn.params) as never, dataset.shape, 7),
      examples: dataset,
      loss: "cross-entropy",
      seed: params.seed,
    });
    const state = learner.start();
    const watch = await learner.watch(state, probes);
    let row = 0;
    for await (const response of watch.respond(anchors, { rule: "fixed", eta: params.eta, order: "first" })) {
      const label = ownOutput(response.anchorLabels[0]!, 7);
      const squares = Array.from(response.sensitivity.data, (size) => size ** 2);
      const own = finding!.probeDiagonal.subarray(label * 21, (label + 1) * 21);
      expect(relativeError(own, squares)).toBeLessThan(1e-4);
      expect(finding!.anchorDiagonal[row]! / response.anchorSensitivity[0]! ** 2).toBeCloseTo(1, 4);
      const changes = probes.map((_, probe) => response.change.data[probe * 7 + label]!);
      expect(relativeError(finding!.first.subarray(row * 21, (row + 1) * 21), changes)).toBeLessThan(1e-6);
      row++;
    }
    watch.release();
    learner.release(state);
  });
});

describe("by hand", () => {
  it("errors are relative to the exact change, without anchors that are not measurable", () => {
    const finite = Float32Array.of(2, 0, -4, 0, 1, 1);
    const first = Float32Array.of(1, 0, -1, 1, 9, 9);
    expect(relativeErrors(finite, first, { times: 2, isMeasurable: [true, true, false] })).toEqual([
      0,
      0,
      0.5,
      Infinity,
    ]);
  });

  it("the step size at which they part lies between two of the sweep, by logarithms", () => {
    const of = (...medians: number[]) =>
      partingOf([1e-3, 1e-2, 1e-1], { errors: Float64Array.from(medians.flatMap((each) => [0, each, 9])) });
    const at = of(1e-3, 1e-2, 1);
    expect("at" in at && at.at).toBeCloseTo(10 ** -1.5, 9);
    expect(of(0.01, 0.02, 0.1)).toEqual({ beyond: "above" });
    expect(of(0.2, 0.01, 0.02)).toEqual({ beyond: "below" });
    expect("at" in of(0, 0, Infinity) && of(0, 0, Infinity)).toEqual({ at: expect.closeTo(0.1, 9) });
  });

  it.each([
    [{ anchorsPerClass: 5 }, /5 anchors a class, but 4 training images/],
    [{ etaFrom: 0.2, etaTo: 0.9 }, /fewer than two; widen the range/],
    [{ output: "one class", outputClass: 7 }, /Class number is 7, but there are 7 classes/],
  ])("%j is refused in one sentence", (wrong, sentence) => {
    expect(() => specOf(wrong)).toThrow(sentence);
  });
});
