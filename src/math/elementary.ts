// exp, expm1 and log out of sums and products alone: engines of different age round the built-in ones differently in the last
// digit, and the same experiment is to give the same bytes in a browser and on the command line.

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x, to about one unit in the last place. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const power = Math.round(x / Math.LN2);
  const rest = x - power * ln2High - power * ln2Low;
  // In two steps: 2^power alone may be beyond the largest or below the smallest number.
  const half = Math.trunc(power / 2);
  return (1 + series(rest)) * 2 ** half * 2 ** (power - half);
}

/** e^x - 1, also where it is small. */
export const expm1 = (x: number): number => (Math.abs(x) < 0.5 ? series(x) : exp(x) - 1);

/** x + x^2/2! + x^3/3! + ..., for |x| up to 1/2. */
function series(x: number): number {
  let sum = 1;
  for (let term = 16; term > 1; term--) sum = 1 + (x / term) * sum;
  return x * sum;
}

/** The natural logarithm, to about one unit in the last place; NaN below 0. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x === Infinity ? Infinity : NaN;
  let power = 0;
  let rest = x;
  while (rest > Math.SQRT2) [rest, power] = [rest / 2, power + 1];
  while (rest < Math.SQRT1_2) [rest, power] = [rest * 2, power - 1];
  // log r = 2 artanh s, s = (r - 1) / (r + 1), |s| < 0.172.
  const s = (rest - 1) / (rest + 1);
  let sum = 0;
  for (let term = 23; term > 1; term -= 2) sum = s * s * (1 / term + sum);
  return power * ln2High + (2 * s * (1 + sum) + power * ln2Low);
}
