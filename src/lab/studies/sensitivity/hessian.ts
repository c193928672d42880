// Influence functions with the whole Hessian, in double precision and in the span of the training inputs, where it is small.
import { symmetrised, zeros, type DoubleMatrix } from "../../../math/matrix.ts";
import type { LayerFacts } from "../../contracts.ts";
import type { LayerSpec } from "../../double/layers.ts";
import { lossOf, lossSlope } from "../../double/loss.ts";
import { dealt, doubleNetwork, gradientOf, scoresOf, type DoubleNetwork } from "../../double/network.ts";
import { wordsOf } from "../../double/words.ts";
import type { Estimate, Influence, InfluenceLoss } from "./influence.ts";
import { solverOf } from "./solver.ts";

export interface HessianInput {
  readonly layers: readonly LayerFacts[];
  /** Weight, bias, weight, bias, ... */
  readonly weights: readonly Float32Array[];
  readonly trainInputs: readonly Float32Array[];
  readonly testInputs: readonly Float32Array[];
  readonly trainLabels: readonly number[];
  readonly testLabels: readonly number[];
  readonly loss: InfluenceLoss;
  /** Weight decay and what else is added to the diagonal, together. */
  readonly damping: number;
  readonly estimate: Estimate;
  /** A step without the example is always by conjugate gradients. */
  readonly solver: "Cholesky" | "conjugate gradients";
  readonly breathe: () => Promise<void>;
  readonly progress?: (share: number) => void;
}

/**
 * The same two estimates as `influence`, with the Hessian A of mean loss plus damping / 2 |w|^2 in place of its Gauss-Newton part: it
 * has in addition what curves because the network does, about as much as the weight decay at a minimum.
 * - influence functions: (1/m) g_z' A^-1 g_i;
 * - one Newton step: l(z; w + d) - l(z; w) with d the Newton step on the loss without example i, evaluated in the network itself.
 * Of networks that begin with a dense layer. Its gradients lie in the span of the training inputs, an invariant space of A, so that
 * the systems are solved there; nothing is lost by that.
 * @throws RangeError where A is not positive definite: the weights are not near a minimum
 */
export async function hessianInfluence(input: HessianInput): Promise<Influence> {
  const { trainInputs, testInputs, trainLabels, testLabels, loss, damping, estimate, breathe, progress } = input;
  const specs = wordsOf(input.layers).filter(({ kind }) => kind !== "flatten");
  const [first, ...others] = input.weights.map((part) => Float64Array.from(part));
  const width = (specs[0] as Extract<LayerSpec, { kind: "dense" }>).width;
  const basis = basisOf(trainInputs);
  const whole = doubleNetwork(specs, [trainInputs[0]!.length]);
  const inSpan = problemOf(doubleNetwork(specs, [basis.length]), {
    inputs: trainInputs.map((x) => Float64Array.from(basis, (axis) => inner(axis, x))),
    labels: trainLabels,
    loss,
  });
  const at = joined([Float64Array.from(basis.flatMap((axis) => times(axis, first!, width))), ...others]);
  const sizes = [basis.length * width, ...others.map(({ length }) => length)];
  const lossesAt = (step: Float64Array, length: number): number[] => {
    const parts = dealtOut(step, sizes);
    const moved = [backFrom(basis, parts[0]!, width), ...parts.slice(1)].map((part, which) =>
      part.map((value, place) => [first!, ...others][which]![place]! + length * value),
    );
    const weights = dealt(whole, moved);
    return testInputs.map((x, row) => lossOf(loss, scoresOf(whole, weights, x), testLabels[row]!));
  };
  const m = trainInputs.length;
  const all = Array.from({ length: m }, (_, i) => i);
  const part = (from: number, to: number) => (share: number) => progress?.(from + (to - from) * share);
  const system = await hessianOf(inSpan, at, { all, damping, breathe, progress: part(0, 0.7) });
  const isStep = estimate === "one Newton step";
  const { solve, close } = await solverOf(isStep ? "conjugate gradients" : input.solver, system);
  const before = lossesAt(at, 0);
  const changes = zeros(m, testInputs.length);
  for (const i of all) {
    const own = isStep ? (v: Float64Array): Float64Array => inSpan.curvature(at, v, [i]) : undefined;
    const solution = solve(inSpan.gradient(at, [i]), own);
    if (isStep) lossesAt(solution, 1).forEach((value, z) => (changes.data[i * before.length + z] = value - before[z]!));
    else {
      const [up, down] = [lossesAt(solution, short), lossesAt(solution, -short)];
      up.forEach((value, z) => (changes.data[i * before.length + z] = (value - down[z]!) / (2 * short)));
    }
    part(0.7, 1)((i + 1) / m);
    await breathe();
  }
  return { changes, ...close() };
}

