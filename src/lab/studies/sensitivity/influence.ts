// Influence functions of a network with the Gauss-Newton matrix of its loss, from tangent kernels alone, in double precision.
import { doubles, zeros, type DoubleMatrix, type Matrix } from "../../../math/matrix.ts";
import { lossOf, lossSlope, softmax } from "../../double/loss.ts";
import { product, solverOf } from "./solver.ts";

export type InfluenceLoss = "cross-entropy" | "squared-error";

export const estimates = ["influence functions", "one Newton step"] as const;
export type Estimate = (typeof estimates)[number];

export interface InfluenceInput {
  /** Tangent kernel among the m training examples, all outputs: [m C, m C], row i C + k. */
  readonly kernel: Matrix;
  /** From z test examples to the training ones. [z C, m C] */
  readonly cross: Matrix;
  /** Scores. [m, C] and [z, C] */
  readonly trainScores: Matrix;
  readonly testScores: Matrix;
  readonly trainLabels: ArrayLike<number>;
  readonly testLabels: ArrayLike<number>;
  readonly loss: InfluenceLoss;
  /** Weight decay and what else is added to the diagonal, together. Above 0. */
  readonly damping: number;
  readonly estimate: Estimate;
  readonly solver: "Cholesky" | "conjugate gradients";
  readonly breathe: () => Promise<void>;
  readonly progress?: (share: number) => void;
}

export interface Influence {
  /** Predicted l(z; w^-i) - l(z; w). [m, z] */
  readonly changes: DoubleMatrix;
  /** The largest relative residual of the systems, and the most products one took; 0 for both by Cholesky. */
  readonly residual: number;
  readonly steps: number;
}

/**
 * What leaving out example i changes, for weights at a minimum of the mean loss of m examples plus decay / 2 |w|^2. With the
 * gradients g of the loss of single examples, G = (1/m) J' H J, where J are the gradients of all scores and H the Hessian of the
 * loss by the scores, and A = G + damping I:
 * - influence functions: (1/m) g_z' A^-1 g_i, to first order in everything (Koh and Liang, ICML 2017);
 * - one Newton step: l(f_z + J_z d) - l(f_z) with d = (1/m) (A - (1/m) J_i' H_i J_i)^-1 g_i, the Gauss-Newton step on the loss without i
 *   in the network linearised at w. Where it is linear and its loss square, that is leaving out exactly.
 * With H = F F' by example and F t_i = dL_i/df both are, in exact arithmetic, made of
 *   J_z A^-1 J_i' F = K_z F M^-1 E_i,   M = damping I + (1/m) F' K F,
 * so that no gradient is ever written down: all happens in the span of the gradients of the scores. For the step, t_i becomes
 * (damping E_i' M^-1 E_i)^-1 t_i.
 * @throws RangeError where a shape does not fit, a number is not finite, or M is not positive definite
 */
export async function influence(input: InfluenceInput): Promise<Influence> {
  const { trainScores, testScores, trainLabels, testLabels, loss, damping, estimate, breathe, progress } = input;
  const { rows: m, columns: outputs } = trainScores;
  const size = m * outputs;
  const z = testScores.rows;
  if (input.kernel.rows !== size || input.cross.columns !== size || input.cross.rows !== z * outputs)
    throw new RangeError(
      `Kernels of ${input.kernel.rows} and of ${input.cross.rows} x ${input.cross.columns} do not fit ${m} training and ${z} test examples with ${outputs} outputs.`,
    );
  const halves = rowsOf(trainScores).map((scores, at) => halfOf(scores, trainLabels[at]!, loss));
  const system = systemOf(input.kernel, halves, damping);
  await breathe();
  const reach = timesFactors(doubles(input.cross), size, halves);
  const scores = rowsOf(testScores);
  const before = scores.map((own, at) => lossOf(loss, own, testLabels[at]!));
  const slopes = scores.map((own, at) => lossSlope(loss, own, testLabels[at]!));
  const { solve, close } = await solverOf(input.solver, system);
  const changes = zeros(m, z);
  for (let i = 0; i < m; i++) {
    const solution =
      estimate === "influence functions"
        ? solve(placed(halves[i]!.slope, i, size))
        : withoutOwn(i, halves[i]!.slope, { size, damping, solve });
    const moved = product(reach, solution);
    for (let at = 0; at < z; at++) {
      const own = moved.subarray(at * outputs, (at + 1) * outputs).map((value) => value / m);
      changes.data[i * z + at] =
        estimate === "influence functions"
          ? own.reduce((sum, value, k) => sum + value * slopes[at]![k]!, 0)
          : lossOf(
              loss,
              own.map((value, k) => value + scores[at]![k]!),
              testLabels[at]!,
            ) - before[at]!;
    }
    if (i % 8 === 0) {
      progress?.(i / m);
      await breathe();
    }
  }
  return { changes, ...close() };
}

