// The jackknife (Quenouille; Tukey, 1958): how sure a statistic of a whole sample is, from its values with one member left out.
import { studentT, type Interval } from "./stats.ts";

/**
 * The statistic with its 95 % interval: Student's t times the jackknife standard error, sqrt((n - 1) / n sum of (v_i - mean v)²).
 * NaN where the statistic is so of any of these samples, since it hangs on a single member then.
 * @param value of the whole sample @param leftOut its value without each member in turn; below two, the interval is the value
 */
export function jackknife(value: number, leftOut: readonly number[]): Interval {
  const count = leftOut.length;
  if (Number.isNaN(value) || leftOut.some(Number.isNaN)) return { mean: NaN, low: NaN, high: NaN, count };
  if (count < 2) return { mean: value, low: value, high: value, count };
  const centre = leftOut.reduce((sum, each) => sum + each, 0) / count;
  const squares = leftOut.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const half = studentT(0.975, count - 1) * Math.sqrt(((count - 1) / count) * squares);
  return { mean: value, low: value - half, high: value + half, count };
}
