// How far two arrays of numbers are apart.

/** 2-norm of the difference over that of the truth; the plain norm where the truth is zero. NaN counts as infinitely far. */
export function relativeError(value: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (value.length !== truth.length) throw new RangeError(`${value.length} values to compare with ${truth.length}`);
  let [miss, whole] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    miss += (value[at]! - truth[at]!) ** 2;
    whole += truth[at]! ** 2;
  }
  const error = whole > 0 ? Math.sqrt(miss / whole) : Math.sqrt(miss);
  return Number.isNaN(error) ? Infinity : error;
}

/** Central finite difference of a scalar function by each of its inputs. */
export function finiteDifferences(of: (x: Float64Array) => number, x: ArrayLike<number>, width = 1e-5): Float64Array {
  return Float64Array.from({ length: x.length }, (_, at) => {
    const [high, low] = [Float64Array.from(x), Float64Array.from(x)];
    high[at]! += width;
    low[at]! -= width;
    return (of(high) - of(low)) / (high[at]! - low[at]!);
  });
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};
