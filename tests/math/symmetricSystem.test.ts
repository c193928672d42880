// Symmetric systems, definite and not.
import { describe, expect, it } from "vitest";
import { solveSymmetric } from "../../src/math/symmetricSystem.ts";

const matrix = (n: number, ...data: number[]) => ({ rows: n, columns: data.length / n, data: Float64Array.from(data) });

describe("a symmetric system", () => {
  it.each([
    ["definite", matrix(2, 4, 1, 1, 3), true],
    ["indefinite", matrix(2, 0, 2, 2, 1), false],
  ])("is solved where it is %s", (_, system, isDefinite) => {
    const found = solveSymmetric(system, matrix(2, 1, 5, -2, 7));
    expect(found.isDefinite).toBe(isDefinite);
    const { data } = found.solution;
    for (const [row, wanted] of [
      [0, [1, 5]],
      [1, [-2, 7]],
    ] as const)
      for (const column of [0, 1])
        expect(system.data[2 * row]! * data[column]! + system.data[2 * row + 1]! * data[2 + column]!).toBeCloseTo(
          wanted[column]!,
          12,
        );
  });

  it("is refused where it is singular or not symmetric", () => {
    expect(() => solveSymmetric(matrix(2, 1, 1, 1, 1), matrix(2, 1, 1))).toThrow(/singular/);
    expect(() => solveSymmetric(matrix(2, 1, 2, 3, 1), matrix(2, 1, 1))).toThrow(/not symmetric/);
  });
});
