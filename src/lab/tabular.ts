// A study's table as text: tidy CSV, Markdown and LaTeX.
import { csvFormatRows } from "d3-dsv";
import type { StudyTable } from "./study.ts";

export const csvOfTable = ({ columns, rows }: StudyTable): string =>
  `${csvFormatRows([columns, ...rows].map((row) => row.map(String)))}\n`;

/** At most four significant digits: for reading, not for computing. */
const brief = (value: string | number): string =>
  typeof value === "number" ? String(Number(value.toPrecision(4))) : value;

export function markdownOfTable({ title, columns, rows }: StudyTable): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => brief(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [`**${title}**`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line), ""].join("\n");
}

const marks = /[&%$#_{}]/g;
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\textbackslash ")
    .replaceAll(marks, (mark) => `\\${mark}`)
    .replaceAll("ℓ", "\\ensuremath{\\ell}");

/** For the package booktabs. */
export function latexOfTable({ title, columns, rows }: StudyTable): string {
  const line = (cells: readonly (string | number)[]): string =>
    `    ${cells.map((cell) => escaped(brief(cell))).join(" & ")} \\\\`;
  const isNumeric = columns.map((_, at) => rows.every((row) => row[at] === "" || typeof row[at] === "number"));
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${escaped(title)}}`,
    `  \\begin{tabular}{${isNumeric.map((numeric) => (numeric ? "r" : "l")).join("")}}`,
    "    \\toprule",
    line(columns),
    "    \\midrule",
    ...rows.map(line),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}
