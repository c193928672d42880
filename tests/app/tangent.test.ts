// The figures of the tangent kernel and of sharing: what they draw of findings that are known, and what they say before.
import { describe, expect, it } from "vitest";
import { isHeatmap, isLine, type Figure } from "../../src/app/figures/figure.ts";
import {
  linearisationChanges,
  linearisationKernel,
  linearisationResidual,
} from "../../src/app/figures/linearisationFigures.ts";
import { linearisationParting, partingText } from "../../src/app/figures/linearisationParting.ts";
import { onsetText, sharingPair, sharingParts, sharingRelations } from "../../src/app/figures/sharingLines.ts";
import { sharingMatrix } from "../../src/app/figures/sharingMatrix.ts";
import { nearestEpoch } from "../../src/app/studies/EpochChoice.tsx";
import { sharedStudy } from "../../src/app/state/studyShelf.ts";
import type { LinearisationFinding } from "../../src/lab/studies/linearisation/measured.ts";
import {
  linearisationKey,
  type LinearisationLook,
  type LinearisationParams,
} from "../../src/lab/studies/linearisation/setting.ts";
import type { SharingFinding } from "../../src/lab/studies/sharing/measured.ts";
import { sharingKey, type SharingLook, type SharingParams } from "../../src/lab/studies/sharing/setting.ts";

function tidy(figure: Figure): void {
  const { columns, rows, dictionary } = figure.data();
  expect(Object.keys(dictionary).toSorted()).toEqual([...columns].toSorted());
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
}

