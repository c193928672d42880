// What is found about one pair of classes and one seed: by kernels in closed form, and by a network; and what a row of the
// tables makes of it.
import type { RelativeRatio } from "../../../math/relativeRatio.ts";
import type { Findings } from "../../study.ts";
import { isEstimate, lambdas, type EstimateId, type MethodId, type Quantity } from "./method.ts";
import { kernelsKey, networkKey, type LabelAwarenessParams, type Pair } from "./setting.ts";

export interface Ratios {
  readonly trainTrain: RelativeRatio;
  readonly testTrain: RelativeRatio;
}

export interface Measured extends Ratios {
  /** Share of test images on the right side, 0 to 1. */
  readonly accuracy: number;
}

export interface AtLambda extends Measured {
  readonly lambda: number;
  /** Whether the kernel on the training images is positive definite, as a kernel should be. */
  readonly isDefinite: boolean;
  /** Accuracy and mean squared error on the held-out fifth of the training images, fitted on the others. */
  readonly validation: number;
  readonly validationError: number;
}

export interface Estimated {
  /** Mean |K| over mean |Z| of training pairs. */
  readonly scale: number;
  readonly byLambda: readonly AtLambda[];
}

/** Matrices of the first training images of each class, in class order. [image, image] */
interface Shown {
  /** Numbers of the images in `choiceOf(params, pair)`. */
  readonly images: Int32Array;
  /** 0 for the first class, 1 for the second. [image] */
  readonly sides: Uint8Array;
}

export interface KernelsFinding {
  readonly kind: "kernels";
  readonly ntk: Measured;
  readonly methods: Readonly<Record<EstimateId, Estimated>>;
  /** Absent where the finding was read from a file. */
  readonly shown?: Shown & {
    readonly ntk: Float32Array;
    readonly estimates: Readonly<Record<EstimateId, Float32Array>>;
  };
}

export interface NetworkFinding {
  readonly kind: "network";
  readonly start: Measured;
  /** NaN throughout where the training diverged. */
  readonly trained: Measured;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Step size of the training, by the loss (f - y)² / 2. */
  readonly stepSize: number;
  /** One sentence where there is something to say; else empty. */
  readonly remark: string;
  readonly shown?: Shown & { readonly start: Float32Array; readonly trained: Float32Array };
}

export type LabelAwarenessFinding = KernelsFinding | NetworkFinding;

export const lambdaChoices = ["validation", "test, as in the paper", ...lambdas.map(String)] as const;
/** How lambda is chosen: by the held-out training images, by the test images as the paper does, or fixed. */
export type LambdaChoice = (typeof lambdaChoices)[number];

/**
 * What of an estimate is shown: the lambda of greatest accuracy, of equally good ones on held-out images that of least squared
 * error. A lambda at which the normalised kernel is no similarity has no relative ratio, and is chosen only where all are so.
 */
export function chosenOf({ byLambda }: Estimated, how: string): AtLambda {
  const fixed = byLambda.find(({ lambda }) => String(lambda) === how);
  if (fixed) return fixed;
  const isSound = ({ trainTrain, testTrain }: AtLambda): boolean => !Number.isNaN(trainTrain.ratio + testTrain.ratio);
  const sound = byLambda.filter(isSound);
  const isValidation = how === "validation";
  const of = (one: AtLambda): number => (isValidation ? one.validation : one.accuracy);
  return (sound.length > 0 ? sound : byLambda).reduce((best, one) => {
    if (Number.isNaN(of(best)) || of(one) > of(best)) return one;
    return isValidation && of(one) === of(best) && one.validationError < best.validationError ? one : best;
  });
}

export interface Lookup {
  readonly params: LabelAwarenessParams;
  readonly findings: Findings<LabelAwarenessFinding>;
  readonly lambda: string;
}

/** What a method measured for one seed; undefined where it is not known yet. */
export function measuredOf(
  { params, findings, lambda }: Lookup,
  method: MethodId,
  pair: Pair,
  seed: number,
): Measured | undefined {
  if (method === "start" || method === "trained")
    return (findings.get(networkKey(params, pair, seed)) as NetworkFinding | undefined)?.[method];
  const found = findings.get(kernelsKey(params, pair, seed)) as KernelsFinding | undefined;
  if (!found) return undefined;
  return isEstimate(method) ? chosenOf(found.methods[method], lambda) : found.ntk;
}

/** In percent; NaN where it is not measurable. */
export function valueOf({ trainTrain, testTrain, accuracy }: Measured, quantity: Quantity): number {
  const share = { "train-train": trainTrain.ratio, "test-train": testTrain.ratio, accuracy }[quantity];
  return 100 * share;
}

/** In percent, a number a seed that is known. */
export const sampleOf = (lookup: Lookup, method: MethodId, pair: Pair, quantity: Quantity): number[] =>
  lookup.params.seeds.flatMap((seed) => {
    const found = measuredOf(lookup, method, pair, seed);
    return found ? [valueOf(found, quantity)] : [];
  });

/** A method and what it is held against, with the same images. */
export const comparisons: readonly (readonly [MethodId, MethodId])[] = [
  ["trained", "start"],
  ["kr-v1", "ntk"],
  ["kr-v2", "ntk"],
  ["pairs", "ntk"],
];

/** The paired differences in percent points, a number a seed that knows both; NaN where one is not measurable. */
export const differencesOf = (
  lookup: Lookup,
  [method, reference]: readonly [MethodId, MethodId],
  pair: Pair,
  quantity: Quantity,
): number[] =>
  lookup.params.seeds.flatMap((seed) => {
    const [one, other] = [measuredOf(lookup, method, pair, seed), measuredOf(lookup, reference, pair, seed)];
    return one && other ? [valueOf(one, quantity) - valueOf(other, quantity)] : [];
  });
