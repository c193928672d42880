// Kernel ridge regression in double precision, by ml-matrix: a symmetric positive definite system, factored once.
import { CholeskyDecomposition, Matrix as Library } from "ml-matrix";
import { checkSymmetric, doubles, type DoubleMatrix, type Matrix } from "./matrix.ts";

export interface Ridge {
  /** alpha = (K + ridge I)^-1 Y, [n, outputs]; the regression at a point is k(point, .) alpha. */
  solve(targets: Matrix): DoubleMatrix;
  /** (K + ridge I)^-1. [n, n] */
  inverse(): DoubleMatrix;
}

/**
 * @param kernel [n, n], symmetric
 * @param ridge added to its diagonal as it is, whatever n
 * @throws RangeError where the kernel is empty, not square, not symmetric or not finite, or K + ridge I is not positive definite
 */
export function ridgeOf(kernel: Matrix, ridge: number): Ridge {
  checkSymmetric(kernel, "The kernel");
  const { rows: n } = kernel;
  const matrix = Library.from1DArray(n, n, doubles(kernel)).add(Library.eye(n).mul(ridge));
  const factored = new CholeskyDecomposition(matrix);
  if (!factored.isPositiveDefinite())
    throw new RangeError(
      `The kernel of ${n} examples plus a ridge of ${ridge} is not positive definite; choose a larger ridge.`,
    );
  const solved = (targets: Library): DoubleMatrix => ({
    rows: targets.rows,
    columns: targets.columns,
    data: Float64Array.from(factored.solve(targets).to1DArray()),
  });
  return {
    solve: (targets) => solved(Library.from1DArray(targets.rows, targets.columns, doubles(targets))),
    inverse: () => solved(Library.eye(n)),
  };
}
