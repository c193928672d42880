// Tables small enough to compute by hand.
import type { ClassInfo } from "../../src/lab/contracts.ts";
import type { DescribedMeasure } from "../../src/lab/spec.ts";
import { Table, type Block } from "../../src/lab/table.ts";

export const classes: readonly ClassInfo[] = [
  { id: "tiger", title: "tiger", path: ["animal"] },
  { id: "cat", title: "cat", path: ["animal"] },
  { id: "car", title: "car", path: ["vehicle"] },
];

export const measure: DescribedMeasure = {
  id: "relative",
  title: "Relative similarity",
  symbol: "|Δf(p)| / |Δf(a)|",
  formula: "",
  unit: "ratio",
  signed: false,
};
export const signedMeasure: DescribedMeasure = { ...measure, title: "Kernel", symbol: "K", signed: true };

export interface Cells {
  readonly tick?: number;
  readonly epoch?: number;
  readonly anchors: readonly (readonly [id: number, label: number])[];
  readonly probes: readonly (readonly [id: number, label: number])[];
  readonly numerator: readonly (readonly number[])[];
  readonly denominator: readonly number[];
}

export function blockOf({ tick = 0, epoch = 0, anchors, probes, numerator, denominator }: Cells): Block {
  return {
    tick,
    epoch,
    source: "schedule",
    anchors: Int32Array.from(anchors, ([id]) => id),
    probes: Int32Array.from(probes, ([id]) => id),
    anchorLabels: Uint8Array.from(anchors, ([, label]) => label),
    probeLabels: Uint8Array.from(probes, ([, label]) => label),
    stepSize: new Float64Array(anchors.length).fill(0.1),
    ownChange: new Float64Array(anchors.length),
    change: new Float32Array(anchors.length * probes.length),
    before: new Float32Array(probes.length),
    outputCount: 1,
    measures: {
      relative: { numerator: Float32Array.from(numerator.flat()), denominator: Float64Array.from(denominator) },
    },
  };
}

export function tableOf(...blocks: readonly Block[]): Table {
  const table = new Table();
  for (const block of blocks) table.append({ kind: "response", block });
  return table;
}

/**
 * Tigers 0 and 1, cat 2 whose own change is too small; probes tiger 10, tiger 11, cat 12, car 13.
 * Tiger 0: 1/2, 1 | 1/2 | 1/4. Tiger 1: 1/4, 3/4 | 1/4 | 1/4.
 */
export const small = (tick = 0, epoch = 0): Block =>
  blockOf({
    tick,
    epoch,
    anchors: [
      [0, 0],
      [1, 0],
      [2, 1],
    ],
    probes: [
      [10, 0],
      [11, 0],
      [12, 1],
      [13, 2],
    ],
    numerator: [
      [1, 2, 1, 0.5],
      [1, 3, 1, 1],
      [1, 1, 1, 1],
    ],
    denominator: [2, 4, NaN],
  });

/** The value of a column in the tidy row that matches. */
export function cell(
  data: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] },
  where: Readonly<Record<string, string | number>>,
  column: string,
): string | number | undefined {
  const at = (name: string): number => data.columns.indexOf(name);
  const row = data.rows.find((each) => Object.entries(where).every(([name, value]) => each[at(name)] === value));
  return row?.[at(column)];
}

/** What an example is called in figures. */
export const nameOf = (example: number): string => `image ${example}`;
