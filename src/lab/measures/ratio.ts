// What the measures share: the score of the anchor's own class, and the line under which an anchor's own change is no change.
import type { Matrix, Response } from "../contracts.ts";

/**
 * The carried change is good to about 1e-5 of its own 2-norm over outputs in single precision on every backend (measured
 * against double precision by the tests). Below that line the change of a single score is rounding, not a number to divide by.
 */
export const roundingShare = 1e-5;

/** One number per anchor; NaN marks a row that is not measurable. [anchor] */
export function perAnchor(r: Response, of: (row: number, label: number) => number): Float64Array {
  return Float64Array.from(r.anchorLabels, (label, row) => {
    const value = of(row, label);
    return measurable(r, row, label) && Number.isFinite(value) && value !== 0 ? value : NaN;
  });
}

/** One number per anchor and probe, from the anchor's label. [anchor, probe] */
export function perCell(r: Response, of: (row: number, probe: number, label: number) => number): Matrix {
  const columns = r.before.rows;
  const data = new Float32Array(r.anchorLabels.length * columns);
  r.anchorLabels.forEach((label, row) => {
    for (let probe = 0; probe < columns; probe++) data[row * columns + probe] = of(row, probe, label);
  });
  return { rows: r.anchorLabels.length, columns, data };
}

function measurable(r: Response, row: number, label: number): boolean {
  const change = anchorChange(r, row);
  const norm = Math.hypot(...change);
  return Number.isFinite(norm) && Math.abs(change[label]!) > roundingShare * norm;
}

export const anchorChange = (r: Response, row: number): ArrayLike<number> & Iterable<number> =>
  r.anchorChange.data.subarray(row * r.before.columns, (row + 1) * r.before.columns);

/** All outputs' change at one probe. [output] */
export function probeChange(r: Response, row: number, probe: number): Float32Array | Float64Array {
  const start = row * r.change.columns + probe * r.before.columns;
  return r.change.data.subarray(start, start + r.before.columns);
}

/** The element [row, column] of a matrix. */
export const entry = (m: Matrix, row: number, column: number): number => m.data[row * m.columns + column]!;
