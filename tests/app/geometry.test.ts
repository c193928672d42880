// The figures of the synthetic geometry against numbers computed by hand.
import { describe, expect, it } from "vitest";
import { frameOf } from "../../src/app/export/frame.ts";
import { svgOf } from "../../src/app/export/svg.ts";
import { isLine, isPoints, type Figure } from "../../src/app/figures/figure.ts";
import { geometryClouds } from "../../src/app/figures/geometryClouds.ts";
import { geometryLoss, stepsOf } from "../../src/app/figures/geometryLoss.ts";
import { binned, geometryScatter } from "../../src/app/figures/geometryScatter.ts";
import { epochsShown, epochsThere, shownAt, type GeometryInput } from "../../src/app/figures/geometryShown.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { defaults } from "../../src/lab/params.ts";
import {
  geometry,
  geometryKey,
  pointsOf,
  type GeometryFinding,
  type GeometryLook,
  type GeometryParams,
} from "../../src/lab/studies/geometry.ts";
import { contestantsOf } from "../../src/lab/studies/geometry/network.ts";
import { similarities, similarityIds, statisticsOf, type Measured } from "../../src/lab/studies/geometry/similarity.ts";

const size = 50;
const usual = defaults(geometry.params) as unknown as GeometryParams;

function findingOf(params: GeometryParams, kernelAt: (a: number, p: number) => number, training?: Partial<object>) {
  const kernel = Float32Array.from({ length: size * size }, (_, at) => kernelAt(Math.floor(at / size), at % size));
  const measured: Measured = { kernel };
  const points = pointsOf(params, 1);
  const statistics = Object.fromEntries(
    similarityIds.map((id) => [id, statisticsOf(similarities[id], measured, points)]),
  );
  return { ...measured, statistics, loss: 1, ...(training ? { training } : {}) } as unknown as GeometryFinding;
}

interface Made {
  readonly params?: Partial<GeometryParams>;
  readonly look?: Partial<GeometryLook>;
}

/** ReLU alone has been computed: 4 with itself, else -2. */
function inputOf({ params: change = {}, look = {} }: Made = {}): GeometryInput {
  const params = { ...usual, ...change };
  const finding = findingOf(params, (a, p) => (a === p ? 4 : -2));
  const findings = new Map([[geometryKey(params, contestantsOf(params)[0]!, 1, 0), finding]]);
  return {
    params,
    findings,
    look: { ...(defaults(geometry.view) as unknown as GeometryLook), ...look },
    arrangement: "row",
  };
}

const cloudsOn = (figure: Figure, panel: number) => figure.traces.filter(isPoints).filter((one) => one.panel === panel);
const valuesOn = (figure: Figure, panel: number): readonly number[] => {
  const { colour } = cloudsOn(figure, panel).at(-1)!;
  return typeof colour === "string" ? [] : colour.values;
};

