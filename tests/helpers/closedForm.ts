// What is known in closed form: the tangent kernel of a network of two layers, in double precision.
import { dot } from "./compare.ts";

type Numbers = ArrayLike<number>;

/** f(x) = sum_r a_r s(w_r . x + b_r) + c, with s(h) = max(0, h) or h. */
export interface TwoLayers {
  readonly unit: "relu" | "linear";
  /** By unit: w_r. [input] each */
  readonly inner: readonly Numbers[];
  /** b. [unit] */
  readonly bias: Numbers;
  /** a. [unit] */
  readonly outer: Numbers;
}

/** The same, of the weights of two dense layers: [input, unit], [unit], [unit, 1], [1]. */
export function twoLayersOf(unit: TwoLayers["unit"], [weight, bias, outer]: readonly Numbers[]): TwoLayers {
  const [width, inputSize] = [bias!.length, weight!.length / bias!.length];
  const inner = Array.from({ length: width }, (_, r) =>
    Float64Array.from({ length: inputSize }, (_unused, at) => weight![at * width + r]!),
  );
  return { unit, inner, bias: bias!, outer: outer! };
}

/**
 * <df(x)/dw, df(x')/dw> over all weights, with h_r = w_r . x + b_r:
 *   relu:   (x.x' + 1) sum_r a_r^2 [h_r > 0] [h'_r > 0] + sum_r s(h_r) s(h'_r) + 1
 *   linear: (x.x' + 1) sum_r a_r^2                      + sum_r h_r h'_r       + 1
 */
export function twoLayerKernel({ unit, inner, bias, outer }: TwoLayers, x: Numbers, other: Numbers): number {
  let [common, hidden] = [0, 0];
  inner.forEach((w, r) => {
    const [h, k] = [dot(w, x) + bias[r]!, dot(w, other) + bias[r]!];
    if (unit === "relu" && !(h > 0 && k > 0)) return;
    common += outer[r]! ** 2;
    hidden += h * k;
  });
  return (dot(x, other) + 1) * common + hidden + 1;
}
