// A framed part of the page: its question in the header, its controls beside it.
import type { ReactNode } from "react";
import classes from "./Panel.module.css";

export interface PanelProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly controls?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Panel({ title, note, controls, children, className = "" }: PanelProps) {
  return (
    <section className={`${classes.panel} ${className}`} aria-label={title}>
      <header className={classes.header}>
        <h2 className={classes.title}>{title}</h2>
        {note !== undefined && <span className={classes.note}>{note}</span>}
        {controls !== undefined && <div className={classes.controls}>{controls}</div>}
      </header>
      <div className={classes.body}>{children}</div>
    </section>
  );
}