/** Of central differences in double precision. */
const short = 1e-4;

interface Task {
  readonly inputs: readonly Float64Array[];
  readonly labels: readonly number[];
  readonly loss: InfluenceLoss;
}

type Problem = ReturnType<typeof problemOf>;

function problemOf(net: DoubleNetwork, { inputs, labels, loss }: Task) {
  const m = inputs.length;
  const sizes = net.layers.flatMap(({ weightSizes }) => weightSizes);
  /** Of the sum of the losses of some examples, over m. */
  function gradient(at: Float64Array, examples: readonly number[]): Float64Array {
    const weights = dealt(net, dealtOut(at, sizes));
    const made = new Float64Array(at.length);
    for (const example of examples) {
      const x = inputs[example]!;
      const slope = lossSlope(loss, scoresOf(net, weights, x), labels[example]!);
      let place = 0;
      for (const part of gradientOf(net, weights, x, slope).weights.flat())
        for (let which = 0; which < part.length; which++, place++) made[place]! += part[which]! / m;
    }
    return made;
  }
  return {
    gradient,
    /** The Hessian of the same times v, by central differences of the gradient. */
    curvature(at: Float64Array, v: Float64Array, examples: readonly number[]): Float64Array {
      const length = 1e-4 / Math.sqrt(inner(v, v));
      const moved = (sign: number): Float64Array =>
        gradient(
          at.map((value, place) => value + sign * length * v[place]!),
          examples,
        );
      const [up, down] = [moved(1), moved(-1)];
      return up.map((value, place) => (value - down[place]!) / (2 * length));
    },
  };
}

interface Forming {
  readonly all: readonly number[];
  readonly damping: number;
  readonly breathe: () => Promise<void>;
  readonly progress: (share: number) => void;
}

/** Column by column, made symmetric, with the damping on its diagonal. */
async function hessianOf(
  problem: Problem,
  at: Float64Array,
  { all, damping, breathe, progress }: Forming,
): Promise<DoubleMatrix> {
  const size = at.length;
  const columns = zeros(size, size);
  for (let which = 0; which < size; which++) {
    const unit = new Float64Array(size);
    unit[which] = 1;
    columns.data.set(problem.curvature(at, unit, all), which * size);
    if (which % 16 === 0) {
      progress(which / size);
      await breathe();
    }
  }
  const made = symmetrised(columns);
  for (let which = 0; which < size; which++) made.data[which * size + which]! += damping;
  return made;
}

/** Orthonormal rows that span the inputs (Gram and Schmidt, each twice). */
function basisOf(inputs: readonly Float32Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const input of inputs) {
    const rest = Float64Array.from(input);
    const size = Math.sqrt(inner(rest, rest));
    for (let round = 0; round < 2; round++)
      for (const axis of basis) {
        const share = inner(axis, rest);
        for (let at = 0; at < rest.length; at++) rest[at]! -= share * axis[at]!;
      }
    const left = Math.sqrt(inner(rest, rest));
    if (left > 1e-6 * size) basis.push(rest.map((value) => value / left));
  }
  return basis;
}

/** axis' W, [width] from [input, width]. */
function times(axis: Float64Array, weight: Float64Array, width: number): number[] {
  const made = Array.from({ length: width }, () => 0);
  axis.forEach((value, input) => {
    for (let unit = 0; unit < width; unit++) made[unit]! += value * weight[input * width + unit]!;
  });
  return made;
}

/** Q' V, [input, width] from [axis, width]. */
function backFrom(basis: readonly Float64Array[], coordinates: Float64Array, width: number): Float64Array {
  const made = new Float64Array(basis[0]!.length * width);
  basis.forEach((axis, row) =>
    axis.forEach((value, input) => {
      for (let unit = 0; unit < width; unit++) made[input * width + unit]! += value * coordinates[row * width + unit]!;
    }),
  );
  return made;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const made = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    made.set(part, from);
    from += part.length;
  }
  return made;
}

function dealtOut(flat: Float64Array, sizes: readonly number[]): Float64Array[] {
  let from = 0;
  return sizes.map((size) => flat.subarray(from, (from += size)));
}

function inner(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