describe("clouds", () => {
  it("colour each point by the similarity of the picked one to it, hollow where nothing is yet", () => {
    const figure = geometryClouds(inputOf({ look: { anchor: 3 } }));
    const relu = valuesOn(figure, 0);
    expect([relu[3], relu[0], relu[49]]).toEqual([1, 0.5, 0.5]);
    expect(valuesOn(figure, 1).every(Number.isNaN)).toBe(true);
    expect(cloudsOn(figure, 0).at(-1)!.picked).toBe(3);
    expect(figure.panels.map(({ title }) => title)).toEqual([
      "ReLU, untrained",
      "Sigmoid, untrained",
      "Linear, untrained",
    ]);
  });

  it("keep the sign of kernels, in units of their diagonal, on a scale about 0", () => {
    const figure = geometryClouds(inputOf({ look: { similarity: "kernelized" } }));
    expect(valuesOn(figure, 0).slice(0, 2)).toEqual([1, -0.5]);
    const { colour } = cloudsOn(figure, 0).at(-1)!;
    expect(colour).toMatchObject({ scale: { kind: "diverging", low: -1, high: 1 } });
  });

  it("show the other class faintly, with numbers of their own, and a click on it is none of the compared", () => {
    const [others, compared] = cloudsOn(geometryClouds(inputOf()), 0);
    expect(others!.ids).toEqual(Array.from({ length: 50 }, (_, at) => 50 + at));
    expect(others!.opacity).toBeLessThan(0.5);
    expect(compared!.ids).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });

  it("hold every point within the panel at any turn, and flat sets as they lie", () => {
    for (const set of ["torus", "boxes", "spheres", "helix", "cosines", "cycles"])
      for (const azimuth of [0, 0.7, 2]) {
        const figure = geometryClouds(inputOf({ params: { set }, look: { azimuth, elevation: azimuth / 2 } }));
        const { x: right, y: up } = figure.panels[0]!;
        for (const { x, y } of figure.traces.filter((trace) => isPoints(trace) || isLine(trace))) {
          expect(Math.min(...x)).toBeGreaterThanOrEqual(right!.low);
          expect(Math.max(...x)).toBeLessThanOrEqual(right!.high);
          expect(Math.min(...y)).toBeGreaterThanOrEqual(up!.low);
          expect(Math.max(...y)).toBeLessThanOrEqual(up!.high);
        }
      }
    const [turned, still] = [2, 0].map((azimuth) =>
      geometryClouds(inputOf({ params: { set: "cycles" }, look: { azimuth } })),
    );
    expect(turned!.traces).toEqual(still!.traces);
  });

  it("have a row a point and a word for each column", () => {
    const { columns, rows, dictionary } = geometryClouds(inputOf()).data();
    expect(rows).toHaveLength(300);
    expect(Object.keys(dictionary)).toEqual(columns);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});

describe("the scatter", () => {
  it("has all pairs, those of the picked point again, and the correlation in its title", () => {
    const input = inputOf({ look: { anchor: 7 } });
    const figure = geometryScatter({ ...input, epoch: 0 });
    const [all, watched, learned] = cloudsOn(figure, 0);
    expect([all!.x.length, watched!.x.length, learned!.x.length]).toEqual([2500, 50, 50]);
    const points = pointsOf(input.params, 1);
    expect([learned!.x[2], learned!.y[2]]).toEqual([points.distance(7, 2), 0.5]);
    expect([watched!.ids[2], learned!.ids[2]]).toEqual([2, 7]);
    const { pearson } = input.findings.values().next().value!.statistics.relative;
    expect(figure.panels[0]!.title).toContain(`ReLU: r = ${pearson.toFixed(3).replace("-", "−")}`);
    expect(figure.panels[1]).toMatchObject({ title: "Sigmoid", note: "Not computed yet" });
    expect(figure.caption).toContain("the paper prints r = −0.97, Figure 1(b)");
    expect(figure.data().rows).toHaveLength(2500);
    expect(Object.keys(figure.data().dictionary)).toEqual(figure.data().columns);
  });

  it("draws a part of very many pairs, and says so", () => {
    const params = { source: "seed", perClass: 150 } as const;
    const whole = { ...usual, ...params };
    const points = pointsOf(whole, 1);
    const kernel = new Float32Array(150 * 150).fill(1);
    const statistics = { relative: statisticsOf(similarities.relative, { kernel }, points) };
    const key = geometryKey(whole, contestantsOf(whole)[0]!, 1, 0);
    const findings = new Map([[key, { kernel, statistics, loss: 0 } as unknown as GeometryFinding]]);
    const figure = geometryScatter({ ...inputOf({ params }), findings, epoch: 0 });
    const drawn = cloudsOn(figure, 0)[0]!;
    expect(drawn.x.length).toBe(3750);
    // As many pairs of every point.
    expect(new Set(Array.from({ length: 150 }, (_, a) => drawn.ids.filter((id) => id === a).length))).toEqual(
      new Set([25]),
    );
    expect(figure.caption).toContain("One pair in 6 is drawn, all are counted.");
    expect(figure.data().rows).toHaveLength(22500);
  });

  it("takes medians in bins of equal width, none of few pairs", () => {
    const distances = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 0.1 : 1.6));
    const values = distances.map((distance, at) => (distance > 1 ? (at === 1 ? NaN : 3) : at));
    const bins = binned(distances, values);
    expect(bins).toHaveLength(16);
    expect(bins[1]).toEqual({ x: 0.15000000000000002, y: 49, count: 50 });
    expect(bins[15]).toMatchObject({ y: 3, count: 49 });
    expect(bins[5]!.y).toBeNaN();
  });

  it("says why the linear network has no patterns", () => {
    const input = inputOf({ params: { networks: "linear" }, look: { similarity: "patterns" } });
    const figure = geometryScatter({ ...input, epoch: 0 });
    expect(figure.panels[0]!.note).toContain("No activation");
    expect(figure.panels[0]!.title).toBe("Linear");
  });
});

