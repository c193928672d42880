// Effects drawn by hand: what a pen leaves, how points are moved and added, and what the figure shows of them at once.
import { describe, expect, it } from "vitest";
import { isLine, isPoints } from "../../../src/app/figures/figure.ts";
import { effectKnots, leSdeEffects } from "../../../src/app/figures/leSdeEffects.ts";
import { drawn, powerLaw } from "../../../src/lab/simulators/leSde.ts";
import {
  added,
  drawnOn,
  drawnOver,
  mostKnots,
  moved,
  sampled,
  wordsOf,
  type Knot,
  type Stroke,
} from "../../../src/lab/studies/leSde/drawing.ts";
import { knotsOf } from "../../../src/lab/studies/leSde/setting.ts";
import { leSde, leSdeKey, type LeSdeParams } from "../../../src/lab/studies/leSde.ts";
import { parseStudy, type Desk } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";
import { fc, forAll } from "../../helpers/property.ts";

const last = 1000;
const edges = { last, span: 2 };
const strokeOf = (...knots: Knot[]): readonly Knot[] =>
  knots.reduce<Stroke | undefined>((stroke, knot) => drawnOn(stroke, knot), undefined)!.knots;
const paramsOf = (params: object): LeSdeParams =>
  parseStudy({ study: "le-sde", params }, studies).params as unknown as LeSdeParams;

describe("a stroke", () => {
  it("has one strength a time: the newer where the pen goes back", () => {
    const there = strokeOf([1, 0], [10, 1], [100, 2]);
    expect(there).toEqual([
      [1, 0],
      [10, 1],
      [100, 2],
    ]);
    expect(strokeOf(...there, [5, 0.5])).toEqual([
      [1, 0],
      [5, 0.5],
      [100, 2],
    ]);
  });

  it("in the place of what was there leaves the rest, in few points, and is off where it nearly is", () => {
    const knots: Knot[] = [
      [1, 1],
      [50, 0.5],
      [900, -0.3],
    ];
    const flat = Array.from({ length: 30 }, (_, at): Knot => [20 * 1.1 ** at, 0.003]);
    expect(drawnOver({ ...edges, knots }, flat)).toEqual([
      [1, 1],
      [20, 0],
      [317, 0],
      [900, -0.3],
    ]);
  });

  it("always makes an effect that the study takes, near the hand's", () => {
    const points = fc.array(
      fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
      {
        minLength: 2,
        maxLength: 60,
      },
    );
    const law = sampled(powerLaw(1, 0.7), last, 33);
    forAll(points, (all) => {
      const stroke = strokeOf(...all.map(([exponent, strength]): Knot => [10 ** exponent, strength]));
      const knots = drawnOver({ ...edges, knots: law }, stroke);
      expect(knots.length).toBeLessThanOrEqual(mostKnots);
      const params = paramsOf({ alphaPoints: wordsOf(knots), steps: last });
      expect(knotsOf("α", params.alphaPoints)).toEqual(knots);
    });
  });

  it("of few points goes through them all", () => {
    const stroke: Knot[] = [
      [1, 0.5],
      [10, -0.5],
      [100, 0.7],
      [1000, 0.2],
    ];
    expect(drawnOver({ ...edges, knots: sampled(powerLaw(1, 0.7), last, 33) }, stroke)).toEqual(stroke);
  });
});

describe("points", () => {
  const knots: Knot[] = [
    [1, 1],
    [10, 0.5],
    [100, 0.1],
  ];

  it("move, but not past their neighbours nor out of time", () => {
    const by = (which: number, to: Knot): Knot => moved({ ...edges, knots }, which, to)[which]!;
    expect(by(1, [20.1234, 0.71234])).toEqual([20.1, 0.712]);
    expect(by(1, [200, 0.7])).toEqual([10, 0.7]);
    expect(by(1, [10, 0.01])).toEqual([10, 0]);
    expect(by(2, [1e6, 0.2])).toEqual([last, 0.2]);
    expect(by(0, [0.01, 0.2])).toEqual([1, 0.2]);
  });

  it("are added on the curve where it has the fewest, which changes no strength", () => {
    const few: Knot[] = [
      [1, 1],
      [10, 0.5],
      [640, 0.1],
    ];
    const effect = drawn(few);
    const { knots: more, which } = added(few, effect, last);
    expect([which, more.length, more[2]![0]]).toEqual([2, 4, 80]);
    for (const time of [1, 5, 40, 300, 900]) expect(drawn(more).at(time)).toBeCloseTo(effect.at(time), 3);
  });
});

