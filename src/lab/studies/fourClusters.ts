// Points of the plane in four clusters, opposite corners with one label: no linear function of the plane tells the labels, and a
// point matters to its own cluster alone.
import type { Rng } from "../../math/rng.ts";

export const clusters = [
  { title: "lower left", centre: [-2, -2], label: 0 },
  { title: "upper right", centre: [2, 2], label: 0 },
  { title: "upper left", centre: [-2, 2], label: 1 },
  { title: "lower right", centre: [2, -2], label: 1 },
] as const;

const spread = 0.5;

export interface ClusterPoint {
  readonly cluster: number;
  readonly label: 0 | 1;
  readonly place: readonly [number, number];
}

/** Independent points: each cluster equally likely, normal around its centre with deviation 0.5 in both coordinates. */
export const clusterPoints = (count: number, draws: Rng): ClusterPoint[] =>
  Array.from({ length: count }, () => {
    const cluster = draws.below(clusters.length);
    const { centre, label } = clusters[cluster]!;
    return { cluster, label, place: [centre[0] + spread * draws.normal(), centre[1] + spread * draws.normal()] };
  });
