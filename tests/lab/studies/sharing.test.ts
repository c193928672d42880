// Where sharing happens, against kernels by hand, the linear model's closed form and what a dense layer's kernel must be.
import { beforeAll, describe, expect, it } from "vitest";
import type { Matrix, TangentKernel } from "../../../src/lab/contracts.ts";
import { openDataset } from "../../../src/lab/dataset.ts";
import { drawn } from "../../../src/lab/datasets/drawn.ts";
import { localLab } from "../../../src/lab/local.ts";
import { defaults } from "../../../src/lab/params.ts";
import { sharing } from "../../../src/lab/studies/sharing.ts";
import { quantities, sharingOf, type SharingFinding } from "../../../src/lab/studies/sharing/measured.ts";
import type { SharingParams } from "../../../src/lab/studies/sharing/setting.ts";
import { margin, onsetOf, pairOf, relationOf } from "../../../src/lab/studies/sharing/summary.ts";
import { choiceOf, classesOf } from "../../../src/lab/studies/tangent/moments.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { dot } from "../../helpers/compare.ts";
import { nodeHost } from "../../helpers/host.ts";

const small = { epochs: [0, 1], trainPerClass: 4, imagesPerClass: 2 };
const specOf = (params: object) => parseStudy({ study: "sharing", params: { ...small, ...params } }, studies);
const paramsOf = (params: object = {}) => specOf(params).params as unknown as SharingParams;
const classes = classesOf(paramsOf());

const lab = localLab(nodeHost);
beforeAll(() => lab.chooseBackend("wasm"));

async function found(params: object): Promise<SharingFinding[]> {
  const spec = specOf(params);
  const findings = new Map<string, SharingFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal }))
    if (event.kind === "finding") findings.set(event.key, event.value as SharingFinding);
  expect([...findings.keys()]).toEqual(sharing.keys(paramsOf(params)));
  for (const { columns, rows, dictionary } of sharing.tables(paramsOf(params), findings)) {
    expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
  return [...findings.values()];
}

/** The cells of one layer. [image, class] */
const cells = ({ byLayer, whole }: SharingFinding, quantity: (typeof quantities)[number], layer: number) =>
  byLayer[quantity].subarray(layer * whole.length, (layer + 1) * whole.length);

