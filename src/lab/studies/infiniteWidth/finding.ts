// What a study of width finds: the closed form of a shape, and how far each drawn network is from it.
import type { Parametrisation } from "../../../math/infiniteWidth.ts";

/** A tangent kernel, whole. [input * inputs + input] */
export type Kernels = Readonly<Record<Parametrisation, Float64Array>>;

/** Closed form of a shape. */
export interface LimitFinding {
  readonly kind: "limit";
  readonly kernels: Kernels;
  /** Class of each input, with runs of the same class together. [input] */
  readonly labels: Uint8Array;
  readonly classTitles: readonly string[];
  /** Share of each layer in the mean of the diagonal. [layer] */
  readonly shares: Readonly<Record<Parametrisation, Float64Array>>;
}

/** Relative Frobenius errors, |K - closed form| / |closed form|. */
export interface Errors {
  readonly whole: number;
  /** Of what each layer's own weights add. [layer] */
  readonly parts: Float64Array;
}

/** One network, drawn. */
export interface NetworkFinding {
  readonly kind: "network";
  readonly errors: Readonly<Record<Parametrisation, Errors>>;
  /** Error of the inner products of each hidden layer's features against the NNGP's. [hidden layer] */
  readonly features: Float64Array;
  /** Empty in a file. */
  readonly kernels: Kernels;
}

export type WidthFinding = LimitFinding | NetworkFinding;
