// The search for the step size at which an anchor's own score rises by delta, as a question and answer about one eta after another.
import type { StepRule } from "./contracts.ts";

/** An eta that was tried, and by how much the own score's change missed delta. */
interface Trial {
  readonly eta: number;
  readonly miss: number;
}

/**
 * Looks for the eta of an anchor's step; asks for the own score's change at one eta after another. For "own rise" that change
 * is a function of eta that starts at 0 and may turn back: its first rise beyond delta is bracketed from its slope at 0 by
 * doubling, and by golden sections around its peak where doubling leaps over that, and closed in on by the Illinois form of
 * regula falsi, to a thousandth of delta. Returns NaN when no step makes the own score rise by delta.
 */
export function* etaSearch(rule: StepRule, scale: number): Generator<number, number, number> {
  if (rule.rule === "fixed") return rule.eta;
  if (scale === 0) return NaN;
  const { delta } = rule;
  const small = 1e-6 / scale;
  const slope = (yield small) / small;
  if (!(slope > 0)) return NaN;
  function* tried(eta: number): Generator<number, Trial, number> {
    return { eta, miss: (yield eta) - delta };
  }
  const falls = ({ miss }: Trial): boolean => !(miss >= 0 || Math.abs(miss) <= delta / 1000);
  let before: Trial = { eta: 0, miss: -delta };
  let low = before;
  let high = yield* tried(delta / slope);
  for (let round = 0; falls(high); round++) {
    if (round === 20) return NaN;
    if (!(high.miss > low.miss)) {
      const peak = yield* peakOf([before, low, high], tried, falls);
      if (!peak) return NaN;
      [low, high] = [before, peak];
      break;
    }
    [before, low] = [low, high];
    high = yield* tried(high.eta * 2);
  }
  for (let round = 0; round < 40 && Math.abs(high.miss) > delta / 1000; round++) {
    const next = yield* tried(high.eta - (high.miss * (high.eta - low.eta)) / (high.miss - low.miss));
    low = next.miss * high.miss < 0 ? high : { eta: low.eta, miss: low.miss / 2 };
    high = next;
  }
  return Number.isFinite(high.eta) ? high.eta : NaN;
}

/** A trial that reaches delta between three of which the middle one comes closest; undefined where the peak stays below. */
function* peakOf(
  [left, middle, right]: [Trial, Trial, Trial],
  tried: (eta: number) => Generator<number, Trial, number>,
  falls: (trial: Trial) => boolean,
): Generator<number, Trial | undefined, number> {
  const golden = (3 - Math.sqrt(5)) / 2;
  for (let round = 0; round < 16; round++) {
    const [toLeft, toRight] = [middle.eta - left.eta, right.eta - middle.eta];
    const next = yield* tried(middle.eta + golden * (toRight > toLeft ? toRight : -toLeft));
    if (!falls(next)) return next;
    if (next.miss > middle.miss)
      [left, middle, right] = next.eta > middle.eta ? [middle, next, right] : [left, next, middle];
    else if (next.eta > middle.eta) right = next;
    else left = next;
  }
  return undefined;
}
