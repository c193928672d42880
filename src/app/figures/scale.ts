// Numbers on axes and in cells: nice ticks, limits, how a number is written, and where points are spread.
import type { Axis, ColourScale, Tick } from "./figure.ts";

/** The nicest step (1, 2, 2.5 or 5 times a power of ten) that makes about `tickCount` intervals. */
function niceStep(span: number, tickCount: number): number {
  const rough = span / tickCount;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999_999)!;
  return factor * power;
}

const decimalsOf = (step: number): number => {
  const decimals = [0, 1, 2, 3, 4, 5, 6, 7, 8].find(
    (each) => Math.abs(step * 10 ** each - Math.round(step * 10 ** each)) < 1e-6,
  );
  return decimals ?? 9;
};

/** With a true minus sign; tiny and huge steps in powers of ten. */
function tickText(at: number, step: number): string {
  if (at === 0) return "0";
  if (step < 1e-5 || Math.abs(at) >= 1e6) return minus(Number(at.toPrecision(3)).toExponential());
  return minus(at.toFixed(decimalsOf(step)));
}

export const minus = (text: string): string => text.replaceAll("-", "−");

/** Multiples of a nice step within [low, high]. */
export function niceTicks(low: number, high: number, tickCount: number): Tick[] {
  if (!(high > low)) return [{ at: low, text: tickText(low, 1) }];
  const step = niceStep(high - low, tickCount);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = Number(((first + index) * step).toPrecision(12));
    return { at, text: tickText(at, step) };
  });
}

/** [low, high] widened to multiples of a nice step. */
function niceRange(low: number, high: number, tickCount: number): { low: number; high: number } {
  if (!(high > low)) return { low, high: low + 1 };
  const step = niceStep(high - low, tickCount);
  return {
    low: Number((Math.floor(low / step + 1e-9) * step).toPrecision(12)),
    high: Number((Math.ceil(high / step - 1e-9) * step).toPrecision(12)),
  };
}

/** An axis from nice number to nice number that holds all values; NaN and infinities do not count. */
export function niceAxis(title: string, values: Iterable<number>, { tickCount = 5, fromZero = true } = {}): Axis {
  const finite = [...values].filter(Number.isFinite);
  const low = Math.min(fromZero ? 0 : Infinity, ...finite);
  const high = Math.max(...finite, fromZero ? 0 : -Infinity);
  const range = finite.length === 0 ? { low: 0, high: 1 } : niceRange(low, high > low ? high : low + 1, tickCount);
  return { title, ...range, ticks: niceTicks(range.low, range.high, tickCount) };
}

const superscripts: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((raised, digit) => [String(digit), raised])),
  "-": "⁻",
};

/** "10⁻⁶", "2·10⁻⁶" */
function powerText(digit: number, exponent: number): string {
  const power = `10${[...String(exponent)].map((each) => superscripts[each]).join("")}`;
  return digit === 1 ? power : `${digit}·${power}`;
}

/** Whether every tick can be written out rather than as a power. */
const isPlain = (low: number, high: number): boolean => low >= 0.000_999 && high <= 1001;

/** More lines than this across a panel would be a grey ground. */
const mostDecades = 40;

/**
 * Ticks of a logarithmic axis: all decades, of which about `tickCount` have a text, those alone where there are very many;
 * with 2 and 5 between them where decades are few; nice numbers where there is hardly one.
 */
export function logTicks(low: number, high: number, tickCount = 6): Tick[] {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const decades = last - first;
  const digits = decades <= 2 ? [1, 2, 5] : [1];
  const step = Math.ceil(decades / tickCount - 1e-9);
  const ticks = Array.from({ length: decades + 1 }, (_, index) => first + index).flatMap((exponent) =>
    digits.map((digit) => {
      const at = Number(`${digit}e${exponent}`);
      const text = isPlain(low, high) ? String(at) : powerText(digit, exponent);
      return { at, text: exponent % Math.max(1, step) === 0 ? text : "" };
    }),
  );
  const within = ticks.filter(
    ({ at, text }) => at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9) && (decades <= mostDecades || text !== ""),
  );
  return within.length > 1 ? within : niceTicks(low, high, tickCount);
}

