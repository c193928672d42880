// Points on their shape, coloured by how much a step on the picked one moves them, and the same against their distance.
import { orbit } from "../../math/orbit.ts";
import {
  geometryKey,
  geometryModels,
  pointsOf,
  type GeometryFinding,
  type GeometryParams,
} from "../../lab/studies/geometry.ts";
import type { Findings } from "../../lab/study.ts";
import { blankIfNaN, type Figure, type Panel, type PointsTrace } from "./figure.ts";
import { equalAxes, niceAxis } from "./scale.ts";

export interface GeometryInput {
  readonly params: GeometryParams;
  readonly findings: Findings<GeometryFinding>;
  readonly anchor: number;
  readonly azimuth: number;
  readonly elevation: number;
  readonly arrangement: Figure["arrangement"];
}

const titles = { relu: "ReLU", sigmoid: "Sigmoid", none: "Linear" } as const;

export function geometryClouds({ params, findings, anchor, azimuth, elevation, arrangement }: GeometryInput): Figure {
  const seed = params.seeds[0]!;
  const points = pointsOf(params, seed);
  const n = points.primaryCount;
  const numbers = Array.from({ length: n }, (_, at) => at);
  const in3d =
    points.dimension === 3
      ? points.coordinates
      : Float64Array.from({ length: points.count * 3 }, (_, at) =>
          at % 3 === 2 ? 0 : points.coordinates[Math.floor(at / 3) * 2 + (at % 3)]!,
        );
  const seen = orbit(in3d, points.dimension === 3 ? { azimuth, elevation } : { azimuth: 0, elevation: Math.PI / 2 });
  const radius = Math.max(...seen.x.map((x, at) => Math.hypot(x, seen.y[at]!, seen.depth[at]!)));
  const panels: Panel[] = [];
  const traces: PointsTrace[] = [];
  for (const model of geometryModels) {
    const found = findings.get(geometryKey(params, model, seed, 0));
    const values = numbers.map((probe) => (found ? similarity(found.kernel, n, anchor, probe) : NaN));
    const panel = panels.length;
    panels.push({ title: titles[model], view: "equal", ...equalAxes(radius * 1.05) });
    traces.push({
      type: "points",
      panel,
      title: "",
      x: [...seen.x].slice(0, n),
      y: [...seen.y].slice(0, n),
      depth: [...seen.depth].slice(0, n),
      ids: numbers,
      radius: 4,
      marker: "circle",
      picked: anchor,
      colour: {
        values,
        missing: "not computed yet",
        scale: { kind: "sequential", low: 0, high: 1 },
        title: "Relative similarity",
      },
    });
  }
  for (const model of geometryModels) {
    const found = findings.get(geometryKey(params, model, seed, 0));
    const pairs = found ? numbers.flatMap((a) => numbers.map((p) => [a, p] as const)) : [];
    const panel = panels.length;
    panels.push({
      title: found ? `r = ${found.pearson.toFixed(3)}, ρ = ${found.spearman.toFixed(3)}, n = ${pairs.length}` : "",
      x: niceAxis("Distance along the shape", [0, ...pairs.map(([a, p]) => points.distance(a, p))]),
      y: niceAxis("Relative similarity", [0, 1.25]),
      ...(found ? {} : { note: "Press Run" }),
    });
    traces.push({
      type: "points",
      panel,
      title: "",
      x: pairs.map(([a, p]) => points.distance(a, p)),
      y: pairs.map(([a, p]) => similarity(found!.kernel, n, a, p)),
      ids: pairs.map(([a]) => a),
      radius: 1.6,
      opacity: 0.25,
      marker: "circle",
      colour: "#0072b2",
    });
  }
  return {
    name: "geometry",
    title: "Similarity and distance",
    caption: `Relative similarity |K(a, p)| / K(a, a) of ${n} points, ${params.set}.`,
    arrangement,
    panels,
    traces,
    data: () => ({
      columns: ["model", "anchor", "probe", "distance", "relative_similarity"],
      rows: geometryModels.flatMap((model) => {
        const found = findings.get(geometryKey(params, model, seed, 0));
        return numbers.flatMap((a) =>
          numbers.map((p) => [
            model,
            a,
            p,
            points.distance(a, p),
            blankIfNaN(found ? similarity(found.kernel, n, a, p) : NaN),
          ]),
        );
      }),
      dictionary: {
        model: "activation between the dense layers",
        anchor: "point that the step is taken on",
        probe: "point that is watched",
        distance: "along the shape",
        relative_similarity: "|K(a, p)| / K(a, a)",
      },
    }),
  };
}

const similarity = (kernel: ArrayLike<number>, n: number, a: number, p: number): number =>
  Math.abs(kernel[a * n + p]! / kernel[a * n + a]!);
