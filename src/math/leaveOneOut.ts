// Kernel ridge regression with one example left out, for every example at once and without refitting: exact, in double precision.
import { checkFinite, doubles, zeros, type DoubleMatrix, type Matrix } from "./matrix.ts";
import { ridgeOf } from "./ridge.ts";

export interface LeaveOneOut {
  /** f(z) of the regression on all examples. [z, outputs] */
  readonly predictions: DoubleMatrix;
  /** f^{-i}(z): the regression without example i, all else (the ridge, too) as it was. [z, outputs] */
  without(example: number): DoubleMatrix;
}

/**
 * With A = K + ridge I and alpha = A^-1 Y,
 *   f(z) = k_z' alpha,   f(z) - f^{-i}(z) = (k_z' A^-1)_i alpha_i / (A^-1)_ii.
 * @param kernel K, symmetric. [n, n]
 * @param options `ridge` is added to the diagonal as it is, with n and with n - 1 examples; `targets` Y [n, outputs]; `cross` k_z' [z, n]
 * @throws RangeError where shapes do not fit, a number is not finite, or K + ridge I is not positive definite
 */
export function leaveOneOut(
  kernel: Matrix,
  { ridge, targets, cross }: { readonly ridge: number; readonly targets: Matrix; readonly cross: Matrix },
): LeaveOneOut {
  const { rows: n } = kernel;
  if (targets.rows !== n || cross.columns !== n)
    throw new RangeError(
      `The kernel is of ${n} examples, but there are targets of ${targets.rows} and a cross kernel to ${cross.columns}.`,
    );
  checkFinite(targets, "The matrix of targets");
  checkFinite(cross, "The cross kernel");
  const made = ridgeOf(kernel, ridge);
  const alpha = made.solve(targets);
  const inverse = made.inverse();
  const { columns: outputs } = targets;
  const predictions = product(cross, alpha);
  const reach = product(cross, inverse);
  return {
    predictions,
    without(example) {
      if (!Number.isInteger(example) || example < 0 || example >= n)
        throw new RangeError(`Example ${example} cannot be left out of ${n}.`);
      const left = zeros(cross.rows, outputs);
      const own = inverse.data[example * n + example]!;
      for (let z = 0; z < cross.rows; z++) {
        const share = reach.data[z * n + example]! / own;
        for (let output = 0; output < outputs; output++)
          left.data[z * outputs + output] =
            predictions.data[z * outputs + output]! - share * alpha.data[example * outputs + output]!;
      }
      return left;
    },
  };
}

/** A B, [rows, columns] from [rows, inner] and [inner, columns]. */
function product(a: Matrix, b: Matrix): DoubleMatrix {
  const [left, right] = [doubles(a), doubles(b)];
  const made = zeros(a.rows, b.columns);
  for (let row = 0; row < a.rows; row++)
    for (let k = 0; k < a.columns; k++) {
      const factor = left[row * a.columns + k]!;
      for (let column = 0; column < b.columns; column++)
        made.data[row * b.columns + column]! += factor * right[k * b.columns + column]!;
    }
  return made;
}
