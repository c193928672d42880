// A figure's rows as a CSV file (RFC 4180, UTF-8, every digit) and the dictionary that says what its columns mean.
import type { Figure, FigureData } from "../figures/figure.ts";

const needsQuotes = /[",\r\n]/;
/** A spreadsheet would take such text for a formula and carry it out. */
const looksLikeFormula = /^[=+\-@\t\r]/;
const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function field(value: string | number): string {
  // The shortest text that reads back as the very same number.
  if (typeof value === "number") return String(value);
  const safe = looksLikeFormula.test(value) && !isNumber.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (values: readonly (string | number)[]): string => `${values.map(field).join(",")}\r\n`;

export const csvOf = ({ columns, rows }: FigureData): string => [columns, ...rows].map(line).join("");

/** Plain text beside the CSV file. */
export function dictionaryOf({ title, caption, data }: Figure): string {
  const { columns, dictionary } = data();
  const width = Math.max(...columns.map((column) => column.length));
  return [
    title,
    "",
    caption,
    "",
    "data.csv holds exactly what the figure shows: one observation a row, UTF-8, comma-separated (RFC 4180), all digits.",
    "",
    ...columns.map((column) => `${column.padEnd(width)}  ${dictionary[column] ?? ""}`),
    "",
  ].join("\n");
}
