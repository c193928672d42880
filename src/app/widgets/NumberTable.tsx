// A table of numbers: names on the left, numbers flush right; rows or cells with `data-main` stand out.
import type { ReactNode } from "react";
import classes from "./NumberTable.module.css";

export interface NumberTableProps {
  /** Ruled: a line below each row, for cells of several lines. Dense: for many rows. */
  readonly look?: "plain" | "ruled" | "dense";
  readonly className?: string | undefined;
  /** caption, thead and tbody */
  readonly children: ReactNode;
}

export function NumberTable({ look = "plain", className = "", children }: NumberTableProps) {
  return (
    <table className={`${classes.table} ${className}`} data-look={look}>
      {children}
    </table>
  );
}