/** A logarithmic axis from tick to tick that holds all values above 0; others do not count. */
export function logAxis(title: string, values: Iterable<number>, { tickCount = 6 } = {}): Axis {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = positive.length === 0 ? [0.1, 10] : [smallest(positive), largest(positive)];
  const isWide = most / least > 100;
  const digits = isWide ? [1] : [1, 2, 5];
  const low = steps(least, digits).findLast((step) => step <= least * (1 + 1e-9))!;
  const reached = steps(most, digits).find((step) => step >= most * (1 - 1e-9))!;
  const high = reached > low ? reached : low * 10;
  return { title, scale: "log", low, high, ticks: logTicks(low, high, tickCount) };
}

const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

/** `digits` times powers of ten, from below a value to above it. */
function steps(value: number, digits: readonly number[]): number[] {
  const exponent = Math.floor(Math.log10(value));
  return [exponent - 1, exponent, exponent + 1].flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)));
}

/** Both axes of a panel of equal scales that holds a cloud at any turn: all that is within `radius` of its middle. */
export function equalAxes(radius: number, [x, y]: readonly [number, number] = [0, 0]): { x: Axis; y: Axis } {
  const around = (middle: number): Axis => ({ title: "", low: middle - radius, high: middle + radius, ticks: [] });
  return { x: around(x), y: around(y) };
}

/** Linear, from 0 to the last epoch; ticks on whole epochs, on the last one too where a step reaches it. */
export function epochAxis(epochs: Iterable<number>): Axis {
  const high = Math.max(1, ...epochs);
  const steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500].filter((step) => high / step <= 8);
  const step = steps.find((each) => high % each === 0 && high / each >= 3) ?? steps[0] ?? high;
  const ticks = Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step);
  return { title: "Epoch", low: 0, high, ticks: ticks.map((at) => ({ at, text: String(at) })) };
}

/** The next number up whose half is short, too: the colour bar has ticks at both. */
function niceLimit(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= size * 0.999_999)!;
  return Number((factor * power).toPrecision(12));
}

/** 0 to 1 whatever the values for unsigned measures; equal limits about 0, without the outermost hundredth, for signed. */
export function colourScale(
  values: Iterable<number>,
  { signed, keptShare = 1 }: { signed: boolean; keptShare?: number },
): ColourScale {
  if (!signed) return { kind: "sequential", low: 0, high: 1 };
  const sizes = Float64Array.from([...values].filter(Number.isFinite).map(Math.abs)).sort();
  const largest = sizes[Math.max(0, Math.ceil(sizes.length * keptShare) - 1)] ?? 0;
  const limit = largest > 0 ? niceLimit(largest) : 1;
  return { kind: "diverging", low: -limit, high: limit };
}

/** Ticks of a colour bar: both limits, and what divides the bar evenly. */
export function colourTicks({ kind, low, high }: ColourScale): Tick[] {
  const count = kind === "diverging" ? 4 : 5;
  const step = (high - low) / count;
  return Array.from({ length: count + 1 }, (_, index) => Number((low + index * step).toPrecision(12))).map((at) => ({
    at,
    text: tickText(at, step),
  }));
}

/** A value of an axis in a sentence, to three digits: "12", "0.35", "2·10⁻⁶". */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) {
    const [digits, exponent] = size.toExponential(2).split("e").map(Number) as [number, number];
    return `${value < 0 ? "−" : ""}${powerText(digits, exponent)}`;
  }
  return minus(String(Number.isInteger(value) ? value : Number(value.toPrecision(3))));
}

/** For cells, hovers and announcements: two decimals, three digits where that would hide the number. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "not measurable";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.005 || size >= 1e4)) return minus(value.toExponential(1).replace("e+", "e"));
  return minus(size >= 99.5 ? value.toFixed(0) : size >= 9.95 ? value.toFixed(1) : value.toFixed(2));
}

/** Where a point sits across its category, in (-1/2, 1/2): evenly spread, the same each time (van der Corput, base 2). */
export function spread(index: number): number {
  let place = 0;
  let weight = 0.5;
  for (let bits = index + 1; bits > 0; bits >>= 1, weight /= 2) place += (bits & 1) * weight;
  return place - 0.5;
}
