// A step of SGD on one example in double precision: literally, by moving the weights and passing again, and to first order.
import { lossSlope, type LossName } from "./loss.ts";
import type { Numbers } from "./layers.ts";
import { gradientOf, scoresOf, type DoubleNetwork, type NetworkWeights } from "./network.ts";

export interface Example {
  readonly x: Numbers;
  readonly label: number;
}

/** Gradient of the loss of one example, by layer and weight. */
export const lossGradient = (
  net: DoubleNetwork,
  weights: NetworkWeights,
  { x, label }: Example,
  loss: LossName,
): Float64Array[][] => gradientOf(net, weights, x, lossSlope(loss, scoresOf(net, weights, x), label)).weights;

/** w - eta v, as new arrays. */
export const moved = (weights: NetworkWeights, direction: NetworkWeights, eta: number): Float64Array[][] =>
  weights.map((layer, at) => layer.map((part, which) => movedPart(part, direction[at]![which]!, eta)));

function movedPart(part: Numbers, direction: Numbers, eta: number): Float64Array {
  const out = new Float64Array(part.length);
  for (let at = 0; at < out.length; at++) out[at] = part[at]! - eta * direction[at]!;
  return out;
}

/** Changes of the score of one output per unit of eta, as eta goes to 0: -df(x)/dw . gradient, for every input. [input] */
export const firstOrderChanges = (
  net: DoubleNetwork,
  weights: NetworkWeights,
  gradient: NetworkWeights,
  { inputs, output }: { readonly inputs: readonly Numbers[]; readonly output: number },
): number[] =>
  inputs.map((x) => {
    const unit = Array.from(scoresOf(net, weights, x), (_, at) => (at === output ? 1 : 0));
    const own = gradientOf(net, weights, x, unit).weights;
    return -own.reduce((sum, layer, at) => sum + innerProduct(layer, gradient[at]!), 0);
  });

const innerProduct = (a: readonly Numbers[], b: readonly Numbers[]): number =>
  a.reduce((sum, part, which) => {
    const other = b[which]!;
    let own = 0;
    for (let at = 0; at < part.length; at++) own += part[at]! * other[at]!;
    return sum + own;
  }, 0);
