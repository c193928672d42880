// The relative ratio of a kernel: how much more alike examples of one class are to it than examples of two.
import { checkSquare, doubles, type Matrix } from "./matrix.ts";

export interface RelativeRatio {
  /** Mean of the normalised kernel over pairs of one class. */
  readonly intra: number;
  /** The same over pairs of two classes. */
  readonly inter: number;
  /** intra / (intra + inter): 1/2 where the kernel knows nothing of the classes. */
  readonly ratio: number;
}

/** Examples along one side of a kernel. */
export interface Side {
  /** Class of each. */
  readonly labels: ArrayLike<number>;
  /** K(x, x) of each. */
  readonly own: ArrayLike<number>;
}

/** What single precision may leave of a normalised kernel above 1. */
const rounding = 1e-3;

/**
 * The strength of local elasticity (Chen, He and Su, NeurIPS 2020, section 4.2): means of K(x, x') / sqrt(K(x, x) K(x', x')) over
 * pairs of one and of two classes. All pairs count, in both orders, an example with itself too, as in the authors' code.
 * @param kernel [rows, columns]
 * @returns NaN throughout where the normalised kernel is no similarity, since some K(x, x) is not above 0 or some
 *   |K(x, x')| / sqrt(K(x, x) K(x', x')) exceeds 1, which no kernel of inner products does; or where there are no pairs of a kind
 * @throws RangeError where a side does not fit the kernel
 */
export function relativeRatio(kernel: Matrix, rows: Side, columns: Side = rows): RelativeRatio {
  for (const [side, count] of [
    [rows, kernel.rows],
    [columns, kernel.columns],
  ] as const)
    if (side.labels.length !== count || side.own.length !== count)
      throw new RangeError(`A side of ${side.labels.length} labels does not fit a kernel of ${count}.`);
  const data = doubles(kernel);
  let largest = 0;
  const sums = [0, 0];
  const counts = [0, 0];
  const lengths = Float64Array.from(columns.own, (own) => (own > 0 ? Math.sqrt(own) : NaN));
  for (let row = 0; row < kernel.rows; row++) {
    const own = rows.own[row]!;
    const length = own > 0 ? Math.sqrt(own) : NaN;
    for (let column = 0; column < kernel.columns; column++) {
      const kind = rows.labels[row] === columns.labels[column] ? 0 : 1;
      const value = data[row * kernel.columns + column]! / length / lengths[column]!;
      largest = Math.max(largest, Math.abs(value));
      sums[kind]! += value;
      counts[kind]! += 1;
    }
  }
  const [intra, inter] = [sums[0]! / counts[0]!, sums[1]! / counts[1]!];
  const ratio = intra / (intra + inter);
  return Number.isNaN(ratio) || !(largest <= 1 + rounding)
    ? { intra: NaN, inter: NaN, ratio: NaN }
    : { intra, inter, ratio };
}

/** K(x, x) of every example. @throws RangeError where the kernel is not square */
export function diagonal(kernel: Matrix): Float64Array {
  checkSquare(kernel, "The kernel");
  return Float64Array.from({ length: kernel.rows }, (_, at) => kernel.data[at * kernel.rows + at]!);
}
