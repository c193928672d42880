// What Zhang, Wang and Su (NeurIPS 2021) show of networks with corrupted labels: curves and points, so the numbers are read by eye.
import { classesOf, type LeSdeNetworkParams } from "./setting.ts";

export const publishedSource =
  "Zhang, Wang and Su, NeurIPS 2021, read off the figures of their notebooks by eye: GeoMNIST, LeNet-like network, estimator not stated, 500 training images a class, 10,000 iterations, 100 trials";

/** How far each number may be from what the figures show. */
export const tolerance = { tail: 0.01, accuracy: 0.02, loss: 0.02 } as const;

export interface PublishedPoint {
  readonly share: number;
  /** Tail indices of the effects, by the height of their integrals (`heightTail`). */
  readonly tailAlpha: number;
  readonly tailBeta: number;
  /** Validation accuracy and loss at the end; undefined where they show none. */
  readonly accuracy?: number;
  readonly loss?: number;
}

/** By the share of corrupted labels. */
export const published: readonly PublishedPoint[] = [
  { share: 0, tailAlpha: 0.68, tailBeta: 1.13, accuracy: 1, loss: 0 },
  { share: 0.1, tailAlpha: 0.72, tailBeta: 0.885, accuracy: 0.985, loss: 0.15 },
  { share: 0.2, tailAlpha: 0.73, tailBeta: 0.935, accuracy: 0.975, loss: 0.3 },
  { share: 0.3, tailAlpha: 0.73, tailBeta: 0.935, accuracy: 0.95, loss: 0.48 },
  { share: 0.4, tailAlpha: 0.77, tailBeta: 0.97, accuracy: 0.81, loss: 0.75 },
  { share: 0.5, tailAlpha: 0.83, tailBeta: 1.08, accuracy: 0.58, loss: 1.02 },
  { share: 0.6, tailAlpha: 1.005, tailBeta: 1.05, accuracy: 0.37, loss: 1.1 },
  { share: 2 / 3, tailAlpha: 1.01, tailBeta: 1.065, accuracy: 0.34, loss: 1.1 },
  { share: 0.7, tailAlpha: 1.03, tailBeta: 1.08, accuracy: 0.32, loss: 1.1 },
  { share: 0.8, tailAlpha: 1.015, tailBeta: 1.02, accuracy: 0.23, loss: 1.14 },
];

/** Whether they are of these images: all three shapes of GeoMNIST. */
export const isPublished = (params: LeSdeNetworkParams): boolean =>
  params.dataset === "geomnist" && classesOf(params).length === 3;

/** What is shown for a share of corrupted labels; undefined where there is nothing. */
export const publishedAt = (share: number): PublishedPoint | undefined =>
  published.find((point) => Math.abs(point.share - share) < 0.005);