describe("points beyond the last time", () => {
  const knots: Knot[] = [
    [1, 1],
    [100, 0.4],
    [2000, 0.3],
    [5000, -0.7],
  ];

  it("stay where the curve is drawn over, up to the edge and short of it", () => {
    for (const until of [300, last])
      expect(drawnOver({ ...edges, knots }, strokeOf([10, 0.1], [until, 0.9])).slice(-2)).toEqual(knots.slice(-2));
    const wild = Array.from({ length: 60 }, (_, at): Knot => [1.1 ** at, Math.sin(at)]);
    const full = drawnOver({ ...edges, knots }, strokeOf(...wild));
    expect(full.slice(-2)).toEqual(knots.slice(-2));
    expect(full.length).toBeLessThanOrEqual(mostKnots);
  });

  it("keep their time while only their strength is moved, and come in where they are moved inwards", () => {
    const by = (to: Knot): Knot => moved({ ...edges, knots }, 2, to)[2]!;
    expect(by([last, 0.5])).toEqual([2000, 0.5]);
    expect(by([600, 0.5])).toEqual([600, 0.5]);
    expect(moved({ last: 1234, span: 2, knots }, 2, [1234, 0.5])[2]).toEqual([2000, 0.5]);
  });

  it("are no ends of a gap that a point is added to", () => {
    const effect = drawn(knots);
    const { knots: more, which } = added(knots, effect, last);
    expect([which, more[which]![0]]).toEqual([1, 10]);
    expect(more).toHaveLength(5);
    const late = added(knots.slice(2), drawn(knots.slice(2)), last);
    expect([late.which, late.knots.length]).toEqual([0, 3]);
  });

  it("can be reached by the pen, are not drawn, and have a place on the axis of strengths", () => {
    const params = paramsOf({ alphaPoints: wordsOf(knots), betaPoints: ["4000:-3"], steps: last });
    expect(effectKnots(params, "alpha")).toEqual(knots);
    const { traces, panels } = leSdeEffects({ params, seed: 1, arrangement: "row" });
    expect(traces.filter(isPoints).map(({ x }) => x)).toEqual([[1, 100]]);
    expect(Math.max(...traces.filter(isLine).flatMap(({ x }) => x))).toBeCloseTo(last, 6);
    expect(panels[0]!.y!.low).toBeLessThan(-3);
  });
});

describe("the figure of the effects", () => {
  it("goes through its points, and grows as the run's own means do without noise", async () => {
    const params = paramsOf({
      model: "L",
      alphaPoints: ["1:0.3", "40:0.1", "400:0"],
      betaPoints: ["1:-0.1"],
      steps: 400,
      seeds: [7],
    });
    const { traces, panels } = leSdeEffects({ params, seed: 7, arrangement: "row" });
    const [alpha, beta, growth] = traces.filter(isLine);
    expect(alpha!.y[alpha!.x.indexOf(40)]).toBeCloseTo(0.1, 12);
    expect(new Set(beta!.y)).toEqual(new Set([-0.1]));
    expect(traces.filter(isPoints).map(({ x }) => x)).toEqual([[1, 40, 400], [1]]);
    expect(panels[0]!.y!.high).toBeGreaterThan(0.3);
    expect(panels[0]!.y!.low).toBeLessThan(-0.1);
    const desk = { breathe: () => Promise.resolve() } as unknown as Desk;
    for await (const event of leSde.run(params, desk, new Set()))
      if (event.kind === "finding") {
        expect(event.key).toBe(leSdeKey(params, 7));
        const { known } = event.value as { known: Float64Array };
        growth!.y.forEach((size, at) => expect(Math.log10(size)).toBeCloseTo(known[at]!, 5));
      }
    expect.assertions(4 + 1 + 1 + growth!.x.length);
  });

  it("has a place for growth beyond all numbers, up and down", () => {
    for (const alphaPoints of [["1:5"], ["1:-5"]]) {
      const { traces } = leSdeEffects({ params: paramsOf({ alphaPoints }), seed: 1, arrangement: "row" });
      const growth = traces.filter(isLine).at(-1)!;
      expect(growth.y.every((size) => size >= 1e-300 && size <= 1e300)).toBe(true);
    }
  });
});
