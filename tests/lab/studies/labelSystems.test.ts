// Two label systems: the groups are balanced, the ratios are those of a kernel written out by hand, and seeds are paired.
import { beforeAll, describe, expect, it } from "vitest";
import { drawn } from "../../../src/lab/datasets/drawn.ts";
import { openImages } from "../../../src/lab/dataset.ts";
import { localLab } from "../../../src/lab/local.ts";
import { manifests } from "../../../src/lab/manifests.ts";
import { defaults } from "../../../src/lab/params.ts";
import type { DatasetChoice } from "../../../src/lab/spec.ts";
import { labelSystems } from "../../../src/lab/studies/labelSystems.ts";
import {
  leadOf,
  pairMeans,
  quantityOf,
  sampleOf,
  type LabelSystemsFinding,
} from "../../../src/lab/studies/labelSystems/finding.ts";
import { labelledImages, titlesOf, type Labelling } from "../../../src/lab/studies/labelSystems/groups.ts";
import { momentKey, type LabelSystemsParams } from "../../../src/lab/studies/labelSystems/setting.ts";
import { studies } from "../../../src/lab/studies.ts";
import { parseStudy, type Desk } from "../../../src/lab/study.ts";
import { chooseBackend } from "../../../src/lab/tensor/backend.ts";
import { networkLearner } from "../../../src/lab/tensor/learner.ts";
import { interval, mean } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";
import { networkOf } from "../../helpers/networks.ts";

const specOf = (params: object) => parseStudy({ study: "label-systems", params }, studies);
const paramsOf = (params: object) => specOf(params).params as unknown as LabelSystemsParams;

const small = { perGroup: 6, width: 8, seeds: [1, 2], epochs: [12], batchSize: 8, stepSize: 0.004 };
const params = paramsOf(small);

/** A desk with drawn images and nothing else. */
const desk = {
  manifest: (id: string) => manifests.find((each) => each.id === id)!,
  pictures: (choice: DatasetChoice) => openImages(drawn, withDefaults(choice), nodeHost),
  features: async (choice: DatasetChoice) =>
    (await drawn.open(withDefaults(choice).params as never, nodeHost)).features,
} as unknown as Desk;
const withDefaults = (choice: DatasetChoice): DatasetChoice => ({
  ...choice,
  params: { ...defaults(drawn.params), ...choice.params },
});

async function found(chosen: object): Promise<Map<string, LabelSystemsFinding>> {
  const lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
  const findings = new Map<string, LabelSystemsFinding>();
  for await (const event of lab.study(specOf(chosen), { signal: new AbortController().signal }))
    if (event.kind === "finding") findings.set(event.key, event.value as LabelSystemsFinding);
  return findings;
}