describe("the tangent kernel", () => {
  const shared = sharedStudy({
    study: "linearisation",
    params: { anchorsPerClass: 1, probesPerClass: 2, epochs: [0, 3], etaFrom: 0.01, etaTo: 1, perDecade: 1 },
  });
  const params = shared.spec.params as unknown as LinearisationParams;
  const look = shared.view as unknown as LinearisationLook;
  const cells = Float32Array.from({ length: 7 * 14 }, (_, cell) => cell);
  const finding: LinearisationFinding = {
    kernel: cells,
    anchorDiagonal: new Float32Array(7).fill(200),
    probeDiagonal: new Float32Array(14).fill(200),
    first: cells.map((value) => value / 10),
    finite: cells.map((value) => value / 10 - 0.5),
    errors: Float64Array.of(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
    rises: Float64Array.of(0.1, 1, 10),
    counts: Float64Array.of(98, 98, 98),
    slope: 0.8,
    accuracy: 0.5,
  };
  const findings = new Map([[linearisationKey(params, 0), finding]]);
  const input = { params, findings, look, arrangement: "row" } as const;

  it("is drawn image by image, or as means of classes, raw or normalised", () => {
    const [images] = linearisationKernel(input).traces.filter(isHeatmap);
    expect([images!.rows.length, images!.columns.length]).toEqual([7, 14]);
    expect(images!.values[2]![3]).toBe(2 * 14 + 3);
    expect(images!.strips!.columns.map(({ count }) => count)).toEqual(Array.from({ length: 7 }, () => 2));
    const classes = { ...input, look: { ...look, grouping: "classes", normalised: true } } as const;
    const [means] = linearisationKernel(classes).traces.filter(isHeatmap);
    expect(means!.values[2]![1]).toBeCloseTo((2 * 14 + 2.5) / 200, 6);
    expect(means!.scale).toEqual({ kind: "sequential", low: 0, high: 1 });
  });

  it("shows first order and truth on one scale, and their difference on its own", () => {
    const changes = linearisationChanges(input).traces.filter(isHeatmap);
    expect(changes.map(({ scale }) => scale)).toEqual([changes[0]!.scale, changes[0]!.scale]);
    expect(changes[0]!.scale.low).toBe(-changes[0]!.scale.high);
    const [residual] = linearisationResidual(input).traces.filter(isHeatmap);
    residual!.values.flat().forEach((value) => expect(value).toBeCloseTo(-0.5, 5));
    expect(residual!.scale).toEqual({ kind: "diverging", low: -0.5, high: 0.5 });
    expect(linearisationResidual(input).data().rows).toHaveLength(98);
  });

  it("has a line an epoch, the quartiles of the one looked at, and marks where both part", () => {
    const figure = linearisationParting(input);
    const [line] = figure.traces.filter(isLine);
    expect(figure.traces).toHaveLength(1);
    expect(line!.y).toEqual([0.01, 0.1, 1]);
    expect(line!.band).toEqual({ low: [0.005, 0.05, 0.5], high: [0.02, 0.2, 2] });
    expect(figure.panels[0]!.rules!.map(({ at }) => at)).toEqual([0.1, 0.01, expect.closeTo(0.1, 9)]);
    expect(figure.caption).toContain("they part at η = 0.1");
    expect(partingText(params, { beyond: "above" })).toBe("do not part up to η = 1");
  });

  it("says so where nothing is measured yet, and has words for every column", () => {
    const empty = { ...input, findings: new Map<string, LinearisationFinding>() };
    for (const make of [linearisationKernel, linearisationChanges, linearisationResidual, linearisationParting]) {
      expect(make(empty).panels.every(({ note }) => note === "Not measured yet")).toBe(true);
      expect(make(empty).traces).toEqual([]);
      tidy(make(input));
      tidy(make(empty));
    }
  });
});

describe("sharing", () => {
  const shared = sharedStudy({ study: "sharing", params: { imagesPerClass: 2, epochs: [0, 2, 5] } });
  const params = shared.spec.params as unknown as SharingParams;
  const look: SharingLook = { ...(shared.view as unknown as SharingLook), epoch: 5, other: 2 };
  const labels = Uint8Array.from({ length: 14 }, (_, image) => Math.floor(image / 2));
  /** Tiger and cat go together; all else is at 0.1. */
  const finding = (together: number): SharingFinding => {
    const whole = Float64Array.from({ length: 98 }, (_, cell) => {
      const [one, other] = [labels[Math.floor(cell / 7)]!, cell % 7];
      return (one === 0 && other === 2) || (one === 2 && other === 0) ? together : 0.1;
    });
    const two = Float64Array.of(...whole.map((value) => value / 4), ...whole.map((value) => (value * 3) / 4));
    return {
      layers: [
        { title: "Convolution 1", kind: "conv" },
        { title: "Output", kind: "dense" },
      ],
      byLayer: { share: two, kernel: two, features: two.map((value) => value / 2), signals: two },
      whole,
      labels,
      gap: 1e-7,
      accuracy: 0.5,
    };
  };
  const findings = new Map([0, 2, 5].map((epoch, at) => [sharingKey(params, epoch), finding([0.1, 0.3, 0.5][at]!)]));
  const input = { params, findings, look, arrangement: "row" } as const;

  it("has a matrix a layer and one of the whole, with the numbers of the picked pair", () => {
    const figure = sharingMatrix(input);
    expect(figure.panels.map(({ title }) => title)).toEqual(["Convolution 1", "Output", "Whole kernel"]);
    const [first, , whole] = figure.traces.filter(isHeatmap);
    expect(first!.values[0]![2]).toBe(0.125);
    expect(whole!.values[2]![0]).toBe(0.5);
    expect(whole!.labels!.flat().filter((label) => label !== "")).toEqual(["0.50", "0.50"]);
    expect(whole!.labels![0]![2]).toBe("0.50");
  });

  it("draws the pair beside unrelated classes, and says from when on it is shared", () => {
    const lines = sharingPair(input).traces.filter(isLine);
    expect(lines.map(({ panel, title }) => `${panel} ${title}`)).toEqual([
      ...[0, 1].flatMap((panel) => ["kernel", "features", "signals", "unrelated"].map((title) => `${panel} ${title}`)),
      "2 kernel",
      "2 unrelated",
    ]);
    expect(lines[8]!.y).toEqual([0.1, 0.3, 0.5]);
    expect(sharingPair(input).mark).toBe(5);
    expect(onsetText(input)).toBe(
      "Kernel's cosine above that of unrelated classes by 0.1: Convolution 1 not at the end, Output from epoch 2 on, Whole kernel from epoch 2 on.",
    );
  });

  it("adds up over layers, for the pair, the same class and unrelated ones", () => {
    const lines = sharingParts(input).traces.filter(isLine);
    for (const panel of [0, 1, 2]) {
      const [first, second, whole] = lines.filter((line) => line.panel === panel);
      whole!.y.forEach((value, at) => expect(first!.y[at]! + second!.y[at]!).toBeCloseTo(value, 9));
    }
    const relations = sharingRelations(input).traces.filter(isLine);
    expect(relations.map(({ title }) => title).slice(0, 3)).toEqual(["same class", "sibling", "unrelated"]);
  });

  it("says so where nothing is measured yet, and has words for every column", () => {
    const empty = { ...input, findings: new Map<string, SharingFinding>() };
    for (const make of [sharingMatrix, sharingPair, sharingParts, sharingRelations]) {
      expect(make(empty).panels.every(({ note }) => note === "Not measured yet")).toBe(true);
      expect(make(empty).traces).toEqual([]);
      tidy(make(input));
      tidy(make(empty));
    }
    expect(onsetText(empty)).toBe("");
  });
});

it("the epoch looked at is one that is measured", () => {
  expect([0, 1, 3, 9].map((wanted) => nearestEpoch([1, 2, 8], wanted))).toEqual([1, 1, 2, 8]);
});