/** E_i v: the block of example i, 0 elsewhere. */
function placed(block: Float64Array, i: number, size: number): Float64Array {
  const made = new Float64Array(size);
  made.set(block, i * block.length);
  return made;
}

interface Inverse {
  readonly size: number;
  readonly damping: number;
  readonly solve: (right: Float64Array) => Float64Array;
}

/** M^-1 E_i (damping E_i' M^-1 E_i)^-1 t_i. */
function withoutOwn(i: number, slope: Float64Array, { size, damping, solve }: Inverse): Float64Array {
  const outputs = slope.length;
  const columns = Array.from(slope, (_, k) =>
    solve(
      placed(
        Float64Array.from(slope, (_own, l) => (l === k ? 1 : 0)),
        i,
        size,
      ),
    ),
  );
  const block = columns.map((column) =>
    Array.from(column.subarray(i * outputs, (i + 1) * outputs), (value) => value * damping),
  );
  const weights = solved(block, Array.from(slope));
  const made = new Float64Array(size);
  columns.forEach((column, k) => column.forEach((value, at) => (made[at]! += weights[k]! * value)));
  return made;
}

/** x with B x = b of a small positive definite B, by elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const n = rows.length;
  for (let pivot = 0; pivot < n; pivot++)
    for (let row = pivot + 1; row < n; row++) {
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column <= n; column++) rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  const x = Array.from({ length: n }, () => 0);
  for (let row = n - 1; row >= 0; row--) {
    const known = x.reduce((sum, value, column) => sum + (column > row ? value * rows[row]![column]! : 0), 0);
    x[row] = (rows[row]![n]! - known) / rows[row]![row]!;
  }
  return x;
}

interface Half {
  /** F with F F' = H, the Hessian of the loss of one example by its scores. [outputs, outputs] */
  readonly factor: Float64Array;
  /** t with F t = dL/df. [outputs] */
  readonly slope: Float64Array;
}

/** Cross-entropy: H = diag p - p p' = D (I - q q') D with D = diag q, q = sqrt p; then t = D^-1 dL/df. Squared error: H = I. */
function halfOf(scores: Float64Array, label: number, loss: InfluenceLoss): Half {
  const { length: count } = scores;
  const slope = Float64Array.from(lossSlope(loss, scores, label));
  const factor = new Float64Array(count * count);
  if (loss === "squared-error") {
    for (let k = 0; k < count; k++) factor[k * count + k] = 1;
    return { factor, slope };
  }
  const roots = softmax(scores).map((chance) => Math.sqrt(Math.max(chance, Number.MIN_VALUE)));
  for (let k = 0; k < count; k++)
    for (let l = 0; l < count; l++) factor[k * count + l] = roots[k]! * ((k === l ? 1 : 0) - roots[k]! * roots[l]!);
  return { factor, slope: slope.map((value, k) => value / roots[k]!) };
}

/** M = damping I + (1/m) F' K F, symmetric whatever rounding left of the kernel. */
function systemOf(kernel: Matrix, halves: readonly Half[], damping: number): DoubleMatrix {
  const m = halves.length;
  const outputs = halves[0]!.slope.length;
  const size = m * outputs;
  const right = timesFactors(doubles(kernel), size, halves);
  const made = zeros(size, size);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < outputs; k++)
      for (let l = 0; l < outputs; l++) {
        const weight = halves[i]!.factor[l * outputs + k]! / m;
        const [to, from] = [(i * outputs + k) * size, (i * outputs + l) * size];
        for (let column = 0; column < size; column++) made.data[to + column]! += weight * right[from + column]!;
      }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const [a, b] = [row * size + column, column * size + row];
      made.data[a] = made.data[b] = (made.data[a]! + made.data[b]!) / 2;
    }
    made.data[row * size + row]! += damping;
  }
  return made;
}

/** A F for rows of m blocks. */
function timesFactors(rows: Float64Array, size: number, halves: readonly Half[]): Float64Array {
  const outputs = halves[0]!.slope.length;
  const made = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += size)
    halves.forEach(({ factor }, j) => {
      const from = start + j * outputs;
      for (let l = 0; l < outputs; l++)
        for (let k = 0; k < outputs; k++) made[from + k]! += rows[from + l]! * factor[l * outputs + k]!;
    });
  return made;
}

const rowsOf = ({ rows, columns, data }: Matrix): Float64Array[] =>
  Array.from({ length: rows }, (_, row) => Float64Array.from(data.subarray(row * columns, (row + 1) * columns)));