describe("two labellings of the same images", () => {
  it("has each pair of sides equally often, each class on both sides of a drawn feature, and no drawing twice", async () => {
    const { count, labels, read } = await labelledImages(params, desk);
    expect(count).toBe(24);
    const groups = Array.from(labels[0], (label, example) => 2 * label + labels[1][example]!);
    expect([0, 1, 2, 3].map((group) => groups.filter((each) => each === group).length)).toEqual([6, 6, 6, 6]);

    // The classes of a side take turns; even drawings on plain ground, odd ones on grass.
    const plain = await drawn.open({ ...defaults(drawn.params), background: "plain" } as never, nodeHost);
    const seen = new Set<string>();
    [0, 1, 2, 3].forEach((group) =>
      Array.from({ length: 6 }, (_, at) => {
        const classId = (group < 2 ? ["cat", "dog"] : ["ship", "car"])[at % 2]!;
        const index = 2 * Math.floor(at / 2) + (group % 2);
        const image =
          group % 2 === 0
            ? plain.image(classId, "train", index)
            : plain.features!.image(classId, "train", index, { feature: "background", amount: 1 });
        const input = read([6 * group + at]);
        expect(input[100]).toBeCloseTo(image[100]! / 127.5 - 1, 6);
        expect(Array.from(input)).toEqual(Array.from(image, (byte) => Math.fround(byte / 127.5 - 1)));
        seen.add(`${classId} ${index}`);
      }),
    );
    expect(seen.size).toBe(24);
    // The grass is the only thing that changes: the same drawing as it is differs from it in most pixels.
    const own = plain.image("cat", "train", 1);
    const grass = plain.features!.image("cat", "train", 1, { feature: "background", amount: 1 });
    expect(own.filter((byte, at) => byte !== grass[at]).length).toBeGreaterThan(own.length / 3);
  });

  it("goes by classes and super-classes of any data set", async () => {
    const labelling: Labelling = {
      dataset: "cifar10",
      first: ["animal"],
      other: ["ship", "truck"],
      second: "classes",
      secondFirst: ["cat", "dog", "ship"],
      perGroup: 5,
    };
    const cifar = manifests.find(({ id }) => id === "cifar10")!;
    expect(titlesOf(labelling, cifar).map(({ title }) => title)).toEqual([
      "animal v ship, truck",
      "cat, dog, ship v bird, deer, frog, horse, truck",
    ]);
    const pictures = async (choice: DatasetChoice) => (example: number) =>
      new Uint8Array(3072).fill(
        cifar.classes.findIndex(({ id }) => id === choice.classes[Math.floor(example / choice.trainPerClass)]),
      );
    const { labels, read } = await labelledImages(labelling, { ...desk, pictures } as unknown as Desk);
    const classes = Array.from({ length: 20 }, (_, example) => Math.round((read([example])[0]! + 1) * 127.5));
    expect(classes).toEqual([3, 5, 3, 5, 3, 2, 4, 6, 7, 2, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9]);
    expect([...labels[0]]).toEqual(classes.map((each) => (each >= 8 ? 1 : 0)));
    expect([...labels[1]]).toEqual(classes.map((each) => ([3, 5, 8].includes(each) ? 0 : 1)));
  });

  it.each([
    [{ first: ["tree"] }, "tree is not a class of Drawn animals"],
    [{ first: ["cat", "pet"] }, "cat is twice on one side"],
    [{ first: ["cat", "dog"], other: ["animal"] }, "cat is on both sides"],
    [{ second: "classes" }, "does not part cat, dog"],
    [{ second: "classes", secondFirst: ["cat", "ship", "tiger"] }, "tiger is in the second labelling"],
    [{ second: "stripes" }, "A ship has no stripes"],
    [{ dataset: "mnist", first: ["3"], other: ["8"] }, "only drawn images can be drawn again"],
  ])("refuses %j", (given, sentence) => {
    expect(() => specOf(given)).toThrow(sentence);
  });
});

describe("the normalised kernel by kinds of pairs", () => {
  it("is averaged over ordered pairs, each image with itself too", () => {
    // Images of the groups (0, 0), (0, 1), (1, 0), (1, 1); lengths 1, 2, 1, 1.
    const kernel = [
      [1, 1, 0.3, 0.1],
      [1, 4, 0.4, 0.6],
      [0.3, 0.4, 1, 0.7],
      [0.1, 0.6, 0.7, 1],
    ];
    const means = pairMeans({ rows: 4, columns: 4, data: Float64Array.from(kernel.flat()) }, [
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ]);
    // neither: 1; second only: 0.5 and 0.7; first only: 0.3 and 0.3; both: 0.1 and 0.2.
    [1, 0.6, 0.3, 0.15].forEach((value, kind) => expect(means[kind]).toBeCloseTo(value, 12));
    // Intra and inter, by their definition: pairs that agree and pairs that do not.
    expect(quantityOf({ means }, "ratio first")).toBeCloseTo((100 * 0.8) / (0.8 + 0.225), 10);
    expect(quantityOf({ means }, "ratio second")).toBeCloseTo((100 * 0.65) / (0.65 + 0.375), 10);
    expect(quantityOf({ means }, "first")).toBeCloseTo(0.3 / 2.05, 12);
  });

  it("is that of the two-layer network's closed form, before training", async () => {
    const findings = await found({ ...small, seeds: [1], epochs: [0] });
    const images = await labelledImages(params, desk);
    await chooseBackend("wasm", nodeHost);
    const learner = networkLearner({
      plans: networkOf("mlp").build({ widths: [8], activation: "relu" } as never, images.shape, 1),
      examples: { ...images, outputCount: 1, labels: images.labels[0] },
      loss: "squared-error",
      seed: 1,
      largest: 2 ** 30,
      breathe: nodeHost.breathe,
    } as never);
    const start = learner.start();
    const [w, b, a] = await learner.weights(start);
    learner.release(start);
    const inputs = Array.from({ length: images.count }, (_, example) => images.read([example]));
    const hidden = inputs.map((x) =>
      Array.from(b!, (bias, unit) => x.reduce((sum, value, at) => sum + value * w![at * 8 + unit]!, bias)),
    );
    // K = (x . x' + 1) sum a² [h > 0] [h' > 0] + sum max(h, 0) max(h', 0) + 1
    const kernel = (i: number, j: number): number => {
      const inner = inputs[i]!.reduce((sum, value, at) => sum + value * inputs[j]![at]!, 1);
      return hidden[i]!.reduce(
        (sum, h, unit) => (h > 0 && hidden[j]![unit]! > 0 ? sum + inner * a![unit]! ** 2 + h * hidden[j]![unit]! : sum),
        1,
      );
    };
    for (const place of [0, 1] as const) {
      const [intra, inter]: [number[], number[]] = [[], []];
      for (let i = 0; i < images.count; i++)
        for (let j = 0; j < images.count; j++)
          (images.labels[place][i] === images.labels[place][j] ? intra : inter).push(
            kernel(i, j) / Math.sqrt(kernel(i, i) * kernel(j, j)),
          );
      const ratio = (100 * mean(intra)) / (mean(intra) + mean(inter));
      const [only] = [...findings.values()];
      expect(quantityOf(only!, place === 0 ? "ratio first" : "ratio second")).toBeCloseTo(ratio, 3);
    }
  });
});

