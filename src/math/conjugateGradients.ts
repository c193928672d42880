// The method of conjugate gradients (Hestenes and Stiefel, 1952): a positive definite system solved by products with its matrix.

export interface Solved {
  readonly x: Float64Array;
  /** Products that it took. */
  readonly steps: number;
  /** |b - A x| / |b|, of the x that is returned. */
  readonly residual: number;
}

export interface GradientsOptions {
  /** Ends when the relative residual is no more than this; 1e-10 unless given. */
  readonly tolerance?: number;
  /** Ends after so many products; ten times the length of b unless given. */
  readonly most?: number;
}

/**
 * x with A x = b, from x = 0.
 * @param product v -> A v for a symmetric positive definite A; it may reuse its array
 * @throws RangeError where v' A v is not above 0, for A is not positive definite then, or a number is not finite
 */
export function conjugateGradients(
  product: (v: Float64Array) => Float64Array,
  b: Float64Array,
  { tolerance = 1e-10, most = 10 * b.length }: GradientsOptions = {},
): Solved {
  const x = new Float64Array(b.length);
  const rest = Float64Array.from(b);
  const goal = inner(b, b) * tolerance ** 2;
  let direction = Float64Array.from(b);
  let square = inner(rest, rest);
  let steps = 0;
  while (square > goal && steps < most) {
    const image = product(direction);
    const curvature = inner(direction, image);
    if (!(curvature > 0 && Number.isFinite(curvature)))
      throw new RangeError(
        `The matrix of a system for conjugate gradients must be positive definite, but v' A v is ${curvature}.`,
      );
    const length = square / curvature;
    for (let at = 0; at < x.length; at++) {
      x[at]! += length * direction[at]!;
      rest[at]! -= length * image[at]!;
    }
    const next = inner(rest, rest);
    direction = direction.map((value, at) => rest[at]! + (next / square) * value);
    square = next;
    steps++;
  }
  return { x, steps, residual: relativeResidual(product, x, b) };
}

/** By a product of its own: what the recurrence believes drifts from it. */
function relativeResidual(product: (v: Float64Array) => Float64Array, x: Float64Array, b: Float64Array): number {
  const size = Math.sqrt(inner(b, b));
  if (size === 0) return 0;
  const image = product(x);
  return Math.sqrt(b.reduce((sum, value, at) => sum + (value - image[at]!) ** 2, 0)) / size;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
