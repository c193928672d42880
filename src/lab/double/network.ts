// A network in double precision: plain loops over one example, for whoever wants to hold single precision against it.
import { simpleLayer, type DoubleLayer, type LayerSpec, type LayerWeights, type Numbers } from "./layers.ts";

/** x + inner(x). */
function residualLayer(shape: readonly number[], specs: readonly LayerSpec[]): DoubleLayer {
  const inner = doubleNetwork(specs, shape);
  return {
    outputShape: shape,
    weightSizes: inner.layers.flatMap(({ weightSizes }) => weightSizes),
    apply(weights, x) {
      const out = scoresOf(inner, dealt(inner, weights), x);
      return Float64Array.from(x, (value, at) => value + out[at]!);
    },
    pull(weights, x, signal) {
      const { input } = gradientOf(inner, dealt(inner, weights), x, signal);
      return Float64Array.from(signal, (value, at) => value + input[at]!);
    },
    gradient: (weights, x, signal) => gradientOf(inner, dealt(inner, weights), x, signal).weights.flat(),
  };
}

export const doubleLayer = (spec: LayerSpec, shape: readonly number[]): DoubleLayer =>
  spec.kind === "residual" ? residualLayer(shape, spec.inner) : simpleLayer(spec, shape);

export interface DoubleNetwork {
  readonly layers: readonly DoubleLayer[];
}
export type NetworkWeights = readonly LayerWeights[];

export function doubleNetwork(specs: readonly LayerSpec[], inputShape: readonly number[]): DoubleNetwork {
  let shape = inputShape;
  const layers = specs.map((spec) => {
    const layer = doubleLayer(spec, shape);
    shape = layer.outputShape;
    return layer;
  });
  return { layers };
}

/** A flat list weight, bias, weight, bias, ... dealt out to the layers. */
export function dealt({ layers }: DoubleNetwork, flat: readonly Numbers[]): NetworkWeights {
  let next = 0;
  return layers.map(({ weightSizes }) => weightSizes.map(() => flat[next++]!));
}

/** The input of every layer and, last, the scores. */
export function inputsOf({ layers }: DoubleNetwork, weights: NetworkWeights, x: Numbers): Numbers[] {
  const inputs = [x];
  layers.forEach((layer, at) => inputs.push(layer.apply(weights[at]!, inputs[at]!)));
  return inputs;
}

export const scoresOf = (net: DoubleNetwork, weights: NetworkWeights, x: Numbers): Numbers =>
  inputsOf(net, weights, x).at(-1)!;

/** Gradient by all weights of (slope . scores), and by the input. */
export function gradientOf(
  net: DoubleNetwork,
  weights: NetworkWeights,
  x: Numbers,
  slope: Numbers,
): { weights: Float64Array[][]; input: Numbers } {
  const inputs = inputsOf(net, weights, x);
  const gradients: Float64Array[][] = [];
  let signal = slope;
  for (let at = net.layers.length - 1; at >= 0; at--) {
    gradients[at] = net.layers[at]!.gradient(weights[at]!, inputs[at]!, signal);
    signal = net.layers[at]!.pull(weights[at]!, inputs[at]!, signal);
  }
  return { weights: gradients, input: signal };
}
