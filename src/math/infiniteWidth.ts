// The tangent kernel and the Gaussian process of fully connected rectified networks in closed form, layer by layer (Neal 1996;
// Lee et al., ICLR 2018; Jacot, Gabriel and Hongler, NeurIPS 2018): averages over Gaussian weights, exact for one hidden layer
// and the limit of wide layers for more.
import { bothOn, innerProducts, rectified, squaredNorms } from "./arcCosine.ts";
import { zeros, type DoubleMatrix, type Matrix } from "./matrix.ts";

/** z = W h + b, every weight and bias drawn by itself with mean 0. */
export interface RandomLayer {
  /** Numbers that come in: n. */
  readonly inputs: number;
  /** Variance of one weight; s_w^2 / n in the papers. */
  readonly weight: number;
  /** Variance of one bias: s_b^2. */
  readonly bias: number;
}

/** What one layer adds. All are for one output of the network. [row, column] */
export interface WideLayer {
  /** E[h . h'], inner products of what comes in: those of the inputs, then n E[s(z) s(z')] of the layer before. */
  readonly features: DoubleMatrix;
  /** Sigma = weight * features + bias, covariance of one unit z; that of the scores, the NNGP kernel, in the last layer. */
  readonly covariance: DoubleMatrix;
  /** E[df/dz . df/dz'], the product over all later layers of n weight P(both on). */
  readonly signals: DoubleMatrix;
}

/**
 * By layer, forward: one unit of a layer has the covariance Sigma = weight * E[h . h'] + bias, and the arc-cosine kernels say
 * what its rectified features have in common and how often two inputs are on together.
 * @param layers in forward order, a rectifier between any two
 * @param xs [rows, inputs] @param ys [columns, inputs]; the same as xs where nothing is said
 * @throws RangeError where the inputs are not as long as the first layer asks
 */
export function wideLayers(layers: readonly RandomLayer[], xs: Matrix, ys = xs): readonly WideLayer[] {
  const [first] = layers;
  if (first && first.inputs !== xs.columns)
    throw new RangeError(`The first layer has ${first.inputs} inputs, but the examples ${xs.columns} numbers.`);
  const forward: { readonly features: DoubleMatrix; readonly covariance: DoubleMatrix }[] = [];
  /** By layer but the last: how often two inputs have a unit on together. */
  const on: DoubleMatrix[] = [];
  // Inner products of the same layer: of rows and columns, of each row with itself, of each column with itself.
  let cells = innerProducts(xs, ys);
  let [rows, columns] = [squaredNorms(xs), squaredNorms(ys)];
  for (const [at, { weight, bias }] of layers.entries()) {
    const unit = (inner: number): number => weight * inner + bias;
    const covariance = mapped(cells, unit);
    forward.push({ features: cells, covariance });
    const next = layers[at + 1];
    if (!next) break;
    const [down, across] = [rows.map(unit), columns.map(unit)];
    const pairs = (of: typeof rectified): DoubleMatrix =>
      mapped(covariance, (value, row, column) => of(down[row]!, value, across[column]!));
    on.push(pairs(bothOn));
    cells = mapped(pairs(rectified), (value) => next.inputs * value);
    const own = (variance: number): number => next.inputs * rectified(variance, variance, variance);
    [rows, columns] = [down.map(own), across.map(own)];
  }
  let signals = mapped(zeros(xs.rows, ys.rows), () => 1);
  const made: WideLayer[] = [];
  for (let at = layers.length - 1; at >= 0; at--) {
    made.unshift({ ...forward[at]!, signals });
    const carried = layers[at]!.inputs * layers[at]!.weight;
    const before = on[at - 1];
    if (before)
      signals = mapped(signals, (value, row, column) => value * carried * before.data[row * before.columns + column]!);
  }
  return made;
}

export const parametrisations = ["standard", "ntk"] as const;
/**
 * What the gradients are by. Standard: the weights and biases themselves, as SGD in this lab moves them; a layer of n inputs
 * then adds about n times as much as one of 1, so kernels grow with width. NTK: numbers of variance 1 that are scaled to the
 * weights and biases (Jacot et al. 2018), so that kernels have a limit.
 */
export type Parametrisation = (typeof parametrisations)[number];

/**
 * The tangent kernel of one layer's own weights and biases: (E[h . h'] + 1) E[d . d'] in the standard parametrisation, Sigma
 * E[d . d'] in that of the NTK. Features and signals need not be averages: a network's own give its empirical kernel.
 */
export const tangentPart = (
  { features, signals }: { readonly features: Matrix; readonly signals: Matrix },
  { weight, bias }: Pick<RandomLayer, "weight" | "bias">,
  parametrisation: Parametrisation,
): DoubleMatrix => {
  const [scale, shift] = parametrisation === "ntk" ? [weight, bias] : [1, 1];
  return mapped(
    features,
    (value, row, column) => (scale * value + shift) * signals.data[row * signals.columns + column]!,
  );
};

/** The sum of matrices of one shape. @throws RangeError where there is none */
export function summed(parts: readonly Matrix[]): DoubleMatrix {
  const [first] = parts;
  if (!first) throw new RangeError("There is no matrix to sum.");
  const to = zeros(first.rows, first.columns);
  for (const { data } of parts) for (let at = 0; at < to.data.length; at++) to.data[at]! += data[at]!;
  return to;
}

/** How a layer of so many inputs draws its weights. */
export type Drawn = (inputs: number) => RandomLayer;

/** Uniform between -1 and 1 over the root of the inputs, weights and biases: this lab's (and PyTorch's) usual start. */
export const uniformDraw: Drawn = (inputs) => ({ inputs, weight: 1 / (3 * inputs), bias: 1 / (3 * inputs) });

/** Normal, of variance s_w^2 over the inputs for weights and s_b^2 for biases. */
export const normalDraw =
  ({ weight, bias }: { readonly weight: number; readonly bias: number }): Drawn =>
  (inputs) => ({ inputs, weight: weight / inputs, bias });

/** The layers of a network of one output. @param inputs numbers of one example @param widths of the hidden layers */
export const layersOf = (draw: Drawn, inputs: number, widths: readonly number[]): readonly RandomLayer[] =>
  [inputs, ...widths].map(draw);

const mapped = (
  { rows, columns, data }: Matrix,
  of: (value: number, row: number, column: number) => number,
): DoubleMatrix => ({
  rows,
  columns,
  data: Float64Array.from(data, (value, at) => of(value, Math.floor(at / columns), at % columns)),
});
