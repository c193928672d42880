// The derivative of a curve at even steps, by the parabola that fits it best in a window around each point (Savitzky and Golay, 1964).

/**
 * Windows that would leave the curve stop at its end, where the parabola is read off its middle. NaN where the window holds a NaN.
 * @param values at even steps @param window points in the window, an odd number of at least 3 and at most all of them
 * @param step between two points @returns the derivative at each point
 * @throws RangeError for another window
 */
export function derivative(values: ArrayLike<number>, window: number, step: number): Float64Array {
  const count = values.length;
  if (!(Number.isInteger(window) && window % 2 === 1 && window >= 3 && window <= count))
    throw new RangeError(
      `A window of ${window} points does not fit a curve of ${count}; take an odd number from 3 up.`,
    );
  const half = (window - 1) / 2;
  // Sums of x² and x⁴ over x = -half .. half.
  let [squares, fourths] = [0, 0];
  for (let x = -half; x <= half; x++) {
    squares += x * x;
    fourths += x ** 4;
  }
  return Float64Array.from({ length: count }, (_, at) => {
    const middle = Math.min(Math.max(at, half), count - 1 - half);
    let [sum, first, second] = [0, 0, 0];
    for (let x = -half; x <= half; x++) {
      const value = values[middle + x]!;
      sum += value;
      first += x * value;
      second += x * x * value;
    }
    const slope = first / squares;
    const curvature = (window * second - squares * sum) / (window * fourths - squares * squares);
    return (slope + 2 * curvature * (at - middle)) / step;
  });
}
