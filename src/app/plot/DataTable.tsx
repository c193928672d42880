// The numbers of a figure as a plain table: the alternative for readers who cannot see the picture.
import type { ReactElement } from "react";
import type { Figure } from "../figures/figure.ts";
import { minus } from "../figures/scale.ts";
import style from "../plot.module.css";

/** More rows would only be slow; the file has them all. */
const shownCount = 500;

export function DataTable({ figure }: { readonly figure: Figure }): ReactElement {
  const { columns, rows, dictionary } = figure.data();
  return (
    // A box that scrolls must be reachable by the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={style.tableBox} tabIndex={0} aria-label={`Data of: ${figure.title}`}>
      <table className={style.table}>
        <caption>
          {figure.title}.{" "}
          {rows.length > shownCount ? `The first ${shownCount} of ${rows.length} rows; the CSV file has all.` : ""}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" title={dictionary[column]}>
                {column.replaceAll("_", " ")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownCount).map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={columns[column]} className={typeof value === "number" ? style.number : undefined}>
                  {cellText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Four digits are enough for reading; blank means not measurable. */
function cellText(value: string | number): string {
  if (value === "") return "–";
  if (typeof value === "string") return value;
  return minus(Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));
}
