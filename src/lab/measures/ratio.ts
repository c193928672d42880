// What the measures share: the score of the anchor's own class, and the line under which an anchor's own change is no change.
import { ownOutput, type Matrix, type Response } from "../contracts.ts";

/**
 * One number per anchor; NaN marks a row that is not measurable: the change that it is made of, by default that of the own
 * score, is no larger than the bound on its rounding error. [anchor]
 */
export function perAnchor(
  r: Response,
  of: (row: number, output: number) => number,
  size: (row: number, output: number) => number = (row, output) => Math.abs(anchorChange(r, row)[output]!),
): Float64Array {
  return Float64Array.from(r.anchorLabels, (label, row) => {
    const output = ownOutput(label, r.before.columns);
    const value = of(row, output);
    return size(row, output) > r.anchorRounding[row]! && Number.isFinite(value) && value !== 0 ? value : NaN;
  });
}

/** One number per anchor and probe, from the anchor's own output. [anchor, probe] */
export function perCell(r: Response, of: (row: number, probe: number, output: number) => number): Matrix {
  const columns = r.before.rows;
  const data = new Float32Array(r.anchorLabels.length * columns);
  r.anchorLabels.forEach((label, row) => {
    const output = ownOutput(label, r.before.columns);
    for (let probe = 0; probe < columns; probe++) data[row * columns + probe] = of(row, probe, output);
  });
  return { rows: r.anchorLabels.length, columns, data };
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
