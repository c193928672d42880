// Symmetric systems in double precision, by ml-matrix: by Cholesky's factors where the matrix is positive definite, else by L and U.
import { CholeskyDecomposition, LuDecomposition, Matrix as Library } from "ml-matrix";
import { checkSymmetric, doubles, symmetrised, type DoubleMatrix, type Matrix } from "./matrix.ts";

export interface SymmetricSolution {
  /** [n, columns of the right sides] */
  readonly solution: DoubleMatrix;
  /** Whether the matrix is positive definite, as a kernel is. */
  readonly isDefinite: boolean;
}

/**
 * A^-1 B for a symmetric A that may be indefinite, such as a kernel with something added that is none.
 * @param matrix A, [n, n] @param sides B, [n, columns]
 * @throws RangeError where A is empty, not symmetric, not finite or singular
 */
export function solveSymmetric(matrix: Matrix, sides: Matrix): SymmetricSolution {
  checkSymmetric(matrix, "The matrix of the system");
  const { rows: n } = matrix;
  const library = Library.from1DArray(n, n, symmetrised(matrix).data);
  const right = Library.from1DArray(sides.rows, sides.columns, doubles(sides));
  const cholesky = new CholeskyDecomposition(library);
  const isDefinite = cholesky.isPositiveDefinite();
  const factored = isDefinite ? cholesky : new LuDecomposition(library);
  if (factored instanceof LuDecomposition && factored.isSingular())
    throw new RangeError(`The system of ${n} equations is singular.`);
  const solution = { rows: n, columns: sides.columns, data: Float64Array.from(factored.solve(right).to1DArray()) };
  return { solution, isDefinite };
}