describe("moments", () => {
  const params = { epochs: 10 };

  it("fall back to the untrained network until the trained one is there, but not side by side", () => {
    const input = inputOf({ params });
    expect(epochsShown(input.params, input.look)).toEqual([10]);
    expect(epochsThere(input)).toEqual([0]);
    expect(shownAt(input, 10)[0]).toMatchObject({ epoch: 0, moment: "untrained" });
    const both = inputOf({ params, look: { moment: "both" } });
    expect(epochsShown(both.params, both.look)).toEqual([0, 10]);
    expect(shownAt(both, 10)[0]).toMatchObject({ epoch: 10, finding: undefined });
    const names = [0, 10].map((epoch) => geometryScatter({ ...both, epoch }).name);
    expect(new Set(names).size).toBe(2);
  });
});

describe("the loss", () => {
  const params = { compare: "step sizes", epochs: 20, otherStepSize: 1e-3, stepSize: 4e-3 } as const;

  function trained(): GeometryInput {
    const input = inputOf({ params });
    const findings = new Map(input.findings);
    const courses = [
      { losses: Float32Array.from({ length: 20 }, (_, at) => 1 / (at + 1)), topBefore: 4e4, topAfter: 4e4 },
      { losses: Float32Array.from({ length: 20 }, (_, at) => (at === 6 ? 5000 : 1)), topBefore: 4e4, topAfter: 2e4 },
    ];
    contestantsOf(input.params).forEach((contestant, at) =>
      findings.set(
        geometryKey(input.params, contestant, 1, 20),
        findingOf(input.params, () => 1, courses[at]!),
      ),
    );
    return { ...input, findings };
  }

  it("is drawn on logarithmic axes, one line a step size, with what was to be expected in words", () => {
    const figure = geometryLoss(trained());
    expect([figure.panels[0]!.x!.scale, figure.panels[0]!.y!.scale]).toEqual(["log", "log"]);
    const lines = figure.traces.filter(isLine);
    expect(lines.map(({ title }) => title)).toEqual(["step 0.001", "step 0.004"]);
    expect(lines[1]!.y[6]).toBe(5000);
    // 2 x 1e-3 x 4e4 / 100 = 0.8, and 3.2 with four times the step.
    expect(figure.caption).toContain("step 0.001: 0.80, stable");
    expect(figure.caption).toContain("step 0.004: 3.20, unstable: the loss climbs to 5000 in step 7");
    expect(figure.caption).toContain("to where it is 1.60");
  });

  it("shows fewer and fewer steps, the first and the last among them", () => {
    const steps = stepsOf(20000);
    expect(steps.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(steps.at(-1)).toBe(20000);
    expect(steps.length).toBeLessThan(500);
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    expect(stepsOf(0)).toEqual([]);
  });
});

describe("on paper", () => {
  it.each(["row", "column"] as const)("titles do not run into each other, in a %s", (arrangement) => {
    const input: GeometryInput = { ...inputOf(), arrangement };
    for (const figure of [geometryClouds(input), geometryScatter({ ...input, epoch: 0 })]) {
      const widthPx = arrangement === "row" ? 760 : 340;
      const frame = frameOf(figure, { widthPx });
      expect(svgOf(figure, { widthPx, theme: lightTheme, fontFamily: "Arial" })).toContain("<svg");
      const lefts = frame.panels.map(({ title }) => title.left);
      if (arrangement === "row")
        expect(Math.min(...lefts.slice(1).map((left, at) => left - lefts[at]!))).toBeGreaterThan(200);
    }
  });
});
