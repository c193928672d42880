// What the paper prints of its synthetic experiments (He and Su, ICLR 2020): the only numbers here that are typed in.
import type { Activation } from "./network.ts";
import type { SimilarityId } from "./similarity.ts";

export interface Published {
  readonly set: string;
  readonly activation: Activation;
  readonly similarity: SimilarityId;
  /** Correlation of similarity and distance. */
  readonly pearson: number;
  /** Mean similarity, where it is told. */
  readonly mean?: number;
  /** The place in the paper. */
  readonly source: string;
}

const relative = { similarity: "relative" } as const;

/** After 20,000 epochs at step size 1e-5; torus at width 40960, boxes at widths 8192 and 8192. */
export const published: readonly Published[] = [
  {
    ...relative,
    set: "torus",
    activation: "relu",
    pearson: -0.97,
    mean: 0.44,
    source: "Figure 1(b), mean in its text",
  },
  {
    ...relative,
    set: "torus",
    activation: "none",
    pearson: -0.48,
    mean: 0.68,
    source: "Figure 1(c), mean in its text",
  },
  { ...relative, set: "torus", activation: "sigmoid", pearson: -0.99, source: "Figure 7(b)" },
  { ...relative, set: "boxes", activation: "relu", pearson: -0.92, source: "Figure 1(e)" },
  { ...relative, set: "boxes", activation: "none", pearson: -0.14, source: "Figure 1(f)" },
  { set: "torus", activation: "relu", similarity: "patterns", pearson: -0.97, source: "Figure 7(a)" },
];

export const publishedOf = (set: string, activation: Activation, similarity: SimilarityId): Published | undefined =>
  published.find((one) => one.set === set && one.activation === activation && one.similarity === similarity);
