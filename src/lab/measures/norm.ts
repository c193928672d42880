// Relative similarity on the whole score vector: the 2-norm of its change at the probe over that at the anchor.
import type { Measure } from "../contracts.ts";
import { anchorChange, perAnchor, perCell, probeChange } from "./ratio.ts";

export const norm: Measure = {
  id: "norm",
  title: "Relative similarity, all scores",
  symbol: "‖Δf(p)‖ / ‖Δf(a)‖",
  formula: String.raw`\frac{\lVert f(p;w^+)-f(p;w)\rVert_2}{\lVert f(a;w^+)-f(a;w)\rVert_2}`,
  unit: "ratio",
  signed: false,
  numerator: (r) => perCell(r, (row, probe) => norm2(probeChange(r, row, probe))),
  denominator(r) {
    const size = (row: number): number => norm2(anchorChange(r, row));
    return perAnchor(r, size, size);
  },
};

/** The 2-norm; the built-in one rounds differently from engine to engine. */
function norm2(change: Iterable<number>): number {
  let sum = 0;
  for (const value of change) sum += value * value;
  return Math.sqrt(sum);
}