describe("the same start, trained on either labelling", () => {
  let findings: Map<string, LabelSystemsFinding>;
  beforeAll(async () => {
    findings = await found(small);
  }, 60000);

  it("finds all that it announced, in that order, the start once for both", () => {
    expect([...findings.keys()]).toEqual(labelSystems.keys(params as never));
    expect(findings.size).toBe(6);
    expect(momentKey(params, { trained: "first", seed: 1, epoch: 0 })).toBe(
      momentKey(params, { trained: "second", seed: 1, epoch: 0 }),
    );
  });

  it("learns the labelling that it is trained on, and not the other", () => {
    for (const seed of [1, 2]) {
      const start = findings.get(momentKey(params, { trained: "first", seed, epoch: 0 }))!;
      const [onFirst, onSecond] = (["first", "second"] as const).map((trained) =>
        findings.get(momentKey(params, { trained, seed, epoch: 12 }))!,
      );
      expect(onFirst!.loss[0]).toBeLessThan(start.loss[0]);
      expect(onSecond!.loss[1]).toBeLessThan(start.loss[1]);
      expect(onFirst!.loss[0]).toBeLessThan(onSecond!.loss[0]);
      expect(onSecond!.loss[1]).toBeLessThan(onFirst!.loss[1]);
    }
  });

  it("takes changes seed by seed from the shared start, and compares the two ratios within a seed", () => {
    const of = (seed: number, epoch: number, quantity: "ratio first" | "ratio second"): number =>
      quantityOf(findings.get(momentKey(params, { trained: "second", seed, epoch }))!, quantity);
    const rises = (quantity: "ratio first" | "ratio second"): number[] =>
      [1, 2].map((seed) => of(seed, 12, quantity) - of(seed, 0, quantity));
    const asked = { trained: "second", epoch: 12, isChange: true } as const;
    expect(sampleOf(params, findings, { ...asked, quantity: "ratio first" })).toEqual(rises("ratio first"));
    const first = rises("ratio first");
    expect(leadOf(params, findings, { trained: "second", epoch: 12 })).toEqual(
      interval(rises("ratio second").map((value, seed) => value - first[seed]!)),
    );
  });

  it("has its rows and what their columns mean", () => {
    for (const table of labelSystems.tables(params as never, findings)) {
      expect(Object.keys(table.dictionary)).toEqual([...table.columns]);
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    }
    expect(labelSystems.tables(params as never, findings)[0]!.rows).toHaveLength(8);
  });

  it("goes on where it was stopped, with the same numbers", async () => {
    const lab = localLab(nodeHost);
    await lab.chooseBackend("wasm");
    const missing = momentKey(params, { trained: "second", seed: 2, epoch: 12 });
    const known = new Set([...findings.keys()].filter((key) => key !== missing));
    const again: [string, unknown][] = [];
    for await (const event of lab.study(specOf(small), { signal: new AbortController().signal, known }))
      if (event.kind === "finding") again.push([event.key, event.value]);
    expect(again).toEqual([[missing, findings.get(missing)]]);
  }, 30000);
});
