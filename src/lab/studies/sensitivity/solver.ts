// One positive definite system for many right-hand sides: by Cholesky, or by conjugate gradients, which say how near they came.
import { conjugateGradients } from "../../../math/conjugateGradients.ts";
import type { DoubleMatrix } from "../../../math/matrix.ts";

export interface Solver {
  /** @param less v -> B v, where the matrix is to be taken less B; by conjugate gradients alone */
  solve(right: Float64Array, less?: (v: Float64Array) => Float64Array): Float64Array;
  /** The largest relative residual, and the most products one system took; 0 for both by Cholesky. */
  close(): { readonly residual: number; readonly steps: number };
}

/** @throws RangeError where the system is not positive definite, by Cholesky at once, else when a system is solved */
export async function solverOf(kind: "Cholesky" | "conjugate gradients", system: DoubleMatrix): Promise<Solver> {
  if (kind === "Cholesky") {
    // Its library is for whoever computes, not for the page's first view.
    const { ridgeOf } = await import("../../../math/ridge.ts");
    const made = ridgeOf(system, 0);
    return {
      solve: (right) => made.solve({ rows: right.length, columns: 1, data: right }).data,
      close: () => ({ residual: 0, steps: 0 }),
    };
  }
  let [residual, steps] = [0, 0];
  return {
    solve(right, less) {
      const times = (v: Float64Array): Float64Array => {
        const image = product(system.data, v);
        less?.(v).forEach((value, at) => (image[at]! -= value));
        return image;
      };
      const solved = conjugateGradients(times, right, { tolerance });
      residual = Math.max(residual, solved.residual);
      steps = Math.max(steps, solved.steps);
      return solved.x;
    },
    close: () => ({ residual, steps }),
  };
}

/** Far below what single precision leaves of the weights. */
const tolerance = 1e-9;

/** A v for rows of as many numbers as v has. */
export function product(rows: Float64Array, v: Float64Array): Float64Array {
  const size = v.length;
  const image = new Float64Array(rows.length / size);
  for (let row = 0; row < image.length; row++) {
    let sum = 0;
    for (let column = 0, cell = row * size; column < size; column++, cell++) sum += rows[cell]! * v[column]!;
    image[row] = sum;
  }
  return image;
}
