// The float64 network that the tests hold the lab against: that of lab/double, which shares no code with the engine, and what
// only tests ask of it. Central differences (tests/helpers/reference.test.ts) vouch for it.
import type { LayerSpec, Numbers } from "../../src/lab/double/layers.ts";
import type { LossName } from "../../src/lab/double/loss.ts";
import {
  dealt,
  doubleNetwork,
  gradientOf,
  inputsOf,
  scoresOf,
  type DoubleNetwork,
  type NetworkWeights,
} from "../../src/lab/double/network.ts";
import { lossGradient, moved, type Example } from "../../src/lab/double/step.ts";
import { dot } from "./compare.ts";

export type { DoubleLayer as ReferenceLayer, LayerSpec, LayerWeights } from "../../src/lab/double/layers.ts";
export type { ActivationName, PaddingName } from "../../src/lab/double/layers.ts";
export { lossOf, lossSlope, softmax, type LossName } from "../../src/lab/double/loss.ts";
export {
  dealt,
  doubleLayer as referenceLayer,
  doubleNetwork as referenceNetwork,
  gradientOf,
  scoresOf,
  type DoubleNetwork as ReferenceNetwork,
  type NetworkWeights,
} from "../../src/lab/double/network.ts";
export { moved, type Example } from "../../src/lab/double/step.ts";

const isActivation = ({ kind }: LayerSpec): boolean => ["relu", "tanh", "sigmoid", "gelu"].includes(kind);

/** 1 where the input of an activation is above 0, else 0; over all activations in forward order. [unit] */
export function activationSigns(
  specs: readonly LayerSpec[],
  shape: readonly number[],
  weights: NetworkWeights,
  x: Numbers,
): number[] {
  const net = doubleNetwork(specs, shape);
  const inputs = inputsOf(net, weights, x);
  return specs.flatMap((spec, at) => {
    if (isActivation(spec)) return Array.from(inputs[at]!, (z) => (z > 0 ? 1 : 0));
    if (spec.kind !== "residual") return [];
    const own = net.layers[at]!.outputShape;
    return activationSigns(spec.inner, own, dealt(doubleNetwork(spec.inner, own), weights[at]!), inputs[at]!);
  });
}

/** Inner products of df_k/dw at pairs of inputs, for output k: summed over all weights, and by layer. [row, column] each */
export function tangentGram(
  net: DoubleNetwork,
  weights: NetworkWeights,
  { rows, columns, output }: { rows: readonly Numbers[]; columns: readonly Numbers[]; output: number },
): { whole: Float64Array; parts: Float64Array[] } {
  const gradients = (inputs: readonly Numbers[]): Float64Array[][][] =>
    inputs.map((x) => {
      const unit = Array.from(scoresOf(net, weights, x), (_, at) => (at === output ? 1 : 0));
      return gradientOf(net, weights, x, unit).weights;
    });
  const [down, across] = [gradients(rows), gradients(columns)];
  const parts = net.layers.flatMap(({ weightSizes }, layer) =>
    weightSizes.length === 0
      ? []
      : [
          Float64Array.from(
            down.flatMap((a) =>
              across.map((b) => a[layer]!.reduce((sum, part, at) => sum + dot(part, b[layer]![at]!), 0)),
            ),
          ),
        ],
  );
  return { whole: parts[0]!.map((_, cell) => parts.reduce((sum, part) => sum + part[cell]!, 0)), parts };
}

/** Gradient of the mean loss of a batch, by layer and weight. */
export function batchGradient(
  net: DoubleNetwork,
  weights: NetworkWeights,
  batch: readonly Example[],
  loss: LossName,
): Float64Array[][] {
  const each = batch.map((example) => lossGradient(net, weights, example, loss));
  return each[0]!.map((layer, at) =>
    layer.map((part, which) =>
      part.map((_, place) => each.reduce((sum, own) => sum + own[at]![which]![place]!, 0) / batch.length),
    ),
  );
}

export interface Step {
  readonly anchor: Example;
  readonly loss: LossName;
  readonly eta: number;
}

/** The weights after one literal SGD step on the anchor. */
export function steppedWeights(
  net: DoubleNetwork,
  weights: NetworkWeights,
  { anchor, loss, eta }: Step,
): NetworkWeights {
  return moved(weights, batchGradient(net, weights, [anchor], loss), eta);
}

/** f(probe; w+) - f(probe; w) for every probe, by two literal passes. [probe][output] */
export function literalChange(
  net: DoubleNetwork,
  weights: NetworkWeights,
  step: Step,
  probes: readonly Numbers[],
): number[][] {
  const after = steppedWeights(net, weights, step);
  return probes.map((probe) => {
    const before = scoresOf(net, weights, probe);
    return Array.from(scoresOf(net, after, probe), (score, at) => score - before[at]!);
  });
}

/** Some epochs of SGD: w+ = w - eta v, v+ = momentum v + gradient + decay w, v = 0 at the start. */
export function trainedWeights(
  net: DoubleNetwork,
  weights: NetworkWeights,
  batches: readonly (readonly Example[])[],
  { loss, eta, momentum, decay = 0 }: { loss: LossName; eta: number; momentum: number; decay?: number },
): NetworkWeights {
  let velocity: NetworkWeights | undefined;
  for (const batch of batches) {
    const gradient = moved(batchGradient(net, weights, batch, loss), weights, -decay);
    velocity = velocity ? moved(gradient, velocity, -momentum) : gradient;
    weights = moved(weights, velocity, eta);
  }
  return weights;
}
