// The effects of the locally elastic SDE against time, with the points they are drawn by, and the growth they make without noise.
import { growth, timesOf, type LeSdeParams } from "../../lab/studies/leSde.ts";
import type { Knot } from "../../lab/studies/leSde/drawing.ts";
import { effectsOf, knotsOf } from "../../lab/studies/leSde/setting.ts";
import type { Arrangement, Axis, Figure, LineTrace, PointsTrace } from "./figure.ts";
import { logAxis, niceAxis } from "./scale.ts";
import { sizeOf, timeAxis } from "./leSdeCurves.ts";

export interface EffectsInput {
  readonly params: LeSdeParams;
  /** Whose start grows. */
  readonly seed: number;
  readonly arrangement: Arrangement;
  /** Of strengths; one that holds both curves unless given. */
  readonly axis?: Axis | undefined;
}

export const effectStyles = {
  alpha: { title: "α", points: "alphaPoints", colour: "#d55e00", dash: "solid", marker: "none" },
  beta: { title: "β", points: "betaPoints", colour: "#0072b2", dash: "dash", marker: "none" },
} as const;
export type EffectName = keyof typeof effectStyles;
export const effectNames = ["alpha", "beta"] as const satisfies readonly EffectName[];

/** All points, those beyond the last time, too, which the curve goes towards. */
export const effectKnots = (params: LeSdeParams, name: EffectName): Knot[] =>
  knotsOf(effectStyles[name].title, params[effectStyles[name].points]);

const knotsWithin = (params: LeSdeParams, name: EffectName): Knot[] =>
  effectKnots(params, name).filter(([time]) => time <= params.steps);

/** So many times between which a power law is as good as straight. */
const lineCount = 120;

function lineOf(params: LeSdeParams, name: EffectName): LineTrace {
  const { title, colour, dash, marker } = effectStyles[name];
  const effect = effectsOf(params)[name];
  const even = Array.from({ length: lineCount + 1 }, (_, at) => params.steps ** (at / lineCount));
  const x = [...new Set([...even, ...knotsWithin(params, name).map(([time]) => time)])].sort((a, b) => a - b);
  return { type: "line", panel: 0, title, x, y: x.map((time) => effect.at(time)), colour, dash, marker };
}

/** A tenth more than there is, both ways: a curve can be drawn beyond what it reaches. */
function strengthAxis(lines: readonly LineTrace[], knots: readonly Knot[]): Axis {
  const values = [...lines.flatMap(({ y }) => y), ...knots.map(([, strength]) => strength)];
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = 0.1 * (high - low || 1);
  return niceAxis("Effect", [Math.min(low - room, -(high - low) / 4), high + room], { fromZero: false });
}

export function leSdeEffects({ params, seed, arrangement, axis }: EffectsInput): Figure {
  const lines = effectNames.map((name) => lineOf(params, name));
  const points = effectNames.map((name): PointsTrace => {
    const knots = knotsWithin(params, name);
    return {
      type: "points",
      panel: 0,
      title: "",
      x: knots.map(([time]) => time),
      y: knots.map(([, strength]) => strength),
      ids: knots.map((_, at) => at),
      colour: effectStyles[name].colour,
      marker: "circle",
      radius: 3,
    };
  });
  const knots = effectNames.flatMap((name) => effectKnots(params, name));
  const times = timesOf(params);
  const size = growth(params, seed).map(sizeOf);
  const x = timeAxis(params);
  return {
    name: "le-sde-effects",
    title: "Effects of the locally elastic SDE",
    caption: `Left: the intra-class effect α and the inter-class effect β; an effect with points is drawn by hand, straight in the logarithm of time between them and constant beyond. Right: norm of the class means less their common mean that these effects make without noise, from the start of seed ${seed}.`,
    arrangement,
    panels: [
      { title: "", x, y: axis ?? strengthAxis(lines, knots), rules: [{ axis: "y", at: 0, title: "" }] },
      { title: "", x, y: logAxis("Distance of class means, no noise", size) },
    ],
    traces: [
      ...lines,
      ...points.filter(({ ids }) => ids.length > 0),
      {
        type: "line",
        panel: 1,
        title: "growth",
        x: times,
        y: size,
        colour: "#000000",
        dash: "solid",
        marker: "none",
      },
    ],
    data: () => ({
      columns: ["quantity", "time", "value", "is_point"],
      rows: [
        ...effectNames.flatMap((name, at) => {
          const knots = new Set(effectKnots(params, name).map(([time]) => time));
          const { y, x: all } = lines[at]!;
          return all.map((time, place) => [name, time, y[place]!, knots.has(time) ? 1 : 0]);
        }),
        ...times.map((time, at) => ["growth", time, size[at]!, 0]),
      ],
      dictionary: {
        quantity: "alpha, beta: the effects; growth: norm of the class means less their common mean, without noise",
        time: "from 1",
        value: "of the quantity",
        is_point: "1 where the effect is drawn by a point, otherwise 0",
      },
    }),
  };
}
