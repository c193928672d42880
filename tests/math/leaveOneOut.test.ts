// Leaving one example out of a kernel ridge regression: against refitting without it, and what is refused.
import { describe, expect, it } from "vitest";
import { leaveOneOut } from "../../src/math/leaveOneOut.ts";
import type { Matrix } from "../../src/math/matrix.ts";
import { gram } from "../../src/math/matrix.ts";
import { ridgeOf } from "../../src/math/ridge.ts";
import { at, noise } from "../helpers/matrices.ts";

const [n, z, outputs] = [40, 15, 3];

/** The kernels among n examples and of z further points with them, from one Gram matrix. */
function kernels(seed: number, features: number): { kernel: Matrix; cross: Matrix } {
  const all = gram(noise(n + z, features, seed));
  const pick = (first: number, rows: number): Matrix => ({
    rows,
    columns: n,
    data: Float64Array.from({ length: rows * n }, (_, cell) => at(all, first + Math.floor(cell / n), cell % n)),
  });
  return { kernel: pick(0, n), cross: pick(n, z) };
}

const kept = (left: number): number[] => Array.from({ length: n }, (_, i) => i).filter((i) => i !== left);
const block = (matrix: Matrix, rows: readonly number[], columns: readonly number[]): Matrix => ({
  rows: rows.length,
  columns: columns.length,
  data: Float64Array.from(rows.flatMap((row) => columns.map((column) => at(matrix, row, column)))),
});
const span = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function refitted(kernel: Matrix, targets: Matrix, cross: Matrix, options: { ridge: number; left: number }): number[] {
  const rest = kept(options.left);
  const alpha = ridgeOf(block(kernel, rest, rest), options.ridge).solve(block(targets, rest, span(outputs)));
  const toRest = block(cross, span(z), rest);
  return span(z * outputs).map((cell) =>
    span(n - 1).reduce((sum, k) => sum + at(toRest, Math.floor(cell / outputs), k) * at(alpha, k, cell % outputs), 0),
  );
}

describe("kernel ridge regression with one left out", () => {
  it.each([
    { features: 5, ridge: 0.1 },
    { features: 60, ridge: 1 },
    { features: 60, ridge: 1e-3 },
  ])("is what each of 40 refits gives, with $features features and ridge $ridge", ({ features, ridge }) => {
    const { kernel, cross } = kernels(features, features);
    const targets = noise(n, outputs, 9);
    const made = leaveOneOut(kernel, { ridge, targets, cross });
    let [most, moved] = [0, 0];
    for (let left = 0; left < n; left++) {
      const truth = refitted(kernel, targets, cross, { ridge, left });
      const found = made.without(left).data;
      truth.forEach((value, cell) => {
        most = Math.max(most, Math.abs(value - found[cell]!));
        moved = Math.max(moved, Math.abs(value - made.predictions.data[cell]!));
      });
    }
    expect(most).toBeLessThan(1e-10);
    expect(moved).toBeGreaterThan(1e-3);
  });

  it("refuses what does not fit", () => {
    const { kernel, cross } = kernels(1, 4);
    const targets = noise(n, outputs, 9);
    expect(() => leaveOneOut(kernel, { ridge: 1, targets: noise(7, 1, 1), cross })).toThrow(
      "The kernel is of 40 examples, but there are targets of 7 and a cross kernel to 40.",
    );
    expect(() => leaveOneOut(kernel, { ridge: -1e6, targets, cross })).toThrow("not positive definite");
    expect(() => leaveOneOut(kernel, { ridge: 1, targets, cross }).without(40)).toThrow(
      "Example 40 cannot be left out of 40.",
    );
  });
});