describe("of networks", () => {
  it.each(["cnn", "mlp", "skip"])("of the %s adds up over layers, in all and between classes", async (model) => {
    for (const finding of await found({ model })) {
      expect(finding.gap).toBeLessThan(1e-5);
      finding.whole.forEach((whole, cell) => {
        const sum = finding.layers.reduce((all, _, layer) => all + cells(finding, "share", layer)[cell]!, 0);
        expect(sum).toBeCloseTo(whole, 5);
      });
    }
  });

  it("in a dense layer is the product of features and signals, image by image", async () => {
    const [, finding] = await found({ model: "mlp" });
    expect(finding!.layers.map(({ title }) => title)).toEqual(["Dense 1", "Output"]);
    // With two images a class, the mean over the other images of the own class is one cell.
    finding!.layers.forEach((_, layer) =>
      finding!.labels.forEach((label, image) => {
        const [kernel, features, signals] = (["kernel", "features", "signals"] as const).map(
          (quantity) => cells(finding!, quantity, layer)[image * 7 + label]!,
        );
        expect(features! * signals!).toBeCloseTo(kernel!, 5);
      }),
    );
  });

  it("of the linear model is in its images alone, of one score as of all", async () => {
    const dataset = await openDataset(drawn, { ...choiceOf(paramsOf(), 2), params: defaults(drawn.params) }, nodeHost);
    const inputs = Array.from({ length: 14 }, (_, at) => Float64Array.from(dataset.read([28 + at])));
    const cosine = (a: number, b: number): number => {
      const of = (one: number, other: number): number => dot(inputs[one]!, inputs[other]!) + 1;
      return of(a, b) / Math.sqrt(of(a, a) * of(b, b));
    };
    for (const output of ["sum", "one class"])
      for (const finding of await found({ model: "linear", output })) {
        expect(finding.layers).toEqual([{ title: "Output", kind: "dense" }]);
        for (const quantity of ["share", "kernel", "features"] as const) {
          expect(cells(finding, quantity, 0)[0]).toBeCloseTo(cosine(0, 1), 5);
          expect(cells(finding, quantity, 0)[3 * 7 + 4]).toBeCloseTo((cosine(3, 8) + cosine(3, 9)) / 2, 5);
        }
        expect(cells(finding, "signals", 0).every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
      }
  });
});

const matrix = (...rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

/** Three images of two classes; layer 0 is dead at the last one. */
const byHand: TangentKernel = {
  whole: matrix([4, 2, 0], [2, 9, 3], [0, 3, 4]),
  parts: [
    {
      layer: 0,
      kernel: matrix([1, 2, 0], [2, 4, 0], [0, 0, 0]),
      forward: matrix([1, 1, 1], [1, 4, 1], [1, 1, 1]),
      backward: matrix([1, 2, 0], [2, 1, 0], [0, 0, 0]),
    },
    {
      layer: 2,
      kernel: matrix([3, 0, 0], [0, 5, 3], [0, 3, 4.4]),
      forward: matrix([1, 0, 0], [0, 1, 0], [0, 0, 1]),
      backward: matrix([1, 1, 1], [1, 1, 1], [1, 1, 1]),
    },
  ],
};
const layers = ["conv", "relu", "dense"].map((kind) => ({ kind, inputShape: [1], outputShape: [1] }));

describe("by hand", () => {
  const finding = { ...sharingOf(byHand, layers, Uint8Array.of(0, 1, 1)), accuracy: 1 };

  it("means go over the other images of a class, without what has no size", () => {
    expect(finding.layers.map(({ title }) => title)).toEqual(["Convolution 1", "Output"]);
    expect([...finding.whole].map((value) => Number(value.toFixed(6)))).toEqual(
      [NaN, 1 / 6, 1 / 3, 0.5, 0, 0.5].map((value) => Number(value.toFixed(6))),
    );
    const of = (quantity: (typeof quantities)[number]) => [...cells(finding as SharingFinding, quantity, 0)];
    // Image 2 has no signal in layer 0, so only image 1 counts for image 0.
    expect(of("kernel")).toEqual([NaN, 1, 1, NaN, NaN, NaN]);
    expect(of("features")).toEqual([NaN, 0.75, 0.5, 0.5, 1, 0.5]);
    expect(of("share")).toEqual([NaN, 1 / 6, 1 / 3, 0, 0, 0]);
    expect(finding.gap).toBeCloseTo(0.1, 9);
  });

  it("a pair has one number an image of its first class, a relation one an image", () => {
    expect(pairOf(finding as SharingFinding, "whole", [1, 0])).toMatchObject({ mean: 1 / 6, count: 2 });
    const two = classes.slice(0, 2).map((info, at) => ({ ...info, path: [`alone ${at}`] }));
    expect(relationOf(finding as SharingFinding, "whole", { name: "unrelated", classes: two })).toMatchObject({
      mean: (1 / 6 + 1 / 3) / 3,
      count: 3,
    });
  });

  it("a pair is shared from the epoch on after which it never falls below again", () => {
    const at = (epoch: number, value: number) => {
      const whole = new Float64Array(4).fill(NaN);
      // Classes 0 and 1 are unrelated to each other; the pair is a class with itself.
      whole.set([value, 0.2, 0.2, 0], 0);
      return { epoch, found: { ...(finding as SharingFinding), whole, labels: Uint8Array.of(0, 1) } };
    };
    const two = classes.slice(0, 2).map((info, index) => ({ ...info, path: [`alone ${index}`] }));
    const onset = (...values: number[]) =>
      onsetOf(
        values.map((value, epoch) => at(epoch, value)),
        "whole",
        { pair: [0, 0], classes: two },
      );
    const [low, high] = [0.2 + margin - 0.01, 0.2 + margin + 0.01];
    expect(onset(high, high)).toBe(0);
    expect(onset(high, low, high, high)).toBe(2);
    expect(onset(high, low)).toBeUndefined();
  });

  it("a class that is not there is refused in one sentence", () => {
    expect(() => specOf({ output: "one class", outputClass: 9 })).toThrow(/Class number is 9, but there are 7 classes/);
  });
});
